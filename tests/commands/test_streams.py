"""Streams that cannot be written, encodings that lack letters, machines with nothing to spare."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = """\
Title: The Füchse → ✓

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.
"""
# A file name that is no UTF-8.
NAME = os.fsdecode(b"w\xff.story")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "walk.story").write_text(STORY, encoding="utf-8")
    (tmp_path / "bad.story").write_text(STORY + "\n@seed x\n", encoding="utf-8")
    (tmp_path / NAME).write_text(STORY, encoding="utf-8")
    return tmp_path


def shell(folder: Path, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `$D` is the command."""
    done = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        cwd=folder,
        env={
            **os.environ,
            "D": f"{sys.executable} -m dreamrunner",
            "DREAMRUNNER_STORE": str(folder / "store"),
            **more,
        },
        timeout=300,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("words", ["plan walk.story", "plan walk.story --json", "check bad.story"])
def test_a_full_disk_behind_the_output_is_one_error(folder: Path, words: str) -> None:
    done = shell(folder, f"$D {words} > /dev/full")
    assert done.returncode == 1
    assert done.stderr == "error  cannot write to standard output: No space left on device\n"


def test_a_full_disk_behind_the_errors_stops_nothing(folder: Path) -> None:
    done = shell(folder, "$D render walk.story --engine animatic 2> /dev/full")
    assert done.returncode == 0
    assert "out/walk/film.mp4" in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [("plan walk.story", 0), ("explain", 0), ("check bad.story", 1)],
)
def test_a_reader_that_leaves_does_not_change_the_end(folder: Path, words: str, code: int) -> None:
    done = shell(folder, f"$D {words} | true; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_closed_streams_are_none(folder: Path, closed: str) -> None:
    assert shell(folder, f"$D plan walk.story {closed}").returncode == 0


def test_nothing_to_read_is_one_error(folder: Path) -> None:
    done = shell(folder, "$D fmt - <&-")
    assert done.returncode == 1
    assert done.stderr.startswith("error  standard input is closed")


def test_an_encoding_without_the_letters_gets_escapes(folder: Path) -> None:
    done = shell(folder, "$D plan walk.story && $D check bad.story", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert r"The F\xfcchse \u2192 \u2713" in done.stdout
    data = shell(folder, "$D fmt - < walk.story", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert data.stdout == STORY


def test_a_name_that_is_no_utf_8_is_shown_with_escapes(folder: Path) -> None:
    line = (
        "for c in check plan storyboard 'render --engine animatic' report 'plan --json'; do"
        " $D $c w*.story || exit 9; done"
    )
    done = shell(folder, f"rm walk.story; {line}")
    assert done.returncode == 0, done.stderr
    assert r"w\xff.story: no mistakes" in done.stdout
    assert "out/w-" in done.stdout


LACKING = {
    "threads": (
        'threading.Thread.start = lambda self: fail(RuntimeError("can\'t start new thread"))',
        "no more threads can be started",
    ),
    "memory": (
        # There is none for an import of Rich either.
        "dreamrunner.dsl.parse.parse_story = lambda *a, **k: "
        "(sys.modules.update({'rich.console': None}), fail(MemoryError()))",
        "there is not enough free memory",
    ),
    "a library's memory": (
        "dreamrunner.dsl.parse.parse_story = lambda *a, **k: fail(ImportError("
        "'libx.so: failed to map segment from shared object'))",
        "there is not enough free memory",
    ),
    "files": (
        "dreamrunner.dsl.parse.parse_story = lambda *a, **k: fail(OSError(24, 'Too many open"
        " files', 'x'))",
        "x: Too many open files",
    ),
}


@pytest.mark.parametrize("what", LACKING)
def test_a_machine_with_nothing_to_spare_is_one_error(folder: Path, what: str) -> None:
    broken, words = LACKING[what]
    script = (
        "import sys, threading\n"
        "import dreamrunner.dsl.parse\n"
        "from dreamrunner.cli import main\n"
        "def fail(error): raise error\n"
        f"{broken}\n"
        "sys.argv = ['dreamrunner', 'render', 'walk.story', '--engine', 'animatic']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "DREAMRUNNER_STORE": str(folder / "store")},
        timeout=300,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert words in done.stderr
    assert done.stderr.count("error  ") == 1


def test_a_bug_is_shown_as_one(folder: Path) -> None:
    script = (
        "import sys, dreamrunner.dsl.parse\n"
        "from dreamrunner.cli import main\n"
        "def fail(*a, **k): raise RuntimeError('a bug')\n"
        "dreamrunner.dsl.parse.parse_story = fail\n"
        "sys.argv = ['dreamrunner', 'check', 'walk.story']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=folder, timeout=300
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr and "RuntimeError: a bug" in done.stderr
