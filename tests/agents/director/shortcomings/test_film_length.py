"""Given a film that is longer than one may be, expect one error before anything is planned."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from pydantic import ValidationError

from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.agents.director.remarks import remarks
from dreamrunner.agents.director.rules import direct
from dreamrunner.chat import Answer, Question
from dreamrunner.dsl import parse_story
from dreamrunner.errors import Diagnostic, StoryError
from dreamrunner.plan import ShotPlan
from dreamrunner.story import Pinned, Scene, Story

from ...conftest import STORYBOOK

HOUR = "EXT. MEADOW - DAY\n@duration 3600s\n\nThe FOX walks.\n\n"


def story(text: str) -> Story:
    parsed = parse_story(f"Title: T\n\n@character FOX: a red fox\n\n{text}", path="t.story")
    assert parsed.story is not None and parsed.errors == ()
    return parsed.story


def lasting(duration_s: float) -> Story:
    """Return a story of one scene that lasts so long, whatever the checker would say of it."""
    short = story("EXT. MEADOW\n@duration 3s\n\nThe FOX walks.\n")
    (scene,) = short.scenes
    assert scene.duration_s is not None
    return replace(short, scenes=(_lasting(scene, duration_s),))


def _lasting(scene: Scene, duration_s: float) -> Scene:
    assert scene.duration_s is not None
    return replace(scene, duration_s=Pinned(duration_s, scene.duration_s.span))


def too_long(long: Story) -> list[Diagnostic]:
    return [found for found in remarks(long, STORYBOOK) if found.code == "E129"]


def test_twelve_hours_are_a_film_and_thirteen_are_not() -> None:
    assert too_long(story(HOUR * 12)) == []
    (found,) = too_long(story(HOUR * 14))
    assert (found.span.line, found.message) == (
        65, "with this scene the film lasts 13.0 hours; a film lasts 12 at most",
    )  # fmt: skip


def test_a_film_has_fifteen_thousand_shots_at_most() -> None:
    paragraphs = "EXT. MEADOW\n@duration 3600s\n\n" + "The FOX walks.\n\n" * 15_000
    assert too_long(story(paragraphs)) == []
    (found,) = too_long(story(paragraphs + "The FOX hops.\n"))
    assert (found.span.line, found.message) == (
        5, "with this scene the film has more than 15,000 shots",
    )  # fmt: skip


@pytest.mark.parametrize("duration_s", [1e9, 1e300, math.inf, math.nan])
def test_the_director_refuses_a_scene_of_any_length_at_once(duration_s: float) -> None:
    with pytest.raises(StoryError) as refused:
        direct(lasting(duration_s), STORYBOOK)
    assert [d.code for d in refused.value.diagnostics] == ["E129"]


class Unasked:
    """A language model that nobody may ask."""

    name = "unasked"

    def ask(self, question: Question) -> Answer:
        raise AssertionError(question.about)


def test_no_model_is_asked_about_a_film_that_is_too_long() -> None:
    with pytest.raises(StoryError):
        direct_with(Unasked(), lasting(1e9), STORYBOOK)


@pytest.mark.parametrize("duration_s", ["3601", "1e300", "Infinity", "NaN", "-1"])
def test_a_plan_from_a_file_has_no_endless_shot(duration_s: str) -> None:
    (shot,) = direct(lasting(3.0), STORYBOOK).shots
    text = shot.model_dump_json().replace('"duration_s":3.0', f'"duration_s":{duration_s}')
    with pytest.raises(ValidationError, match="duration_s"):
        ShotPlan.model_validate_json(text)


def test_a_plan_from_a_file_has_no_time_that_is_none() -> None:
    (shot,) = direct(lasting(3.0), STORYBOOK).shots
    text = shot.model_dump_json().replace('"end_s":3.0', '"end_s":Infinity')
    with pytest.raises(ValidationError, match="end_s"):
        ShotPlan.model_validate_json(text)
