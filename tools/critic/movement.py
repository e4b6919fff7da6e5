"""Frames -> how much a picture moves, and what no picture of a film may be: black, still, flicker.

Arithmetic on pixels, with no model: the same for every critic.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from ...story import Box
from .ports import Region, SampledFrames

STILL = 0.012  # mean change of a picture, in parts of its range, below which it stands still
BLACK = 0.02  # brightness below which a frame is black, in parts of the range
FLICKER = 0.08  # mean jump of the brightness there and back, in parts of the range
_SIDE_PX = 64
_GRAIN_PX = 8  # what is smaller moves by noise
_ROOM = 1.3  # a figure is watched in a square this much larger than the box around it


def change(region: Region) -> float:
    """Return how much a region moves: the greatest mean difference of any frame from the first.

    In parts of the whole range. A region with boxes is the square about the box around them all.
    """
    pixels = _hidden(region)
    boxes = [box for box in region.boxes or () if box is not None]
    if boxes:
        pixels = _cut(pixels, boxes)
    small = F.interpolate(pixels, size=(_SIDE_PX, _SIDE_PX), mode="area")
    coarse = F.avg_pool2d(small, _GRAIN_PX)
    return float((coarse - coarse[:1]).abs().mean((1, 2, 3)).max())


def _hidden(region: Region) -> torch.Tensor:
    """Return [T, 3, h, w] fp32 in 0..1, with what is hidden painted grey."""
    frames = region.footage.frames
    pixels = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255
    for i in range(len(pixels)):
        covered = np.zeros(frames.shape[1:3], bool)
        for track in region.hidden:
            if (box := track[i]) is not None:
                covered |= _inside(box, frames.shape[1], frames.shape[2])
        if region.spare is not None and (own := region.spare[i]) is not None:
            covered &= ~_inside(own, frames.shape[1], frames.shape[2])
        pixels[i, :, torch.from_numpy(covered)] = 0.5
    return pixels


def _inside(box: Box, height: int, width: int) -> NDArray[np.bool_]:
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    across = (x >= box.left) & (x < box.right)
    down = (y >= box.top) & (y < box.bottom)
    covered: NDArray[np.bool_] = down[:, None] & across[None]
    return covered


def _cut(pixels: torch.Tensor, boxes: list[Box]) -> torch.Tensor:
    """Cut the square around all boxes, grey where it reaches beyond the frame."""
    height, width = pixels.shape[-2:]
    left, right = min(b.left for b in boxes) * width, max(b.right for b in boxes) * width
    top, bottom = min(b.top for b in boxes) * height, max(b.bottom for b in boxes) * height
    half = int(np.ceil(max(2.0, max(right - left, bottom - top) * _ROOM / 2)))
    x0, y0 = round((left + right) / 2) - half, round((top + bottom) / 2) - half
    x1, y1 = x0 + 2 * half, y0 + 2 * half
    beyond = max(0, -x0), max(0, x1 - width), max(0, -y0), max(0, y1 - height)
    padded = F.pad(pixels, beyond, value=0.5)
    x0, y0 = x0 + beyond[0], y0 + beyond[2]
    return padded[..., y0 : y0 + 2 * half, x0 : x0 + 2 * half]


def faults(footage: SampledFrames, *, moves: bool) -> Iterator[tuple[str, float, tuple[int, ...]]]:
    """Yield what is technically wrong with a clip: words, how sound it is in 0..1, and frames.

    Args:
        moves: whether something in it should move.
    """
    light = footage.frames.reshape(len(footage.frames), -1).mean(1) / 255
    black = [i for i, value in enumerate(light) if value < BLACK]
    if black:
        share = 1 - len(black) / len(light)
        yield f"{len(black)} of {len(light)} frames are black", share, _numbers(footage, black)
    differences = np.abs(np.diff(footage.frames.astype(np.int16), axis=0))
    if moves and len(light) > 1 and not differences.any():
        yield "all frames are the same picture", 0.0, _numbers(footage, [0, len(light) - 1])
    if len(light) > 2:
        there, back = np.diff(light)[:-1], np.diff(light)[1:]
        jumps = np.where(there * back < 0, np.minimum(np.abs(there), np.abs(back)), 0.0)
        if jumps.mean() > FLICKER:
            worst = [int(jumps.argmax()) + 1]
            said = f"the brightness flickers by {jumps.mean():.0%} of its range"
            yield said, max(0.0, 1 - float(jumps.mean())), _numbers(footage, worst)


def _numbers(footage: SampledFrames, at: list[int]) -> tuple[int, ...]:
    return tuple(footage.numbers[i] for i in at[:3])
