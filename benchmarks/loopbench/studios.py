"""Shots -> takes, each with the critic's verdict and with the truth by a judge of its own.

What the judge says reaches no plan and no verdict.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from storybench.scores import score

from dreamrunner.agents.critic.verdict import judge as verdict_of
from dreamrunner.bench.scoring import Scorer
from dreamrunner.engine.diffusion.weights import LoadOptions
from dreamrunner.engine.family import load_family
from dreamrunner.engine.miniature.export import unpacked
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.numbers import multiplies_bf16
from dreamrunner.engine.protocol import Family, underpainted
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge import Judge
from dreamrunner.film import Clip, Take
from dreamrunner.plan import ShotPlan
from dreamrunner.tools.critic.embedded import load_embedded
from dreamrunner.tools.critic.measure import CriticMeasurer
from dreamrunner.tools.critic.miniature import load_miniature

from .pages import World

Truth = dict[str, bool]  # "motion.FOX" or "place" -> whether it is right
IN_PLACE = 0.5  # the overlap with the planned box from which on somebody is where he should be


class Eye(Protocol):
    """Who knows what is right."""

    def truth(self, shot: ShotPlan, frames: NDArray[np.uint8], fps: float) -> Truth: ...


class StorybookEye:
    """The storybook's judge."""

    def __init__(self) -> None:
        self._judge = Judge.load()

    def truth(self, shot: ShotPlan, frames: NDArray[np.uint8], fps: float) -> Truth:
        found = score(shot, self._judge.judge(frames), fps)
        truth = {"place": found.place}
        for role in found.roles:
            truth |= {
                f"present.{role.entity}": role.seen,
                f"layout.{role.entity}": role.in_region,
                f"motion.{role.entity}": role.motion,
            }
        return truth


class MiniatureEye:
    """The miniature's judge."""

    def __init__(self) -> None:
        self._scorer = Scorer(MiniatureJudge.load(), load_miniature().ports)

    def truth(self, shot: ShotPlan, frames: NDArray[np.uint8], fps: float) -> Truth:
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
    """Draws, measures and judges shots of one world."""

    def __init__(self, world: World) -> None:
        self._family, self._eye = _family(world), _eye(world)
        self._critic = CriticMeasurer(load_embedded if world == "storybook" else load_miniature)

    @property
    def family(self) -> Family:
        return self._family

    def take(self, shot: ShotPlan, number: int) -> tuple[Take, Truth]:
        """Return a take with the critic's verdict, and what of it is right."""
        fps = float(self._family.capabilities.fps)
        frames = self._family.render(shot, (), None, lambda done, total: None)
        count, height, width, _ = frames.shape
        clip = Clip(
            shot=shot.id, path="", key=f"{shot.id}-{number}", frames=count, fps=fps, width=width,
            height=height, underpainted=underpainted(self._family, shot),
        )  # fmt: skip
        verdict = verdict_of(shot, self._critic.measure_frames(shot, frames, fps))
        made = Take(
            shot=shot.id, number=number, seed=shot.seed, clip=clip, plan=shot, verdict=verdict
        )
        return made, self._eye.truth(shot, frames, fps)


def _family(world: World) -> Family:
    if world == "storybook":
        return StorybookFamily()
    return load_family(str(unpacked("regions")), LoadOptions(bf16=multiplies_bf16()))


def _eye(world: World) -> Eye:
    return StorybookEye() if world == "storybook" else MiniatureEye()
