"""People before the critic: one clause for a look, and looks that differ from it in one thing."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import pytest

from dreamrunner.engine.storybook.critic import person_words, sentences
from dreamrunner.engine.storybook.critic.sentences import CaptionDeed
from dreamrunner.engine.storybook.training.critic_samples import ClipPool, CriticSample, teach
from dreamrunner.engine.storybook.world.people import PERSON, PersonLook
from dreamrunner.engine.storybook.world.scenes.people_scenes import sample_look

COOK = PersonLook(
    age="old", skin="dark", hair="white", beard=True, garment="apron", colour="blue",
    headgear="hat", head_colour="black",
)  # fmt: skip


def test_a_look_is_one_clause_of_what_can_be_seen() -> None:
    assert person_words.somebody(COOK) == (
        "an old man with dark skin and white hair and a beard in a blue apron and a black hat"
    )
    bald = replace(COOK, hair_style="bald", beard=False, headgear="")
    assert person_words.somebody(bald) == "an old man with dark skin and no hair in a blue apron"


def test_a_persons_colourway_is_read_and_anybody_is_a_person() -> None:
    assert sentences.subject(PERSON, str(COOK)) == person_words.somebody(COOK)
    assert sentences.subject(PERSON, None) == "a person"
    assert sentences.deed(CaptionDeed(PERSON, str(COOK), "talk")) == "an old man talking"


@pytest.mark.parametrize("seed", range(40))
def test_who_looks_nearly_so_differs_in_one_thing_that_is_said(seed: int) -> None:
    look = sample_look(np.random.default_rng(seed))
    others = person_words.nearly(look)
    assert len(others) >= 10
    said = [person_words.somebody(other) for other in others]
    assert len(set(said)) == len(said)
    assert person_words.somebody(look) not in said
    for other in others:
        changed = [
            name
            for name, a, b in zip(
                PersonLook.__dataclass_fields__, astuple(look), astuple(other), strict=True
            )
            if a != b
        ]
        assert set(changed) <= {"age", "female"} or len(changed) == 1, changed


def test_a_person_is_compared_with_animals_a_blob_and_nothing_and_an_animal_with_a_person() -> None:
    wrong = sentences.other_subjects(PERSON, None, {})
    assert {"a fox", "a shapeless blob", "an empty background"} <= set(wrong)
    assert "a person" not in wrong
    assert "a person" in sentences.other_subjects("fox", "red", {})


def test_what_looks_alike_is_no_wrong_answer() -> None:
    wrong = sentences.other_motions(CaptionDeed(PERSON, str(COOK), "enter", "right"))
    assert "an old man walking to the right" not in wrong
    assert "an old man listening, facing right" in wrong
    assert "a room" not in sentences.other_bare_views("living-room")


def test_lessons_of_people_have_one_right_answer_each() -> None:
    pool, lesson = ClipPool(11, 6), CriticSample()
    for _ in range(12):
        teach(pool.example(), pool.rng, lesson)
    rows = lesson.picture_texts + lesson.movement_texts
    assert all(row[0] not in row[1:] and len(set(row)) == len(row) for row in rows)
    assert any(" skin and " in row[0] for row in lesson.picture_texts)
    assert all(len(set(texts)) == 5 for texts in lesson.wanted)
