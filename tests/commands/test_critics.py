"""A video and a page -> carets, JSON, JUnit and SARIF, and an exit code that CI reads."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from dreamrunner.cli import app
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_scene, make_actor
from dreamrunner.engine.video import read_video, write_video

PAGE = """\
Title: Try

@character FOX: a red fox
@character OWL: a purple owl

EXT. FOREST - DAY #1#
@duration 25f

The FOX walks to the right. The OWL stands still.
@expect {relation}

EXT. BEACH - DAY #2#
@duration 25f

The FOX sleeps.
"""
FOX = make_actor("fox", x=0.15, y=0.9, height=0.48, motion="walk", extent=0.3)
OWL = make_actor("owl", x=0.8, y=0.88, height=0.45, motion="stand")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "elsewhere.mp4"
    write_video(path, draw_scene(SceneSpec("forest", 5, (FOX, OWL))).frames, 8)
    return path


def critique(video: Path, folder: Path, relation: str, *options: str) -> Result:
    story = folder / "try.story"
    story.write_text(PAGE.format(relation=relation), encoding="utf-8")
    named = ["critique", str(video), "--story", str(story), "--store", str(folder / "store")]
    return CliRunner().invoke(app, [*named, *options])


def test_a_video_that_keeps_to_its_page_passes_what_the_page_asks(
    video: Path, tmp_path: Path
) -> None:
    found = critique(video, tmp_path, "FOX left-of OWL", "--scene", "1", "--json")
    seen = json.loads(found.stdout)
    (shot,) = seen["shots"]
    verdicts = {m["assertion"].removeprefix("1.1/"): m["passed"] for m in shot["measurements"]}
    assert verdicts["present.FOX"] and verdicts["present.OWL"] and verdicts["place"]
    assert verdicts["expect.FOX.left-of.OWL"] is True
    assert seen["critic"] == "embedded"
    assert found.exit_code == (1 if False in verdicts.values() else 0)


def test_what_fails_is_shown_at_its_line_in_every_form(video: Path, tmp_path: Path) -> None:
    wrong = "FOX right-of OWL"
    text = critique(video, tmp_path, wrong, "--scene", "1")
    assert text.exit_code == 1
    assert "error[E201]" in text.stdout and "FOX is right-of OWL in 0 of" in text.stdout
    assert "@expect FOX right-of OWL\n" in text.stdout and "^^^" in text.stdout
    junit = ET.fromstring(critique(video, tmp_path, wrong, "--format", "junit").stdout)
    assert junit.get("name") == "dreamrunner critique" and int(junit.get("failures") or 0) >= 1
    sarif = json.loads(critique(video, tmp_path, wrong, "--format", "sarif").stdout)
    lines = [
        r["locations"][0]["physicalLocation"]["region"]["startLine"]
        for r in sarif["runs"][0]["results"]
    ]
    assert 10 in lines


def test_a_scene_that_is_not_there_and_an_engine_that_nothing_measures(
    video: Path, tmp_path: Path
) -> None:
    assert "has no scene 9" in critique(video, tmp_path, "FOX left-of OWL", "--scene", "9").stderr
    blind = critique(video, tmp_path, "FOX left-of OWL", "--critic", "none")
    assert blind.exit_code == 1 and "nothing measures the pictures" in blind.stderr


def test_the_cards_of_a_film_of_ours_are_no_shots_of_it(video: Path, tmp_path: Path) -> None:
    """A film with its title card begins three seconds later than its plan."""
    seen = read_video(video)
    title = np.zeros((round(3 * seen.fps), *seen.frames.shape[1:]), np.uint8)
    page = np.concatenate([title, seen.frames, seen.frames])  # both shots show the first scene
    write_video(tmp_path / "film.mp4", page, 8, scale=1)
    found = critique(tmp_path / "film.mp4", tmp_path, "FOX left-of OWL", "--json")
    first, second = json.loads(found.stdout)["shots"]
    verdicts = {m["metric"]: m["passed"] for m in first["measurements"]}
    assert verdicts["present"] and verdicts["place"] and "technical" not in verdicts
    assert {m["metric"]: m["passed"] for m in second["measurements"]}["place"] is False


def test_a_film_is_cut_where_its_plan_is_and_a_black_shot_is_a_fault(
    tmp_path: Path,
) -> None:
    frames = draw_scene(SceneSpec("forest", 5, (FOX, OWL))).frames
    film = np.concatenate([frames, np.zeros_like(frames)])
    path = tmp_path / "film.mp4"
    write_video(path, film, 8)
    found = json.loads(critique(path, tmp_path, "FOX left-of OWL", "--json").stdout)
    first, second = ({m["metric"]: m for m in s["measurements"]} for s in found["shots"])
    assert "technical" not in first
    assert second["technical"]["explanation"].endswith("frames are black")
    assert found["notes"] == []
