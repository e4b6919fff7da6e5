"""A followed figure -> crops of one size about it, and its track as numbers.

The window keeps one size through the clip, so that stretching, leaning and turning stay visible,
and follows the figure, so that only the track says where it goes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ....story import Box
from .judgement import Direction
from .nets import CROP, TRACK_FEATURES

MARGIN = 1.3  # side of the window over the larger side of the figure
TRAVELLED = 0.1  # frame widths from which a track leads somewhere


def steady(boxes: Sequence[Box | None]) -> Tensor:
    """Return boxes [T, 4] in parts of the frame; a frame without one takes the nearest seen."""
    seen = [k for k, box in enumerate(boxes) if box is not None]
    rows = []
    for k in range(len(boxes)):
        box = boxes[min(seen, key=lambda s, k=k: abs(s - k))]  # type: ignore[misc]  # mypy and k=k
        assert box is not None
        rows.append((box.left, box.top, box.right, box.bottom))
    return torch.tensor(rows)


def crop(pixels: Tensor, boxes: Tensor) -> Tensor:
    """Cut a figure out of its frames.

    Args:
        pixels: [T, C, h, w] fp32 in [0, 1]: colours, then where the figure is.
        boxes: [T, 4] fp32 in parts of the frame.

    Returns:
        [T, C, CROP, CROP] fp32; 0 beyond the frame.
    """
    height, width = pixels.shape[-2:]
    wide = (boxes[:, 2] - boxes[:, 0]) * width
    high = (boxes[:, 3] - boxes[:, 1]) * height
    side = max(float(wide.median()), float(high.median()), 8.0) * MARGIN
    theta = torch.zeros(len(boxes), 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = side / width, side / height
    theta[:, 0, 2] = boxes[:, 0] + boxes[:, 2] - 1
    theta[:, 1, 2] = boxes[:, 1] + boxes[:, 3] - 1
    grid = F.affine_grid(theta, [len(boxes), 1, CROP, CROP], align_corners=False)
    return F.grid_sample(pixels, grid, mode="bilinear", align_corners=False)


def track_features(boxes: Tensor, seen: Tensor) -> Tensor:
    """Return a track as numbers [T, D] about 1 in size.

    Args:
        boxes: [T, 4] fp32 in parts of the frame.
        seen: [T] bool, False where a box was filled in.
    """
    x = (boxes[:, 0] + boxes[:, 2]) / 2 * 1.5  # in frame heights, as all that follows
    y = (boxes[:, 1] + boxes[:, 3]) / 2
    foot, wide, high = boxes[:, 3], (boxes[:, 2] - boxes[:, 0]) * 1.5, boxes[:, 3] - boxes[:, 1]
    size = high.median().clamp(min=0.05)
    still = torch.zeros(1)
    columns = [
        (x - x.mean()) / size,
        (y - y.mean()) / size,
        (foot - foot[-1]) / size,
        torch.cat([still, torch.diff(x)]) / size * 4,
        torch.cat([still, torch.diff(y)]) / size * 4,
        torch.cat([still, torch.diff(foot)]) / size * 4,
        wide / high.clamp(min=0.02) - 1,
        high / size - 1,
        seen.float(),
        torch.linspace(-1, 1, len(boxes)),
    ]
    features = torch.stack(columns, 1).clamp(-4, 4)
    assert features.shape[1] == TRACK_FEATURES
    return features


def direction(boxes: Sequence[Box | None]) -> Direction | None:
    """Return where a track leads; None where it ends near its start."""
    xs = [box.center[0] for box in boxes if box is not None]
    ends = max(1, len(xs) // 8)
    way = sum(xs[-ends:]) / ends - sum(xs[:ends]) / ends
    if abs(way) < TRAVELLED:
        return None
    return "right" if way > 0 else "left"
