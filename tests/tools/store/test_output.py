"""A file of the output is written whole or not at all, and cleared away with one error or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.errors import OutputError
from dreamrunner.tools.store.output import clear


def test_what_is_not_there_is_cleared_already(tmp_path: Path) -> None:
    clear(tmp_path / "film.srt")


def test_a_file_is_removed(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text("1")
    clear(tmp_path / "film.srt")
    assert not list(tmp_path.iterdir())


def test_a_folder_in_a_files_place_stays_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "film.srt").mkdir()
    with pytest.raises(OutputError, match="film.srt: .*a folder stands in its place"):
        clear(tmp_path / "film.srt")
    assert (tmp_path / "film.srt").is_dir()
