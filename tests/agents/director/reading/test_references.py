"""Given paragraphs that say "the two", "her", "who" or a part of a name, expect who is seen."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("storybook").model_copy(update={"max_entities": 6})
ELSEWHERE = (
    "INT. OFFICE - DAY\n\nPETE\nNo.\n\nRUTH\nYes.\n\nQUILL\nNo.\n\nQuill rubs his eyes. "
    "He yawns.\n\n"
)


def shown(*paragraphs: str, before: str = ELSEWHERE, after: str = "") -> set[str]:
    """Return who is in the shots of the last of some paragraphs of one scene."""
    page = f"Title: T\n\n{before}INT. HALL - DAY\n\n" + "\n\n".join(paragraphs) + f"\n\n{after}"
    story = parse_story(f"{page}\n", path="t.story").story
    line = max(n for n, text in enumerate(page.split("\n"), 1) if text == paragraphs[-1])
    shots = [s for s in direct(story, WORLD).shots if s.span is not None and s.span.line == line]
    return {entity.id for shot in shots for entity in shot.entities}


MET = "PETE comes up to RUTH."


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        # "The two" that no noun follows, and "the three".
        ((MET, "The two dance."), {"PETE", "RUTH"}),
        ((MET, "Quill turns.", "Ruth laughs, and the two wrestle on the rug."), {"RUTH", "QUILL"}),
        ((MET, "Quill nods to them.", "We look in on the three."), {"PETE", "RUTH", "QUILL"}),
        ((MET, "Quill sits.", "He opens the two front doors."), {"QUILL"}),
        # "Him" and "her" before what they do, and after what is done to them.
        ((MET, "Quill sits.", "Pete watches him climb the stairs."), {"PETE", "QUILL"}),
        ((MET, "He speaks softly, letting her see the scar."), {"PETE", "RUTH"}),
        ((MET, "He puts her down gently."), {"PETE", "RUTH"}),
        # A sentence that goes on from the paragraph before.
        ((MET, "CLOSE ON RUTH", "who runs to the window and waves."), {"RUTH"}),
        ((MET, "Pete and Ruth run --", "-- and burst in to find:"), {"PETE", "RUTH"}),
        # Others who are new, and all of those just named.
        ((MET, "QUILL sits.", "Pete, Ruth, others come running out."), {"PETE", "RUTH"}),
        ((MET, "Quill waits as rain and hail come down, all drumming on the roof."), {"QUILL"}),
        # Parts and clothes show whose they are.
        (("Pete wipes the foam from Ruth's throat.",), {"PETE", "RUTH"}),
        (("There is mud on Ruth's sleeve.",), {"RUTH"}),
        (("Ruth's grip tightens.",), {"RUTH"}),
        (("Pete reads Ruth's letter.",), {"PETE"}),
        # What one has of one's own is nobody else's.
        (("Quill looks on.", "Ruth eyes Pete. He closes his."), {"RUTH", "PETE"}),
        # Who is only thought of, sought or pictured, and who is not gone.
        (("Pete walks home, his mind on Ruth.",), {"PETE"}),
        (("Pete scans the shore for Ruth.",), {"PETE"}),
        (("In the mug shot Quill is bald. Pete nods.",), {"PETE"}),
        ((MET, "Quill lies still. Ruth thinks he is gone."), {"QUILL", "RUTH"}),
        (("Pete eats, his thoughts elsewhere.",), {"PETE"}),
        (("We pass a portrait of a fat, jolly Quill. Pete nods.",), {"PETE"}),
        (("Pete thinks about his wonderful Ruth.",), {"PETE"}),
        # Nobody of before does what a thing does, or is where one is.
        (("Ruth waits.", "On the bench is a lamp."), set()),
        (("Ruth waits.", "A rock smashes the pane and rolls across the floor."), set()),
        (("Ruth waits.", "It's time to dance."), set()),
        # "Him and PETE" are two; the guard next to him is next to whoever turns.
        (("Quill's car with him and Pete in it drives by.",), {"QUILL", "PETE"}),
        (("A guard yawns. Quill sits.", "Pete turns to the guard next to him."), {"PETE", "GUARD"}),
        # What is somebody's where nothing follows, and what one has hold of.
        (("Pete eats at Ruth's.",), {"PETE"}),
        (("Pete's eyes are fixed on Ruth's.",), {"PETE", "RUTH"}),
        (("Pete grabs Ruth's shotgun barrel.",), {"PETE", "RUTH"}),
        (("Pete polishes Ruth's shotgun.",), {"PETE"}),
        (("PETE AND RUTH dance.",), {"PETE", "RUTH"}),
        (("RUTH'S ABOUT TO ANSWER WHEN QUILL SMILES.",), {"RUTH", "QUILL"}),
    ],
)
def test_whom_the_words_for_those_known_mean(page: tuple[str, ...], seen: set[str]) -> None:
    assert shown(*page) == seen


def test_he_is_who_spoke_last_though_no_page_tells_that_they_are_a_man() -> None:
    page = ("Quill sits. ZORRIN waits at the door.", "ZORRIN\nGood night.", "He goes out.")
    assert shown(*page, after="ZORRIN\nAnd lock it.\n") == {"ZORRIN"}


NAMED = "INT. OFFICE - DAY\n\nCOFFIN\nNo.\n\nDELL\nYes.\n\nRUTH\nNo.\n\n"


@pytest.mark.parametrize(
    ("told", "said", "seen"),
    [
        ("Jack Coffin sits in a corner.", "Jack nods.", {"COFFIN"}),
        ("Ruth Winslow sits in a corner.", "Winslow nods.", {"RUTH"}),
        ('EDWIN DELVAUX ("DELL") sits.', "Delvaux nods.", {"DELL"}),
        # What a page writes small is no name, nor is what two of them are called.
        ("Ruth Luck, as luck has it, sits.", "Luck is all.", set()),
        ("Dell Winslow sits by Ruth Winslow.", "Winslow nods.", set()),
    ],
)
def test_a_full_name_tells_who_is_called_by_its_other_part(
    told: str, said: str, seen: set[str]
) -> None:
    assert shown(told, said, before=NAMED) >= seen
    assert seen or not shown(told, said, before=NAMED) & {"RUTH", "DELL"}


def test_a_preposition_is_no_part_of_a_name() -> None:
    before = "INT. OFFICE - DAY\n\nON COFFIN\nNo.\n\nRUTH\nNo.\n\n"
    assert shown("The lamp falls On the table. Ruth nods.", before=before) == {"RUTH"}


def test_who_is_in_a_picture_and_speaks_is_there() -> None:
    page = ("Pete sits.", "He finds a photograph of a young Ruth.")
    assert shown(*page, after="RUTH\nWhat?\n") == {"PETE", "RUTH"}


def test_they_are_the_two_men_of_before() -> None:
    page = ("TWO MEN sit at the bar. Ruth waits. Quill nods.", "The two men stand up.")
    assert shown(*page) == {"TWO MEN"}


def test_of_which_people_somebody_is_is_no_name() -> None:
    before = "INT. OFFICE - DAY\n\nCHINESE COOK\nNo.\n\nRUTH\nNo.\n\n"
    assert shown("Ruth reads a Chinese book by a Chinese lamp.", before=before) == {"RUTH"}


def test_who_is_she_of_a_name_that_tells_no_sex() -> None:
    page = ("RUTH and OZURI (30) sit.", "Ozuri faints.")
    assert shown(*page, "She is pale, and her neck is stiff.") == {"OZURI"}
    assert shown("RUTH and PETE sit.", "Pete faints.", "She is pale.") == {"RUTH"}


def test_a_name_that_is_no_word_is_one_in_small_letters_too() -> None:
    speaks = "INT. OFFICE - DAY\n\nOZURI\nNo.\n\nWILL\nNo.\n\n"
    assert shown("Pete turns to ozuri, who nods.", before=ELSEWHERE + speaks) == {"PETE", "OZURI"}
    assert shown("Pete turns, and will be late.", before=ELSEWHERE + speaks) == {"PETE"}
