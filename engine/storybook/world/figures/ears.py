"""Ears, antlers and horns: shapes drawn behind a head."""

from __future__ import annotations

from collections.abc import Callable

from .builds import Paint
from .pen import Pen

INK = "#2A2633"


def _no_ears(pen: Pen, paint: Paint, w: float, h: float) -> None:
    """Frog, penguin and lion have none that show."""


def _pointed_ears(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        tip = (side * w * 0.74, -h * 1.72)
        pen.poly([(side * w * 0.98, -h * 0.05), tip, (side * w * 0.14, -h * 0.8)], paint.coat)
        inner = (side * w * 0.7, -h * 1.34)
        pen.poly([(side * w * 0.8, -h * 0.4), inner, (side * w * 0.36, -h * 0.8)], INK)


def _cat_ears(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.poly(
            [(side * w * 0.99, -h * 0.1), (side * w * 0.92, -h * 1.5), (side * w * 0.1, -h * 0.85)],
            paint.coat,
        )
        pen.poly(
            [(side * w * 0.85, -h * 0.5), (side * w * 0.83, -h * 1.2), (side * w * 0.4, -h * 0.8)],
            paint.accent,
        )


def _round_ears(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 0.8, -h * 0.84, 12.5, 12.5, paint.coat)
        pen.oval(side * w * 0.8, -h * 0.84, 7, 7, paint.light)


def _long_ears(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        ear = pen.moved(side * w * 0.42, -h * 0.7, side * 9)
        ear.oval(0, -19, 8.6, 23, paint.shade if side < 0 else paint.coat)
        ear.oval(0, -18, 4.6, 17, paint.accent)


def _tufts(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.poly(
            [(side * w * 0.97, -h * 0.1), (side * w * 0.86, -h * 1.24), (side * w * 0.2, -h * 0.9)],
            paint.shade,
        )


def _flaps(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.blob(
            [
                (side * w * 0.3, -h * 0.82),
                (side * w * 0.75, -h * 1.32),
                (side * w * 1.08, -h * 0.95),
                (side * w * 0.85, -h * 0.5),
            ],
            paint.shade,
        )


def _floppy(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.stroke([(side * w * 0.62, -h * 0.72), (side * w * 1.05, -h * 0.5)], 15, paint.shade)
        pen.oval(side * w * 1.18, h * 0.05, 10, 21, paint.shade, turn=-side * 12)


def _discs(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 0.98, -h * 1.02, 20, 20, paint.coat if side > 0 else paint.shade)
        pen.oval(side * w * 0.98, -h * 1.02, 13, 13, paint.accent)


def _quiff(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for x, turn in ((-5, -34), (3, -6)):
        pen.oval(x, -h * 1.08, 4.6, 11, paint.shade, turn=turn)


def _woolly(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 1.4, -h * 0.05, 14, 7, paint.shade, turn=side * 22)


def _horned(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        horn = [
            (side * w * 0.4, -h * 0.8),
            (side * w * 0.86, -h * 1.05),
            (side * w * 0.84, -h * 1.5),
        ]
        pen.curve(horn, 9, paint.accent)
        pen.oval(side * w * 1.2, -h * 0.34, 14, 8, paint.shade, turn=side * 14)


def _fans(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 1.12, -h * 0.06, 24, 27, paint.shade)
        pen.oval(side * w * 1.16, -h * 0.02, 16, 19, paint.accent)


def _antlers(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        beam = [
            (side * w * 0.34, -h * 0.7),
            (side * w * 0.62, -h * 1.45),
            (side * w * 1.2, -h * 2.1),
        ]
        pen.curve(beam, 7.4, paint.accent)
        pen.stroke([(side * w * 0.58, -h * 1.4), (side * w * 0.26, -h * 2.0)], 6.6, paint.accent)
        pen.oval(side * w * 1.22, -h * 0.42, 14, 7.5, paint.shade, turn=-side * 18)


EARS: dict[str, Callable[[Pen, Paint, float, float], None]] = {
    "none": _no_ears,
    "pointed": _pointed_ears,
    "cat": _cat_ears,
    "round": _round_ears,
    "long": _long_ears,
    "tufts": _tufts,
    "flaps": _flaps,
    "floppy": _floppy,
    "discs": _discs,
    "quiff": _quiff,
    "woolly": _woolly,
    "horned": _horned,
    "fans": _fans,
    "antlers": _antlers,
}
