"""A picture of somebody -> a paper figure cut from it, for characters the world has no drawing of.

What is unlike the picture's border, or what is not transparent, is cut out along its outline; where
a border is no ground of one colour, the whole picture is a card. Either has a rim of paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .....errors import InputError
from .cutouts import PAPER

FILE = "figure.png"  # by whose name an adapter is known to be a paper figure
_SIDE_PX = 256
_RIM_PX = 6
_NEAR = 45.0  # Euclidean distance in RGB up to which a pixel is of the border's colour
_EVEN = 0.85  # of a border's pixels that are near one colour where it is a ground
_LEAST, _MOST = 0.03, 0.92  # of a picture that a figure may fill


@dataclass(frozen=True, eq=False)
class PictureCut:
    """A figure with its rim, [h, w] RGBA, and whether it is the whole picture."""

    image: Image.Image
    card: bool


def cut_from(path: Path) -> PictureCut:
    """Cut a figure from a picture, with a rim of paper.

    Raises:
        InputError: it cannot be read as a picture.
    """
    seen = _read(path)
    mask = _figure_in(seen)
    card = mask is None
    if mask is None:
        mask = Image.new("L", seen.size, 255)
    box = mask.getbbox() or (0, 0, *seen.size)
    return PictureCut(_rimmed(seen.crop(box), mask.crop(box)), card)


def figure_of(path: Path) -> Image.Image:
    """Return the figure of a picture, [h, w] RGBA, or all of it where it is not told apart.

    Raises:
        InputError: it cannot be read as a picture.
    """
    seen = _read(path)
    mask = _figure_in(seen)
    if mask is not None:
        seen.putalpha(mask)
    return seen


def _read(path: Path) -> Image.Image:
    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (_SIDE_PX * 2, _SIDE_PX * 2))
            seen = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError(f"{path} is no picture that can be read: {error}") from error
    seen.thumbnail((_SIDE_PX, _SIDE_PX))
    return seen


def _figure_in(picture: Image.Image) -> Image.Image | None:
    """Return the mask of a picture's figure, None where it is not told from its ground."""
    alpha = picture.getchannel("A")
    if int(np.asarray(alpha).min()) < 128:
        mask = alpha.point(lambda value: 255 if value > 127 else 0)
    else:
        ground = _ground(picture)
        if ground is None:
            return None
        mask = ImageChops.invert(ground).filter(ImageFilter.MedianFilter(5))
    share = float((np.asarray(mask) > 0).mean())
    return mask if _LEAST < share < _MOST else None


def _ground(picture: Image.Image) -> Image.Image | None:
    """Return the mask of what is of the border's colour and reaches it, None for no one colour."""
    colour = np.asarray(picture.convert("RGB")).astype(np.float64)
    edge = np.concatenate([colour[0], colour[-1], colour[:, 0], colour[:, -1]])
    middle = np.median(edge, axis=0)
    if float((np.linalg.norm(edge - middle, axis=-1) < _NEAR).mean()) < _EVEN:
        return None
    near: NDArray[np.bool_] = np.linalg.norm(colour - middle, axis=-1) < _NEAR
    # A frame about it, so that one filling reaches every side of the border.
    wide = Image.fromarray(np.pad(near, 1, constant_values=True).astype(np.uint8) * 128).copy()
    ImageDraw.floodfill(wide, (0, 0), 255)
    reached = np.asarray(wide)[1:-1, 1:-1] == 255
    return Image.fromarray(reached.astype(np.uint8) * 255)


def _rimmed(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """Lay a figure on paper that is a little larger than it."""
    size = (picture.width + 2 * _RIM_PX, picture.height + 2 * _RIM_PX)
    shape = Image.new("L", size, 0)
    shape.paste(mask, (_RIM_PX, _RIM_PX))
    paper = Image.new("RGBA", size, PAPER)
    paper.paste(picture.convert("RGB"), (_RIM_PX, _RIM_PX), mask)
    paper.putalpha(shape.filter(ImageFilter.MaxFilter(2 * _RIM_PX + 1)))
    return paper
