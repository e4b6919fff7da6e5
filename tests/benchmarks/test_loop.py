"""The loop's pages are planned, and a shot is made in all ways with equal takes; no model draws."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from dreamrunner.engine.family import capabilities
from dreamrunner.engine.miniature.capabilities import miniature_capabilities
from dreamrunner.film import Clip, Measurement, Take, Verdict
from dreamrunner.plan import Capabilities, ShotPlan

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

import loop  # noqa: E402
from loopbench.pages import PAGES, World, needs_more_than_seeds  # noqa: E402

KNOWN: dict[World, Capabilities] = {
    "storybook": capabilities("storybook"),
    "miniature": miniature_capabilities("miniature"),
}


class ScriptedStudio:
    """Says of a figure that it is right once it is as high as a model was trained on."""

    def __init__(self, known: Capabilities) -> None:
        self.family = type("Scripted", (), {"capabilities": known})()
        self.taken: list[ShotPlan] = []

    def take(self, shot: ShotPlan, number: int) -> tuple[Take, dict[str, bool]]:
        self.taken.append(shot)
        who = shot.entities[0].id
        box = shot.keyframes[0].placements[0].box
        large = box.height >= 0.3
        measured = Measurement(
            assertion=f"{shot.id}/layout.{who}", metric="layout", subject=who,
            value=1.0 if large else 0.0, threshold=0.5, passed=large, explanation="",
        )  # fmt: skip
        clip = Clip(shot=shot.id, path="", key=f"{number}", frames=2, fps=8, width=8, height=8)
        verdict = Verdict(shot=shot.id, score=float(large), measurements=(measured,))
        take = Take(shot=shot.id, number=number, seed=shot.seed, clip=clip, plan=shot,
                    verdict=verdict)  # fmt: skip
        return take, {f"layout.{who}": large}


@pytest.mark.parametrize("world", get_args(World))
def test_every_page_is_planned(world: World) -> None:
    assert len(PAGES[world]) == 10
    for name in PAGES[world]:
        shots = loop.shots_of(world, name, 1, KNOWN[world])
        assert shots and all(shot.entities for shot in shots)


@pytest.mark.parametrize("world", get_args(World))
def test_a_small_box_is_mended_by_its_plan_and_by_no_seed(world: World) -> None:
    studio: Any = ScriptedStudio(KNOWN[world])
    (shot,) = loop.shots_of(world, "small box, snow", 1, KNOWN[world])
    made = loop.compare(studio, "small box, snow", shot)
    assert (made.first, made.loop, made.seeds_by_critic, made.seeds_by_judge) == (
        False, True, False, False,
    )  # fmt: skip
    assert "larger-box" in made.remedies and made.needs_more_than_seeds
    assert len(studio.taken) == 2 * made.takes - 1
    seeded = studio.taken[made.takes :]
    assert all(other.keyframes == shot.keyframes and other.seed != shot.seed for other in seeded)


def test_only_pages_whose_plan_is_wrong_need_more_than_seeds() -> None:
    assert needs_more_than_seeds("small box, two", "1.1")
    assert not needs_more_than_seeds("small box, two", "2.1")
    assert not needs_more_than_seeds("crossing", "1.1")
