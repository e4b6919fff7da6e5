"""The storybook's and the miniature's engines -> scenes that they draw right and broken.

* mosaic: without the underpainting, figures are patches of colour; the miniature paints none;
* swapped texts: the regions are told of other animals than the page says;
* let go: no region rules, and nobody is drawn where they should be.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from ...engine.diffusion.weights import LoadOptions
from ...engine.family import load_family
from ...engine.miniature.capabilities import GUIDANCE
from ...engine.miniature.captions import random_scene
from ...engine.miniature.export import unpacked
from ...engine.numbers import multiplies_bf16
from ...engine.protocol import Family
from ...engine.storybook.critic.sentences import CaptionDeed, deed
from ...engine.storybook.family import StorybookFamily
from ...engine.storybook.world.scene import sample_scene
from ...plan import RenderSettings, ShotPlan
from . import known_clips, miniature_clips
from .rendered_clips import MOST_FIGURES, WHO, BrokenRender, RenderedWorld, let_go

_STEPS = 5  # in which the miniature draws as well as in twenty


def rendered_world(world: str) -> RenderedWorld:
    """Return the scenes of a world whose engine comes with the program."""
    return MiniatureRenders() if world == "miniature" else StorybookRenders()


class StorybookRenders:
    """Scenes of the storybook's world."""

    def __init__(self) -> None:
        self.family: Family = StorybookFamily()
        self._bare = StorybookFamily(underpainted=False)

    def scene(self, rng: np.random.Generator) -> ShotPlan:
        spec = sample_scene(rng, split="library")
        while len(spec.actors) > MOST_FIGURES:
            spec = sample_scene(rng, split="library")
        return known_clips.shot_of(spec)

    def broken(self, shot: ShotPlan, rng: np.random.Generator) -> Iterator[BrokenRender]:
        yield BrokenRender("mosaic", self._bare, shot, WHO)
        yield BrokenRender("swapped texts", self.family, retold(shot, rng), WHO)
        yield BrokenRender("let go", self.family, let_go(shot), ("present", "layout"))


class MiniatureRenders:
    """Scenes of the miniature's world, by the checkpoint that was trained with regions."""

    def __init__(self) -> None:
        options = LoadOptions(bf16=multiplies_bf16())
        self.family: Family = load_family(str(unpacked("regions")), options)

    def scene(self, rng: np.random.Generator) -> ShotPlan:
        chance = random.Random(int(rng.integers(2**32)))
        shot = miniature_clips.shot_of(random_scene(chance, chance.choice((1, 2))))
        return _seeded(shot, rng)

    def broken(self, shot: ShotPlan, rng: np.random.Generator) -> Iterator[BrokenRender]:
        family = self.family
        yield BrokenRender("swapped texts", family, _renamed(shot, rng), WHO)
        yield BrokenRender("let go", family, let_go(shot), ("present", "layout"))


def _seeded(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    settings = RenderSettings(steps=_STEPS, guidance=GUIDANCE)
    seed = int(rng.integers(2**31))
    return shot.model_copy(update={"settings": settings, "seed": seed})


def _renamed(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan with every region's text about another animal in the same colour."""
    other = miniature_clips.recast(shot, rng)
    told = tuple(
        new.model_copy(
            update={"prompt": old.prompt.replace(old.character or "", new.character or "")}
        )
        for old, new in zip(shot.entities, other.entities, strict=True)
    )
    return shot.model_copy(update={"entities": told})


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
