"""Given whose mood is seen, whom a sound rouses, whose name is only told, expect who is there."""

from __future__ import annotations

import pytest

from .test_who_is_there import shown

BOTH, TED = {"TED", "ANN"}, {"TED"}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # How somebody feels or takes something, which another sees, or the camera.
        ("Sensing Ann's embarrassment, TED looks away.", BOTH),
        ("TED enjoys Ann's bewilderment.", BOTH),
        ("TED stops. Off Ann's look.", BOTH),
        ("TED remembers Ann's anger.", TED),
        ("TED sees Ann's contempt of money.", TED),
        # Whom a sound rouses, and who goes on from it.
        ("A KNOCK at the gate startles Ted.", TED),
        ("TED sits. A BANG upstairs wakes him and he runs past Ann.", BOTH),
        ("TED sits. The HOWL of Ann's kettle.", TED),
        # Whose only a place is, and what is written somewhere.
        ("TED walks up to the house of Ann.", TED),
        ("TED checks the letter, it says: Ann Marsh.", TED),
        ("TED stops. The nameplate reads: Ann Marsh.", TED),
        ("TED carries a crate labeled Ann Marsh.", TED),
        ("TED reads: Ann naps beside him.", BOTH),
        # Several do what is a noun of several too, and are counted by a word for one.
        ("The women crowd around a stall. TED yawns.", {"WOMEN", "TED"}),
        ("TED stops. Two armed coast guard are posted inside.", {"TED", "GUARD"}),
        ("TED rides into a clutch of dancers.", {"TED", "DANCERS"}),
    ],
)
def test_who_is_seen(said: str, seen: set[str]) -> None:
    before = "INT. YARD - DAY\n\nTED\nHello.\n\nANN MARSH\nHello there.\n\n"
    found = {"ANN" if who == "ANN MARSH" else who for who in shown(said, before=before)}
    assert found == seen
