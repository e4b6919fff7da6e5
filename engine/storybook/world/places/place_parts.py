"""A place -> a map of its flat parts on a small canvas, and their colours by light and weather.

What is drawn is the same by every light, in other colours; so shapes are learnt once, and a light
only fills them in. Under clouds the sun is as grey as the sky that hides it, where the drawn world
has clouds with shapes of their own. A place is drawn in a few layouts: which one is chosen by
whoever films it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..additions import MORE_PLACES, ROOM_IDS
from ..figures.pen import Pen, Point
from ..vocabulary import Light, Weather
from .interiors import ROOMS
from .stage import SKIES, PlaceCanvas, lamplit, tone
from .streets import STREETS

HIGH, WIDE = 64, 96  # cells of a canvas
COUNT = 24  # most parts that a place has
LAYOUTS = 4
PAINTED = tuple(MORE_PLACES)
_ASPECT = 1.5


@dataclass(frozen=True, slots=True)
class _Shape:
    points: tuple[Point, ...]
    colour: str


class _Recorder:
    """Takes polygons down instead of filling them."""

    def __init__(self) -> None:
        self.shapes: list[_Shape] = []

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        self.shapes.append(_Shape(tuple(points), fill))


class _Overcast(PlaceCanvas):
    """A stage on which rain and snow change colours alone."""

    def sun(self, x: float, y: float, radius: float, colour: str) -> None:
        self.bare.oval(x, y, radius, radius, SKIES[self.light, self.weather][0])

    def pane_shape(self, points: Sequence[Point]) -> None:
        self.bare.poly(points, SKIES[self.light, self.weather][0])


@lru_cache(maxsize=256)
def _recorded(
    place: str, layout: int, light: Light, weather: Weather = "clear"
) -> tuple[_Shape, ...]:
    recorder = _Recorder()
    toned = tone(light, weather)
    if place in ROOM_IDS:
        toned = lamplit if light == "night" else None
    # A pen asks no more of what it draws on than to fill polygons.
    pen = Pen(cast(ImageDraw.ImageDraw, recorder), (HIGH, 0.0, 0.0, 0.0, HIGH, 0.0), toned)
    drawn_on = PlaceCanvas if weather == "clear" else _Overcast
    stage = drawn_on(pen, _ASPECT, random.Random(f"{place}/{layout}"), light, weather)
    {**ROOMS, **STREETS}[place](stage)
    return tuple(recorder.shapes)


@lru_cache(maxsize=256)
def _pairs(place: str, layout: int) -> tuple[tuple[str, str], ...]:
    """The colours by day and by night of each part, in the order in which parts appear."""
    shapes = zip(_recorded(place, layout, "day"), _recorded(place, layout, "night"), strict=True)
    return tuple(dict.fromkeys((a.colour, b.colour) for a, b in shapes))


def place_parts(place: str, layout: int) -> NDArray[np.uint8]:
    """The parts of a place, [HIGH, WIDE]."""
    image = Image.new("L", (WIDE, HIGH))
    draw, pairs = ImageDraw.Draw(image), _pairs(place, layout)
    shapes = zip(_recorded(place, layout, "day"), _recorded(place, layout, "night"), strict=True)
    for day, night in shapes:
        draw.polygon(day.points, fill=pairs.index((day.colour, night.colour)))
    return np.asarray(image)


def place_palette(
    place: str, layout: int, light: Light, weather: Weather = "clear"
) -> NDArray[np.uint8]:
    """The colours of a place's parts, [COUNT, 3]; of parts that it has not, black."""
    colours = np.zeros((COUNT, 3), np.uint8)
    for part, shape in _shapes(place, layout, light, weather):
        colours[part] = [int(shape.colour[i : i + 2], 16) for i in (1, 3, 5)]
    return colours


def outside(place: str, layout: int) -> NDArray[np.bool_]:
    """Which parts of a place are under the sky or show it, [COUNT]: panes of rooms, else all."""
    if place not in ROOM_IDS:
        return np.ones(COUNT, np.bool_)
    # A pane alone is grey under clouds: a room has the colours of its lamps in any weather.
    clear, grey = (place_palette(place, layout, "day", w) for w in ("clear", "rain"))
    seen: NDArray[np.bool_] = (clear != grey).any(1)
    return seen


def has_windows(place: str) -> bool:
    """Say whether the weather is seen in a place, however it is laid out."""
    return all(outside(place, layout).any() for layout in range(LAYOUTS))


def _shapes(
    place: str, layout: int, light: Light, weather: Weather
) -> Iterator[tuple[int, _Shape]]:
    """Yield the shapes of a place in a light and a weather, each with its part; first ones last."""
    pairs = _pairs(place, layout)
    alike = zip(
        _recorded(place, layout, "day"), _recorded(place, layout, "night"),
        _recorded(place, layout, light, weather), strict=True,
    )  # fmt: skip
    for day, night, shape in reversed(list(alike)):
        yield pairs.index((day.colour, night.colour)), shape
