"""Rain or snow and a time -> what falls: a few large, slow drops or flakes before the place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..figures.sprites import Sprite
from ..figures.stamps import place_oval
from ..vocabulary import Light, Weather
from .places import Window

_GOLDEN = 0.618034  # its multiples are spread evenly whatever their number


@dataclass(frozen=True)
class _Fall:
    """What falls: how many, their half size and speed in frame heights, and how they sway."""

    count: int
    half: tuple[float, float]
    speed: float
    sway: float
    colours: dict[Light, str]


_FALLS: dict[Weather, _Fall] = {
    "rain": _Fall(12, (0.017, 0.05), 0.62, 0.0, {"day": "#5F8CC4", "night": "#8FADE6"}),
    "snow": _Fall(14, (0.026, 0.026), 0.15, 0.02, {"day": "#FFFFFF", "night": "#DCE6FA"}),
}


def falling(
    weather: Weather, light: Light, seed: int, time_s: float, size: tuple[int, int], window: Window
) -> Iterator[tuple[Sprite, int, int]]:
    """Yield what falls at a time: sprites and their corners in the part that a camera sees."""
    if weather not in _FALLS:
        return
    fall, (width, height) = _FALLS[weather], size
    left, top, right, bottom = window
    zoom = 1 / (bottom - top)
    for k in range(fall.count):
        start = (k * _GOLDEN + seed * 0.37) % 1.0
        x = (k + 0.5 + 0.5 * math.sin(seed + k)) / fall.count
        x += fall.sway * math.sin(math.tau * (0.3 * time_s + start))
        # A little more than the frame, so that nothing pops up within it.
        y = (start + fall.speed * time_s) % 1.0 * 1.12 - 0.06
        yield place_oval(
            (x - left) * zoom * width,
            (y - top) * zoom * height,
            fall.half[0] * zoom * height,
            fall.half[1] * zoom * height,
            fall.colours[light],
            1.0,
        )
