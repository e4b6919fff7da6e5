"""Sound files <-> samples: any file that FFmpeg reads, by PyAV; WAV out, by the standard library.

Samples are float32 in -1..1, [N] for one channel and [N, 2] for two. A film is mixed at
`FILM_HZ`.
"""

from __future__ import annotations

import wave
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from ...errors import SoundError, why_not_written

Samples = NDArray[np.float32]

FILM_HZ = 48_000
# What is softer than this, against full scale, counts as silence before and after a line.
_SILENCE = 10 ** (-50 / 20)
# What is left of the silence on either side, so that no consonant is cut.
_MARGIN_S = 0.02
_LARGEST = 32767


class Pcm(NamedTuple):
    """Sound of one channel. samples: [N] float32 in -1..1; rate_hz: samples a second."""

    samples: Samples
    rate_hz: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate_hz


def read_sound(path: Path, *, channels: int, rate_hz: int = FILM_HZ) -> Samples:
    """Return a file's sound, [N] for one channel or [N, 2], at a rate.

    Raises:
        SoundError: the file is missing, or is no sound that FFmpeg reads.
    """
    layout = {1: "mono", 2: "stereo"}[channels]
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise SoundError(f"cannot read {path}: there is no sound in it")
            resampler = av.AudioResampler(format="flt", layout=layout, rate=rate_hz)
            parts = [
                piece.to_ndarray().reshape(-1, channels)
                for frame in container.decode(container.streams.audio[0])
                for piece in resampler.resample(frame)
            ]
            rest = resampler.resample(None)
            parts += [piece.to_ndarray().reshape(-1, channels) for piece in rest]
    except (OSError, av.error.FFmpegError) as error:
        raise SoundError(f"cannot read {path}: {error.strerror or error}") from error
    samples = np.concatenate(parts) if parts else np.zeros((0, channels), np.float32)
    if not len(samples):
        raise SoundError(f"cannot read {path}: it holds no sound")
    samples = samples.astype(np.float32, copy=False)
    return samples[:, 0] if channels == 1 else samples


def check_sound(path: Path) -> None:
    """Raise SoundError where nothing can be heard of a file."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise SoundError(f"cannot read {path.name}: there is no sound in it")
            next(container.decode(container.streams.audio[0]))
    except StopIteration:
        raise SoundError(f"cannot read {path.name}: it holds no sound") from None
    except (OSError, av.error.FFmpegError) as error:
        raise SoundError(f"cannot read {path.name}: {error.strerror or error}") from error


def write_wav(path: Path, samples: Samples, rate_hz: int = FILM_HZ) -> None:
    """Write samples [N] or [N, channels] as 16-bit WAV; what is beyond -1..1 is clipped.

    Raises:
        SoundError: the file cannot be written.
    """
    whole = np.clip(np.rint(samples * _LARGEST), -_LARGEST - 1, _LARGEST).astype("<i2")
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(whole.tobytes())
    except OSError as error:
        raise SoundError(f"cannot write {path}: {why_not_written(error)}") from error


def resampled(sound: Pcm, rate_hz: int) -> Pcm:
    """Return a sound at another rate, equally high and long."""
    if sound.rate_hz == rate_hz or not len(sound.samples):
        return Pcm(sound.samples, rate_hz)
    frame = av.AudioFrame.from_ndarray(sound.samples[None, :], format="flt", layout="mono")
    frame.sample_rate = sound.rate_hz
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate_hz)
    pieces = [*resampler.resample(frame), *resampler.resample(None)]
    return Pcm(np.concatenate([piece.to_ndarray().reshape(-1) for piece in pieces]), rate_hz)


def at_tempo(sound: Pcm, tempo: float) -> Pcm:
    """Return a sound so many times as fast, 0.5..2, equally high (FFmpeg's atempo, a WSOLA)."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=sound.rate_hz, format="flt", layout="mono")
    stretch = graph.add("atempo", f"{tempo:.6f}")
    sink = graph.add("abuffersink")
    source.link_to(stretch)
    stretch.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(sound.samples[None, :]), format="flt", layout="mono"
    )
    frame.sample_rate = sound.rate_hz
    source.push(frame)
    source.push(None)
    parts: list[Samples] = []
    while True:
        try:
            piece = sink.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            break
        assert isinstance(piece, av.AudioFrame)  # what an audio sink gives
        parts.append(piece.to_ndarray().reshape(-1).astype(np.float32))
    return Pcm(np.concatenate(parts) if parts else sound.samples[:0], sound.rate_hz)


def trimmed(sound: Pcm) -> Pcm:
    """Return a sound without the silence before and after it."""
    loud = np.flatnonzero(np.abs(sound.samples) > _SILENCE)
    if not len(loud):
        return Pcm(sound.samples[:0], sound.rate_hz)
    margin = round(_MARGIN_S * sound.rate_hz)
    return Pcm(sound.samples[max(0, loud[0] - margin) : loud[-1] + margin], sound.rate_hz)
