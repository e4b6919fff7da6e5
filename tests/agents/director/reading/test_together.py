"""Who is told in one breath with another, who stands behind a verb, and whom all eyes are of."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("storybook")
LATER = "INT. YARD - DAY\n\nTED\nHello.\n\nANN\nHello.\n"


def shown(said: str) -> set[str]:
    """Return who is filmed in a paragraph of a page on which TED and ANN speak later."""
    story = parse_story(f"INT. HALL - DAY\n\n{said}\n\n{LATER}", path="t.story").story
    shots = [s for s in direct(story, WORLD).shots if s.span is not None and s.span.line == 3]
    return {entity.id for shot in shots for entity in shot.entities}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # A row of people does what its verb says, and is where one of it is.
        ("A porter and a maid wave.", {"PORTER", "MAID"}),
        ("The baker and the tailor wave.", {"BAKER", "TAILOR"}),
        ("A porter, a maid and two boys watch.", {"PORTER", "MAID", "BOYS"}),
        ("Ann talks to a porter and a maid.", {"ANN", "PORTER", "MAID"}),
        ("Ted leads the baker and the tailor out.", {"TED", "BAKER", "TAILOR"}),
        ("A thin man in a cap and a woman in green quarrel.", {"MAN", "WOMAN"}),
        ("Sailors and dancers fill the hall.", {"SAILORS", "DANCERS"}),
        ("The husband and wife smile.", {"HUSBAND", "WIFE"}),
        ("Ted, Ann and a maid look up.", {"TED", "ANN", "MAID"}),
        ("Ted, a sailor, and a maid nod.", {"TED", "MAID"}),
        # No row of people: what one is, likens or only talks of.
        ("Ted is a husband and a sailor.", {"TED"}),
        ("Ann, a dancer and mother of two, waits.", {"ANN"}),
        ("Ted talks about a porter and a maid.", {"TED"}),
        ("Ann walks like a king and queen.", {"ANN"}),
        # The place first, then the verb, then who is there.
        ("Beyond Ann stands a porter.", {"ANN", "PORTER"}),
        ("At the desk sits a bored clerk.", {"CLERK"}),
        ("Inside are two sailors.", {"SAILORS"}),
        ("In the photograph is a sailor.", set()),
        ("To Ann he is a friend.", {"ANN"}),
        ("Here Ted is a boss.", {"TED"}),
        # What is done to several, and what they do.
        ("Ted films the pilgrims boarding a ferry.", {"TED", "PILGRIMS"}),
        ("Ted checks out the dancers.", {"TED", "DANCERS"}),
        ("The parade passes.", {"PARADE"}),
        ("Ted bows, then parades around.", {"TED"}),
        # All eyes are of everyone who is there.
        ("Ted sits with six sailors. All eyes turn to Ted.", {"TED", "SAILORS"}),
        ("Ted sits with six sailors. All eyes on Ann.", {"TED", "SAILORS", "ANN"}),
    ],
)
def test_who_is_there_with_others(said: str, seen: set[str]) -> None:
    assert shown(said) == seen
