"""Given who was in the picture before, expect them where a fragment or "they" goes on."""

from __future__ import annotations

import pytest

from .test_who_is_there import TALKED, shown

YARD = "INT. YARD - DAY\n\n" + TALKED


@pytest.mark.parametrize(
    ("heading", "said", "seen"),
    [
        ("ANGLE ON THE SAILORS", "bewildered, cling to the mast.", {"SAILORS"}),
        ("CLOSER - THE DANCERS", "twirl beneath the lamps.", {"DANCERS"}),
        ("ON TED", "in the doorway.", {"TED"}),
        # What goes on is of a thing, or the heading is of none.
        ("ON TED", "the wind in the curtains.", set()),
        ("ANGLE - THE GATES", "roll shut.", set()),
    ],
)
def test_a_fragment_goes_on_of_those_of_the_heading(
    heading: str, said: str, seen: set[str]
) -> None:
    assert shown(heading, said, before=YARD) == seen


def test_they_who_open_a_scene_are_the_two_of_before() -> None:
    before = YARD + "EXT. PIER - DAY\n\nThe SAILORS wait.\n\nTED helps ANN into a boat.\n\n"
    assert shown("They drift in silence.", before=before) == {"TED", "ANN"}
    talk = "TED\nLook!\n"
    assert shown("They drift out.", before=before, after=talk) == {"TED", "ANN"}
    # Of others who talk there nobody knows.
    assert "ANN" not in shown("They drift out.", before=before, after="MRS. FENN\nOh.\n")


def test_a_part_of_a_body_shows_whose_it_is() -> None:
    said = ("ANN lies down.", "A drop runs down her thigh.")
    assert shown(*said, before=YARD) == {"ANN"}
