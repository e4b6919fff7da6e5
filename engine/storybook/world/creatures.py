"""Character id, colourway and pose -> shapes on a pen: nine animals from one table of parts."""

from __future__ import annotations

from collections.abc import Callable

from .builds import BUILDS, PAINTS, Build, Paint
from .pen import Pen, Point
from .pose import Pose

INK = "#2A2633"
WHITE = "#FFFFFF"
BLUSH = "#F0909A"

# Where things are, in units of a standing figure 100 high: x from its middle, y down, feet at 100.
HIP = (0.0, 92.0)


def draw_creature(pen: Pen, character: str, colourway: str, pose: Pose) -> None:
    """Draw the figure facing right, feet at y = 100."""
    build, paint = BUILDS[character], PAINTS[character, colourway]
    if pose.lying:
        _draw_lying(pen, build, paint)
    else:
        _draw_standing(pen, build, paint, pose)


def _draw_standing(pen: Pen, build: Build, paint: Paint, pose: Pose) -> None:
    upper = pen.moved(HIP[0], HIP[1], pose.lean).moved(-HIP[0], -HIP[1])
    centre, half_width, half_height = build.body
    TAILS[build.tail](upper.moved(-half_width * 0.75, centre + half_height * 0.45), paint)
    _legs(pen, build, paint, pose.legs)
    _arm(upper, build, paint, pose.arms, far=True)
    upper.oval(0, centre, half_width, half_height, paint.coat)
    upper.oval(
        half_width * 0.2,
        centre + half_height * 0.14,
        half_width * 0.66,
        half_height * 0.72,
        paint.light,
    )
    # The head nods a little further than the body leans, or a bow would only be a tilt.
    head = upper.moved(2, build.head[0], pose.lean * 0.35)
    _arm(upper, build, paint, pose.arms, far=False)
    _head(head, build, paint, pose.eyes_open)


def _draw_lying(pen: Pen, build: Build, paint: Paint) -> None:
    _, head_width, head_height = build.head
    _, body_width, body_height = build.body
    half_width, half_height = max(34.0, body_width * 1.25), min(21.0, body_height)
    middle = -head_width * 0.55
    TAILS[build.tail](pen.moved(middle - half_width * 0.85, 96 - half_height * 0.3, -8), paint)
    pen.oval(middle, 100 - half_height, half_width, half_height, paint.coat)
    pen.oval(middle - half_width * 0.35, 95, 11, 5, paint.shade)
    pen.oval(middle + half_width * 0.62, 96, 12, 4, paint.shade)
    turned, raised = build.nap
    head = pen.moved(head_width * 0.5, 100 - head_height - raised, turned)
    _head(head, build, paint, eyes_open=False)


def _head(pen: Pen, build: Build, paint: Paint, eyes_open: bool) -> None:
    _, half_width, half_height = build.head
    EARS[build.ears](pen, paint, half_width, half_height)
    pen.oval(0, 0, half_width, half_height, paint.coat)
    FACES[build.face](pen.moved(build.forward, 0), paint, half_width, half_height)
    _eyes(pen.moved(build.forward, 0), build, paint, eyes_open)


def _eyes(pen: Pen, build: Build, paint: Paint, eyes_open: bool) -> None:
    apart, y, radius = build.eyes
    for side in (-1, 1):
        x = side * apart
        if eyes_open:
            pen.oval(x, y, radius, radius * 1.08, WHITE)
            pen.oval(x + radius * 0.28, y + 0.4, radius * 0.66, radius * 0.76, INK)
            pen.oval(x + radius * 0.45, y - radius * 0.3, radius * 0.24, radius * 0.24, WHITE)
            continue
        # A closed lid needs ink on a light coat and white on a dark one; a white almond under
        # an ink arc reads on both.
        pen.oval(x, y + 1, radius * 0.95, radius * 0.72, paint.light)
        lid = [(-0.8, 0.0), (-0.45, 0.42), (0.0, 0.58), (0.45, 0.42), (0.8, 0.0)]
        pen.curve([(x + radius * u, y + radius * v) for u, v in lid], 3.2, INK)


# --- limbs ---------------------------------------------------------------------------------

# Per leg phase: (x shift, lift) of the near leg, then of the far leg.
STRIDES: tuple[tuple[Point, Point], ...] = (
    ((0, 0), (0, 0)),
    ((9, 0), (-9, 3)),
    ((0, 5), (0, 0)),
    ((-9, 3), (9, 0)),
)


def _legs(pen: Pen, build: Build, paint: Paint, phase: int) -> None:
    _, half_width, _ = build.body
    bird = build.limbs in ("wings", "flippers")
    near, far = STRIDES[phase]
    spread = half_width * (0.62 if build.limbs == "webbed" else 0.46)
    for side, (shift, lift), colour in ((-1, far, paint.shade), (1, near, paint.coat)):
        x, foot = side * spread, 97.0 - lift
        if bird:
            pen.oval(x + shift * 0.8 + 3, foot, 9.5, 4.4, paint.accent)
            continue
        if build.limbs == "webbed":
            pen.oval(x + shift + side * 8, foot - 0.5, 15, 4.6, paint.shade)
        pen.stroke([(x, 86), (x + shift, foot - 3)], 12, colour)
        pen.oval(x + shift + 2, foot - 1, 9, 4.8, colour)


def _arm(pen: Pen, build: Build, paint: Paint, arms: int, *, far: bool) -> None:
    centre, half_width, half_height = build.body
    side = 1 if far else -1
    shoulder = pen.moved(side * half_width * 0.82, centre - half_height * 0.42)
    if build.limbs in ("wings", "flippers"):
        length, broad = (19, 10.5) if build.limbs == "wings" else (19, 7)
        angle = -side * (12, 78, 128)[arms]
        shoulder.moved(0, 0, angle).oval(0, length * 0.75, broad, length, paint.shade)
        return
    reach: Point = ((4, 17), (19, 3), (15, -15))[arms]
    hand = (side * reach[0] + (0 if arms else 2), reach[1])
    shoulder.stroke([(0, 0), hand], 9.5, paint.shade)


# --- ears (drawn behind the head) ----------------------------------------------------------


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


# --- faces (origin at the middle of the turned face) ----------------------------------------


def _nose(pen: Pen, y: float, rx: float, colour: str) -> None:
    pen.oval(2, y, rx, rx * 0.74, colour)


def _fox_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.blob(
            [
                (side * 2, h * 0.34),
                (side * w * 0.62, h * 0.16),
                (side * w * 0.96, h * 0.44),
                (side * w * 0.5, h * 0.9),
                (0, h * 0.98),
            ],
            paint.light,
        )
    pen.oval(2, h * 0.5, 12, h * 0.44, paint.light)
    _nose(pen, h * 0.46, 5.4, INK)


def _owl_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * 14, 0, 15.5, 16, paint.light)
    pen.poly([(-5.5, 9), (9.5, 9), (2, 22)], paint.accent)


def _bear_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    pen.oval(2, h * 0.46, 14.5, 11.5, paint.light)
    _nose(pen, h * 0.3, 6.4, INK)


def _rabbit_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    _cheeks(pen, w, h)
    pen.oval(2, h * 0.56, 8, 6.5, paint.light)
    _nose(pen, h * 0.42, 4.2, "#E5657F")


def _frog_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * 19 - 1, -h * 0.86, 14.5, 14, paint.coat)
    pen.oval(0, h * 0.46, w * 0.72, h * 0.44, paint.light)
    pen.curve([(-w * 0.52, h * 0.1), (0, h * 0.5), (w * 0.58, h * 0.06)], 4.2, paint.shade)


def _cat_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        for drop in (0, 5):
            start = (side * w * 0.5, h * 0.42 + drop)
            end = (side * w * 1.12 - 4, h * 0.3 + drop * 2)
            pen.stroke([start, end], 1.9, paint.light)
    pen.oval(2, h * 0.56, 11, 7.5, paint.light)
    _nose(pen, h * 0.4, 4.6, paint.accent)


def _penguin_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 0.36, h * 0.14, w * 0.44, h * 0.62, WHITE)
    pen.poly([(-5, h * 0.3), (9, h * 0.24), (14, h * 0.46), (2, h * 0.66)], paint.accent)


def _pig_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    _cheeks(pen, w, h)
    pen.oval(3, h * 0.36, 13.5, 10, paint.shade)
    for side in (-1, 1):
        pen.oval(3 + side * 5, h * 0.36, 2.6, 4, INK)


def _lion_face(pen: Pen, paint: Paint, w: float, h: float) -> None:
    # The mane is part of the head, so it must cover what the head has drawn so far.
    mane = pen.moved(-5, 0)
    for k in range(12):
        petal = mane.moved(0, 0, k * 30)
        petal.oval(0, -29, 10, 11.5, paint.accent)
    mane.oval(0, 0, 31, 30, paint.accent)
    mane.oval(1, 0, w, h, paint.coat)
    pen.oval(2, h * 0.5, 12.5, 9.5, paint.light)
    _nose(pen, h * 0.32, 5.6, INK)


def _cheeks(pen: Pen, w: float, h: float) -> None:
    for side in (-1, 1):
        pen.oval(side * w * 0.66 - 2, h * 0.42, 5, 4, BLUSH)


# --- tails (origin where the tail leaves the body, pointing left) ----------------------------


def _no_tail(pen: Pen, paint: Paint) -> None:
    """Owl, bear, frog and penguin show none from the front."""


def _brush(pen: Pen, paint: Paint) -> None:
    pen.blob(
        [(4, 6), (-16, 6), (-33, -12), (-29, -36), (-20, -30), (-12, -14), (4, -8)], paint.coat
    )
    pen.blob([(-34, -14), (-29, -37), (-19, -31), (-16, -19), (-24, -21)], paint.accent)


def _puff(pen: Pen, paint: Paint) -> None:
    pen.oval(-5, 1, 8, 8, paint.light if paint.coat != "#FFFDF8" else paint.shade)


def _curl(pen: Pen, paint: Paint) -> None:
    pen.curve([(4, 2), (-15, 2), (-25, -12), (-21, -28), (-29, -38)], 6.4, paint.coat)


def _corkscrew(pen: Pen, paint: Paint) -> None:
    loop = [(4.0, 0.0), (-7, 2), (-13, -4), (-9, -10), (-4, -5), (-10, 3), (-18, -2)]
    pen.curve(loop, 3.6, paint.shade)


def _tassel(pen: Pen, paint: Paint) -> None:
    pen.curve([(4, 2), (-16, 4), (-26, -6), (-27, -18)], 5.4, paint.coat)
    pen.oval(-27, -24, 7.5, 10, paint.accent)


EARS: dict[str, Callable[[Pen, Paint, float, float], None]] = {
    "none": _no_ears,
    "pointed": _pointed_ears,
    "cat": _cat_ears,
    "round": _round_ears,
    "long": _long_ears,
    "tufts": _tufts,
    "flaps": _flaps,
}
FACES: dict[str, Callable[[Pen, Paint, float, float], None]] = {
    "fox": _fox_face,
    "owl": _owl_face,
    "bear": _bear_face,
    "rabbit": _rabbit_face,
    "frog": _frog_face,
    "cat": _cat_face,
    "penguin": _penguin_face,
    "pig": _pig_face,
    "lion": _lion_face,
}
TAILS: dict[str, Callable[[Pen, Paint], None]] = {
    "none": _no_tail,
    "brush": _brush,
    "puff": _puff,
    "curl": _curl,
    "corkscrew": _corkscrew,
    "tassel": _tassel,
}
