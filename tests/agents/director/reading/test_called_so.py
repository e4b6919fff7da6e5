"""Given what a page calls somebody, expect one figure: written large, cut short, told twice."""

from __future__ import annotations

import pytest

from .test_who_is_there import TED_AND_ANN, shown


def test_a_name_that_is_only_written_large_is_somebody() -> None:
    page = (
        "Now Luke balks, and the Tuaregs wait.", "At that Luke jumps. The Tuaregs shoot.",
        "More Tuaregs jump over Luke. The Tuaregs run. So Luke runs.",
    )  # fmt: skip
    assert shown(*page) == {"LUKE", "TUAREGS"}
    # A place does nothing, and a name of one time is not enough.
    assert shown("He is in Rome.", "And Rome is quiet. Then Bela sits.") == set()


def test_who_is_called_by_a_things_name_is_somebody_by_their_deeds() -> None:
    said = ("TED (40) offers a candy bar.", "Now Candy waits. Then Candy nods.", "Candy smiles.")
    assert shown(*said, "Then Candy shrugs.") == {"CANDY"}


def test_who_is_only_compared_is_not_there() -> None:
    assert shown(
        "TED waits. Freckled. Not much older than ANN.", before="INT. A - DAY\n\n" + TED_AND_ANN
    ) == {"TED"}


def test_who_is_two_things_is_one() -> None:
    said = "Next to TED (40) is KOJ, a boxer and her most trusted lieutenant."
    assert shown(said) == {"TED", "KOJ"}


def test_sam_is_samuel_and_the_clerk_of_a_cue_is_the_hotel_clerk() -> None:
    assert shown("SAMUEL waits.", "And then Sam runs.", after="SAMUEL\nHi.\n") == {"SAMUEL"}
    clerk = shown("A HOTEL CLERK yawns.", "She sits.", after="CLERK\nYes?\n")
    assert clerk == {"CLERK"}
    other = shown("ANOTHER CLERK yawns.", after="INT. X - DAY\n\nCLERK\nYes?\n")
    assert other == {"ANOTHER CLERK"}


def test_a_player_is_not_the_one_whose_name_begins_alike() -> None:
    other = "INT. YARD - DAY\n\nYANKEE SLAMMER\nHey.\n"
    assert shown("The Yankee waits.", after=other) == {"YANKEE SLAMMER"}
    assert shown("The Yankee pitcher throws.", after=other) == {"PITCHER"}


def test_a_surname_that_is_a_thing_is_somebody_whom_the_page_calls_he() -> None:
    page = ("BOOK sits. He reads. His coat is wet.", "MAC stands. He waits.")
    talk = "BOOK\nHey, Mac!\n"
    assert shown(*page, talk, "And he jumps.", after="MAC\nYes.\n") >= {"BOOK"}
    # A right hook is not Hook.
    assert "HOOK" not in shown("TED (40) throws a RIGHT HOOK.", after="INT. X - DAY\n\nHOOK\nOh.\n")


TALKER = (
    "TED (40) sits.", "Now Speaker waits. Then Speaker nods.", "Speaker shrugs. So Speaker sits.",
)  # fmt: skip


def test_who_is_cued_by_the_word_for_a_set_is_somebody_by_their_deeds() -> None:
    talk = "SPEAKER\nSo?\n"
    assert shown(*TALKER, "TED walks past Speaker.", after=talk) == {"TED", "SPEAKER"}
    assert shown(*TALKER, "TED turns up the speaker.", after="INT. X - DAY\n\n" + talk) == {"TED"}
    told = ("TED (40) sits.", "The speaker crackles. TED nods.", "Speaker hisses.")
    assert shown(*told, after=talk) == set()


def test_a_clause_that_is_written_large_is_a_name() -> None:
    page = ("Now Can't Sit Still nods.", "He waves. So Can't Sit Still sits.")
    more = ("Can't Sit Still runs.", "Then Can't Sit Still shrugs. TED (40) waits.")
    assert shown(*page, *more) == {"CAN'T SIT STILL", "TED"}
    # None of its words is: "sits still".
    assert shown(*page, *more, "TED sits still.") == {"TED"}


def test_what_one_may_be_is_a_surname_behind_a_rank_or_a_given_name() -> None:
    other = "INT. YARD - DAY\n\nLT. HUNTER\nHello.\n\nTOM BAKER\nHello.\n\n"
    page = "Now TED (40) sees Hunter. So Baker nods."
    assert shown(page, before=other) == {"TED", "LT. HUNTER", "TOM BAKER"}
    assert shown(page, "A baker stops beside TED.", before=other) == {"TED", "BAKER"}


def test_a_full_name_that_does_something_once_is_somebody() -> None:
    assert shown("TED (40) nods. Arthur Pell hugs his wife.") == {"TED", "ARTHUR PELL", "WIFE"}
    # But nobody who is only on a screen or a record, or does nothing.
    assert shown("TED (40) nods. On the TV, Arthur Pell smiles.") == {"TED"}
    assert shown("TED (40) nods. The radio is on. Arthur Pell sings.") == {"TED"}
    assert shown("TED (40) reads the will of Arthur Pell.") == {"TED"}


LATER = f"INT. YARD - DAY\n\n{TED_AND_ANN}J.T.\nYes.\n"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # Initials are one word of a name.
        ("TED nods as J.T. sits.", {"TED", "J.T."}),
        ("The two (TED and J.T.) are seated.", {"TED", "J.T."}),
        ("ANN sees J.T. She waves.", {"ANN", "J.T."}),
        ("TED wears J.T.'s watch. It is 5 P.M. Rain.", {"TED"}),
        # Nouns of people without an article.
        ("Night porter looks up.", {"PORTER"}),
        ("Fat old porter grabs TED.", {"PORTER", "TED"}),
        ("Porter rails line the hall.", set()),
        ("Police boat passes.", set()),
        # Several kinds of people in a row.
        ("Old men, thin young women, children.", {"MEN", "WOMEN", "CHILDREN"}),
        # A sound and who hears it.
        ("A HORN startles Ted and he drops a tray.", {"TED"}),
        ("A loud KNOCK brings Ted to the door.", {"TED"}),
        ("A SIREN wails and Ted ducks.", {"TED"}),
        ("A SIREN wails and fades.", set()),
        ("A KNOCK at the door.", set()),
    ],
)
def test_who_is_called_by_few_words_is_there(said: str, seen: set[str]) -> None:
    assert shown(said, after=LATER) == seen


def test_who_is_cued_she_is_not_every_she() -> None:
    other = "INT. YARD - DAY\n\nSHE\nNo.\n\nANN\nYes.\n"
    assert shown("ANN waits.", "She yawns.", after=other) == {"ANN"}


def test_who_is_cued_by_two_spellings_has_the_more_frequent_one() -> None:
    talk = "MR. PELL\nNo.\n\nMR. PELL\nYes.\n\nMR.PELL\nNo.\n"
    assert shown("TED (40) nods. MR.PELL waits.", after=talk) == {"TED", "MR. PELL"}


@pytest.mark.parametrize(
    "head", ["NIGHT TRAIN - Second Draft (BLUE) 28/1/2011 8.", "NIGHT TRAIN - Rev. 3-4-19 12"]
)
def test_the_running_head_of_a_page_is_nobody(head: str) -> None:
    talk = "INT. X - DAY\n\nNIGHT TRAIN\nHello.\n"
    assert shown(f"TED (40) creeps forward. {head}", after=talk) == {"TED"}
    assert shown("TED (40) creeps forward. NIGHT TRAIN nods.", after=talk) == {"TED", "NIGHT TRAIN"}
