"""Given somebody who is told by a name and by a noun, expect them filmed once."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("storybook").model_copy(update={"max_entities": 6})
ELSEWHERE = "INT. OFFICE - DAY\n\nPETE\nNo.\n\nRUTH\nYes.\n\nEARL\nNo.\n\n"


def shown(*paragraphs: str, before: str = ELSEWHERE, after: str = "") -> set[str]:
    """Return who is in the shots of the last of some paragraphs of one scene."""
    page = f"Title: T\n\n{before}INT. HALL - DAY\n\n" + "\n\n".join(paragraphs) + f"\n\n{after}"
    story = parse_story(f"{page}\n", path="t.story").story
    line = max(n for n, text in enumerate(page.split("\n"), 1) if text == paragraphs[-1])
    shots = [s for s in direct(story, WORLD).shots if s.span is not None and s.span.line == line]
    return {entity.id for shot in shots for entity in shot.entities}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("RUTH, a FAMOUS DANCER, ties her shoes.", {"RUTH"}),
        ("Ruth, 63, a RETIRED JUDGE, ties her shoes.", {"RUTH"}),
        ("PETE, the Cook and RUTH, the Waitress, yawn.", {"PETE", "RUTH"}),
        ("A nervous BURGLAR, EARL, is holding a lamp.", {"EARL"}),
        ("Ruth greets a small, nervous TAILOR with a limp named PETE.", {"PETE", "RUTH"}),
        ("Two SAILORS by the window: PETE (fat, bald) and EARL (thin) yawn.", {"PETE", "EARL"}),
        ("Pete is a FORMER WRESTLER.", {"PETE"}),
        ("The figure nods. RUTH, who is a NURSE, nods too.", {"FIGURE", "RUTH"}),
        # Others in a row are others.
        ("RUTH, a NURSE and two COPS nod.", {"RUTH", "NURSE", "COPS"}),
        ("A COP, PETE and RUTH nod.", {"COP", "PETE", "RUTH"}),
        ("Beside Ruth is a TALL NURSE.", {"RUTH", "TALL NURSE"}),
        ("To the left of RUTH, a NURSE.", {"RUTH", "NURSE"}),
        ("Two SAILORS, PETE, RUTH and EARL nod.", {"SAILORS", "PETE", "RUTH", "EARL"}),
    ],
)
def test_who_is_told_what_they_are_is_one(said: str, seen: set[str]) -> None:
    assert shown(said) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("A woman sits by the fire. Her name is RUTH.", {"RUTH"}),
        ("The Figure lowers its torch. It's Pete.", {"PETE"}),
        ("A LONE FIGURE sits there. It is a girl, RUTH, 27, in a red hat.", {"RUTH"}),
        ("Two SAILORS are dancing. They are PETE and EARL.", {"PETE", "EARL"}),
        # Not a man, and who did something before.
        ("A man sits by the fire. Her name is RUTH.", {"MAN", "RUTH"}),
        ("A man sits by the fire. It's Pete who let him in.", {"MAN", "PETE"}),
    ],
)
def test_who_is_named_later_is_one(said: str, seen: set[str]) -> None:
    assert shown(said) == seen


OFFICES = (
    "INT. OFFICE - DAY\n\nCAPT. HOLT\nNo.\n\nRUTH\nYes.\n\nVALE\nNo.\n\nJAIL GUARD #1\nNo.\n\n"
    "JAIL GUARD #2\nNo.\n\nPresident Vale signs.\n\n"
)


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        (("CAPT. HOLT sits. RUTH waits.", "The Captain yawns."), {"CAPT. HOLT"}),
        (("RUTH waits. VALE comes in.", "The President yawns."), {"VALE"}),
        (("RUTH waits. A SWISS OFFICER comes in.", "The Officer yawns."), {"SWISS OFFICER"}),
        (("JAIL GUARD #2 comes in.", "The guard yawns at Ruth."), {"JAIL GUARD #2", "RUTH"}),
        (("SIX FBI AGENTS come in. Ruth waits.", "The Agents yawn."), {"SIX FBI AGENTS"}),
        (("RUTH waits. The President waits.", "President Vale yawns at Ruth."), {"VALE", "RUTH"}),
        # Others than those who were there.
        (("CAPT. HOLT sits. RUTH waits.", "Another captain comes in."), {"CAPTAIN"}),
        (("JAIL GUARD #2 comes in.", "The second guard yawns."), {"GUARD"}),
        (("SIX RUSSIAN PILOTS come in.", "THE CHINESE PILOTS yawn."), {"CHINESE PILOTS"}),
    ],
)
def test_who_is_called_by_what_they_are_is_one(page: tuple[str, ...], seen: set[str]) -> None:
    assert shown(*page, before=OFFICES) == seen


def test_a_guard_is_the_only_one_who_speaks() -> None:
    said = "Halt there!\n\nJAIL GUARD #2\nNo!\n"
    seen = {"JAIL GUARD #2", "RUTH"}
    assert shown("A tall GUARD yawns at Ruth.", before=OFFICES, after=said) == seen


def test_two_guards_are_the_two_who_speak() -> None:
    said = "JAIL GUARD #1\nHalt!\n\nJAIL GUARD #2\nNo!\n"
    assert shown("Two JAIL GUARDS come in.", before=OFFICES, after=said) == {
        "JAIL GUARD #1", "JAIL GUARD #2"
    }  # fmt: skip


YOUNG = (
    "INT. OFFICE - DAY\n\nNED\nNo.\n\nLUIS\nYes.\n\nCLARA\nNo.\n\nSWISS GUARD\nNo.\n\n"
    "Ned rubs his eyes. He yawns. Luis rubs his eyes. He yawns.\n\n"
)


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        (("NED and LUIS come in. CLARA waits.", "The boys wave at Clara."),
         {"NED", "LUIS", "CLARA"}),
        (("Clara sees the figure of Ned.",), {"CLARA", "NED"}),
        (("NED comes in.", "The figure waves at Clara."), {"NED", "CLARA"}),
        (("NED comes in. CLARA waits.", "Clara nods to her SON."),
         {"CLARA", "NED"}),
        # Others, who were there before.
        (("BOYS play ball. NED and LUIS come in.", "The boys wave."), {"BOYS"}),
        (("A figure stands there. NED comes in.", "The figure waves at Clara."),
         {"FIGURE", "CLARA"}),
    ],
)  # fmt: skip
def test_the_boys_and_the_figure_are_those_who_are_there(
    page: tuple[str, ...], seen: set[str]
) -> None:
    assert shown(*page, before=YOUNG) == seen


def test_whose_name_a_noun_has_word_for_word_is_that_one() -> None:
    said = "Halt there!\n\nSWISS GUARD\nHalt!\n"
    assert shown("A bored Swiss GUARD yawns.", before=YOUNG, after=said) == {"SWISS GUARD"}


NAMES = "INT. OFFICE - DAY\n\nMARV\nNo.\n\nSTOVER\nYes.\n\nLIONEL\nNo.\n\nKATE\nNo.\n\n"
NAMES += "Grady Stover writes.\n\n"


@pytest.mark.parametrize(
    ("told", "said", "seen"),
    [
        # Nicknames both ways, and what no name begins with.
        ("MARVIN, a thin man, comes in.", "Marvin yawns.", {"MARV"}),
        ("HUMAN KATE waits at the door.", "HUMAN KATE yawns.", {"KATE"}),
        # Both parts of one name, and whom a full name in talk makes of "Mr. Dunn".
        ("Grady Stover waits. GRADY yawns.", "Grady yawns.", {"STOVER"}),
        ("MARV\nThis is Lionel Dunn.", "Mr. Dunn yawns.", {"LIONEL"}),
        # Two who are told in one breath.
        ("GRADY, 12, waits by STOVER.", "Grady yawns.", {"GRADY"}),
        ("YOUNG KATE, 12, waits at the door.", "Young Kate yawns.", {"YOUNG KATE"}),
    ],
)
def test_who_has_several_names_is_one(told: str, said: str, seen: set[str]) -> None:
    assert shown(told, said, before=NAMES) == seen
