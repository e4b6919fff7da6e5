"""A followed figure -> the crops that the judge of the grown world reads."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .nets import CROP

CLOSE, STILL = 1.15, 1.2  # sides of crops, in longer sides of what they show


def look_crops(frames: Tensor, boxes: Tensor) -> Tensor:
    """Cut a square about a figure from each frame.

    Args:
        frames: [B, 3, h, w] fp32 in [0, 1].
        boxes: [B, 4] fp32 in parts of the frame.

    Returns:
        [B, 3, s, s] fp32; beyond the frame its edge goes on.
    """
    return _cut(frames, _squares(boxes, frames.shape[-2:], CLOSE))


def motion_crops(frames: Tensor, boxes: Tensor) -> Tensor:
    """Cut the same square, about all that a figure does, from each frame, with where it is.

    Args:
        frames: [T, 3, h, w] fp32 in [0, 1].
        boxes: [T, 4] fp32 in parts of the frame.

    Returns:
        [T, 4, s, s] fp32: colours, then 1 where the figure's box is.
    """
    height, width = frames.shape[-2:]
    x = (torch.arange(width) + 0.5) / width
    y = (torch.arange(height) + 0.5) / height
    left, top, right, bottom = boxes.unbind(-1)
    across = (x >= left[:, None]) & (x < right[:, None])
    down = (y >= top[:, None]) & (y < bottom[:, None])
    where = (down[:, :, None] & across[:, None, :]).float()
    around = torch.cat([boxes[:, :2].amin(0), boxes[:, 2:].amax(0)])
    square = _squares(around[None], frames.shape[-2:], STILL).expand(len(frames), 3)
    return _cut(torch.cat([frames, where[:, None]], 1), square)


def _squares(boxes: Tensor, size: torch.Size, scale: float) -> Tensor:
    """Return the middle and the side of squares [B, 3], in pixels."""
    whole = torch.tensor([size[1], size[0]])
    low, high = boxes[:, :2] * whole, boxes[:, 2:] * whole
    side = (high - low).amax(1, keepdim=True).clamp(min=8.0) * scale
    return torch.cat([(low + high) / 2, side], 1)


def _cut(frames: Tensor, squares: Tensor) -> Tensor:
    height, width = frames.shape[-2:]
    theta = torch.zeros(len(frames), 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = squares[:, 2] / width, squares[:, 2] / height
    theta[:, 0, 2] = 2 * squares[:, 0] / width - 1
    theta[:, 1, 2] = 2 * squares[:, 1] / height - 1
    grid = F.affine_grid(theta, [len(frames), 1, CROP, CROP], align_corners=False)
    return F.grid_sample(frames, grid, padding_mode="border", align_corners=False)
