"""The door: what comes out, on which stream, with which exit code, and never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dreamrunner import __version__
from dreamrunner.cli import app
from dreamrunner.plan import Plan
from dreamrunner.tools.store.lock import RunLock

STORY = """\
Title: A Walk [not markup]

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.
@expect motion.FOX >= 0.5
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a folder with a story, with a store and a width of terminal of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DREAMRUNNER_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("walk.story").write_text(STORY, encoding="utf-8")
    yield tmp_path


def call(*words: str) -> Result:
    result = CliRunner().invoke(app, list(words), prog_name="dreamrunner")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


HELP = {
    "dreamrunner": (),
    **{
        name.replace(" ", "-"): tuple(name.split())
        for name in (
            "check",
            "explain",
            "fmt",
            "write",
            "import",
            "export",
            "plan",
            "storyboard",
            "animatic",
            "render",
            "doctor",
            "report",
            "critique",
            "accept",
            "credits",
            "diff",
            "store",
            "store du",
            "store gc",
            "store verify",
            "store push",
            "store pull",
            "takes",
            "keep",
            "redo",
            "watch",
            "lsp",
            "library",
            "library add",
            "library search",
            "library list",
            "adapters",
            "adapters list",
            "adapters show",
            "adapters train",
            "adapters test",
            "adapters export",
            "adapters remove",
            "critic",
            "critic calibrate",
            "bench",
            "bench story",
            "library show",
            "library remove",
            "library credits",
        )
    },
}


@pytest.mark.parametrize("name", HELP)
def test_help(name: str, golden: Callable[[str, str], None]) -> None:
    result = call(*HELP[name], "--help")
    assert result.exit_code == 0
    # The words are ours; boxes, columns and the names of types are Typer's, and change with it.
    words = re.sub(r"[╭╮╰╯│─]|<[\w\[\] ]*>", " ", result.stdout)
    sections = re.split(
        r" (?=(?:Arguments|Options|Commands|Examples?:|-\S+ ) )", " ".join(words.split())
    )
    golden(f"help/{name}.txt", "\n".join(textwrap.fill(s, 96) for s in sections) + "\n")


def test_every_command_is_in_the_help_table() -> None:
    import typer.main

    group = typer.main.get_command(app)
    assert set(group.commands) == {words[0] for words in HELP.values() if words}


def test_the_engines_to_choose_from_are_those_that_there_are() -> None:
    from dreamrunner.commands.arguments import EngineName
    from dreamrunner.engine.family import FAMILIES

    assert [engine.value for engine in EngineName] == list(FAMILIES)


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


def _missing() -> None:
    Path("walk.story").unlink()


def _directory() -> None:
    _missing()
    Path("walk.story").mkdir()


def _binary() -> None:
    Path("walk.story").write_bytes(b"\x7fELF\x00\x01\xff\xfe" * 40)


def _latin() -> None:
    Path("walk.story").write_bytes("Title: Füchse\n".encode("latin-1"))


def _empty() -> None:
    Path("walk.story").write_text("", encoding="utf-8")


def _undefined() -> None:
    text = STORY + "@layout OWL {\n  0s: box (0.1, 0.1, 0.5, 0.5)\n}\n"
    Path("walk.story").write_text(text, encoding="utf-8")


def _reference() -> None:
    text = STORY.replace("a red fox", 'a red fox { reference "refs/fox.png" }')
    Path("walk.story").write_text(text, encoding="utf-8")


def _output() -> None:
    Path("out").write_text("a file where the folder should be", encoding="utf-8")


def _film() -> None:
    Path("out").mkdir()
    Path("out/walk").write_text("a file where the film's folder should be", encoding="utf-8")


def _store() -> None:
    Path("store").mkdir()
    for first in range(256):
        Path(f"store/{first:02x}").write_text("a file where entries should be", encoding="utf-8")


BAD = {
    "a missing file": (_missing, 2, "does not exist"),
    "a directory": (_directory, 2, "is a directory"),
    "binary junk": (_binary, 1, "is no text"),
    "another encoding": (_latin, 1, "is not UTF-8"),
    "an empty story": (_empty, 1, "walk.story:1:1"),
    "an undefined name": (_undefined, 1, "walk.story:10:9"),
    "a missing reference": (_reference, 1, "refs/fox.png"),
    "a file for an output folder": (_output, 2, "is a file"),
    "an unwritable output folder": (_film, 1, "cannot write"),
    "an unwritable store": (_store, 1, "store"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_a_clear_error(name: str) -> None:
    spoil, code, words = BAD[name]
    spoil()
    result = call("render", "walk.story", "--engine", "animatic")
    assert result.exit_code == code, result.output
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output


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


def test_a_second_render_into_the_same_folder_is_told_to_wait() -> None:
    with RunLock("out/walk"):
        result = call("render", "walk.story", "--engine", "animatic")
    assert result.exit_code == 1
    assert str(os.getpid()) in result.stderr
    assert "-o" in result.stderr


def test_a_store_without_room_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit on the size of files is as near to a full disk as a test without mounts comes."""
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))\n"
        "from dreamrunner.cli import main\n"
        "sys.argv = ['dreamrunner', 'render', 'walk.story', '--engine', 'animatic']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("render",),
        ("render", "walk.story", "--engine", "camera"),
        ("render", "walk.story", "--seed", "-1"),
        ("nonsense",),
    ],
)
def test_wrong_usage_ends_with_two(words: tuple[str, ...]) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


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
