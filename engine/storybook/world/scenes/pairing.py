"""Two characters and an interaction -> two actors on paths that belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..figures.pose import FootTrack
from ..figures.sprites import resting_size
from ..vocabulary import Accessory, Facing
from .actors import Actor, ActorRole, SceneSpec, make_actor


@dataclass(frozen=True)
class Casting:
    """Who somebody is in a scene: a character in a colourway, what it wears, what it does."""

    character: str
    colourway: str
    motion: str
    wear: Accessory | None = None


Pair = tuple[Casting, Casting]


def paired(
    rng: np.random.Generator, spec: SceneSpec, interaction: str, pair: Pair
) -> tuple[Actor, ...]:
    """Place two for an interaction; the first has its first role. Depends only on `rng`."""
    facing: Facing = "right" if rng.random() < 0.5 else "left"
    first, second = _LAYOUTS[interaction](rng, spec, pair, facing)
    ids = (first.entity_id, second.entity_id)
    return (
        replace(first, tie=ActorRole(interaction, 0, ids[1])),
        replace(second, tie=ActorRole(interaction, 1, ids[0])),
    )


def _half(spec: SceneSpec, who: Casting, height: float) -> float:
    wide, _ = resting_size(who.character, who.colourway, False, who.wear)
    return height * wide / 2 * spec.height / spec.width


def _actor(
    spec: SceneSpec, who: Casting, x: float, y: float, height: float, facing: Facing, reach: float
) -> Actor:
    return make_actor(
        who.character, x=x, y=y, height=height, motion=who.motion, colourway=who.colourway,
        facing=facing, extent=reach, wear=who.wear, frames=spec.frames, fps=spec.fps,
    )  # fmt: skip


def _mirrored(x: float, facing: Facing) -> float:
    return x if facing == "right" else 1 - x


def _chase(
    rng: np.random.Generator, spec: SceneSpec, pair: Pair, facing: Facing
) -> tuple[Actor, Actor]:
    """One behind the other, both at a run, never closer and never farther."""
    tall = float(rng.uniform(0.375, 0.46))
    heights = tall, tall * float(rng.uniform(0.88, 1.05))
    halves = [_half(spec, who, h) for who, h in zip(pair, heights, strict=True)]
    gap = sum(halves) + float(rng.uniform(0.03, 0.08))
    room = max(0.0, 0.98 - 2 * max(halves) - gap)
    reach = room * float(rng.uniform(0.85, 1.0))
    start = max(halves) + 0.01 + float(rng.uniform(0, room - reach + 1e-6))
    y = float(rng.uniform(0.82, 0.93))
    behind, before = (
        _actor(spec, who, _mirrored(start + lead, facing), down, h, facing, reach)
        for who, lead, down, h in zip(
            pair, (0, gap), (y, y + float(rng.uniform(-0.03, 0.03))), heights, strict=True
        )
    )
    return behind, before


def _meet(
    rng: np.random.Generator, spec: SceneSpec, pair: Pair, facing: Facing
) -> tuple[Actor, Actor]:
    """From both sides towards each other, face to face at the end."""
    tall = float(rng.uniform(0.40, 0.52))
    heights = tall, tall * float(rng.uniform(0.85, 1.1))
    halves = [_half(spec, who, h) for who, h in zip(pair, heights, strict=True)]
    meeting = float(rng.uniform(0.42, 0.58))
    y = float(rng.uniform(0.82, 0.93))
    others: Facing = "left" if facing == "right" else "right"
    actors = []
    for who, half, h, way in zip(pair, halves, heights, (facing, others), strict=True):
        end = meeting if way == facing else 1 - meeting
        start = half + 0.01 + float(rng.uniform(0, 0.03))
        reach = max(0.02, end - half - start - 0.01)
        down = y + float(rng.uniform(-0.02, 0.02))
        actors.append(_actor(spec, who, _mirrored(start, way), down, h, way, reach))
    return actors[0], actors[1]


def _carry(
    rng: np.random.Generator, spec: SceneSpec, pair: Pair, facing: Facing
) -> tuple[Actor, Actor]:
    """One walks, the other sits on its back and goes where it goes."""
    tall = float(rng.uniform(0.42, 0.48))
    small = tall * float(rng.uniform(0.72, 0.8))
    halves = _half(spec, pair[0], tall), _half(spec, pair[1], small)
    back = halves[0] * 0.74 + halves[1] * 0.34
    room = 0.98 - halves[0] - max(halves[0], back + halves[1])
    reach = min(float(rng.uniform(0.25, 0.45)), room)
    start = 0.01 + max(halves[0], back + halves[1]) + float(rng.uniform(0, room - reach))
    y = float(rng.uniform(0.86, 0.94))
    carrier = _actor(spec, pair[0], _mirrored(start, facing), y, tall, facing, reach)
    behind = -back if facing == "right" else back
    rider = _actor(spec, pair[1], 0.5, y, small, facing, 0)
    track = FootTrack(
        tuple(x + behind for x in carrier.track.x),
        tuple(v - 0.4 * tall for v in carrier.track.y),
        rider.track.height,
    )
    return carrier, replace(rider, track=track, depth=carrier.depth - 0.01)


_Layout = Callable[[np.random.Generator, SceneSpec, Pair, Facing], tuple[Actor, Actor]]
_LAYOUTS: dict[str, _Layout] = {"chase": _chase, "meet": _meet, "carry": _carry}
