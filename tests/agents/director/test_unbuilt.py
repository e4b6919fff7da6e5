"""Given a story and an engine, expect a word on everything that changes nothing on it."""

from __future__ import annotations

from dreamrunner.agents.director.remarks import remarks
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.story import Story

STORYBOOK, COGVIDEOX, ANIMATIC = map(capabilities, ("storybook", "cogvideox-2b", "animatic"))
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


def test_a_picture_that_changes_nothing_is_named_by_check_and_in_the_plan() -> None:
    place = 'nothing looks at pictures of places yet: "forest.png" of FOREST changes nothing'
    fox = '"fox.png" of FOX changes nothing: the animatic engine draws no likeness'
    for engine, said in ((STORYBOOK, [place]), (COGVIDEOX, [place]), (ANIMATIC, [fox, place])):
        found = [d for d in remarks(story(), engine) if d.code == "W019"]
        assert [d.message for d in found] == said
        notes = direct(story(), engine).notes
        assert any(note.startswith("line 3, ") and note.endswith(place) for note in notes)


def test_a_lora_stands_in_for_pictures_and_no_animatic_takes_it() -> None:
    text = TEXT.replace('"fox.png"', '"fox.png"; lora "fox.safetensors"')
    (found,) = [d for d in remarks(story(text), COGVIDEOX) if d.span.line == 1]
    assert found.message == '"fox.png" of FOX changes nothing: its own lora draws FOX'
    said = [d.message for d in remarks(story(text), ANIMATIC) if d.span.line == 1]
    assert '"fox.safetensors" of FOX changes nothing: the animatic engine takes no adapters' in said
    shot = direct(story(text), COGVIDEOX).shots[0]
    assert [e.lora and e.lora.path for e in shot.entities] == ["fox.safetensors", None]


def test_pinned_motions_are_learnt_from_clips_and_named_once_at_the_first() -> None:
    assert [d for d in remarks(story(), STORYBOOK) if d.code == "W192"] == []
    (found,) = [d for d in remarks(story(), COGVIDEOX) if d.code == "W192"]
    assert found.span.line == 6
    assert found.message.endswith("where the library has fewer than four: somersault")
    notes = direct(story(), COGVIDEOX).notes
    said = "cogvideox-2b learns pinned motions"
    assert any(note.startswith("line 6, ") and said in note for note in notes)


def test_expectations_that_no_critic_can_measure_are_named() -> None:
    text = "@character FOX: a fox\n\nEXT. FOREST\n@expect motion.FOX >= 0.5, FOX present\n\nFog.\n"
    found = parse_story(text, path="a.story", capabilities=COGVIDEOX).diagnostics
    assert [d.code for d in found].count("W154") == 2
    assert "cogvideox-2b has no critic yet: not measured is never a pass" in found[0].message
