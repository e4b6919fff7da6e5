"""Faces: what lies on a head beneath the eyes; the origin is the middle of the turned face."""

from __future__ import annotations

import math
from collections.abc import Callable

from .builds import Paint
from .pen import Pen

INK = "#2A2633"
WHITE = "#FFFFFF"
BLUSH = "#F0909A"


def _nose(pen: Pen, y: float, rx: float, colour: str) -> None:
    pen.oval(2, y, rx, rx * 0.74, colour)


def _fox_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.blob(
            [
                (side * 2, h * 0.34),
                (side * w * 0.62, h * 0.16),
                (side * w * 0.96, h * 0.44),
                (side * w * 0.5, h * 0.9),
                (0, h * 0.98),
            ],
            paint.light,
        )
    pen.oval(2, h * 0.5, 12, h * 0.44, paint.light)
    _nose(pen, h * 0.46, 5.4, INK)


def _owl_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * 14, 0, 15.5, 16, paint.light)
    pen.poly([(-5.5, 9), (9.5, 9), (2, 22)], paint.accent)


def _bear_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(2, h * 0.46, 14.5, 11.5, paint.light)
    _nose(pen, h * 0.3, 6.4, INK)


def _rabbit_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    _cheeks(pen, w, h)
    pen.oval(2, h * 0.56, 8, 6.5, paint.light)
    _nose(pen, h * 0.42, 4.2, "#E5657F")


def _frog_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * 19 - 1, -h * 0.86, 14.5, 14, paint.coat)
    pen.oval(0, h * 0.46, w * 0.72, h * 0.44, paint.light)
    pen.curve([(-w * 0.52, h * 0.1), (0, h * 0.5), (w * 0.58, h * 0.06)], 4.2, paint.shade)


def _cat_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        for drop in (0, 5):
            start = (side * w * 0.5, h * 0.42 + drop)
            end = (side * w * 1.12 - 4, h * 0.3 + drop * 2)
            pen.stroke([start, end], 1.9, paint.light)
    pen.oval(2, h * 0.56, 11, 7.5, paint.light)
    _nose(pen, h * 0.4, 4.6, paint.accent)


def _penguin_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 0.36, h * 0.14, w * 0.44, h * 0.62, WHITE)
    pen.poly([(-5, h * 0.3), (9, h * 0.24), (14, h * 0.46), (2, h * 0.66)], paint.accent)


def _pig_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    _cheeks(pen, w, h)
    pen.oval(3, h * 0.36, 13.5, 10, paint.shade)
    for side in (-1, 1):
        pen.oval(3 + side * 5, h * 0.36, 2.6, 4, INK)


def _lion_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    # The mane is part of the head, so it must cover what the head has drawn so far.
    mane = pen.moved(-5, 0)
    for k in range(12):
        petal = mane.moved(0, 0, k * 30)
        petal.oval(0, -29, 10, 11.5, paint.accent)
    mane.oval(0, 0, 31, 30, paint.accent)
    mane.oval(1, 0, w, h, paint.coat)
    pen.oval(2, h * 0.5, 12.5, 9.5, paint.light)
    _nose(pen, h * 0.32, 5.6, INK)


def _cheeks(pen: Pen, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 0.66 - 2, h * 0.42, 5, 4, BLUSH)


def _dog_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(-12, -h * 0.16, 13, 14, paint.shade)
    pen.oval(3, h * 0.76, 5, 8.5, paint.accent)
    pen.oval(2, h * 0.5, 15, 10.5, paint.light)
    _nose(pen, h * 0.3, 7, INK)


def _mouse_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(3, h * 0.5, 12, 8.5, paint.light)
    pen.oval(6, h * 0.36, 5, 4.4, "#E5657F")


def _hedgehog_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.blob(
        [(-6, h * 0.2), (14, h * 0.05), (27, h * 0.34), (14, h * 0.7), (-6, h * 0.7)], paint.light
    )
    pen.oval(24, h * 0.3, 6, 5.4, INK)


def _duck_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(8, h * 0.62, 12, 5.5, "#D9641A")
    pen.oval(9, h * 0.44, 18, 7.5, paint.accent)


def _sheep_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    fleece = pen.moved(-4, 0)
    for k in range(7):
        turn = math.radians(180 + k * 30)
        fleece.oval(w * 1.04 * math.cos(turn), h * 0.84 * math.sin(turn) - 4, 11.5, 11, paint.coat)
    fleece.oval(1, h * 0.2, w * 0.98, h * 0.92, paint.shade)
    fleece.oval(-1, -h * 0.78, 13, 8, paint.coat)
    pen.oval(0, h * 0.66, 5, 3.8, BLUSH)


def _cow_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(-13, -h * 0.26, 13, 14, paint.shade)
    pen.oval(2, h * 0.56, 20, 12.5, paint.light)
    for side in (-1, 1):
        pen.oval(2 + side * 8, h * 0.54, 3.2, 4.2, "#8C4A58")


def _elephant_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.curve(
        [(2, h * 0.1), (5, h * 0.62), (11, h * 1.12), (25, h * 1.22), (33, h * 0.86)],
        14,
        paint.shade,
    )
    pen.curve([(2, h * 0.02), (4, h * 0.6), (10, h * 1.02)], 12, paint.coat)


def _turtle_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    _cheeks(pen, w, h)
    pen.curve([(-9, h * 0.44), (2, h * 0.62), (14, h * 0.4)], 4.2, paint.shade)


def _deer_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(2, h * 0.54, 12, 9.5, paint.light)
    _nose(pen, h * 0.42, 6.2, INK)


FACES: dict[str, Callable[[Pen, Paint, float, float], None]] = {
    "fox": _fox_face,
    "owl": _owl_face,
    "bear": _bear_face,
    "rabbit": _rabbit_face,
    "frog": _frog_face,
    "cat": _cat_face,
    "penguin": _penguin_face,
    "pig": _pig_face,
    "lion": _lion_face,
    "dog": _dog_face,
    "mouse": _mouse_face,
    "hedgehog": _hedgehog_face,
    "duck": _duck_face,
    "sheep": _sheep_face,
    "cow": _cow_face,
    "elephant": _elephant_face,
    "turtle": _turtle_face,
    "deer": _deer_face,
}
