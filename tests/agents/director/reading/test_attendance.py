"""Given who is left in an empty place, assembled, or only "her", expect who is in the picture."""

from __future__ import annotations

import pytest

from .test_who_is_there import TALKED, shown

TED = {"TED"}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("TED looks around. The beach is deserted. Except for two sleeping sailors.",
         {"TED", "SAILORS"}),
        ("Save for a lone usher, the balcony is empty. TED yawns.", {"USHER", "TED"}),
        ("TED is alone but for a waitress.", {"TED", "WAITRESS"}),
        ("TED is alone except for his sister.", {"TED", "SISTER"}),
        ("TED studies the gaudy hats of the assembled tourists.", {"TED", "TOURISTS"}),
        # All that a picture shows, and whom a shot's heading is of.
        ("TED yawns. The jury.", {"TED", "JURY"}),
        ("TED yawns. CLOSE ON the old conductor.", {"TED", "CONDUCTOR"}),
        ("TED yawns. Angle on the dancers.", {"TED", "DANCERS"}),
        ("ANGLE ON THE WEARY SAILORS", {"WEARY SAILORS"}),
        ("TED yawns. The coach. His sister.", TED),
        # Of whom nobody says that they are there.
        ("TED has told everyone except for his sister.", TED),
        ("TED wears nothing but for a nurse's hat.", TED),
        ("TED has nobody but a sister in Ohio.", TED),
    ],
)  # fmt: skip
def test_who_is_left_and_who_is_assembled(said: str, seen: set[str]) -> None:
    assert shown(said, before="INT. YARD - DAY\n\n" + TALKED) == seen


def test_who_is_left_may_be_called_as_another_of_another_scene() -> None:
    quay = "EXT. QUAY - DAY\n\nHARBOR POLICEMAN\nStop!\n\n"
    said = ("TED opens the crate. It is empty.", "Except for the two frozen policemen.")
    assert shown(*said, before=quay + TALKED) == {"POLICEMEN"}


def test_whom_one_sees_is_nobody_who_is_named_behind_the_pronoun() -> None:
    hall = "INT. YARD - DAY\n\nANN waits.\n\nANN\nSo.\n\nTED\nNo.\n\n"
    later = "Rain falls.\n\nANN\nWell?\n"
    scene = "EXT. PIER - DAY\n\n"
    seen = shown("We see her at a stall with a VENDOR.", before=hall + scene, after=later)
    assert seen == {"ANN", "VENDOR"}
    led = shown("MRS. FENN leads her to a boat.", before=hall + scene, after=later)
    assert led == {"ANN", "MRS FENN"}
    # Who stands at the start of a sentence may be the one who is named behind it.
    assert shown("Behind her, ANN hears a car.", before=hall + scene, after=later) == {"ANN"}
