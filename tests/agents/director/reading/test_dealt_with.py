"""Given nouns of people with an owner, a number or a deed done to them, expect who is there."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("storybook").model_copy(update={"max_entities": 6})
LATER = "INT. YARD - DAY\n\nTED\nHello.\n\nANN\nHello.\n"


def shown(*paragraphs: str) -> set[str]:
    """Return who is filmed in the last paragraph of a scene; TED and ANN speak later."""
    page = "\n\n".join(("INT. HALL - DAY", *paragraphs, LATER))
    line = page.split("\n").index(paragraphs[-1]) + 1
    shots = direct(parse_story(page, path="t.story").story, WORLD).shots
    there = [s for s in shots if s.span is not None and s.span.line == line]
    return {entity.id for shot in there for entity in shot.entities}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # Whose somebody is tells who does it, as an article would.
        ("Ted's gardener waves.", {"GARDENER"}),
        ("Ted's old gardener waves.", {"GARDENER"}),
        ("Ann's guests look bored.", {"GUESTS"}),
        ("Ann hugs Ted's nephews.", {"ANN", "NEPHEWS"}),
        ("Ted's gardener has left.", set()),
        ("Ted reads Ann's nurse manual.", {"TED"}),
        # "A guard's" may be "a guard is"; how one is found; thousands.
        ("A guard's trying to move Ann back.", {"GUARD", "ANN"}),
        ("A guard's keys jingle. Ann yawns.", {"ANN"}),
        ("The clerk is slumped over the counter.", {"CLERK"}),
        ("The clerk is fired.", set()),
        ("Thousands of prisoners on the platform.", {"PRISONERS"}),
        # What is done to somebody who is there.
        ("Ted slams the burglar against the wall.", {"TED", "BURGLAR"}),
        ("Ted beckons the waiter.", {"TED", "WAITER"}),
        ("Ann motions to the waiter.", {"ANN", "WAITER"}),
        ("The doorman motions Ann inside.", {"DOORMAN", "ANN"}),
        ("Ted is encircled by jugglers.", {"TED", "JUGGLERS"}),
        ("Ted is besieged by couples waltzing past.", {"TED"}),
        ("Ted is surrounded by couples waltzing past.", {"TED", "COUPLES"}),
        # Numbers behind "the", and of figures.
        ("The two jugglers ahead of Ted are hurrying up the steps.", {"JUGGLERS", "TED"}),
        ("Through the fog, FIVE FIGURES cross the ice.", {"FIVE FIGURES"}),
        ("Ted earns six figures.", {"TED"}),
        # Words that are nouns of people in the plural only.
        ("The locals glower.", {"LOCALS"}),
        ("A gang of Sicilians bar the door.", {"SICILIANS"}),
        ("Ted eats a Sicilian pizza.", {"TED"}),
        ("Ann pets a shaggy rottweiler.", {"ANN", "ROTTWEILER"}),
        # What one feels is seen.
        ("It is plain from Ann's misery that Ted is wrong.", {"ANN", "TED"}),
        ("It is plain from Ann's letter that Ted is wrong.", {"TED"}),
    ],
)
def test_who_is_owned_counted_or_dealt_with_is_there(said: str, seen: set[str]) -> None:
    assert shown(said) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("She rolls a barrel into his path.", {"ANN", "TED"}),
        ("She stands up. At his side.", {"ANN", "TED"}),
        ("She thinks of it on his side of the bed.", {"ANN"}),
    ],
)
def test_whose_way_is_barred_is_there(said: str, seen: set[str]) -> None:
    assert shown("Ann walks up to Ted.", said) == seen


def test_the_drummer_is_one_of_a_band() -> None:
    assert shown("A BAND plays. Ann dances.", "The drummer grins.") == {"DRUMMER"}
    assert shown("Ted drums. Ann dances.", "The drummer grins.") == set()


def test_the_figures_are_who_was_there_before() -> None:
    assert shown("TED and ANN run.", "Far off, the two figures hop across.") == {"TED", "ANN"}
    cut = ("TED and ANN run.", "EXT. DUNES - DAY", "Far off, the two figures hop across.")
    assert shown(*cut) == {"TED", "ANN"}  # the picture before goes on
    assert shown("ANN runs.", "Far off, the two figures hop across.") == {"FIGURES"}
