"""Given a screenplay, expect these elements: all of Fountain, and directives within it."""

from __future__ import annotations

import logging
from importlib.resources import files

import pytest
from lark import Lark, logger

from dreamrunner.dsl import ParsedStory, parse_story
from dreamrunner.dsl.syntax.parser import MAX_SYNTAX_ERRORS
from dreamrunner.story import Action, Dialogue, Mark, Scene, Story


def read(text: str) -> Story:
    parsed = parse_story(text, path="a.story")
    assert not parsed.errors, parsed.errors
    assert parsed.story is not None
    return parsed.story


def only_scene(text: str) -> Scene:
    (scene,) = read("EXT. FOREST\n\n" + text).scenes
    return scene


def only_element(text: str) -> Action | Dialogue | Mark:
    (element,) = only_scene(text).elements
    return element


def test_a_title_page_has_values_over_several_lines() -> None:
    story = read("Title: The Fox\nContact:\n\tThe Den\n\tForest 1\nSeed: 7\n\nEXT. A\n\nFog.\n")
    assert [(e.key, e.value) for e in story.title_page] == [
        ("Title", "The Fox"),
        ("Contact", "The Den Forest 1"),
        ("Seed", "7"),
    ]
    assert story.title == "The Fox"


def test_fade_in_on_the_first_line_is_no_title_page() -> None:
    story = read("FADE IN:\n\nEXT. A\n\nFog.\n")
    assert story.title_page == ()
    assert [e.text for e in story.prologue] == ["FADE IN:"]
    assert story.title == "a"


@pytest.mark.parametrize(
    ("line", "setting", "place", "when", "number"),
    [
        ("EXT. FROZEN RIVER - DAY #2#", "EXT", "FROZEN RIVER", "DAY", "2"),
        (
            "int. house - kitchen - later that night",
            "INT",
            "house - kitchen",
            "later that night",
            None,
        ),
        ("INT. HOUSE - KITCHEN", "INT", "HOUSE - KITCHEN", "", None),
        ("INT./EXT. CAR - DUSK #1-A.#", "INT/EXT", "CAR", "DUSK", "1-A."),
        ("I/E CAR", "INT/EXT", "CAR", "", None),
        ("EST. CASTLE — DAWN", "EST", "CASTLE", "DAWN", None),
        (".INSIDE THE WHALE", "", "INSIDE THE WHALE", "", None),
        (".狐の森", "", "狐の森", "", None),
    ],
)
def test_headings(line: str, setting: str, place: str, when: str, number: str | None) -> None:
    heading = read(f"{line}\n\nFog.\n").scenes[0].heading
    assert (heading.setting, heading.place, heading.time, heading.number) == (
        setting,
        place,
        when,
        number,
    )


def test_a_scene_without_number_has_its_position_for_an_id() -> None:
    story = read("EXT. A #2#\n\nFog.\n\nEXT. B\n\nFog.\n\nEXT. C\n\nFog.\n")
    assert [scene.id for scene in story.scenes] == ["2", "2-2", "3"]


def test_a_script_without_any_heading_is_one_scene() -> None:
    (scene,) = read("The fog comes\non little cat feet.\n").scenes
    assert scene.heading.text == ""
    assert [e.text for e in scene.elements] == ["The fog comes on little cat feet."]


def test_a_cue_has_extensions_and_parentheticals() -> None:
    element = only_element("FOX (V.O.) (CONT'D) ^\n(whispering)\nPlease\nhold.\n")
    assert isinstance(element, Dialogue)
    assert (element.speaker, element.extension) == ("FOX", "V.O., CONT'D")
    assert (element.parentheticals, element.text) == (("whispering",), "Please hold.")


@pytest.mark.parametrize(
    "cue", ["ЛИСА", "R2D2", "ÉLOÏSE", "@McClane", "MRS. O'BRIEN (on the line)"]
)
def test_these_are_cues(cue: str) -> None:
    assert isinstance(only_element(f"{cue}\nHello.\n"), Dialogue)


@pytest.mark.parametrize(
    "text",
    ["FOX", "23\nskidoo", "Fox\nHello.", "FOX\n\nHello.", "!FOX\nHello.", "The dark.\nFOX\nHello."],
)
def test_these_are_action(text: str) -> None:
    assert all(isinstance(e, Action) for e in only_scene(text + "\n").elements)


def test_a_speech_goes_on_after_a_line_of_two_spaces() -> None:
    element = only_element("FOX\nOne.\n  \nTwo.\n")
    assert isinstance(element, Dialogue)
    assert element.text == "One. Two."


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("CUT TO:", "transition", "CUT TO:"),
        ("> Burn to white.", "transition", "Burn to white."),
        ("FADE OUT.", "transition", "FADE OUT."),
        ("> THE END <", "centered", "THE END"),
        ("## Act Two", "section", "Act Two"),
        ("= The fox leaves.", "synopsis", "The fox leaves."),
        ("===", "page-break", ""),
        ("~ Over the river", "lyric", "Over the river"),
        ("[[Too dark?]]", "note", "Too dark?"),
    ],
)
def test_marks(line: str, kind: str, text: str) -> None:
    mark = only_element(line + "\n")
    assert isinstance(mark, Mark)
    assert (mark.kind, mark.text) == (kind, text)


def test_a_note_leaves_the_action_it_stands_in() -> None:
    action, note = only_scene("The fox [[or cat\nperhaps]] sleeps.\n").elements
    assert (action.text, note.text) == ("The fox sleeps.", "or cat\nperhaps")


def test_a_comment_does_not_split_a_paragraph() -> None:
    text = "One\n// no\ntwo /* EXT. NOT\n\nHERE */ three\n/* alone */\nfour.\n"
    element = only_element(text)
    assert element.text == "One two three four."
    assert (element.span.line, element.span.end_line) == (3, 9)


def test_capitals_within_a_paragraph_stay_action() -> None:
    element = only_element("He reads:\nEXT. NOWHERE\nCLOSED\nand leaves.\n")
    assert element.text == "He reads: EXT. NOWHERE CLOSED and leaves."


def test_braces_and_brackets_of_prose_are_escaped() -> None:
    assert only_element("A \\{brace\\} and http://a.b.\n").text == "A {brace} and http://a.b."


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = "Title: A\n\nEXT. B\n@duration 2s\n\nFOX\nHello.\n"
    assert read("\ufeff" + text.replace("\n", "\r\n")) == read(text)
    assert read(text.replace("\n", "\r")) == read(text)


def test_a_directive_may_stand_anywhere_in_a_scene() -> None:
    scene = only_scene("Fog.\n@seed 1\nMore fog.\n\nFOX (V.O.)\nHello.\n@duration 2s\nFog.\n")
    assert [type(e).__name__ for e in scene.elements] == ["Action", "Action", "Dialogue", "Action"]
    assert scene.seed is not None and scene.seed.value == 1
    assert scene.duration_s is not None and scene.duration_s.value == 2.0


def spots(parsed: ParsedStory) -> list[str]:
    return [f"{d.span.line}:{d.span.column} {d.code}" for d in parsed.diagnostics]


def test_one_run_reports_every_syntax_error_and_keeps_the_rest() -> None:
    text = (
        "@character FOX: a fox\n"
        "\n"
        "EXT. A\n"
        "@seed = 4\n"
        "@layout FOX {\n"
        "  0s: box (0.1, 0.2, 0.4, 0.9)\n"
        "  1s: box (0.1, = 0.2)\n"
        "  2s: box (0.5, 0.2, 0.8, 0.9)\n"
        "}\n"
        "\n"
        "The FOX {sits's here} waits. {FOX, 0s..1s}\n"
        '@audio "wind\n'
        "@duration 3s\n"
    )
    parsed = parse_story(text, path="a.story")
    assert [s for s in spots(parsed) if "W019" not in s] == [
        "4:7 E002",
        "7:17 E002",
        "11:14 E003",
        "12:8 E002",
    ]
    assert parsed.story is not None
    (scene,) = parsed.story.scenes
    assert [key.time_s for key in scene.layouts[0].keys] == [0.0, 2.0]
    (action,) = scene.elements
    assert isinstance(action, Action)
    assert (action.text, action.tags[0].end_s) == ("The FOX waits.", 1.0)
    assert scene.duration_s is not None


def test_a_block_that_never_closes_is_one_error() -> None:
    text = "@character FOX: x\n\nEXT. A\n@layout FOX {\n  0s: at left\n\nThe FOX runs.\n\n@seed 3\n"
    parsed = parse_story(text, path="a.story")
    assert spots(parsed) == ["4:13 E004"]
    assert parsed.story is not None
    assert [e.text for e in parsed.story.scenes[0].elements] == ["The FOX runs."]
    assert parsed.story.scenes[0].seed is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fog. /* no end", ["3:6 E005"]),
        ("Fog. [[ no end", ["3:6 W005"]),
        ("Fog. {FOX", ["3:6 E003"]),
        ("Fog. {}", ["3:6 E003"]),
        ("}", ["3:1 E004"]),
    ],
)
def test_what_never_opens_or_closes(text: str, expected: list[str]) -> None:
    assert spots(parse_story(f"EXT. A\n\n{text}\n", path="a.story")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He laughs" + " (ha" * 100, []),
        ("@seed 7\nHe laughs" + " (ha" * 100, []),
        ("@layout FOX at " + "(" * 100, ["3:80 E009"]),
        ("@layout FOX {" + "\n(" * 100, ["67:1 E009"]),
        ("{" * 100, ["3:65 E009"]),
    ],
)
def test_brackets_are_bounded_where_they_mean_something(text: str, expected: list[str]) -> None:
    found = spots(parse_story(f"EXT. A\n\n{text}\n", path="a.story"))
    assert [spot for spot in found if spot.endswith("E009")] == expected


def test_syntax_errors_are_capped() -> None:
    parsed = parse_story("EXT. A\n\n" + "@seed = 4\n" * 1000, path="a.story")
    assert [d.code for d in parsed.diagnostics].count("E002") == MAX_SYNTAX_ERRORS
    assert [d.code for d in parsed.diagnostics].count("E000") == 1


def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    grammar = files("dreamrunner.dsl.syntax").joinpath("story.lark").read_text(encoding="utf-8")
    with caplog.at_level(logging.DEBUG, logger=logger.name):
        Lark(grammar, parser="lalr", lexer="contextual", start=["story", "stretch"], debug=True)
    assert "onflict" not in caplog.text


def test_ten_thousand_lines_parse_to_every_scene() -> None:
    text = "EXT. FOREST - DAY\n\nThe fox walks. {0s..2s}\n\nOWL (V.O.)\nHello.\n@seed 1\n\n" * 1250
    parsed = parse_story(text, path="a.story")
    assert parsed.story is not None
    assert len(parsed.story.scenes) == 1250
