"""The benchmark of plans: its scenes are as many as it says, and a wrong plan is found out."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from plans import Case, cases, faults, measure, plan_by_rules  # noqa: E402

BASELINE = 0.95


def test_there_are_120_of_one_motion_40_of_relations_and_20_of_the_absent() -> None:
    assert Counter(case.group for case in cases()) == {"single": 120, "relation": 40, "absent": 20}
    assert len({case.text for case in cases()}) == 180


def test_the_rules_plan_nearly_every_scene_of_one_motion() -> None:
    some = [case for case in cases() if case.group == "single"]
    assert measure(plan_by_rules, some)["groups"]["single"]["share"] >= BASELINE


@pytest.mark.parametrize(
    ("group", "expected", "told"),
    [
        ("single", "OWL walk left right", "in the frame: FOX"),
        ("single", "FOX jump left right", "FOX: walk, not jump"),
        ("single", "FOX walk right left", "at 0 s on the left, not right"),
        ("relation", "FOX left-of OWL", "not in the frame: OWL"),
        ("absent", "FOX walk -FOX", "FOX is in the frame"),
    ],
)
def test_a_plan_that_is_not_the_known_one_is_told(group: str, expected: str, told: str) -> None:
    case = Case(group, "The FOX walks to the right.", tuple(expected.split()))
    assert told in faults(case, plan_by_rules(case))


def test_who_covers_whom_and_leaves_the_frame_is_told() -> None:
    case = Case("relation", "The FOX stands to the left of the OWL.", ("FOX", "left-of", "OWL"))
    plan = plan_by_rules(case)
    assert faults(case, plan) == []
    shot = plan.shots[0]
    box = shot.keyframes[0].placements[0].box
    frames = tuple(
        frame.model_copy(
            update={
                "placements": tuple(
                    placed.model_copy(update={"box": box.__class__(0.5, 0.2, 1.2, 0.9)})
                    for placed in frame.placements
                )
            }
        )
        for frame in shot.keyframes
    )
    told = faults(case, plan.with_shot(shot.model_copy(update={"keyframes": frames})))
    assert "FOX and OWL cover one another" in told
    assert any("OWL leaves the frame" in words for words in told)
