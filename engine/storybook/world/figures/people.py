"""A person's look and a pose -> shapes on a pen: body and limbs; clothes and heads have their own.

In the style of the animals: flat colours, a large head, no outlines. Units are a standing figure's
hundredths; x is from its middle, forwards, y down, feet at 100. It faces right, half towards us.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..additions import CARRIED
from ..people import PersonLook, table
from ..vocabulary import Accessory
from .accessories import draw_in_hand, draw_scarf
from .garments import Cut, cut_of, draw_bodice, draw_skirt
from .heads import draw_head
from .pen import Pen, Point
from .pose import Pose

SHOE = "#33303C"
# Where the feet of one who lies are, and how it lies there.
LYING_AT = (-52.0, 82.0)
ASLEEP = Pose(arms=13, eyes_open=False, gaze=0)
SEAT = 18.0  # how much lower somebody sits than stands
# Per leg phase: (x shift, lift) of the near foot, then of the far foot; see `creatures.STRIDES`.
_STEPS: tuple[tuple[Point, Point], ...] = (
    ((0, 0), (0, 0)),
    ((10, 0), (-11, 4)),
    ((1, 6), (0, 0)),
    ((-11, 4), (10, 0)),
    ((19, 4), (-20, 14)),
    ((-20, 14), (19, 4)),
)
# Where a hand is from its shoulder, outwards and down, and which way the elbow bends:
# hanging, out, up, high; pointing, offering, half raised, held before the chest, to the ground.
_HANDS: tuple[tuple[float, float, float], ...] = (
    (3, 27, 2.0),
    (22, 10, 3.0),
    (17, -19, 5.0),
    (9, -27, 6.0),
    (30, -2, 0.0),
    (24, 11, 3.0),
    (17, 3, 6.0),
    (-6, 13, 6.0),
    (10, 40, 0.0),
)
# Seen to the waist, too, has somebody in the hand what he carries.
_CARRYING = (14.0, 8.0, 5.0)
# Per arm code of a pose: the hand of the near (rear) arm and of the far (forward) one.
_ARMS: tuple[tuple[int, int], ...] = (
    (0, 0), (1, 1), (2, 2), (2, 0), (3, 0), (0, 2),
    (0, 4), (0, 5), (0, 6), (6, 0), (6, 6), (7, 7), (8, 8), (0, 7),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """A body's proportions: where head, shoulders and hips are, and how broad."""

    head: tuple[float, float, float]  # centre y, half width, half height
    shoulders: float  # y
    broad: float  # half the shoulders' width
    hips: float  # y
    girth: float  # half the hips' width
    limb: float  # how thick an arm is
    neck: float = 7.5  # how thick it is
    stoop: float = 0.0  # how far the head is before the shoulders


# How much broader a build is: hips, shoulders, limbs, neck and head. All of it shows at a glance,
# in a close-up by the head and the neck alone.
_BUILDS = {
    "thin": (0.7, 0.84, 0.72, 0.66, 0.88),
    "plain": (1.0, 1.0, 1.0, 1.0, 1.0),
    "stout": (1.42, 1.22, 1.15, 1.45, 1.13),
}


def frame_of(look: PersonLook) -> Frame:
    """Return the proportions of an age, a sex and a build."""
    adult = 13.5 if look.female else 16
    match look.age:
        case "child":
            frame = Frame((27.5, 21.5, 21), 48, 11.5, 77, 10.5, 7.0)
        case "young":
            frame = Frame((25.5, 19.5, 19.7), 45.5, 12.5, 74, 10.5, 7.0)
        case "old":
            frame = Frame((28.5, 17, 18.2), 44.5, adult * 0.94, 71.5, 12, 7.2, stoop=7.5)
        case _:
            frame = Frame((23, 17.5, 18.5), 42, adult, 71, 12, 7.6)
    girth, broad, limb, neck, head = _BUILDS[look.build]
    middle, wide, high = frame.head
    return replace(
        frame, head=(middle, wide * head, high), broad=frame.broad * broad,
        girth=frame.girth * girth, limb=frame.limb * limb, neck=frame.neck * neck,
    )  # fmt: skip


def draw_person(pen: Pen, look: PersonLook, pose: Pose, wear: Accessory | None = None) -> None:
    """Draw somebody facing right, feet at y = 100."""
    frame, cut = frame_of(look), cut_of(look)
    carries = wear is not None and wear.item in CARRIED
    if pose.lying:
        # Asleep on the back, the head to the right.
        draw_person(pen.moved(*LYING_AT, 90).moved(0, -100), look, ASLEEP, wear)
        return
    drop = SEAT if pose.sitting else 0.0
    upper = pen.moved(0, frame.hips + drop, pose.lean).moved(0, -frame.hips)
    _legs(pen, look, frame, cut, pose)
    _arm(upper, look, frame, cut, pose, far=False)
    draw_skirt(upper, frame, cut, seated=pose.sitting)
    _torso(upper, look, frame, cut)
    if pose.sitting:
        _knees(pen, look, frame, cut)
    raised = _ARMS[pose.arms][1] in (2, 3)
    if not raised:
        _arm(upper, look, frame, cut, pose, far=True, carries=carries)
    head = upper.moved(0, frame.shoulders, pose.lean * 0.3 + pose.nod).moved(
        1.5 * abs(pose.gaze) + frame.stoop, frame.head[0] - frame.shoulders
    )
    _neck(upper, look, frame)
    draw_head(head, look, frame.head[1:], pose)
    if wear:
        draw_scarf(upper.moved(0, frame.shoulders - 1), wear, frame.broad * 1.1, hanging=True)
    if raised:
        _arm(upper, look, frame, cut, pose, far=True, carries=carries)
    if wear:
        draw_in_hand(upper.moved(*_hand(frame, pose, far=True, carries=carries)), wear)


def _hand(frame: Frame, pose: Pose, *, far: bool, carries: bool = False) -> Point:
    """Return where the middle of a hand is."""
    out, down, _ = _reach(pose, far=far, carries=carries)
    side = 1 if far else -1
    return side * (frame.broad * 0.86 + out), frame.shoulders + 5 + down


def _reach(pose: Pose, *, far: bool, carries: bool) -> tuple[float, float, float]:
    """Return a hand's way from its shoulder and its elbow's bend; no hand that carries hangs."""
    at = _ARMS[pose.arms][1 if far else 0]
    return _CARRYING if carries and at == 0 else _HANDS[at]


def _arm(
    pen: Pen, look: PersonLook, frame: Frame, cut: Cut, pose: Pose, *, far: bool,
    carries: bool = False,
) -> None:  # fmt: skip
    side = 1 if far else -1
    _, _, bend = _reach(pose, far=far, carries=carries)
    start = (side * frame.broad * 0.86, frame.shoulders + 5)
    end = _hand(frame, pose, far=far, carries=carries)
    middle = ((start[0] + end[0]) / 2 + side * bend, (start[1] + end[1]) / 2 + bend * 0.6)
    length = math.dist(middle, end) or 1.0
    wrist = (
        end[0] + (middle[0] - end[0]) / length * 3.5,
        end[1] + (middle[1] - end[1]) / length * 3.5,
    )
    skin = table().skin[look.skin]
    if cut.bare_arms:
        pen.curve([start, middle, end], frame.limb * 0.86, skin[1])
        pen.stroke([start, _toward(start, middle, 0.6)], frame.limb * 1.15, cut.sleeve)
    else:
        pen.curve([start, middle, wrist], frame.limb * cut.loose, cut.sleeve)
    pen.oval(*end, frame.limb * 0.62, frame.limb * 0.62, skin[0])


def _toward(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _legs(pen: Pen, look: PersonLook, frame: Frame, cut: Cut, pose: Pose) -> None:
    if pose.sitting:
        return
    near, far = _STEPS[pose.legs]
    apart, thick = frame.girth * 0.5, frame.limb * (1.25 if not cut.bare_legs else 0.95)
    for side, (shift, lift), light in ((-1, far, False), (1, near, True)):
        hip, foot = (side * apart, frame.hips - 2), (side * apart + shift, 96.5 - lift)
        knee = ((hip[0] + foot[0]) / 2 + (3 if lift > 3 else 0), (hip[1] + foot[1]) / 2)
        colour = cut.legs[0 if light else 1]
        if cut.bare_legs:
            colour = table().skin[look.skin][0 if light else 1]
        pen.stroke([hip, knee, foot], thick, colour)
        pen.oval(foot[0] + 2.6, 97.2 - lift, 6.8, 3.4, cut.shoe)


def _knees(pen: Pen, look: PersonLook, frame: Frame, cut: Cut) -> None:
    """The legs of one who sits: bent, with the shins towards us."""
    for side, tone in ((-1, 1), (1, 0)):
        x = side * frame.girth * 0.62
        colour = table().skin[look.skin][tone] if cut.bare_legs else cut.legs[tone]
        pen.stroke([(x, frame.hips + SEAT - 1), (x + 7, 86)], frame.limb * 1.25, colour)
        pen.stroke([(x + 7, 86), (x + 6, 95)], frame.limb * 1.1, colour)
        pen.oval(x + 9, 97, 7, 3.6, cut.shoe)


def _torso(pen: Pen, look: PersonLook, frame: Frame, cut: Cut) -> None:
    top, low = frame.shoulders, frame.hips
    pen.blob(
        [
            (-frame.broad * 0.55, top),
            (frame.broad * 0.55, top),
            (frame.broad, top + 5),
            (frame.girth * 1.02, (top + low) / 2 + 4),
            (frame.girth, low + 1),
            (-frame.girth, low + 1),
            (-frame.girth * 1.02, (top + low) / 2 + 4),
            (-frame.broad, top + 5),
        ],
        cut.cloth,
    )
    draw_bodice(pen, frame, cut, table().skin[look.skin][1])


def _neck(pen: Pen, look: PersonLook, frame: Frame) -> None:
    skin = table().skin[look.skin][1]
    chin = frame.head[0] + frame.head[2] - 3
    pen.stroke([(frame.stoop * 0.8, chin), (0, frame.shoulders + 1.5)], frame.neck, skin)
