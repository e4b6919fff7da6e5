"""Every latent is told where in its box it lies, the front box first."""

from __future__ import annotations

import torch

from dreamrunner.engine.storybook.box_channels import CHANNELS, FARTHEST, place_channels


def told(*boxes: tuple[float, float, float, float], depths: tuple[float, ...]) -> torch.Tensor:
    """Inside, across and down [3, 8, 8] of one frame."""
    tracks = torch.tensor(boxes).reshape(len(boxes), 1, 4)
    return place_channels(tracks, torch.tensor(depths), 8, 8)[0, :3]


def test_coordinates_run_from_minus_one_to_one_across_a_box() -> None:
    inside, across, down = told((0.25, 0.5, 0.75, 1.0), depths=(0,))
    assert inside.sum() == 16 and inside[4:, 2:6].all()
    torch.testing.assert_close(across[5, 2:6], torch.tensor([-0.75, -0.25, 0.25, 0.75]))
    torch.testing.assert_close(down[4:, 3], torch.tensor([-0.75, -0.25, 0.25, 0.75]))


def test_a_latent_outside_all_boxes_measures_from_the_nearest_up_to_a_bound() -> None:
    inside, across, _ = told((0.0, 0.0, 0.25, 1.0), (0.75, 0.0, 1.0, 1.0), depths=(0, 1))
    assert inside[4, 2] == 0 and across[4, 2] == 1.5
    assert inside[4, 5] == 0 and across[4, 5] == -1.5
    assert across.abs().max() == FARTHEST


def test_where_boxes_overlap_the_front_one_is_told() -> None:
    back, front = (0.0, 0.0, 1.0, 1.0), (0.5, 0.5, 1.0, 1.0)
    small_in_front = told(back, front, depths=(1, 0))
    torch.testing.assert_close(small_in_front[1, 5, 4:], torch.tensor([-0.75, -0.25, 0.25, 0.75]))
    small_behind = told(back, front, depths=(0, 1))
    torch.testing.assert_close(small_behind, told(back, depths=(0,)))


def test_who_is_not_in_a_frame_is_not_told_there() -> None:
    gone = torch.full((4,), torch.nan)
    boxes = torch.stack([torch.tensor([0.0, 0.0, 0.5, 1.0]), gone])[None]  # [1, 2, 4]
    assert place_channels(boxes, torch.zeros(1), 4, 4).shape == (2, CHANNELS, 4, 4)
    here, away = place_channels(boxes, torch.zeros(1), 4, 4)
    assert here[0, :, :2].all() and not away.any()
    assert not place_channels(torch.zeros(0, 2, 4), torch.zeros(0), 4, 4).any()
