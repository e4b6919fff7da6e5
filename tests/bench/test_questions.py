"""Leaks between regions and occlusion, by a painter whose pictures are known."""

from __future__ import annotations

import numpy as np
import pytest

from dreamrunner.bench import questions
from dreamrunner.bench.scoring import Frames, planned
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.world import WIDTH, draw
from dreamrunner.plan import ShotPlan


def own_box_only(shot: ShotPlan) -> Frames:
    """Paint each figure's box in a colour of its own words, and nothing else."""
    frames = np.zeros((25, 64, 96, 3), np.uint8)
    for entity in shot.entities:
        shade = sum(map(ord, entity.prompt)) % 200 + 20
        for at, (left, top, right, bottom) in enumerate(planned(shot, entity.id, 25)):
            rows = slice(round(float(top) * 64), round(float(bottom) * 64))
            frames[at, rows, round(float(left) * 96) : round(float(right) * 96)] = shade
    return frames


def test_words_that_change_their_own_box_alone_leak_nowhere() -> None:
    found = list(questions.leaks(own_box_only, 3, 2, 1.0))
    assert [leak.layers for leak in found] == list(questions.LAYERS) * 3
    assert max(leak.own for leak in found) > 0.02
    assert all(leak.other == 0 for leak in found)
    assert all(leak.rest < 0.01 for leak in found)


def test_the_changed_shot_has_the_same_noise_and_the_other_text() -> None:
    seen: list[ShotPlan] = []

    def remembered(shot: ShotPlan) -> Frames:
        seen.append(shot)
        return own_box_only(shot)

    list(questions.leaks(remembered, 1, 2, 1.0))
    before, after = seen[:2]
    assert before.seed == after.seed and before.keyframes == after.keyframes
    assert before.entities[0].prompt != after.entities[0].prompt
    assert before.entities[1:] == after.entities[1:]
    assert [s.settings.region_layers[1] for s in seen[::2]] == list(questions.LAYERS)


@pytest.mark.parametrize("overlap", questions.OVERLAPS)
def test_boxes_overlap_as_far_as_they_should(overlap: float) -> None:
    for scene in questions.pairs(4):
        boxes = draw(questions.overlapping(scene, overlap)).boxes[:, 0] * WIDTH
        shared = min(boxes[0, 2], boxes[1, 2]) - max(boxes[0, 0], boxes[1, 0])
        narrow = (boxes[:, 2] - boxes[:, 0]).min()
        assert max(0, shared) / narrow == pytest.approx(overlap, abs=0.12)


class SeesBoth(MiniatureJudge):
    """Finds the first of two alone, wherever it looks."""

    def __init__(self, front: str) -> None:
        self._front = front

    def track(self, frames: Frames, character: str) -> list[tuple[float, float] | None]:
        return [(0.5, 0.5) if character == self._front else None]

    def found(self, frames: Frames, parts: object) -> list[object]:  # type: ignore[override]
        return [type("Seen", (), {"character": self._front})]


def test_what_is_seen_is_told_by_mode_and_overlap() -> None:
    front = questions.pairs(1)[0].figures[1].character
    asked: list[ShotPlan] = []

    def blank(shot: ShotPlan) -> Frames:
        asked.append(shot)
        return np.zeros((25, 64, 96, 3), np.uint8)

    found = list(questions.occlusion(blank, SeesBoth(front), 1, 2, 1.0))
    assert len(found) == len(questions.OVERLAPS) * len(questions.MODES)
    assert all(one.front and not one.both for one in found)
    assert [s.settings.overlap for s in asked[:3]] == ["union", "depth", "depth"]
    assert [s.settings.soft_edge_tokens for s in asked[:3]] == [0, 0, 1]
    depths = [p.depth for p in asked[1].keyframes[0].placements]
    assert depths[1] < depths[0]  # the second stands in front
