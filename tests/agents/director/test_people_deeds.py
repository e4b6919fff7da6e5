"""Given what people do on a page, expect the motion of a world's people that is nearest to it."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Plan

WORLD = capabilities("storybook")
HEAD = "Title: T\n\nINT. ROOM - DAY\n\nANNA\nNow.\n\nBEN\nNever.\n\n"


def planned(prose: str) -> Plan:
    return direct(parse_story(f"{HEAD}{prose}\n", path="t.story").story, WORLD)


def motions(prose: str, who: str = "ANNA") -> list[str]:
    """Return what one does in the picture of a paragraph, and of no talk before it."""
    plan = planned(prose)
    last = [shot for shot in plan.shots if shot.text == prose]
    return [beat.motion for shot in last for beat in shot.beats if beat.entity == who]


@pytest.mark.parametrize(
    ("prose", "motion"),
    [
        ("Anna nods.", "nod"),
        ("Anna takes the parcel from the shelf.", "pick-up"),
        ("Anna sets down her cup.", "pick-up"),
        ("Anna hangs her coat on a hook.", "give"),
        ("Anna hugs Ben.", "give"),
        ("Anna opens the window.", "give"),
        ("Anna motions for Ben to sit.", "point"),
        ("Anna crouches beside the stove.", "bow"),
        ("Anna gets to her feet.", "get-up"),
        ("Anna takes a seat.", "sit"),
        ("Anna comes down the stairs.", "walk"),
        ("Anna emerges from the cellar.", "enter"),
        ("Anna flips a switch.", "give"),
        ("Anna starts her engine.", "give"),
        ("Anna scrapes the pan and freezes.", "pick-up"),
        ("Anna nods, glad to be asked.", "nod"),
        # Nothing shows of these.
        ("Anna takes a breath.", "stand"),
        ("Anna rolls her eyes.", "stand"),
        ("Anna almost speaks.", "stand"),
        ("Anna grows up too fast.", "stand"),
    ],
)
def test_a_deed_is_drawn_as_the_nearest_that_people_do(prose: str, motion: str) -> None:
    assert motions(prose) == [motion]


def test_what_is_only_akin_is_said_to_be_and_what_is_the_very_motion_is_not() -> None:
    akin, very = planned("Anna hangs her coat on a hook."), planned("Anna nods.")
    assert 'ANNA "hang": drawn as holding out a hand' in akin.notes
    assert not any(note.startswith("ANNA") for note in very.notes)


@pytest.mark.parametrize("name", ["ZELDRIS", "MRS. OAKUM", "PORTER #2"])
def test_who_speaks_is_a_person_whatever_the_name(name: str) -> None:
    story = parse_story(f"Title: T\n\nINT. ROOM\n\nA table.\n\n{name}\nAh.\n", path="t.story").story
    (entity,) = direct(story, WORLD).shots[0].entities
    assert (entity.id, entity.character) == (name, "person")


@pytest.mark.parametrize("name", ["DINOSAUR", "GREY WOLF"])
def test_a_beast_that_speaks_is_no_person(name: str) -> None:
    story = parse_story(f"Title: T\n\nINT. ROOM\n\nA table.\n\n{name}\nAh.\n", path="t.story").story
    (entity,) = direct(story, WORLD).shots[0].entities
    assert (entity.id, entity.character) == (name, None)
