"""A paint and a pose -> a dragon, a horse, a bird, a fish or a snake as shapes on a pen.

In the style of the animals: flat colours, large heads, no outlines. Units are a figure's own
hundredths, feet at 100; it faces right. Who lies has a drawing of its own: nobody is tipped over.
"""

from __future__ import annotations

import math

from ..builds import Paint
from ..creatures import STRIDES
from ..faces import INK, WHITE
from ..pen import Pen, Point
from ..pose import Pose

HORN, MOUTH, TONGUE, SCLERA = "#F0E2BC", "#7A2B35", "#E5484D", WHITE


def eye(pen: Pen, x: float, y: float, size: float, lid: str, *, opened: bool) -> None:
    """Draw an eye, or its closed lid: ink shows on a light coat, the pale lid on a dark one."""
    if opened:
        pen.oval(x, y, size, size * 1.12, SCLERA)
        pen.oval(x + size * 0.28, y + size * 0.06, size * 0.62, size * 0.76, INK)
        pen.oval(x + size * 0.48, y - size * 0.3, size * 0.24, size * 0.24, SCLERA)
        return
    pen.oval(x, y + 0.5, size, size * 0.75, lid)
    arc = [(-0.9, 0.0), (-0.4, 0.5), (0.4, 0.5), (0.9, 0.0)]
    pen.curve([(x + size * u, y + size * v) for u, v in arc], 3.0, INK)


# --- dragon --------------------------------------------------------------------------------

# How far a wing is raised, by the arms of a pose: at rest, beaten down, beaten up.
_WINGS = {0: 0.0, 1: -36.0, 2: 24.0}


def draw_dragon(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a dragon: a thick tail with a barb, wings of skin, a crest, horns and a snout."""
    if pose.lying:
        _dragon_asleep(pen, paint)
        return
    low = 12 if pose.sitting else 0
    upper = pen.moved(-4, 90 + low, pose.lean * 0.45).moved(4, -90 - low)
    body = upper.moved(0, low)
    _dragon_tail(pen.moved(0, low * 0.4), paint)
    raised = _WINGS.get(pose.arms, 8.0)
    _wing(body.moved(-4, 42, raised - 16), paint.shade, paint.shade, 0.9)
    if not pose.sitting:
        near, far = STRIDES[pose.legs]
        for x, (shift, lift), colour in ((-20, far, paint.shade), (10, near, paint.coat)):
            pen.stroke([(x, 76), (x + shift * 0.8, 93 - lift)], 17, colour)
            pen.oval(x + shift * 0.8 + 4, 95 - lift, 12, 5, colour)
            _claws(pen.moved(x + shift * 0.8 + 11, 97 - lift))
    body.blob(
        [(-34, 62), (-18, 38), (4, 32), (24, 44), (28, 66), (14, 86), (-16, 88), (-32, 78)],
        paint.coat,
    )
    body.blob([(6, 42), (22, 46), (26, 66), (14, 84), (0, 84), (-2, 62)], paint.light)
    for y in (54, 64, 74):
        body.stroke([(4, y), (23, y)], 2.2, paint.accent)
    if pose.sitting:
        for x in (-16, 14):
            pen.oval(x, 92, 17, 9, paint.shade if x < 0 else paint.coat)
            _claws(pen.moved(x + 15, 96))
    head = body.moved(14, 44, pose.lean * 0.5 + pose.nod * 0.6)
    _dragon_neck(head, paint)
    _dragon_head(head.moved(18 if pose.gaze >= 0 else -6, -40), paint, pose)
    body.stroke([(18, 56), (30, 63), (36, 60)], 7.5, paint.coat)
    _wing(body.moved(-10, 46, raised), paint.accent, paint.shade, 1.0)


def _claws(pen: Pen) -> None:
    for x in (-4, 0, 4):
        pen.poly([(x - 2, -2), (x + 2, -2), (x + 3, 3)], HORN)


def _dragon_tail(pen: Pen, paint: Paint) -> None:
    pen.curve([(-20, 76), (-44, 84), (-62, 78), (-72, 62)], 14, paint.coat)
    pen.curve([(-52, 82), (-66, 72), (-74, 56)], 8, paint.coat)
    pen.poly([(-84, 60), (-64, 58), (-77, 38)], paint.accent)


def _wing(pen: Pen, skin: str, bone: str, scale: float) -> None:
    """Draw a wing of skin from its shoulder, backwards and up."""
    wing = pen.moved(0, 0, 0, scale)
    wing.poly(
        [(0, 0), (-22, -46), (-66, -62), (-58, -38), (-68, -26), (-48, -20), (-50, -4), (-26, -2),
         (-14, 12)],
        skin,
    )  # fmt: skip
    wing.stroke([(0, 2), (-22, -46), (-66, -62)], 5.5, bone)
    wing.stroke([(-22, -46), (-68, -26)], 3, bone)
    wing.stroke([(-22, -46), (-50, -4)], 3, bone)


def _dragon_neck(pen: Pen, paint: Paint) -> None:
    pen.curve([(-8, 6), (2, -16), (14, -36)], 22, paint.coat)
    for x, y in ((-17, -4), (-9, -20), (1, -34)):
        pen.poly([(x - 8, y + 3), (x + 6, y + 6), (x - 8, y - 12)], paint.accent)


def _dragon_head(pen: Pen, paint: Paint, pose: Pose) -> None:
    head = pen.mirrored() if pose.gaze < 0 else pen
    head.poly([(-10, -14), (-2, -18), (-26, -38)], HORN)
    head.poly([(0, -18), (8, -17), (-4, -38)], HORN)
    if pose.mouth in (1, 2, 3):
        drop = 9 if pose.mouth != 3 else 5
        head.blob([(2, 8), (34, 8 + drop), (30, 14 + drop), (2, 16)], paint.shade)
        head.poly([(6, 4), (36, 4), (32, 8 + drop), (8, 10)], MOUTH)
        head.stroke([(14, 9), (26, 8 + drop * 0.7)], 3.4, TONGUE)
    else:
        head.blob([(0, 4), (30, 6), (30, 12), (0, 14)], paint.shade)
    head.blob(
        [(-14, -6), (-6, -18), (10, -16), (22, -8), (38, -8), (42, 2), (32, 7), (4, 9), (-12, 6)],
        paint.coat,
    )
    head.oval(37, -4, 2.2, 1.8, INK)
    for x in (14, 22, 30):
        head.poly([(x, 6), (x + 5, 6), (x + 2.5, 11)], SCLERA)
    eye(head, 6, -6, 7.4, paint.light, opened=pose.eyes_open)


def _dragon_asleep(pen: Pen, paint: Paint) -> None:
    pen.curve([(-40, 88), (-64, 92), (-76, 84)], 12, paint.coat)
    pen.poly([(-86, 86), (-70, 80), (-82, 66)], paint.accent)
    pen.blob([(-52, 92), (-40, 66), (-8, 56), (24, 66), (34, 92), (20, 99), (-40, 99)], paint.coat)
    for x, y in ((-30, 63), (-14, 57), (2, 57)):
        pen.poly([(x - 6, y + 5), (x + 8, y + 5), (x, y - 10)], paint.accent)
    _wing(pen.moved(6, 70, -46), paint.accent, paint.shade, 0.85)
    pen.oval(28, 96, 12, 4.5, paint.shade)
    _dragon_head(pen.moved(40, 88), paint, Pose(eyes_open=False))


# --- horse ---------------------------------------------------------------------------------


def draw_horse(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a horse from its side: four legs with hooves, a mane, a long face, a tail."""
    if pose.lying:
        _horse_body(pen.moved(0, 29), paint)
        for x in (-24, 12):
            pen.stroke([(x, 90), (x + 18, 95)], 9, paint.shade)
            pen.oval(x + 22, 96, 6, 4, paint.accent)
        _horse_head(pen.moved(0, 31), paint, Pose(eyes_open=False, nod=24))
        return
    tilt = pen.moved(-22, 90, 0.0).moved(22, -90)
    if pose.sitting:
        tilt = pen.moved(-26, 84, -24).moved(26, -84).moved(0, 12)
    near, far = STRIDES[pose.legs]
    for x, (shift, lift), colour in (
        (-24, near, paint.shade), (26, far, paint.shade), (-34, far, paint.coat),
        (16, near, paint.coat),
    ):  # fmt: skip
        if pose.sitting and x < 0:
            pen.stroke([(x - 2, 84), (x + 16, 92)], 13, colour)
            pen.oval(x + 18, 96, 7, 4, paint.accent)
            continue
        knee = (x + shift * 0.4 + (3 if lift > 3 else 0), 78 - lift * 0.3)
        pen.stroke([(x, 60), knee, (x + shift, 94 - lift)], 9, colour)
        pen.poly(
            [(x + shift - 5, 92 - lift), (x + shift + 5, 92 - lift), (x + shift + 7, 100 - lift),
             (x + shift - 5, 100 - lift)],
            paint.accent,
        )  # fmt: skip
    _horse_body(tilt, paint)
    _horse_head(tilt.moved(30, 44, pose.lean * 0.9).moved(-30, -44), paint, pose)


def _horse_body(pen: Pen, paint: Paint) -> None:
    pen.curve([(-40, 46), (-54, 52), (-58, 72), (-52, 84)], 10, paint.accent)
    pen.blob(
        [(-44, 54), (-36, 42), (-10, 44), (18, 42), (34, 48), (34, 62), (14, 70), (-14, 70),
         (-38, 68)],
        paint.coat,
    )  # fmt: skip


def _horse_head(pen: Pen, paint: Paint, pose: Pose) -> None:
    neck = pen.moved(26, 50, pose.nod)
    neck.blob([(-12, 10), (-8, -10), (8, -34), (24, -32), (18, -6), (10, 14)], paint.coat)
    neck.blob(
        [(-14, 8), (-14, -8), (-2, -28), (6, -38), (13, -34), (4, -18), (-4, 0), (-6, 10)],
        paint.accent,
    )
    head = neck.moved(16, -30)
    head = head.mirrored() if pose.gaze < 0 else head
    head.poly([(-8, -6), (-10, -24), (2, -9)], paint.coat)
    head.poly([(0, -7), (2, -24), (9, -7)], paint.shade)
    if pose.mouth in (1, 2):
        head.blob([(6, 12), (30, 24), (26, 31), (6, 20)], paint.shade)
        head.poly([(10, 12), (32, 18), (28, 25), (10, 17)], MOUTH)
    head.blob([(-13, -4), (-4, -11), (10, -9), (34, 7), (36, 16), (26, 20), (6, 13), (-9, 9)],
              paint.coat)  # fmt: skip
    head.blob([(26, 3), (35, 8), (36, 16), (27, 20), (22, 12)], paint.light)
    head.oval(32, 9, 1.8, 2.2, INK)
    head.stroke([(-4, -8), (4, -16), (0, -4)], 6, paint.accent)
    eye(head, 5, -1, 5.6, paint.light, opened=pose.eyes_open)


# --- bird ----------------------------------------------------------------------------------

BEAK = "#F6A821"


def draw_bird(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a songbird: a round breast, a pointed beak, a slim tail, thin legs."""
    drop = 12 if pose.lying or pose.sitting else 0
    lean = pose.lean * 0.9
    if not drop:
        near, far = STRIDES[pose.legs]
        for x, (shift, lift) in ((-8, far), (6, near)):
            foot = (x + shift * 0.7, 97 - lift)
            pen.stroke([(x, 80), foot], 4, BEAK)
            pen.stroke([(foot[0] - 5, foot[1]), (foot[0] + 9, foot[1])], 4, BEAK)
    body = pen.moved(0, 84 + drop, lean).moved(0, -84)
    body.poly([(-22, 54), (-72, 66), (-74, 78), (-58, 78), (-24, 76)], paint.shade)
    body.blob(
        [(-36, 66), (-24, 46), (2, 34), (26, 44), (32, 64), (20, 82), (-8, 88), (-28, 80)],
        paint.coat,
    )
    body.blob([(8, 52), (28, 54), (31, 66), (18, 82), (-4, 87), (-2, 70)], paint.light)
    head = body.moved(18 if pose.gaze >= 0 else 10, 30, pose.nod)
    head = head.mirrored() if pose.gaze < 0 else head
    if pose.mouth in (1, 2):
        head.poly([(18, 4), (42, 12), (18, 13)], BEAK)
        head.poly([(18, -6), (46, -3), (18, 4)], BEAK)
    else:
        head.poly([(18, -6), (46, 3), (18, 10)], BEAK)
    head.oval(0, 0, 25, 23, paint.coat)
    eye(head, 7, -3, 8.4, paint.light, opened=pose.eyes_open and not pose.lying)
    _bird_wing(body.moved(-6, 54), paint, pose.arms)


def _bird_wing(pen: Pen, paint: Paint, arms: int) -> None:
    if not arms:
        pen.blob([(8, -8), (12, 8), (-6, 22), (-46, 24), (-22, 2)], paint.shade)
        return
    turn = 72 if arms == 2 else 14
    wing = pen.moved(2, 0, turn)
    wing.blob([(8, -12), (10, 12), (-24, 22), (-62, 10), (-30, -10)], paint.shade)


# --- fish ----------------------------------------------------------------------------------

# How far the tail is swung, by the legs of a pose.
_SWINGS = (0.0, 9.0, 0.0, -9.0, 12.0, -12.0)


def draw_fish(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a fish as it swims: a tail that swings, fins, a round eye, gills."""
    swing = _SWINGS[pose.legs]
    whole = pen.moved(0, 62, pose.lean * 0.5 - pose.nod * 0.3)
    tail = whole.moved(-30, 0)
    tail.poly([(8, 0), (-32, -26 + swing), (-26, swing), (-32, 26 + swing)], paint.accent)
    whole.blob([(-18, -20), (-4, -38), (20, -34), (26, -18)], paint.accent)
    whole.blob([(-12, 18), (-10, 36), (6, 34), (12, 20)], paint.accent)
    whole.blob(
        [(-36, 0), (-22, -18), (4, -27), (34, -21), (52, -2), (46, 12), (24, 25), (-6, 25),
         (-26, 15)],
        paint.coat,
    )  # fmt: skip
    whole.blob([(-20, 12), (6, 12), (34, 10), (46, 8), (24, 25), (-6, 25)], paint.light)
    for x in (-16, -2):
        whole.curve([(x, -15), (x + 7, 0), (x, 14)], 4, paint.shade)
    whole.curve([(14, -19), (19, 0), (13, 18)], 3, paint.shade)
    fin = whole.moved(8, 8, -18 if pose.arms else 12 + swing)
    fin.blob([(2, -5), (-20, -1), (-22, 11), (0, 7)], paint.accent)
    if pose.mouth in (1, 2, 3):
        whole.oval(49, 5, 4.6, 5.4, MOUTH)
    else:
        whole.stroke([(40, 9), (47, 7)], 2.6, MOUTH)
    eye(whole, 31, -6, 8.6, paint.light, opened=pose.eyes_open)


# --- snake ---------------------------------------------------------------------------------


def draw_snake(pen: Pen, paint: Paint, pose: Pose) -> None:
    """Draw a snake: waves along the ground with rings, its head raised, its tongue out."""
    if pose.lying:
        _coils(pen, paint)
        _snake_head(pen.moved(10, 74, 4), paint, Pose(eyes_open=False))
        return
    phase = (0.0, 0.25, 0.5, 0.75, 0.25, 0.75)[pose.legs] * math.tau
    points: list[Point] = []
    for k in range(15):
        along = k / 14
        height = 8.5 * math.sin(along * 2.4 * math.tau - phase) * (0.35 + 0.65 * along)
        points.append((-74 + 104 * along, 88 - 5 * along + height * (1 - 0.3 * along)))
    raised = pen.moved(0, 0)
    neck = points[-1]
    bend = pose.lean * 0.5 + pose.nod * 0.5
    top = (neck[0] + 12 + bend * 0.4, 38 + bend * 0.8 + (8 if pose.sitting else 0))
    spine = [*points[2:], (neck[0] + 14, 66), (neck[0] + 6, 52), top]
    raised.curve(points[:5], 9, paint.coat)
    raised.curve(spine, 17, paint.coat)
    for at in (4, 6, 8, 10, 12):
        x, y = points[at]
        raised.oval(x, y - 2, 4.4, 6.4, paint.shade)
    raised.curve([(neck[0] + 20, 70), (neck[0] + 13, 54), (top[0] + 3, top[1] + 4)], 6, paint.light)
    _snake_head(pen.moved(*top), paint, pose)


def _coils(pen: Pen, paint: Paint) -> None:
    for y, wide, colour in ((90, 46, paint.shade), (80, 38, paint.coat), (71, 28, paint.shade)):
        pen.oval(0, y, wide, 10, colour)
    pen.stroke([(-36, 92), (-64, 96)], 8, paint.shade)


def _snake_head(pen: Pen, paint: Paint, pose: Pose) -> None:
    head = pen.mirrored() if pose.gaze < 0 else pen
    if pose.mouth in (1, 2):
        head.blob([(-4, 6), (28, 13), (22, 20), (-4, 14)], paint.shade)
        head.poly([(4, 4), (28, 2), (24, 14), (4, 10)], MOUTH)
    if pose.eyes_open:
        head.stroke([(22, 6), (40, 8)], 2.6, TONGUE)
        head.stroke([(40, 8), (47, 4)], 2.4, TONGUE)
        head.stroke([(40, 8), (47, 13)], 2.4, TONGUE)
    head.blob([(-16, 2), (-10, -13), (8, -15), (30, -4), (32, 4), (16, 10), (-8, 12)], paint.coat)
    head.oval(27, -1, 1.8, 1.6, INK)
    eye(head, 6, -5, 7.2, paint.light, opened=pose.eyes_open)
