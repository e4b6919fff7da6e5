"""The folder in which every command of these tests is called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .calling import STORY


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
