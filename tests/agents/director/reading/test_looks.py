"""Given a look or a way out of the picture, expect who is in it."""

from __future__ import annotations

import pytest

from .test_who_is_there import TED_AND_ANN, shown

LATER = f"Rain falls.\n\n{TED_AND_ANN}"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Off Ted's grim look --", {"TED"}),
        ("OFF TED'S REACTION:", {"TED"}),
        ("Ann catches Ted's glance.", {"ANN", "TED"}),
        ("Much to Ann's annoyance, Ted hums.", {"ANN", "TED"}),
        ("That gets Ted's attention.", {"TED"}),
        ("Ted's and Ann's fingers meet.", {"TED", "ANN"}),
        ("Off Ted's porch a boat bobs.", set()),
    ],
)
def test_whose_look_is_told_is_there(said: str, seen: set[str]) -> None:
    assert shown(said, after=LATER) == seen


def test_their_look_is_of_those_who_are_there() -> None:
    assert shown("TED and ANN sit.", "Off their looks --", after=LATER) == {"TED", "ANN"}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Ted dashes off screen and is sick.", {"TED"}),
        ("Ann watches Ted stroll. Ted steps off camera.", {"ANN", "TED"}),
        ("Ann glances off screen.", {"ANN"}),
        ("Ann waits. Ted, off screen, coughs.", {"ANN"}),
        ("Ann waits. Ted snores out of sight.", {"ANN"}),
    ],
)
def test_who_goes_out_of_the_picture_was_in_it(said: str, seen: set[str]) -> None:
    assert shown(said, after=LATER) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Far off, we see the two figures wading along the shore.", {"TED", "ANN"}),
        ("Far off, two figures walk along the shore.", {"FIGURES"}),
        ("Far off, four figures walk along the shore.", {"FIGURES"}),
    ],
)
def test_figures_who_are_as_many_as_were_there_are_they(said: str, seen: set[str]) -> None:
    assert shown("TED and ANN run.", said, after=LATER) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("The pupils' heads are bowed.", {"PUPILS"}),
        ("The children's faces glow.", {"CHILDREN"}),
        ("The children's room is dark.", set()),
        ("TED and BO (40) kneel. The men's faces are wet.", {"TED", "BO"}),
    ],
)
def test_whose_parts_are_told_are_there(said: str, seen: set[str]) -> None:
    assert shown(said, after=LATER) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Two roadies walk past the groupies, who wave.", {"ROADIES", "GROUPIES"}),
        ("Ann waves to the rookies.", {"ANN", "ROOKIES"}),
        ("Ann talks to three housewives.", {"ANN", "HOUSEWIVES"}),
    ],
)
def test_several_are_known_by_what_one_of_them_is(said: str, seen: set[str]) -> None:
    assert shown(said, after=LATER) == seen


def test_each_other_are_two_of_this_scene() -> None:
    lab = "INT. LAB - DAY\n\nBO (40), a guard, waits.\n\nBO\nWhere is Ann?\n\nCUT TO:\n\n"
    before = f"INT. HUT - DAY\n\nAnn sleeps.\n\n{TED_AND_ANN}{lab}"
    said = "An instant later they fall on top of each other."
    assert shown("Ted kneels.", said, before=before, after=TED_AND_ANN) == {"TED", "ANN"}


def test_who_are_waited_for_are_not_there() -> None:
    said = "Ted waits for the Miller boys -- Fred Jr. and Paul."
    after = f"FRED JR.\nHi.\n\nPAUL\nHi.\n\n{LATER}"
    assert shown("Ted sits.", said, after=after) == {"TED"}
    assert shown("Ted waits for the boys, Ann at his side.", after=LATER) == {"TED", "ANN"}
