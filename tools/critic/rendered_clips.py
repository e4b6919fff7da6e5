"""Scenes drawn by an engine itself, right and broken -> what a critic's checks say of them.

A right render is right by construction alone: the engine may fail at it, so that its failures are
both the critic's and the engine's. A broken one is broken in one thing for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...engine.protocol import Family
from ...plan import ShotPlan
from .calibrate import CheckReading, look, readings
from .known_clips import KnownClip
from .ports import CriticPorts

SEED = 550_055  # of no training
MOST_FIGURES = 2  # more are seldom all drawn right, and nobody knows whose fault a failure is
WASHED = 0.12  # of the contrast is left
METRICS = ("present", "identity", "motion", "layout", "place")
WHO = ("present", "identity")


@dataclass(frozen=True, slots=True)
class BrokenRender:
    """A shot drawn broken: what it is called, who draws which plan, and which checks must fail."""

    name: str
    family: Family
    shot: ShotPlan
    metrics: tuple[str, ...]


class RenderedWorld(Protocol):
    """Scenes of an engine's world, and how its renders of them are broken."""

    family: Family

    def scene(self, rng: np.random.Generator) -> ShotPlan:
        """Return the plan of a scene of one or two figures."""
        ...

    def broken(self, shot: ShotPlan, rng: np.random.Generator) -> Iterator[BrokenRender]:
        """Yield renders of the scene that are broken in one thing each."""
        ...


def collect_renders(
    ports: CriticPorts,
    world: RenderedWorld,
    clips: int,
    seed: int = SEED,
    on_clip: Callable[[int, int], None] = lambda done, total: None,
) -> list[CheckReading]:
    """Return what every metric says of an engine's own renders, right ones and broken ones."""
    rng = np.random.default_rng(seed)
    found: list[CheckReading] = []
    for number in range(clips):
        found.extend(_of_one(ports, world, world.scene(rng), rng))
        on_clip(number + 1, clips)
    return found


def _of_one(
    ports: CriticPorts, world: RenderedWorld, shot: ShotPlan, rng: np.random.Generator
) -> Iterator[CheckReading]:
    def drawn(family: Family, plan: ShotPlan) -> KnownClip:
        frames = family.render(plan, (), None, lambda done, total: None)
        return KnownClip(shot, frames, family.capabilities.fps)

    right = drawn(world.family, shot)
    looked = look(ports, right)
    for metric in METRICS:
        yield from readings(looked, metric)
    for broken in world.broken(shot, rng):
        seen = look(ports, drawn(broken.family, broken.shot))
        for metric in broken.metrics:
            yield from readings(seen, metric, broken.name)
    seen = look(ports, replace(right, frames=washed(right.frames)))
    for metric in (*WHO, "place"):
        yield from readings(seen, metric, "washed")


def let_go(shot: ShotPlan) -> ShotPlan:
    """Return the plan without region rules: nobody is drawn where they should be."""
    settings = shot.settings.model_copy(update={"regions": False})
    return shot.model_copy(update={"settings": settings})


def washed(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return frames with nearly all contrast gone."""
    pale = 200 + (frames.astype(np.float32) - 200) * WASHED
    return pale.round().astype(np.uint8)
