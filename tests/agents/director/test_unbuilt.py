"""Given a story and an engine, expect a word on everything that changes nothing on it."""

from __future__ import annotations

from dreamrunner.agents.director.remarks import remarks
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.story import Story

STORYBOOK, COGVIDEOX = capabilities("storybook"), capabilities("cogvideox-2b")
TEXT = """\
@character FOX: a red fox { reference "fox.png" }
@character OWL: a purple owl
@location FOREST: a dark forest { reference "forest.png" }

EXT. FOREST - DAY
@motion OWL { 0s..2s: somersault }

The FOX walks to the right and the OWL waits.
"""


def story(text: str = TEXT) -> Story:
    parsed = parse_story(text, path="a.story")
    assert parsed.story is not None, parsed.diagnostics
    return parsed.story


def test_pictures_are_named_by_check_and_in_the_plan() -> None:
    said = 'nothing looks at pictures yet: "fox.png" of FOX changes nothing'
    for engine in (STORYBOOK, COGVIDEOX):
        found = [d for d in remarks(story(), engine) if d.code == "W019"]
        assert [d.span.line for d in found] == [1, 3]
        assert found[0].message == said
        assert f"line 1, column 39: {said}" in direct(story(), engine).notes


def test_motions_without_a_library_are_named_once_at_the_first() -> None:
    assert [d for d in remarks(story(), STORYBOOK) if d.code == "W192"] == []
    (found,) = [d for d in remarks(story(), COGVIDEOX) if d.code == "W192"]
    assert found.span.line == 6
    assert found.message.endswith("from its words alone is drawn: somersault, walk")


def test_a_render_says_in_its_plan_what_check_says() -> None:
    notes = direct(story(), COGVIDEOX).notes
    said = "cogvideox-2b has no library of motions"
    assert any(note.startswith("line 6, ") and said in note for note in notes)


def test_expectations_that_no_critic_can_measure_are_named() -> None:
    text = "@character FOX: a fox\n\nEXT. FOREST\n@expect motion.FOX >= 0.5, FOX present\n\nFog.\n"
    found = parse_story(text, path="a.story", capabilities=COGVIDEOX).diagnostics
    assert [d.code for d in found].count("W154") == 2
    assert "cogvideox-2b has no critic yet: not measured is never a pass" in found[0].message
