"""Words and shapes at points of a page -> pixels. Drawn at twice the size, for smooth edges."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from ...engine import lettering

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]

# Pixels that are drawn for each of the finished page.
FINE = 2


class Canvas:
    """A page with its origin at the top left; every measure is in pixels of the finished page."""

    def __init__(self, width: int, height: int, paper: str) -> None:
        self._image = Image.new("RGB", (width * FINE, height * FINE), paper)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def finished(self) -> Image.Image:
        """Return the page at its own size."""
        return self._image.reduce(FINE)

    def text(self, at: Point, words: str, size: int, colour: str, *, anchor: str = "la") -> None:
        """Write one line. `anchor` is Pillow's: l, m, r and a (ascender), m, s (baseline)."""
        where = (at[0] * FINE, at[1] * FINE)
        lettering.write(self._draw, where, words, size * FINE, colour, anchor=anchor)

    def rectangle(
        self,
        area: Rectangle,
        *,
        fill: str | None = None,
        outline: str | None = None,
        line: float = 1,
        radius: float = 0,
    ) -> None:
        """Draw a rectangle (left, top, right, bottom); colours may be #rrggbbaa."""
        left, top, right, bottom = (value * FINE for value in area)
        if right <= left or bottom <= top:
            return
        self._draw.rounded_rectangle(
            (left, top, right, bottom),
            radius=min(radius * FINE, (right - left) / 2, (bottom - top) / 2),
            fill=fill,
            outline=outline,
            width=round(line * FINE),
        )

    def picture(self, image: Image.Image, area: Rectangle) -> None:
        """Put a picture into an area; it is best drawn at twice the area's size."""
        left, top, right, bottom = (round(value * FINE) for value in area)
        size = (right - left, bottom - top)
        self._image.paste(image if image.size == size else image.resize(size), (left, top))

    def circle(self, center: Point, radius: float, fill: str) -> None:
        x, y = center
        area = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse([value * FINE for value in area], fill=fill)

    def arrow(self, start: Point, end: Point, colour: str, line: float) -> None:
        """Draw an arrow; one too short for its own head is left out."""
        length = math.dist(start, end)
        head = 4.5 * line
        if length < head:
            return
        along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        neck = (end[0] - along[0] * head, end[1] - along[1] * head)
        side = (-along[1] * head * 0.5, along[0] * head * 0.5)
        self._line([start, neck], colour, line)
        tip = [end, (neck[0] + side[0], neck[1] + side[1]), (neck[0] - side[0], neck[1] - side[1])]
        self._draw.polygon([(x * FINE, y * FINE) for x, y in tip], fill=colour)

    def line(self, start: Point, end: Point, colour: str, line: float = 1) -> None:
        self._line([start, end], colour, line)

    def _line(self, points: Sequence[Point], colour: str, line: float) -> None:
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=max(1, round(line * FINE)))


def text_width(words: str, size: int) -> float:
    """Return the width of a line in pixels."""
    return lettering.width(words, size * FINE) / FINE


def wrapped(words: str, size: int, width: float, most_lines: int) -> list[str]:
    """Break words into lines no wider than `width`; the last ends in … where there are more."""
    lines: list[str] = []
    line = ""
    for word in _pieces(words, size, width):
        longer = f"{line} {word}".strip()
        if line and text_width(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    lines += [line] if line else []
    if len(lines) <= most_lines:
        return lines
    return [*lines[: most_lines - 1], shortened(" ".join(lines[most_lines - 1 :]), size, width)]


def shortened(words: str, size: int, width: float) -> str:
    """Return the words, cut and ended by … where they are wider than `width`."""
    words = " ".join(words.split())
    if text_width(words, size) <= width:
        return words
    # The longest beginning that fits, by halving: a whole scene may stand on one line.
    short, long = 0, len(words)
    while short < long:
        middle = (short + long + 1) // 2
        if text_width(words[:middle].rstrip() + "…", size) <= width:
            short = middle
        else:
            long = middle - 1
    return words[:short].rstrip(" ,;:.") + "…"


def _pieces(words: str, size: int, width: float) -> list[str]:
    """Split at spaces, and inside words that no line could hold (a script without spaces)."""
    pieces: list[str] = []
    for word in words.split():
        while word and text_width(word, size) > width:
            fits = max(1, int(len(word) * width / text_width(word, size)))
            while fits > 1 and text_width(word[:fits], size) > width:
                fits -= 1
            pieces.append(word[:fits])
            word = word[fits:]
        pieces += [word] if word else []
    return pieces
