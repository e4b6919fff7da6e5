"""A story with reference pictures on the embedded engine: what is read of them and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from dreamrunner.production.facade import check_story, plan_story
from dreamrunner.production.settings import Settings

STORY = """\
@character FOX: {look} {{ reference "fox.png" }}

EXT. MEADOW - DAY

The FOX waits.
"""


def picture(path: Path, coat: str, ground: str = "#88cc88") -> None:
    seen = Image.new("RGB", (120, 100), ground)
    ImageDraw.Draw(seen).ellipse((30, 20, 90, 80), fill=coat)
    seen.save(path)


@pytest.mark.parametrize(
    ("look", "coat", "color", "said"),
    [
        ("a small fox", "#8a93a5", "grey", "the fox is drawn in grey"),
        ("a small fox", "#e04f2a", "red", "the fox is drawn in red"),
        ("a small red fox", "#8a93a5", "red", "words outrank pictures"),
        ("a small fox", "#20c020", "red", "is not clearly red or grey"),
    ],
)
def test_a_picture_says_a_colour_where_the_words_say_none(
    tmp_path: Path, look: str, coat: str, color: str, said: str
) -> None:
    story = tmp_path / "a.story"
    story.write_text(STORY.format(look=look))
    picture(tmp_path / "fox.png", coat, ground="#f0e8ff")
    plan = plan_story(story, Settings(store=tmp_path / "store"))
    assert plan.shots[0].entities[0].color == color
    assert any('"fox.png" of FOX' in note and said in note for note in plan.notes), plan.notes
    warned = [d for d in check_story(story, "storybook").diagnostics if d.code == "W019"]
    assert bool(warned) is ("changes nothing" in " ".join(plan.notes))
