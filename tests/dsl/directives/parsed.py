"""A parsed story -> the story that it must be, or the codes of its diagnostics."""

from __future__ import annotations

from dreamrunner.dsl import ParsedStory
from dreamrunner.story import Story

FOREST = "\nEXT. FOREST - DAY\n\nFog.\n"


def story_of(parsed: ParsedStory) -> Story:
    assert parsed.errors == ()
    assert parsed.story is not None
    return parsed.story


def codes(parsed: ParsedStory) -> list[str]:
    return [d.code for d in parsed.diagnostics]
