"""Given how a page names people, expect who is somebody, and which names are one."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("storybook").model_copy(update={"max_entities": 6})


def figures(page: str) -> list[set[str]]:
    """Return who is in the pictures of each paragraph of a page."""
    plan = direct(parse_story(f"Title: T\n\n{page}\n", path="t.story").story, WORLD)
    by_text: dict[str, set[str]] = {}
    for shot in plan.shots:
        by_text.setdefault(shot.text, set()).update(entity.id for entity in shot.entities)
    return list(by_text.values())


@pytest.mark.parametrize(
    ("prose", "seen"),
    [
        # Capitals that are deeds or sounds.
        ("Rosa SNORTS, turning to the stove.", {"ROSA"}),
        ("Rosa hears a MUFFLED MOANING below.", {"ROSA"}),
        ("Rosa stops as a long DRUM ROLL begins.", {"ROSA"}),
        ("She YELLS at the ceiling.", {"ROSA"}),
        ("Rosa KNOCKS on the table.", {"ROSA"}),
        ("Distant SIRENS wail. Rosa listens.", {"ROSA"}),
        ("With a BANG, a cat runs past.", {"CAT"}),
        ("TWO ENORMOUS FISTS land on the table.", set()),
        # Whoever is of a kind of people is somebody.
        ("Rosa spots a SLEEPY CLERK in the corner.", {"ROSA", "SLEEPY CLERK"}),
        ("A WAITRESS recites the menu.", {"WAITRESS"}),
        ("This is HORTENSE.", {"HORTENSE"}),
        ("Mr. Fennel limps past Rosa.", {"MR FENNEL", "ROSA"}),
        ("The Porter climbs onto a chair.", {"PORTER"}),
        # Words that only look like somebody.
        ("Rosa will wait: it will end.", {"ROSA"}),
        ("Rosa puts on the cat ears.", {"ROSA"}),
        ("Rosa ducks.", {"ROSA"}),
        ("It is morning. It seems quiet.", set()),
        ("Rosa lifts the lids, but they snap off.", {"ROSA"}),
        ("Rosa yells until her breath is gone.", {"ROSA"}),
        ("Rosa has gone pale.", {"ROSA"}),
        ("Rosa waits, holding Will's letter.", {"ROSA"}),
        ("Rosa looks for her brother.", {"ROSA"}),
    ],
)
def test_who_is_somebody(prose: str, seen: set[str]) -> None:
    cast = "INT. ATTIC - DAY\n\nDust.\n\nWILL\nNo.\n\nBROTHER\nYes.\n\n"
    kitchen = "INT. KITCHEN - DAY\n\nRosa sits.\n\nROSA\nSo.\n\n"
    assert figures(f"{cast}{kitchen}{prose}")[-1] == seen


def test_parts_of_a_name_are_that_name() -> None:
    page = (
        "INT. BAR - NIGHT\n\nThis is ARTHUR QUILL. DR. INES MOTH (50) waits.\n\nDR. MOTH\nAh.\n\n"
        "Quill waves.\n\nArthur bows to Dr. Moth."
    )
    assert figures(page)[1:] == [{"ARTHUR QUILL"}, {"ARTHUR QUILL", "DR. MOTH"}]


def test_a_description_given_with_a_name_is_that_one() -> None:
    page = "EXT. HILL - DAY\n\nBORIS THE GIANT stretches.\n\nBORIS\nSo cold.\n\nThe giant waves."
    assert figures(page) == [{"BORIS"}, {"BORIS"}]


def test_a_boy_of_another_scene_is_not_these_boys() -> None:
    page = (
        "INT. SHIP - DAY\n\nA BORED BOY sleeps.\n\nEXT. PARK - DAY\n\nROSA (30) runs.\n\n"
        "Rosa is faster than the other boys."
    )
    assert figures(page)[-1] == {"ROSA"}


def test_a_heading_that_names_somebody_says_who_does_it() -> None:
    page = "EXT. ROAD - DAY\n\nROSA (30) and WILL (40) wait.\n\n.WILL\n\nkicks at the gravel."
    assert figures(page)[-1] == {"WILL"}


def test_a_young_self_is_meant_where_the_old_one_is_not() -> None:
    page = (
        "INT. BAR - DAY\n\nROSA (60) sits.\n\nROSA\nOnce.\n\nEXT. PARK - DAY\n\nYOUNG ROSA (9) "
        "runs.\n\nRosa hops."
    )
    assert figures(page)[-1] == {"YOUNG ROSA"}


def test_a_plural_surname_is_the_family_who_is_there() -> None:
    page = (
        "INT. HALL - DAY\n\nANN DALE (40) and RAY DALE (9) wait. BOB (30) sits.\n\n"
        "ANN DALE\nSo.\n\nRAY DALE\nNo.\n\nBehind the DALES, Bob stands."
    )
    assert figures(page)[-1] == {"ANN DALE", "RAY DALE", "BOB"}


def test_a_surname_that_is_a_thing_is_a_name_where_it_is_written_large() -> None:
    page = "INT. LAB - DAY\n\nDR. COPPER (50) sits.\n\nDR. COPPER\nAh.\n\nRAY (30) nods at Copper."
    assert figures(page)[-1] == {"DR. COPPER", "RAY"}


def test_a_pronoun_is_of_whoever_speaks_in_the_scene_before_another() -> None:
    page = (
        "INT. BAR - DAY\n\nVIC (40) sits.\n\nEXT. ROAD - DAY\n\nJOE (30) drives.\n\n"
        "INT. CAR - DAY\n\nHe yawns.\n\nJOE\nHome."
    )
    assert figures(page)[-1] == {"JOE"}


@pytest.mark.parametrize(
    ("cue", "prose"),
    [
        ("SAMANTHA", "Rosa waits for Sam. Sam bows."),  # of whom "Sam" is short
        ("KIMMY", "Rosa waits for Kim. Kim bows."),  # as KIMMY is, for Kimberly
        ("BARTHOLOMEW", "Rosa sees Barth. As Barth nods, Barth waves."),  # the only one
    ],
)
def test_a_short_name_is_of_the_only_one_whom_it_fits(cue: str, prose: str) -> None:
    page = f"INT. BAR - DAY\n\nROSA (30) sits.\n\n{cue}\nAh.\n\nROSA\nOh.\n\n{prose}"
    assert figures(page)[-1] == {"ROSA", cue}


def test_a_full_name_gives_its_short_one_both_names() -> None:
    page = (
        "INT. BAR - DAY\n\nKIMBERLY STONE (30) sits.\n\nKIMMY\nAh.\n\nKimberly bows.\n\n"
        "As Kim nods, it rains."
    )
    assert figures(page)[1:] == [{"KIMMY"}, {"KIMMY"}]


def test_a_first_name_beside_another_is_somebody_elses() -> None:
    page = "INT. BAR - DAY\n\nROSA (30) sits.\n\nFREDERICK\nAh.\n\nA record by Fred Ames plays."
    assert figures(page)[-1] == set()


@pytest.mark.parametrize(
    ("heading", "seen"),
    [
        ("INT. CELLAR - WITH ROSA", {"ROSA"}),
        ("INT. CELLAR - CLOSE ON ROSA - NIGHT", {"ROSA"}),
        ("INT. ROSA - CELLAR", set()),
        ("INT. CELLAR - ROSA'S COAT", set()),
    ],
)
def test_a_part_of_a_heading_says_who_she_is(heading: str, seen: set[str]) -> None:
    page = (
        "INT. BAR - DAY\n\nROSA (30) waits.\n\nROSA\nOh.\n\nEXT. ROAD - DAY\n\nINES (40) runs.\n\n"
        f"INES\nAh.\n\n{heading}\n\nShe yawns."
    )
    assert figures(page)[-1] == seen or (not seen and "ROSA" not in figures(page)[-1])
