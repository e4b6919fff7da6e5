"""Stories of the storybook world: who does what with whom, wearing what, by day, night and rain."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.storybook.capabilities import storybook_capabilities
from dreamrunner.plan import ShotPlan

CAST = """Title: T

@character BEAR: a brown bear with a red hat
@character MOUSE: a small grey mouse
@character FOX: a red fox with a green scarf

"""


def first_shot(scene: str) -> ShotPlan:
    story = parse_story(CAST + scene, path="t.story").story
    return direct(story, storybook_capabilities()).shots[0]


@pytest.mark.parametrize(
    ("scene", "background", "prompts"),
    [
        (
            "EXT. FARM - NIGHT\n\nThe BEAR carries the MOUSE to the right.\n",
            "a farm at night",
            [
                "a brown bear with a red hat carrying a mouse to the right",
                "a grey mouse carried by a bear",
            ],
        ),
        (
            "EXT. LAKE - DAY\n\nRain falls. The FOX chases the MOUSE to the left.\n",
            "a lake in the rain",
            [
                "a red fox with a green scarf chasing a mouse to the left",
                "a grey mouse running from a fox to the left",
            ],
        ),
        (
            "EXT. FOREST - DAY\n\nThe FOX dances. The BEAR waves.\n",
            "a forest by day",
            [
                "a red fox with a green scarf dancing, facing right",
                "a brown bear with a red hat waving, facing left",
            ],
        ),
        (
            "INT. KITCHEN - NIGHT\n\nThe FOX sits. The MOUSE looks around.\n",
            "a kitchen with a stove and cupboards at night",
            [
                "a red fox with a green scarf sitting, facing right",
                "a grey mouse looking around, facing left",
            ],
        ),
    ],
)
def test_the_words_of_the_grown_world(scene: str, background: str, prompts: list[str]) -> None:
    shot = first_shot(scene)
    assert shot.background == background
    assert [entity.prompt for entity in shot.entities] == prompts
    assert shot.notes == ()


def test_who_is_carried_sits_behind_and_above_and_comes_along() -> None:
    shot = first_shot("EXT. FARM - DAY\n\nThe BEAR carries the MOUSE to the right.\n")
    for time_s in (0.0, shot.duration_s):
        bear, mouse = shot.box_at("BEAR", time_s), shot.box_at("MOUSE", time_s)
        assert bear is not None and mouse is not None
        assert 0.05 < bear.center[0] - mouse.center[0] < 0.25
        assert 0.1 < bear.bottom - mouse.bottom < 0.3 and mouse.height < bear.height
    start, end = shot.box_at("BEAR", 0.0), shot.box_at("BEAR", shot.duration_s)
    assert start is not None and end is not None and end.left - start.left > 0.15
    depths = {p.entity: p.depth for p in shot.keyframes[0].placements}
    assert depths["BEAR"] < depths["MOUSE"]
    beat = shot.beat("MOUSE")
    assert beat is not None and (beat.motion, beat.facing) == ("sit", "right")


def test_what_everybody_does_is_no_deer() -> None:
    shot = first_shot("EXT. MEADOW - DAY\n\nThe FOX does a somersault.\n")
    assert [entity.id for entity in shot.entities] == ["FOX"]
