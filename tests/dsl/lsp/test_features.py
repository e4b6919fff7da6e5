"""What the server knows of a page: text and a place in, an answer out, with no traffic."""

from __future__ import annotations

import pytest

from dreamrunner.dsl.lsp import completion, fixes, mentions, navigation
from dreamrunner.dsl.lsp import hover as hovering
from dreamrunner.dsl.lsp.checking import Checker
from dreamrunner.dsl.lsp.page import Page
from dreamrunner.errors import InputError

from .conftest import STORY, at


def offered(written: str, known) -> list[str]:
    text = f"{STORY}\n{written}"
    offset = text.index("|")
    page = Page(text.replace("|", ""))
    return [item.label for item in completion.complete(page, offset, known)]


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("@|", ["@character", "@prop"]),
        ("@layout |", ["FOX", "OLD OWL"]),
        ("@layout FOX { |", ["box (", "at "]),
        ("@layout FOX {\n  0s: at |", ["far-left", "left"]),
        ("@layout FOX {\n\n  0s: at |", ["far-left", "left"]),
        ("@motion FOX {\n 0s..2s: |", ["stand", "walk"]),
        ("@camera |", ["static", "pan-left"]),
        ("@expect |", ["text", "layout"]),
        ("@expect motion.|", ["FOX", "OLD OWL"]),
        ("@expect FOX |", ["left-of", "right-of"]),
        ("@expect FOX left-of |", ["FOX", "OLD OWL"]),
        ("@replan motion, keep=|", ["motion", "layout"]),
        ("@camera follow on=|", ["FOX", "OLD OWL"]),
        ("@shot CLOSE on=|", ["FOX", "OLD OWL"]),
        ("@camera { 0s..1s: pan-left ease=|", ["linear", "ease-in"]),
        ("The F|", ["FOX", "OLD OWL"]),
        ("@seed 7\nShe waits. {|", ["FOX", "OLD OWL"]),
        ("Somebody walks. {|", ["FOX", "OLD OWL"]),
        ("{FOX, motion=|", ["stand", "walk"]),
        ("F|", ["FOX", "OLD OWL"]),
    ],
)
def test_completion_offers_what_may_stand_there(written: str, first: list[str], storybook) -> None:
    assert offered(written, storybook)[:2] == first


@pytest.mark.parametrize("written", ["walks to the |", "@expect motion >= |"])
def test_completion_keeps_quiet_where_anything_may_stand(written: str, storybook) -> None:
    assert offered(written, storybook) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("@la|yout FOX", "**@layout**: Says where an entity is"),
        ("motion=w|alk", "storybook knows it as “walking”"),
        ("mo|tion.FOX", "the planned motion recognised; 0 to 1"),
        ("left-|of", "a relation between two"),
        ("The F|OX walks", "**FOX**, character: a small red fox\n\ndeclared on line 3"),
    ],
)
def test_hover_says_what_a_word_means(place: str, said: str, storybook) -> None:
    page, offset = at(STORY, place)
    shown = hovering.hover(page, offset, storybook)
    assert shown is not None and said in shown.contents.value


def test_a_renamed_character_is_renamed_in_every_way_of_naming() -> None:
    page, offset = at(STORY, "OLD O|WL: a purple owl")
    (renamed,) = navigation.rename(page, offset, "grey bird")
    for edit in reversed(renamed.edits):
        page = page.edited(edit.range, edit.new_text)
    assert "OWL" not in page.text
    assert "@character GREY BIRD: a purple owl" in page.text
    assert "FOX left-of GREY_BIRD" in page.text
    assert "\nGREY BIRD\n🦉 Who?" in page.text


def test_a_name_within_a_longer_one_is_not_renamed() -> None:
    text = STORY.replace("@character FOX", "@character OWL: a brown owl\n@character FOX").replace(
        "FOX's tail", "OWL's tail"
    )
    page, offset = at(text, "The O|WL's tail")
    (renamed,) = navigation.rename(page, offset, "HAWK")
    assert [edit.range.start.line for edit in renamed.edits] == [2, 21]


@pytest.mark.parametrize("name", ["", "42", "A {B}", "OLD OWL", "X\nY"[:1] + "(Z)"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    page, offset = at(STORY, "The F|OX walks")
    with pytest.raises(InputError):
        navigation.rename(page, offset, name)


def test_names_in_small_letters_are_prose_and_no_mentions() -> None:
    page, _ = at(STORY, "a small red fox|")
    found = [page.text[m.start : m.end] for m in mentions.mentions_of(page, "FOX")]
    assert found == ["FOX"] * 8


def test_positions_count_utf16_units_both_ways() -> None:
    page = Page("a\r\n🦉b\n")
    assert page.offset(page.position(3)) == 3
    assert page.position(3).character == 2
    assert page.text[3] == "b"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@duration 3s", "@duration three"),
        ("motion=walk", "motoin=walk"),
        ("The FOX's tail", "The FOX's {long} tail"),
        ("EXT. BEACH - NOON #2#\n", "EXT. BEACH - NOON #2#\n@layout OWLL { 0s: at left }\n"),
        (
            "EXT. BEACH - NOON #2#\n",
            "\nINT. BARN - DAY\n\nThe FOX hops.\n\nEXT. BEACH - NOON #2#\n",
        ),
        ("The FOX's tail is wet.\n", ""),
        ("FOX (O.S.)", "BADGER"),
    ],
)
def test_an_edit_is_told_as_the_whole_story_would_tell_it(before, after, storybook) -> None:
    checker = Checker("night.story", None, storybook)
    broken = STORY.replace("left-of OLD_OWL", "lefft-of OLD_OWL")
    checked, _ = checker.whole(Page(broken))
    page = Page(broken.replace(before, after))
    assert page.text != broken
    quick, (whole, _) = checker.after_edit(page, checked), checker.whole(page)
    assert quick is not None

    def told(diagnostics) -> list[tuple[str, int, int]]:
        return [(d.code, d.span.line, d.span.column) for d in diagnostics]

    assert told(quick.diagnostics) == told(whole.diagnostics)


def test_an_edit_of_the_cast_waits_for_the_check_of_the_whole(storybook) -> None:
    checker = Checker("night.story", None, storybook)
    checked, _ = checker.whole(Page(STORY))
    page = Page(STORY.replace("@character FOX: a small red fox", "@character FOX: a small { red"))
    assert page.text != STORY
    assert checker.after_edit(page, checked) is None


def test_a_fix_declares_who_speaks_and_is_not_in_the_cast(storybook) -> None:
    page = Page(STORY.replace("OLD OWL\n🦉", "BADGER\n🦉"))
    checked, _ = Checker("x", None, storybook).whole(page)
    everywhere = page.range(0, len(page.text))
    (action,) = fixes.fixes(page, "u", everywhere, checked.diagnostics)
    assert action.title == "Declare BADGER"
    (edit,) = action.edit.changes["u"]
    assert (edit.range.start.line, edit.new_text) == (4, "@character BADGER: \n")
