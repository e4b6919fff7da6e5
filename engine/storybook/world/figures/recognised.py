"""A picture of a figure of this world -> its colourway and what it wears, by drawing them all.

A figure of the world is drawn in each of its colours with each thing that it may wear; the drawing
that is nearest to the picture is what it shows, if it is near and clearly nearer than the same
figure with anything else. In another pose, or by another hand, nothing is near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..vocabulary import ACCESSORIES, ACCESSORY_COLOURS, CHARACTERS, Accessory
from .sprites import sprite_image

_SIDE_PX = 40
_DRAWN_PX = 96.0
# Levels of 255, a mean over what either covers. Drawings of the figure itself at other sizes and on
# other grounds were at most 24 away, those of other figures and poses 43 and more; with anything
# else to wear it was at least 1.3 times as far, and other figures at most 1.06 times.
_NEAR = 34.0
_CLEARER = 1.15


@dataclass(frozen=True, slots=True)
class RecognisedFigure:
    """What a picture shows of an animal; `worn` is None for nothing."""

    colourway: str
    worn: Accessory | None


def recognised(picture: Image.Image, animal: str) -> RecognisedFigure | None:
    """Return what a cut-out figure [h, w] RGBA shows of an animal, None where it is not told."""
    shown = _normalised(picture)
    if shown is None:
        return None
    found = sorted(
        ((_apart(shown, drawn), figure) for figure, drawn in _drawings(animal)),
        key=lambda one: one[0],
    )
    away, best = found[0]
    others = (other for other, figure in found if figure.worn != best.worn)
    return best if away < _NEAR and next(others) > _CLEARER * away else None


@lru_cache(maxsize=4)
def _drawings(animal: str) -> tuple[tuple[RecognisedFigure, NDArray[np.float64]], ...]:
    return tuple(_drawn(animal))


def _drawn(animal: str) -> Iterator[tuple[RecognisedFigure, NDArray[np.float64]]]:
    wears = [None, *(Accessory(item, c) for item in ACCESSORIES for c in ACCESSORY_COLOURS)]
    for colourway in CHARACTERS[animal].colourways:
        for worn in wears:
            picture = sprite_image(animal, colourway, height=_DRAWN_PX, wear=worn)
            for seen in (picture, picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
                drawn = _normalised(seen)
                assert drawn is not None  # every figure has pixels
                yield RecognisedFigure(colourway, worn), drawn


def _normalised(picture: Image.Image) -> NDArray[np.float64] | None:
    """Return a figure at one size on the lower edge of a square, premultiplied: [s, s, 4]."""
    box = picture.getchannel("A").point(lambda value: 255 if value > 127 else 0).getbbox()
    if box is None:
        return None
    part = picture.crop(box)
    scale = _SIDE_PX / max(part.size)
    size = max(1, round(part.width * scale)), max(1, round(part.height * scale))
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    square = Image.new("RGBA", (_SIDE_PX, _SIDE_PX), (0, 0, 0, 0))
    square.paste(part.resize(size, way), ((_SIDE_PX - size[0]) // 2, _SIDE_PX - size[1]))
    return np.asarray(square.convert("RGBa")).astype(np.float64)


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return how far two figures are apart, over what either covers."""
    covered = np.maximum(one[..., 3], other[..., 3]) > 127
    return float(np.abs(one - other).mean(-1)[covered].mean())
