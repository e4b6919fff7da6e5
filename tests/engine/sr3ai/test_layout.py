"""Boxes on a token grid: rounding, overlap, background, signatures, and time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dreamrunner.engine.sr3ai.layout import (
    Overlap,
    TokenGrid,
    latent_times,
    region_masks,
    shot_layout,
    softened,
    token_layout,
    visibility,
)
from dreamrunner.engine.storybook.training.batches import raster
from dreamrunner.errors import EngineError, Span
from dreamrunner.plan import Entity, Keyframe, Pin, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box

from ..oracles import oracle_visibility

# Small inputs in any number say little more; how long one takes is the machine's business.
briefly = settings(max_examples=40)


def masks_strategy() -> st.SearchStrategy[torch.Tensor]:
    shape = st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(1, 4), st.integers(1, 5))
    return shape.flatmap(lambda s: arrays.arrays(bool, s)).map(torch.from_numpy)


def shot(*tracks: tuple[str, list[tuple[float, Box]]], overlap: str = "union") -> ShotPlan:
    times = sorted({time for _, keys in tracks for time, _ in keys})
    return ShotPlan(
        id="1.1",
        scene="1",
        duration_s=3.0,
        seed=1,
        place="a meadow",
        background="a meadow",
        entities=tuple(Entity(id=name, look="", prompt=name) for name, _ in tracks),
        keyframes=tuple(
            Keyframe(
                time_s=time,
                placements=tuple(
                    Placement(entity=name, box=box, depth=depth)
                    for depth, (name, keys) in enumerate(tracks)
                    for at, box in keys
                    if at == time
                ),
            )
            for time in times
        ),
        settings=RenderSettings(overlap=overlap),
    )


def test_boxes_round_to_the_nearest_cell_and_keep_at_least_one() -> None:
    masks = region_masks([[Box(0.24, 0.0, 0.51, 0.01)]], height=4, width=4)
    assert masks[0, 0].nonzero().tolist() == [[0, 1]]


def test_boxes_beyond_the_frame_stay_on_the_grid() -> None:
    masks = region_masks([[Box(-0.5, 0.9, 0.2, 1.5)], [None]], height=4, width=4)
    assert masks[0, 0].nonzero().tolist() == [[3, 0]]
    assert not masks[1].any()


@briefly
@given(arrays.arrays(np.float32, (2, 2, 3, 4), elements=st.floats(-0.25, 1.25, width=32)))
def test_training_rasterises_as_sampling_does(boxes: np.ndarray) -> None:
    rows = [
        [[Box(*map(float, boxes[b, a, f])) for f in range(3)] for a in range(2)] for b in range(2)
    ]
    expected = np.stack([region_masks(row, 6, 9).numpy() for row in rows])
    assert (raster(boxes, 6, 9) == expected).all()


@briefly
@given(masks_strategy())
def test_regions_and_background_cover_every_token(masks: torch.Tensor) -> None:
    visible = visibility(masks)
    assert visible.any(0).all()
    assert (visible[-1] == ~visible[:-1].any(0)).all()


@briefly
@given(masks_strategy())
def test_by_depth_one_text_sees_each_token_and_the_front_keeps_all_of_its_own(
    masks: torch.Tensor,
) -> None:
    visible = visibility(masks, depths=list(range(len(masks))), overlap="depth")
    assert (visible.sum(0) == 1).all()
    if len(masks):
        assert (visible[0] == masks[0].flatten()).all()


@briefly
@given(masks_strategy())
def test_sorting_is_a_permutation_and_groups_hold_equals(masks: torch.Tensor) -> None:
    visible = visibility(masks)
    layout = token_layout(visible)
    assert layout.order[layout.inverse].tolist() == list(range(layout.tokens))
    assert [g.start for g in layout.groups[1:]] == [g.stop for g in layout.groups[:-1]]
    assert (layout.groups[0].start, layout.groups[-1].stop) == (0, layout.tokens)
    for group in layout.groups:
        for token in layout.order[group.start : group.stop]:
            assert tuple(visible[:, token].nonzero().flatten().tolist()) == group.texts


@pytest.mark.parametrize("overlap", ["union", "depth"])
@briefly
@given(masks_strategy(), st.permutations(range(4)))
def test_who_sees_a_token_is_what_the_oracle_says(
    overlap: Overlap, masks: torch.Tensor, nearness: list[int]
) -> None:
    found = visibility(masks, nearness[: len(masks)], overlap)
    assert torch.equal(found, oracle_visibility(masks, nearness, overlap))


def test_a_moving_box_is_taken_at_each_latent_frames_time() -> None:
    moving = [(0.0, Box(0.0, 0.0, 0.25, 1.0)), (2.0, Box(0.5, 0.0, 0.75, 1.0))]
    grid = TokenGrid(frames=3, height=1, width=4, times_s=(0.0, 1.0, 2.0))
    layout = shot_layout(shot(("FOX", moving)), grid)
    assert layout.visible[0].view(3, 4).nonzero().tolist() == [[0, 0], [1, 1], [2, 2]]


def test_without_regions_one_text_sees_everything() -> None:
    still = shot(("FOX", [(0.0, Box(0.0, 0.0, 0.5, 1.0))]))
    off = still.model_copy(update={"settings": RenderSettings(regions=False)})
    layout = shot_layout(off, TokenGrid(2, 1, 4, (0.0, 1.0)))
    assert layout.regions == 1
    assert layout.visible.all()


@pytest.mark.parametrize(("overlap", "shared"), [("union", True), ("depth", False)])
def test_an_overlap_is_shared_or_the_front_ones(overlap: str, shared: bool) -> None:
    both = shot(
        ("FOX", [(0.0, Box(0.0, 0.0, 0.75, 1.0))]),
        ("OWL", [(0.0, Box(0.5, 0.0, 1.0, 1.0))]),
        overlap=overlap,
    )
    layout = shot_layout(both, TokenGrid(1, 1, 4, (0.0,)))
    assert layout.visible[0].tolist() == [True, True, True, False]
    assert layout.visible[1].tolist() == [False, False, shared, True]


@briefly
@given(st.integers(1, 13), st.integers(1, 5))
def test_latent_times_are_the_means_of_their_frames(latent_frames: int, gathered: int) -> None:
    times = latent_times(latent_frames, gathered, fps=8)
    frames = [[0.0]] + [
        [(k - 1) * gathered + i + 1 for i in range(gathered)] for k in range(1, latent_frames)
    ]
    assert times == pytest.approx([sum(f) / len(f) / 8 for f in frames])


def test_a_token_of_several_latent_frames_stands_at_their_middle() -> None:
    """CogVideoX 1.5 gathers two latent frames, and fills an odd clip up in front."""
    single = latent_times(3, 4, fps=16)
    assert single == pytest.approx([0.0, 2.5 / 16, 6.5 / 16])
    assert latent_times(3, 4, fps=16, gathered=2) == pytest.approx([0.0, 4.5 / 16])


def overlapping(depth: dict[str, int]) -> ShotPlan:
    boxes = {"FOX": Box(0.0, 0.0, 0.75, 1.0), "OWL": Box(0.5, 0.0, 1.0, 1.0)}
    plan = shot(*((name, [(0.0, box)]) for name, box in boxes.items()), overlap="depth")
    placed = tuple(Placement(entity=n, box=b, depth=depth[n]) for n, b in boxes.items())
    return plan.model_copy(update={"keyframes": (Keyframe(time_s=0.0, placements=placed),)})


def test_by_depth_the_nearer_one_keeps_what_both_cover() -> None:
    grid = TokenGrid(1, 1, 4, (0.0,))
    in_front = shot_layout(overlapping({"FOX": 2, "OWL": 1}), grid)
    assert in_front.visible[:2].tolist() == [[True, True, False, False], [False, False, True, True]]
    behind = shot_layout(overlapping({"FOX": 1, "OWL": 2}), grid)
    assert behind.visible[:2].tolist() == [[True, True, True, False], [False, False, False, True]]


def test_soft_edges_fall_ring_by_ring_and_the_background_has_the_rest() -> None:
    masks = torch.zeros(1, 1, 1, 5, dtype=torch.bool)
    masks[..., 0] = True
    weights = visibility(softened(masks, 2))
    assert weights[0].tolist() == pytest.approx([1, 2 / 3, 1 / 3, 0, 0])
    assert weights[1].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1, 1])
    layout = token_layout(weights)
    assert [len(group.texts) for group in layout.groups] == [1, 2, 2, 1]
    assert {run.weight for run in layout.runs[0]} == {w for w in weights[0].tolist() if w}


@briefly
@given(masks_strategy())
def test_each_texts_runs_are_the_tokens_that_see_it(masks: torch.Tensor) -> None:
    layout = token_layout(visibility(masks))
    firsts = torch.zeros(layout.tokens, dtype=torch.int64)
    for row, runs in enumerate(layout.runs):
        found = torch.zeros(layout.tokens, dtype=torch.bool)
        for run in runs:
            found[run.start : run.stop] = True
            assert [start for start, _, _ in run.parts] == [
                run.start, *(stop for _, stop, _ in run.parts[:-1])
            ]  # fmt: skip
            assert run.parts[-1][1] == run.stop
            for start, stop, first in run.parts:
                firsts[start:stop] += first
            changes = [first for _, _, first in run.parts]
            assert all(a != b for a, b in pairwise(changes))
        assert torch.equal(found, layout.visible[row, layout.order])
        assert all(a.stop < b.start for a, b in pairwise(runs))
    assert (firsts == 1).all()  # each token has one first text


def test_regions_that_meet_in_a_row_are_one_run_each() -> None:
    masks = torch.zeros(4, 1, 1, 9, dtype=torch.bool)
    for row in range(4):
        masks[row, ..., 2 * row : 2 * row + 3] = True  # the last third of each is the next one's
    layout = token_layout(visibility(masks))
    assert [len(runs) for runs in layout.runs[:4]] == [1, 1, 1, 1]


def test_who_leaves_the_frame_has_no_tokens_left_and_who_enters_gets_them() -> None:
    leaving = [(0.0, Box(0.0, 0.0, 0.5, 1.0)), (2.0, Box(-1.0, 0.0, -0.5, 1.0))]
    entering = [(0.0, Box(1.5, 0.0, 2.0, 1.0)), (2.0, Box(0.5, 0.0, 1.0, 1.0))]
    grid = TokenGrid(frames=3, height=1, width=4, times_s=(0.0, 1.0, 2.0))
    layout = shot_layout(shot(("FOX", leaving), ("OWL", entering)), grid)
    assert layout.visible[0].view(3, 4).any(1).tolist() == [True, False, False]
    assert layout.visible[1].view(3, 4).any(1).tolist() == [False, False, True]


def test_a_region_smaller_than_a_token_is_an_error_at_its_line() -> None:
    tiny = shot(("FOX", [(0.0, Box(0.0, 0.0, 0.12, 1.0))]))
    span = Span("fox.story", 0, 9, 12, 3, 12, 12)
    pinned = tiny.model_copy(update={"pins": (Pin(what="layout", entity="FOX", span=span),)})
    with pytest.raises(EngineError, match=r"fox.story:12:3: the box of FOX .* at least 0.125 wide"):
        shot_layout(pinned, TokenGrid(1, 1, 4, (0.0,)))
    finer = TokenGrid(1, 1, 5, (0.0,))
    assert shot_layout(tiny, finer).visible[0].sum() == 1


def test_equal_shots_are_laid_out_once_and_alike() -> None:
    from dreamrunner.engine.sr3ai import layout as module

    grid = TokenGrid(2, 3, 4, (0.0, 1.0))
    still = shot(("FOX", [(0.0, Box(0.0, 0.0, 0.5, 1.0))]))
    first = shot_layout(still, grid)
    renamed = still.model_copy(update={"id": "2.1", "seed": 9, "background": "a beach"})
    assert shot_layout(renamed, grid) is first
    module._laid_out.cache_clear()
    fresh = shot_layout(still, grid)
    assert fresh is not first
    assert torch.equal(fresh.order, first.order)
    assert torch.equal(fresh.visible, first.visible)
    assert (fresh.groups, fresh.runs) == (first.groups, first.runs)
