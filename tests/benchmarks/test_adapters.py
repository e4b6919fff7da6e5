"""The benchmark of adapters teaches by some figures and asks for others, and says who does what."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.miniature.world import HELD_OUT_MOTIONS

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

import adapter_pairs  # noqa: E402
import adapters  # noqa: E402
from minibench import arms  # noqa: E402


@pytest.mark.parametrize("motion", HELD_OUT_MOTIONS)
def test_nobody_of_the_clips_is_asked_for(motion: str) -> None:
    asked = adapters.asked_for(motion, 20)
    assert {one.wanted[0].motion for one in asked} == {motion}
    assert not {one.wanted[0].character for one in asked} & set(adapters.TEACHERS)
    assert [one.scene for one in asked] == [one.scene for one in adapters.asked_for(motion, 20)]


def test_unfiltered_clips_say_the_motion_and_half_of_them_show_another() -> None:
    arm = next(one for one in adapters.ARMS if one.name == "20 unfiltered")
    clips = adapters.lessons("wave", arm)
    right = adapters.lessons("wave", adapters.ClipArm("", 20))
    assert len(clips) == 20 and all("wave" in clip.caption for clip in clips)
    same = [np.array_equal(a.frames, b.frames) for a, b in zip(clips, right, strict=True)]
    assert all(same[:10])


def test_another_animal_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "TEACHERS", adapters.TEACHERS)
    monkeypatch.setattr(adapters, "RIGHT", adapters.RIGHT)
    adapters.ask_for("owl")
    assert {one.wanted[0].character for one in adapters.asked_for("sway", 9)} == {"owl"}
    assert "owl" not in adapters.TEACHERS and "frog" in adapters.TEACHERS
    assert len(set(adapters.TEACHERS)) == 5


def test_in_pairs_each_does_its_own_and_both_take_both_sides() -> None:
    found = adapter_pairs.pairs(8)
    assert {one.wanted[0].motion for one in found} == {"sway", "jump"}
    for one in found:
        left, right = one.wanted
        assert left.x < right.x and {left.motion, right.motion} == {"sway", "jump"}
        swaying = left if left.motion == "sway" else right
        assert (swaying.character == "frog") and left.character != right.character


def test_change_is_counted_in_its_own_box() -> None:
    plain = np.full((2, 10, 20, 3), 100, np.uint8)
    frames = plain.copy()
    frames[:, :, :10] = 60
    left, right = (np.array([[x, 0.0, x + 0.5, 1.0]] * 2, np.float32) for x in (0.0, 0.5))
    assert adapter_pairs.change(frames, plain, left) == 40
    assert adapter_pairs.change(frames, plain, right) == 0


def test_shots_say_what_their_figures_do() -> None:
    one = adapters.asked_for("sway", 1)[0]
    shot = adapters.with_beats(arms.by_regions(one, 1), one)
    assert [(beat.entity, beat.motion) for beat in shot.beats] == [("FIGURE0", "sway")]


def test_shots_are_drawn_in_the_steps_that_are_asked_for() -> None:
    one = adapters.asked_for("sway", 1)[0]
    many, few = (adapters.planned(one, 1, steps) for steps in (20, 5))
    assert (many.settings.steps, few.settings.steps) == (20, 5)
    assert adapters.parser().parse_args(["folder", "--judge", "j"]).drawn_in == 5
    kept = few.settings.model_copy(update={"steps": 20})
    assert few.model_copy(update={"settings": kept}) == many
