"""Plans of the paper's authors become stories that pin what they say, or diagnostics."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dreamrunner.dsl import format_story, parse_story
from dreamrunner.dsl.formats import ImportedStory, export_plans, import_plans
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, Plan, ScenePlan, ShotPlan
from dreamrunner.story import Box

FOX = '[["big fox", "walking slowly", "A \\"fox\\" walks"], {box}]'
TREE = "[['none', 'none', 'A tree'], [0.7, 0.1, 0.9, 0.9]]"


def line(*frames: str, name: str = "0001.mp4") -> str:
    numbered = [f"Frame_{i}: {frame}" for i, frame in enumerate(frames, start=1)]
    background = "Background:the background of the event: A fox in a forest"
    return json.dumps([name, '"' + "\n".join([background, *numbered]) + '"'])


def fox(*sides: float) -> str:
    return FOX.replace("{box}", str(list(sides)))


def one(text: str, *, repair: bool = False) -> ImportedStory:
    (story,) = import_plans(text, "plans.jsonl", repair=repair)
    return story


def test_a_plan_becomes_a_story_with_layout_motion_and_expectations() -> None:
    made = one(line(f"{fox(0.1, 0.4, 0.4, 0.9)}, {TREE}", f"{fox(0.2, 0.4, 0.5, 0.9)}, {TREE}"))
    assert (made.name, made.diagnostics) == ("0001", ())
    assert (
        made.text
        == """\
Title: A fox in a forest
Source: 0001

@character BIG FOX: big fox
@prop TREE: A tree

.A fox in a forest
@duration 2s
@layout BIG FOX {
  0s: box (0.1, 0.4, 0.4, 0.9)
  1s: box (0.2, 0.4, 0.5, 0.9)
}
@layout TREE {
  0s: box (0.7, 0.1, 0.9, 0.9)
}
@motion BIG FOX {
  0s..2s: walking "slowly; A \\"fox\\" walks"
}

A "fox" walks.

A tree.

@expect BIG FOX present, TREE present
@expect BIG FOX left-of TREE
"""
    )
    assert parse_story(made.text, path="x").diagnostics == ()


@pytest.mark.parametrize(
    ("sides", "repaired", "words"),
    [
        ((0.8, 0.4, 1.1, 0.7), "box (0.8, 0.4, 1, 0.7)", "leaves the frame"),
        ((1.0, 0.4, 1.3, 0.7), "box (0.95, 0.4, 1, 0.7)", "leaves the frame"),
        ((0.4, 0.6, 0.6, 0.5), "box (0.4, 0.5, 0.6, 0.6)", "has no area"),
        ((-0.2, 0.3, 0.1, 0.6), "box (0, 0.3, 0.1, 0.6)", "leaves the frame"),
    ],
)
def test_a_box_that_is_none_is_an_error_and_repaired_on_request_only(
    sides: tuple[float, ...], repaired: str, words: str
) -> None:
    text = line(fox(*sides))
    refused = one(text)
    assert refused.text is None
    (mistake,) = refused.diagnostics
    assert mistake.code == "E181" and words in mistake.message
    assert text[mistake.span.start : mistake.span.end] == str(list(sides))
    mended = one(text, repair=True)
    assert [d.code for d in mended.diagnostics] == ["W182"]
    assert repaired in mended.diagnostics[0].message.replace("made (", "made box (")
    assert mended.text is not None and repaired in mended.text


def test_a_box_of_nothing_is_repaired_by_the_one_before() -> None:
    mended = one(line(fox(0.1, 0.2, 0.3, 0.4), fox(0, 0, 0, 0)), repair=True)
    assert mended.text is not None and mended.text.count("box (0.1, 0.2, 0.3, 0.4)") == 1


def test_frames_go_by_their_numbers_and_one_without_boxes_shifts_nothing() -> None:
    made = one(line(fox(0.1, 0.4, 0.4, 0.9), "", fox(0.3, 0.4, 0.6, 0.9)))
    assert made.text is not None
    assert "  2s: box (0.3, 0.4, 0.6, 0.9)\n" in made.text
    assert [d.code for d in made.diagnostics] == ["W183"]


def test_one_without_a_name_whose_caption_changes_is_still_one() -> None:
    frames = [f'[["none", "none", "{c}"], [0.1, 0.1, 0.5, 0.5]]' for c in ("A bud", "A flower")]
    made = one(line(*frames))
    assert made.text is not None and made.text.count("@prop") == 1
    assert "A flower. {BUD, 1s..2s}" in made.text


@pytest.mark.parametrize(
    "junk",
    [
        "no json",
        "[" * 100_000,
        "{}",
        '["a.mp4", 7]',
        '["a.mp4", "Background: x"]',
        line("[[1, 2], 3]"),
        line(""),
        '["a", "Background: x\\nFrame_1: ' + "[" * 5000 + '"]',
        '["a", "Background: x\\nFrame_99999: []"]',
        line(fox(1e999, 0, 1, 1).replace("inf", "1e999")),
        line('[["a", "b", "c"], [0, 0, 1]]'),
    ],
)
def test_junk_is_a_diagnostic_and_the_next_line_is_read(junk: str) -> None:
    bad, good = import_plans(f"{junk}\n{line(fox(0.1, 0.4, 0.4, 0.9))}\n", "plans.jsonl")
    assert bad.text is None and bad.diagnostics[0].code in ("E180", "E181")
    assert bad.diagnostics[0].span.line == 1
    assert good.text is not None


def test_a_plan_goes_out_as_six_frames_that_come_back() -> None:
    keys = [(0.0, Box(0, 0.4, 0.3, 0.9)), (6.0, Box(0.6, 0.4, 0.9, 0.9))]
    shot = ShotPlan(
        id="1.1",
        scene="1",
        duration_s=6,
        seed=1,
        place="forest",
        background="a forest",
        entities=(Entity(id="FOX", look="a fox", prompt="a fox walking"),),
        keyframes=tuple(
            Keyframe(time_s=t, placements=(Placement(entity="FOX", box=box),)) for t, box in keys
        ),
        beats=(Beat(entity="FOX", motion="walk", start_s=0, end_s=3),),
    )
    scene = ScenePlan(id="1", heading="EXT. FOREST", place="forest", shots=(shot,))
    plan = Plan(title="A", director="rules", fps=8, width=96, height=64, scenes=(scene,))
    written = export_plans(plan)
    name, text = json.loads(written)
    assert name == "1.1.mp4"
    assert text.startswith('"Background:a forest\nFrame_1: [["fox", "walk", "a fox walking"], [0')
    assert '\nFrame_4: [["fox", "none", "a fox walking"], [0.3, 0.4, 0.6, 0.9]]\n' in text
    made = one(written)
    assert made.text is not None
    assert "  5s: box (0.5, 0.4, 0.8, 0.9)\n" in made.text
    assert "  0s..3s: walk" in made.text


PLANS = os.environ.get("T2V_COMPBENCH_PLANS")


@pytest.mark.skipif(PLANS is None, reason="T2V_COMPBENCH_PLANS names no folder of plans")
def test_every_released_plan_becomes_a_story_or_a_diagnostic() -> None:
    files = sorted(Path(PLANS or "").glob("*.jsonl"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        for made in import_plans(text, file.name):
            assert (made.text is None) == any(d.code == "E181" for d in made.diagnostics)
        for made in import_plans(text, file.name, repair=True):
            assert made.text is not None
            assert parse_story(made.text, path="x").errors == ()
            assert format_story(made.text) == made.text
