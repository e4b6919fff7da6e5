"""Place, light, weather and seed -> RGB background."""

from __future__ import annotations

import random
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..additions import ALL_PLACES, ROOM_IDS
from ..figures.pen import Pen
from ..vocabulary import Light, Weather
from .interiors import ROOMS
from .paper import draw_paper
from .scenery import DRAWINGS as FIRST_DRAWINGS
from .scenery import OWN_NIGHT
from .stage import PlaceCanvas, lamplit, tone
from .streets import STREETS

DRAWINGS = {**FIRST_DRAWINGS, **ROOMS, **STREETS}
_FINER = 3  # drawn this much larger, then reduced
Window = tuple[float, float, float, float]  # left, top, right, bottom as parts of the frame
WHOLE: Window = (0.0, 0.0, 1.0, 1.0)


def draw_place(
    place: str,
    seed: int = 0,
    size: tuple[int, int] = (144, 96),
    *,
    light: Light | None = None,
    weather: Weather = "clear",
) -> NDArray[np.uint8]:
    """The background [height, width, 3] of a known place, or of the words for an unknown one.

    `light` None is the place's own. Rain and snow show in the tones; what falls is drawn by
    `weather`.
    """
    return _background(place, seed, size, light, weather).copy()


def draw_window(
    place: str, seed: int, size: tuple[int, int], light: Light | None, weather: Weather,
    window: Window,
) -> NDArray[np.uint8]:  # fmt: skip
    """The part of a background that a camera sees, [height, width, 3]."""
    if window == WHOLE:
        return _background(place, seed, size, light, weather)
    fine = _fine(place, seed, size, light, weather)
    wide, high = fine.size
    part = (window[0] * wide, window[1] * high, window[2] * wide, window[3] * high)
    return np.asarray(fine.resize(size, Image.Resampling.BOX, box=part))


def draw_plain(description: str, size: tuple[int, int] = (144, 96)) -> NDArray[np.uint8]:
    """A quiet paper stage with a horizon, tinted by the first words that it knows."""
    return draw_place(f"words: {description}", 0, size)


@lru_cache(maxsize=512)
def _background(
    place: str, seed: int, size: tuple[int, int], light: Light | None, weather: Weather
) -> NDArray[np.uint8]:
    fine = _fine(place, seed, size, light, weather)
    pixels = np.asarray(fine.resize(size, Image.Resampling.BOX))
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=8)
def _fine(
    place: str, seed: int, size: tuple[int, int], light: Light | None, weather: Weather
) -> Image.Image:
    width, height = size
    image = Image.new("RGB", (width * _FINER, height * _FINER))
    scale = height * _FINER
    known = ALL_PLACES.get(place)
    lit: Light = light or (known.light if known else "day")
    toned = tone("day" if place in OWN_NIGHT else lit, weather) if known else None
    if place in ROOM_IDS:
        toned = lamplit if lit == "night" else None
    pen = Pen(ImageDraw.Draw(image), (scale, 0.0, 0.0, 0.0, scale, 0.0), toned)
    # Seeded by text, whose hash Python's Random keeps the same between processes; by night and in
    # the rain a place is the same place.
    stage = PlaceCanvas(pen, width / height, random.Random(f"{place}/{seed}"), lit, weather)
    if place in DRAWINGS:
        DRAWINGS[place](stage)
    else:
        draw_paper(stage, place)
    return image
