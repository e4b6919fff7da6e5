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
        ("RAY grabs the rope; DEE, the bucket.", ["RAY take rope", "DEE take bucket"]),
        # Asides that tell of looks, and postures that are phrases.
        ("RAY, arms crossed, glares at DEE, who is chewing.", ["RAY look DEE", "DEE eat"]),
        ("DEE, mortified, waves.", ["DEE wave"]),
        ("RAY, hat in hand, bows.", ["RAY bow"]),
        ("Down on one knee, RAY ties a shoelace.", ["RAY kneel", "RAY tie shoelace"]),
        ("Unsmiling, RAY nods.", ["not RAY smile", "RAY nod"]),
        ("RAY and DEE enter whispering.",
         ["RAY enter", "DEE enter", "RAY whisper", "DEE whisper"]),
        # Relative clauses without a pronoun, a preposition left behind.
        ("The nurse RAY keeps staring at laughs.", ["RAY look NURSE", "NURSE laugh"]),
        ("The man DEE is dancing with smiles.", ["DEE dance RAY", "RAY smile"]),
        ("The chair where DEE sat is empty. RAY stares at it.", ["RAY look chair"]),
        # Whom or what it is done to.
        ("RAY hands the valet his keys.", ["RAY give valet"]),
        ("DEE watches the boat being towed.", ["DEE look boat"]),
        ("DEE clings to a ledge.", ["DEE hold ledge"]),
        ("RAY takes a long swallow of bourbon.", ["RAY drink bourbon"]),
        ("DEE throws the ball. It's caught by RAY.", ["DEE throw ball", "RAY catch ball"]),
        ("RAY throws back his head and laughs.", ["RAY throw-up head", "RAY laugh"]),
        ("DEE rubs herself dry.", ["DEE rub"]),
        # No deeds: what is not even begun, knocks that hit nobody, nouns.
        ("DEE makes no move to get up.", ["DEE make move", "not DEE stand"]),
        ("RAY drinks, DEE smokes, and neither speaks.",
         ["RAY drink", "DEE smoke", "not RAY talk", "not DEE talk"]),
        ("Not a word from RAY.", ["not RAY talk"]),
        ("RAY doesn't knock.", ["not RAY knock"]),
        ("RAY opens his mouth to speak. Nothing comes out.", ["RAY open mouth", "not RAY talk"]),
        ("DEE shuffles to the witness stand.", ["DEE walk"]),
        ("RAY squeezes in between DEE and the FOX.", ["RAY squeeze"]),
        ("Not even RAY laughs.", ["not RAY laugh"]),
        ("RAY goes to sit, but the chair is gone.", ["RAY go", "RAY sit"]),
        ("DEE bites into an apple.", ["DEE eat apple"]),
        ("DEE slumps over, asleep.", ["DEE slump", "DEE sleep"]),
        ("RAY shouts at DEE, who goes on reading.", ["RAY shout DEE", "DEE go", "DEE read"]),
        ("RAY hugs DEE. When he lets go, she cries.", ["RAY hug DEE", "RAY release", "DEE cry"]),
        ("The cart, which is being pushed by RAY, creaks.", ["RAY push cart"]),
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
        ("RAY, who is stuck under the piano, giggles.", ["RAY below piano"]),
        ("DEE, slumped in the doorway, watches the rain.", ["DEE in doorway"]),
        ("RAY sits on somebody's shoulders.", ["RAY on shoulders"]),
        ("DEE in the tub, RAY on the mat beside it.",
         ["DEE in tub", "RAY on mat", "RAY beside tub"]),
        ("A BEAR on the sofa, watching RAY.", ["BEAR on sofa"]),
        ("The bench DEE sits on collapses.", ["DEE on bench"]),
        ("DEE at the counter, RAY one stool over.", ["RAY beside DEE"]),
        ("RAY leans in the doorway, DEE just behind him.", ["RAY in doorway", "DEE behind RAY"]),
        ("The chair RAY is standing on wobbles.", ["RAY on chair"]),
        ("DEE to the left of the altar, RAY to the right.",
         ["DEE left-of altar", "RAY right-of altar"]),
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


CAST_OF_MEN = (
    "Title: T\n\n@character VIC: a sergeant, man of 35\n\n@character TOM: a private, man of 19\n\n"
    "@character EVE: a nurse, woman of 30\n\n@character BELL: a man of 60\n\n"
    "@character IRIS: a woman of 50\n\n"
    "@character PRINCE: a crown prince, man of 25\n\nINT. BAR - DAY\n\n"
)


@pytest.mark.parametrize(
    ("page", "done"),
    [
        ("VIC and TOM crawl. The younger man weeps.", ["VIC crawl", "TOM crawl", "TOM cry"]),
        ("VIC, TOM and EVE sit. The two men nod.",
         ["VIC sit", "TOM sit", "EVE sit", "TOM nod", "VIC nod"]),
        ("EVE sits. VIC comes in. The couple kiss.",
         ["EVE sit", "VIC enter", "VIC kiss EVE", "EVE kiss VIC"]),
        ("EVE enters. MR. BELL stares at her.", ["EVE enter", "BELL look EVE"]),
        ("The CROWN PRINCE dozes.", ["PRINCE sleep"]),
        ("IRIS hugs TOM.", ["IRIS hug TOM"]),
    ],
)  # fmt: skip
def test_whom_a_description_means(page: str, done: list[str]) -> None:
    (found,) = read_all(f"{CAST_OF_MEN}!{page}\n", capabilities("storybook"))
    assert sorted(told(found)) == sorted(done)


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        # Pronouns show somebody where a thing does it.
        ("VIC sits. The light falls on his face.", {"VIC"}),
        ("TOM runs. A ball hits him.", {"TOM"}),
        ("EVE sets TOM's plate in front of him.", {"EVE", "TOM"}),
        ("EVE looks from one man to the other, VIC and TOM.", {"EVE", "VIC", "TOM"}),
        # Who is met or dealt with is there; what somebody is like is not.
        ("VIC hands the barkeep a bill.", {"VIC", "BARKEEP"}),
        ("VIC has the air of a general.", {"VIC"}),
        ("VIC walks to the driver side.", {"VIC"}),
        ("VIC grabs a couple of boxes and heads for the beach.", {"VIC"}),
        ("VIC studies a painting of a happy TOM.", {"VIC"}),
        ("VIC stares as if he had seen a ghost.", {"VIC"}),
        ("VIC carries a very drunk EVE.", {"VIC", "EVE"}),
        ("EVE takes a couple of pills.", {"EVE"}),
        ("EVE sits. In the background a baby starts crying.", {"EVE"}),
    ],
)
def test_who_is_in_the_picture(page: str, seen: set[str]) -> None:
    (found,) = read_all(f"{CAST_OF_MEN}!{page}\n", capabilities("storybook"))
    assert set(found.seen) == seen


@pytest.mark.parametrize(
    ("page", "somebody"),
    [
        ("A JAZZ BAND FROM TURIN performs.", {"JAZZ BAND FROM TURIN"}),
        ("Tan STRIPPERS with wigs dance.", {"STRIPPERS"}),
        ("Two shapes move. DOCTORS.", {"DOCTORS"}),
        ("TWO RACING GUARDS burst in.", {"TWO RACING GUARDS"}),
        ("LYME, OHIO, 1993. The S65 turns. SPARKS INSTANTLY FLY. LURCHES, a swell.", set()),
    ],
)
def test_groups_are_somebody_and_codes_are_not(
    page: str, somebody: set[str], storybook: Capabilities
) -> None:
    assert figures(page, storybook) == somebody


def test_whoever_looks_on_is_nobody(storybook: Capabilities) -> None:
    page = "HANK (50) sits. Reaching the porch, we hear a fiddle. Moving closer, we find a table."
    (found,) = read_all(f"Title: T\n\nINT. BAR - DAY\n\n!{page}\n", storybook)
    assert told(found) == ["HANK sit"]


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ('DEE opens a letter, headed "Dear Dr. Lucien Thompson, be glad." She sits.', {"DEE"}),
        ('The book, written very large: "Dr. Gruber. 7:00 P.M. Hospital."', set()),
        ('A note on the door: "Gone to find CAPTAIN HOOK." RAY tears it off.', {"RAY"}),
        ('RAY waves under "The Mill Inn" and DEE leaves by "The King Of Men".', {"RAY", "DEE"}),
    ],
)
def test_nobody_in_a_quotation_is_filmed(
    said: str, there: set[str], storybook: Capabilities
) -> None:
    assert figures(said, storybook) == there
