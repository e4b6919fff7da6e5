"""A random generator -> a scene: who is where, doing what, for training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..figures.accessories import COLOURS
from ..figures.builds import PAINTS
from ..figures.motions import MOVEMENTS
from ..figures.sprites import resting_size
from ..places.camera import moving
from ..vocabulary import (
    ACCESSORIES,
    ACCESSORY_COLOURS,
    CHARACTERS,
    INTERACTIONS,
    MOTIONS,
    PLACES,
    SPLITS,
    Accessory,
    CameraMove,
    Facing,
    Light,
    Split,
    Weather,
)
from .actors import Actor, SceneSpec, filmed, make_actor, natural_boxes
from .pairing import Casting, paired

ACTOR_WEIGHTS = (0.45, 0.45, 0.10)
# Standing heights for one, two and three actors, as parts of the frame: 40-60, 36-52 and 30-42
# pixels of 96.
HEIGHTS = ((0.42, 0.62), (0.375, 0.54), (0.31, 0.44))
CROSSINGS = 0.15  # the part of scenes in which figures may pass before each other
INTERACTING = 0.3  # the part of scenes of two in which they have to do with each other
WEARING = 0.4  # the part of figures that wear or carry something
OTHER_LIGHT, FALLING = 0.3, 0.25  # the part of scenes in another light; with rain or snow
MOVING = 0.15  # the part of scenes in which the camera moves
MOVES: tuple[CameraMove, ...] = ("pan-left", "pan-right", "zoom-in")
_CLASH = 150  # colours nearer than this (of 765) would not be told from the coat
_TRIES = 14
_SEEDS = 1000


def sample_scene(
    rng: np.random.Generator,
    *,
    split: str | Split = "base",
    actors: int | None = None,
    place: str | None = None,
    still: bool = False,
    width: int = 144,
    height: int = 96,
    frames: int = 25,
    fps: float = 8,
) -> SceneSpec:
    """A scene from the split's characters and motions; depends on nothing but `rng`.

    `still` keeps the camera from moving.
    """
    parts = SPLITS[split] if isinstance(split, str) else split
    count = actors or 1 + int(rng.choice(len(ACTOR_WEIGHTS), p=ACTOR_WEIGHTS))
    setting = place or str(rng.choice(list(PLACES)))
    seed = int(rng.integers(_SEEDS))
    light, weather = _conditions(rng, setting)
    cast = _cast(rng, parts, count)
    empty = SceneSpec(setting, seed, (), width, height, frames, fps, light, weather)
    together = _interaction(rng, parts, cast)
    if together is not None:
        spec = replace(empty, actors=paired(rng, empty, *together))
    else:
        spec = replace(empty, actors=_apart(rng, empty, cast))
    if not still and rng.random() < MOVING:
        moved = filmed(spec, moving(MOVES[int(rng.integers(len(MOVES)))]))
        # A move that would lose somebody is not made.
        if all(_is_seen(actor, (width, height)) for actor in moved.actors):
            return moved
    return spec


def _conditions(rng: np.random.Generator, place: str) -> tuple[Light | None, Weather]:
    """A light and a weather that the place knows, mostly its own."""
    known = PLACES[place]
    light: Light | None = None
    if rng.random() < OTHER_LIGHT:
        light = "day" if known.light == "night" else "night"
    falls = [weather for weather in known.weathers if weather != "clear"]
    if falls and rng.random() < FALLING:
        return light, falls[int(rng.integers(len(falls)))]
    return light, "clear"


def _cast(rng: np.random.Generator, split: Split, count: int) -> list[Casting]:
    """Different characters, each with a colourway and a motion; the focus is on one of them."""
    names = [c for c in split.characters if c != split.focus_character]
    if split.focus_motion is not None and split.focus_character is None:
        names = [c for c in names if split.allows(c, split.focus_motion)] or names
    chosen = [str(c) for c in rng.permutation(names)[:count]]
    if split.focus_character is not None:
        chosen[0] = split.focus_character
    cast = []
    for i, character in enumerate(chosen):
        motions = [m for m in split.motions if split.allows(character, m)]
        motion = motions[int(rng.integers(len(motions)))]
        if i == 0 and split.focus_motion is not None:
            motion = split.focus_motion
        colour = CHARACTERS[character].colourways[int(rng.random() < 0.4)]
        cast.append(Casting(character, colour, motion, _wear(rng, character, colour)))
    # Shuffled so that the focus is not always the leftmost.
    return [cast[i] for i in rng.permutation(count)]


def _wear(rng: np.random.Generator, character: str, colourway: str) -> Accessory | None:
    """Something to wear whose colour shows on the coat, or nothing."""
    if rng.random() >= WEARING:
        return None
    coat = PAINTS[character, colourway].coat
    plain = [c for c in ACCESSORY_COLOURS if _distance(COLOURS[c][0], coat) > _CLASH]
    item = ACCESSORIES[int(rng.integers(len(ACCESSORIES)))]
    return Accessory(item, plain[int(rng.integers(len(plain)))])


def _distance(a: str, b: str) -> int:
    return sum(abs(int(a[i : i + 2], 16) - int(b[i : i + 2], 16)) for i in (1, 3, 5))


def _interaction(
    rng: np.random.Generator, split: Split, cast: list[Casting]
) -> tuple[str, tuple[Casting, Casting]] | None:
    """An interaction for a scene of two whose roles the split allows, or None."""
    if len(cast) != 2 or split.focus_motion is not None or rng.random() >= INTERACTING:
        return None
    name = list(INTERACTIONS)[int(rng.integers(len(INTERACTIONS)))]
    first, second = (
        replace(who, motion=role.motion)
        for who, role in zip(cast, INTERACTIONS[name].roles, strict=True)
    )
    allowed = all(split.allows(who.character, who.motion) for who in (first, second))
    return (name, (first, second)) if allowed else None


def _apart(rng: np.random.Generator, spec: SceneSpec, cast: list[Casting]) -> tuple[Actor, ...]:
    """The cast with little or no overlap, except in the scenes meant for crossing."""
    crossing = len(cast) > 1 and rng.random() < CROSSINGS
    best: tuple[float, tuple[Actor, ...]] | None = None
    for _ in range(1 if crossing else _TRIES):
        placed = _placed(rng, spec, cast)
        overlap = _overlap(placed, (spec.width, spec.height))
        if best is None or overlap < best[0]:
            best = (overlap, placed)
        if overlap < 0.08:
            break
    assert best is not None
    return best[1]


def _is_seen(actor: Actor, size: tuple[int, int]) -> bool:
    boxes = natural_boxes(actor, size)
    return bool(boxes.min() > -0.02 and boxes.max() < 1.02)


def _placed(rng: np.random.Generator, spec: SceneSpec, cast: list[Casting]) -> tuple[Actor, ...]:
    """The cast from left to right, each about its share of the width."""
    return tuple(_figure(rng, spec, who, slot, len(cast)) for slot, who in enumerate(cast))


def _figure(
    rng: np.random.Generator, spec: SceneSpec, who: Casting, slot: int, slots: int
) -> Actor:
    """One figure, as large as suits the number of figures, about its share of the width."""
    motion = who.motion
    # Rising needs room: a low start and a figure that leaves some sky.
    y = float(rng.uniform(0.87 if motion in ("fly", "land") else 0.78, 0.94))
    tall = float(rng.uniform(*HEIGHTS[min(slots, len(HEIGHTS)) - 1]))
    wide, high = resting_size(who.character, who.colourway, motion == "sleep", who.wear)
    reach, tall = _fitted(rng, motion, (y, tall), high)
    centre = (slot + float(rng.uniform(0.25, 0.75))) / slots
    facing: Facing = "right" if rng.random() < (0.65 if centre < 0.5 else 0.35) else "left"
    half = tall * wide / 2 * spec.height / spec.width + 0.01
    half += reach / 2 if MOVEMENTS[motion].sideways else 0
    x, reach = _start(centre, half, reach, facing, motion)
    return make_actor(
        who.character, x=x, y=y, height=tall, motion=motion, colourway=who.colourway,
        facing=facing, extent=reach, wear=who.wear, frames=spec.frames, fps=spec.fps,
    )  # fmt: skip


def _fitted(
    rng: np.random.Generator, motion: str, placed: tuple[float, float], high: float
) -> tuple[float, float]:
    """An extent that suits the motion, and the height cut so that it stays below the top.

    `placed` is the foot's y and the standing height; `high` what is drawn of a height of one.
    """
    y, tall = placed
    low, most = MOVEMENTS[motion].extents
    reach = float(rng.uniform(low, most))
    room = y - 0.03
    if not MOVEMENTS[motion].leaves_ground or MOTIONS[motion].travels:
        return reach, min(tall, room / (high + MOVEMENTS[motion].bounce))
    tall = min(tall, (room - low) / high)
    return min(reach, room - tall * high), tall


def _start(
    centre: float, half: float, reach: float, facing: Facing, motion: str
) -> tuple[float, float]:
    """Where to begin so that the middle of the way is near `centre` and all of it in the frame."""
    if not MOTIONS[motion].travels:
        return min(max(centre, half), 1 - half), reach
    reach = min(reach, 1 - 2 * half)
    left = min(max(centre - reach / 2, half), 1 - half - reach)
    return (left if facing == "right" else left + reach), reach


def _overlap(actors: tuple[Actor, ...], size: tuple[int, int]) -> float:
    """The greatest part of any figure that another covers or is covered by, over the clip."""
    boxes = [natural_boxes(actor, size) for actor in actors]
    worst = 0.0
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            corner = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
            shared = np.prod(np.maximum(corner, 0), axis=1)
            area = np.minimum(np.prod(a[:, 2:] - a[:, :2], 1), np.prod(b[:, 2:] - b[:, :2], 1))
            worst = max(worst, float((shared / area).max()))
    return worst
