"""Given kinds of sentences that were misread once, expect who does what, where, and what is not."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.reading.glossary import gather
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Capabilities

from .test_sentences import placed, read_all, reading, told


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        # A verb with the words after it is one act, whatever stands between.
        ("RAY gets back up on his feet.", ["RAY stand"]),
        ("RAY lowers himself into the armchair.", ["RAY sit"]),
        ("RAY drops onto the bed.", ["RAY lie"]),
        ("DEE swings the garage door shut.", ["DEE close door"]),
        ("DEE lets go of the rope.", ["DEE drop rope"]),
        ("DEE lets the vase fall.", ["DEE drop vase"]),
        ("Tears stream down DEE's face.", ["DEE cry"]),
        ("A smile spreads across RAY's face.", ["RAY smile"]),
        ("RAY makes a run for it.", ["RAY run"]),
        ("RAY limps out of the dark, one boot missing.", ["RAY walk"]),
        # What it is done to makes another act of a verb.
        ("DEE tears the letter in half.", ["DEE tear letter"]),
        ("RAY flips the switch.", ["RAY flip switch"]),
        ("RAY bites the apple.", ["RAY eat apple"]),
        ("RAY drops.", ["RAY fall"]),
        ("DEE tosses RAY an orange.", ["DEE throw orange"]),
        ("DEE takes a bite.", ["DEE eat"]),
        # Hands and eyes are no deeds.
        ("Hand over hand, RAY climbs the rope.", ["RAY climb rope"]),
        ("RAY, eyes closed, sings.", ["RAY sing"]),
        ("RAY and DEE sit, holding hands.",
         ["RAY sit", "DEE sit", "RAY hold hands", "DEE hold hands"]),
        # Who does it: past a comma, an aside, a relative clause, a cleft.
        ("RAY lifts DEE, kisses her.", ["RAY lift DEE", "RAY kiss DEE"]),
        ("RAY ducks, listens.", ["RAY crouch", "RAY listen"]),
        ("RAY tries to kick the ball, misses, falls.",
         ["not RAY kick ball", "RAY miss", "RAY fall"]),
        ("The man who is following DEE yawns.", ["RAY follow DEE", "RAY yawn"]),
        ("The gun RAY was holding drops.", ["RAY hold gun"]),
        ("It isn't RAY who's singing, it's DEE.", ["not RAY sing", "DEE sing"]),
        ("RAY isn't the one driving.", ["not RAY drive"]),
        ("DEE hugs RAY and he laughs.", ["DEE hug RAY", "RAY laugh"]),
        ("DEE screams. So does he.", ["DEE shout"]),
        ("RAY waves. DEE watches RAY leave.", ["RAY wave", "DEE look RAY", "RAY exit"]),
        # Passives: past an aside, of a list, by two.
        ("The soup is eaten, every drop, by RAY.", ["RAY eat soup"]),
        ("RAY is thrown, kicked, and chased by the BEAR.",
         ["BEAR throw RAY", "BEAR kick RAY", "BEAR chase RAY"]),
        ("A piano is being pushed uphill by RAY and DEE.",
         ["RAY push piano", "DEE push piano"]),
        # What is not done.
        ("RAY decides against jumping.", ["RAY decide", "not RAY jump"]),
        ("RAY stops short of opening the door.", ["RAY stop", "not RAY open door"]),
        ("RAY used to dance.", ["RAY use", "not RAY dance"]),
        ("RAY goes to speak, but can't.", ["RAY go", "not RAY talk"]),
        ("RAY goes to hug DEE. Stops short.", ["RAY go", "not RAY hug DEE", "RAY stop short"]),
        ("DEE waits for RAY to kiss her.", ["DEE wait", "not RAY kiss DEE"]),
        ("RAY stops to look at the OWL.", ["RAY look OWL"]),
        ("Without so much as a glance at DEE, RAY leaves.", ["not RAY look DEE", "RAY exit"]),
        # Parts without a verb.
        ("RAY reads the paper, DEE the mail.", ["RAY read paper", "DEE read mail"]),
        ("DEE runs. RAY after her.", ["DEE run", "RAY chase DEE"]),
        ("OWL asleep in RAY's arms.", ["OWL sleep"]),
    ],
)  # fmt: skip
def test_who_does_what(text: str, deeds: list[str], storybook: Capabilities) -> None:
    assert told(reading(text, storybook)) == deeds


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Underneath the bleachers RAY and DEE whisper.", ["RAY below bleachers",
                                                           "DEE below bleachers"]),
        ("DEE kneels beside the flowerbed, trowel at the ready.", ["DEE beside flowerbed"]),
        ("RAY, the FOX at his heels, walks.", ["FOX behind RAY"]),
        ("RAY sits, with the OWL perched on his knee.", ["OWL on RAY"]),
        ("RAY, feet on the desk.", []),
        ("DEE is perched on the edge of the fountain.", ["DEE on fountain"]),
        ("RAY drops into a chair.", ["RAY in chair"]),
        ("There is a BEAR in the elevator. The NURSE beside it.",
         ["BEAR in elevator", "NURSE beside BEAR"]),
        ("DEE downstage. RAY, with his guitar, a few feet behind.", ["RAY behind DEE"]),
        ("RAY, flanked by DEE and the FOX, stands.", ["RAY between DEE FOX"]),
    ],
)  # fmt: skip
def test_where_it_puts_them(text: str, places: list[str], storybook: Capabilities) -> None:
    assert placed(reading(text, storybook)) == places


def figures(page: str, world: Capabilities) -> set[str]:
    story = parse_story(f"INT. GARAGE - DAY\n\n{page}\n", path="t.story").story
    assert story is not None
    return set(gather(story, world).looks)


@pytest.mark.parametrize(
    "page",
    [
        "RED runs down the wall.",
        "His UNDERPANTS flap. UNDERPANTS dance in the wind.",
        "The RV rocks. An SUV waits. The JEEP turns. JEEP stops.",
        "A BLUR runs past. The TOASTER jumps.",
        "The PHONE rings. DYNAMITE sits on the table. A BANNER waves.",
    ],
)
def test_things_in_capitals_are_nobody(page: str, storybook: Capabilities) -> None:
    assert figures(page, storybook) == set()


def test_capitals_that_are_somebody(storybook: Capabilities) -> None:
    page = "BIG AL laughs. JACK STONE walks in. The GRIFFIN nods. MARLOWE sits. The BOSS waves."
    assert figures(page, storybook) == {"BIG AL", "JACK STONE", "GRIFFIN", "MARLOWE", "BOSS"}


def test_a_name_with_a_word_before_it_is_the_one_of_the_cast(storybook: Capabilities) -> None:
    text = (
        "@character JO: a cowgirl\n\nINT. BAR - DAY\n\n!CALAMITY JO laughs. JO'S SON (9) waves.\n"
    )
    (found,) = read_all(f"Title: T\n\n{text}", storybook)
    assert [deed.entity for deed in found.deeds] == ["JO", "JO'S SON"]


@pytest.mark.parametrize(
    ("page", "done"),
    [
        ("HANK (50) sits with his wife LORNA (48). His wife gets up.", "LORNA stand"),
        ("The driver, a heavyset man in a bow tie, waves.", "DRIVER wave"),
        ("An old man behind the counter coughs.", "MAN cough"),
        ("The waitress refills it.", "WAITRESS refill"),
        ("Two old men playing cards.", "MEN play cards"),
    ],
)
def test_people_in_small_letters_do_things(page: str, done: str) -> None:
    world = capabilities("storybook")
    (found,) = read_all(f"Title: T\n\nINT. BAR - DAY\n\n!{page}\n", world)
    assert done in told(found)


def test_whoever_looks_on_is_nobody(storybook: Capabilities) -> None:
    page = "HANK (50) sits. Reaching the porch, we hear a fiddle. Moving closer, we find a table."
    (found,) = read_all(f"Title: T\n\nINT. BAR - DAY\n\n!{page}\n", storybook)
    assert told(found) == ["HANK sit"]
