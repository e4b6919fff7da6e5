"""What a figure wears or carries -> shapes on the pen of its head or of its hand."""

from __future__ import annotations

import math

from ..vocabulary import Accessory
from .pen import Pen

COLOURS: dict[str, tuple[str, str]] = {  # a colour and its darker shade
    "red": ("#DE2F3A", "#A81D2B"),
    "blue": ("#2E72E0", "#1D4FA8"),
    "green": ("#2EA653", "#1D7A3B"),
    "yellow": ("#FFCB2B", "#D99A0B"),
}
_GLASS, _PAPER, _STICK = "#FFF2B0", "#F8F3E6", "#4A4450"
_HALF_TURN = [math.pi * k / 20 for k in range(21)]


def draw_on_crown(pen: Pen, wear: Accessory) -> None:
    """Draw a hat or a bow; the pen's origin is where it sits on the head."""
    fill, shade = COLOURS[wear.colour]
    if wear.item == "hat":
        pen.poly([(-13, 2), (13, 2), (11, -21), (-11, -21)], fill)
        pen.poly([(-13, 2), (13, 2), (12.2, -7), (-12.2, -7)], shade)
        pen.oval(0, 2, 23, 5.5, fill)
    elif wear.item == "bow":
        knot = pen.moved(-11, 0, -10)
        for side in (-1, 1):
            wing = [(0.0, 0.0), (side * 18.0, -10.0), (side * 18.0, 10.0), (0.0, 0.0)]
            knot.poly(wing, fill)
            knot.stroke(wing, 6, fill)
        knot.oval(0, 0, 6.5, 7.5, shade)


def draw_scarf(pen: Pen, wear: Accessory, half_width: float, *, hanging: bool) -> None:
    """Draw a scarf; the pen's origin is the neck."""
    if wear.item != "scarf":
        return
    fill, shade = COLOURS[wear.colour]
    reach = half_width * 0.66
    if hanging:
        pen.stroke([(reach * 0.5, 2), (reach * 0.72, 23)], 12, shade)
    pen.curve([(-reach, -3), (-reach * 0.5, 3), (0, 5), (reach * 0.5, 3), (reach, -3)], 13, fill)


def draw_in_hand(pen: Pen, wear: Accessory) -> None:
    """Draw what is held at the pen's origin; what is worn elsewhere is not drawn here."""
    fill, shade = COLOURS[wear.colour]
    match wear.item:
        case "lantern":
            _lantern(pen, fill, shade)
        case "book":
            pen.moved(2, 2, 12).poly([(-9, -11), (9, -11), (9, 11), (-9, 11)], fill)
            pen.moved(2, 2, 12).poly([(-9, -11), (-5, -11), (-5, 11), (-9, 11)], shade)
            pen.moved(2, 2, 12).stroke([(-1, -4), (5, -4)], 2.2, _PAPER)
        case "letter":
            pen.moved(2, 1, -8).poly([(-11, -8), (11, -8), (11, 8), (-11, 8)], _PAPER)
            pen.moved(2, 1, -8).poly([(-11, -8), (11, -8), (0, 3)], shade)
            pen.moved(2, 1, -8).oval(0, 2, 3, 3, fill)
        case "umbrella":
            pen.stroke([(0, 6), (0, -62)], 2.6, _STICK)
            dome = [(30 * math.cos(t), -46 - 20 * math.sin(t)) for t in _HALF_TURN]
            pen.poly(dome, fill)
            pen.poly([(0.36 * x, y) for x, y in dome], shade)
        case "ball":
            pen.oval(3, 3, 10, 10, fill)
            pen.stroke([(-6, 0), (12, 6)], 3.4, shade)
        case "box":
            pen.poly([(-12, -9), (14, -9), (14, 12), (-12, 12)], fill)
            pen.stroke([(1, -9), (1, 12)], 4, shade)
            pen.poly([(-13, -11), (15, -11), (15, -7), (-13, -7)], shade)


def _lantern(pen: Pen, fill: str, shade: str) -> None:
    pen.stroke([(-5, 5), (0, 0), (5, 5)], 4, shade)
    pen.poly([(-11, 6), (11, 6), (14, 29), (-14, 29)], fill)
    pen.oval(0, 18, 8, 8.5, _GLASS)
    pen.poly([(-13, 27), (13, 27), (13, 32), (-13, 32)], shade)
