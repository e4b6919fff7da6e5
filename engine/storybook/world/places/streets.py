"""Places outdoors where people meet -> their drawings on a stage."""

from __future__ import annotations

from collections.abc import Callable

from .stage import PlaceCanvas

_WALLS = ("#D9A98C", "#A9BFA8", "#E0C58C", "#B4B0CF")


def _street(s: PlaceCanvas) -> None:
    s.sky("#DCEBF4")
    walls = list(_WALLS)
    s.chance.shuffle(walls)
    x = -0.05
    for k, wall in enumerate(walls):
        wide, top = 0.42, 0.06 + 0.07 * ((k * 3) % 4)
        s.block(x, top, x + wide, 0.66, wall)
        for row in range(3):
            y = top + 0.06 + row * 0.15
            for at in (0.26, 0.74):
                if y < 0.46:
                    middle = x + wide * at
                    s.window(middle - 0.05, y, middle + 0.05, y + 0.1, "#8EA3BA")
        s.block(x + wide / 2 - 0.055, 0.5, x + wide / 2 + 0.055, 0.66, "#6E4A3A")
        x += wide
    s.ground("#B9B6B2", 0.66)
    s.ground("#6C6F78", 0.74)
    for k in range(5):
        at = (k + 0.5) * s.width / 5
        s.block(at - 0.08, 0.86, at + 0.08, 0.885, "#E9E4D4")
    post = s.side()
    s.block(post - 0.014, 0.24, post + 0.014, 0.72, "#3B3F4A")
    s.glow(post, 0.22, 0.045)


def _alley(s: PlaceCanvas) -> None:
    s.sky("#C6D2DC")
    x = s.width / 2 + s.between(-0.08, 0.08)
    s.block(x - 0.2, 0.2, x + 0.2, 0.62, "#8E8A96")
    s.pen.poly([(0, 0), (x - 0.34, 0), (x - 0.2, 0.2), (x - 0.2, 0.62), (0, 0.84)], "#8A5F4F")
    s.pen.poly(
        [(s.width, 0), (x + 0.34, 0), (x + 0.2, 0.2), (x + 0.2, 0.62), (s.width, 0.84)], "#74503F"
    )
    for row in range(4):
        for k in range(3):
            left, y = 0.04 + k * 0.15 + 0.06 * (row % 2), 0.1 + row * 0.15
            if left < x - 0.36:
                s.block(left, y, left + 0.09, y + 0.045, "#9B705F")
            far = s.width - left - 0.09
            if far > x + 0.3:
                s.block(far, y, far + 0.09, y + 0.045, "#856050")
    s.pen.poly(
        [(x - 0.2, 0.62), (x + 0.2, 0.62), (s.width, 0.84), (s.width, 1), (0, 1), (0, 0.84)],
        "#5F6069",
    )
    bin_ = 0.2 if s.chance.random() < 0.5 else s.width - 0.2
    s.block(bin_ - 0.1, 0.56, bin_ + 0.1, 0.78, "#4E6B5C")
    s.block(bin_ - 0.115, 0.53, bin_ + 0.115, 0.58, "#3C5548")
    s.glow(x, 0.27, 0.04)


def _park(s: PlaceCanvas) -> None:
    s.sky("#CFEAF3")
    s.sun(s.between(0.3, s.width - 0.3), s.between(0.1, 0.15), 0.075, "#FFDD6B")
    for k in range(5):
        s.pen.oval(k * s.width / 4, 0.48, 0.24, 0.14, "#7DB274")
    s.ground("#9DCC7E", 0.56)
    s.pen.poly(
        [(0.2, 1), (s.width - 0.2, 1), (s.width * 0.56, 0.56), (s.width * 0.46, 0.56)], "#E2CFA2"
    )
    tree = s.side()
    s.pen.stroke([(tree, 0.3), (tree, 0.68)], 0.055, "#8A5F42")
    s.pen.oval(tree, 0.26, 0.17, 0.18, "#559A54")
    x = s.width - tree
    for y in (0.52, 0.58):
        s.block(x - 0.18, y, x + 0.18, y + 0.035, "#A9714A")
    s.block(x - 0.19, 0.64, x + 0.19, 0.675, "#8C5B3A")
    for side in (-1, 1):
        s.block(x + side * 0.15 - 0.016, 0.5, x + side * 0.15 + 0.016, 0.75, "#4A4450")


def _harbour(s: PlaceCanvas) -> None:
    s.sky("#CFE4EE")
    s.sun(s.between(0.3, s.width - 0.3), s.between(0.1, 0.15), 0.075, "#FFDD6B")
    s.ground("#4F9BBF", 0.46)
    for k in range(4):
        s.block(
            k * 0.42 + 0.08,
            0.54 + 0.03 * (k % 2),
            k * 0.42 + 0.26,
            0.56 + 0.03 * (k % 2),
            "#79B8D4",
        )
    x = s.side()
    far = s.width - x
    s.pen.poly([(x - 0.26, 0.46), (x + 0.26, 0.46), (x + 0.19, 0.6), (x - 0.19, 0.6)], "#B0413E")
    s.block(x - 0.25, 0.46, x + 0.25, 0.485, "#F5EBD8")
    s.block(x - 0.013, 0.1, x + 0.013, 0.46, "#6E4A30")
    s.pen.poly([(x + 0.02, 0.12), (x + 0.02, 0.42), (x + 0.22, 0.42)], "#FBF6EC")
    s.pen.poly([(x - 0.02, 0.18), (x - 0.02, 0.42), (x - 0.16, 0.42)], "#E9DFCB")
    s.pen.poly(
        [(far - 0.055, 0.46), (far + 0.055, 0.46), (far + 0.04, 0.14), (far - 0.04, 0.14)],
        "#F5EBD8",
    )
    s.block(far - 0.05, 0.24, far + 0.05, 0.32, "#C4504A")
    s.glow(far, 0.11, 0.035)
    s.ground("#A98561", 0.68)
    for k in range(6):
        s.block(k * s.width / 6 + 0.1, 0.68, k * s.width / 6 + 0.115, 1, "#8A6947")
    for at in (0.1, s.width - 0.1):
        s.block(at - 0.04, 0.58, at + 0.04, 0.76, "#6E5138")


def _road(s: PlaceCanvas) -> None:
    s.sky("#D4EAF5")
    s.sun(s.between(0.3, s.width - 0.3), s.between(0.1, 0.15), 0.075, "#FFDD6B")
    s.hill(s.between(0.2, 0.5), 0.6, 0.12, "#9CBF85")
    s.hill(s.between(1.0, 1.3), 0.55, 0.09, "#8AB077")
    s.ground("#C9C27E", 0.6)
    x = s.width / 2 + s.between(-0.06, 0.06)
    s.pen.poly([(x - 0.04, 0.6), (x + 0.04, 0.6), (s.width - 0.1, 1), (0.1, 1)], "#7B7E87")
    for y, half in ((0.66, 0.008), (0.75, 0.014), (0.88, 0.024)):
        s.pen.poly(
            [
                (x - half, y),
                (x + half, y),
                (x + half * 1.4, y + half * 4),
                (x - half * 1.4, y + half * 4),
            ],
            "#F1EBD6",
        )
    post = s.side()
    s.block(post - 0.014, 0.4, post + 0.014, 0.74, "#8A8F99")
    s.pen.oval(post, 0.36, 0.08, 0.075, "#C4504A")
    s.pen.oval(post, 0.36, 0.055, 0.052, "#FBF6EC")


STREETS: dict[str, Callable[[PlaceCanvas], None]] = {
    "street": _street,
    "alley": _alley,
    "park": _park,
    "harbour": _harbour,
    "road": _road,
}
