"""A paint and a pose -> a robot, a monster or a ghost as shapes on a pen.

They stand upright and have the motions of people where their limbs allow. Units are a figure's own
hundredths, feet at 100; it faces right, half towards us.
"""

from __future__ import annotations

import math

from ..builds import Paint
from ..creatures import STRIDES
from ..faces import INK
from ..pen import Pen, Point
from ..pose import Pose
from .beasts import HORN, MOUTH, SCLERA, TONGUE, eye

METAL, METAL_SHADE, LAMP, SCREEN = "#C3CBD6", "#8A94A3", "#FFD84A", "#24323F"
# Where a hand is from its shoulder, outwards and down, by the arms of a pose: near, then far.
_HANDS: tuple[Point, ...] = ((4, 25), (23, 6), (17, -20), (10, -30), (30, 0), (25, 10), (18, 8),
                             (-8, 14), (10, 36))  # fmt: skip
_ARMS: tuple[tuple[int, int], ...] = (
    (0, 0), (1, 1), (2, 2), (2, 0), (3, 0), (0, 2), (0, 4), (0, 5), (0, 6), (6, 0), (6, 6), (7, 7),
    (8, 8), (0, 7),
)  # fmt: skip


def _hand(shoulder: Point, arms: int, *, far: bool) -> Point:
    out, down = _HANDS[_ARMS[arms][1 if far else 0]]
    return shoulder[0] + (out if far else -out), shoulder[1] + down


# --- robot ---------------------------------------------------------------------------------


def draw_robot(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a robot: a square head with an antenna, a screen for a face, jointed limbs."""
    low = 16 if pose.sitting else 0
    upper = pen.moved(0, 78 + low, pose.lean).moved(0, -78)
    _robot_legs(pen, paint, pose)
    _robot_arm(upper, paint, pose, far=False)
    upper.poly([(-22, 46), (22, 46), (19, 80), (-19, 80)], paint.coat)
    upper.poly([(-22, 46), (-12, 46), (-10, 80), (-19, 80)], paint.shade)
    upper.poly([(-6, 52), (16, 52), (15, 68), (-5, 68)], METAL)
    upper.oval(0, 60, 3.4, 3.4, TONGUE)
    upper.oval(9, 60, 3.4, 3.4, LAMP)
    upper.stroke([(-3, 74), (13, 74)], 2.4, paint.shade)
    upper.stroke([(0, 36), (0, 46)], 9, METAL_SHADE)
    head = upper.moved(0, 40, pose.nod + (14 if pose.lying else 0)).moved(2 * pose.gaze, -22)
    _robot_head(head, paint, pose)
    _robot_arm(upper, paint, pose, far=True)


def _robot_head(pen: Pen, paint: Paint, pose: Pose) -> None:
    pen.stroke([(0, -18), (0, -28)], 3, METAL_SHADE)
    pen.oval(0, -30, 4.4, 4.4, TONGUE)
    for side in (-1, 1):
        pen.oval(side * 29, 1, 4, 7, METAL_SHADE)
    pen.poly([(-27, -19), (27, -19), (29, -15), (29, 18), (26, 21), (-26, 21), (-29, 18),
              (-29, -15)], paint.coat)  # fmt: skip
    face = pen.moved(4 * pose.gaze, 0)
    face.poly([(-20, -13), (20, -13), (20, 15), (-20, 15)], SCREEN)
    opened = pose.eyes_open and not pose.lying
    for x in (-9, 9):
        if opened:
            face.oval(x, -3, 6, 6.6, LAMP)
            face.oval(x + 1.6, -3, 2.4, 2.8, SCREEN)
        else:
            face.stroke([(x - 5, -2), (x + 5, -2)], 2.8, LAMP)
    if pose.mouth in (1, 2):
        face.poly([(-9, 6), (9, 6), (9, 13), (-9, 13)], LAMP)
        face.stroke([(-9, 9.5), (9, 9.5)], 1.8, SCREEN)
    else:
        wide = 6 if pose.mouth == 3 else 8
        face.stroke([(-wide, 9), (wide, 9)], 2.6, LAMP)


def _robot_arm(pen: Pen, paint: Paint, pose: Pose, *, far: bool) -> None:
    side = 1 if far else -1
    shoulder = (side * 23, 51)
    hand = _hand(shoulder, pose.arms, far=far)
    elbow = ((shoulder[0] + hand[0]) / 2 + side * 4, (shoulder[1] + hand[1]) / 2 + 2)
    pen.stroke([shoulder, elbow, hand], 6.4, METAL_SHADE)
    pen.oval(*shoulder, 6.4, 6.4, paint.shade)
    pen.oval(*elbow, 4.4, 4.4, METAL)
    pen.oval(*hand, 6.6, 6.6, paint.coat)
    pen.oval(hand[0] + side * 4, hand[1] + 3, 2.6, 2.6, METAL)


def _robot_legs(pen: Pen, paint: Paint, pose: Pose) -> None:
    if pose.sitting:
        for side in (-1, 1):
            pen.stroke([(side * 12, 93), (side * 12 + 16, 91)], 9, METAL_SHADE)
            pen.poly([(side * 12 + 14, 84), (side * 12 + 24, 84), (side * 12 + 24, 100),
                      (side * 12 + 14, 100)], paint.coat)  # fmt: skip
        return
    near, far = STRIDES[pose.legs]
    for side, (shift, lift), colour in ((-1, far, paint.shade), (1, near, paint.coat)):
        x, foot = side * 10, 100 - lift
        pen.stroke([(x, 78), (x + shift * 0.5, 87 - lift * 0.5), (x + shift, 94 - lift)], 7.4,
                   METAL_SHADE)  # fmt: skip
        pen.poly([(x + shift - 8, foot), (x + shift - 6, foot - 9), (x + shift + 8, foot - 9),
                  (x + shift + 12, foot)], colour)  # fmt: skip


# --- monster -------------------------------------------------------------------------------


def draw_monster(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a monster: shaggy and round, horns, one great eye, a wide mouth with fangs."""
    low = 10 if pose.sitting else 0
    if pose.lying:
        low = 8
    body = pen.moved(0, 92, pose.lean * 0.8).moved(0, -92 + low)
    if not (pose.sitting or pose.lying):
        near, far = STRIDES[pose.legs]
        for side, (shift, lift), colour in ((-1, far, paint.shade), (1, near, paint.coat)):
            x = side * 18
            pen.stroke([(x, 84), (x + shift, 93 - lift)], 17, colour)
            pen.oval(x + shift + 4, 95.5 - lift, 13, 5, colour)
            _toes(pen.moved(x + shift + 6, 97.5 - lift))
    _monster_arm(body, paint, pose, far=False)
    for side in (-1, 1):
        body.poly([(side * 14, 22), (side * 27, 28), (side * 34, 0)], HORN)
    ring = []
    for k in range(44):  # tufts of fur stand out all around
        turn, out = k / 44 * math.tau, 1.0 if k % 2 else 1.11
        ring.append((38 * out * math.cos(turn), 56 + 38 * out * math.sin(turn)))
    body.poly(ring, paint.coat)
    body.oval(4, 78, 22, 13, paint.light)
    for x, y in ((-26, 44), (-30, 60), (-20, 74)):
        body.oval(x, y, 4.6, 4.6, paint.shade)
    face = body.moved(5 * pose.gaze, 54 + pose.nod * 0.6)
    opened = pose.eyes_open and not pose.lying
    eye(face, 2, -12, 15, paint.light, opened=opened)
    _fangs(face, pose.mouth)
    if pose.sitting or pose.lying:
        for side in (-1, 1):
            pen.oval(side * 22 + 2, 94, 14, 6, paint.shade)
            _toes(pen.moved(side * 22 + 6, 97))
    _monster_arm(body, paint, pose, far=True)


def _toes(pen: Pen) -> None:
    for x in (-5, 1, 7):
        pen.poly([(x - 2.4, -3), (x + 2.4, -3), (x + 1.4, 2.4)], HORN)


def _fangs(pen: Pen, mouth: int) -> None:
    tall = {0: 7, 1: 16, 2: 19, 3: 11}[mouth]
    pen.blob([(-21, 9), (24, 9), (17, 9 + tall), (2, 11 + tall), (-14, 9 + tall)], MOUTH)
    if tall > 12:
        pen.oval(3, 8 + tall * 0.8, 9, 4, TONGUE)
    for x in (-15, -5, 6, 16):
        pen.poly([(x - 4, 8.5), (x + 4, 8.5), (x, 15)], SCLERA)


def _monster_arm(pen: Pen, paint: Paint, pose: Pose, *, far: bool) -> None:
    side = 1 if far else -1
    shoulder = (side * 35, 56)
    hand = _hand(shoulder, pose.arms, far=far)
    colour = paint.coat if far else paint.shade
    pen.stroke([shoulder, hand], 13, colour)
    for k in (-1, 0, 1):
        tip = (hand[0] + side * 7 + k * 4, hand[1] + 9 - abs(k) * 2)
        pen.poly([(hand[0] + k * 4 - 2.6, hand[1] + 2), (hand[0] + k * 4 + 2.6, hand[1] + 2), tip],
                 HORN)  # fmt: skip


# --- ghost ---------------------------------------------------------------------------------


def draw_ghost(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a ghost: a sheet that ends in waves over the ground, hollow eyes, a round mouth."""
    phase = (0.0, 0.25, 0.5, 0.75, 0.25, 0.75)[pose.legs] * math.tau
    body = pen.moved(0, 80, pose.lean * 0.7 + (10 if pose.legs in (4, 5) else 0)).moved(0, -80)
    low = 10 if pose.sitting or pose.lying else 0
    hem: list[Point] = []
    for k in range(17):
        x = 34 - k * 4.25
        hem.append((x - 4 * math.sin(phase) * (k % 2), 88 + low + 6 * math.sin(k * 1.57 + phase)))
    _ghost_arm(body, paint, pose, far=False, low=low)
    dome = [(-29 * math.cos(k / 20 * math.pi), 34 + low - 30 * math.sin(k / 20 * math.pi))
            for k in range(21)]  # fmt: skip
    body.poly([*dome, *hem], paint.coat)
    body.poly([(-29, 34 + low), (-18, 40 + low), (-20, 84 + low), *hem[-4:]], paint.shade)
    face = body.moved(2 + 6 * pose.gaze, 36 + low + pose.nod * 0.2)
    for x in (-9, 10):
        if pose.eyes_open and not pose.lying:
            face.oval(x, 0, 6, 8.6, INK)
            face.oval(x + 1.6, -3, 1.8, 2.2, SCLERA)
        else:
            face.stroke([(x - 6, 1), (x + 6, 1)], 3, INK)
    wide, tall = {0: (4.4, 4.0), 1: (6.4, 9), 2: (10, 7), 3: (5.4, 6)}[pose.mouth]
    face.oval(1, 20, wide, tall, INK)
    _ghost_arm(body, paint, pose, far=True, low=low)


def _ghost_arm(pen: Pen, paint: Paint, pose: Pose, *, far: bool, low: float) -> None:
    side = 1 if far else -1
    shoulder = (side * 25, 54 + low)
    out, down = _HANDS[_ARMS[pose.arms][1 if far else 0]]
    hand = (shoulder[0] + side * max(8, out * 0.8), shoulder[1] + down * 0.6)
    pen.stroke(
        [(shoulder[0] - side * 6, shoulder[1]), hand], 13, paint.coat if far else paint.shade
    )
