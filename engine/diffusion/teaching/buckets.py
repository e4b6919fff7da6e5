"""The size and length of a clip -> those at which a model learns from it, its aspect kept.

A clip is neither stretched nor held: it is scaled until it covers a size of the model's area that
is whole in tokens and nearest to its own aspect, cut about its middle, and played at the model's
rate for as long as it lasts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

_MOST_ASPECT = 2.5  # of a bucket; what is longer is cut


@dataclass(frozen=True, slots=True)
class Bucket:
    """A size in pixels and a count of frames."""

    width: int
    height: int
    frames: int


def bucket_of(
    width: int, height: int, *, area: int, side: int, within: tuple[int, int], available: int,
    most: int, whole: Callable[[int], bool],
) -> Bucket:  # fmt: skip
    """Return the bucket of a clip.

    Args:
        width, height: of the clip, in pixels.
        area: of a bucket, at most, in pixels.
        side: pixels of a token's side.
        within: width and height in pixels, beyond which the model has no positions.
        available: frames of the clip at the model's rate.
        most: frames of the model's longest clip.
        whole: says whether so many frames make whole latent frames.
    """
    aspect = min(max(width / height, 1 / _MOST_ASPECT), _MOST_ASPECT)
    widest, tallest = within[0] // side, within[1] // side  # in tokens
    rows = round(min(math.sqrt(area / aspect) / side, tallest, widest / aspect))
    sizes = [
        (columns * side, r * side)
        for r in (rows - 1, rows, rows + 1)
        for columns in (round(r * aspect), math.floor(r * aspect), math.ceil(r * aspect))
        if 0 < r <= tallest and 0 < columns <= widest and columns * r * side * side <= area
    ] or [(side, side)]
    best = min(sizes, key=lambda s: (abs(math.log(s[0] / s[1] / aspect)), -s[0] * s[1]))
    frames = min(available, most)
    while frames > 1 and not whole(frames):
        frames -= 1
    return Bucket(*best, frames)


def picked_frames(count: int, fps: float, rate: int) -> NDArray[np.int64]:
    """Return which of a clip's frames stand for it at a model's rate."""
    wanted = max(1, int(math.floor(count / fps * rate + 1e-6)))
    return np.minimum(np.rint(np.arange(wanted) * fps / rate).astype(np.int64), count - 1)


def fitted(frames: NDArray[np.uint8], bucket: Bucket) -> Tensor:
    """Return frames [T, h, w, 3] uint8 as a bucket's video [3, T, h, w] fp32 in -1..1.

    Raises:
        ValueError: there are fewer frames than the bucket has.
    """
    if len(frames) < bucket.frames:
        raise ValueError(f"{len(frames)} frames for a bucket of {bucket.frames}")
    video = torch.from_numpy(np.array(frames[: bucket.frames]))
    video = video.permute(0, 3, 1, 2).float() / 127.5 - 1  # [T, 3, h, w]
    height, width = video.shape[-2:]
    scale = max(bucket.width / width, bucket.height / height)
    size = max(bucket.height, round(height * scale)), max(bucket.width, round(width * scale))
    if size != (height, width):
        video = F.interpolate(video, size, mode="bicubic", antialias=True).clamp(-1, 1)
    top, left = (size[0] - bucket.height) // 2, (size[1] - bucket.width) // 2
    video = video[:, :, top : top + bucket.height, left : left + bucket.width]
    return video.transpose(0, 1).contiguous()
