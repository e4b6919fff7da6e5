"""What is right in a clip of people: by planned boxes, words and halves, never by who is nearer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.storybook.judge.grown import GrownJudgement, GrownSighting
from dreamrunner.engine.storybook.judge.grown.nets import ATTRIBUTES, MOTIONS
from dreamrunner.engine.storybook.judge.grown.samples import read_look
from dreamrunner.engine.storybook.judge.judgement import Direction
from dreamrunner.engine.storybook.world.people import PERSON, PersonLook
from dreamrunner.story import Box

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from storybench.grown_scores import exchanged, failed_grown, score_grown  # noqa: E402
from storybench.prompts import Prompt, Role  # noqa: E402

LEFT, RIGHT = (0.1, 0.3, 0.4, 0.9), (0.6, 0.3, 0.9, 0.9)
ANNA = str(PersonLook(female=True, hair="red", garment="dress", colour="green"))
OTTO = str(PersonLook(age="old", hair="white", beard=True, garment="apron", colour="red"))


def role(look: str, box: Sequence[float], motion: str = "talk", depth: int = 0) -> Role:
    return Role(PERSON, look, motion, "right", f"a {look}", depth, np.array([box] * 25))


def seen(
    look: str, box: Sequence[float], motion: str = "talk", direction: Direction | None = None,
    **misread: str,
) -> GrownSighting:  # fmt: skip
    read = {n: values[0] for n, values in ATTRIBUTES.items()} | read_look(PERSON, look, None)
    read |= misread
    chances = {n: {v: 0.9 if v == read[n] else 0.02 for v in vs} for n, vs in ATTRIBUTES.items()}
    motions = {m: 0.7 if m == motion else 0.01 for m in MOTIONS}
    return GrownSighting(PERSON, (Box(*box),) * 9, 0.9, read, chances, motions, direction)


def found(*sightings: GrownSighting, place: str = "kitchen") -> GrownJudgement:
    return GrownJudgement(sightings, place, tuple(range(0, 25, 3)))


def prompt(*roles: Role) -> Prompt:
    return Prompt("p", 1, "kitchen", "a kitchen", "", roles)


def test_who_is_there_as_said_is_right() -> None:
    score = score_grown(prompt(role(ANNA, LEFT)), found(seen(ANNA, LEFT)))
    (anna,) = score.roles
    assert score.place and anna.right and anna.motion and anna.talks and anna.own_half


@pytest.mark.parametrize(
    ("misread", "said"),
    [({"colour": "blue"}, True), ({"hair": "grey"}, True), ({"sex": "male"}, True),
     ({"glasses": "glasses"}, False), ({"age": "old"}, False)],
)  # fmt: skip
def test_one_attribute_read_otherwise_makes_a_character_wrong(
    misread: dict[str, str], said: bool
) -> None:
    (anna,) = score_grown(prompt(role(ANNA, LEFT)), found(seen(ANNA, LEFT, **misread))).roles
    # What no words say of her is none of her attributes, but of her whole look.
    assert anna.in_region and not anna.whole and anna.right is not said
    assert [name for name, right in anna.read.items() if not right] == list(misread)


def test_who_is_elsewhere_is_seen_and_no_more() -> None:
    (anna,) = score_grown(prompt(role(ANNA, LEFT)), found(seen(ANNA, RIGHT))).roles
    assert anna.seen and not (anna.in_region or anna.right or anna.motion or anna.own_half)
    assert anna.talks is False


def test_a_pair_that_changed_places_is_in_its_boxes_but_not_right() -> None:
    asked = prompt(role(ANNA, LEFT), role(OTTO, RIGHT, depth=1))
    right = score_grown(asked, found(seen(ANNA, LEFT), seen(OTTO, RIGHT)))
    assert all(r.own_half and r.right for r in right.roles)
    changed = score_grown(asked, found(seen(OTTO, LEFT), seen(ANNA, RIGHT)))
    assert all(r.in_region for r in changed.roles)
    assert not any(r.own_half or r.right for r in changed.roles)


def test_what_travels_must_go_where_it_should_and_what_looks_alike_is_alike() -> None:
    asked = prompt(role(ANNA, LEFT, "enter"))
    for direction, moves in (("right", True), ("left", False), (None, False)):
        (anna,) = score_grown(asked, found(seen(ANNA, LEFT, "walk", direction))).roles  # type: ignore[arg-type]  # of the table
        assert anna.motion is moves and anna.talks is None


def test_listening_for_talk_is_no_talk() -> None:
    (anna,) = score_grown(prompt(role(ANNA, LEFT)), found(seen(ANNA, LEFT, "listen"))).roles
    assert not anna.motion and anna.talks is False


def test_the_floor_asks_for_somebody_else_in_the_same_boxes() -> None:
    own, other = prompt(role(ANNA, LEFT)), prompt(role(OTTO, RIGHT, "listen"))
    (asked,) = exchanged(own, other).roles
    assert np.array_equal(asked.boxes, own.roles[0].boxes)
    (score,) = score_grown(exchanged(own, other), found(seen(ANNA, LEFT))).roles
    assert score.in_region and not score.right and score.talks is False


def test_what_words_say_is_named() -> None:
    look = PersonLook(age="old", build="thin", hair_style="bald", glasses=True, headgear="hat")
    (one,) = score_grown(prompt(role(str(look), LEFT)), found(seen(str(look), LEFT))).roles
    assert set(one.named) == {
        "age", "sex", "build", "skin", "hair style", "glasses", "garment", "colour", "headgear",
        "head colour",
    }  # fmt: skip


def test_no_clip_is_wrong_throughout() -> None:
    score = failed_grown(prompt(role(ANNA, LEFT), role(OTTO, RIGHT)), "no memory")
    assert score.error == "no memory" and not score.place
    assert not any(r.seen or r.right or r.talks or r.own_half for r in score.roles)
