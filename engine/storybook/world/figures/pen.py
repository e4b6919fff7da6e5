"""Shapes in figure units -> filled polygons on an RGBA canvas, under a movable frame of axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import ImageDraw

Point = tuple[float, float]
_RING = tuple((math.cos(i * math.tau / 40), math.sin(i * math.tau / 40)) for i in range(40))


@dataclass(frozen=True)
class Pen:
    """Draws in units (y down) through `x' = a x + b y + c`, `y' = d x + e y + f` to pixels."""

    draw: ImageDraw.ImageDraw
    axes: tuple[float, float, float, float, float, float]
    tone: Callable[[str], str] | None = None  # what becomes of every colour

    def moved(self, dx: float, dy: float, angle: float = 0.0, scale: float = 1.0) -> Pen:
        """Axes with the origin at (dx, dy), turned clockwise by `angle` degrees there."""
        a, b, c, d, e, f = self.axes
        cos = math.cos(math.radians(angle)) * scale
        sin = math.sin(math.radians(angle)) * scale
        axes = (
            a * cos + b * sin,
            b * cos - a * sin,
            a * dx + b * dy + c,
            d * cos + e * sin,
            e * cos - d * sin,
            d * dx + e * dy + f,
        )
        return Pen(self.draw, axes, self.tone)

    def mirrored(self) -> Pen:
        """Axes whose x points the other way."""
        a, b, c, d, e, f = self.axes
        return Pen(self.draw, (-a, b, c, -d, e, f), self.tone)

    def poly(self, points: Sequence[Point], fill: str) -> None:
        """A straight-edged polygon."""
        a, b, c, d, e, f = self.axes
        fill = self.tone(fill) if self.tone else fill
        pixels = [(a * x + b * y + c, d * x + e * y + f) for x, y in points]
        self.draw.polygon(pixels, fill=fill)

    def oval(self, cx: float, cy: float, rx: float, ry: float, fill: str, turn: float = 0) -> None:
        """An ellipse, turned clockwise by `turn` degrees."""
        pen = self.moved(cx, cy, turn) if turn else self
        x0, y0 = (0.0, 0.0) if turn else (cx, cy)
        pen.poly([(x0 + rx * u, y0 + ry * v) for u, v in _RING], fill)

    def blob(self, points: Sequence[Point], fill: str) -> None:
        """A smooth closed shape through the points (Catmull-Rom)."""
        n, ring = len(points), []
        for i in range(n):
            quad = (points[i - 1], points[i], points[(i + 1) % n], points[(i + 2) % n])
            ring += [_catmull_rom(quad, k / 8) for k in range(8)]
        self.poly(ring, fill)

    def stroke(self, points: Sequence[Point], width: float, fill: str) -> None:
        """A round-ended line of the given width."""
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            length = math.hypot(x1 - x0, y1 - y0) or 1.0
            nx, ny = (y0 - y1) / length * width / 2, (x1 - x0) / length * width / 2
            self.poly(
                [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)],
                fill,
            )
        for x, y in points:
            self.oval(x, y, width / 2, width / 2, fill)

    def curve(self, points: Sequence[Point], width: float, fill: str) -> None:
        """A smooth round-ended line through the points."""
        padded = [points[0], *points, points[-1]]
        path: list[Point] = []
        for i in range(len(points) - 1):
            quad = (padded[i], padded[i + 1], padded[i + 2], padded[i + 3])
            path += [_catmull_rom(quad, k / 6) for k in range(6)]
        self.stroke([*path, points[-1]], width, fill)


def _catmull_rom(quad: tuple[Point, Point, Point, Point], t: float) -> Point:
    def blend(p: float, q: float, r: float, s: float) -> float:
        return 0.5 * (
            2 * q
            + (r - p) * t
            + (2 * p - 5 * q + 4 * r - s) * t**2
            + (3 * q - p - 3 * r + s) * t**3
        )

    p, q, r, s = quad
    return (blend(p[0], q[0], r[0], s[0]), blend(p[1], q[1], r[1], s[1]))
