"""Rooms -> their drawings on a stage: a wall, a floor, and the few things that tell which it is.

By night they are seen by lamp light, with dark windows: nobody who plays a scene sits in the dark.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from .stage import PlaceCanvas

_FLOOR = 0.66
_WOOD, _WOOD_SHADE, _WOOD_DARK = "#B98557", "#946740", "#6E4A30"


def _walls(s: PlaceCanvas, wall: str, floor: str, skirting: str) -> None:
    s.ground(wall, 0)
    s.ground(skirting, _FLOOR - 0.03)
    s.ground(floor, _FLOOR)


def _glazed(s: PlaceCanvas, left: float, top: float, right: float, bottom: float) -> None:
    """A window with a cross of bars, through which one sees the day or the night."""
    s.block(left - 0.025, top - 0.025, right + 0.025, bottom + 0.025, "#FFF8EC")
    s.pane(left, top, right, bottom)
    x, y = (left + right) / 2, (top + bottom) / 2
    s.block(x - 0.012, top, x + 0.012, bottom, "#FFF8EC")
    s.block(left, y - 0.012, right, y + 0.012, "#FFF8EC")


def _door(s: PlaceCanvas, x: float, colour: str, shade: str) -> None:
    s.block(x - 0.13, 0.2, x + 0.13, _FLOOR, shade)
    s.block(x - 0.11, 0.22, x + 0.11, _FLOOR, colour)
    s.pen.oval(x + 0.075, 0.46, 0.014, 0.014, "#F2CE5E")


def _living_room(s: PlaceCanvas) -> None:
    _walls(s, "#F0DCBE", "#B98557", "#FFF5E2")
    x = s.side()
    far = s.width - x
    _glazed(s, far - 0.14, 0.12, far + 0.14, 0.4)
    for side in (-1, 1):
        s.block(far + side * 0.2 - 0.05, 0.07, far + side * 0.2 + 0.05, 0.6, "#C65B4E")
    s.block(s.width / 2 - 0.1, 0.16, s.width / 2 + 0.1, 0.32, _WOOD_DARK)
    s.block(s.width / 2 - 0.08, 0.18, s.width / 2 + 0.08, 0.3, "#9CC3A5")
    # A sofa: back, arms, seat.
    s.block(x - 0.26, 0.42, x + 0.26, 0.72, "#4E8588")
    s.block(x - 0.22, 0.56, x + 0.22, 0.7, "#67A3A5")
    for side in (-1, 1):
        s.block(x + side * 0.26 - 0.05, 0.5, x + side * 0.26 + 0.05, 0.74, "#3F6F72")
    s.pen.oval(s.width / 2, 0.86, 0.5, 0.09, "#D9A35B")
    s.lamp(s.width / 2 + (0.22 if far > x else -0.22), 0.3, 0.1)


def _bedroom(s: PlaceCanvas) -> None:
    _walls(s, "#C9D6EA", "#A98A6A", "#F3F6FB")
    x = s.side()
    far = s.width - x
    _glazed(s, far - 0.13, 0.12, far + 0.13, 0.4)
    side = 1 if x < far else -1
    s.block(x - 0.3, 0.34, x + 0.3, 0.72, _WOOD_DARK)
    s.block(x - 0.27, 0.5, x + 0.27, 0.76, "#FBF6EC")
    s.block(x - 0.27, 0.58, x + 0.27, 0.8, "#7E6BB5")
    for at in (-0.13, 0.13):
        s.pen.oval(x + at, 0.5, 0.1, 0.05, "#FFFFFF")
    s.block(x + side * 0.4 - 0.07, 0.54, x + side * 0.4 + 0.07, 0.72, _WOOD)
    s.lamp(x + side * 0.4, 0.42, 0.07)
    s.pen.oval(s.width / 2, 0.88, 0.4, 0.07, "#E6B8C2")


def _kitchen(s: PlaceCanvas) -> None:
    _walls(s, "#F5E6B8", "#D8CDBE", "#FFFBEF")
    for row in range(2):
        for k in range(6):
            if (k + row) % 2:
                wide = s.width / 6
                top = _FLOOR + row * 0.17
                s.block(k * wide, top, (k + 1) * wide, top + 0.17, "#BFB19E")
    far = s.side()
    _glazed(s, far - 0.13, 0.1, far + 0.13, 0.34)
    s.block(0, 0.5, s.width, 0.74, "#6FA08C")
    s.block(0, 0.47, s.width, 0.51, "#F7F4EC")
    for k in range(7):
        x = (k + 0.5) * s.width / 7
        s.block(x - 0.085, 0.54, x + 0.085, 0.71, "#86B7A3")
        s.block(x + 0.045, 0.6, x + 0.06, 0.65, "#F2CE5E")
    stove = s.width - far
    s.block(stove - 0.16, 0.47, stove + 0.16, 0.74, "#8A92A3")
    s.block(stove - 0.11, 0.56, stove + 0.11, 0.7, "#3E4452")
    s.block(stove - 0.06, 0.36, stove + 0.08, 0.47, "#C4504A")
    s.block(stove - 0.18, 0.06, stove + 0.18, 0.22, "#8A92A3")
    s.lamp(s.width / 2, 0.12, 0.09)


def _office(s: PlaceCanvas) -> None:
    _walls(s, "#C8CCC4", "#7F766C", "#E7E8E2")
    far = s.side()
    s.block(far - 0.2, 0.1, far + 0.2, 0.44, "#F4F4F0")
    s.pane(far - 0.18, 0.12, far + 0.18, 0.42)
    for k in range(5):
        y = 0.14 + k * 0.06
        s.block(far - 0.2, y, far + 0.2, y + 0.02, "#F4F4F0")
    near = s.width - far
    s.block(near - 0.2, 0.18, near + 0.2, 0.66, _WOOD_DARK)
    books = ("#B84A44", "#3F6CA8", "#D2A544", "#4E8A62", "#7A4F8E")
    for row in range(3):
        top = 0.21 + row * 0.15
        for k in range(6):
            x = near - 0.17 + k * 0.057
            s.block(x, top + 0.01 * ((k + row) % 3), x + 0.045, top + 0.12, books[(k + row) % 5])
    x = s.width / 2
    s.block(x - 0.3, 0.56, x + 0.3, 0.61, _WOOD)
    s.block(x - 0.27, 0.61, x + 0.27, 0.78, _WOOD_SHADE)
    s.lamp(x + 0.2, 0.46, 0.06)


def _hallway(s: PlaceCanvas) -> None:
    _walls(s, "#D9C9B4", "#8E6B4E", "#F0E5D4")
    x = s.width / 2
    # Walls that draw together towards a door at the end.
    s.pen.poly([(x - 0.22, 0.2), (x + 0.22, 0.2), (x + 0.22, 0.6), (x - 0.22, 0.6)], "#C2B098")
    s.pen.poly([(0, 0), (x - 0.22, 0.2), (x - 0.22, 0.6), (0, 0.86)], "#E6D8C4")
    s.pen.poly([(s.width, 0), (x + 0.22, 0.2), (x + 0.22, 0.6), (s.width, 0.86)], "#CDBCA4")
    s.pen.poly(
        [(x - 0.22, 0.6), (x + 0.22, 0.6), (s.width, 0.86), (s.width, 1), (0, 1), (0, 0.86)],
        "#8E6B4E",
    )
    s.pen.poly([(x - 0.1, 0.6), (x + 0.1, 0.6), (x + 0.42, 1), (x - 0.42, 1)], "#B0483F")
    s.block(x - 0.09, 0.3, x + 0.09, 0.6, "#6B8C9E")
    s.pen.oval(x + 0.06, 0.46, 0.012, 0.012, "#F2CE5E")
    for side in (-1, 1):
        a, b = x + side * 0.4, x + side * 0.58
        s.pen.poly([(a, 0.28), (b, 0.2), (b, 0.78), (a, 0.68)], "#7C5A40")
    s.lamp(x, 0.1, 0.08)


def _classroom(s: PlaceCanvas) -> None:
    _walls(s, "#F0E8CF", "#C79A66", "#FFFAEA")
    x = s.width / 2 + s.between(-0.08, 0.08)
    s.block(x - 0.44, 0.1, x + 0.44, 0.46, _WOOD)
    s.block(x - 0.41, 0.13, x + 0.41, 0.43, "#2F6B4F")
    for y, long in ((0.2, 0.26), (0.28, 0.34), (0.36, 0.2)):
        s.block(x - 0.36, y, x - 0.36 + long, y + 0.018, "#F4F4EC")
    s.pen.oval(x + 0.22, 0.28, 0.07, 0.07, "#F4F4EC")
    s.pen.oval(x + 0.22, 0.28, 0.055, 0.055, "#2F6B4F")
    _glazed(s, 0.04, 0.14, 0.2, 0.4)
    s.pen.oval(s.width - 0.13, 0.2, 0.075, 0.075, "#FFFFFF")
    s.pen.stroke([(s.width - 0.13, 0.2), (s.width - 0.13, 0.15)], 0.016, "#33303C")
    s.pen.stroke([(s.width - 0.13, 0.2), (s.width - 0.09, 0.21)], 0.016, "#33303C")
    for k in range(3):
        at = s.width * (k + 0.5) / 3
        s.block(at - 0.16, 0.6, at + 0.16, 0.64, "#DDB27C")
        for side in (-1, 1):
            s.block(at + side * 0.13 - 0.015, 0.64, at + side * 0.13 + 0.015, 0.78, "#8A6A48")


def _bar(s: PlaceCanvas) -> None:
    _walls(s, "#7A4B3E", "#5B4032", "#5F382E")
    s.block(0.12, 0.1, s.width - 0.12, 0.46, "#53332B")
    bottles = ("#4E8A62", "#C8893C", "#8FB6C9", "#B84A44", "#D9C27A")
    for row in range(2):
        y = 0.26 + row * 0.18
        s.block(0.14, y, s.width - 0.14, y + 0.02, "#A5744A")
        for k in range(12):
            x = 0.2 + k * (s.width - 0.4) / 11
            colour = bottles[(k * 2 + row + s.chance.randrange(2)) % 5]
            s.block(x - 0.022, y - 0.09, x + 0.022, y, colour)
            s.block(x - 0.009, y - 0.13, x + 0.009, y - 0.09, colour)
    s.block(0, 0.56, s.width, 0.61, "#C08A54")
    s.block(0, 0.61, s.width, 0.78, "#8A5A38")
    for k in range(4):
        x = (k + 0.5) * s.width / 4
        s.pen.oval(x, 0.74, 0.075, 0.025, "#C4504A")
        s.block(x - 0.013, 0.75, x + 0.013, 0.9, "#B9B4AC")
    for x in (s.width * 0.27, s.width * 0.73):
        s.lamp(x, 0.08, 0.07)


def _shop(s: PlaceCanvas) -> None:
    _walls(s, "#DCE7DA", "#CBB79C", "#F5FAF2")
    goods = ("#D8654F", "#F0B94A", "#5E9CC8", "#7FB069", "#B07CC6")
    for left in (0.05, s.width / 2 + 0.08):
        right = left + s.width / 2 - 0.16
        s.block(left, 0.12, right, 0.64, "#C89B6A")
        for row in range(3):
            y = 0.16 + row * 0.16
            s.block(left + 0.03, y, right - 0.03, y + 0.13, "#8E6B48")
            for k in range(5):
                x = left + 0.05 + k * (right - left - 0.1) / 5
                colour = goods[(k + row * 2 + s.chance.randrange(2)) % 5]
                s.block(x, y + 0.03, x + 0.075, y + 0.13, colour)
    x = s.side()
    s.block(x - 0.24, 0.58, x + 0.24, 0.8, "#A8744C")
    s.block(x - 0.26, 0.55, x + 0.26, 0.6, "#E4C79C")
    s.block(x - 0.08, 0.45, x + 0.08, 0.55, "#596273")
    s.block(x - 0.05, 0.47, x + 0.05, 0.51, "#BFE0C0")
    s.lamp(s.width / 2, 0.08, 0.07)


def _castle_hall(s: PlaceCanvas) -> None:
    _walls(s, "#9C9CAC", "#777584", "#86869A")
    for row in range(6):
        for k in range(9):
            x = (k + 0.5 * (row % 2)) * s.width / 8 - 0.09
            if (k * 3 + row * 5) % 4 == 0:
                s.block(x, 0.04 + row * 0.1, x + 0.14, 0.1 + row * 0.1, "#8E8EA0")
    for side in (0.2, s.width - 0.2):
        s.block(side - 0.07, 0, side + 0.07, _FLOOR, "#B9B9C8")
        s.block(side - 0.09, 0.6, side + 0.09, _FLOOR + 0.02, "#A5A5B6")
    for k, x in enumerate((0.42, s.width - 0.42)):
        colour = ("#B23A48", "#2F5FA8")[(k + s.chance.randrange(2)) % 2]
        s.block(x - 0.08, 0.05, x + 0.08, 0.4, colour)
        s.pen.poly([(x - 0.08, 0.4), (x + 0.08, 0.4), (x, 0.48)], colour)
        s.pen.oval(x, 0.2, 0.04, 0.04, "#F2CE5E")
    x = s.width / 2
    s.block(x - 0.1, 0.12, x + 0.1, 0.42, "#6E6E80")
    arch = [(x + 0.085 * math.cos(t), 0.19 - 0.085 * math.sin(t)) for t in _HALF]
    s.pane_shape([(x - 0.085, 0.4), (x + 0.085, 0.4), *arch])
    s.pen.poly([(x - 0.12, _FLOOR), (x + 0.12, _FLOOR), (x + 0.4, 1), (x - 0.4, 1)], "#A8323E")


def _car(s: PlaceCanvas) -> None:
    s.ground("#454A58", 0)
    s.pane_shape([(0.16, 0.1), (s.width - 0.16, 0.1), (s.width - 0.04, 0.5), (0.04, 0.5)])
    horizon = 0.4
    left, right = 0.07, s.width - 0.07
    s.block(left, horizon, right, 0.5, "#7FA16B")
    x = s.width / 2
    s.pen.poly(
        [(x - 0.06, horizon), (x + 0.06, horizon), (x + 0.3, 0.5), (x - 0.3, 0.5)], "#8B8D93"
    )
    s.block(x - 0.1, 0.1, x + 0.1, 0.16, "#2E323D")
    s.ground("#5B6273", 0.5)
    s.ground("#3B404D", 0.56)
    wheel = s.side()
    s.pen.oval(wheel, 0.62, 0.17, 0.15, "#22252E")
    s.pen.oval(wheel, 0.62, 0.13, 0.11, "#3B404D")
    s.pen.stroke([(wheel - 0.14, 0.62), (wheel + 0.14, 0.62)], 0.035, "#22252E")
    for at in (s.width * 0.27, s.width * 0.73):
        s.block(at - 0.24, 0.8, at + 0.24, 1, "#8A4B3F")
        s.block(at - 0.21, 0.78, at + 0.21, 0.83, "#A8604F")


_HALF = [math.pi * k / 16 for k in range(17)]
ROOMS: dict[str, Callable[[PlaceCanvas], None]] = {
    "living-room": _living_room,
    "bedroom": _bedroom,
    "kitchen": _kitchen,
    "office": _office,
    "hallway": _hallway,
    "classroom": _classroom,
    "bar": _bar,
    "shop": _shop,
    "castle-hall": _castle_hall,
    "car": _car,
}
