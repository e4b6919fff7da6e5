"""Given a story for a published model, expect prompts as such models were trained on."""

from __future__ import annotations

import json

import pytest

from dreamrunner.agents.director.reading.inflection import gerund
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.dsl.formats.plans import import_plans
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import ShotPlan

COGVIDEOX, WAN = capabilities("cogvideox-2b"), capabilities("wan2.1-1.3b")
FIGURE = "The whole body is seen in sharp focus, with natural and fluid movement."
VIEW = "The view is detailed, with a clear foreground, middle and distance."


def shots(text: str, engine=COGVIDEOX) -> tuple[ShotPlan, ...]:  # a world
    story = parse_story(text, path="a.story").story
    assert story is not None
    return direct(story, engine).shots


def test_a_region_and_a_background_are_prose() -> None:
    (shot,) = shots(
        "@character FOX: a small red fox\n@character OWL: an old owl\n\nEXT. FOREST - NIGHT\n\n"
        "The FOX walks to the right while the OWL does a somersault. Fog drifts.\n"
    )
    assert [entity.prompt for entity in shot.entities] == [
        f"A small red fox is walking to the right, with steady, even steps. {FIGURE}",
        "An old owl is somersaulting, heels over head, the whole body turning over in the air. "
        + FIGURE,
    ]
    assert shot.background == (
        "A forest, night, fog drifts. There are tall trunks, green undergrowth and leaves on the "
        f"ground. It lies in cool moonlight and deep shadows. {VIEW}"
    )


def authors(entity: str, motion: str, caption: str, event: str) -> ShotPlan:
    region = f'[["{entity}", "{motion}", "{caption}"], [0.1, 0.4, 0.4, 0.9]]'
    line = json.dumps(["dog.mp4", f"Background: {event}\nFrame_1: {region}\nFrame_2: {region}"])
    (made,) = import_plans(line, "plans.jsonl")
    assert made.text is not None
    return shots(made.text)[0]


@pytest.mark.parametrize("motion", ["moving, left to right", "running", "none"])
def test_the_caption_of_an_imported_plan_is_its_prompt(motion: str) -> None:
    shot = authors("dog", motion, "A dog running on the left", "A dog and a ball")
    (dog,) = shot.entities
    wanted = f"A dog running on the left. {FIGURE}"
    assert dog.prompt == (wanted if motion != "none" else dog.prompt)
    assert "movinging" not in dog.prompt and "running on the left; " not in dog.prompt
    assert shot.background.startswith("A plain, evenly lit place with a level floor")


def test_where_an_event_takes_place_is_its_background() -> None:
    shot = authors("dog", "running", "A dog running on the left", "A dog runs in a snowy park")
    assert shot.background.startswith("A snowy park. There are short grass, a path")


def test_wan_avoids_what_its_makers_avoid_and_no_style_that_is_asked_for() -> None:
    text = "EXT. FOREST - DAY\n\nFog.\n"
    (plain,) = shots(text, WAN)
    (styled,) = shots(f"Style: watercolor\nNegative: people\n\n{text}", WAN)
    assert plain.negative.startswith("bright tones, overexposed, static")
    assert "paintings" in plain.negative.split(", ")
    assert styled.negative.startswith("people, bright tones")
    assert "paintings" not in styled.negative.split(", ") and styled.style == "watercolor"
    assert shots(text)[0].negative == ""


@pytest.mark.parametrize(
    ("verb", "form"), [("moving", "moving"), ("sing", "singing"), ("lie down", "lying down")]
)
def test_what_is_a_gerund_already_stays_one(verb: str, form: str) -> None:
    assert gerund(verb) == form
