"""Stories go out as plain Fountain and come back with every directive as it was written."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from dreamrunner.dsl import parse_story
from dreamrunner.dsl.diagnostics.findings import Findings
from dreamrunner.dsl.diagnostics.source import Source
from dreamrunner.dsl.formats import export_fountain, import_fountain
from dreamrunner.dsl.syntax.parser import parse_syntax
from dreamrunner.dsl.syntax.tree import Directive
from dreamrunner.errors import StoryError

sys.path.insert(0, str(Path(__file__).parents[1] / "formatting"))  # as Python does for a script

from story_strategies import stories

STORY = """\
Title: A Walk

@character FOX: a red fox {

  reference "a]]b.png" // why
}
// a comment

EXT. FOREST - DAY #1#

@seed    7

The FOX walks. {FOX, motion=walk, 0s..4s} A brace: \\{ and [[a note]].
@expect FOX   present

FOX
(softly)
Hello.
"""


def back(text: str) -> str:
    (story,) = import_fountain(export_fountain(text, "a.story"), "a.fountain")
    assert story.diagnostics == ()
    assert story.text is not None
    return story.text


def directives(text: str) -> list[str]:
    source = Source("", text)
    items = parse_syntax(source, Findings(source)).items
    return [source.text[i.start : i.end] for i in items if isinstance(i, Directive)]


def test_a_story_comes_back_letter_by_letter() -> None:
    assert back(STORY) == STORY


def test_nothing_but_fountain_goes_out() -> None:
    out = export_fountain(STORY, "a.story")
    assert "[[ @seed    7 ]]" in out
    assert "[[ {FOX, motion=walk, 0s..4s} ]] A brace: { and [[a note]]." in out
    assert "[[ // a comment ]]" in out
    assert not any(line.lstrip().startswith(("@", "//")) for line in out.splitlines()[:3])


@settings(max_examples=15)
@given(stories())
def test_every_directive_comes_back_exactly(text: str) -> None:
    (story,) = import_fountain(export_fountain(text, "a.story"), "a.fountain")
    assert story.text is not None
    assert directives(story.text) == directives(text)


def test_another_reader_of_fountain_sees_headings_cues_and_dialogue_and_no_directive() -> None:
    fountain = pytest.importorskip("screenplain.parsers.fountain")
    types = pytest.importorskip("screenplain.types")
    crowded = STORY.replace("#1#\n\n@seed", "#1#\n@seed")
    screenplay = fountain.parse(io.StringIO(export_fountain(crowded, "a.story")))
    paragraphs = list(screenplay)
    (slug,) = [p for p in paragraphs if isinstance(p, types.Slug)]
    assert str(slug.line) == "EXT. FOREST - DAY"
    (speech,) = [p for p in paragraphs if isinstance(p, types.Dialog)]
    assert str(speech.character) == "FOX"


def test_a_heading_gets_the_empty_line_that_fountain_asks_for() -> None:
    out = export_fountain("EXT. FOREST\n@seed 7\nThe FOX walks.\n", "a.story")
    assert out == "EXT. FOREST\n\n[[ @seed 7 ]]\n\nThe FOX walks.\n"


def test_a_plain_fountain_file_is_a_story() -> None:
    text = "INT. CAR\n\nA {brace} here.\n\n@mcclane\nHi.\n\n[[ @later we see ]]\n"
    (story,) = import_fountain(text, "die.hard.fountain")
    assert story.name == "die.hard"
    assert story.text == text.replace("{brace}", "\\{brace}").replace("@mc", "@Mc")
    assert parse_story(story.text, path="x").errors == ()


def test_a_directive_within_a_line_stays_a_note_and_is_said() -> None:
    (story,) = import_fountain("EXT. FOREST\n\nThe FOX [[@seed 7]] walks.\n", "a.fountain")
    assert [(d.code, d.span.line, d.span.column) for d in story.diagnostics] == [("W183", 3, 9)]
    assert story.text is not None and "[[@seed 7]]" in story.text


def test_a_story_with_syntax_errors_does_not_go_out() -> None:
    with pytest.raises(StoryError):
        export_fountain("EXT. FOREST\n@seed )\n", "a.story")
