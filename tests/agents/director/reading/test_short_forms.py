"""Given verbs that are one word with a name or a pronoun, expect who is in the picture."""

from __future__ import annotations

import pytest

from .test_who_is_there import TED_AND_ANN, shown

LATER = f"Rain falls.\n\n{TED_AND_ANN}"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Ted's bewildered by the bill.", {"TED"}),
        ("Ted's flustered.", {"TED"}),
        ("Ted's livid, waving the letter.", {"TED"}),
        ("Ann's clearly worn out. Ted's being kind.", {"ANN", "TED"}),
        ("Ted's got the hiccups.", {"TED"}),
        ("Ted's had it.", {"TED"}),
        ("Ted's the last to go. Ann's up.", {"TED", "ANN"}),
        ("Ann's here. Ted's right behind the door.", {"ANN", "TED"}),
        ("Ted's wambling backwards along the wall.", {"TED"}),
        ("Ted's off day. Ann's inside job.", set()),
        # What is told of a thing, and who is gone.
        ("Ted's rusted, dented van stands there.", set()),
        ("Ted's shed.", set()),
        ("Ted's disappeared.", set()),
        ("Ted's painted on the wall.", set()),
    ],
)
def test_a_name_with_is_tells_how_somebody_is(said: str, seen: set[str]) -> None:
    assert shown(said, after=LATER) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("They're out of breath.", {"TED", "ANN"}),
        ("They've reached the gate.", {"TED", "ANN"}),
        ("They'll never reach the gate.", {"TED", "ANN"}),
        ("Ted yawns. They’re both tired.", {"TED", "ANN"}),
        ("They'd give a lot for a bed.", {"TED", "ANN"}),
        ("They're gone.", set()),
        ("They are gone.", set()),
    ],
)
def test_a_pronoun_with_a_helper_means_whom_it_means_alone(said: str, seen: set[str]) -> None:
    assert shown("TED and ANN run.", said, after=LATER) == seen


def test_they_who_are_named_are_nobody_else() -> None:
    said = "Two women come in, but they're Cora and Dot."
    after = f"CORA\nHi.\n\nDOT\nHi.\n\n{LATER}"
    assert not {"TED", "ANN"} & shown("TED and ANN run.", said, after=after)
