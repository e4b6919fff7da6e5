"""Numbered lines, bullets and sections become scenes, and scenes become numbered lines."""

from __future__ import annotations

import pytest

from dreamrunner.dsl import parse_story
from dreamrunner.dsl.formats import export_outline, import_outline


def imported(text: str) -> str:
    (story,) = import_outline(text, "moon.txt")
    assert story.diagnostics == ()
    assert story.text is not None
    return story.text


def test_numbers_are_scenes_and_what_is_indented_is_their_action() -> None:
    outline = """\
The Moon

# Act one
1. Forest at night: a fox looks for the moon
   - She climbs a hill.
   OWL: It is behind you.
2) EXT. SNOWY HILL - NIGHT
"""
    assert (
        imported(outline)
        == """\
Title: The Moon

# Act one

.Forest at night #1#

a fox looks for the moon

She climbs a hill.

OWL
It is behind you.

EXT. SNOWY HILL - NIGHT #2#

EXT. SNOWY HILL - NIGHT
""".replace("\n\nEXT. SNOWY HILL - NIGHT\n", "\n\n!EXT. SNOWY HILL - NIGHT\n")
    )


@pytest.mark.parametrize("mark", ["- ", "* ", "1. ", "12) ", "• "])
def test_every_kind_of_point_is_a_scene(mark: str) -> None:
    story = parse_story(imported(f"{mark}Beach: waves\n{mark}Forest: wind\n"), path="x").story
    assert story is not None
    assert [s.heading.text for s in story.scenes] == ["Beach", "Forest"]


def test_sections_alone_are_scenes_and_one_above_them_is_the_title() -> None:
    text = imported("# The Moon\n\n## Forest\nA fox wakes.\n\n## Beach\n- She swims.\n")
    story = parse_story(text, path="x").story
    assert story is not None
    assert (story.title, [s.heading.text for s in story.scenes]) == (
        "The Moon",
        ["Forest", "Beach"],
    )


def test_a_title_above_sections_of_numbered_scenes_is_the_title() -> None:
    text = imported(
        "# The Moon\n\nFor small children.\n\n## Forest\n1. A fox wakes.\n## Beach\n2. She swims.\n"
    )
    assert text.startswith("Title: The Moon\n\n= For small children.\n\n# Forest\n\n")
    story = parse_story(text, path="x").story
    assert story is not None
    assert [s.heading.text for s in story.scenes] == ["A fox wakes.", "She swims."]


def test_scenes_come_back_from_the_outline_of_a_story() -> None:
    text = "Title: A\n\nEXT. FOREST\n\nA FOX walks.\n\nFOX\nHi.\n\n.NOWHERE\n\nWind.\n"
    story = parse_story(text, path="x").story
    assert story is not None
    outline = export_outline(story)
    assert outline == (
        "A\n\n1. EXT. FOREST\n   - A FOX walks.\n   - FOX: Hi.\n2. NOWHERE\n   - Wind.\n"
    )
    again = parse_story(imported(outline), path="x").story
    assert again is not None
    assert export_outline(again) == outline


def test_text_without_points_is_refused() -> None:
    (story,) = import_outline("Once upon a time\nthere was a fox.\n", "a.txt")
    assert (story.text, [d.code for d in story.diagnostics]) == (None, ["E180"])
