"""The miniature's benchmark asks for what it says, and scores what it sees."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.miniature.captions import caption, is_held_out
from dreamrunner.engine.miniature.judge import FoundFigure
from dreamrunner.engine.miniature.world import FPS, FRAMES, WorldScene, draw
from dreamrunner.engine.sr3ai.layout import TokenGrid, shot_layout

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from minibench import arms, scoring  # noqa: E402

GRID = TokenGrid(5, 8, 12, tuple((5 * k + 2) / FPS for k in range(5)))


def test_prompts_are_the_same_at_every_run_and_nothing_is_held_out() -> None:
    asked = [*arms.singles(20), *arms.pairs(10)]
    again = [*arms.singles(20), *arms.pairs(10)]
    assert [one.scene for one in asked] == [one.scene for one in again]
    assert not any(is_held_out(figure) for one in asked for figure in one.scene.figures)
    assert {len(one.scene.figures) for one in arms.singles(20)} == {1}


def test_arms_differ_in_what_they_name_and_nothing_else() -> None:
    asked = arms.pairs(1)[0]
    shots = {name: arm(asked, 7) for name, arm in arms.MAIN.items()}
    assert {shot.seed for shot in shots.values()} == {7}
    assert shots["one caption"].background == caption(asked.scene)
    assert shots["caption naming sides"].background == caption(asked.scene, sides=True)
    regions, open_ = shots["regions"], shots["texts all visible"]
    assert regions.entities == open_.entities
    assert regions.keyframes == open_.keyframes
    assert open_.settings.region_layers == (0.0, 0.0)
    turned = arms.swapped(asked, 7)
    assert [e.prompt for e in turned.entities] == [e.prompt for e in regions.entities][::-1]
    assert turned.keyframes == regions.keyframes
    assert arms.swapped_wish(asked).wanted == asked.scene.figures[::-1]


def test_a_moved_box_is_on_the_other_side() -> None:
    for asked in arms.singles(20):
        moved = arms.moved_wish(asked)
        before, after = asked.boxes[0, 0], moved.boxes[0, 0]
        assert (before[0] + before[2] < 1) != (after[0] + after[2] < 1) or abs(
            before[0] + before[2] - after[0] - after[2]
        ) == pytest.approx(0.8, abs=0.3)


def test_merged_captions_have_the_tokens_of_both_boxes() -> None:
    asked = arms.overlapping(1)[0]
    layout = shot_layout(arms.merged(asked, 1), GRID)
    visible = layout.visible.int()
    assert visible.shape[0] == 4
    assert visible.sum(0).eq(1).all()  # each token sees one text
    union = shot_layout(arms.by_regions(asked, 1), GRID).visible
    both = union[0] & union[1]
    assert both.any()
    assert layout.visible[2][both].float().mean() > 0.9


def test_two_motions_in_time_have_a_half_each() -> None:
    asked = arms.in_time(1)[0]
    layout = shot_layout(asked.split(1), GRID)
    early, late = (row.reshape(5, 8, 12).any((1, 2)).tolist() for row in layout.visible[:2])
    assert early == [True, True, False, False, False] or early == [True, True, True, False, False]
    assert late == [not one for one in early]
    turned = asked.split(1, exchanged=True)
    assert [e.prompt for e in turned.entities] == [e.prompt for e in asked.split(1).entities][::-1]
    assert " first " in asked.sentence(1).background
    assert " then " in asked.sentence(1).background


class Knows:
    """A judge that sees the scene it was given, whatever the frames."""

    def __init__(self, asked: arms.Asked) -> None:
        self._asked = asked

    def found(self, frames: np.ndarray, parts: list[np.ndarray]) -> list[FoundFigure]:
        seen = []
        for boxes in parts:
            x = float(boxes[10, 0] + boxes[10, 2]) / 2
            distances = [abs(b[10, 0] + b[10, 2] - 2 * x) for b in self._asked.boxes]
            one = self._asked.scene.figures[int(np.argmin(distances))]
            seen.append(FoundFigure(one.character, one.colour, x, 0.5))
        return seen

    def place(self, frames: np.ndarray) -> str:
        return self._asked.scene.place

    def motion(self, frames: np.ndarray, boxes: np.ndarray) -> str:
        distances = [np.abs(b - boxes).sum() for b in self._asked.boxes]
        return self._asked.scene.figures[int(np.argmin(distances))].motion

    motion_in_place = motion


def test_the_truth_is_all_right_and_its_swap_all_wrong() -> None:
    for asked in arms.pairs(5):
        judge, frames = Knows(asked), draw(asked.scene).frames
        right = scoring.score(judge, asked, 1, frames)  # type: ignore[arg-type]  # a fake
        assert right.figure == right.colour == right.shown == [True, True]
        assert right.halves and right.place
        assert right.motion == [True, True]
        turned = scoring.score(judge, arms.swapped_wish(asked), 1, frames)  # type: ignore[arg-type]
        assert turned.figure == [False, False]
        assert not turned.halves
        assert turned.shown == [True, True]


def test_a_dragged_cut_out_goes_where_its_box_goes_and_moves_no_limb() -> None:
    asked = next(one for one in arms.singles(40) if one.scene.figures[0].motion == "rise")
    frames = scoring.dragged(asked)
    assert frames.shape == draw(asked.scene).frames.shape
    still = WorldScene(asked.scene.place, (asked.scene.figures[0],))
    assert not np.array_equal(frames[-1], frames[0])
    assert np.array_equal(frames[0][:8], draw(still).frames[0][:8])
    assert len(frames) == FRAMES


def test_rates_count_figures_and_clips() -> None:
    asked = arms.pairs(2)
    scored = [scoring.score(Knows(one), one, 1, draw(one.scene).frames) for one in asked]  # type: ignore[arg-type]
    held = scoring.rates(scored)
    assert held["figure in its box"] == [True] * 4
    assert held["pairs in their halves"] == [True] * 2
