"""Character id, colourway, accessory and pose -> shapes on a pen, from tables of parts."""

from __future__ import annotations

from ..vocabulary import Accessory
from .accessories import draw_in_hand, draw_on_crown, draw_scarf
from .builds import BUILDS, PAINTS, Build, Paint
from .coats import COATS
from .ears import EARS
from .faces import FACES, INK, WHITE
from .pen import Pen, Point
from .pose import Pose
from .tails import BACKS, TAILS

# Where things are, in units of a standing figure 100 high: x from its middle, y down, feet at 100.
HIP = (0.0, 92.0)


def draw_creature(
    pen: Pen, character: str, colourway: str, pose: Pose, wear: Accessory | None = None
) -> None:
    """Draw the figure facing right, feet at y = 100."""
    build, paint = BUILDS[character], PAINTS[character, colourway]
    if pose.lying:
        _draw_lying(pen, build, paint, wear)
    else:
        _draw_upright(pen, build, paint, pose, wear)


def _draw_upright(pen: Pen, build: Build, paint: Paint, pose: Pose, wear: Accessory | None) -> None:
    hip = HIP[1] + (SEAT if pose.sitting else 0)
    upper = pen.moved(HIP[0], hip, pose.lean).moved(-HIP[0], -HIP[1])
    centre, half_width, half_height = build.body
    # A shell or a coat of spines rests on the ground already.
    rise = SEAT if pose.sitting and build.tail in BACKS else 0
    TAILS[build.tail](upper.moved(-half_width * 0.75, centre + half_height * 0.45 - rise), paint)
    if not pose.sitting:
        _legs(pen, build, paint, pose.legs)
    _arm(upper, build, paint, pose.arms, far=True)
    upper.oval(0, centre, half_width, half_height, paint.coat)
    COATS[build.coat](upper.moved(0, centre), paint, half_width, half_height)
    if pose.sitting:
        _feet_forward(pen, build, paint)
    # The head nods a little further than the body leans, or a bow would only be a tilt.
    head = upper.moved(2 * pose.gaze, build.head[0], pose.lean * 0.35)
    waving = pose.arms in WAVES
    if not waving:
        _arm(upper, build, paint, pose.arms, far=False)
    _head(head, build, paint, pose, wear)
    if waving:
        _arm(upper, build, paint, pose.arms, far=False)
    if wear:
        draw_in_hand(upper.moved(half_width * 0.82 + 8, centre - half_height * 0.1), wear)


def _draw_lying(pen: Pen, build: Build, paint: Paint, wear: Accessory | None) -> None:
    _, head_width, head_height = build.head
    _, body_width, body_height = build.body
    half_width, half_height = max(34.0, body_width * 1.25), min(21.0, body_height)
    middle = -head_width * 0.55
    back = build.tail in BACKS
    start = pen.moved(middle - (0 if back else half_width * 0.85), 96 - half_height * 0.3, -8)
    TAILS[build.tail](start.moved(0, -8 if back else 0), paint)
    body = pen.moved(middle, 100 - half_height)
    body.oval(0, 0, half_width, half_height, paint.coat)
    if build.coat in ("wool", "patches"):
        COATS[build.coat](body, paint, half_width, half_height)
    leg = paint.coat if build.coat == "patches" else paint.shade
    pen.oval(middle - half_width * 0.35, 95, 11, 5, leg)
    pen.oval(middle + half_width * 0.62, 96, 12, 4, leg)
    turned, raised = build.nap
    head = pen.moved(head_width * 0.5, 100 - head_height - raised, turned)
    _head(head, build, paint, Pose(lying=True, eyes_open=False), wear)
    if wear:
        draw_in_hand(pen.moved(head_width * 1.5 + 6, 68), wear)


def _head(pen: Pen, build: Build, paint: Paint, pose: Pose, wear: Accessory | None) -> None:
    _, half_width, half_height = build.head
    pen = pen.mirrored() if pose.gaze < 0 else pen
    EARS[build.ears](pen, paint, half_width, half_height)
    pen.oval(0, 0, half_width, half_height, paint.coat)
    face = pen.moved(build.forward * abs(pose.gaze), 0)
    FACES[build.face](face, paint, half_width, half_height)
    _eyes(face, build, paint, pose.eyes_open)
    if wear:
        across, up, scale = build.crown
        at = pen.moved(across * half_width, up * half_height, -8, scale * half_width / 29)
        draw_on_crown(at, wear)
        draw_scarf(pen.moved(0, half_height * 0.94), wear, half_width, hanging=not pose.lying)


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

# Per leg phase: (x shift, lift) of the near leg, then of the far leg; the last two are a run's.
STRIDES: tuple[tuple[Point, Point], ...] = (
    ((0, 0), (0, 0)),
    ((9, 0), (-9, 3)),
    ((0, 5), (0, 0)),
    ((-9, 3), (9, 0)),
    ((17, 3), (-19, 11)),
    ((-19, 11), (17, 3)),
)
# Where a hand is from its shoulder, outwards and down: down, out, up, and high above.
REACHES: tuple[Point, ...] = ((4, 17), (19, 3), (15, -15), (8, -25))
WING_TURNS = (12, 78, 128, 155)
# Per arm code: the reach of the near and of the far arm.
ARMS: tuple[tuple[int, int], ...] = (
    (0, 0), (1, 1), (2, 2), (2, 0), (3, 0), (0, 2),
    (0, 1), (0, 1), (0, 1), (1, 0), (1, 1), (0, 0), (0, 0), (0, 0),
)  # fmt: skip
WAVES = (3, 4)  # codes of a raised near arm, drawn before the head
SEAT = 11.0  # how much lower a body sits than it stands


def _is_bird(build: Build) -> bool:
    return build.limbs in ("wings", "flippers")


def _legs(pen: Pen, build: Build, paint: Paint, phase: int) -> None:
    _, half_width, _ = build.body
    near, far = STRIDES[phase]
    spread = half_width * (0.62 if build.limbs == "webbed" else 0.46)
    for side, (shift, lift), colour in ((-1, far, paint.shade), (1, near, paint.coat)):
        x, foot = side * spread, 97.0 - lift
        if _is_bird(build):
            pen.oval(x + shift * 0.8 + 3, foot, 9.5, 4.4, paint.accent)
            continue
        if build.limbs == "webbed":
            pen.oval(x + shift + side * 8, foot - 0.5, 15, 4.6, paint.shade)
        pen.stroke([(x, 86), (x + shift, foot - 3)], 12, colour)
        pen.oval(x + shift + 2, foot - 1, 9, 4.8, colour)


def _feet_forward(pen: Pen, build: Build, paint: Paint) -> None:
    """The legs of one who sits: stretched towards us, the soles showing."""
    _, half_width, _ = build.body
    colour, sole = (paint.accent, paint.accent) if _is_bird(build) else (paint.shade, paint.light)
    for side in (-1, 1):
        x = side * max(14.0, half_width * 0.62) + 3
        pen.oval(x, 91, 10.5, 9, colour)
        pen.oval(x + 1, 91.5, 6.5, 5.6, sole)


def _arm(pen: Pen, build: Build, paint: Paint, arms: int, *, far: bool) -> None:
    centre, half_width, half_height = build.body
    side = 1 if far else -1
    code = ARMS[arms][1 if far else 0]
    shoulder = pen.moved(side * half_width * 0.82, centre - half_height * 0.42)
    if _is_bird(build):
        length, broad = (19, 10.5) if build.limbs == "wings" else (19, 7)
        angle = -side * WING_TURNS[code]
        shoulder.moved(0, 0, angle).oval(0, length * 0.75, broad, length, paint.shade)
        return
    out, down = REACHES[code]
    if arms in WAVES and not far:
        # Beside the head, however broad that is.
        out += max(0.0, build.head[1] * 1.1 - half_width * 0.82 - 12)
    shoulder.stroke([(0, 0), (side * out + (0 if arms else 2), down)], 9.5, paint.shade)
