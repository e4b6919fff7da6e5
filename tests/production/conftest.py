"""The two walks as a file, with a store and a folder of their own: a module may have others."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.production.settings import Settings

from .walks import STORY


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store", engine="animatic", out=tmp_path / "out")
