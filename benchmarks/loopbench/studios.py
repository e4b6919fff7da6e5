"""Shots -> takes, each with the critic's verdict and with the truth by a judge of its own.

What the judge says reaches no plan and no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from storybench.held_out import shown
from storybench.prompts import Prompt, Role
from storybench.scores import score

from dreamrunner.agents.critic.remedies import ShotMeans
from dreamrunner.agents.critic.verdict import judge as verdict_of
from dreamrunner.bench.scoring import Scorer
from dreamrunner.engine.diffusion.weights import LoadOptions
from dreamrunner.engine.family import load_family
from dreamrunner.engine.lossy import Lossy
from dreamrunner.engine.miniature.export import unpacked
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.world import FRAMES
from dreamrunner.engine.numbers import multiplies_bf16
from dreamrunner.engine.protocol import Family, underpainted
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge import Judge
from dreamrunner.engine.storybook.world.vocabulary import HELD_OUT_MOTIONS
from dreamrunner.film import Clip, Take
from dreamrunner.plan import Entity, ShotPlan
from dreamrunner.production.settings import Settings, default_store
from dreamrunner.tools.critic.embedded import load_embedded
from dreamrunner.tools.critic.measure import CriticMeasurer
from dreamrunner.tools.critic.miniature import load_miniature
from dreamrunner.tools.stages.parts import parts_of

from .lessons import Lessons
from .pages import World

Truth = dict[str, bool]  # "motion.FOX" or "place" -> whether it is right
Frames = NDArray[np.uint8]  # [T, h, w, 3]
IN_PLACE = 0.5  # the overlap with the planned box from which on somebody is where he should be


class Eye(Protocol):
    """Who knows what is right."""

    def truth(self, shot: ShotPlan, frames: Frames, fps: float) -> Truth: ...


class StorybookEye:
    """The storybook's judge; who turns over is held against drawings, for the judge goes by the
    path alone (`storybench.held_out`)."""

    def __init__(self) -> None:
        self._judge = Judge.load()

    def truth(self, shot: ShotPlan, frames: Frames, fps: float) -> Truth:
        found = score(shot, self._judge.judge(frames), fps)
        truth = {"place": found.place}
        for role in found.roles:
            beat = shot.beat(role.entity)
            turns = beat is not None and beat.motion in HELD_OUT_MOTIONS
            truth |= {
                f"present.{role.entity}": role.seen,
                f"layout.{role.entity}": role.in_region,
                f"motion.{role.entity}": shown(_prompt(shot, role.entity), frames)
                if turns
                else role.motion,
            }
        return truth


class MiniatureEye:
    """The miniature's judge, which looks at whole clips: a shorter one is slowed down to one."""

    def __init__(self) -> None:
        self._scorer = Scorer(MiniatureJudge.load(), load_miniature().ports)

    def truth(self, shot: ShotPlan, frames: Frames, fps: float) -> Truth:
        if len(frames) < FRAMES:
            frames = frames[np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)]
        found = self._scorer.shot("", "", shot, frames, 1)
        truth = {"place": found.place}
        for figure in found.figures:
            truth |= {
                f"present.{figure.entity}": figure.character,
                f"layout.{figure.entity}": figure.iou >= IN_PLACE,
                f"motion.{figure.entity}": figure.motion,
            }
        return truth


class Studio:
    """Draws, teaches, measures and judges shots of one world."""

    def __init__(self, world: World, steps: int | None = None) -> None:
        """Load all; `steps` of the sampler, the engine's own where None."""
        self._family, self._eye = _family(world), _eye(world)
        self._critic = CriticMeasurer(load_embedded if world == "storybook" else load_miniature)
        self._lessons = Lessons(world, self._family, _settings(world))
        self._steps = steps

    @property
    def family(self) -> Family:
        return self._family

    def taught(self, shot: ShotPlan) -> frozenset[str]:
        """Return who of a shot does something that an adapter was trained for."""
        return self._lessons.taught(shot)

    def means(self, shot: ShotPlan) -> ShotMeans:
        """Return what there is to change a shot with."""
        return self._lessons.means(shot)

    def take(self, shot: ShotPlan, number: int, meant: Mapping[str, str]) -> tuple[Take, Truth]:
        """Return a take with the critic's verdict, and what of it is right.

        Args:
            meant: what the page wants of somebody whose motion it says in another word.
        """
        fps = float(self._family.capabilities.fps)
        parts = parts_of(shot) if shot.parts else (shot,)
        drawn = [self._frames(part) for part in parts]
        frames = np.concatenate(drawn)
        count, height, width, _ = frames.shape
        clip = Clip(
            shot=shot.id, path="", key=f"{shot.id}-{number}", frames=count, fps=fps, width=width,
            height=height, underpainted=underpainted(self._family, shot),
        )  # fmt: skip
        verdict = verdict_of(shot, self._critic.measure_frames(shot, frames, fps))
        made = Take(
            shot=shot.id, number=number, seed=shot.seed, clip=clip, plan=shot, verdict=verdict
        )
        truth: Truth = {}
        for part, own in zip(parts, drawn, strict=True):
            found = self._eye.truth(as_meant(part, meant), own, fps)
            truth |= found | {"place": found["place"] and truth.get("place", True)}
        return made, truth

    def _frames(self, shot: ShotPlan) -> Frames:
        if self._steps is not None:
            settings = shot.settings.model_copy(update={"steps": self._steps})
            shot = shot.model_copy(update={"settings": settings})
        adapters = self._lessons.of(shot)
        return self._family.render(shot, adapters, None, lambda done, total: None)


def as_meant(shot: ShotPlan, meant: Mapping[str, str]) -> ShotPlan:
    """Return a shot whose people do what the page means, for a judge."""
    beats = tuple(
        beat.model_copy(update={"motion": meant.get(beat.entity, beat.motion)})
        for beat in shot.beats
    )
    return shot.model_copy(update={"beats": beats})


def _prompt(shot: ShotPlan, first: str) -> Prompt:
    """Return a shot as the world itself can draw it, one of its people first."""
    order = sorted(shot.entities, key=lambda entity: entity.id != first)
    roles = tuple(role for depth, one in enumerate(order) for role in _roles(shot, one, depth))
    return Prompt(shot.id, shot.seed, shot.place_id or "", shot.background, "", roles)


def _roles(shot: ShotPlan, entity: Entity, depth: int) -> Iterator[Role]:
    boxes = [shot.box_at(entity.id, k / models.FPS) for k in range(models.FRAMES)]
    beat = shot.beat(entity.id)
    whole = [(b.left, b.top, b.right, b.bottom) for b in boxes if b is not None]
    if len(whole) < len(boxes) or beat is None or entity.character is None or not entity.color:
        return  # who is not there all the time is not what is compared
    yield Role(
        entity.character, entity.color, beat.motion, beat.facing, entity.prompt, depth,
        np.asarray(whole, np.float64),
    )  # fmt: skip


def _settings(world: World) -> Settings:
    if world == "storybook":
        return Settings(store=default_store())
    return Settings(
        store=default_store(), engine=str(unpacked("regions")),
        lossy=Lossy(bf16=multiplies_bf16()),
    )  # fmt: skip


def _family(world: World) -> Family:
    if world == "storybook":
        return StorybookFamily()
    return load_family(str(unpacked("regions")), LoadOptions(bf16=multiplies_bf16()))


def _eye(world: World) -> Eye:
    return StorybookEye() if world == "storybook" else MiniatureEye()
