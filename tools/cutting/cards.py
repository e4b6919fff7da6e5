"""Cards of words -> clips of a film: lettered on a ground of one colour, out of black and into it.

They are encoded as the clips are that they stand beside, so that one decoder reads them all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ...engine.lettering import width, write
from ...engine.video import Frames, write_stream
from ...speech import saying_s
from .form import FilmCard
from .styles import CARDS, CardStyle

# A word that is wider than the card is written this much smaller, again and again, until it fits.
_SMALLER = 0.9
_SMALLEST_PX = 8.0


def write_card(card: FilmCard, path: Path, size: tuple[int, int], fps: Fraction) -> int:
    """Write a card as a clip of a size [width, height] in pixels; return how many frames it has.

    An intertitle stands long enough to be read.

    Raises:
        VideoError: it cannot be written.
    """
    frames = faded(card_picture(card, size), round(_length_s(card) * fps), float(fps))
    write_stream(path, frames, fps, *size)
    return len(frames)


def _length_s(card: FilmCard) -> int:
    if card.kind != "intertitle":
        return CARDS.length_s
    return max(CARDS.length_s, math.ceil(saying_s(" ".join(card.words)) + 2 * CARDS.fade_s))


def card_picture(card: FilmCard, size: tuple[int, int], style: CardStyle = CARDS) -> Frames:
    """Return a card as a picture [h, w, 3], its words in the middle in as many lines as needed."""
    width_px, height_px = size
    picture = Image.new("RGB", size, style.ground)
    draw = ImageDraw.Draw(picture)
    lines = _lines(card, size, style)
    gap_px = style.gap * height_px * (lines[-1][2] > 0)
    heights = [size_px * style.leading for _, size_px, _ in lines]
    top = (height_px - sum(heights) - gap_px) / 2
    for (words, size_px, paragraph), height in zip(lines, heights, strict=True):
        at = (width_px / 2, top + height / 2 + gap_px * (paragraph > 0))
        write(draw, at, words, size_px, style.colour, anchor="mm")
        top += height
    return np.asarray(picture)


def _lines(card: FilmCard, size: tuple[int, int], style: CardStyle) -> list[tuple[str, float, int]]:
    """Return lines with their size in pixels and the number of their paragraph, all on the card."""
    width_px, height_px = size
    measure_px, scale = style.measure * width_px, float(height_px)
    first = style.text if card.kind == "intertitle" else style.large
    while True:
        found: list[tuple[str, float, int]] = []
        for number, words in enumerate(card.words):
            size_px = max(_SMALLEST_PX, scale * (style.small if number else first))
            found += [(line, size_px, number) for line in broken(words, size_px, measure_px)]
        wide = max(width(words, size_px) for words, size_px, _ in found)
        high = sum(size_px * style.leading for _, size_px, _ in found) + style.gap * height_px
        fits = wide <= measure_px and high <= height_px
        if fits or all(size_px == _SMALLEST_PX for _, size_px, _ in found):
            return found
        scale *= _SMALLER


def broken(words: str, size_px: float, most_px: float) -> list[str]:
    """Return words in lines of a width; a word that is wider stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size_px) <= most_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def faded(picture: Frames, count: int, fps: float) -> Sequence[Frames]:
    """Return a picture `count` times, coming out of black and going into it."""
    steps = max(1, round(CARDS.fade_s * fps))
    shares = [min(1.0, (n + 1) / steps, (count - n) / steps) for n in range(count)]
    return [np.rint(picture * share).astype(np.uint8) for share in shares]
