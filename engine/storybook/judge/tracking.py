"""Class of every pixel over time -> figures followed from frame to frame.

Patches of one class are joined over small gaps (an occluder may cut a figure in two), linked to
the nearest patch of the frame before, and kept when they last. A figure that the segmenter named
in two ways, part by part, is one figure: the larger name wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ....story import Box
from .nets import BLOB

SMALLEST = 24  # pixels of the segmenter's answer; the smallest figure of the world has some 100
LASTING = 0.4  # the part of the clip in which a figure must be seen
REACH = 0.14  # how far, in frame widths, a figure may move between two sightings
FORGOTTEN = 6  # frames after which a lost figure is a new one
SAME = 0.6  # the overlap from which two tracks are one figure under two names
SLIVER = 0.35  # the size from which a patch within another figure is a figure by itself


@dataclass(frozen=True, slots=True)
class ClassPatch:
    """One class's pixels that hang together in one frame; x and y in parts of the frame."""

    frame: int
    box: Box
    area: int
    certainty: float
    pixels: NDArray[np.bool_]  # [h, w]


@dataclass(frozen=True, slots=True)
class FollowedFigure:
    """One figure: its class and a patch for each frame in which it was seen."""

    label: int
    patches: tuple[ClassPatch, ...]

    @property
    def area(self) -> int:
        return sum(patch.area for patch in self.patches)

    @property
    def certainty(self) -> float:
        """The mean certainty of the patches, weighted by their size."""
        return sum(p.certainty * p.area for p in self.patches) / self.area

    def boxes(self, frames: int) -> tuple[Box | None, ...]:
        """Return a box for each frame, None where the figure was not seen."""
        found = {patch.frame: patch.box for patch in self.patches}
        return tuple(found.get(frame) for frame in range(frames))


def follow(chances: Tensor) -> list[FollowedFigure]:
    """Find the figures of a clip.

    Args:
        chances: [T, K, h, w] fp32, the probability of each class at each pixel.

    Returns:
        Tracks of characters, the largest first.
    """
    named = chances.argmax(1)  # [T, h, w]
    tracks: list[FollowedFigure] = []
    for label in range(1, BLOB):
        mask = named == label
        if int(mask.sum()) >= SMALLEST * LASTING * len(mask):
            tracks += _linked(label, _patches(mask, chances[:, label]), len(mask))
    tracks.sort(key=lambda t: -t.area * t.certainty)
    kept: list[FollowedFigure] = []
    for track in tracks:
        if not any(_same(track, other) for other in kept):
            kept.append(track)
    return kept


def components(mask: Tensor) -> Tensor:
    """Number the connected parts of masks.

    Args:
        mask: [T, h, w] bool.

    Returns:
        [T, h, w] int64: 0 outside; inside a number that its whole part shares.
    """
    marks = torch.arange(1, mask[0].numel() + 1, dtype=torch.float32).reshape(mask.shape[1:])
    inside = mask.float()
    marks = marks * inside
    while True:
        spread = F.max_pool2d(marks[:, None], 3, 1, 1)[:, 0] * inside
        if torch.equal(spread, marks):
            return marks.long()
        marks = spread


def _patches(mask: Tensor, chance: Tensor) -> list[list[ClassPatch]]:
    """Return each frame's patches of one class, the largest first."""
    # Five wide: pixels up to four apart, eight of the frame's, belong together.
    near = F.max_pool2d(mask.float()[:, None], 5, 1, 2)[:, 0] > 0
    parts = (components(near) * mask).numpy()
    sure = chance.numpy()
    found = []
    for frame, part in enumerate(parts):
        numbers, areas = np.unique(part[part > 0], return_counts=True)
        large = [n for n, a in zip(numbers, areas, strict=True) if a >= SMALLEST]
        patches = [_patch(frame, part == number, sure[frame]) for number in large]
        found.append(sorted(patches, key=lambda p: -p.area))
    return found


def _patch(frame: int, pixels: NDArray[np.bool_], chance: NDArray[np.float32]) -> ClassPatch:
    height, width = pixels.shape
    rows, columns = np.flatnonzero(pixels.any(1)), np.flatnonzero(pixels.any(0))
    box = Box(
        float(columns[0] / width), float(rows[0] / height),
        float((columns[-1] + 1) / width), float((rows[-1] + 1) / height),
    )  # fmt: skip
    return ClassPatch(frame, box, int(pixels.sum()), float(chance[pixels].mean()), pixels)


def _linked(
    label: int, frames: Sequence[Sequence[ClassPatch]], length: int
) -> list[FollowedFigure]:
    chains: list[list[ClassPatch]] = []
    for index, patches in enumerate(frames):
        taken: set[int] = set()
        for patch in patches:
            open_chains = [
                (distance, k)
                for k, chain in enumerate(chains)
                if k not in taken and index - chain[-1].frame <= FORGOTTEN
                for distance in [_distance(chain[-1].box, patch.box)]
                if distance <= REACH * (index - chain[-1].frame)
            ]
            if open_chains:
                k = min(open_chains)[1]
                chains[k].append(patch)
                taken.add(k)
            else:
                taken.add(len(chains))
                chains.append([patch])
    return [
        FollowedFigure(label, tuple(chain)) for chain in chains if len(chain) >= LASTING * length
    ]


def _distance(a: Box, b: Box) -> float:
    (ax, ay), (bx, by) = a.center, b.center
    # A frame is half as wide again as high; distances are in its widths.
    return float(np.hypot(ax - bx, (ay - by) / 1.5))


def _same(small: FollowedFigure, large: FollowedFigure) -> bool:
    """Whether a track is part of another's figure."""
    theirs = {patch.frame: patch.box for patch in large.patches}
    pairs = [(p.box, theirs[p.frame]) for p in small.patches if p.frame in theirs]
    if len(pairs) < len(small.patches) / 2:
        return False
    overlap = float(np.median([a.iou(b) for a, b in pairs]))
    inside = float(np.median([a.intersection(b) / a.area for a, b in pairs]))
    per_frame = (small.area / len(small.patches)) / (large.area / len(large.patches))
    return overlap > SAME or (inside > 0.8 and per_frame < SLIVER)
