"""A place -> a map of its flat parts on a small canvas, and the parts' colours by day and by night.

What is drawn is the same by both lights, in other colours; so shapes are learnt once, and a light
only fills them in. A place is drawn in a few layouts: which one is chosen by whoever films it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..additions import MORE_PLACES, ROOM_IDS
from ..figures.pen import Pen, Point
from ..vocabulary import Light
from .interiors import ROOMS
from .stage import PlaceCanvas, lamplit, tone
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


@lru_cache(maxsize=256)
def _recorded(place: str, layout: int, light: Light) -> tuple[_Shape, ...]:
    recorder = _Recorder()
    toned = (lamplit if place in ROOM_IDS else tone("night", "clear")) if light == "night" else None
    # A pen asks no more of what it draws on than to fill polygons.
    pen = Pen(cast(ImageDraw.ImageDraw, recorder), (HIGH, 0.0, 0.0, 0.0, HIGH, 0.0), toned)
    stage = PlaceCanvas(pen, _ASPECT, random.Random(f"{place}/{layout}"), light)
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


def place_palette(place: str, layout: int, light: Light) -> NDArray[np.uint8]:
    """The colours of a place's parts, [COUNT, 3]; of parts that it has not, black."""
    colours = np.zeros((COUNT, 3), np.uint8)
    for at, pair in enumerate(_pairs(place, layout)):
        shown = pair[light == "night"]
        colours[at] = [int(shown[i : i + 2], 16) for i in (1, 3, 5)]
    return colours
