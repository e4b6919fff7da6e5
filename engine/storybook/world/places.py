"""Place id and seed -> RGB background: a flat sky, a flat ground, and a few bold things."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .cutouts import COLOUR_WORDS
from .pen import Pen

_FINER = 3  # drawn this much larger, then reduced
HORIZON = 0.62  # where the ground begins; characters stand below it


@dataclass(frozen=True)
class Stage:
    """A pen in units of the frame's height (x from 0 to `width`), and this seed's chances."""

    pen: Pen
    width: float
    chance: random.Random

    def between(self, low: float, high: float) -> float:
        return self.chance.uniform(low, high)

    def sky(self, colour: str) -> None:
        self.pen.poly([(0, 0), (self.width, 0), (self.width, 1), (0, 1)], colour)

    def ground(self, colour: str, top: float = HORIZON) -> None:
        self.pen.poly([(0, top), (self.width, top), (self.width, 1), (0, 1)], colour)

    def hill(self, x: float, half: float, height: float, colour: str) -> None:
        """A low smooth mound standing on the horizon."""
        ring = [math.pi * k / 30 for k in range(31)]
        self.pen.poly(
            [(x + half * math.cos(t), HORIZON + 0.01 - height * math.sin(t)) for t in ring], colour
        )

    def side(self) -> float:
        """An x near the left or the right edge, clear of the middle where characters act."""
        offset = self.between(0.13, 0.27)
        return offset if self.chance.random() < 0.5 else self.width - offset


def _meadow(s: Stage) -> None:
    s.sky("#CBEAF6")
    s.pen.oval(s.between(0.2, s.width - 0.2), s.between(0.12, 0.2), 0.085, 0.085, "#FFDD6B")
    s.hill(s.between(0.1, 0.5), s.between(0.55, 0.7), s.between(0.14, 0.22), "#A5D08A")
    s.hill(s.between(1.0, 1.4), s.between(0.5, 0.7), s.between(0.1, 0.18), "#94C67C")
    s.ground("#B9DD8F")
    x = s.side()
    s.pen.stroke([(x, 0.4), (x, 0.66)], 0.045, "#9A6B4A")
    s.pen.oval(x, 0.36, 0.125, 0.14, "#6FAE62")


def _beach(s: Stage) -> None:
    s.sky("#C8ECF8")
    s.pen.oval(s.between(0.2, s.width - 0.2), s.between(0.12, 0.2), 0.085, 0.085, "#FFE07A")
    s.ground("#4DB7D3", HORIZON - s.between(0.13, 0.17))
    s.ground("#F8E4B5", HORIZON + 0.02)
    s.ground("#E8F7F5", HORIZON)
    s.ground("#F8E4B5", HORIZON + 0.025)
    x = s.side()
    s.pen.stroke([(x, 0.36), (x, 0.7)], 0.024, "#B98A5E")
    canopy = [(x + 0.19 * math.cos(t), 0.42 - 0.16 * math.sin(t)) for t in _half_turn()]
    s.pen.poly(canopy, "#F0705F")
    s.pen.poly([(x + 0.4 * (p - x), q) for p, q in canopy], "#FFF6E6")


def _snow(s: Stage) -> None:
    s.sky("#BDD3EC")
    s.hill(s.between(0.2, 0.5), s.between(0.5, 0.7), s.between(0.16, 0.24), "#D4E3F4")
    s.hill(s.between(1.0, 1.4), s.between(0.5, 0.7), s.between(0.12, 0.2), "#C9DBF0")
    s.ground("#E6EFF9")
    x = s.side()
    for apex, half in ((0.22, 0.1), (0.33, 0.135)):
        s.pen.poly([(x, apex), (x + half, apex + 0.19), (x - half, apex + 0.19)], "#5B8C8A")
    s.pen.poly([(x, 0.22), (x + 0.045, 0.305), (x - 0.045, 0.305)], "#F7FBFF")
    s.pen.stroke([(x, 0.53), (x, 0.66)], 0.04, "#8C6A58")


def _forest(s: Stage) -> None:
    s.sky("#66789F")
    s.pen.oval(s.between(0.5, s.width - 0.5), s.between(0.13, 0.2), 0.085, 0.085, "#FFF3C4")
    s.ground("#54708A", HORIZON - 0.16)
    s.ground("#86AFA0")
    for x in (s.between(0.04, 0.2), s.width - s.between(0.04, 0.2)):
        s.pen.stroke([(x, -0.1), (x, 0.68)], s.between(0.075, 0.11), "#3F4F6E")
        s.pen.oval(x, -0.02, s.between(0.22, 0.3), s.between(0.2, 0.26), "#3E6B6A")


def _desert(s: Stage) -> None:
    s.sky("#FBEBD3")
    s.pen.oval(s.between(0.25, s.width - 0.25), s.between(0.14, 0.22), 0.11, 0.11, "#F9A66C")
    s.hill(s.between(0.2, 0.5), s.between(0.5, 0.75), s.between(0.12, 0.2), "#EBC08C")
    s.hill(s.between(1.0, 1.4), s.between(0.5, 0.7), s.between(0.1, 0.16), "#E4B47C")
    s.ground("#F4D6A2")
    x, arm = s.side(), s.chance.choice((-1, 1))
    for path in (
        [(x, 0.34), (x, 0.66)],
        [(x, 0.54), (x + arm * 0.09, 0.52), (x + arm * 0.09, 0.44)],
    ):
        s.pen.stroke(path, 0.062, "#5F9F6B")


def _town(s: Stage) -> None:
    s.sky("#DCEBF4")
    walls = ["#F2C8B4", "#BFD6C5", "#F3DDA6", "#C9C6E3"]
    s.chance.shuffle(walls)
    x = s.between(-0.16, -0.04)
    for wall in walls[:3]:
        wide, top = s.between(0.56, 0.62), s.between(0.3, 0.38)
        s.pen.poly([(x, top), (x + wide, top), (x + wide, 0.7), (x, 0.7)], wall)
        s.pen.poly([(x - 0.02, top), (x + wide / 2, top - 0.19), (x + wide + 0.02, top)], "#B5746B")
        for at in (0.27, 0.73):
            left, right = x + wide * at - 0.055, x + wide * at + 0.055
            head, sill = top + 0.07, top + 0.19
            s.pen.poly([(left, head), (right, head), (right, sill), (left, sill)], "#8EA3BA")
        x += wide
    s.ground("#D3CEC9")


def _half_turn() -> list[float]:
    return [math.pi * k / 24 for k in range(25)]


DRAWINGS: dict[str, Callable[[Stage], None]] = {
    "meadow": _meadow,
    "beach": _beach,
    "snow": _snow,
    "forest": _forest,
    "desert": _desert,
    "town": _town,
}

# Words that tint the paper stage: sky, ground. The first that occurs decides.
_TINTED: tuple[tuple[str, str, str], ...] = (
    ("cave", "#8C8791", "#6F6A76"),
    ("night", "#5E6C94", "#7C8CA6"),
    ("space", "#454C77", "#8B8FB0"),
    ("moon", "#5E6C94", "#A9AFC0"),
    ("underwater", "#7FC3D8", "#E3D6AE"),
    ("river lake", "#D9ECF2", "#7FBFD6"),
    ("sea ocean", "#D2EAF4", "#63B3CF"),
    ("water", "#D2EAF4", "#7FBFD6"),
    ("ice", "#DCE8F4", "#C4DDEE"),
    ("snow winter", "#CFDDED", "#EAF1F8"),
    ("forest wood", "#D6E6D3", "#8FB38A"),
    ("jungle", "#CFE6C9", "#6FA371"),
    ("garden grass", "#DDEEF0", "#A9CF93"),
    ("hill", "#DDEEF0", "#B2CF98"),
    ("field", "#DDEEF0", "#CFD68F"),
    ("mountain", "#DAE4EE", "#A9A9AF"),
    ("rock", "#E2E2E0", "#A9A9AF"),
    ("desert", "#FBEBD3", "#EDCB96"),
    ("sand", "#E3EEF0", "#F0DDB0"),
    ("beach", "#D2EAF4", "#F3E1B4"),
    ("fire", "#F6D3B5", "#C98B6B"),
    ("sunset", "#F9CDB0", "#C79C9A"),
    ("dawn", "#F8DCD0", "#C9B7B5"),
    ("street", "#E0E8EE", "#C8C4C0"),
    ("city", "#DCE3EA", "#BDBBBB"),
    ("town", "#E0E8EE", "#D3CEC9"),
    ("room house", "#F0E4D2", "#C9A884"),
    ("kitchen", "#F3EAD6", "#C9B08C"),
    ("castle", "#DDE0EA", "#B4B1B8"),
    ("sky cloud", "#CBE5F5", "#F2F7FA"),
)
TINTS: dict[str, tuple[str, str]] = {
    word: (sky, ground) for words, sky, ground in _TINTED for word in words.split()
}
_PAPER = ("#F3EBDD", "#DCCFB9")


def draw_place(place: str, seed: int = 0, size: tuple[int, int] = (144, 96)) -> NDArray[np.uint8]:
    """The background [height, width, 3] of a known place, or of the words for an unknown one."""
    return _background(place, seed, size).copy()


def draw_plain(description: str, size: tuple[int, int] = (144, 96)) -> NDArray[np.uint8]:
    """A quiet paper stage with a horizon, tinted by the first words that it knows."""
    return draw_place(f"words: {description}", 0, size)


@lru_cache(maxsize=512)
def _background(place: str, seed: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    image = Image.new("RGB", (width * _FINER, height * _FINER))
    scale = height * _FINER
    pen = Pen(ImageDraw.Draw(image), (scale, 0.0, 0.0, 0.0, scale, 0.0))
    # Seeded by text, whose hash Python's Random keeps the same between processes.
    stage = Stage(pen, width / height, random.Random(f"{place}/{seed}"))
    if place in DRAWINGS:
        DRAWINGS[place](stage)
    else:
        _paper(stage, place)
    pixels = np.asarray(image.resize(size, Image.Resampling.BOX))
    pixels.setflags(write=False)
    return pixels


def _paper(s: Stage, description: str) -> None:
    words = re.findall(r"[a-z]+", description.lower())
    # Plurals count: "rivers" is a river.
    known = [TINTS.get(w) or TINTS.get(w.removesuffix("s")) for w in words]
    sky, ground = next((tint for tint in known if tint), _PAPER)
    if (sky, ground) == _PAPER:
        named = next((COLOUR_WORDS[w] for w in words if w in COLOUR_WORDS), None)
        ground = _pale(named) if named else ground
    if "night" in words:
        sky = TINTS["night"][0]
    s.sky(sky)
    s.pen.oval(s.width * 0.5, HORIZON, s.width * 0.42, 0.46, _pale(sky, 0.25))
    s.ground(ground)
    s.ground(_pale(ground, 0.25), HORIZON + 0.03)


def _pale(colour: str, amount: float = 0.55) -> str:
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (255 - p) * amount):02X}" for p in parts)
