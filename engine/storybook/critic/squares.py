"""Frames and boxes -> the small squares that the critic looks at.

A figure is looked at close by in a square that follows it, and its movement through a square
that stands still for the whole clip. What lies outside the frame, and who else is in it, is grey.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.ops import roi_align

SIDE_PX = 64
CLOSE = 1.2  # side of a close square, in sides of the figure's box
WIDE = 1.3  # side of a wide square, in sides of the box around all its boxes


def to_pixels(frames: NDArray[np.uint8]) -> Tensor:
    """Turn frames [T, h, w, 3] uint8 into [T, 3, h, w] fp32 in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 127.5 - 1


def squares(boxes: Tensor, width: int, height: int, scale: float | Tensor = CLOSE) -> Tensor:
    """Return a square about the middle of each box.

    Args:
        boxes: [..., 4] fp32 in [0, 1].
        width, height: of the frame in pixels.
        scale: side of the square, in longer sides of the box.

    Returns:
        [..., 4] fp32 in pixels, which may reach beyond the frame.
    """
    pixels = boxes * boxes.new_tensor([width, height, width, height])
    low, high = pixels[..., :2], pixels[..., 2:]
    half = (high - low).amax(-1, keepdim=True).clamp(min=4.0) * scale / 2
    middle = (low + high) / 2
    return torch.cat([middle - half, middle + half], -1)


def around(boxes: Tensor) -> Tensor:
    """Return the box [4] around boxes [T, 4]."""
    return torch.cat([boxes[:, :2].amin(0), boxes[:, 2:].amax(0)])


def crop(pixels: Tensor, places: Tensor, side: int = SIDE_PX) -> Tensor:
    """Cut one square from each frame.

    Args:
        pixels: [T, 3, h, w] fp32 in [-1, 1].
        places: [T, 4] fp32 in pixels.
        side: of the result in pixels.

    Returns:
        [T, 3, side, side] fp32 in [-1, 1], 0 outside the frame.
    """
    index = torch.arange(len(pixels), dtype=places.dtype)[:, None]
    cut: Tensor = roi_align(
        pixels, torch.cat([index, places], 1), side, sampling_ratio=2, aligned=True
    )
    return cut


def whole(pixels: Tensor, side: int = SIDE_PX) -> Tensor:
    """Squeeze whole frames [T, 3, h, w] into squares [T, 3, side, side]."""
    height, width = pixels.shape[-2:]
    frame = pixels.new_tensor([0.0, 0.0, width, height]).expand(len(pixels), 4)
    return crop(pixels, frame, side)


def cover(pixels: Tensor, boxes: Tensor, spare: Tensor | None = None) -> Tensor:
    """Paint boxes grey.

    Args:
        pixels: [T, 3, h, w] fp32 in [-1, 1].
        boxes: [R, T, 4] fp32 in [0, 1], painted over; a box of zeros is none.
        spare: [T, 4] fp32, a box that is left as it is, or None.

    Returns:
        [T, 3, h, w] fp32, a copy.
    """
    hidden = torch.zeros(len(pixels), *pixels.shape[-2:], dtype=torch.bool)
    for row in boxes:
        hidden |= inside(row, pixels.shape[-1], pixels.shape[-2])
    if spare is not None:
        hidden &= ~inside(spare, pixels.shape[-1], pixels.shape[-2])
    return pixels.masked_fill(hidden[:, None], 0.0)


def inside(boxes: Tensor, width: int, height: int) -> Tensor:
    """Return [T, h, w] bool, True where a pixel's middle lies in the frame's box of [T, 4]."""
    x = (torch.arange(width) + 0.5) / width
    y = (torch.arange(height) + 0.5) / height
    left, top, right, bottom = boxes.unbind(-1)
    across = (x >= left[:, None]) & (x < right[:, None])  # [T, w]
    down = (y >= top[:, None]) & (y < bottom[:, None])  # [T, h]
    return down[:, :, None] & across[:, None, :]


def spread(frames: int, count: int) -> list[int]:
    """Return `count` frame numbers, evenly from the first to the last of `frames`."""
    return [round(i * (frames - 1) / max(1, count - 1)) for i in range(count)]
