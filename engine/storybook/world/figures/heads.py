"""A look -> a person's head: hair, face, beard, glasses, and what is worn on it.

The origin is the middle of the head; w and h are half its width and height.
"""

from __future__ import annotations

from ..people import PersonLook, table
from .pen import Pen, Point
from .pose import Pose

INK, WHITE = "#2A2633", "#FFFFFF"
_LIPS, _MOUTH, _TONGUE = "#B4545A", "#7A2B35", "#E58A8C"
_GOLD, _GOLD_SHADE, _GEM = "#F4C536", "#CE9916", "#D63A45"


def draw_head(pen: Pen, look: PersonLook, size: Point, pose: Pose) -> None:
    """Draw a head that looks to the right, to us (gaze 0) or back (gaze -1)."""
    w, h = size
    pen = pen.mirrored() if pose.gaze < 0 else pen
    turn = 0.0 if pose.gaze == 0 else w * 0.26
    skin, shade = table().skin[look.skin]
    hair, hair_shade = table().hair[look.hair]
    _hair_behind(pen, look, w, h, hair_shade)
    if look.headgear == "hood":
        cloth, dark = table().paint[look.head_colour]
        pen.oval(-1, -h * 0.12, w * 1.26, h * 1.18, cloth)
        # A child's reaches its shoulders and no further: of its clothes little is seen anyway.
        low = h * (1.02 if look.age == "child" else 1.14)
        pen.poly([(-w * 1.2, 0), (w * 1.1, 0), (w * 1.12, low), (-w * 1.22, low)], cloth)
        pen.oval(turn * 0.5, h * 0.1, w * 1.04, h * 1.06, dark)
    pen.oval(0, 0, w, h, skin)
    pen.oval(-w * 0.74 + turn * 0.2, h * 0.16, w * 0.2, h * 0.22, shade)  # the ear that shows
    face = pen.moved(turn, 0)
    _hair_before(pen, look, w, h, hair, turn)
    if look.beard:
        _beard(pen, face, w, h, hair, turn)
    _features(face, look, w, h, pose, shade, hair_shade)
    if look.headgear:
        _headgear(pen, look, w, h)


def _hair_behind(pen: Pen, look: PersonLook, w: float, h: float, colour: str) -> None:
    if look.hair_style != "long" or look.headgear in ("helmet", "hood"):
        return
    low = h * (1.4 if look.age == "child" else 1.6)
    pen.blob(
        [
            (-w * 0.2, -h * 1.1), (w * 0.95, -h * 0.7), (w * 1.0, h * 0.5), (w * 0.3, h * 0.9),
            (-w * 0.35, low * 0.8), (-w * 1.0, low), (-w * 1.32, h * 0.6), (-w * 1.18, -h * 0.5),
        ],
        colour,
    )  # fmt: skip


def _hair_before(pen: Pen, look: PersonLook, w: float, h: float, colour: str, turn: float) -> None:
    if look.hair_style == "bald" or look.headgear in ("helmet", "hood"):
        if look.hair_style == "bald" and look.age == "old" and not look.headgear:
            pen.oval(-w * 0.9, h * 0.1, w * 0.2, h * 0.34, colour)
        return
    fringe = w * (0.62 if look.female else 0.82)
    pen.blob(
        [
            (-w * 1.04, h * (0.5 if look.hair_style == "long" else 0.12)), (-w * 1.06, -h * 0.5),
            (-w * 0.4, -h * 1.1), (w * 0.5, -h * 1.1), (w * 1.02, -h * 0.5), (w * 0.96, -h * 0.1),
            (turn + w * 0.34, -h * 0.42), (turn - w * 0.1, -h * 0.62), (turn - fringe, -h * 0.3),
            (-w * 0.7, h * 0.02),
        ],
        colour,
    )  # fmt: skip
    if look.hair_style == "long":
        pen.blob(
            [(-w * 1.05, -h * 0.3), (-w * 0.66, 0), (-w * 0.74, h * 0.9), (-w * 1.2, h * 1.3)],
            colour,
        )


def _beard(pen: Pen, face: Pen, w: float, h: float, colour: str, turn: float) -> None:
    pen.blob(
        [
            (-w * 0.8, h * 0.08), (turn - w * 0.5, h * 0.36), (turn, h * 0.4),
            (turn + w * 0.42, h * 0.36), (w * 0.98, h * 0.1), (w * 0.84, h * 0.82),
            (turn * 0.8, h * 1.42), (-w * 0.62, h * 0.84),
        ],
        colour,
    )  # fmt: skip


def _features(
    pen: Pen, look: PersonLook, w: float, h: float, pose: Pose, shade: str, brow: str
) -> None:
    youth = look.age in ("child", "young")
    apart, y, r = w * 0.4, -h * 0.02, w * (0.2 if youth else 0.18)
    for side in (-1, 1):
        x = side * apart
        if pose.eyes_open:
            pen.oval(x, y, r * 1.12, r * 1.3, WHITE)
            pen.oval(x + r * 0.3, y + r * 0.1, r * 0.78, r * 0.98, INK)
            pen.oval(x + r * 0.52, y - r * 0.34, r * 0.3, r * 0.3, WHITE)
            if look.female:
                pen.stroke([(x - r * 1.2, y - r * 1.1), (x + r * 1.3, y - r * 1.3)], 1.7, INK)
        else:
            lid = [(-1.1, 0.0), (-0.5, 0.6), (0.5, 0.6), (1.1, 0.0)]
            pen.curve([(x + r * u, y + r * v) for u, v in lid], 2.0, INK)
        lifted = 2.2 if pose.mouth == 2 else 0.0
        top = y - r * 2.3 - lifted
        pen.stroke([(x - r * 1.1, top + 0.6), (x + r * 1.1, top - 0.4)], 2.2, brow)
    if look.glasses:
        for side in (-1, 1):
            _ring(pen, side * apart + r * 0.1, y + r * 0.1, r * 1.95)
        pen.stroke([(-apart + r * 1.9, y), (apart - r * 1.7, y)], 1.5, INK)
        pen.stroke([(-apart - r * 1.6, y), (-w * 1.0, y - r * 0.4)], 1.6, INK)
    pen.oval(w * 0.2, h * 0.26, w * 0.13, h * 0.12, shade)
    if youth:
        for side in (-1, 1):
            pen.oval(side * apart * 1.3 - w * 0.03, h * 0.4, w * 0.14, h * 0.09, shade)
    if look.age == "old":
        _wrinkles(pen, w, h, (apart, y, r), shade)
    _draw_mouth(pen, look, w, h, pose.mouth)


def _wrinkles(
    pen: Pen, w: float, h: float, eyes: tuple[float, float, float], shade: str
) -> None:  # fmt: skip
    """Lines on the forehead, bags under the eyes, folds from the nose."""
    apart, y, r = eyes
    for up in (0.66, 0.54):
        pen.stroke([(-w * 0.42, -h * up), (w * 0.42, -h * up)], 1.3, shade)
    for side in (-1, 1):
        pen.stroke([(side * apart - r, y + r * 2), (side * apart + r, y + r * 2.1)], 2.0, shade)
        fold = [(w * 0.14 + side * w * 0.2, h * 0.34), (w * 0.1 + side * w * 0.38, h * 0.62)]
        pen.stroke(fold, 1.5, shade)


def _ring(pen: Pen, x: float, y: float, radius: float) -> None:
    ring = [
        (-1.0, 0.0),
        (-0.6, -0.8),
        (0.6, -0.8),
        (1.0, 0.0),
        (0.6, 0.8),
        (-0.6, 0.8),
        (-1.0, 0.0),
    ]
    pen.curve([(x + radius * u, y + radius * v) for u, v in ring], 1.5, INK)


def _draw_mouth(pen: Pen, look: PersonLook, w: float, h: float, mouth: int) -> None:
    """Draw a mouth: 0 closed, 1 open in speech, 2 wide in laughter, 3 half open."""
    x, y = w * 0.08, h * 0.58
    if mouth == 0:
        lips = _LIPS if look.female else _MOUTH
        pen.curve([(x - w * 0.22, y - 0.4), (x, y + 1.2), (x + w * 0.26, y - 0.8)], 2.0, lips)
    elif mouth == 1:
        pen.oval(x, y + 0.5, w * 0.2, h * 0.2, _MOUTH)
        pen.oval(x, y + h * 0.12, w * 0.12, h * 0.07, _TONGUE)
    elif mouth == 2:
        pen.poly(
            [(x - w * 0.36, y - h * 0.12), (x + w * 0.4, y - h * 0.12), (x + w * 0.2, y + h * 0.22),
             (x - w * 0.14, y + h * 0.22)],
            _MOUTH,
        )  # fmt: skip
        pen.poly(
            [(x - w * 0.34, y - h * 0.13), (x + w * 0.38, y - h * 0.13),
             (x + w * 0.3, y - h * 0.02), (x - w * 0.28, y - h * 0.02)],
            WHITE,
        )  # fmt: skip
    else:
        pen.oval(x, y, w * 0.24, h * 0.08, _MOUTH)


def _headgear(pen: Pen, look: PersonLook, w: float, h: float) -> None:
    cloth, shade = table().paint[look.head_colour]
    brow = -h * 0.52
    match look.headgear:
        case "hat":
            pen.blob(
                [(-w * 0.86, brow), (-w * 0.84, -h * 1.12), (-w * 0.1, -h * 1.26),
                 (w * 0.8, -h * 1.12), (w * 0.9, brow)],
                cloth,
            )  # fmt: skip
            pen.poly(
                [(-w * 0.86, brow), (w * 0.9, brow), (w * 0.88, brow - h * 0.22),
                 (-w * 0.84, brow - h * 0.22)],
                shade,
            )  # fmt: skip
            pen.oval(w * 0.06, brow + 1, w * 1.4, h * 0.17, cloth)
        case "crown":
            points = [(-w * 0.8, brow)]
            for k, tall in enumerate((1.28, 0.94, 1.42, 0.94, 1.28)):
                points.append((-w * 0.84 + k * w * 0.42, -h * tall))
            pen.poly([*points, (w * 0.82, brow)], _GOLD)
            pen.stroke([(-w * 0.8, brow), (w * 0.82, brow)], 3.4, _GOLD_SHADE)
            for x in (-0.4, 0.0, 0.42):
                pen.oval(x * w, brow - h * 0.2, 2.0, 2.2, _GEM)
        case "helmet":
            pen.blob(
                [(-w * 1.1, h * 0.5), (-w * 1.14, -h * 0.4), (-w * 0.5, -h * 1.18),
                 (w * 0.5, -h * 1.18), (w * 1.12, -h * 0.4), (w * 1.1, brow + h * 0.16),
                 (-w * 0.5, brow + h * 0.16), (-w * 0.56, h * 0.5)],
                cloth,
            )  # fmt: skip
            pen.stroke([(-w * 0.5, brow + 2), (w * 1.08, brow + 2)], 4, shade)
            pen.oval(0, -h * 1.2, w * 0.16, h * 0.2, shade)
        case "cap":
            pen.blob(
                [(-w * 1.04, brow + 2), (-w * 1.0, -h * 1.06), (0, -h * 1.26), (w * 1.0, -h * 1.06),
                 (w * 1.02, brow + 2)],
                cloth,
            )  # fmt: skip
            pen.stroke([(-w * 0.98, brow + 1), (w * 0.98, brow + 1)], 5, shade)
            pen.oval(w * 0.92, brow + 3, w * 0.62, h * 0.11, shade)
            pen.oval(w * 0.2, -h * 0.86, 2.8, 2.8, _GOLD)
        case "pointed hat":
            pen.poly(
                # No higher than a person's box: what is cut off is another hat.
                [(-w * 0.84, brow), (w * 0.88, brow), (w * 0.6, -h * 1.02), (w * 0.14, -h * 1.5),
                 (-w * 0.52, -h * 1.66), (-w * 0.3, -h * 1.28), (-w * 0.62, -h * 0.95)],
                cloth,
            )  # fmt: skip
            pen.poly(
                [(-w * 0.86, brow), (w * 0.9, brow), (w * 0.7, brow - h * 0.22),
                 (-w * 0.7, brow - h * 0.22)],
                shade,
            )  # fmt: skip
            pen.oval(w * 0.04, brow + 1, w * 1.72, h * 0.17, cloth)
            pen.poly(
                [(-w * 0.1, brow - h * 0.01), (w * 0.3, brow - h * 0.01),
                 (w * 0.28, brow - h * 0.25), (-w * 0.08, brow - h * 0.25)],
                _GOLD,
            )  # fmt: skip
