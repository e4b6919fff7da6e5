"""What somebody has on -> how it is cut, and its shapes over a body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..people import PersonLook, table
from .pen import Pen

_LINEN, _LINEN_SHADE = "#F7F4EC", "#D8D2C6"
_STEEL, _STEEL_SHADE, _STEEL_LIGHT = "#A9B2C2", "#7E8799", "#D5DBE6"
_TROUSERS = {  # what goes with a colour without vanishing in it
    "blue": ("#4A4652", "#33303C"), "black": ("#5A5F6E", "#434755"),
    "grey": ("#3E4660", "#2C3349"), "white": ("#5A6B96", "#445278"),
}  # fmt: skip
_PLAIN_TROUSERS = ("#4B5675", "#374059")
_SHOE = "#2E2B36"


class Body(Protocol):
    """Where a body's shoulders and hips are, and how broad; see `people.Frame`."""

    @property
    def shoulders(self) -> float: ...
    @property
    def broad(self) -> float: ...
    @property
    def hips(self) -> float: ...
    @property
    def girth(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Cut:
    """A garment's colours and shape; `hem` is where a skirt ends, None without one."""

    garment: str
    cloth: str
    shade: str
    sleeve: str
    legs: tuple[str, str]
    hem: float | None = None
    flare: float = 1.3
    loose: float = 1.15
    bare_arms: bool = False
    bare_legs: bool = False
    shoe: str = _SHOE


def trousers_of(colour: str) -> tuple[str, str]:
    """Return what is worn with a colour, and its shade."""
    return _TROUSERS.get(colour, _PLAIN_TROUSERS)


def cut_of(look: PersonLook) -> Cut:
    """Return how a look's garment is cut."""
    cloth, shade = table().paint[look.colour]
    trousers = trousers_of(look.colour)
    match look.garment:
        case "coat":
            return Cut("coat", cloth, shade, cloth, trousers, hem=86, flare=1.55, loose=1.35)
        case "dress":
            return Cut(
                "dress", cloth, shade, cloth, trousers, hem=84, flare=2.1, bare_arms=True,
                bare_legs=True,
            )  # fmt: skip
        case "suit":
            return Cut("suit", cloth, shade, shade, (cloth, shade), hem=75, flare=1.1)
        case "apron":
            return Cut("apron", cloth, shade, _LINEN, trousers, hem=86, flare=1.25)
        case "armour":
            steel = (_STEEL, _STEEL_SHADE)
            return Cut("armour", _STEEL, cloth, _STEEL_SHADE, steel, loose=1.4, shoe=_STEEL_SHADE)
        case "robe":
            return Cut("robe", cloth, shade, shade, trousers, hem=97, flare=1.75, loose=1.7)
        case "uniform":
            return Cut("uniform", cloth, shade, shade, (shade, shade), hem=76, flare=1.15)
    child = look.age == "child"
    return Cut("shirt", cloth, shade, cloth, trousers, bare_arms=child, bare_legs=False)


def draw_skirt(pen: Pen, body: Body, cut: Cut, *, seated: bool) -> None:
    """Draw what hangs from the waist."""
    if cut.hem is None:
        return
    hem = min(cut.hem, body.hips + 9) if seated else cut.hem
    waist = (body.shoulders + body.hips) / 2 + 2
    half, wide = body.girth, body.girth * cut.flare
    cloth = _LINEN if cut.garment == "apron" else cut.cloth
    pen.poly([(-half, waist), (half, waist), (wide, hem), (-wide, hem)], cloth)
    if cut.garment == "apron":
        pen.poly([(-half * 0.9, waist), (half, waist), (wide, hem), (-wide * 0.8, hem)], cut.cloth)
        return
    if hem - waist > 8:
        pen.poly([(-wide, hem), (wide, hem), (wide, hem - 3), (-wide, hem - 3)], cut.shade)


def draw_bodice(pen: Pen, body: Body, cut: Cut, skin: str) -> None:
    """Draw what lies on the breast and tells one garment from another.

    In a close-up shoulders are all that is seen, at times under a hood: there each has its own.
    """
    top, low, half, broad = body.shoulders, body.hips, body.girth, body.broad
    waist = (top + low) / 2 + 2
    match cut.garment:
        case "coat":
            pen.poly([(-2, top), (9, top), (6, top + 13)], _LINEN)
            wide = broad * 0.72
            pen.poly([(-5, top - 3), (-wide, top + 5), (-4, top + 15), (4, top + 13)], cut.shade)
            pen.poly([(10, top - 2), (wide + 4, top + 5), (10, top + 15), (5, top + 13)], cut.shade)
            pen.stroke([(4, top + 14), (4, cut.hem or low)], 1.8, cut.shade)
            pen.stroke([(-half * 1.02, waist + 6), (half * 1.02, waist + 6)], 4.4, cut.shade)
            pen.oval(4, waist + 6, 3, 3, "#E8C766")
        case "suit":
            pen.poly([(-4, top), (10, top), (4, top + 17)], _LINEN)
            pen.poly([(2.2, top + 2), (5.8, top + 2), (6.2, top + 12), (4, top + 16)], "#C23B45")
            pen.stroke([(-5, top + 1), (3.6, top + 17)], 4.4, cut.shade)
            pen.stroke([(11, top + 1), (4.4, top + 17)], 4.4, cut.shade)
            pen.stroke([(4, top + 17), (4, low + 3)], 1.6, cut.shade)
            pen.poly(
                [(-broad * 0.78, top + 7), (-broad * 0.4, top + 6), (-broad * 0.6, top + 12)],
                _LINEN,
            )
        case "uniform":
            pen.stroke([(4, top + 3), (4, low + 4)], 1.8, cut.shade)
            for y in (top + 6, top + 12, top + 18):
                pen.oval(8, y, 1.9, 1.9, "#F2CE5E")
                pen.oval(0, y, 1.9, 1.9, "#F2CE5E")
            pen.stroke([(-half, low - 3), (half, low - 3)], 4.2, "#2E2B36")
            pen.oval(-half * 0.62, top + 8, 2.9, 3.2, "#F2CE5E")
            for side in (-1, 1):
                x = side * broad * 0.8
                pen.stroke([(x - 3, top + 3), (x + 3, top + 4)], 3.6, "#F2CE5E")
        case "armour":
            pen.oval(2, top + 11, half * 0.9, 11, _STEEL_LIGHT)
            pen.stroke([(2, top + 4), (2, waist + 4)], 5.5, cut.shade)
            for side in (-1, 1):
                pen.oval(side * broad * 0.92, top + 6.5, 8.2, 7.2, cut.shade)
                pen.oval(side * broad * 0.92, top + 4.5, 6.4, 5.4, _STEEL_LIGHT)
            pen.oval(1, top, broad * 0.6, 4.2, cut.shade)
            pen.poly([(-half, waist + 4), (half, waist + 4), (half, low), (-half, low)], cut.shade)
            pen.stroke([(-half, waist + 3), (half, waist + 3)], 3, _STEEL_SHADE)
        case "robe":
            pen.stroke([(-half * 1.05, waist + 5), (half * 1.05, waist + 5)], 4.4, "#E8C766")
            pen.blob(
                [(-broad * 1.1, top + 9), (-broad * 0.6, top - 1), (broad * 0.6, top - 1),
                 (broad * 1.1, top + 9), (3, top + 16)],
                cut.shade,
            )  # fmt: skip
            edge = [(-broad * 1.08, top + 10), (3, top + 15.5), (broad * 1.08, top + 10)]
            pen.stroke(edge, 2.2, "#E8C766")
            pen.poly([(-3, top - 1), (9, top - 1), (3, top + 7)], cut.cloth)
        case "apron":
            pen.poly([(-broad, top + 3), (-6, top), (-6, low), (-half, low)], _LINEN)
            pen.poly([(broad, top + 3), (9, top), (9, low), (half, low)], _LINEN_SHADE)
            pen.poly(
                [(-6, top + 6), (9, top + 6), (half * 0.92, low), (-half * 0.8, low)], cut.cloth
            )
            pen.stroke([(-half, waist + 5), (half, waist + 5)], 3, cut.shade)
            pen.poly([(-2, low + 2), (8, low + 2), (7, low + 8), (-1, low + 8)], cut.shade)
        case "dress":
            for side in (-1, 1):
                pen.oval(side * broad * 0.95, top + 5.5, 6.4, 6.0, cut.shade)
            pen.oval(1, top + 1, broad * 0.66, 7.6, cut.shade)
            pen.oval(1, top, broad * 0.56, 6.4, skin)
            pen.stroke([(-half, waist + 2), (half, waist + 2)], 3.6, cut.shade)
        case _:
            pen.poly([(-5, top - 1), (2, top - 1), (4, top + 5), (-3, top + 8)], cut.shade)
            pen.poly([(11, top - 1), (6, top - 1), (4, top + 5), (10, top + 8)], cut.shade)
            pen.stroke([(4, top + 5), (4, low)], 1.6, cut.shade)
            pen.stroke([(-half * 0.98, low - 1), (half * 0.98, low - 1)], 3.6, cut.legs[1])
