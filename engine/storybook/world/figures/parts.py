"""A person's look, framing and pose -> a map of parts on a small canvas, and each part's colour.

A flat figure is a few shapes, each filled with one colour. Which shapes there are depends on
everything but the colours that the words name, so shapes are learnt apart from colours: a canvas of
part numbers is drawn here for training, and `palette` fills parts in for a look.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..additions import CROWN, FRAMED, Framing
from ..people import PersonLook, table
from ..vocabulary import Accessory
from .accessories import COLOURS
from .garments import trousers_of
from .pen import Pen
from .people import ASLEEP, LYING_AT, draw_person
from .pose import Pose
from .sprites import FOOT, MIDDLE, PERSON_SIZE, TURN_FLOOR

HIGH, WIDE = 144, 96  # cells of a canvas: in a close-up as fine as the film's pixels
_FINER = 3  # how many times finer parts are drawn
REACH = 1.35  # a canvas reaches this many half sides from a box's centre, as an underpainting's

# Looks are drawn in these colours, in which no two parts are alike.
_MODEL = PersonLook(skin="tan", hair="blond", colour="red", head_colour="green")
_HELD = "yellow"
# What is told by the words, as (part, shade of the part).
_NAMED = ("skin", "hair", "cloth", "head", "legs", "held")
# Colours that are the same on everybody.
_CONSTANT = (
    "#FFFFFF", "#2A2633", "#7A2B35", "#E58A8C", "#B4545A", "#2E2B36", "#F7F4EC", "#D8D2C6",
    "#A9B2C2", "#7E8799", "#D5DBE6", "#E8C766", "#C23B45", "#F2CE5E", "#F4C536", "#CE9916",
    "#D63A45", "#FFF2B0", "#F8F3E6", "#4A4450",
)  # fmt: skip
COUNT = 1 + 2 * len(_NAMED) + len(_CONSTANT)  # part 0 is where nobody is


def window_of(framing: Framing) -> tuple[float, float, float, float]:
    """Return what a canvas shows, in figure units: middle x and y, half width and half height."""
    if framing == "wide":
        (wide, high), low = PERSON_SIZE, FOOT
        wide, top = 100 * wide, FOOT - 100 * high
    else:
        (low, wide), top = FRAMED[framing], CROWN
    return (0.0, (top + low) / 2, wide / 2 * REACH, (low - top) / 2 * REACH)


def draw_parts(look: PersonLook, framing: Framing, pose: Pose, item: str = "") -> NDArray[np.uint8]:
    """The parts of an upright figure that faces right, [HIGH, WIDE], 0 where nobody is.

    How a whole figure is turned, bent over or stretched is no matter of its parts: see `placed`.
    """
    x, y, half_x, half_y = window_of(framing)
    # Lines are whole cells wide, where they are drawn; so they are drawn finer, and each cell has
    # what its middle shows: ink had covered a quarter to two fifths more.
    image = Image.new("L", (WIDE * _FINER, HIGH * _FINER))
    across, down = image.width / (2 * half_x), image.height / (2 * half_y)
    axes = (across, 0.0, (half_x - x) * across, 0.0, down, (half_y - y) * down)
    model = replace(
        look, skin=_MODEL.skin, hair=_MODEL.hair, colour=_MODEL.colour,
        head_colour=_MODEL.head_colour,
    )  # fmt: skip
    pen = Pen(ImageDraw.Draw(image), axes, _as_part)
    upright = replace(ASLEEP if pose.lying else pose, angle=0, turn=1.0, stretch=1.0)
    draw_person(pen, model, upright, Accessory(item, _HELD) if item else None)
    middle = slice(_FINER // 2, None, _FINER)
    return np.asarray(image)[middle, middle].copy()


def placed(lying: bool, angle: float, turn: float, stretch: float) -> NDArray[np.float64]:
    """How a whole figure is turned over, sideways and stretched, [2, 3]: upright units to placed.

    As sprites do it: turned about its middle, then made wide or high about its feet.
    """
    turned = _about((0.0, MIDDLE), angle)
    if lying:
        turned = turned @ _moved(*LYING_AT) @ _about((0.0, 0.0), 90) @ _moved(0, -FOOT)
    narrow = max(TURN_FLOOR, abs(turn)) * (1 if turn >= 0 else -1) / stretch
    scaled = np.array([[narrow, 0, 0], [0, stretch, FOOT * (1 - stretch)], [0, 0, 1]])
    both: NDArray[np.float64] = (scaled @ turned)[:2]
    return both


def _moved(x: float, y: float) -> NDArray[np.float64]:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def _about(point: tuple[float, float], degrees: float) -> NDArray[np.float64]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    about: NDArray[np.float64] = _moved(*point) @ turned @ _moved(-point[0], -point[1])
    return about


def palette(look: PersonLook, wear: Accessory | None) -> NDArray[np.uint8]:
    """The colours of all parts for a look, [COUNT, 3]."""
    t = table()
    held = COLOURS[wear.colour if wear else _HELD]
    colours = [
        *t.skin[look.skin], *t.hair[look.hair], *t.paint[look.colour], *t.paint[look.head_colour],
        *trousers_of(look.colour), *held,
    ]  # fmt: skip
    shown = ["#000000", *colours, *_CONSTANT]
    return np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in shown], np.uint8)


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    t = table()
    named = [
        *t.skin[_MODEL.skin], *t.hair[_MODEL.hair], *t.paint[_MODEL.colour],
        *t.paint[_MODEL.head_colour], *trousers_of(_MODEL.colour), *COLOURS[_HELD],
    ]  # fmt: skip
    numbers = {colour: 1 + at for at, colour in enumerate((*named, *_CONSTANT))}
    assert len(numbers) == COUNT - 1
    return numbers


@lru_cache(maxsize=128)
def _as_part(colour: str) -> str:
    """Turn a colour of the model's into the grey of its part's number."""
    return "#" + f"{_numbers()[colour]:02X}" * 3
