"""Boxes on each frame -> channels that tell every latent where in its box it lies.

They stand beside the noisy latents as the first frame does in CogVideoX's image-to-video models.
Region attention says which words a token follows; these channels say which part of the figure it
is to be, to a fraction of a token, which a mask on tokens cannot
(docs/decisions/0003-a-codec-for-frames.md).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

WAVES = (1, 2)  # half and whole periods across a box: coordinates alone are learnt slowly
CHANNELS = 3 + 4 * len(WAVES)
FARTHEST = 2.0  # coordinates are told up to this many half sides from a box's centre


def place_channels(boxes: Tensor, depths: Tensor, height: int, width: int) -> Tensor:
    """Tell each latent where it lies in the front box that covers it, else in the nearest one.

    Args:
        boxes: [..., E, T, 4] fp32 in parts of the frame, NaN where an entity is not in it.
        depths: [..., E], smaller is nearer to the camera.
        height, width: H and W of the latents.

    Returns:
        [..., T, CHANNELS, H, W] fp32: 1 inside and 0 outside; then x and y from -1 at the box's
        left and top to 1 at its right and bottom, bounded by `FARTHEST`; then, for each of
        `WAVES`, the sines and cosines of both. All zero where there is no box.
    """
    *batch, entities, frames, _ = boxes.shape
    if not entities:
        return boxes.new_zeros(*batch, frames, CHANNELS, height, width)
    x = (torch.arange(width).to(boxes) + 0.5) / width
    y = (torch.arange(height).to(boxes)[:, None] + 0.5) / height
    left, top, right, bottom = (side[..., None, None] for side in boxes.unbind(-1))
    across = (2 * x - left - right) / (right - left).clamp(min=1e-3)  # [..., E, T, 1, W]
    down = (2 * y - top - bottom) / (bottom - top).clamp(min=1e-3)  # [..., E, T, H, 1]
    across, down = torch.broadcast_tensors(across, down)
    reach = torch.maximum(across.abs(), down.abs()).nan_to_num(torch.inf)
    # Boxes that cover a latent come before all others, and among them the front one.
    ranks = depths.argsort(-1).argsort(-1).to(boxes)[..., None, None, None]
    nearest = torch.where(reach <= 1, ranks - entities, reach).argmin(-4, keepdim=True)
    reach, across, down = (t.gather(-4, nearest).squeeze(-4) for t in (reach, across, down))
    known = reach.isfinite().to(boxes)[..., None, :, :]
    place = torch.stack([across, down], -3).nan_to_num(0.0).clamp(-FARTHEST, FARTHEST)
    waves = [wave(math.pi * k * place) for k in WAVES for wave in (torch.sin, torch.cos)]
    inside = (reach <= 1).to(boxes)[..., None, :, :]
    return torch.cat([inside, place, *waves], -3) * known
