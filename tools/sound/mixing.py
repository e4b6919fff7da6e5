"""A plan, its lines and sounds -> the film's stems and its mix, at 48 kHz in two channels.

Every line begins with its subtitle, and is spoken faster where the writer's own length left it too
little time. Sounds lie under their scenes and are turned down while somebody speaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ...errors import Span
from ...plan import Plan
from ..cutting.sequence import FilmTimes
from .loudness import limited, mastered
from .pcm import FILM_HZ, Pcm, Samples, at_tempo, read_sound, resampled
from .tracks import Bed, SpokenTrack

# How loud a line is, against full scale, where something of it is heard.
_LINE_RMS = 10 ** (-20 / 20)
_HEARD = 10 ** (-50 / 20)
# A line that is so little too long is left as it is; one is never spoken faster than this.
_LATE_S = 0.06
MOST_TEMPO = 2.0
# How far sounds go down under speech, how long that takes, and how long it takes to come back.
_DUCK_DB = -12.0
_DOWN_S, _UP_S = 0.15, 0.5
# Every sound begins and ends without a click.
_SOFT_S = 0.01


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line in the film: when it begins, and how long it may take."""

    track: SpokenTrack
    start_s: float
    room_s: float

    @property
    def tempo(self) -> float:
        """How many times as fast as it was spoken it is heard."""
        if self.track.seconds <= self.room_s + _LATE_S:
            return 1.0
        return min(MOST_TEMPO, self.track.seconds / max(self.room_s, 1e-3))


class FilmSound(NamedTuple):
    """The sound of a film: mix and stems, each [N, 2] at `FILM_HZ` and under the ceiling."""

    mix: Samples
    dialogue: Samples
    sounds: Samples
    music: Samples


def placed_lines(plan: Plan, times: FilmTimes, tracks: Sequence[SpokenTrack]) -> list[PlacedLine]:
    """Return when each line begins.

    A line that is shown in pieces is heard as one, from its first piece on.
    """
    shown: dict[Span, tuple[float, float]] = {}
    for shot, (start_s, _) in zip(plan.shots, times.shots, strict=True):
        for line in shot.subtitles:
            if line.speaker and line.span is not None:
                begin, end = (float(start_s) + t for t in (line.start_s, line.end_s))
                first, last = shown.get(line.span, (begin, end))
                shown[line.span] = (min(first, begin), max(last, end))
    return [
        PlacedLine(track, shown[track.span][0], shown[track.span][1] - shown[track.span][0])
        for track in tracks
        if track.span in shown
    ]


def mixed(
    plan: Plan,
    times: FilmTimes,
    tracks: Sequence[SpokenTrack],
    beds: Sequence[Bed],
) -> FilmSound:
    """Return the sound of a film.

    Raises:
        SoundError: a file cannot be read.
    """
    length = round(times.end_s * FILM_HZ)
    lines = placed_lines(plan, times, tracks)
    dialogue = np.zeros(length, np.float32)
    spans: list[tuple[float, float]] = []
    for line in lines:
        sound = _line(line)
        _add(dialogue, sound, round(line.start_s * FILM_HZ))
        spans.append((line.start_s, line.start_s + len(sound) / FILM_HZ))
    voices = np.repeat(dialogue[:, None], 2, axis=1)
    sounds, music = (np.zeros((length, 2), np.float32) for _ in range(2))
    for bed in beds:
        for start_s, end_s in _stretches(plan, times, bed):
            under = music if bed.music else sounds
            _add(under, _bed(bed, end_s - start_s), round(start_s * FILM_HZ))
    for under in (sounds, music):
        under *= _ducking(spans, length)[:, None]
    mix, gain_db = mastered(voices + sounds + music)
    gain = np.float32(10 ** (gain_db / 20))
    return FilmSound(mix, *(limited(stem * gain) for stem in (voices, sounds, music)))


def _line(line: PlacedLine) -> Samples:
    """Return a line's sound [N] at the film's rate, as long and as loud as it is heard."""
    sound = Pcm(read_sound(line.track.path, channels=1), FILM_HZ)
    if line.tempo > 1.0:
        sound = resampled(at_tempo(sound, line.tempo), FILM_HZ)
    heard = sound.samples[np.abs(sound.samples) > _HEARD]
    level = float(np.sqrt(np.mean(np.square(heard)))) if len(heard) else 1.0
    gain = _LINE_RMS / level * 10 ** (line.track.gain_db / 20)
    return _softened(sound.samples * np.float32(gain), _SOFT_S)


def _stretches(plan: Plan, times: FilmTimes, bed: Bed) -> Iterator[tuple[float, float]]:
    """Yield from when to when a sound is heard, in seconds of the film; its shots are in a row."""
    under = [n for n, shot in enumerate(plan.shots) if shot.id in bed.shots]
    if not under:
        return
    first, last = under[0], under[-1]
    begins_s = Fraction(0) if bed.opens and first == 0 else times.shots[first][0]
    ends = bed.music and last == len(plan.shots) - 1
    start_s = float(begins_s) + bed.start_s
    end_s = float(times.end_s if ends else times.shots[last][1])
    if start_s < end_s:
        yield start_s, end_s


def _bed(bed: Bed, length_s: float) -> Samples:
    """Return a sound [N, 2] as it is heard for so long at most."""
    samples = read_sound(bed.path, channels=2)
    length = round(length_s * FILM_HZ)
    if bed.loop:
        samples = np.tile(samples, (-(-length // len(samples)), 1))
    heard = samples[:length] * np.float32(10 ** (bed.gain_db / 20))
    return _softened(heard, max(_SOFT_S, bed.fade_s))


def _softened(samples: Samples, fade_s: float) -> Samples:
    """Return a sound that comes and goes within a time."""
    count = min(len(samples) // 2, round(fade_s * FILM_HZ))
    if not count:
        return samples
    made = samples.copy()
    ramp = np.linspace(0, 1, count, endpoint=False, dtype=np.float32)
    ramp = ramp if samples.ndim == 1 else ramp[:, None]
    made[:count] *= ramp
    made[-count:] *= ramp[::-1]
    return made


def _ducking(spans: Sequence[tuple[float, float]], length: int) -> Samples:
    """Return by how much sounds are turned down [N]: less while somebody speaks."""
    down = 10 ** (_DUCK_DB / 20)
    gain = np.ones(length, np.float32)
    for start_s, end_s in spans:
        times = (start_s - _DOWN_S, start_s, end_s, end_s + _UP_S)
        first = max(0, round(times[0] * FILM_HZ))
        last = min(length, round(times[-1] * FILM_HZ))
        if first < last:
            at = np.arange(first, last) / FILM_HZ
            here = np.interp(at, times, (1.0, down, down, 1.0)).astype(np.float32)
            gain[first:last] = np.minimum(gain[first:last], here)
    return gain


def _add(onto: Samples, samples: Samples, at: int) -> None:
    """Add a sound to another from a sample on; what is beyond its end is left out."""
    at = max(0, at)
    end = min(len(onto), at + len(samples))
    if at < end:
        onto[at:end] += samples[: end - at]
