"""Given shots, depths, easings and looks of the writer's own, expect them in the plan."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities, Plan, ShotPlan

from ..conftest import OPEN, STORYBOOK

CAST = """\
Title: T

@character FOX: a red fox
@character OWL: an old owl

"""


def planned(text: str, capabilities: Capabilities = STORYBOOK) -> Plan:
    parsed = parse_story(CAST + text, path="t.story", capabilities=capabilities)
    assert parsed.errors == ()
    assert parsed.story is not None
    return direct(parsed.story, capabilities)


def height(shot: ShotPlan, entity: str) -> float:
    box = shot.box_at(entity, 0.0)
    assert box is not None
    return box.height


SHOTS = """\
EXT. FOREST - NIGHT #1#
@seed 5
@camera {
  0s..2s: static
  2s..4s: dolly-in slow
}
@layout OWL { 0s: at left; 4s: at center }
@expect FOX present

@shot WIDE 2s
@shot CLOSE 2s on=FOX {
  seed 9
  expect motion.FOX >= 0.5
}

The FOX bows to the OWL.

FOX
Good evening.
"""


def test_shots_of_one_action_are_a_shot_each_and_as_long_as_written() -> None:
    wide, close = planned(SHOTS).shots
    assert (wide.id, close.id) == ("1.1", "1.2")
    assert (wide.duration_s, close.duration_s) == (2.0, 2.0)
    assert wide.text == close.text == "The FOX bows to the OWL."
    assert [s.text for s in wide.subtitles] == []
    assert [s.text for s in close.subtitles] == ["Good evening."]


def test_a_shot_shows_whom_it_is_on_in_the_size_of_its_kind() -> None:
    wide, close = planned(SHOTS).shots
    assert [e.id for e in wide.entities] == ["FOX", "OWL"]
    assert [e.id for e in close.entities] == ["FOX"]
    assert height(close, "FOX") > 1.5 * height(wide, "FOX")


def test_the_scenes_times_run_along_its_shots() -> None:
    wide, close = planned(SHOTS).shots
    assert (wide.camera, close.camera) == ("static", "dolly-in slow")
    start, end = wide.box_at("OWL", 0.0), wide.box_at("OWL", 2.0)
    assert start is not None and end is not None
    assert (start.center[0], end.center[0]) == pytest.approx((0.25, 0.375))


def test_a_shots_own_word_goes_before_the_scenes() -> None:
    wide, close = planned(SHOTS).shots
    assert (wide.seed, close.seed) == (5, 9)
    asked = [[a.metric for a in s.assertions if a.origin == "expect"] for s in (wide, close)]
    assert asked == [["present"], ["present", "motion"]]


def test_untimed_shots_share_what_is_left_of_the_scene() -> None:
    shots = planned(
        "EXT. FOREST\n@duration 3s\n@shot WIDE 1s\n@shot FULL\n@shot CLOSE\n\nThe FOX bows.\n"
    ).shots
    assert [shot.duration_s for shot in shots] == [1.0, 1.0, 1.0]
    assert {p.what for p in shots[1].pins} == {"duration"}


def test_each_kind_of_shot_is_closer_than_the_one_before() -> None:
    kinds = ["establishing", "wide", "full", "medium", "close"]
    text = "".join(f"@shot {kind} 1s\n" for kind in kinds)
    shots = planned(f"EXT. FOREST\n{text}\nThe FOX stands still.\n").shots
    heights = [height(shot, "FOX") for shot in shots]
    assert heights == sorted(set(heights))


def test_depth_orders_who_is_in_the_picture_and_is_pinned() -> None:
    (shot,) = planned(
        "EXT. FOREST\n@depth OWL front\n@depth FOX behind OWL\n\nThe FOX and the OWL stand.\n"
    ).shots
    for keyframe in shot.keyframes:
        depths = {p.entity: p.depth for p in keyframe.placements}
        assert depths["OWL"] < depths["FOX"]
    assert shot.settings.overlap == "depth"
    assert [p.entity for p in shot.pins if p.what == "depth"] == ["OWL", "FOX"]


def test_an_eased_way_begins_slowly_and_comes_where_the_writer_says() -> None:
    (shot,) = planned(
        "EXT. FOREST\n@duration 2s\n@layout FOX { 0s: at far-left ease-in; 2s: at far-right }\n"
        "\nThe FOX walks.\n"
    ).shots
    xs = [box.center[0] for t in (0.0, 1.0, 2.0) if (box := shot.box_at("FOX", t))]
    assert xs[0] == pytest.approx(0.15) and xs[2] == pytest.approx(0.85)
    assert xs[1] == pytest.approx(0.15 + 0.7 * 0.25, abs=0.02)
    assert all(p.pinned for k in shot.keyframes for p in k.placements)


def test_style_and_negative_come_from_the_page_the_film_and_the_scene() -> None:
    text = (
        '@style add "soft light"\n@negative "text"\n\nEXT. FOREST\n\nThe FOX bows.\n\n'
        'EXT. FOREST\n@style "ink"\n@negative "hands"\n\nThe FOX bows.\n'
    )
    plan = planned(text)
    assert [(s.style, s.negative) for s in plan.shots] == [
        ("soft light", "text"),
        ("ink", "text, hands"),
    ]
    assert (plan.style, plan.negative) == ("soft light", "text")


def test_a_location_is_the_background_and_is_pinned() -> None:
    text = "@location OLD MILL: a mill by a sandy beach\n\nEXT. OLD MILL - DAY\n\nThe FOX bows.\n"
    (shot,) = planned(text).shots
    assert shot.place_id == "beach"
    assert [p.span.line for p in shot.pins if p.what == "place"] == [6]
    (shot,) = planned(text, OPEN).shots
    assert shot.background == "a mill by a sandy beach, day"


def test_defaults_are_pinned_where_they_stand() -> None:
    shots = planned(
        "@defaults { seed 3; duration 2s }\n\nEXT. FOREST\n\nThe FOX bows.\n\n"
        "EXT. BEACH\n@seed 4\n\nThe FOX bows.\n"
    ).shots
    assert [(s.seed, s.duration_s) for s in shots] == [(3, 2.0), (4, 2.0)]
    assert [[p.span.line for p in s.pins if p.what == "seed"] for s in shots] == [[6], [13]]
