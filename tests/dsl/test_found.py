"""What fuzzing and property tests found once stays mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.dsl import format_story
from dreamrunner.dsl.formats import export_fountain, import_fountain

FOUND = sorted((Path(__file__).parent / "found").iterdir())


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.name)
def test_what_was_found_is_formatted_once_and_comes_back_from_fountain(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    formatted = format_story(text)
    assert format_story(formatted) == formatted
    (back,) = import_fountain(export_fountain(text, "x.story"), "x.fountain")
    assert back.text is not None and format_story(back.text) == formatted.replace("T\n@", "T\n\n@")
