"""Given names and nouns of what is nobody, expect nobody of them: ships, cars, inns, makes."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    "said",
    [
        # Beasts that are verbs of somebody, of things, and with none who is named.
        "TED yawns. Young Edwin ducks between two carts.",
        "TED deftly ducks and the plate hits the wall.",
        "TED has a card with a crest that bears... a crown.",
        "TED looks. All of the parcels bear a stamp. The words bear no weight.",
        "TED has to stand and duck in turn.",
        # Beasts in sayings, cooked, quoted, before a thing, or on a desk.
        "TED enjoys the cat and mouse. He has other fish to fry, but is dog tired.",
        "TED yawns in a bird's eye view.",
        "TED gives two “birds” to the street.",
        "TED passes rows of roast ducks in a window.",
        "TED clicks the mouse. He moves the mouse beside the keyboard.",
        "TED yawns. SHEEP CARCASSES move on hooks.",
        "TED launches two sparrow missiles.",
        "TED eats a HOT DOG that smells good.",
    ],
)
def test_a_beast_that_is_a_verb_a_saying_or_a_meal_is_nobody(said: str) -> None:
    assert shown(said, before=TALKED) == TED


@pytest.mark.parametrize(
    "said",
    [
        # A person's noun before a thing's.
        "TED stops in front of a nice doorman building.",
        "TED puts on one of his cleaner suits.",
        "TED has a charmers smile and a cashiers check.",
        # Verbs, eyes, one's own demons, a drink.
        "TED throws a ball and the ball misses over the wall.",
        "TED yawns, his pupils dilated, alone with his demons.",
        "TED takes a smoothie.",
        # Cars, works, words.
        "A FORD ESCORT - rusty, red. TED yawns.",
        "TED gets in her Range Rover. The Rover waits.",
        'TED is like the man in "The Drifter".',
        'TED yawns at the film "THE DRIFTERS".',
    ],
)
def test_a_persons_noun_that_tells_a_thing_is_nobody(said: str) -> None:
    assert shown(said, before=TALKED) == TED


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("The GUARD switches on a lamp. TED yawns.", {"GUARD", "TED"}),
        ("TED and the guard push their carts about.", {"GUARD", "TED"}),
        ("TED gives the guard tickets.", {"GUARD", "TED"}),
        ("TED sees the guard watch the gate.", {"GUARD", "TED"}),
        ("A nurse ushers TED into a room.", {"NURSE", "TED"}),
        ("The ducks follow TED.", {"DUCK-1", "DUCK-2", "TED"}),
    ],
)
def test_who_does_something_before_a_thing_is_there(said: str, seen: set[str]) -> None:
    gate = "EXT. GATE - DAY\n\nA GUARD (30) smiles.\n\n"
    assert shown(said, before=gate + TALKED) == seen


@pytest.mark.parametrize(
    ("before", "said"),
    [
        # The first word of a name of several is no name of theirs; nor is what tells a noun.
        ("Four CHRISTMAS SINGERS (30s) sing.", "Christmas lights burn. TED yawns."),
        ("In walks ANN, the Indian doctor.", "She's an Indian from Goa. TED yawns."),
        # What is printed, and what one is.
        ("Rain.", "TED smiles at the world. A copy of VARIETY is slid under the door."),
        ("Rain.", "TED twirls. THE LOOK OF YOUTH RETURNS."),
        (
            "The PRIEST FROM LEON (50) smiles at TED.",
            "A car turns onto the road to Leon. TED drives.",
        ),
        # Heard only; verbs; what a noun tells of a thing; a boat; a tower.
        ("Rain.", "Over the CRICKETS we hear music. TED yawns."),
        ("Rain.", "TED shoots at the door. Misses."),
        ("Rain.", "One of the hinges flies across the room. TED yawns."),
        ("Rain.", "TED laughs as ANN, too, ducks."),
        ("Rain.", "A blue flashing police light fills the mirror. TED yawns."),
        ("Rain.", "An earth mover goes past. TED yawns."),
        ("Rain.", "On the deck of an aging FISHING TRAWLER, TED yawns."),
        ("Rain.", "The BELLTOWER looks quiet. TED yawns."),
        ("Rain.", "They stare -- the way you'd look at a prisoner. TED yawns."),
        # What only says how large a thing is; heard from afar; an adverb, a verb.
        ("A PALM PILOT bows.", "TED yawns. He gives ANN a Palm Pilot sized BOX."),
        ("Rain.", "TED yawns, hearing ANN's dog yelping in the distance."),
        ("Rain.", "TED drops the coin -- he cooly flicks it into the box."),
        # A verb behind "it"; an aeroplane by its model; a road of three large words.
        ("Rain.", "TED yawns at the oven as it cooks his eggs."),
        ("Rain.", "TED yawns. The squadron of B-52 Falcons drops out of the clouds."),
        (
            "Rain.",
            "TED yawns. Soon Old Storm Road begins. They run Old Storm Road. Old Storm Road waits, "
            "and Old Storm Road runs on. Now Old Storm Road stops.",
        ),
        # A piece of chess; a picture; clothes and a record by those who made them.
        ("Rain.", "TED yawns. He runs the bishop along the board."),
        ("Rain.", "TED yawns. He skewers the pin-up."),
        ("Rain.", "TED in the new Walter Bond suit yawns. TED in the Walter Bond smiles."),
        ("Rain.", "TED yawns. Walter Bond plays from the hi-fi."),
        # Of clay; in quotes, with which a sentence ends.
        ("Rain.", "TED spots a large clay LAWN DWARF on the porch. He reaches for it."),
        ("Rain.", 'TED watches the two new "fish"... then he yawns.'),
    ],
)
def test_a_word_of_a_name_is_no_figure(before: str, said: str) -> None:
    assert shown(before, said, after="Rain.\n\n" + TALKED) - {"ANN"} == TED


def test_one_of_them_is_not_the_several_of_another_scene() -> None:
    before = "INT. SHOP - DAY\n\nSalesmen wave at TED.\n\n"
    said = "The salesman carries a case. TED yawns."
    assert shown(said, before=before, after="Rain.\n\n" + TALKED) == {"SALESMAN", "TED"}


def test_a_guard_who_only_guards_is_the_one_who_does_it() -> None:
    said = "The woman carries a rifle and guards the door. TED yawns."
    assert shown(said, after="Rain.\n\n" + TALKED) == {"WOMAN", "TED"}


def test_what_is_done_is_no_name_where_a_name_may_stand() -> None:
    said = "TED yawns. We tilt up to see a guard, BACKLIT, then a cook, WINDBLOWN, then TED."
    seen = shown(said, after="Rain.\n\n" + TALKED)
    assert "TED" in seen
    assert not {"BACKLIT", "WINDBLOWN"} & seen
