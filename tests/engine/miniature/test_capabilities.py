"""A folder of the miniature says what it is: its words, its sizes, its critic, and films of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dreamrunner.bench.studio import story_files
from dreamrunner.engine.diffusion.published import folder_checkpoint
from dreamrunner.engine.family import capabilities
from dreamrunner.engine.miniature.capabilities import miniature_capabilities
from dreamrunner.engine.miniature.captions import caption
from dreamrunner.engine.miniature.export import CARD, unpacked
from dreamrunner.engine.miniature.world import (
    CHARACTERS,
    FPS,
    FRAMES,
    HEIGHT,
    MOTIONS,
    PLACES,
    WIDTH,
    Figure,
    WorldScene,
    draw,
)
from dreamrunner.errors import InputError
from dreamrunner.production.critics import critic_name, with_critic
from dreamrunner.production.facade import plan_story
from dreamrunner.production.settings import Settings

PAGE = """\
Title: Two
Seed: 5

@character OWL: a red owl
@character FROG: a blue frog

EXT. MEADOW - DAY #1#

The OWL walks to the left.

EXT. SNOWY FIELD - DAY #2#

The OWL bows on the left. The FROG jumps on the right.

EXT. HILL AT NIGHT - NIGHT #3#

The FROG waves.
"""


@pytest.fixture
def folder(weights: Path, tmp_path: Path) -> Path:
    return unpacked("regions", weights, tmp_path / "cache")


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store", engine=str(folder), out=tmp_path / "out")


def test_an_unpacked_folder_is_the_miniature_and_any_other_is_not(folder: Path) -> None:
    found = folder_checkpoint(folder)
    assert (found.world, found.fps, found.steps, found.guidance) == ("miniature", FPS, 5, 3.0)
    assert (found.width, found.height, found.frames) == (WIDTH, HEIGHT, FRAMES)
    (folder / CARD).unlink()
    other = folder_checkpoint(folder)
    assert (other.world, other.fps) == ("", 16)
    assert not capabilities(str(folder)).characters


def test_it_knows_every_word_of_its_world(settings: Settings) -> None:
    known = capabilities(settings.engine)
    assert set(known.characters) == set(CHARACTERS)
    assert set(known.places) == set(PLACES)
    motions = {*known.motions, *known.library_motions}
    assert motions == {motion.split()[0] for motion in MOTIONS}
    assert known.clip_s == FRAMES / FPS


def test_figures_are_as_wide_as_they_are_drawn() -> None:
    known = miniature_capabilities("it")
    assert known.stage is not None
    for character, aspect in known.aspects.items():
        scene = WorldScene("snow", (Figure(character, "red", "stand", 48),))
        left, top, right, bottom = draw(scene).boxes[0, 0]
        assert known.stage.height == pytest.approx(bottom - top, abs=0.13)
        wide = known.stage.height * aspect * HEIGHT / WIDTH
        assert right - left - 0.02 <= wide <= right - left + 0.1


def test_its_own_critic_measures_it_and_no_other_embedded_one_does(settings: Settings) -> None:
    known = capabilities(settings.engine)
    assert critic_name(settings, known) == "embedded"
    assert "motion" in with_critic(known, settings).metrics
    assert with_critic(known, replace(settings, critic="none")).metrics == ()
    with pytest.raises(InputError, match="drawn worlds alone"):
        critic_name(replace(settings, critic="embedded"), capabilities("cogvideox-2b"))


def test_a_story_is_planned_in_the_sentences_that_it_was_trained_on(
    settings: Settings, tmp_path: Path
) -> None:
    page = tmp_path / "two.story"
    page.write_text(PAGE)
    first, second, third = plan_story(page, settings).shots
    assert [e.prompt for e in first.entities] == ["a red owl walks to the left"]
    assert first.background == "a meadow"
    trained = WorldScene(
        "snow", (Figure("owl", "red", "bow", 24), Figure("frog", "blue", "jump", 72))
    )
    said = " and ".join(e.prompt for e in second.entities)
    assert caption(trained) == f"{said} in {second.background}"
    assert [e.prompt for e in third.entities] == ["a blue frog waves a hand"]
    assert first.duration_s == FRAMES / FPS


def test_boxes_have_one_size_one_pace_and_one_leap(settings: Settings, tmp_path: Path) -> None:
    page = tmp_path / "two.story"
    page.write_text(PAGE)
    first, second, _ = plan_story(page, settings).shots
    start, end = first.box_at("OWL", 0), first.box_at("OWL", FRAMES / FPS)
    assert start is not None and end is not None
    assert start.left - end.left == pytest.approx(20 / WIDTH, abs=1e-3)
    owl, frog = second.box_at("OWL", 0), second.box_at("FROG", 0)
    assert owl is not None and frog is not None
    assert owl.height == pytest.approx(frog.height) == pytest.approx(start.height)
    tops = [box.top for k in second.keyframes for p in k.placements
            if p.entity == "FROG" and (box := p.box)]  # fmt: skip
    assert sum(top < frog.top - 0.1 for top in tops) == 1


def test_the_stories_of_the_benchmark_are_planned_without_a_note(settings: Settings) -> None:
    counts = {}
    for path in story_files():
        plan = plan_story(path, settings)
        counts[path.stem] = len(plan.shots)
        for shot in plan.shots:
            assert not shot.notes, (path, shot.id)
            assert shot.duration_s == FRAMES / FPS
            assert all(e.character for e in shot.entities)
            assert shot.place_id is not None
    assert len(counts) == 12
    assert sorted(counts.values()) == [1, 2, 2, 3, 3, 3, 3, 4, 5, 6, 8, 24]
