"""The benchmark of characters asks for one that was held out, in scenes that are fixed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.world import HELD_OUT_CHARACTERS, draw
from dreamrunner.tools.training.published import _seen

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

import characters as bench  # noqa: E402


@pytest.mark.parametrize("character", HELD_OUT_CHARACTERS)
def test_shots_are_fixed_and_ask_for_the_character_first(character: str) -> None:
    asked = bench.asked_for(character, 40)
    assert [one.scene for one in asked] == [one.scene for one in bench.asked_for(character, 40)]
    tuning = bench.asked_for(character, 10, bench.TUNING_SEED)
    assert not {one.scene for one in asked} & {one.scene for one in tuning}
    assert {one.wanted[0].character for one in asked} == {character}
    beside = [figure.character for one in asked for figure in one.wanted[1:]]
    assert len(beside) == 20 and not {*beside} & {*HELD_OUT_CHARACTERS}
    assert [entity.id for entity in bench.planned(asked[1]).entities] == ["FIGURE0", "FIGURE1"]


def test_pictures_are_of_five_poses_in_every_place_and_say_where(tmp_path: Path) -> None:
    paths = bench.write_pictures("hedgehog", 5, tmp_path)
    scenes = [scene for scene, _ in bench.pictured("hedgehog", 5)]
    assert len({scene.place for scene in scenes}) == 4
    assert len({scene.figures[0].motion for scene in scenes}) == 5
    seen = [_seen(path) for path in paths]
    assert len({one.sha256 for one in seen}) == 5
    assert all(one.box and 0.2 < one.box.width < 0.6 and one.background for one in seen)


def test_somebody_is_told_who_is_seen_in_nearly_every_frame() -> None:
    judge = MiniatureJudge.load()
    (asked,) = bench.asked_for("penguin", 1)
    frames = draw(asked.scene).frames
    assert bench.told(judge, frames, asked.boxes[0], "penguin")
    assert not bench.told(judge, frames, asked.boxes[0], "owl")
    empty = np.repeat(frames[:1, :1, :1], 64, 1).repeat(96, 2).repeat(len(frames), 0)
    torn = np.where(np.arange(len(frames))[:, None, None, None] < 12, frames, empty)
    assert not bench.told(judge, torn, asked.boxes[0], "penguin")
