"""Given somebody who is only told of, expect nobody: compared, telephoned, denied, long gone."""

from __future__ import annotations

import pytest

from .test_who_is_there import TALKED, shown

TED = {"TED"}


@pytest.mark.parametrize(
    "said",
    [
        # Comparisons of all forms.
        "TED cradles the vase the way a nurse holds a baby.",
        "TED is as pale as another man might be caught in bed with a girl.",
        "TED lifts a crate, heavier than a horse.",
        "TED has a scar similar to a soldier's, similar to a pirate.",
        "TED gives the smile of a lost boy being kissed by his mother.",
        "TED creeps along the ledge, like an Apache stalking a deer.",
        "TED smiles in a way that reminds us of how he stroked the HORSE.",
        "TED hears the engine, the low growl and roar of some giant lion out there.",
        # On the telephone, on a record, on a scanner.
        "TED is on the phone with his mother.",
        "TED is on the phone, then on the line to a doctor.",
        "On the stereo, CARUSO sings. TED yawns.",
        "DOLLY MARSH croons on the jukebox as TED yawns.",
        "TED yawns. The radar registers dozens of approaching monsters.",
        "TED talks to the CLERK (O.S.).",
        # Not to be seen.
        "TED looks out. He can't see any of the GUARDS.",
        "TED yawns. The dead of winter, not a mouse in the barn.",
        "TED looks around. None of the vans have a couple of thugs sitting inside.",
        "TED waves at unseen NEIGHBORS.",
        # Who did it, for whom it is, whose kin are there.
        "TED stares at the damage caused by the monsters.",
        "TED enters a flat decorated by a woman.",
        "TED passes a gym devoted exclusively to football players.",
        "TED finds some kids' safety scissors.",
        "TED finds a mention of ANN and a particular patient.",
        "TED thinks. Nothing from the SOLDIERS they left behind.",
        "TED climbs past caves hiding bats or a wary bear.",
        # Long gone, made of tin, heard, and what somebody says.
        "TED looks at the chair where ANN had slept.",
        "TED finds a box of tin SOLDIERS.",
        "TED hears snatches of the CHOIR.",
        "TED hears DOCTOR HOLLIS'S voice.",
        "TED nods. Fetch me a doctor who helps us.",
    ],
)
def test_who_is_only_told_of_is_not_there(said: str) -> None:
    assert shown(said, before=TALKED) == TED


@pytest.mark.parametrize(
    "said",
    [
        "TED looks at the ANN painting.",
        "TED points at a statue (a man holding a spear).",
        'TED yawns. HEADLINE: "GOVERNOR SHOT"',
        "TED sees his canvas: a rabbit glaring out of the canvas.",
        "TED finds a photograph of the lost/forgotten ANN.",
    ],
)
def test_whom_a_picture_shows_is_not_there(said: str) -> None:
    assert shown(said, before=TALKED) == TED


def test_of_the_families_of_the_dead_the_families_are_there() -> None:
    page = ("Some SAILORS wave.", "INT. CHURCH - DAY", "The FAMILIES of the SAILORS weep.")
    assert shown(*page, before=TALKED) == {"FAMILIES"}


@pytest.mark.parametrize(
    ("said", "others"),
    [
        ("TED talks to a nurse about the phone.", {"NURSE"}),
        ("TED can't see the GUARD who runs up behind him.", {"GUARD"}),
        ("TED plays a record on the jukebox.", set()),
        ("More than a dozen guards surround TED.", {"GUARDS"}),
        ("These are no words of comfort ANN was waiting for. TED nods.", {"ANN"}),
        ("Reminded of the GUARD, TED grabs the GUARD.", {"GUARD"}),
        ("A plastic surgeon opens the door for TED.", {"SURGEON"}),
        ("The MONKEY is unseen. TED pats the MONKEY.", {"MONKEY"}),
        ("TED is grabbed by a nurse.", {"NURSE"}),
        ("TED hangs the picture, a nurse helps him.", {"NURSE"}),
    ],
)
def test_who_is_there_all_the_same(said: str, others: set[str]) -> None:
    assert shown(said, before=TALKED) == TED | others


def test_a_page_told_by_me_has_those_who_do_something_to_me() -> None:
    after = "Rain.\n\nME\nHello."
    assert shown("A doctor hands me a note.", "A doctor leads me away.", after=after) == {
        "DOCTOR", "ME",
    }  # fmt: skip
