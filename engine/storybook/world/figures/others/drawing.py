"""A kind, its colour and a pose -> shapes on a pen, or a map of the parts of its figure.

As with people, which shapes there are does not depend on the colours that words name: shapes are
learnt apart from colours, and `others_palette` fills them in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ...others import paint_of
from ..builds import Paint
from ..faces import INK, WHITE
from ..pen import Pen
from ..pose import Pose
from .beasts import (
    BEAK,
    HORN,
    MOUTH,
    TONGUE,
    draw_bird,
    draw_dragon,
    draw_fish,
    draw_horse,
    draw_snake,
)
from .beings import LAMP, METAL, METAL_SHADE, SCREEN, draw_ghost, draw_monster, draw_robot
from .things import (
    GLASS,
    HUB,
    LIGHT,
    PAPER,
    STICK,
    TYRE,
    draw_ball,
    draw_book,
    draw_box,
    draw_car,
    draw_chair,
    draw_letter,
    draw_umbrella,
)

DRAWINGS: dict[str, Callable[[Pen, Paint, Pose], None]] = {
    "robot": draw_robot, "monster": draw_monster, "ghost": draw_ghost, "dragon": draw_dragon,
    "horse": draw_horse, "bird": draw_bird, "fish": draw_fish, "snake": draw_snake,
    "car": draw_car, "chair": draw_chair, "ball": draw_ball, "book": draw_book,
    "letter": draw_letter, "umbrella": draw_umbrella, "box": draw_box,
}  # fmt: skip

# Where a drawing has its middle, and how much smaller it is made, so that it stands about x = 0
# and stays in its canvas in whatever it does.
_FITS: dict[str, tuple[float, float]] = {
    "dragon": (-4.8, 0.78), "horse": (8.0, 1.0), "bird": (-4.8, 0.9), "fish": (-4.5, 1.0),
    "snake": (3.8, 0.9), "box": (3.5, 1.0), "book": (2.2, 1.0), "chair": (1.2, 1.0),
}  # fmt: skip

HIGH, WIDE = 72, 96  # cells of a canvas, two units each
WINDOW = (0.0, 32.0, 96.0, 72.0)  # what it shows: middle x and y, half width and half height

# Figures are drawn in these colours, in which no two parts are alike.
_MODEL = Paint("#010101", "#020202", "#030303", "#040404")
_CONSTANT = tuple(
    dict.fromkeys(
        (WHITE, INK, HORN, MOUTH, TONGUE, BEAK, METAL, METAL_SHADE, LAMP, SCREEN, TYRE, HUB, GLASS,
         LIGHT, PAPER, STICK)
    )
)  # fmt: skip
COUNT = 1 + 4 + len(_CONSTANT)  # part 0 is where nothing is


def draw_other(pen: Pen, character: str, colour: str, pose: Pose) -> None:
    """Draw a figure facing right, what it stands on at y = 100."""
    DRAWINGS[character](_fitted(pen, character), paint_of(character, colour), pose)


def draw_other_parts(character: str, pose: Pose) -> NDArray[np.uint8]:
    """The parts of an upright figure that faces right, [HIGH, WIDE], 0 where nothing is."""
    x, y, half_x, half_y = WINDOW
    image = Image.new("L", (WIDE, HIGH))
    across, down = WIDE / (2 * half_x), HIGH / (2 * half_y)
    axes = (across, 0.0, (half_x - x) * across, 0.0, down, (half_y - y) * down)
    upright = replace(pose, angle=0, turn=1.0, stretch=1.0)
    pen = _fitted(Pen(ImageDraw.Draw(image), axes, _as_part), character)
    DRAWINGS[character](pen, _MODEL, upright)
    return np.asarray(image)


def _fitted(pen: Pen, character: str) -> Pen:
    middle, scale = _FITS.get(character, (0.0, 1.0))
    return pen.moved(-middle * scale, 100 * (1 - scale), 0, scale)


def others_palette(character: str, colour: str) -> NDArray[np.uint8]:
    """The colours of all parts, [COUNT, 3]."""
    paint = paint_of(character, colour)
    shown = ("#000000", paint.coat, paint.shade, paint.light, paint.accent, *_CONSTANT)
    return np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in shown], np.uint8)


@lru_cache(maxsize=64)
def _as_part(colour: str) -> str:
    """Turn a colour of the model's into the grey of its part's number."""
    named = (_MODEL.coat, _MODEL.shade, _MODEL.light, _MODEL.accent, *_CONSTANT)
    return "#" + f"{1 + named.index(colour):02X}" * 3
