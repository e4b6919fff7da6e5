"""Given sentences whose words stand in no plain order, expect who does what, and where they are."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.reading.reading import Reading
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Capabilities

from .test_sentences import placed, reading, told

PEOPLED = capabilities("storybook")


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("Atop the stove crouches the BEAR.", ["BEAR crouch stove"]),
        ("At once, from behind the hay, out jumps a FOX.", ["FOX jump"]),
        (
            "Down the corridor tiptoe DEE and a three-legged FOX.",
            ["DEE walk corridor", "FOX walk corridor"],
        ),
        ("Enter the NURSE, giggling.", ["NURSE enter", "NURSE laugh"]),
        ("Seated at the organ is RAY.", ["RAY sit"]),
        ("Doors burst open and in strides RAY.", ["RAY enter"]),
        ("The BEAR yawns, and on a stool sits the FOX.", ["BEAR yawn", "FOX sit"]),
        ("After a long walk RAY sleeps.", ["RAY sleep"]),
        ("The letter DEE drops is picked up by RAY.", ["DEE drop letter", "RAY take letter"]),
        ("The man everybody's watching, RAY, dances.", ["RAY dance"]),
        ("RAY's dancing.", ["RAY dance"]),
        ("With a nod, RAY leaves.", ["RAY nod", "RAY exit"]),
        ("Without so much as a nod, RAY leaves.", ["not RAY nod", "RAY exit"]),
        ("RAY does not so much as glance at DEE.", ["not RAY look DEE"]),
    ],
)
def test_a_verb_before_its_subject_and_words_left_out(
    text: str, deeds: list[str], open_world: Capabilities
) -> None:
    assert told(reading(text, open_world)) == deeds


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("DEE can't bring herself to read the letter.", ["not DEE bring", "not DEE read letter"]),
        ("Never once does RAY smile.", ["not RAY smile"]),
        ("RAY was going to sing.", ["not RAY sing"]),
        ("RAY neither smiles nor nods.", ["not RAY smile", "not RAY nod"]),
        ("Not one laugh out of DEE.", ["not DEE laugh"]),
        ("The crowd laughs. DEE doesn't.", ["not DEE laugh"]),
        ("Rather than kneel, RAY spits.", ["not RAY kneel", "RAY spit"]),
        ("RAY is anything but asleep.", ["not RAY sleep"]),
    ],
)
def test_what_is_denied_from_afar(text: str, deeds: list[str], open_world: Capabilities) -> None:
    assert told(reading(text, open_world)) == deeds


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("RAY tosses the keys and DEE catches them.", ["RAY throw keys", "DEE catch keys"]),
        ("The FOX snatches RAY's hat. It runs; he pursues it.",
         ["FOX take hat", "FOX run", "RAY chase FOX"]),
        ("The BEAR finds a slipper. RAY throws it.", ["BEAR find slipper", "RAY throw slipper"]),
        ("RAY is lifted by the NURSE and kissed.", ["NURSE lift RAY", "NURSE kiss RAY"]),
        ("The FOX that ate the cake is asleep.", ["FOX sleep"]),
        ("The FOX caught by the BEAR sobs.", ["BEAR catch FOX", "FOX cry"]),
    ],
)  # fmt: skip
def test_whom_pronouns_and_clauses_go_back_to(
    text: str, deeds: list[str], open_world: Capabilities
) -> None:
    assert told(reading(text, open_world)) == deeds


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("RAY sits on the stairs and DEE on the rail.", ["RAY on stairs", "DEE on rail"]),
        ("RAY leans on the bar, the BEAR beside him.", ["RAY on bar", "BEAR beside RAY"]),
        ("On a bench, two strangers: RAY and, at his side, DEE.",
         ["RAY on bench", "DEE beside RAY", "DEE on bench"]),
        ("To the left of RAY, a NURSE.", ["NURSE left-of RAY"]),
        ("RAY, DEE, and in between them the BEAR.", ["BEAR between RAY DEE"]),
        ("Chin on her fists, DEE reads.", []),
        ("Between rounds RAY sits.", []),
        ("Unseen by anybody, RAY sits.", []),
    ],
)  # fmt: skip
def test_parts_without_a_verb_place_somebody(
    text: str, places: list[str], open_world: Capabilities
) -> None:
    assert sorted(placed(reading(text, open_world))) == sorted(places)


def seen(found: Reading) -> list[str]:
    return sorted(found.seen)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A porter takes RAY's arm.", ["PORTER", "RAY"]),
        ("The batter swings and rounds the bases.", ["BATTER"]),
        ("Attendants and DEE unload the cart.", ["ATTENDANTS", "DEE"]),
        ("RAY turns to a waiter.", ["RAY", "WAITER"]),
        ("RAY is a waiter.", ["RAY"]),
        ("The bus stops.", []),
    ],
)
def test_whom_nothing_introduces_is_there_where_people_are_drawn(text: str, who: list[str]) -> None:
    assert seen(reading(text, PEOPLED)) == who


def test_in_an_open_world_the_unnamed_stand_in_the_words_for_the_place(
    open_world: Capabilities,
) -> None:
    found = reading("The batter swings.", open_world)
    assert (found.seen, found.view) == ((), "the batter swings")
