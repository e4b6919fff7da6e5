"""Given words that look like somebody, expect nobody of them: sounds, makes, phrases, pictures."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.reading.naming.no_cues import is_no_speaker
from dreamrunner.agents.director.reading.tokens import tokens
from dreamrunner.speech import names_of_cue

from .test_who_is_there import TALKED, shown

BOTH, TED, ANN = {"TED", "ANN"}, {"TED"}, {"ANN"}


@pytest.mark.parametrize(
    "said",
    [
        # Sounds and tumults in capitals, and how sounds are spelled.
        "TED yawns. A muttered OATH rises from the cellar.",
        "TED yawns. It is utter BEDLAM, a DONNYBROOK.",
        "TED yawns as the boiler bursts with a deafening FWOOMP.",
        "TED yawns. The lid lifts with a CREEEAK.",
        "TED yawns. From the lift comes MUZAK.",
        "TED yawns. A SHRILL, METALLIC GRINDING SOUND.",
        "TED yawns. A local RADIO NEWSCAST plays.",
        # What somebody, or a thing, does in capitals.
        "TED is awake. Now he SPLUTTERS, furious.",
        "TED yawns. The hatch swings back and WHACKS shut.",
        "TED yawns. The fuse SNAKES through the pipe.",
        "TED yawns. BULLETS RICOCHET.",
        "A kick follows, LAUNCHING Ted off the pier.",
        "TED opens a tin, RATTLES THE LID and yawns.",
        # Adjectives, adverbs and verbs in capitals that no table of ours has.
        "TED yawns in a harsh, STROBING light.",
        "It is DEAFENING! TED yawns.",
        "TED yawns. Finally it is SILENT.",
        "A wing catches the crate, CATAPULTING the entire crate into the sea. TED yawns.",
        "TED yawns. As the CAMERA ANGLE WIDENS we see a lamp.",
        "TED yawns. But he is HAPPILY DRUNK, his eyes red.",
        "TED yawns. HANDSHAKES, SMILES. A TRANSACTION BEGINS.",
        "TED yawns. The flame is an odd, BLUE flame.",
        # Things in capitals: their last word is a thing's.
        "Several deep FINGERNAIL SCRAPES are on TED.",
        "TED yawns. The URN sits there. A STONE URN, a huge one, falls.",
        "TED sees A GIANT, METAL TRAP shoot up.",
        "TED comes up with a CONCERTINA, a small accordion, and plays it.",
        "TED pulls a .38 SEMI-AUTO stashed between two seats.",
        "TED yawns. MUSIC STILL POUNDS, lights swirl.",
        # What the camera and somebody's look do to who is named.
        "FAVORING TED as he yawns. ADJUST to INCLUDE TED.",
        # Ships, teams and what one is.
        "TED hides. The Nevada waves. Now the Nevada looks on. TED sees the Nevada sit.",
        "TED yawns and the Red Sox walk on. The Red Sox nod. Now the Red Sox smile.",
        "TED has a sign. It says that he's the DIRECTOR.",
        # What a sign says without quotes, and a title.
        "TED reads. The headline says: JUDGE TOM HALE FLEES WITH DANCER.",
        "TED holds the envelope on which BROTHERS TRUST is written.",
        'TED yawns. The title "THE WOODSMAN" fades in.',
        # People's nouns that are things, cards, counts, states, or written on a door.
        "TED plays a CASSETTE PLAYER. He turns his GOLD WEDDING BAND.",
        "TED pulls out a COUPLE OF PHOTOS.",
        "TED yawns. DRUNK.",
        "TED passes a door marked PRIVATE, a big one.",
        # The camera, whom one obeys, one of all, and who is told twice.
        "The CAMERA turns around the hall and moves to the door. TED yawns.",
        "MED. SHOT -- TED yawns.",
        "TED does what his father says. He looks from one man to another.",
        "TED reads a headline about a phantom. He has a pair of queens.",
        "TED yawns in the AIRBOAT, fighting to keep up.",
        # Clocks, cars, what somebody has, marks of a list, and verbs.
        "TED looks at the COUNTDOWN CLOCK (06:00:10).",
        "TED yawns. The VETTE waits. The Vette waves and the Vette sits.",
        "TED hides his JUBJUBS. A JUBJUB grabs at the door. His JUBJUBS wave.",
        "D.) TED yawns.",
        "TED wears a pair of boxers. He gets in the drivers seat.",
        "TED hands out a band flier.",
        "We HEAR A FEW BARS of THE JAYS AND THE ROBINS. TED yawns.",
        "TED looks at the flowers left by mourners.",
        'TED dances and sings "Mr. Robin".',
        "TED looks at an engraving showing a MADMAN. He tells of Bre'r Rabbit.",
        # A noun of people that tells the thing behind it.
        "TED stops at the suppliers entrance. He waves stills of a hostage negotiation.",
        # Beasts in phrases, likened, and heard.
        "Cat toys and cans of cat food roll past TED.",
        "TED welcomes the lost sheep.",
        "TED yawns. We hear dogs barking. CRICKETS chirp down by the river.",
        "TED yawns in tones like you'd calm a horse.",
        # Beasts that are verbs, heard from afar, or in sayings.
        "TED yawns, then RAMS the door. He fishes out a key.",
        "TED yawns. The snowmobiles bear down on the house.",
        "TED yawns. The only sounds are the birds and the surf.",
        "TED yawns. Dogs bark in the distance.",
        "TED yawns. The ship turns turtle.",
        # Makes, stations, signs.
        "TED drinks a warm Dr. Pepper.",
        "TED works for NBC, CBS, FOX and the rest.",
        "TED yawns. KLMQ is the best jazz station in town.",
        "TED walks into the Dog and Duck.",
        "TED reads a sign: `BROTHER LUKE'S HOME FOR WAYWARD BOYS.'",
        "TED fires his twin DESERT EAGLES.",
        "A Dodge Ram brakes. TED leans on the Ram.",
        "TED drops onto the PASSENGER SEAT beside a GUARD dog house.",
        "TED yawns. LIKE OLD KANSAS FOLKS SAY.",
        # Set phrases with a beast, food, toys, verbs, terms of address.
        "TED has a pony tail and wants a bear hug.",
        "TED paints the monster model.",
        "TED carves the turkey, then eats roast duck.",
        "TED smiles, the ghost of a grin. He is ghost white.",
        "TED can hardly bear to look.",
        "TED yawns. The house bears the marks of age.",
        "TED sees the light, ducks down, waits.",
        "TED yawns. There are stuffed animals everywhere.",
        "TED laughs. I love you too, pony.",
        "TED wakes from some night- mare.",
        # Who only lends a quality, or is only spoken of.
        "TED works with the focus of a serial killer cleaning up.",
        "TED fears the drunk driving laws.",
        "TED laughs. There are no such things as vampires.",
        "TED wears the coat that your girlfriend gives away.",
    ],
)
def test_what_is_nobody(said: str) -> None:
    assert shown(said, before=TALKED) == TED


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Framed photos on the piano show Mom and Dad. TED picks one up.", TED),
        ("TED stares at a PHOTO of a 4 YEAR-OLD BOY in a swing.", TED),
        ("TED holds a photo of him and his wife.", TED),
        ("Photographs of men, women and children stare back at us. ANN walks on.", ANN),
        ("The boy in the old photo smiles. TED looks up.", TED),
        ("We see PHOTOS -- TED in his uniform. ANN stares.", ANN),
        ("TED shows ANN a picture of his sister. ANN smiles.", BOTH),
        ("TED hangs the portrait. ANN holds the ladder.", BOTH),
    ],
)
def test_who_is_only_in_a_picture_is_not_there(said: str, seen: set[str]) -> None:
    assert shown(said, before=TALKED) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # The same words where they are somebody.
        ("A bear walks in. TED runs.", {"BEAR", "TED"}),
        ("A horse drinks beside TED.", {"HORSE", "TED"}),
        ("A man SCREAMS and runs.", {"MAN"}),
        ("A GUARD opens the gate for TED.", {"GUARD", "TED"}),
        ("TED hands the DRIVER bags.", {"DRIVER", "TED"}),
        ("A 6 YEAR-OLD GIRL waves at TED.", {"GIRL", "TED"}),
        ("A SEVEN YEAR OLD BOY waves at TED.", {"BOY", "TED"}),
        ("WE GLIMPSE PEOPLE rushing past. TED nods.", {"PEOPLE", "TED"}),
        ("We now meet CARLA VANCE, a tall nurse.", {"CARLA VANCE"}),
        ("TED watches the-boys leave.", {"BOYS", "TED"}),
    ],
)
def test_who_is_somebody_all_the_same(said: str, seen: set[str]) -> None:
    assert shown(said, before=TALKED) == seen


def test_a_singer_of_a_record_is_not_there() -> None:
    page = ("MAY DORSET continues to wail as TED walks in.", "TED hums the May Dorset song.")
    assert shown(*page, before=TALKED) == TED


def test_who_is_told_beside_a_name_is_that_one() -> None:
    assert shown("TED sees ANN, the little girl, waiting.", before=TALKED) == BOTH


def test_a_surname_a_title_and_a_short_name_are_the_same_somebody() -> None:
    cues = "INT. BANK - DAY\n\nRain.\n\nDUNMORE\nNo.\n\nJEFF\nYes.\n\n"
    page = ("OSWALD DUNMORE (50) enters.", "Mr. Dunmore sits. Dunmore yawns.")
    assert shown(*page, before=cues) == {"DUNMORE"}
    assert shown("JEFFREY HALE (30) kneels.", "Mr. Hale yawns.", before=cues) == {"JEFF"}
    # Her husband's name is not hers, nor is a family's one man's.
    assert shown("ROSE DUNMORE (50) enters. DUNMORE nods. He sits.", before=cues) >= {"DUNMORE"}


@pytest.mark.parametrize(
    "cue",
    [
        "OMITTED", "CUT TO", "HE SEES", "MATCH CUT TO:", "101 CONTINUED:", "33A.",
        "LATER THAT NIGHT",
        "NIGHT.", "TO HIMSELF)", "WE HEAR A DISTANT BELL", "HER POCKET", "CUE MUSIC",
        "LONG SHOT - THE BARN", "JO PULLS THE ROPE AS THE BOAT SLIPS", "REVEALING THE",
        "I'M SORRY", "BUT --",
    ],
)  # fmt: skip
def test_what_is_no_cue_is_nobodys(cue: str) -> None:
    assert all(is_no_speaker(name) for name in names_of_cue(cue))


@pytest.mark.parametrize(
    "cue",
    [
        "MAN WITH THE RED HAT",
        "THE MOON",
        "WILL",
        "DR. T",
        "I",
        "GIRL #2",
        "MIKE'S FATHER",
        "LADY 1",
    ],
)
def test_a_cue_is_somebodys(cue: str) -> None:
    assert not is_no_speaker(cue)


def test_marks_about_a_cue_are_none_of_it() -> None:
    assert names_of_cue("-MARTHA") == ("MARTHA",)
    assert names_of_cue("MARTHA.") == names_of_cue("MARTHA'") == ("MARTHA",)
    assert names_of_cue("1/4 JOE") == ("1/4 JOE",)
    assert names_of_cue("SAMMY DAVIS JR.") == ("SAMMY DAVIS JR.",)
    assert names_of_cue("EDGAR/WILL") == ("EDGAR", "WILL")


def test_a_word_that_a_line_broke_is_one() -> None:
    assert tokens("a spec- tacular view") == ["a", "spectacular", "view"]
    assert tokens("two- and three-legged") == ["two", "-", "and", "three-legged"]
    assert tokens("She stops- looks") == ["She", "stops", "-", "looks"]


def test_a_name_beside_what_somebody_is_makes_them_one() -> None:
    cues = "INT. BANK - DAY\n\nRain.\n\nROSA\nNo.\n\nTED\nYes.\n\n"
    assert shown("TED talks with his MOM, ROSA DALE.", before=cues) == {"ROSA", "TED"}
    assert shown("TED is met by MAX, the STAGE MANAGER.", before=cues) == {"MAX", "TED"}
    assert shown("TED nods at a COAT CHECK GIRL (ROSA).", before=cues) == {"ROSA", "TED"}
    assert shown("A COP, TED and ROSA wait.", before=cues) == {"COP", "ROSA", "TED"}


def test_who_is_only_played_or_seems_to_be_is_not_there() -> None:
    assert shown("ANN, as the queen, waits.", before=TALKED) == ANN
    said = "The tower seems to have turned into a monster. TED (40) runs."
    assert shown(said) == TED


def test_a_name_of_goods_or_of_a_work_is_not_there() -> None:
    assert shown("TED reads the revisions of the “ANN” show.", before=TALKED) == TED
    assert shown("TED hangs the ANN POSTERS.", before=TALKED) == TED
