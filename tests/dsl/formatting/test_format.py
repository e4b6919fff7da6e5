"""fmt sets directives, empty lines and columns, and leaves alone whatever the story says."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.dsl import format_story, parse_story
from dreamrunner.errors import Span, StoryError

sys.path.insert(0, str(Path(__file__).parent))  # as Python does for a script

from story_strategies import directives, stories


def said(text: str) -> object:
    """Return all that a text says, without where it says it."""
    parsed = parse_story(text, path="x.story")
    return _without_spans(parsed.story), [d.code for d in parsed.diagnostics]


def _without_spans(value: object) -> object:
    if isinstance(value, Span):
        return None
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return type(value), [_without_spans(getattr(value, f.name)) for f in fields]
    if isinstance(value, tuple):
        return tuple(map(_without_spans, value))
    return value


@settings(max_examples=25)
@given(stories())
def test_formatting_changes_nothing_that_is_said(text: str) -> None:
    assert said(format_story(text)) == said(text)


@settings(max_examples=25)
@given(stories())
def test_what_is_formatted_stays_as_it_is(text: str) -> None:
    once = format_story(text)
    assert format_story(once) == once


@settings(max_examples=20)
@given(stories())
def test_words_and_comments_come_through_in_order(text: str) -> None:
    assert letters(format_story(text)) == letters(text)


def letters(written: str) -> str:
    """Return a text without what formatting may change: space, line ends and semicolons."""
    return "".join(written.replace(";", "").split())


@settings(max_examples=50)
@given(directives(), st.integers(0, 200), st.sampled_from(["[[", "[[F", " [[ ", "/**/", "//"]))
def test_what_the_grammar_does_not_see_within_a_directive_comes_through(
    directive: str, place: int, unseen: str
) -> None:
    place = min(place, len(directive))
    text = f"{directive[:place]}{unseen}{directive[place:]}\n"
    try:
        once = format_story(text)
    except StoryError:
        return
    assert letters(once) == letters(text)
    assert format_story(once) == once


@settings(max_examples=25)
@given(st.lists(directives(), min_size=1, max_size=3))
def test_no_directive_ends_in_space_or_leaves_two_empty_lines(lines: list[str]) -> None:
    formatted = format_story("\n".join(lines) + "\n")
    assert "\n\n\n" not in formatted
    assert not any(line != line.rstrip() for line in formatted.split("\n"))


@pytest.mark.parametrize(
    ("untidy", "tidy"),
    [
        ("@seed    7", "@seed 7"),
        ("  @seed 7  ", "@seed 7"),
        ("@character FOX :a red  fox", "@character FOX: a red  fox"),
        ('@character FOX:a fox{reference "f.png"}', '@character FOX: a fox { reference "f.png" }'),
        ("@expect clip>=0.3 , FOX left-of OWL", "@expect clip >= 0.3, FOX left-of OWL"),
        ("@replan motion,keep = ( layout,camera )", "@replan motion, keep=(layout, camera)"),
        ("@motion FOX{0s..2s:walk;}", "@motion FOX { 0s..2s: walk }"),
        ("@seed 7 // lucky", "@seed 7  // lucky"),
        ("@defaults {}", "@defaults { }"),
    ],
)
def test_a_directive_is_set_on_its_line(untidy: str, tidy: str) -> None:
    assert format_story(f"EXT. FOREST\n{untidy}\n") == f"EXT. FOREST\n{tidy}\n"


def test_times_and_the_numbers_of_boxes_stand_in_columns() -> None:
    untidy = """\
@layout FOX {
0s: box (0.1,0.25,0.4,0.9)


// she turns
  2.5s:box(10%, .3 ,40%,1) ease=linear  ; end: at right-third   // gone
}
"""
    assert (
        format_story(untidy)
        == """\
@layout FOX {
  0s:   box (0.1, 0.25, 0.4, 0.9)

  // she turns
  2.5s: box (10%, .3,   40%, 1) ease=linear
  end:  at right-third  // gone
}
"""
    )


def test_a_block_on_one_line_stays_there_while_it_fits() -> None:
    short = "@motion FOX { 0s..2s: walk; 2s..end: leap }\n"
    assert format_story(short) == short
    long = f'@motion FOX {{ 0s..2s: walk "{"very " * 14}slowly"; 2s..end: leap }}\n'
    assert format_story(long).splitlines() == [
        "@motion FOX {",
        f'  0s..2s:  walk "{"very " * 14}slowly"',
        "  2s..end: leap",
        "}",
    ]


def test_empty_lines_are_one_and_the_end_of_the_file_stays() -> None:
    assert format_story("One.\n\n\n \n\nTwo.\n\n\n") == "One.\n\nTwo.\n"
    assert format_story("One.\n\n\nTwo.") == "One.\n\nTwo."


def test_a_held_line_and_the_inside_of_a_boneyard_are_prose() -> None:
    story = "FOX\nHello.\n  \nAgain.\n\n/* one\n\n\n\ntwo */\n\nThe end.  \n"
    assert format_story(story) == story


@pytest.mark.parametrize(
    "story",
    [
        "@layout  FOX  {\n 0s: /* left */ box (0,0,1,1)\n}\n",
        "@expect  [[F\n",
        "@expect  FOX [[ present\n",
        "@layout  FOX { 0s:  at [[left }\n",
        "@layout  FOX {\n [[\n 0s:  at left\n}\n",
        "@character  FOX [[ : a fox\n",
    ],
)
def test_a_directive_with_a_boneyard_or_an_open_note_within_stays_as_it_was(story: str) -> None:
    assert format_story(story) == story


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_are_kept(mark: str, line_end: str) -> None:
    untidy = f"{mark}EXT. FOREST{line_end}@seed   7{line_end}"
    assert format_story(untidy) == untidy.replace("   ", " ")


def test_a_file_with_syntax_errors_is_refused_with_all_of_them() -> None:
    with pytest.raises(StoryError) as refused:
        format_story("EXT. FOREST\n@seed )\n\nA {FOX.\n", "a.story")
    found = [(str(d.span), d.code) for d in refused.value.diagnostics]
    assert found == [("a.story:2:7", "E002"), ("a.story:4:3", "E003")]


def test_a_comment_that_never_closes_is_refused() -> None:
    with pytest.raises(StoryError) as refused:
        format_story("EXT. FOREST\n/* open\n@seed   7\n")
    assert [d.code for d in refused.value.diagnostics] == ["E005"]


def test_other_mistakes_do_not_stop_it() -> None:
    assert format_story("@sed    7\n") == "@sed 7\n"


def test_a_comment_in_a_block_within_a_block_on_one_line_is_kept() -> None:
    text = "@audio {FOX { // open\n}}\n"
    assert format_story(text) == "@audio {\n  FOX {  // open\n  }\n}\n"
