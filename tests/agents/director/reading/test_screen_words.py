"""Given sentences that speak to the film's makers, expect what is filmed of them."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.reading.glossary import gather
from dreamrunner.agents.director.reading.tokens import split_sentences
from dreamrunner.agents.director.reading.words.screen_words import (
    camera_of,
    filmed_words,
    is_card,
    title_of,
)
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities, Plan, ShotPlan

from ...conftest import STORYBOOK


def planned(page: str, world: Capabilities = STORYBOOK) -> Plan:
    return direct(parse_story(f"Title: T\n\n{page}", path="t.story").story, world)


def figures(shot: ShotPlan) -> set[str]:
    return {entity.id for entity in shot.entities}


@pytest.mark.parametrize(
    ("sentence", "move"),
    [
        ("PAN across the meadow to the FOX", "pan-right"),
        ("CAMERA PANS to the left, discovering the BEAR", "pan-left"),
        ("The CAMERA moves to the BEAR", "dolly-in"),
        ("The camera slowly pulls back", "dolly-out"),
        ("We PULL BACK to see the lake", "dolly-out"),
        ("PUSH IN on the BEAR", "dolly-in"),
        ("CRANE UP over the roofs", "crane-up"),
        ("ANGLE ON the BEAR", "medium"),
        ("HOLD ON the door", "static"),
        ("CLOSE ON the BEAR", "close-up"),
        ("We LOOK UP at the sky", "tilt-up"),
        ("TRACKING SHOT through the wood", "follow"),
        ("INSERT - THE LETTER", "close-up"),
        ("WIDER", "wide"),
    ],
)
def test_words_to_the_camera_are_moves_of_it(sentence: str, move: str) -> None:
    (words,) = split_sentences(sentence)
    found = camera_of(words)
    assert found is not None
    assert found.move == move


@pytest.mark.parametrize(
    "sentence",
    ["The FOX pushes the cart", "PAN laughs", "The BEAR and the FOX hold hands", "We wait"],
)
def test_what_figures_do_is_nothing_to_the_camera(sentence: str) -> None:
    (words,) = split_sentences(sentence)
    assert camera_of(words) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('SUPER: "Ten years later"', "Ten years later"),
        ("SUPER: LOS ANGELES, 1947", "LOS ANGELES, 1947"),
        ('TITLE CARD: "London. 1890."', "London. 1890"),
        ('A title card reads: "The end"', "The end"),
        ('SUPERIMPOSE: "One" over the sea', "One"),
        ("The FOX has a title", None),
        ("SUPERMAN flies", None),
    ],
)
def test_titles_are_told_by_their_mark_or_quotes(text: str, title: str | None) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    "sentence",
    [
        "INTERCUT WITH:", "BACK TO SCENE", "END OF MONTAGE", "SMASH CUT TO BLACK.", "FADE OUT.",
        "FOOTSTEPS come nearer", "MUSIC plays", "A HISS comes from the pipe", "BLACKNESS falls",
        "The OWL'S VOICE drifts in", "THE END", 'SUPER: "Ten years later"',
    ],
)  # fmt: skip
def test_of_joins_sounds_and_titles_nothing_is_filmed(sentence: str) -> None:
    assert [word for words in split_sentences(sentence) for word in filmed_words(words)] == []


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("PULL BACK as the BEAR wakes", "the BEAR wakes"),
        ("MUSIC plays as TOM dances", "TOM dances"),
        ("CAMERA PANS to the left, discovering the BEAR", "to the left , the BEAR"),
        ("The BEAR, later, sleeps", "The BEAR , later , sleeps"),
        ("The BEAR hears a HISS", "The BEAR hears a HISS"),
    ],
)
def test_the_rest_of_a_sentence_is_filmed(sentence: str, left: str) -> None:
    (words,) = split_sentences(sentence)
    assert " ".join(filmed_words(words)) == left


CAMERA_AND_SOUND = """EXT. HOUSE - DAY

CAMERA PANS to the left, discovering the BEAR.

The CAMERA moves to the BEAR.

FOOTSTEPS come nearer.

MUSIC plays.

The BEAR EXITS FRAME.

Although we are VERY CLOSE, we hear nothing.

A DOOR opens.

A HISS comes from the pipe.

BLACKNESS falls.

The OWL'S VOICE drifts in.
"""


def test_camera_and_sound_words_are_no_figures_and_sounds_no_shots() -> None:
    shots = planned(CAMERA_AND_SOUND).shots

    assert [figures(shot) for shot in shots] == [{"BEAR"}, {"BEAR"}, {"BEAR"}, set(), set()]
    assert [shot.camera for shot in shots] == ["pan-left", "dolly-in", "static", "static", "static"]


def test_words_to_the_camera_move_it_in_the_plan() -> None:
    shots = planned(
        "EXT. HOUSE - DAY\n\nThe BEAR sleeps. We PULL BACK to see the lake.\n\n"
        "PULL BACK as the BEAR wakes.\n\nPUSH IN on the BEAR. CRANE UP over the roofs.\n\n"
        "SMASH CUT TO BLACK.\n"
    ).shots

    assert [figures(shot) for shot in shots] == [{"BEAR"}] * 3
    half = f"{shots[2].duration_s / 2:g}s"
    assert [shot.camera for shot in shots] == [
        "dolly-out", "dolly-out", f"0s..{half}: dolly-in; {half}..end: crane-up",
    ]  # fmt: skip


def test_a_camera_that_the_writer_fixed_is_not_moved_by_prose() -> None:
    (shot,) = planned("EXT. HOUSE - DAY\n@camera tilt-up\n\nPAN to the BEAR.\n").shots

    assert shot.camera == "tilt-up"


def test_a_title_stands_over_the_picture_after_it() -> None:
    shots = planned(
        'EXT. HOUSE - DAY\n\nThe BEAR sleeps.\n\nSUPER: "Ten years later"\n\nThe FOX sits.\n'
    ).shots

    assert [figures(shot) for shot in shots] == [{"BEAR"}, {"FOX"}]
    assert [[(s.speaker, s.text) for s in shot.subtitles] for shot in shots] == [
        [], [("", "Ten years later")],
    ]  # fmt: skip


def test_a_title_within_a_paragraph_names_nobody() -> None:
    (shot,) = planned("EXT. HOUSE - DAY\n\nThe BEAR sleeps. SUPER: LOS ANGELES, 1947.\n").shots

    assert figures(shot) == {"BEAR"}
    assert [subtitle.text for subtitle in shot.subtitles] == ["LOS ANGELES, 1947"]


@pytest.mark.parametrize("line", ["INTERCUT WITH:", "BACK TO SCENE", "END OF MONTAGE"])
def test_words_that_join_shots_are_no_shot(line: str) -> None:
    shots = planned(f"EXT. HOUSE - DAY\n\nThe BEAR sleeps.\n\n{line}\n\nThe FOX sits.\n").shots

    assert [figures(shot) for shot in shots] == [{"BEAR"}, {"FOX"}]


def test_an_insert_is_a_close_shot() -> None:
    shots = planned("INT. HOUSE - DAY\n\nThe BEAR reads.\n\nINSERT - THE LETTER\n").shots

    assert [(figures(shot), shot.camera) for shot in shots] == [
        ({"BEAR"}, "static"), (set(), "close-up"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prose", "names"),
    [
        ("A WOLF howls.", {"WOLF"}),
        ("The DETECTIVE opens the door.", {"DETECTIVE"}),
        ("MARLOWE (40) is here.", {"MARLOWE"}),
        ("MARLOWE, a detective of 40, waits.", {"MARLOWE"}),
        ("The fox sees MARLOWE, 40s.", {"MARLOWE"}),
        ("ANNA comes in. PETER PAN waves.", {"ANNA", "PETER PAN"}),
        ("MARLOWE EXITS.", {"MARLOWE"}),
        ("The GRIFFIN yawns.", {"GRIFFIN"}),
        ("TOM'S MOTHER smiles.", {"TOM'S MOTHER"}),
        ("A DOOR opens. The PHONE rings. A SHADOW falls. The TRAIN runs.", set()),
        ("The ORLOFF opens.", set()),  # a thing, as far as anybody knows
        ("TOM'S CAR stops.", set()),
        ("It is VERY CLOSE, and NOT far.", set()),
        ("The EXPLOSION lights the sky. SILENCE falls.", set()),
        # The camera's short words, what things are like, and what there is a heap of.
        ("CU, ANNA (30) weeping in the dark.", {"ANNA"}),
        ("A row of TWISTED ANTIQUE HANDS stands on the shelf.", set()),
        ("An ARMORED TROOP LORRY, a grey beast, rolls in.", set()),
        ("A WOUNDED SOLDIER nods.", {"WOUNDED SOLDIER"}),
        ("A SMALL MOUTH opens, SPITTING FURIOUSLY.", set()),
        ("A SHRILL WHINING begins.", set()),
        ("A heap of stolen LIPSTICKS falls to the floor.", set()),
        ("It's WINTER.", set()),
        ("The lift opens REVEALING TWO MORE MEN.", {"TWO MORE MEN"}),
        ("He essentially PROWLS the floor. The door JOLTS open.", set()),
        ("The businessman FALTERS in the aisle.", set()),
        ("The lawyer HODGES nods.", {"HODGES"}),
        ("She quietly PATROLS the ward.", set()),
        ("They look back, and it's VANISHED.", set()),
        ("BOAT RACES are going on all along the river.", set()),
        ("The deer LEAPS BACKWARD, goes down.", set()),
        # What the rest of a page shows to be a thing, a place or a sound.
        ("VIOLET BEAMS cut the wall. Two ships fire VIOLET CANNONS.", set()),
        ("MORGUL STEAM hisses. A man ducks MORGUL BEAMS.", set()),
        ("MORGUL walks on. A man ducks MORGUL's beams.", {"MORGUL"}),
        ("ELMHURST WELCOMES YOU. It is a fine day in Elmhurst.", set()),
        ("WHEEZING is heard behind the door.", set()),
        ("Young men from Bonn, Lyon, UCD, wearing scarves, pour out.", set()),
        ("A monkey becomes WEIGHTLESS putting out its arms.", set()),
        ('The huge "COWBOYS" sign glows over the bar.', set()),
        ("ANNA (30) hums a song of Dr. Moon and the Rockets.", {"ANNA"}),
        ("ANNA (30) takes some Dr. Lemon Lip Balm.", {"ANNA"}),
        ("ANNA (30) plays music from The Barber of Seville.", {"ANNA"}),
        # A title before another name, or of another.
        ("ANNA (30) walks to the General Hospital.", {"ANNA"}),
        ("The General walks on.", {"GENERAL"}),
        ("The Giant walks on.", {"GIANT"}),
    ],
)
def test_capitals_are_somebody_where_the_page_introduces_them(prose: str, names: set[str]) -> None:
    story = parse_story(f"Title: T\n\nEXT. HOUSE - DAY\n\n!{prose}\n", path="t.story").story

    assert set(gather(story, STORYBOOK).looks) == names


def test_who_is_described_beside_the_name_is_in_the_picture() -> None:
    (shot,) = planned("EXT. HOUSE - DAY\n\nThe FOX walks past MARLOWE, a detective of 40.\n").shots

    assert figures(shot) == {"FOX", "MARLOWE"}


def test_two_who_do_one_thing_each_are_both_there() -> None:
    (shot,) = planned("EXT. HOUSE - DAY\n\nA FOX sits. A WOLF howls.\n").shots

    assert figures(shot) == {"FOX", "WOLF"}


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ('INTERTITLE: "Three years later."', True),
        ('TITLE CARD: "Three years later."', True),
        ("CARD: Later", True),
        ('SUPER: "London"', False),
        ("TITLE: London", False),
        ("CAPTION: London", False),
        ("The FOX plays a card.", False),
    ],
)
def test_what_has_a_card_of_its_own(text: str, alone: bool) -> None:
    assert is_card(text) is alone
