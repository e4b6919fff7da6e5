"""A mix -> the mix as loud as films on the web are, and as high as players bear.

Loudness is that of ITU-R BS.1770-4 and EBU R 128, by pyloudnorm; the true peak is looked for at
four times the rate, as BS.1770-4's annex 2 has it.
"""

from __future__ import annotations

import math

import numpy as np
import pyloudnorm
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import resample_poly

from .pcm import FILM_HZ, Samples

AIM_LUFS = -16.0
# Half a decibel under the -1 dBTP that is promised: an encoder's waves go a little higher.
_CEILING = 10 ** (-1.5 / 20)
_OVERSAMPLED = 4
_WINDOW_S = 0.005
_SHORTEST_S = 0.5
# Nothing is made louder than this: what is nearly silent shall not become noise.
_MOST_GAIN_DB = 40.0
_WITHIN_LU = 0.1


def loudness_lufs(mix: Samples) -> float:
    """Return the integrated loudness of a film's sound [N, 2]; -inf where nothing is heard."""
    if len(mix) < _SHORTEST_S * FILM_HZ:
        return -math.inf
    return float(pyloudnorm.Meter(FILM_HZ).integrated_loudness(mix.astype(np.float64)))


def true_peak_db(mix: Samples) -> float:
    """Return the true peak of a film's sound [N, 2] in dBTP; -inf for silence."""
    peak = float(_peaks(mix).max(initial=0.0))
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def mastered(mix: Samples) -> tuple[Samples, float]:
    """Return a mix [N, 2] at the aimed loudness and under the ceiling, and its gain in decibels.

    What is silent, or shorter than loudness can be measured of, only comes under the ceiling.
    """
    gain_db = 0.0
    made = mix
    for _ in range(4):  # the limiter takes a little loudness away, which is then given back
        loudness = loudness_lufs(made)
        if not math.isfinite(loudness) or abs(AIM_LUFS - loudness) < _WITHIN_LU:
            break
        gain_db = min(_MOST_GAIN_DB, gain_db + AIM_LUFS - loudness)
        made = limited(mix * np.float32(10 ** (gain_db / 20)))
    return limited(made), gain_db


def limited(mix: Samples) -> Samples:
    """Return a sound [N, 2] whose peaks are turned down to the ceiling, smoothly."""
    peaks = _peaks(mix)
    if not len(peaks) or peaks.max() <= _CEILING:
        return mix
    wanted = np.minimum(1.0, _CEILING / np.maximum(peaks, 1e-9))
    window = 2 * round(_WINDOW_S * FILM_HZ) + 1
    # The least of a window, then the mean of a window: nowhere more than what was wanted.
    gain = uniform_filter1d(minimum_filter1d(wanted, 2 * window - 1, mode="nearest"), window)
    made: Samples = (mix * gain[:, None]).astype(np.float32)
    return made


def _peaks(mix: Samples) -> Samples:
    """Return the true peak around each sample [N] of a sound [N, 2]."""
    if not len(mix):
        return np.zeros(0, np.float32)
    found: Samples = np.abs(mix).max(axis=1)
    loud = found > _CEILING / 4
    if not loud.any():
        return found
    between = np.abs(resample_poly(mix, _OVERSAMPLED, 1, axis=0)).max(axis=1)
    higher: Samples = between.reshape(-1, _OVERSAMPLED).max(axis=1).astype(np.float32)
    return np.maximum(found, higher)
