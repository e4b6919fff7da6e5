"""Bad input, wrong usage and a full disk each end in one clear error, and never in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dreamrunner.tools.store.lock import RunLock

from .calling import STORY, call


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
