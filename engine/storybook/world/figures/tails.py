"""Tails, and what a back carries: shapes drawn behind a body."""

from __future__ import annotations

import math
from collections.abc import Callable

from .builds import Paint
from .pen import Pen


def _no_tail(pen: Pen, paint: Paint) -> None:
    """Owl, bear, frog and penguin show none from the front."""


def _brush(pen: Pen, paint: Paint) -> None:
    pen.blob(
        [(4, 6), (-16, 6), (-33, -12), (-29, -36), (-20, -30), (-12, -14), (4, -8)], paint.coat
    )
    pen.blob([(-34, -14), (-29, -37), (-19, -31), (-16, -19), (-24, -21)], paint.accent)


def _puff(pen: Pen, paint: Paint) -> None:
    pen.oval(-5, 1, 8, 8, paint.light if paint.coat != "#FFFDF8" else paint.shade)


def _curl(pen: Pen, paint: Paint) -> None:
    pen.curve([(4, 2), (-15, 2), (-25, -12), (-21, -28), (-29, -38)], 6.4, paint.coat)


def _corkscrew(pen: Pen, paint: Paint) -> None:
    loop = [(4.0, 0.0), (-7, 2), (-13, -4), (-9, -10), (-4, -5), (-10, 3), (-18, -2)]
    pen.curve(loop, 3.6, paint.shade)


def _tassel(pen: Pen, paint: Paint) -> None:
    pen.curve([(4, 2), (-16, 4), (-26, -6), (-27, -18)], 5.4, paint.coat)
    pen.oval(-27, -24, 7.5, 10, paint.accent)


def _wag(pen: Pen, paint: Paint) -> None:
    pen.curve([(6, 0), (-12, -4), (-20, -16), (-19, -27)], 8.4, paint.shade)


def _string(pen: Pen, paint: Paint) -> None:
    pen.curve([(6, 6), (-14, 8), (-27, 2), (-29, -12), (-37, -18)], 5, paint.accent)


def _upturned(pen: Pen, paint: Paint) -> None:
    pen.blob([(8, 4), (-12, 2), (-25, -17), (-8, -12), (8, -14)], paint.shade)


def _spines(pen: Pen, paint: Paint) -> None:
    # One big bristling disc behind head and back; the long points are what is known from afar.
    back = pen.moved(12, -28)
    ring: list[tuple[float, float]] = []
    for k in range(27):
        reach = 49 if k % 2 == 0 else 39
        turn = math.radians(72 + k * 9.2)
        ring.append((reach * math.cos(turn), reach * 0.92 * math.sin(turn)))
    back.poly([*ring, (10, 20)], paint.shade)
    back.oval(-2, 2, 33, 31, paint.accent)


def _shell(pen: Pen, paint: Paint) -> None:
    back = pen.moved(6, -9)
    back.oval(-4, 0, 41, 32, paint.shade)
    back.oval(-7, -1, 33, 25, paint.accent)
    for x, y in ((-29, -8), (-33, 8), (-21, 18)):
        back.oval(x, y, 6.5, 6.5, paint.shade)


TAILS: dict[str, Callable[[Pen, Paint], None]] = {
    "none": _no_tail,
    "brush": _brush,
    "puff": _puff,
    "curl": _curl,
    "corkscrew": _corkscrew,
    "tassel": _tassel,
    "wag": _wag,
    "string": _string,
    "upturned": _upturned,
    "spines": _spines,
    "shell": _shell,
}
# What is as large as the body behind which it lies.
BACKS = ("spines", "shell")
