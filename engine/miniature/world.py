"""Scene -> clip: the miniature's world, frozen, so that the storybook's may grow without it.

Eight animals in three colours stand, walk, jump, rise, bow, wave and sway in four plain places.
`atlas.png` holds every sprite that there is, drawn once; a clip is made of its cells in well under
a millisecond a frame. `VERSION` is raised when any pixel of any clip changes, or where figures
stand in training, which makes weights and figures of earlier versions void (a test holds a hash of
some clips).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

VERSION = 2
WIDTH, HEIGHT, FRAMES, FPS = 96, 64, 25, 8

CHARACTERS = ("owl", "rabbit", "frog", "elephant", "turtle", "fox", "penguin", "hedgehog")
COLOURS = ("red", "blue", "yellow")
PLACES = ("meadow", "beach", "night", "snow")
MOTIONS = ("stand", "walk left", "walk right", "jump", "rise", "bow", "sway", "wave")
TALL = 36  # a standing figure in pixels
SPOTS = (24, 48, 72)  # x where figures stand: with more, training takes hours longer

# What training never shows: characters, a rigid and an articulated motion, and some pairs.
HELD_OUT_CHARACTERS = ("penguin", "hedgehog")
HELD_OUT_MOTIONS = ("sway", "wave")
HELD_OUT_DEEDS = (("owl", "bow"), ("frog", "rise"), ("turtle", "jump"))
HELD_OUT_COATS = (("elephant", "yellow"), ("rabbit", "blue"))

ATLAS = Path(__file__).parent / "atlas.png"
_CELL_WIDTH, _CELL_HEIGHT = 64, 52
_FOOT_X, _FOOT_Y = 32, 43  # of a sprite in its cell
_POSES = (
    "rest", "step", "pass", "other step", "nod", "lean", "bow", "hand up", "hand high",
    "crouch", "leap",
)  # fmt: skip
GROUND = 56  # y of a figure's feet, in pixels


@dataclass(frozen=True, slots=True)
class Figure:
    """One animal: who, how, and where its feet are in the middle of its path, in pixels.

    All look to the right but those who walk to the left.
    """

    character: str
    colour: str
    motion: str
    x: int
    ground: int = GROUND


@dataclass(frozen=True, slots=True)
class WorldScene:
    """A place and who is in it, the farthest first."""

    place: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, eq=False)
class WorldClip:
    """Frames [T, h, w, 3] uint8 with each figure's box: [A, T, 4] fp32, in parts of the frame."""

    frames: NDArray[np.uint8]
    boxes: NDArray[np.float32]


def draw(scene: WorldScene) -> WorldClip:
    """Draw a scene. The same scene always gives the same bits."""
    frames = np.repeat(background(scene.place)[None], FRAMES, axis=0)
    boxes = np.zeros((len(scene.figures), FRAMES, 4), np.float32)
    for row, figure in enumerate(scene.figures):
        for index in range(FRAMES):
            boxes[row, index] = _paste(frames[index], figure, *_moment(figure.motion, index))
    boxes /= np.array([WIDTH, HEIGHT] * 2, np.float32)
    return WorldClip(frames, boxes)


def _moment(motion: str, index: int) -> tuple[str, int, int]:
    """Return pose, and shift in pixels to the right and up, of a frame."""
    part = index / (FRAMES - 1)
    if motion in ("walk left", "walk right"):
        along = round((part - 0.5) * 20)
        pose = ("step", "pass", "other step", "pass")[index // 3 % 4]
        return pose, along if motion == "walk right" else -along, 0
    if motion == "jump":
        air = (index - 6) / 12
        if 0 < air < 1:
            return "leap", 0, round(64 * air * (1 - air))
        return ("crouch" if 3 <= index < 21 else "rest"), 0, 0
    if motion == "rise":
        return ("leap" if index >= 2 else "rest"), 0, round(22 * part)
    if motion == "bow":
        down = min(index // 3, (FRAMES - 1 - index) // 3)
        return ("rest", "nod", "lean", "bow", "bow")[min(down, 4)], 0, 0
    if motion == "sway":
        return "rest", round(-10 * np.cos(2 * np.pi * part)), 0
    if motion == "wave":
        return ("hand up", "hand high")[index // 3 % 2], 0, 0
    return "rest", 0, 0


def _paste(
    frame: NDArray[np.uint8], figure: Figure, pose: str, right: int, up: int
) -> tuple[int, int, int, int]:
    """Lay a figure onto a frame; return the pixel box of what of it is in the frame."""
    colour, rest, (x0, y0, x1, y1) = _sprite(
        figure.character, figure.colour, pose, figure.motion == "walk left"
    )
    left, top = figure.x + right - _FOOT_X + x0, figure.ground - up - _FOOT_Y + y0
    crop_x, crop_y = max(0, -left), max(0, -top)
    wide, tall = min(x1 - x0, WIDTH - left), min(y1 - y0, HEIGHT - top)
    if crop_x >= wide or crop_y >= tall:
        return 0, 0, 0, 0
    source = slice(crop_y, tall), slice(crop_x, wide)
    target = slice(top + crop_y, top + tall), slice(left + crop_x, left + wide)
    mixed = colour[source] + frame[target] * rest[source]
    frame[target] = ((mixed + np.uint16(127)) // np.uint16(255)).astype(np.uint8)
    return left + crop_x, top + crop_y, left + wide, top + tall


@lru_cache(maxsize=1)
def _atlas() -> NDArray[np.uint8]:
    with Image.open(ATLAS) as image:
        return np.asarray(image.convert("RGBA"))


@lru_cache(maxsize=4096)
def _sprite(
    character: str, colour: str, pose: str, mirrored: bool
) -> tuple[NDArray[np.uint16], NDArray[np.uint16], tuple[int, int, int, int]]:
    """Return a sprite's colour, what is left for the background, and its bounds in its cell."""
    row = CHARACTERS.index(character) * len(COLOURS) + COLOURS.index(colour)
    top, left = row * _CELL_HEIGHT, _POSES.index(pose) * _CELL_WIDTH
    cell = _atlas()[top : top + _CELL_HEIGHT, left : left + _CELL_WIDTH].astype(np.uint16)
    if mirrored:
        # One wider on the right, so that the foot's column stays where it is.
        cell = np.roll(cell[:, ::-1], 1, axis=1)
    rows = np.flatnonzero((cell[..., 3] > 0).any(1))
    columns = np.flatnonzero((cell[..., 3] > 0).any(0))
    x0, y0, x1, y1 = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    part = cell[y0:y1, x0:x1]
    bounds = int(x0), int(y0), int(x1), int(y1)
    return part[..., :3] * part[..., 3:], np.uint16(255) - part[..., 3:], bounds


@lru_cache(maxsize=len(PLACES))
def background(place: str) -> NDArray[np.uint8]:
    """Return a place without figures: [h, w, 3] uint8."""
    fine = 4
    y, x = (np.mgrid[: HEIGHT * fine, : WIDTH * fine] + 0.5) / fine
    sky, ground, disc, far, sun = {
        "meadow": ((150, 208, 246), (112, 186, 92), (255, 236, 150), (134, 202, 112), (84, 10)),
        "beach": ((196, 230, 246), (238, 220, 172), (255, 246, 196), (72, 164, 190), (48, 10)),
        "night": ((30, 34, 78), (40, 64, 62), (240, 238, 214), (34, 50, 72), (12, 10)),
        "snow": ((186, 194, 214), (244, 247, 252), (226, 230, 240), (160, 172, 198), (84, 10)),
    }[place]
    picture = np.empty((*x.shape, 3))
    picture[:] = sky
    picture[(x - sun[0]) ** 2 + (y - sun[1]) ** 2 < 36] = disc
    if place == "beach":
        picture[y > 34] = far
    else:
        for at, height in ((24, 9), (70, 6)):
            picture[y > 42 - height * np.exp(-(((x - at) / 18) ** 2))] = far
    picture[y > 42] = ground
    blocks = picture.reshape(HEIGHT, fine, WIDTH, fine, 3).mean((1, 3))
    return np.rint(blocks).astype(np.uint8)
