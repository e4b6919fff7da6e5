"""Motion id and time -> pose and path: the default motion library."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..additions import travels
from ..others import own_motions
from ..vocabulary import Facing
from .pose import FootTrack, Pose

# Seconds. At 8 frames a second a stride is 8 frames: two latent frames of a codec that keeps
# every fourth, so a walk repeats in latent space too.
STRIDE, HOP, LEAP, BREATH, BOW, TURN, FLAP = 1.0, 0.75, 1.5, 2.0, 1.5, 1.5, 0.5
GALLOP, DANCE, WAVE, GLANCE, SYLLABLES, NOD = 0.5, 1.0, 0.5, 0.75, 0.5, 1.0
_RISE = 0.82  # the part of a flight spent in the air


@dataclass(frozen=True)
class Moment:
    """A point of a clip: seconds since its start, its length, and the fraction passed."""

    time: float
    length: float

    @property
    def part(self) -> float:
        return self.time / self.length if self.length > 0 else 0.0

    def cycle(self, period: float) -> float:
        """Phase 0..1 in a cycle fitted a whole number of times into the clip."""
        count = max(1, round(self.length / period))
        return (self.part * count) % 1.0 if self.part < 1.0 else 0.0


@dataclass(frozen=True)
class Sway:
    """Where a moving figure is, beside its start: along its way, up, in parts of its extent."""

    along: float = 0.0
    up: float = 0.0


@dataclass(frozen=True)
class Movement:
    """A motion's pose and path over time, and the extents that suit it.

    Extent is a part of the frame's width for motions that travel, of its height for the rest.
    `bounce` is the height of an arc that a travelling motion makes, in figure heights.
    """

    pose: Callable[[Moment], Pose]
    path: Callable[[Moment], Sway]
    extents: tuple[float, float] = (0.0, 0.0)
    bounce: float = 0.0
    sideways: bool = False  # whether one who does not travel moves to and fro by its extent

    @property
    def leaves_ground(self) -> bool:
        return self.bounce > 0 or (self.extents[1] > 0 and self.path not in _GROUNDED)


def _ease(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)


def _arc(phase: float, ground: float) -> float:
    """Height 0..1 of a leap whose first `ground` part is spent gathering on the ground."""
    air = (phase - ground) / (1 - ground)
    return 4 * air * (1 - air) if air > 0 else 0.0


def _still(_: Moment) -> Sway:
    return Sway()


def _stand(m: Moment) -> Pose:
    blink = m.time % 2.5 >= 2.0 and m.time % 2.5 < 2.25
    return Pose(eyes_open=not blink, stretch=1 + 0.02 * math.sin(math.tau * m.cycle(BREATH)))


def _walk(m: Moment) -> Pose:
    quarter = int(m.time / STRIDE * 4 + 1e-6) % 4
    # A paper puppet's waddle: legs this small do not tell a walk from a glide by themselves.
    return Pose(
        legs=(1, 2, 3, 2)[quarter],
        angle=(5, 0, -5, 0)[quarter],
        stretch=(1.0, 1.04, 1.0, 1.04)[quarter],
    )


def _walk_path(m: Moment) -> Sway:
    return Sway(along=m.part)


def _run(m: Moment) -> Pose:
    # Leaning into it, with leaps that a walk has not.
    quarter = int(m.time / GALLOP * 4 + 1e-6) % 4
    return Pose(
        legs=(4, 2, 5, 2)[quarter],
        arms=(1, 0, 1, 0)[quarter],
        angle=15,
        stretch=(1.02, 0.94, 1.02, 0.94)[quarter],
    )


def _wave(m: Moment) -> Pose:
    high = int(m.time / WAVE * 2 + 1e-6) % 2
    return Pose(arms=4 if high else 3, angle=(-3, 3)[high])


def _dance(m: Moment) -> Pose:
    quarter = int(m.time / DANCE * 4 + 1e-6) % 4
    return Pose(
        legs=(2, 0, 2, 0)[quarter],
        arms=(3, 2, 5, 2)[quarter],
        angle=(-15, 0, 15, 0)[quarter],
        stretch=(1.0, 0.9, 1.0, 0.9)[quarter],
    )


def _dance_path(m: Moment) -> Sway:
    return Sway(along=0.5 * math.sin(math.tau * m.cycle(2 * DANCE)))


def _sit(m: Moment) -> Pose:
    blink = 1.5 <= m.time % 2.5 < 1.75
    breath = math.sin(math.tau * m.cycle(BREATH))
    return Pose(sitting=True, eyes_open=not blink, stretch=1 + 0.02 * breath)


def _look(m: Moment) -> Pose:
    return Pose(gaze=(1, 0, -1, 0)[int(m.time / GLANCE + 1e-6) % 4])


def _hop(m: Moment) -> Pose:
    phase = m.cycle(HOP)
    height = _arc(phase, 0.2)
    if height <= 0:
        return Pose(stretch=0.88)
    return Pose(legs=1, arms=1 if phase < 0.75 else 0, stretch=1.06)


def _hop_path(m: Moment) -> Sway:
    return Sway(along=m.part, up=_arc(m.cycle(HOP), 0.2))


def _jump(m: Moment) -> Pose:
    phase = m.cycle(LEAP)
    height = _arc(phase, 0.3)
    if height <= 0:
        return Pose(stretch=1 - 0.16 * math.sin(math.pi * phase / 0.3))
    return Pose(arms=2 if height > 0.35 else 1, stretch=1.06)


def _jump_path(m: Moment) -> Sway:
    return Sway(up=_arc(m.cycle(LEAP), 0.3))


def _flap(m: Moment) -> int:
    return 2 if int(m.time / FLAP * 2 + 1e-6) % 2 == 0 else 1


def _fly(m: Moment) -> Pose:
    if m.part < 1 - _RISE:
        return Pose(arms=0, stretch=1 - 0.12 * math.sin(math.pi * m.part / (1 - _RISE)))
    return Pose(arms=_flap(m))


def _fly_path(m: Moment) -> Sway:
    return Sway(up=_ease((m.part - 1 + _RISE) / _RISE))


def _land(m: Moment) -> Pose:
    if m.part < _RISE:
        return Pose(arms=_flap(m))
    settle = (m.part - _RISE) / (1 - _RISE)
    return Pose(stretch=1 - 0.14 * math.sin(math.pi * settle))


def _land_path(m: Moment) -> Sway:
    return Sway(up=1 - _ease(m.part / _RISE))


def _bow(m: Moment) -> Pose:
    depth = math.sin(math.pi * m.cycle(BOW)) ** 2
    return Pose(lean=round(40 * depth), eyes_open=depth < 0.75)


def _sleep(m: Moment) -> Pose:
    breath = math.sin(math.tau * m.cycle(BREATH * 0.8))
    return Pose(lying=True, eyes_open=False, stretch=1 + 0.05 * breath)


def _spin(m: Moment) -> Pose:
    return Pose(arms=1, turn=math.cos(math.tau * m.cycle(TURN)))


def _somersault(m: Moment) -> Pose:
    # Gathers for a fifth of the clip, turns once in the air, and stands for the last quarter.
    air = (m.part - 0.2) / 0.55
    if air <= 0:
        return Pose(stretch=1 - 0.16 * math.sin(math.pi * m.part / 0.2))
    if air >= 1:
        return Pose(arms=2, stretch=1 - 0.12 * math.sin(math.pi * min(1.0, (air - 1) / 0.3)))
    return Pose(arms=1, angle=round(360 * _ease(air)))


def _somersault_path(m: Moment) -> Sway:
    air = min(1.0, max(0.0, (m.part - 0.2) / 0.55))
    return Sway(up=4 * air * (1 - air))


def _talk(m: Moment) -> Pose:
    # Syllables of half a second; the hands go along with every second word or so.
    mouth = (1, 1, 3, 0)[int(m.time / SYLLABLES * 4 + 1e-6) % 4]
    arms = (8, 10)[int(m.time / (2 * SYLLABLES) + 1e-6) % 2]
    return Pose(arms=arms, mouth=mouth, nod=(0, 6)[int(m.time / SYLLABLES + 1e-6) % 2])


def _listen(m: Moment) -> Pose:
    blink = 1.5 <= m.time % 2.5 < 1.75
    return Pose(arms=11, eyes_open=not blink, nod=(-4, 6)[int(m.time / 1.5 + 1e-6) % 2])


def _nod(m: Moment) -> Pose:
    return Pose(nod=round(26 * math.sin(math.pi * m.cycle(NOD)) ** 2))


def _point(m: Moment) -> Pose:
    return Pose(arms=6 if m.part > 0.12 else 0, mouth=3)


def _pick_up(m: Moment) -> Pose:
    depth = math.sin(math.pi * min(1.0, m.part / 0.8))
    if depth > 0.3:
        return Pose(lean=round(65 * depth), arms=12)
    return Pose(arms=11 if m.part > 0.5 else 0)


def _give(m: Moment) -> Pose:
    return Pose(arms=7 if m.part > 0.15 else 11, lean=round(10 * _ease(m.part * 3)))


def _fall(m: Moment) -> Pose:
    # Stumbles, throws up the arms, and lands sitting.
    if m.part < 0.2:
        return Pose(legs=1, angle=10)
    if m.part < 0.42:
        return Pose(legs=4, arms=2, angle=-20, mouth=1)
    return Pose(sitting=True, arms=1, mouth=3 if m.part < 0.7 else 0, angle=-10)


def _laugh(m: Moment) -> Pose:
    up = int(m.time / SYLLABLES * 2 + 1e-6) % 2
    return Pose(arms=11, mouth=2, nod=-14, stretch=(0.98, 1.04)[up])


def _turn_round(m: Moment) -> Pose:
    return Pose(turn=math.cos(math.pi * _ease((m.part - 0.35) / 0.3)))


def _get_up(m: Moment) -> Pose:
    if m.part < 0.3:
        return Pose(sitting=True)
    return Pose(lean=round(35 * max(0.0, 1 - (m.part - 0.3) / 0.25)))


def _swim(m: Moment) -> Pose:
    # The tail beats; the body rocks a little after it.
    quarter = int(m.time / STRIDE * 4 + 1e-6) % 4
    return Pose(legs=(1, 2, 3, 2)[quarter], angle=(-4, 0, 4, 0)[quarter])


def _glide(m: Moment) -> Pose:
    return Pose(legs=(0, 1, 2, 3)[int(m.time / STRIDE * 4 + 1e-6) % 4])


def _roll(m: Moment) -> Pose:
    return Pose(legs=(0, 1, 2, 3)[int(m.time * 8 + 1e-6) % 4])


_GROUNDED = (_still, _walk_path, _dance_path)
MOVEMENTS: dict[str, Movement] = {
    "stand": Movement(_stand, _still),
    "walk": Movement(_walk, _walk_path, (0.25, 0.50)),
    "hop": Movement(_hop, _hop_path, (0.25, 0.45), bounce=0.26),
    "jump": Movement(_jump, _jump_path, (0.15, 0.22)),
    "fly": Movement(_fly, _fly_path, (0.30, 0.45)),
    "land": Movement(_land, _land_path, (0.30, 0.45)),
    "bow": Movement(_bow, _still),
    "sleep": Movement(_sleep, _still),
    "run": Movement(_run, _walk_path, (0.40, 0.62)),
    "wave": Movement(_wave, _still),
    "dance": Movement(_dance, _dance_path, (0.08, 0.12), sideways=True),
    "sit": Movement(_sit, _still),
    "look": Movement(_look, _still),
    "spin": Movement(_spin, _still),
    "somersault": Movement(_somersault, _somersault_path, (0.18, 0.26)),
    "talk": Movement(_talk, _still),
    "listen": Movement(_listen, _still),
    "nod": Movement(_nod, _still),
    "point": Movement(_point, _still),
    "pick-up": Movement(_pick_up, _still),
    "give": Movement(_give, _still),
    "fall": Movement(_fall, _still),
    "laugh": Movement(_laugh, _still),
    "turn": Movement(_turn_round, _still),
    "get-up": Movement(_get_up, _still),
    "enter": Movement(_walk, _walk_path, (0.25, 0.50)),
    "exit": Movement(_walk, _walk_path, (0.25, 0.50)),
}

# Of those that none but the kinds of `others` have.
OWN_MOVEMENTS: dict[str, Movement] = {
    "swim": Movement(_swim, _walk_path, (0.25, 0.50)),
    "slither": Movement(_glide, _walk_path, (0.25, 0.45)),
    "float": Movement(_glide, _walk_path, (0.25, 0.50)),
    "roll": Movement(_roll, _walk_path, (0.40, 0.62)),
}
_ALL = MOVEMENTS | OWN_MOVEMENTS


def _moment(index: int, frames: int, fps: float) -> Moment:
    return Moment(index / fps, max(frames - 1, 1) / fps)


def pose_at(motion: str, index: int, frames: int, fps: float) -> Pose:
    """The pose at frame `index`; a motion outside the library is drawn standing."""
    return _ALL.get(motion, MOVEMENTS["stand"]).pose(_moment(index, frames, fps))


def leaves_ground(motion: str) -> bool:
    """Say whether a motion lifts a figure off the ground, where its shadow stays."""
    return motion in _ALL and _ALL[motion].leaves_ground


def natural_track(
    motion: str,
    *,
    x: float,
    y: float,
    height: float,
    facing: Facing = "right",
    extent: float | None = None,
    frames: int = 25,
    fps: float = 8,
) -> FootTrack:
    """The path from a start on the ground: `x`, `y` the foot point, `height` standing, 0..1.

    A motion comes down where it stands: "land" begins `extent` above `y` and ends on it. Without
    an extent it takes the middle of what suits the motion.
    """
    movement = _ALL.get(motion, MOVEMENTS["stand"])
    reach = sum(movement.extents) / 2 if extent is None else extent
    goes = travels(motion) or motion in own_motions()
    sign = 1 if facing == "right" else -1
    xs, ys = [], []
    for index in range(frames):
        sway = movement.path(_moment(index, frames, fps))
        xs.append(x + sign * sway.along * (reach if goes or movement.sideways else 0.0))
        ys.append(y - sway.up * (movement.bounce * height if goes else reach))
    return FootTrack(tuple(xs), tuple(ys), (height,) * frames, (y,) * frames)
