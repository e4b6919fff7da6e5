"""What lies on a body: a pale belly, wool, patches or plates; the origin is the body's middle."""

from __future__ import annotations

import math
from collections.abc import Callable

from .builds import Paint
from .pen import Pen


def _plain(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(w * 0.2, h * 0.14, w * 0.66, h * 0.72, paint.light)


def _wool(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for k in range(12):
        turn = math.radians(k * 30 + 15)
        pen.oval(w * 0.9 * math.cos(turn), h * 0.82 * math.sin(turn), 8.5, 8.5, paint.coat)
    pen.curve([(-w * 0.3, h * 0.1), (-w * 0.1, h * 0.4), (w * 0.16, h * 0.1)], 5, paint.light)
    pen.curve([(w * 0.2, h * 0.5), (w * 0.4, h * 0.78), (w * 0.64, h * 0.46)], 5, paint.light)


def _patches(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(-w * 0.42, -h * 0.1, w * 0.44, h * 0.46, paint.shade)
    pen.oval(w * 0.5, h * 0.3, w * 0.3, h * 0.34, paint.shade)


def _plates(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(w * 0.2, h * 0.1, w * 0.82, h * 0.86, paint.light)
    for y in (-0.12, 0.36):
        pen.stroke([(-w * 0.4, h * y), (w * 0.82, h * y)], 4.5, paint.accent)


COATS: dict[str, Callable[[Pen, Paint, float, float], None]] = {
    "plain": _plain,
    "wool": _wool,
    "patches": _patches,
    "plates": _plates,
}
