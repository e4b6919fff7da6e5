"""A path and a duration -> the course of a body: where it is along its way and how high, by keys.

A key stands at every turn of the course, so that straight lines between keys are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..reading.lexicon import Path

# Seconds that one arc takes, and the part of a leap that is spent gathering on the ground.
LEAP_S, _HOP_S = 1.5, 0.75
_GATHER = 0.3
# Somebody who flips gathers, is in the air for about half of the time, and stands: (time, height).
_FLIP = ((0.0, 0.0), (0.2, 0.0), (0.34, 0.75), (0.475, 1.0), (0.61, 0.75), (0.75, 0.0), (1.0, 0.0))
# A flight gathers or settles for this part of its time, and is eased: (time, height) of 1.
_REST = 0.18
_EASED = ((0.0, 0.0), (0.25, 0.156), (0.75, 0.844), (1.0, 1.0))


@dataclass(frozen=True, slots=True)
class PathKey:
    """A key of a course: parts of its time, of its way along, and of its height."""

    time: float
    along: float
    up: float


@dataclass(frozen=True, slots=True)
class PathShape:
    """How a path fills the frame.

    `travel` is the way along that suits it, in frame widths; `lift` the height, in frame
    heights; `wide` and `tall` what the body takes of its standing size; `stretch` is a height
    added for those who stay in one roomy box.
    """

    travel: float = 0.0
    lift: float = 0.0
    wide: float = 1.0
    tall: float = 1.0
    stretch: float = 0.0


MANNERS: dict[Path, PathShape] = {
    "stay": PathShape(),
    "lie": PathShape(wide=1.45, tall=0.70),
    "walk": PathShape(travel=0.40),
    "run": PathShape(travel=0.50),
    "hop": PathShape(travel=0.36, lift=0.12),
    "jump": PathShape(lift=0.18),
    "rise": PathShape(lift=0.36),
    "descend": PathShape(lift=0.36),
    "glide": PathShape(travel=0.45, lift=0.30),
    "turn": PathShape(wide=1.15),
    "flip": PathShape(lift=0.22),
    "roomy": PathShape(wide=1.2, stretch=0.20),
}


@lru_cache(maxsize=1000)  # of everybody, in every shot
def course(path: Path, duration_s: float, *, leap_s: float = LEAP_S) -> tuple[PathKey, ...]:
    """Return the course of a path over a duration, as parts 0..1 of its travel and lift."""
    if path == "jump":
        return _arcs(max(1, round(duration_s / leap_s)), gather=_GATHER, travels=False)
    if path == "hop":
        return _arcs(max(1, round(duration_s / _HOP_S)), gather=0.0, travels=True)
    if path == "flip":
        return tuple(PathKey(time, 0.0, up) for time, up in _FLIP)
    if path == "rise":
        rising = (PathKey(_REST + (1 - _REST) * t, 0.0, up) for t, up in _EASED)
        return (PathKey(0.0, 0.0, 0.0), *rising)
    if path == "descend":
        falling = (PathKey((1 - _REST) * t, 0.0, 1.0 - up) for t, up in _EASED)
        return (*falling, PathKey(1.0, 0.0, 0.0))
    along = 1.0 if path in ("walk", "run", "glide") else 0.0
    up = 1.0 if path == "glide" else 0.0
    return (PathKey(0.0, 0.0, up), PathKey(1.0, along, up))


def leap_over() -> tuple[PathKey, ...]:
    """Return the course of one leap from one side of somebody to the other."""
    return PathKey(0.0, 0.0, 0.0), PathKey(0.5, 0.5, 1.0), PathKey(1.0, 1.0, 0.0)


def _arcs(count: int, *, gather: float, travels: bool) -> tuple[PathKey, ...]:
    steps = [PathKey(0.0, 0.0, 0.0)]
    for arc in range(count):
        top = (arc + (1 + gather) / 2) / count
        marks = ([(arc + gather) / count] if gather else []) + [top, (arc + 1) / count]
        heights = ([0.0] if gather else []) + [1.0, 0.0]
        steps += [PathKey(t, t if travels else 0.0, h) for t, h in zip(marks, heights, strict=True)]
    return tuple(steps)
