"""The loop's pages are planned, and a shot is made in all ways with equal takes; no model draws."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from dreamrunner.agents.critic.remedies import ShotMeans
from dreamrunner.agents.graph.shoot import means_of
from dreamrunner.engine.family import capabilities
from dreamrunner.engine.miniature.capabilities import miniature_capabilities
from dreamrunner.film import Clip, Measurement, Take, Verdict
from dreamrunner.plan import Capabilities, ShotPlan

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

import loop  # noqa: E402
from loopbench.pages import PAGES, Kind, World, needs_more_than_seeds  # noqa: E402
from loopbench.studios import as_meant  # noqa: E402

KNOWN: dict[World, Capabilities] = {
    "storybook": capabilities("storybook"),
    "miniature": miniature_capabilities("miniature"),
}


class ScriptedStudio:
    """Says of a figure that it is right once it is as high as a model was trained on."""

    def __init__(self, known: Capabilities) -> None:
        self.family = type("Scripted", (), {"capabilities": known})()
        self.taken: list[ShotPlan] = []

    def taught(self, shot: ShotPlan) -> frozenset[str]:
        return frozenset()

    def means(self, shot: ShotPlan) -> ShotMeans:
        return means_of(shot, self.family.capabilities, {}, None, policy="none")

    def take(
        self, shot: ShotPlan, number: int, meant: Mapping[str, str]
    ) -> tuple[Take, dict[str, bool]]:
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
def test_every_page_is_planned_and_every_kind_is_there(world: World) -> None:
    assert len(PAGES[world]) == 10
    assert {page.kind for page in PAGES[world].values()} == set(get_args(Kind))
    for name, page in PAGES[world].items():
        shots = loop.shots_of(world, name, 1, KNOWN[world])
        assert set(page.stuck) <= {shot.scene for shot in shots}
        assert all(shot.entities for shot in shots)
        here = {entity.id for shot in shots for entity in shot.entities}
        assert page.meant.keys() <= here
        motions = {beat.motion for shot in shots for beat in shot.beats}
        taught = bool(motions & KNOWN[world].library_motions.keys())
        assert taught == (page.kind == "held out"), name


@pytest.mark.parametrize("world", get_args(World))
def test_a_small_box_is_mended_by_its_plan_and_by_no_seed(world: World) -> None:
    studio: Any = ScriptedStudio(KNOWN[world])
    shot, *_ = loop.shots_of(world, "small boxes", 1, KNOWN[world])
    made = loop.compare(studio, world, "small boxes", shot)
    assert (made.first, made.loop, made.seeds_by_critic, made.seeds_by_judge) == (
        False, True, False, False,
    )  # fmt: skip
    assert "larger-box" in made.remedies and made.needs_more_than_seeds
    assert len(studio.taken) == 2 * made.takes - 1
    seeded = studio.taken[made.takes :]
    assert all(other.keyframes == shot.keyframes and other.seed != shot.seed for other in seeded)


def test_only_scenes_whose_plan_is_wrong_need_more_than_seeds() -> None:
    assert needs_more_than_seeds("storybook", "held out, of two", "2.1")
    assert not needs_more_than_seeds("storybook", "held out, of two", "1.1")
    assert not needs_more_than_seeds("storybook", "small box, then none", "2.1")


def test_a_style_stands_in_every_shot_and_only_one_page_lets_it_go() -> None:
    for name, pinned in (("words, a style", False), ("words, a style that is kept", True)):
        for shot in loop.shots_of("miniature", name, 1, KNOWN["miniature"]):
            assert shot.style and any(pin.what == "style" for pin in shot.pins) is pinned


def test_a_judge_sees_what_the_page_means() -> None:
    shot, _ = loop.shots_of("storybook", "words, a verb", 1, KNOWN["storybook"])
    assert [beat.motion for beat in shot.beats] == ["stand"]
    assert [b.motion for b in as_meant(shot, {"RABBIT": "jump"}).beats] == ["jump"]


def test_a_run_goes_on_from_what_its_file_has(tmp_path: Path) -> None:
    studio: Any = ScriptedStudio(KNOWN["storybook"])
    shots = loop.shots_of("storybook", "small boxes", 1, KNOWN["storybook"])
    made = [loop.compare(studio, "storybook", "small boxes", shot) for shot in shots]
    kept = tmp_path / "loop.json"
    kept.write_text(json.dumps(loop.summary(made)))
    assert loop._kept(kept) == made
