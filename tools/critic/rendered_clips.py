"""Scenes drawn by the engine itself, right and broken -> what a critic's checks say of them.

A right render is right by construction alone: the engine may fail at it, so that its failures are
both the critic's and the engine's. A broken one is broken in one thing for certain:

* mosaic: without the underpainting, figures are patches of colour;
* swapped texts: the regions are told of other animals than the page says;
* let go: no region rules, and nobody is drawn where they should be;
* washed: nearly all contrast is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...engine.storybook.critic.sentences import CaptionDeed, deed
from ...engine.storybook.family import StorybookFamily
from ...engine.storybook.world.scene import sample_scene
from ...plan import ShotPlan
from . import known_clips
from .calibrate import CheckReading, look, readings
from .known_clips import KnownClip
from .ports import CriticPorts

SEED = 550_055  # of no training
MOST_FIGURES = 2  # more are seldom all drawn right, and nobody knows whose fault a failure is
WASHED = 0.12  # of the contrast is left
METRICS = ("present", "identity", "motion", "layout", "place")


def collect_renders(
    ports: CriticPorts,
    clips: int,
    seed: int = SEED,
    on_clip: Callable[[int, int], None] = lambda done, total: None,
) -> list[CheckReading]:
    """Return what every metric says of the engine's own renders, right ones and broken ones."""
    rng = np.random.default_rng(seed)
    painted, bare = StorybookFamily(), StorybookFamily(underpainted=False)
    found: list[CheckReading] = []
    for number in range(clips):
        spec = sample_scene(rng, split="library")
        while len(spec.actors) > MOST_FIGURES:
            spec = sample_scene(rng, split="library")
        found.extend(_of_one(ports, known_clips.shot_of(spec), painted, bare, rng))
        on_clip(number + 1, clips)
    return found


def _of_one(
    ports: CriticPorts,
    shot: ShotPlan,
    painted: StorybookFamily,
    bare: StorybookFamily,
    rng: np.random.Generator,
) -> Iterator[CheckReading]:
    def drawn(family: StorybookFamily, plan: ShotPlan) -> KnownClip:
        frames = family.render(plan, (), None, lambda done, total: None)
        return KnownClip(shot, frames, family.capabilities.fps)

    right = drawn(painted, shot)
    looked = look(ports, right)
    for metric in METRICS:
        yield from readings(looked, metric)
    free = shot.model_copy(update={"settings": shot.settings.model_copy(update={"regions": False})})
    for broken, clip, metrics in (
        ("mosaic", drawn(bare, shot), ("present", "identity")),
        ("swapped texts", drawn(painted, retold(shot, rng)), ("present", "identity")),
        ("let go", drawn(painted, free), ("present", "layout")),
        ("washed", replace(right, frames=washed(right.frames)), ("present", "identity", "place")),
    ):
        seen = look(ports, clip)
        for metric in metrics:
            yield from readings(seen, metric, broken)


def retold(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan with every region's text about another animal of the same deeds."""
    other = known_clips.recast(shot, rng)
    entities = []
    for entity in other.entities:
        beat = shot.beat(entity.id)
        told = CaptionDeed(
            entity.character or "", entity.color, beat.motion if beat else "stand",
            beat.facing if beat else None,
        )  # fmt: skip
        entities.append(entity.model_copy(update={"prompt": deed(told)}))
    return other.model_copy(update={"entities": tuple(entities)})


def washed(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return frames with nearly all contrast gone."""
    pale = 200 + (frames.astype(np.float32) - 200) * WASHED
    return pale.round().astype(np.uint8)
