"""A paper figure and its boxes -> pictures of it on every frame, with its name at its feet.

The world has no drawing of everybody. Whoever it has none of, and of whom there is a picture, is
cut from that (`world.figures.picture_cuts`) and moved along its boxes as paper is: whole, upright
and flat. The model is not asked for it, so that nothing stands behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, UnidentifiedImageError
from torch import Tensor

from ...errors import AdapterError
from ...film import Adapter
from ..lettering import width, write
from . import models
from .world.figures.cutouts import INK, PAPER
from .world.figures.picture_cuts import FILE

_TEXT_PX, _LEAST_TEXT_PX = 9.0, 6.0
_PAD_PX = 2


def paper_of(adapters: Sequence[Adapter]) -> dict[str, Adapter]:
    """Return the adapters that are paper figures, by the entity that each of them is."""
    return {a.name: a for a in adapters if a.kind == "character" and a.path.endswith(FILE)}


def paper_pictures(adapter: Adapter, boxes: Tensor) -> Tensor:
    """Draw a paper figure in boxes [T, 4], NaN where it is not: [T, 4, h, w].

    Colours are 0..255 times coverage, and coverage is 0..1.

    Raises:
        AdapterError: its picture cannot be read.
    """
    figure = _figure(adapter.path)
    size = boxes.new_tensor([models.WIDTH, models.HEIGHT] * 2)
    found = []
    for box in boxes * size:
        canvas = Image.new("RGBA", (models.WIDTH, models.HEIGHT), (0, 0, 0, 0))
        if not box.isnan().any():
            left, top, right, bottom = box.tolist()
            _stand(canvas, figure, adapter.name, (left, top, right, bottom))
        found.append(np.asarray(canvas.convert("RGBa")))
    pixels = torch.from_numpy(np.stack(found)).to(boxes.device).permute(0, 3, 1, 2).float()
    return torch.cat([pixels[:, :3], pixels[:, 3:] / 255], 1)


def _stand(
    canvas: Image.Image, figure: Image.Image, name: str, box: tuple[float, float, float, float]
) -> None:
    """Stand a figure on the lower edge of a box, as large as fits, with its name below it."""
    left, top, right, bottom = box
    scale = min((right - left) / figure.width, (bottom - top) / figure.height)
    wide, tall = (max(1, round(side * scale)) for side in figure.size)
    middle = (left + right) / 2
    sized = figure.resize((wide, tall), Image.Resampling.LANCZOS)
    canvas.alpha_composite(sized, *_within(canvas, sized, middle - wide / 2, bottom - tall))
    tag = _tag(name, wide)
    canvas.alpha_composite(tag, *_within(canvas, tag, middle - tag.width / 2, bottom - tag.height))


def _within(
    canvas: Image.Image, part: Image.Image, left: float, top: float
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a part goes and what of it, for what of it is left of or above the canvas."""
    x, y = round(left), round(top)
    return (max(0, x), max(0, y)), (min(max(0, -x), part.width), min(max(0, -y), part.height))


@lru_cache(maxsize=64)
def _tag(name: str, wide: int) -> Image.Image:
    """Return a strip of paper with a name, about as wide as the figure if it can be read so."""
    text, size = " ".join(name.split())[:18] or "?", _TEXT_PX
    while size > _LEAST_TEXT_PX and width(text, size) > wide:
        size -= 0.5
    strip = Image.new("RGBA", (round(width(text, size)) + 2 * _PAD_PX + 1, round(size) + 2), PAPER)
    write(ImageDraw.Draw(strip), (strip.width / 2, strip.height / 2), text, size, INK, anchor="mm")
    return strip


@lru_cache(maxsize=16)
def _figure(path: str) -> Image.Image:
    try:
        with Image.open(Path(path)) as opened:
            return opened.convert("RGBA")
    except (OSError, UnidentifiedImageError) as error:
        raise AdapterError(f"the paper figure at {path} cannot be read: {error}") from error
