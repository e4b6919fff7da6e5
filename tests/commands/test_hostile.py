"""Names, titles, numbers, places and speech that attack a terminal: every command shows them."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner, Result

from dreamrunner.cli import app
from dreamrunner.commands.output import stdout
from dreamrunner.commands.screen import Screen
from dreamrunner.commands.tables import finding_lines, hits_table
from dreamrunner.film import StageRecord
from dreamrunner.production.doctor import Finding
from dreamrunner.tools.library.library import Hit
from dreamrunner.tools.library.records import LibraryClip
from dreamrunner.tools.stages.runner import NoteAdded, ShotsPlanned, StageFinished, StageStarted

EVIL = (
    "[/b][link=https://evil.example]x[/link] \x1b]8;;https://evil.example\x1b\\\x1b[2J\u202e:fox:"
)
# A number ends at the next #, a name at its colon.
STORY = f"""\
Title: {EVIL}
Author: {EVIL}

@character FOX: a red fox {EVIL}

EXT. MEADOW {EVIL} - DAY #[/b]#
@duration 0.5s

The FOX walks to the right. {EVIL}

FOX ({EVIL})
{EVIL}

@expect motion.FOX >= 0.5

EXT. BEACH - DAY #\x1b[2J/../[link=x]#
@duration 0.5s

The FOX jumps.
"""
BROKEN = STORY + f'\n@layout {EVIL} {{\n}}\n@{EVIL}\n@use "{EVIL}.story"\n'
NAME = os.fsdecode("a\x1b[2J[link=x]\u202e".encode() + b"\xff")
OUTLINE = f"{EVIL}\n\n1. A red fox {EVIL} walks in a meadow.\n"
PLANS = json.dumps([f"{EVIL}.mp4", f"Background: {EVIL}\nFrame_1: [{EVIL}]"]) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DREAMRUNNER_STORE", str(tmp_path / "store"))
    (tmp_path / f"{NAME}.story").write_text(STORY, encoding="utf-8")
    (tmp_path / f"{NAME}-broken.story").write_text(BROKEN, encoding="utf-8")
    (tmp_path / f"{NAME}.txt").write_text(OUTLINE, encoding="utf-8")
    (tmp_path / f"{NAME}.fountain").write_text(STORY, encoding="utf-8")
    (tmp_path / f"{NAME}.jsonl").write_text(PLANS, encoding="utf-8")
    return tmp_path


def run(*words: str) -> Result:
    """Call a command as if its output went into a pipe."""
    result = CliRunner().invoke(app, list(words), prog_name="dreamrunner")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


GOOD, BAD = f"{NAME}.story", f"{NAME}-broken.story"
DRAWN = ("--engine", "animatic")
WALK: list[tuple[str, ...]] = [
    ("check", GOOD),
    ("check", BAD),
    ("check", BAD, "--json"),
    ("check", BAD, "--format", "sarif"),
    ("check", BAD, "--format", "junit"),
    ("check", NAME),
    ("explain", EVIL.replace("\x00", "")),
    ("fmt", "--check", GOOD, BAD),
    ("import", f"{NAME}.txt", "-o", f"{NAME}.1.story"),
    ("import", f"{NAME}.fountain", "-o", f"{NAME}.2.story"),
    ("import", f"{NAME}.jsonl", "-o", f"{NAME}.3.story", "--repair"),
    ("export", GOOD, "--to", "fountain", "-o", f"{NAME}.4.fountain"),
    ("export", GOOD, "--to", "fdx", "-o", f"{NAME}.4.fdx"),
    ("import", f"{NAME}.4.fdx", "-o", f"{NAME}.5.story"),
    ("export", GOOD, "--to", "outline", "-o", f"{NAME}.4.txt"),
    ("export", GOOD, "--to", "plans"),
    ("plan", GOOD),
    ("plan", GOOD, "--explain"),
    ("plan", GOOD, "--json"),
    ("plan", GOOD, "--diff", f"{NAME}.2.story"),
    ("plan", GOOD, "--llm", EVIL, "--replay"),
    ("storyboard", GOOD),
    ("animatic", GOOD),
    ("report", GOOD),
    ("render", GOOD, *DRAWN, "--dry-run"),
    ("render", GOOD, *DRAWN),
    ("render", GOOD, *DRAWN, "--json"),
    ("render", BAD, *DRAWN),
    ("report", GOOD),
    ("takes", GOOD),
    ("credits", GOOD),
    ("keep", GOOD, EVIL, "1"),
    ("redo", GOOD, EVIL),
    ("accept", GOOD),
    ("critique", f"{EVIL}.mp4", "--story", GOOD),
    ("adapters", "show", EVIL),
    ("diff", GOOD, f"{NAME}.2.story"),
    ("diff", GOOD, EVIL.replace("\x00", "")),
    ("store", "du", "--store", EVIL.replace("\x00", "")),
    ("write", EVIL, "-o", f"{NAME}.6.story"),
    ("-v", "render", GOOD, "--lossy", EVIL),
    (EVIL,),
    (f"--{EVIL}",),
]
# These show nothing of a story here: the two serve until they are stopped, and what the others show
# is the tables of the test below.
ELSEWHERE = {"bench", "watch", "lsp", "library", "critic", "doctor"}


def test_no_command_passes_on_what_a_terminal_obeys(folder: Path) -> None:
    codes = {}
    for words in WALK:
        result = run(*words)
        for stream in (result.stdout_bytes, result.stderr_bytes):
            assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", stream), (words, stream)
            text = stream.decode("utf-8")
            assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", text), (words, text)
        codes[words] = result.exit_code
    # The story itself is a good one: what it says is shown, and not an error.
    wrong = {words for words, code in codes.items() if code and BAD not in words}
    assert {words[0] for words in wrong} <= {
        "check",
        "explain",
        "plan",
        "report",
        "-v",
        "import",
        "keep",
        "redo",
        "accept",
        "critique",
        "adapters",
        "diff",
        "store",
        "write",
        EVIL,
        f"--{EVIL}",
    }
    assert codes["render", GOOD, *DRAWN] == codes["plan", GOOD] == codes["check", GOOD] == 0
    assert (folder / "out").is_dir()


def test_every_command_is_walked() -> None:
    walked = {word for words in WALK for word in words}
    assert set(typer.main.get_command(app).commands) <= walked | ELSEWHERE


def test_data_for_another_program_stays_as_it_is(folder: Path) -> None:
    script = run("export", GOOD, "--to", "fountain")
    assert script.exit_code == 0
    assert EVIL in script.stdout_bytes.decode("utf-8")


@pytest.mark.parametrize("words", [("plan",), ("render", *DRAWN), ("fmt", "--diff"), ("check",)])
def test_a_terminal_gets_no_link_and_no_command(folder: Path, words: tuple[str, ...]) -> None:
    shown = on_a_terminal(folder, *words, GOOD)
    assert "\x1b]8" not in shown  # a link
    assert "\x1b[2J" not in shown
    assert "\u202e" not in shown
    assert "Traceback" not in shown


def on_a_terminal(folder: Path, *words: str) -> str:
    """Run a command on a terminal of its own and return all that it wrote there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "dreamrunner", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "TERM": "xterm-256color", "DREAMRUNNER_STORE": str(folder / "store")},
    ) as command:
        os.close(theirs)
        written = b"".join(_read(ours))
        os.close(ours)
        assert command.wait(300) in (0, 1)
    return written.decode("utf-8")


def _read(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(descriptor, 65536)
        except OSError:  # the other end was closed
            return
        if not data:
            return
        yield data


def test_tables_and_screens_show_what_they_are_given(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    clip = LibraryClip.model_construct(id=EVIL, caption=EVIL)
    out = stdout()
    out.print(hits_table([Hit(1, clip, Path(NAME), 1.0, 1.0, 1.0)]))
    for line in finding_lines(Finding("store", "store", "broken", EVIL, EVIL)):
        out.print(line)
    with Screen(out) as screen:
        screen.report(ShotsPlanned((EVIL,)))
        screen.report(StageStarted("render", EVIL))
        screen.report(NoteAdded(EVIL))
        screen.report(StageFinished(StageRecord(
            stage="render", shot=EVIL, key="", cached=True, seconds=0.0, note=EVIL,
        )))  # fmt: skip
    shown = capsys.readouterr().out
    assert shown.count("[/b][link=https://evil.example]x[/link] \\x1b]8;;") == 7
    assert "\x1b" not in shown and "\u202e" not in shown
