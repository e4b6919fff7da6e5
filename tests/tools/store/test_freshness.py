"""Given two plans of a shot, expect the reasons why it must be rendered again."""

from __future__ import annotations

from typing import Any

import pytest

from dreamrunner.plan import Beat, Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box
from dreamrunner.tools.store.freshness import explain_difference

FOX = Entity(id="FOX", look="a red fox", prompt="a red fox walking")
OWL = Entity(id="OWL", look="a grey owl", prompt="a grey owl sitting on a branch of an old tree")
LEFT, RIGHT = Box(0.1, 0.4, 0.4, 0.8), Box(0.6, 0.4, 0.9, 0.8)


def keyframe(time_s: float, **boxes: Box) -> Keyframe:
    placements = tuple(Placement(entity=name, box=box) for name, box in boxes.items())
    return Keyframe(time_s=time_s, placements=placements)


SHOT = ShotPlan(
    id="3",
    scene="3",
    duration_s=4.0,
    seed=7,
    place="a frozen river",
    background="a frozen river at dawn, pale light, soft shadows and falling snow",
    entities=(FOX,),
    keyframes=(keyframe(0.0, FOX=LEFT), keyframe(2.0, FOX=RIGHT)),
    beats=(Beat(entity="FOX", motion="walk", start_s=0.0, end_s=4.0),),
)


@pytest.mark.parametrize(
    ("update", "reasons"),
    [
        ({}, []),
        ({"seed": 8}, ["seed changed from 7 to 8"]),
        ({"duration_s": 3.5}, ["duration changed from 4.0s to 3.5s"]),
        ({"place": "a meadow"}, ['place changed from "a frozen river" to "a meadow"']),
        ({"background": "a meadow"}, ["background changed"]),
        (
            {"keyframes": (keyframe(0.0, FOX=LEFT), keyframe(2.0, FOX=LEFT))},
            ["box of FOX at 2.0s changed"],
        ),
        (
            {"keyframes": (keyframe(0.0, FOX=LEFT), keyframe(2.0, FOX=RIGHT, OWL=LEFT))},
            ["placement OWL at 2.0s is new"],
        ),
        ({"keyframes": SHOT.keyframes[:1]}, ["keyframe at 2.0s is gone"]),
        (
            {"keyframes": (*SHOT.keyframes, *(keyframe(2.5 + i / 10) for i in range(3)))},
            ["3 keyframes are new"],
        ),
        ({"entities": (OWL, FOX)}, ["entity OWL is new"]),
        (
            {"beats": (SHOT.beats[0].model_copy(update={"motion": "leap"}),)},
            ['motion of FOX at 0.0s changed from "walk" to "leap"'],
        ),
        (
            {"settings": RenderSettings(steps=30, regions=False)},
            [
                "steps of settings changed from 20 to 30",
                "regions of settings changed from yes to no",
            ],
        ),
    ],
)
def test_a_change_of_the_plan_is_said_in_words(update: dict[str, Any], reasons: list[str]) -> None:
    changed = SHOT.model_copy(update=update)
    old, new = ({"shot": shot.model_dump(mode="json")} for shot in (SHOT, changed))
    assert explain_difference(old, new) == reasons


def test_other_inputs_are_told_by_their_names() -> None:
    old = {"weights": "a" * 64, "adapters": ["b" * 64], "critic": {"weights": "c" * 64}}
    new = {"weights": "d" * 64, "adapters": ["b" * 64, "e" * 64], "critic": {"weights": "f" * 64}}
    assert explain_difference(old, new) == [
        "weights changed",
        "adapter #2 is new",
        "weights of critic changed",
    ]


def test_two_beats_of_one_entity_at_one_time_are_told_apart() -> None:
    def beats(*motions: str) -> dict[str, Any]:
        return {"beats": [{"entity": "FOX", "start_s": 0.0, "motion": m} for m in motions]}

    assert explain_difference(beats("walk", "wave"), beats("walk", "jump")) == [
        'motion of FOX at 0.0s #2 changed from "wave" to "jump"'
    ]
