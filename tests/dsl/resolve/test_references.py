"""A picture that a story refers to is a picture of some size within the story's folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.dsl import ParsedStory

Check = Callable[..., ParsedStory]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A story's folder with a picture, an empty file, and links; a secret outside."""
    home = tmp_path / "home"
    (home / "refs").mkdir(parents=True)
    Image.new("RGB", (64, 80)).save(home / "refs" / "fox.png")
    Image.new("RGB", (8, 80)).save(home / "refs" / "stamp.png")
    (home / "refs" / "words.png").write_bytes(b"picture")
    os.mkfifo(home / "refs" / "pipe.png")
    (home / "refs" / "empty.png").touch()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (home / "link.png").symlink_to(tmp_path / "secret.png")
    (home / "loop.png").symlink_to(home / "loop.png")
    (home / "inner.png").symlink_to(home / "refs" / "fox.png")
    return home


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("refs/fox.png", []),
        ("inner.png", []),
        ("refs/none.png", ["E111"]),
        ("refs", ["E112"]),
        ("loop.png", ["E112"]),
        ("x" * 300, ["E112"]),
        ("refs/words.png", ["E112"]),
        ("refs/pipe.png", ["E112"]),
        ("refs/empty.png", ["E113"]),
        ("refs/stamp.png", ["E113"]),
        ("link.png", ["E114"]),
        ("../secret.png", ["E114"]),
        ("refs/../../secret.png", ["E114"]),
        ("..\\\\secret.png", ["E114"]),
        ("/etc/passwd", ["E114"]),
        ("C:\\\\secret.png", ["E114"]),
        ("https://a.b/c.png", ["E114"]),
        ("", ["E114"]),
    ],
)
def test_references(check: Check, folder: Path, path: str, expected: list[str]) -> None:
    text = f'@character FOX: a {{ reference "{path}" }}\n\nEXT. A\n\nThe FOX.\n'
    parsed = check(text, folder=folder)
    assert [d.code for d in parsed.diagnostics] == expected
    assert all((d.span.line, d.span.column) == (1, 31) for d in parsed.diagnostics)
