"""Given nouns of people whom no known deed tells, expect who of them is in the picture."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("storybook").model_copy(update={"max_entities": 6})
LATER = "INT. YARD - DAY\n\nTED\nHello.\n\nANN\nHello there.\n"


def shown(said: str) -> set[str]:
    """Return who is in the shots of the one paragraph of a scene."""
    page = f"Title: T\n\nINT. HALL - DAY\n\n{said}\n\n{LATER}"
    story = parse_story(page, path="t.story").story
    line = next(n for n, text in enumerate(page.split("\n"), 1) if text == said)
    shots = [s for s in direct(story, WORLD).shots if s.span is not None and s.span.line == line]
    return {entity.id for shot in shots for entity in shot.entities}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # Several do what no table of verbs knows, or how they are is said.
        ("The onlookers recoil, aghast.", {"ONLOOKERS"}),
        ("Ted waits. The crowd SHRIEKS.", {"TED", "CROWD"}),
        ("As one, the class botches the song.", {"CLASS"}),
        ("Smoke everywhere as the kids mob a stall.", {"KIDS"}),
        ("The police storm the barn.", {"POLICE"}),
        ("The clerks are far too tired to look up.", {"CLERKS"}),
        ("The people of Paris are in high spirits.", {"PEOPLE"}),
        ("All nurses on the ward glower.", {"NURSES"}),
        ("Only the crowd by the fence notice it.", {"CROWD"}),
        ("Ted waits. The men room is locked.", {"TED"}),
        ("Ted waits. The guards are gone.", {"TED"}),
        ("My parents are strict. Ann sits.", {"ANN"}),
        ("Ted leaves the police building. Ann waits.", {"TED", "ANN"}),
        ("Ted leans on a desk strewn with police forms.", {"TED"}),
        ("Ted waits. More people crowd in.", {"TED", "PEOPLE"}),
        # Beside whom something is, and who does what is done.
        ("A hush among the students.", {"STUDENTS"}),
        ("Ted sails above the heads of the crowd.", {"TED", "CROWD"}),
        ("Ted wrestles with another boy.", {"TED", "BOY"}),
        ("Ted is in love with a nurse.", {"TED"}),
        ("Ted has his arm bandaged by a lady doctor.", {"TED", "DOCTOR"}),
        ("Ann is hit by the trainer.", {"ANN", "TRAINER"}),
        ("Ann remembers the trainer.", {"ANN"}),
        ("Ted coaches the boys.", {"TED"}),
        ("Ann instructs the women.", {"ANN", "WOMEN"}),
        ("Ted sees kids happily waving to their moms.", {"TED", "KIDS", "MOMS"}),
        ("Ted has a word with a porter who points at Ann.", {"TED", "PORTER", "ANN"}),
        ("Ann waits. A guy, dark suit, unshaven, grabs her arm.", {"GUY", "ANN"}),
        ("On women, men, soldiers, all running.", {"WOMEN", "MEN", "SOLDIERS"}),
        ("Ann is startled by the rush of police and waiters.", {"ANN", "POLICE", "WAITERS"}),
        ("A bus load of children arrives.", {"CHILDREN"}),
        ("Ted arrives, a drummer from town rolls a cart past.", {"TED", "DRUMMER"}),
        ("Ted is greeted by the owner, a big woman named ANN.", {"TED", "ANN"}),
        ("A wall that has been painted by an artist. Ann stops.", {"ANN"}),
        ("Ann, a woman (40's) with a kind face, sits down.", {"ANN"}),
        ("In front of the class, Ted waits.", {"TED", "CLASS"}),
        ("Ted is taking a class.", {"TED"}),
        ("If this were a meet with an agent, Ann would run.", {"ANN"}),
        # Who is seen by a hand, and the dead.
        ("A woman's hand grabs Ted.", {"WOMAN", "TED"}),
        ("Ted hears a woman's voice.", {"TED"}),
        ("Ann's charred remains lie on the floor.", {"ANN"}),
        ("Ted bends over a corpse.", {"TED", "CORPSE"}),
        # Beasts that do something, or are seen to; not those of a picture, or that are heard.
        ("A rat emerges from a hole.", {"RAT"}),
        ("Ted sits still, a lone firefly flitting about him.", {"TED", "FIREFLY"}),
        ("Ann looks up to see a hawk circling.", {"ANN", "HAWK"}),
        ("Somewhere an owl hoots. Ann listens.", {"ANN"}),
        ("Ann waits. A leopard glares down from a large mural.", {"ANN"}),
        ("Ann moves like a panther.", {"ANN"}),
    ],
)  # fmt: skip
def test_whom_the_words_around_put_there(said: str, seen: set[str]) -> None:
    assert shown(said) == seen


def test_two_guards_whom_a_later_page_introduces_are_there() -> None:
    page = (
        "INT. CELL - DAY\n\nTED, a BISHOP (60), two GUARDS. Waiting.\n\n"
        f"INT. GATE - DAY\n\nTWO GUARDS (40s) salute.\n\n{LATER}"
    )
    story = parse_story(page, path="t.story").story
    shots = [s for s in direct(story, WORLD).shots if s.span is not None and s.span.line == 3]
    assert "TWO GUARDS" in {entity.id for shot in shots for entity in shot.entities}


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Ted pulls the boxers apart.", {"TED", "BOXERS"}),
        ("Ann leads the pupils away.", {"ANN", "PUPILS"}),
        ("Ted shoves two waiters aside.", {"TED", "WAITERS"}),
        ("Ann watches the skaters again.", {"ANN", "SKATERS"}),
        ("Ted slams into a clerk.", {"TED", "CLERK"}),
        ("Ann asks a passer-by for a match.", {"ANN", "PASSER-BY"}),
        ("Ted turns into a butcher.", {"TED"}),
    ],
)
def test_a_word_of_the_verb_stands_behind_whom_it_is_done_to(said: str, seen: set[str]) -> None:
    assert shown(said) == seen
