"""Boxes of a shot + the model's token grid -> which video tokens belong to which region.

The grid is that of the transformer: latent frames by patch rows by patch columns. Boxes are taken
at the centre of each latent frame's time, so that keyframes are interpolated for whatever model
renders, and never by a fixed table. Tokens are sorted by signature (the set of regions that cover
them) once a shot; attention and adapters then work on contiguous slices.
Section 3.3 of arXiv 2411.16657; the shapes follow the legend in `engine/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from ..plan import ShotPlan
from ..story import Box

Overlap = Literal["union", "depth"]


@dataclass(frozen=True, slots=True)
class TokenGrid:
    """The video tokens of a clip: F latent frames of H x W patches, with each frame's time."""

    frames: int
    height: int
    width: int
    times_s: tuple[float, ...]

    @property
    def tokens(self) -> int:
        """N, the number of video tokens."""
        return self.frames * self.height * self.width


def latent_times(latent_frames: int, temporal_compression: int, fps: float) -> tuple[float, ...]:
    """Return the centre in seconds of the pixel frames behind each latent frame.

    A causal codec keeps the first frame alone and then gathers `temporal_compression` frames into
    one: latent frame k > 0 stands for pixel frames (k-1)*c + 1 .. k*c.
    """
    c = temporal_compression
    centers = [0.0] + [(k - 1) * c + (c + 1) / 2 for k in range(1, latent_frames)]
    return tuple(center / fps for center in centers)


@dataclass(frozen=True, slots=True)
class TokenGroup:
    """A run of sorted tokens, `start` to `stop`, that see the same texts."""

    start: int
    stop: int
    texts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TokenLayout:
    """Which text each video token sees, with the tokens sorted so that equals are neighbours.

    Attributes:
        visible: [R, N] bool in raster order, True where text r and token n see each other. The
            last region is the background.
        order: [N] int64, sorted position -> raster position.
        inverse: [N] int64, raster position -> sorted position.
        groups: runs that cover 0..N in sorted order.
    """

    visible: Tensor
    order: Tensor
    inverse: Tensor
    groups: tuple[TokenGroup, ...]

    @property
    def regions(self) -> int:
        """R, the number of texts, the background's included."""
        return int(self.visible.shape[0])

    @property
    def tokens(self) -> int:
        """N, the number of video tokens."""
        return int(self.visible.shape[1])

    def to(self, device: torch.device | str) -> TokenLayout:
        return TokenLayout(
            self.visible.to(device), self.order.to(device), self.inverse.to(device), self.groups
        )


def cells(box: Box, height: int, width: int) -> tuple[int, int, int, int]:
    """Return the patches (left, top, right, bottom; exclusive) that a box covers, at least one.

    Edges round to the nearest patch border, and the result stays on the grid.
    """
    left = min(max(round(box.left * width), 0), width - 1)
    top = min(max(round(box.top * height), 0), height - 1)
    right = min(max(round(box.right * width), left + 1), width)
    bottom = min(max(round(box.bottom * height), top + 1), height)
    return left, top, right, bottom


def region_masks(boxes: Sequence[Sequence[Box | None]], height: int, width: int) -> Tensor:
    """Rasterise boxes onto the grid.

    Args:
        boxes: for each entity one box a latent frame, or None where it is not in the frame.
        height, width: H and W of the grid.

    Returns:
        [E, F, H, W] bool, True inside the region.
    """
    frames = len(boxes[0]) if boxes else 0
    masks = torch.zeros(len(boxes), frames, height, width, dtype=torch.bool)
    for row, track in enumerate(boxes):
        for frame, box in enumerate(track):
            if box is not None:
                left, top, right, bottom = cells(box, height, width)
                masks[row, frame, top:bottom, left:right] = True
    return masks


def visibility(masks: Tensor, depths: Sequence[int] = (), overlap: Overlap = "union") -> Tensor:
    """Return which text sees which token, the background's row last.

    Args:
        masks: [E, F, H, W] bool, True inside each entity's region.
        depths: E numbers, smaller is nearer; needed for `depth`.
        overlap: `union` lets a token in two regions see both texts (the paper's mask); `depth`
            gives it to the front entity alone.

    Returns:
        [E + 1, N] bool. The background has the tokens that no region covers.
    """
    flat = masks.flatten(1)
    if overlap == "depth" and len(flat) > 1:
        taken = torch.zeros_like(flat[0])
        kept = torch.zeros_like(flat)
        for row in sorted(range(len(flat)), key=lambda i: depths[i]):
            kept[row] = flat[row] & ~taken
            taken = taken | flat[row]
        flat = kept
    background = ~flat.any(0, keepdim=True) if len(flat) else flat.new_ones(1, flat.shape[1])
    return torch.cat([flat, background])


def token_layout(visible: Tensor) -> TokenLayout:
    """Sort tokens by the set of texts that they see.

    Args:
        visible: [R, N] bool.
    """
    signatures = torch.zeros(visible.shape[1], dtype=torch.int64)
    for row in visible.cpu():
        signatures = signatures * 2 + row
    order = torch.argsort(signatures, stable=True)
    inverse = torch.empty_like(order)
    inverse[order] = torch.arange(len(order))
    return TokenLayout(visible, order, inverse, _groups(signatures[order], visible.cpu()[:, order]))


def _groups(signatures: Tensor, visible: Tensor) -> tuple[TokenGroup, ...]:
    changes = (torch.diff(signatures) != 0).nonzero().flatten() + 1
    edges = [0, *changes.tolist(), len(signatures)]
    return tuple(
        TokenGroup(start, stop, tuple(visible[:, start].nonzero().flatten().tolist()))
        for start, stop in zip(edges, edges[1:], strict=False)
    )


def shot_layout(shot: ShotPlan, grid: TokenGrid) -> TokenLayout:
    """Lay a shot's regions onto a model's tokens; the text order is its entities, then background.

    With `settings.regions` off there is one text, and every token sees it.
    """
    if not shot.settings.regions or not shot.entities:
        return token_layout(torch.ones(1, grid.tokens, dtype=torch.bool))
    boxes = [[shot.box_at(e.id, t) for t in grid.times_s] for e in shot.entities]
    masks = region_masks(boxes, grid.height, grid.width)
    return token_layout(visibility(masks, depths(shot), shot.settings.overlap))


def depths(shot: ShotPlan) -> list[int]:
    """Return each entity's depth: that of the first keyframe which places it."""
    found = []
    for entity in shot.entities:
        placements = (k.placement(entity.id) for k in shot.keyframes)
        found.append(next((p.depth for p in placements if p is not None), 0))
    return found
