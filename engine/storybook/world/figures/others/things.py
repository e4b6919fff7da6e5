"""A paint and a pose -> a thing that stands by itself: a car, a chair, a ball and the like.

Units are a thing's own hundredths, what it stands on at 100; it faces right. Of a pose they have
only how far their wheels have turned, and what turns or stretches the whole figure.
"""

from __future__ import annotations

import math

from ..builds import Paint
from ..pen import Pen
from ..pose import Pose

TYRE, HUB, GLASS, LIGHT, PAPER, STICK = (
    "#2E2B36", "#C3CBD6", "#BFE6F2", "#FFE9A0", "#FBF6EA", "#4A4450",
)  # fmt: skip


def draw_car(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a car from its side: windows, lamps, two wheels that turn."""
    pen.blob(
        [(-46, 62), (-36, 38), (-20, 31), (14, 31), (30, 42), (42, 60), (20, 66), (-30, 66)],
        paint.coat,
    )
    pen.poly([(-34, 58), (-27, 42), (-18, 38), (-6, 38), (-6, 58)], GLASS)
    pen.poly([(0, 38), (13, 38), (25, 46), (34, 58), (0, 58)], GLASS)
    pen.blob(
        [(-78, 66), (-64, 58), (40, 57), (68, 62), (80, 72), (79, 84), (60, 89), (-66, 89),
         (-80, 82)],
        paint.coat,
    )  # fmt: skip
    pen.poly([(-79, 79), (79, 79), (74, 88), (-74, 88)], paint.shade)
    pen.stroke([(-3, 62), (-3, 78)], 2, paint.shade)
    pen.stroke([(6, 66), (14, 66)], 3, paint.shade)
    pen.oval(73, 71, 5, 4.4, LIGHT)
    pen.oval(-75, 70, 3.4, 4.4, paint.accent)
    spin = (0.0, 22.5, 45.0, 67.5, 22.5, 67.5)[pose.legs]
    for x in (-44, 44):
        pen.oval(x, 85, 17, 15, TYRE)
        pen.oval(x, 85, 8.4, 7.6, HUB)
        wheel = pen.moved(x, 85, spin)
        for turn in (0.0, 90.0):
            spoke = wheel.moved(0, 0, turn)
            spoke.stroke([(-7, 0), (7, 0)], 3.4, TYRE)


def draw_chair(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a chair: a back with slats, a seat, four legs."""
    for x, y, colour in ((-14, 90, paint.shade), (30, 90, paint.shade)):
        pen.stroke([(x, 58), (x, y)], 7, colour)
    for x in (-30, -8):
        pen.stroke([(x, 58), (x, 4)], 8, paint.coat)
    for y in (10, 24, 38):
        pen.stroke([(-30, y), (-8, y)], 8, paint.shade)
    pen.poly([(-34, 54), (24, 54), (36, 64), (-26, 64)], paint.light)
    pen.poly([(-34, 54), (-26, 64), (-26, 72), (-34, 62)], paint.shade)
    pen.poly([(-26, 64), (36, 64), (36, 72), (-26, 72)], paint.coat)
    for x in (-26, 31):
        pen.stroke([(x, 68), (x, 97)], 8, paint.coat)


def draw_ball(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a ball with a stripe."""
    ball = pen.moved(0, 55, (0.0, 90.0, 180.0, 270.0, 90.0, 270.0)[pose.legs])  # as it rolls
    ball.oval(0, 0, 45, 45, paint.coat)
    ball.blob([(-45, -6), (-20, -16), (20, -16), (45, -6), (45, 10), (20, 2), (-20, 2), (-45, 10)],
              paint.light)  # fmt: skip
    low = [(45 * math.cos(math.pi * k / 20), 45 * math.sin(math.pi * k / 20)) for k in range(3, 18)]
    ball.poly([*low, (-20, 31), (0, 34), (20, 31)], paint.shade)
    pen.oval(-17, 28, 8, 6, paint.light)


def draw_book(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a closed book that stands, half turned, with its pages and a title."""
    pen.poly([(30, 16), (44, 8), (44, 88), (30, 98)], PAPER)
    for x in (34, 39):
        pen.stroke([(x, 14 - (x - 34)), (x, 94 - (x - 34))], 1.6, paint.shade)
    pen.poly([(-40, 14), (30, 14), (30, 99), (-40, 99)], paint.coat)
    pen.poly([(-40, 14), (-24, 14), (-24, 99), (-40, 99)], paint.shade)
    pen.poly([(-14, 30), (22, 30), (22, 52), (-14, 52)], PAPER)
    pen.stroke([(-8, 37), (16, 37)], 3.4, paint.shade)
    pen.stroke([(-8, 45), (10, 45)], 3.4, paint.shade)
    pen.poly([(-40, 14), (-26, 6), (44, 6), (30, 14)], paint.light)


def draw_letter(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw an envelope with its flap and a seal."""
    pen.poly([(-58, 24), (58, 24), (58, 98), (-58, 98)], PAPER)
    pen.stroke([(-56, 96), (-14, 62)], 3.4, STICK)
    pen.stroke([(56, 96), (14, 62)], 3.4, STICK)
    pen.poly([(-58, 24), (58, 24), (0, 72)], paint.light)
    pen.stroke([(-57, 25), (0, 72), (57, 25)], 4, STICK)
    pen.oval(0, 68, 13, 12, paint.coat)
    pen.oval(0, 68, 6, 5.4, paint.shade)


def draw_umbrella(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw an open umbrella on its stick, which ends in a hook."""
    pen.stroke([(0, 6), (0, 86)], 5, STICK)
    pen.curve([(0, 86), (3, 96), (12, 97), (15, 88)], 5, STICK)
    half_turn = [math.pi * k / 24 for k in range(25)]
    edge = [(52 * math.cos(t), 50 - 42 * math.sin(t)) for t in half_turn]
    scallop = [math.pi * k / 6 for k in range(7)]
    hem = [
        (26 * k - 39 - 13 * math.cos(t), 50 - 7 * math.sin(t)) for k in range(4) for t in scallop
    ]
    pen.poly([*edge, *hem], paint.coat)
    for side, colour in ((-1, paint.shade), (1, paint.light)):
        panel = [(side * x * 0.5, y) for x, y in edge[:13]]
        pen.poly([*panel, (0, 8), (0, 48), (side * 26, 50)], colour)
    pen.stroke([(0, 2), (0, 10)], 4, STICK)


def draw_box(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a box with a band, its lid seen from above."""
    pen.poly([(-44, 34), (-30, 18), (52, 18), (38, 34)], paint.light)
    pen.poly([(38, 34), (52, 18), (52, 80), (38, 99)], paint.shade)
    pen.poly([(-44, 34), (38, 34), (38, 99), (-44, 99)], paint.coat)
    pen.poly([(-12, 34), (6, 34), (6, 99), (-12, 99)], paint.accent)
    pen.poly([(-12, 34), (2, 18), (20, 18), (6, 34)], paint.accent)
    pen.stroke([(-44, 46), (38, 46)], 2.6, paint.shade)
