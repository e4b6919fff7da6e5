"""Clips or pictures that an adapter was learnt from -> a small picture of some of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from ...engine.video import read_video

FILE = "strip.webp"
_MOST, _FRAMES, _HEIGHT_PX = 4, 5, 72


def clip_strip(clips: Sequence[Path], folder: Path) -> str:
    """Write frames of the first clips, a row a clip; return the file's name.

    Raises:
        VideoError: a clip cannot be read.
    """
    rows = []
    for path in clips[:_MOST]:
        frames = read_video(path).frames
        picked = np.linspace(0, len(frames) - 1, _FRAMES).round().astype(int)
        rows.append([Image.fromarray(frames[at]) for at in picked])
    return _written(rows, folder)


def picture_strip(pictures: Sequence[Path], folder: Path) -> str:
    """Write the first pictures in one row; return the file's name."""
    row = []
    for path in pictures[: _MOST * 2]:
        with Image.open(path) as opened:
            row.append(opened.convert("RGB"))
    return _written([row], folder)


def _written(rows: Sequence[Sequence[Image.Image]], folder: Path) -> str:
    sized = [list(_sized(row)) for row in rows]
    width = max(sum(picture.width for picture in row) for row in sized)
    sheet = Image.new("RGB", (width, _HEIGHT_PX * len(sized)), "white")
    for number, row in enumerate(sized):
        left = 0
        for picture in row:
            sheet.paste(picture, (left, number * _HEIGHT_PX))
            left += picture.width
    sheet.save(folder / FILE, quality=80)
    return FILE


def _sized(row: Sequence[Image.Image]) -> Iterator[Image.Image]:
    for picture in row:
        width = max(1, round(picture.width * _HEIGHT_PX / picture.height))
        yield picture.resize((min(width, 4 * _HEIGHT_PX), _HEIGHT_PX))
