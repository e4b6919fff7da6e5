"""Given names and nouns of what is nobody, expect nobody of them: ships, cars, inns, makes."""

from __future__ import annotations

from .test_who_is_there import TALKED, shown

TED = {"TED"}


def test_a_name_of_what_people_are_in_is_nobody() -> None:
    cabin = "INT. HALCYON - NIGHT\n\nRain.\n\n" + TALKED
    assert shown("TED runs. The Halcyon turns, sits and waits.", before=cabin) == TED
    assert shown("The HALCYON waves. TED runs.", before=cabin) == TED
    craft = "EXT. SKY/QUENBY - DAY\n\nThe QUENBY turns.\n\n" + TALKED
    assert shown("TED yawns. The QUENBY looks on.", before=craft) == TED
    owned = "INT. TED AND ANN'S CORSAIR - DAY\n\nA CORSAIR turns.\n\nINT. TED'S CORSAIR - DAY\n\n"
    said = "TED runs. The CORSAIR follows, with two other corsairs."
    assert shown(said, before=owned + "Rain.\n\n" + TALKED) == TED


def test_prose_says_that_a_name_is_of_what_people_are_in() -> None:
    inn = "EXT. ROAD - DAY\n\nThe lobby of the Wanderer. They sleep within the Wanderer.\n\n"
    assert shown("TED yawns. The Wanderer looms.", before=inn + TALKED) == TED
    planet = "EXT. SKY - DAY\n\nA giant planet called VORNE, which shines.\n\n"
    assert shown("TED yawns. VORNE waits.", before=planet + TALKED) == TED


def test_who_is_in_a_heading_and_does_something_is_somebody() -> None:
    yard = "EXT. GUARD TOWER - DAY\n\nA GUARD (30) smiles.\n\n" + TALKED
    assert shown("The GUARD laughs at TED.", before=yard) == {"TED", "GUARD"}
    field = "EXT. VILLAGERS - DAY\n\nThe VILLAGERS wait.\n\n" + TALKED
    assert shown("The VILLAGERS laugh at TED.", before=field) == {"TED", "VILLAGERS"}
