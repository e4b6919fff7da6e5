"""Given a name in capitals that only a page has, expect whether it is somebody's."""

from __future__ import annotations

from ..test_who_is_there import TED_AND_ANN, shown

LATER = f"Rain falls.\n\n{TED_AND_ANN}"


def test_it_is_somebody_whom_it_presents() -> None:
    before = "INT. POOL - DAY\n\nA head comes up. It's MIRKO.\n\nTed turns. It's MIRKO, asleep.\n\n"
    assert shown("Ted comes in and finds Mirko.", before=before, after=LATER) == {"TED", "MIRKO"}


def test_what_others_have_is_nobody() -> None:
    before = "INT. POOL - DAY\n\nTed's DRUBBER is on.\n\nAnn takes Ted's DRUBBER.\n\n"
    assert shown("Ted sits. The drubber falls.", before=before, after=LATER) == {"TED"}


def test_police_are_somebody_whoever_has_some_of_theirs() -> None:
    before = "INT. YARD - DAY\n\nTed's POLICE Jeep stands there. Ann takes Ted's POLICE badge.\n\n"
    said = "Ted squeezes through the cordon of POLICE, waving."
    assert shown(said, before=before, after=LATER) == {"TED", "POLICE"}


def test_a_given_name_that_ends_a_list_of_names_is_somebody() -> None:
    after = f"BENNY\nHi.\n\n{LATER}"
    said = "BENNY, FLASH and TREVOR, break up with laughter."
    assert shown(said, after=f"FLASH\nHi.\n\n{after}") == {"BENNY", "FLASH", "TREVOR"}
