"""A store of its own for every film of a scripted crew."""

from __future__ import annotations

from pathlib import Path

import pytest

from .scripted import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)
