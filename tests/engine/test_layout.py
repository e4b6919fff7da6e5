"""Boxes on a token grid: rounding, overlap, background, signatures, and time."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dreamrunner.engine.layout import (
    TokenGrid,
    latent_times,
    region_masks,
    shot_layout,
    token_layout,
    visibility,
)
from dreamrunner.engine.storybook.training.denoiser import raster
from dreamrunner.plan import Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box


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


@given(arrays.arrays(np.float32, (2, 2, 3, 4), elements=st.floats(-0.25, 1.25, width=32)))
def test_training_rasterises_as_sampling_does(boxes: np.ndarray) -> None:
    rows = [
        [[Box(*map(float, boxes[b, a, f])) for f in range(3)] for a in range(2)] for b in range(2)
    ]
    expected = np.stack([region_masks(row, 6, 9).numpy() for row in rows])
    assert (raster(boxes, 6, 9) == expected).all()


@given(masks_strategy())
def test_regions_and_background_cover_every_token(masks: torch.Tensor) -> None:
    visible = visibility(masks)
    assert visible.any(0).all()
    assert (visible[-1] == ~visible[:-1].any(0)).all()


@given(masks_strategy())
def test_by_depth_one_text_sees_each_token_and_the_front_keeps_all_of_its_own(
    masks: torch.Tensor,
) -> None:
    visible = visibility(masks, depths=list(range(len(masks))), overlap="depth")
    assert (visible.sum(0) == 1).all()
    if len(masks):
        assert (visible[0] == masks[0].flatten()).all()


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


@settings(max_examples=20)
@given(st.integers(1, 13), st.integers(1, 5))
def test_latent_times_are_the_means_of_their_frames(latent_frames: int, gathered: int) -> None:
    times = latent_times(latent_frames, gathered, fps=8)
    frames = [[0.0]] + [
        [(k - 1) * gathered + i + 1 for i in range(gathered)] for k in range(1, latent_frames)
    ]
    assert times == pytest.approx([sum(f) / len(f) / 8 for f in frames])
