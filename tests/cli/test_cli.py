"""A command writes what it made to its stream and ends with the exit code that says so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dreamrunner import __version__
from dreamrunner.plan import Plan

from .calling import STORY, call


def test_version() -> None:
    result = call("--version")
    assert (result.exit_code, result.stdout) == (0, f"dreamrunner {__version__}\n")


def test_check_finds_nothing_wrong() -> None:
    result = call("check", "walk.story", "--engine", "storybook")
    assert (result.exit_code, result.stdout) == (0, "walk.story: no mistakes\n")


def test_check_shows_every_mistake_at_its_line() -> None:
    Path("bad.story").write_text(
        STORY + "\n@layout OWL {\n  0s: box (0.6, 0.2, 0.4, 0.9)\n}\n", encoding="utf-8"
    )
    result = call("check", "bad.story")
    assert result.exit_code == 1
    assert "--> bad.story:11:9" in result.stdout
    assert "--> bad.story:12:11" in result.stdout
    assert "= help: " in result.stdout
    assert result.stdout.endswith("2 errors\n")


@pytest.mark.parametrize("how", [["--json"], ["--format", "json"]])
def test_check_as_json(how: list[str]) -> None:
    Path("bad.story").write_text(STORY.replace("motion.FOX", "motion.OWL"), encoding="utf-8")
    result = call("check", "bad.story", *how)
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [(d["severity"], d["line"]) for d in found] == [("error", 9)]


def test_explain_says_what_a_code_means_and_lists_them_all() -> None:
    page = call("explain", "e142")
    assert page.exit_code == 0
    assert page.stdout.startswith("E142  a box without area\n")
    every = call("explain").stdout.splitlines()
    assert "E142        a box without area" in every
    assert "W121 E121   longer than one clip" in every
    assert json.loads(call("explain", "E142", "--json").stdout)[0]["code"] == "E142"
    assert call("explain", "E999").exit_code == 2


def test_plan_is_a_table_with_the_writers_words_as_they_are() -> None:
    result = call("plan", "walk.story")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "A Walk [not markup]  1 shot, 0.5 s"
    assert re.fullmatch(r"1\.1 +0\.5 s  meadow  FOX walk → +\d+", lines[3])


def test_plan_as_json_is_a_plan() -> None:
    result = call("plan", "walk.story", "--json", "--seed", "3")
    plan = Plan.model_validate_json(result.stdout)
    assert [beat.motion for beat in plan.shots[0].beats] == ["walk"]
    other = Plan.model_validate_json(call("plan", "walk.story", "--json", "--seed", "4").stdout)
    assert plan.shots[0].seed != other.shots[0].seed


def test_storyboard_and_animatic_say_where_they_are() -> None:
    result = call("storyboard", "walk.story", "-o", "board.png")
    assert (result.exit_code, result.stdout) == (0, "board.png\nboard.html\n")
    assert Path("board.png").read_bytes().startswith(b"\x89PNG")
    page = Path("board.html").read_text("utf-8")
    assert "<svg" in page and "default-src &#x27;none&#x27;" in page
    assert "http://" not in page and "https://" not in page and "<script" not in page
    result = call("animatic", "walk.story")
    assert (result.exit_code, result.stdout) == (0, "walk-animatic.mp4\n")
    assert Path("walk-animatic.mp4").read_bytes()[4:8] == b"ftyp"


def test_render_says_where_the_film_is_and_what_is_not_judged() -> None:
    result = call("render", "walk.story", "--engine", "animatic")
    assert result.exit_code == 0
    assert "A Walk [not markup]  1 shot, 3.5 s, drawn by animatic" in result.stdout
    assert f"film    {Path('out/walk/film.mp4')}" in result.stdout
    assert "warning[W202]: shot 1.1: motion of FOX: not measured" in result.stdout
    assert "--> walk.story:9:9" in result.stdout
    assert "9 | @expect motion.FOX >= 0.5\n  |         ^^^^^^^^^^^^^^^^^\n" in result.stdout
    assert "draws the plan itself, with no model" in result.stderr
    assert re.search(r"^render +shot 1\.1 +made in ", result.stderr, re.MULTILINE)

    again = call("render", "walk.story", "--engine", "animatic", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["status"] == "done"
    assert re.search(r"^render +shot 1\.1 +kept from before", again.stderr, re.MULTILINE)

    strict = call("render", "walk.story", "--engine", "animatic", "--strict")
    assert strict.exit_code == 1

    assert "error[E202]: shot 1.1: motion of FOX" in strict.stdout
    page = Path("out/walk/report.html").read_text("utf-8")
    assert "error[E202]: shot 1.1: motion of FOX" in page

    report = call("report", "walk.story")
    assert (report.exit_code, report.stdout) == (0, f"{Path('out/walk/report.html')}\n")


def test_takes_are_listed_made_and_kept_and_cards_left_away() -> None:
    quick = ("walk.story", "--engine", "animatic")
    made = call("render", *quick, "--voice", "none", "--takes")
    assert made.exit_code == 0
    assert re.search(r"1\.1 +1\b", made.stdout)
    assert "0.5 s" not in made.stdout  # three seconds of it are the title

    bare = call("render", *quick, "--voice", "none", "--no-cards")
    assert "0.5 s, drawn by animatic" in bare.stdout
    assert not re.search(r"1\.1 +1\b", bare.stdout)

    again = call("redo", *("walk.story", "1.1"), *quick[1:], "--voice", "none", "--no-cards")
    assert again.exit_code == 0, again.stderr
    rows = re.findall(r"^ *1\.1 +(\d)\b", call("takes", "walk.story").stdout, re.MULTILINE)
    assert rows == ["1", "2"]
    kept = call(
        "keep", "walk.story", "1.1", "2", *quick[1:], "--voice", "none", "--no-cards", "--write"
    )
    assert kept.exit_code == 0, kept.stderr
    assert "#1#\n@take 2\n" in Path("walk.story").read_text(encoding="utf-8")
    refused = call("keep", "walk.story", "1.1", "1", *quick[1:], "--voice", "none", "--no-cards")
    assert refused.exit_code == 1
    assert "line 6 of walk.story shows take 2" in refused.stderr


def test_render_tells_machines_what_the_film_lacks_at_its_line() -> None:
    words = ("render", "walk.story", "--engine", "animatic")
    (told,) = json.loads(call(*words, "--json").stdout)["diagnostics"]
    assert (told["code"], told["file"], told["line"], told["column"]) == (
        "W202", "walk.story", 9, 9,
    )  # fmt: skip

    sarif = call(*words, "--format", "sarif")
    (found,) = json.loads(sarif.stdout)["runs"][0]["results"]
    assert (sarif.exit_code, found["ruleId"], found["level"]) == (0, "W202", "warning")
    assert found["locations"][0]["physicalLocation"]["region"]["startLine"] == 9

    junit = call(*words, "--format", "junit", "--strict")
    assert junit.exit_code == 1
    assert '<testsuites name="dreamrunner render" tests="1" failures="1"' in junit.stdout
    assert 'name="E202 at 9:9" file="walk.story" line="9"' in junit.stdout


def test_render_tells_machines_why_a_story_cannot_be_filmed() -> None:
    Path("walk.story").write_text(STORY.replace("motion.FOX", "motion.OWL"), encoding="utf-8")
    result = call("render", "walk.story", "--engine", "animatic", "--format", "sarif")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["runs"][0]["results"]
    assert (found["level"], found["locations"][0]["physicalLocation"]["region"]["startLine"]) == (
        "error", 9,
    )  # fmt: skip
    assert call("render", "walk.story", "--dry-run", "--format", "sarif").exit_code == 2


@pytest.mark.parametrize("name", ["..story", "...story", "....story", "a\nb.story"])
def test_a_film_goes_into_a_folder_of_its_own_within_the_folder_of_films(name: str) -> None:
    Path("deep").mkdir()
    Path("walk.story").rename(name)
    before = {*Path().iterdir(), *Path("deep").iterdir()}
    result = call("render", name, "--engine", "animatic", "-o", "deep/films")
    assert result.exit_code == 0, result.output
    made = {*Path().iterdir(), *Path("deep").iterdir()} - before
    assert made == {Path("deep/films"), Path("store")}
    (folder,) = Path("deep/films").iterdir()
    assert (folder / "film.mp4").is_file()
    assert call("report", name, "-o", "deep/films").exit_code == 0
    assert call("storyboard", name).exit_code == 0
    assert len({*Path().iterdir()} - before - made) == 2


def test_a_writers_escape_codes_do_not_reach_the_terminal() -> None:
    Path("walk.story").write_text(STORY.replace("A Walk", "A \x1b[31mWalk"), encoding="utf-8")
    result = call("plan", "walk.story")
    assert "\x1b" not in result.output


def test_the_command_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dreamrunner", "check", "walk.story"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "walk.story: no mistakes\n")
