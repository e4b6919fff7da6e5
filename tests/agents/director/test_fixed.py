"""Given what a writer fixed, expect it in the plan as it stands, and who it is pinned for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.story import Box

from .planned import FOX_AND_OWL, box_of, only_shot, planned, prompts


def test_tags_are_pinned_and_their_times_kept() -> None:
    shot = only_shot(
        f"{FOX_AND_OWL}\nEXT. MEADOW\n\nThe FOX walks. {{FOX, motion=walk, 0s..2s}}\n"
        "It bows. {FOX, motion=bow, 2s..3s}\n"
    )
    assert [(b.motion, b.start_s, b.end_s, b.pinned) for b in shot.beats] == [
        ("walk", 0.0, 2.0, True), ("bow", 2.0, 3.0, True), ("stand", 3.0, 3.125, False),
    ]  # fmt: skip
    assert prompts(shot) == ["a grey fox walking to the right, then bowing, then standing still"]
    assert [(p.what, p.entity, p.span.line) for p in shot.pins] == [
        ("motion", "FOX", 9), ("motion", "FOX", 10),
    ]  # fmt: skip


PINNED = """
@character FOX: a red fox
@character OWL: an owl

EXT. BEACH - DAY
@seed 99
@camera pan-left slow
@tries 5
@layout FOX {
  0s: box (0.05, 0.30, 0.35, 0.90)
  1s: box (0.20, 0.31, 0.50, 0.91)
  3s: box (0.10, 0.30, 0.40, 0.90)
}
@motion FOX { 0s..2s: hop; 2s..3s: "moonwalk" }

The FOX walks. The OWL sleeps.
"""


def test_what_the_writer_fixed_is_used_exactly_and_recorded() -> None:
    shot = only_shot(PINNED.replace('"moonwalk"', "moonwalk"))
    at = {k.time_s: k.placement("FOX") for k in shot.keyframes}
    for time_s, box in (
        (0.0, Box(0.05, 0.30, 0.35, 0.90)),
        (1.0, Box(0.20, 0.31, 0.50, 0.91)),
        (3.0, Box(0.10, 0.30, 0.40, 0.90)),
    ):
        placed = at[time_s]
        assert placed is not None and placed.box == box and placed.pinned
    fixed = [(b.motion, b.start_s, b.end_s) for b in shot.beats if b.pinned]
    assert fixed == [("hop", 0.0, 2.0), ("moonwalk", 2.0, 3.0)]
    assert (shot.seed, shot.camera, shot.tries) == (99, "pan-left slow", 5)
    assert [(p.what, p.entity) for p in shot.pins] == [
        ("layout", "FOX"), ("motion", "FOX"), ("motion", "FOX"), ("seed", None), ("camera", None),
    ]  # fmt: skip
    assert 'storybook was never taught "moonwalk", which is pinned' in shot.notes
    assert all(box_of(shot, "OWL", t).intersection(box_of(shot, "FOX", t)) == 0 for t in (0, 1, 3))


def test_replan_releases_a_pin_and_keep_makes_one() -> None:
    text = PINNED.replace('"moonwalk"', "jump").replace(
        "@tries 5", "@replan layout, seed, keep=(camera, place)"
    )
    shot = only_shot(text)
    assert {(p.what, p.entity) for p in shot.pins} == {
        ("motion", "FOX"), ("camera", None), ("place", None),
    }  # fmt: skip
    assert box_of(shot, "FOX", 1.0) == Box(0.20, 0.31, 0.50, 0.91)
    assert not any(p.pinned for k in shot.keyframes for p in k.placements)


UNIT = st.integers(0, 60)


LAYOUTS = st.lists(st.tuples(st.integers(0, 62), UNIT, UNIT, st.integers(10, 39)), min_size=1,
                   max_size=4, unique_by=lambda key: key[0])  # fmt: skip


@settings(max_examples=60)
@given(LAYOUTS, st.sampled_from(["walks", "jumps up and down", "sleeps", "flies up"]))
def test_every_pinned_box_survives_at_its_time(
    keys: list[tuple[int, int, int, int]], verb: str
) -> None:
    boxes = {
        f / 8: Box(x / 100, y / 100, (x + side) / 100, (y + side) / 100)
        for f, x, y, side in sorted(keys)
    }
    lines = "\n".join(
        f"  {t}s: box ({b.left}, {b.top}, {b.right}, {b.bottom})" for t, b in boxes.items()
    )
    text = (
        f"{FOX_AND_OWL}\nEXT. BEACH\n@layout FOX {{\n{lines}\n}}\n\nThe FOX {verb}. An OWL waits."
    )
    plan = planned(text)
    starts = [sum(s.duration_s for s in plan.shots[:i]) for i in range(len(plan.shots))]
    for time_s, box in boxes.items():
        shown = [
            placed.box
            for start, shot in zip(starts, plan.shots, strict=True)
            for k in shot.keyframes
            if k.time_s == pytest.approx(time_s - start, abs=1e-5)
            and (placed := k.placement("FOX")) is not None
            and placed.pinned
        ]
        assert box in shown
    for shot in plan.shots:
        for placed in (p for k in shot.keyframes for p in k.placements):
            assert 0 <= placed.box.left < placed.box.right <= 1
            assert 0 <= placed.box.top < placed.box.bottom <= 1
