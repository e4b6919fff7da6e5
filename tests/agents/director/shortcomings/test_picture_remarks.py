"""Given pages that show what no picture will, expect to be told, each at its words."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.remarks import REMARKS, remarks
from dreamrunner.agents.director.shortcomings.picture_remarks import misspelt
from dreamrunner.dsl import parse_story
from dreamrunner.errors import Diagnostic
from dreamrunner.plan import Capabilities

from ...conftest import OPEN, STORYBOOK

HEAD = "Title: T\n\n@character FOX: a red fox\n\nEXT. FOREST - NIGHT\n\n"


def told(prose: str, world: Capabilities = STORYBOOK, head: str = HEAD) -> list[Diagnostic]:
    story = parse_story(f"{head}{prose}\n", path="t.story").story
    found = remarks(story, world)
    assert {one.code[1:] for one in found} <= REMARKS
    return list(found)


def lines(found: list[Diagnostic]) -> list[tuple[str, int, int, str]]:
    return [(d.code, d.span.line, d.span.column, d.message) for d in found]


def test_a_figure_that_is_neither_declared_nor_known_is_told_at_its_name() -> None:
    found = told("The FOX waits. MARLOWE, a detective of 40, walks in the rain.")

    assert lines(found) == [
        (
            "W135", 7, 16,
            "MARLOWE is nothing that storybook knows how to draw; the nearest it knows is a cat",
        ),
        ("W135", 8, 1, "1 of 2 figures are unknown to storybook"),
    ]  # fmt: skip
    assert found[0].help == "declare it: @character MARLOWE: a look"


def test_a_misspelt_name_is_asked_for() -> None:
    first = told("The FOKS waits.")[0]

    assert (first.code, first.help) == ("W135", "did you mean FOX?")


def test_a_slip_of_one_who_only_speaks_is_told_at_its_own_word() -> None:
    slip = told("MARLOWE (40) sits. MARLOW smiles.\n\nMARLOWE\nRain.\n")
    first = next(d for d in slip if d.code == "W135" and d.message.startswith("MARLOW "))

    assert (first.span.line, first.span.column, first.help) == (7, 20, "did you mean MARLOWE?")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("FOKS", "FOX"), ("FXO", "FOX"), ("BOGART", None), ("HARLO", "HARLOW"), ("WOLF", None)],
)
def test_a_slip_is_like_the_name_that_was_meant(name: str, meant: str | None) -> None:
    assert misspelt(name, {"FOX", "OWL", "HARLOW"}) == meant


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("The FOX fights.", ("W140", 7, 1, 'FOX "fight": drawn as standing still')),
        (
            "The FOX waits. A door opens.",
            ("W148", 7, 16, 'storybook draws nothing of "A door opens": no figure does it'),
        ),
        (
            "INSERT - THE LETTER",
            ("W148", 7, 1, 'storybook draws nothing of "INSERT - THE LETTER": no figure does it'),
        ),
        (
            "A detective walks by.",
            ("W148", 7, 1, 'storybook draws nothing of "A detective walks by": no figure does it'),
        ),
        (
            "The FOX, the OWL, the BEAR and the CAT wait.",
            ("W150", 7, 1, "storybook draws 3 at once; left out of this shot: CAT"),
        ),
    ],
)
def test_what_a_picture_lacks_is_told_at_its_words(
    prose: str, expected: tuple[str, int, int, str]
) -> None:
    assert lines(told(prose)) == [expected]


def test_what_is_drawn_as_the_page_has_it_is_not_told() -> None:
    assert told("The FOX walks to the left. It is night. Rain falls.") == []


def test_an_open_vocabulary_lacks_nothing() -> None:
    assert told("MARLOWE fights. A door opens.", OPEN) == []


def test_a_strict_story_cannot_have_somebody_who_is_not_drawn() -> None:
    found = told("MARLOWE (40) waits.", head=f"Strict: yes\n{HEAD}")

    assert {one.code for one in found} == {"E135"}
