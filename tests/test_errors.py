"""A refusal of the system is said with what to do about it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dreamrunner.errors import OutputError, why_not_written
from dreamrunner.tools.store.output import write_whole


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "No space left on device; free some space on the disk"),
        (errno.EACCES, "Permission denied; choose a folder in which you may write"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_refusal_is_said_with_what_to_do(number: int, advice: str) -> None:
    assert why_not_written(OSError(number, os.strerror(number))) == advice


def test_a_folder_in_the_place_of_a_file_is_no_full_disk(tmp_path: Path) -> None:
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(OutputError, match="a folder stands in its place"):
        write_whole(tmp_path / "plan.json", lambda part: part.write_text("{}"))
