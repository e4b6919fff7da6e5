"""Boxes of a shot + the model's token grid -> which video tokens belong to which region.

The grid is that of the transformer: latent frames by patch rows by patch columns. Boxes are taken
at the centre of each latent frame's time, so that keyframes are interpolated for whatever model
renders, and never by a fixed table. Tokens are sorted by signature (the set of regions that cover
them, and how firmly) once a shot; attention and adapters then work on contiguous slices.
Section 3.3 of arXiv 2411.16657; the shapes follow the legend in `engine/__init__.py`.

A region is firm or has soft edges: rings of tokens about it that see its text with a weight below
one, a factor on the text's share in the softmax. Rings come in whole tokens, so that the weights
are few and tokens can still be sorted into runs of equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...errors import EngineError
from ...plan import Entity, ShotPlan
from ...story import Box

Overlap = Literal["union", "depth"]
Track = tuple[Box | None, ...]  # a box each latent frame, None where the entity is not in it

# Edges round to the nearest patch border: a box of half a token is one, and one of less is none.
_LEAST = 0.5 - 1e-6


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


def latent_times(
    latent_frames: int, temporal_compression: int, fps: float, *, gathered: int = 1
) -> tuple[float, ...]:
    """Return the time in seconds that each token frame stands for: the centre of its pixel frames.

    A causal codec keeps the first frame alone and then gathers `temporal_compression` frames into
    one: latent frame k > 0 stands for pixel frames (k-1)*c + 1 .. k*c. A transformer may gather
    `gathered` latent frames into one token; where they don't divide, the clip is filled up in
    front, and the filling counts as the first frame.
    """
    c = temporal_compression
    centers = [0.0] + [(k - 1) * c + (c + 1) / 2 for k in range(1, latent_frames)]
    centers = [0.0] * (-latent_frames % gathered) + centers
    groups = [centers[k : k + gathered] for k in range(0, len(centers), gathered)]
    return tuple(sum(group) / len(group) / fps for group in groups)


@dataclass(frozen=True, slots=True)
class TokenGroup:
    """A run of sorted tokens, `start` to `stop`, that see the same texts.

    `weights` has a factor in 0..1 a text: 1 inside its region, less on a soft edge.
    """

    start: int
    stop: int
    texts: tuple[int, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TokenRun:
    """A run of sorted tokens that see one text with one weight.

    `parts` has its (start, stop, first) in turn: `first` says that of the texts that a part's
    tokens see this is the first.
    """

    start: int
    stop: int
    weight: float
    parts: tuple[tuple[int, int, bool], ...]

    def joined(self, other: TokenRun) -> TokenRun:
        """Return this run and one that begins where it ends, as one."""
        *before, (start, stop, first) = self.parts
        (_, end, also), *after = other.parts
        middle = [(start, end, first)] if first == also else [(start, stop, first), other.parts[0]]
        return TokenRun(self.start, other.stop, self.weight, (*before, *middle, *after))


@dataclass(frozen=True, slots=True)
class TokenLayout:
    """Which text each video token sees, with the tokens sorted so that equals are neighbours.

    Attributes:
        visible: [R, N] bool in raster order, True where text r and token n see each other. The
            last region is the background.
        order: [N] int64, sorted position -> raster position.
        inverse: [N] int64, raster position -> sorted position.
        groups: runs that cover 0..N in sorted order.
        runs: for each text the runs that see it, in sorted order; a text may have none.
    """

    visible: Tensor
    order: Tensor
    inverse: Tensor
    groups: tuple[TokenGroup, ...]
    runs: tuple[tuple[TokenRun, ...], ...]

    @property
    def regions(self) -> int:
        """R, the number of texts, the background's included."""
        return int(self.visible.shape[0])

    @property
    def tokens(self) -> int:
        """N, the number of video tokens."""
        return int(self.visible.shape[1])

    def to(self, device: torch.device | str) -> TokenLayout:
        return replace(
            self,
            visible=self.visible.to(device),
            order=self.order.to(device),
            inverse=self.inverse.to(device),
        )

    def opened(self) -> TokenLayout:
        """Return the same order of tokens with no region: every token sees every text."""
        texts = tuple(range(self.regions))
        group = TokenGroup(0, self.tokens, texts, (1.0,) * len(texts))
        return replace(
            self, visible=torch.ones_like(self.visible), groups=(group,), runs=_runs([group], texts)
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


def softened(masks: Tensor, edge_tokens: int) -> Tensor:
    """Put rings of falling weight about regions, within each latent frame.

    Args:
        masks: [E, F, H, W] bool.
        edge_tokens: n rings, the k-th of weight 1 - k / (n + 1); 0 leaves the edges firm.

    Returns:
        [E, F, H, W] fp32 in 0..1, or the masks themselves for firm edges.
    """
    if not edge_tokens or not masks.numel():
        return masks
    weights = grown = masks.float()
    for ring in range(1, edge_tokens + 1):
        wider = F.max_pool2d(grown, kernel_size=3, stride=1, padding=1)
        weights = torch.where(wider > grown, 1 - ring / (edge_tokens + 1), weights)
        grown = wider
    return weights


def visibility(masks: Tensor, depths: Sequence[int] = (), overlap: Overlap = "union") -> Tensor:
    """Return which text sees which token, and with soft edges how firmly; the background is last.

    Args:
        masks: [E, F, H, W] bool or weights in 0..1, from inside each entity's region.
        depths: E numbers, smaller is nearer; needed for `depth`.
        overlap: `union` lets a token in two regions see both texts (the paper's mask); `depth`
            gives it to the front entity alone. Weights are laid over each other as films of that
            opacity would be.

    Returns:
        [E + 1, N] of the kind that came in. The background has what no region covers.
    """
    opacity = masks.flatten(1).float()
    through = opacity.new_ones(1, opacity.shape[1])
    kept = opacity.clone()
    for row in sorted(range(len(opacity)), key=lambda i: depths[i] if overlap == "depth" else 0):
        if overlap == "depth":
            kept[row] = opacity[row] * through[0]
        through = through * (1 - opacity[row])
    visible = torch.cat([kept, through])
    return visible > 0 if masks.dtype == torch.bool else visible


def token_layout(visible: Tensor) -> TokenLayout:
    """Sort tokens by the set of texts that they see, so that a text is seen by few runs.

    Sets stand in the order of a reflected Gray code: of neighbours that differ in one text, all
    others go on, and a region that meets the next one is a single run.

    Args:
        visible: [R, N] bool, or fp32 in 0..1 where regions have soft edges.
    """
    weights = visible.cpu().float()
    signatures = torch.zeros(weights.shape[1], dtype=torch.int64)
    for row in weights:
        levels, level = torch.unique(row, return_inverse=True)
        level = torch.where(signatures % 2 == 1, len(levels) - 1 - level, level)
        # Numbered anew after each text, so that no count of texts and weights overflows.
        signatures = torch.unique(signatures * len(levels) + level, return_inverse=True)[1]
    order = torch.argsort(signatures, stable=True)
    inverse = torch.empty_like(order)
    inverse[order] = torch.arange(len(order))
    groups = _groups(signatures[order], weights[:, order])
    return TokenLayout(visible > 0, order, inverse, groups, _runs(groups, range(len(weights))))


def _groups(signatures: Tensor, weights: Tensor) -> tuple[TokenGroup, ...]:
    changes = (torch.diff(signatures) != 0).nonzero().flatten() + 1
    edges = [0, *changes.tolist(), len(signatures)]
    groups = []
    for start, stop in zip(edges, edges[1:], strict=False):
        texts = tuple(weights[:, start].nonzero().flatten().tolist())
        groups.append(TokenGroup(start, stop, texts, tuple(weights[list(texts), start].tolist())))
    return tuple(groups)


def _runs(groups: Sequence[TokenGroup], texts: Sequence[int]) -> tuple[tuple[TokenRun, ...], ...]:
    """Join neighbouring groups that see a text alike, for each text."""
    found: list[list[TokenRun]] = [[] for _ in texts]
    for group in groups:
        for text, weight in zip(group.texts, group.weights, strict=True):
            span = group.start, group.stop
            run, runs = TokenRun(*span, weight, ((*span, text == group.texts[0]),)), found[text]
            if runs and (runs[-1].stop, runs[-1].weight) == (group.start, weight):
                runs[-1] = runs[-1].joined(run)
            else:
                runs.append(run)
    return tuple(map(tuple, found))


def shot_layout(shot: ShotPlan, grid: TokenGrid) -> TokenLayout:
    """Lay a shot's regions onto a model's tokens; the text order is its entities, then background.

    With `settings.regions` off there is one text, and every token sees it. Equal regions on equal
    grids are laid out once.

    Raises:
        EngineError: a box rounds to less than a token.
    """
    if not shot.settings.regions or not shot.entities:
        return _whole_frame(grid.tokens)
    tracks = tuple(_track(shot, entity, grid) for entity in shot.entities)
    settings = shot.settings
    return _laid_out(tracks, tuple(depths(shot)), settings.overlap, settings.soft_edge_tokens, grid)


@lru_cache(maxsize=8)
def _whole_frame(tokens: int) -> TokenLayout:
    return token_layout(torch.ones(1, tokens, dtype=torch.bool))


@lru_cache(maxsize=32)
def _laid_out(
    tracks: tuple[Track, ...],
    nearness: tuple[int, ...],
    overlap: Overlap,
    edge_tokens: int,
    grid: TokenGrid,
) -> TokenLayout:
    masks = softened(region_masks(tracks, grid.height, grid.width), edge_tokens)
    return token_layout(visibility(masks, nearness, overlap))


def _track(shot: ShotPlan, entity: Entity, grid: TokenGrid) -> Track:
    """Return an entity's box at each latent frame, None where it has left or not yet entered."""
    track: list[Box | None] = []
    for time_s in grid.times_s:
        box = shot.box_at(entity.id, time_s)
        if box is not None:
            _check_size(shot, entity, box, time_s, grid)
            inside = box.right > 0 and box.left < 1 and box.bottom > 0 and box.top < 1
            box = box if inside else None
        track.append(box)
    return tuple(track)


def _check_size(shot: ShotPlan, entity: Entity, box: Box, time_s: float, grid: TokenGrid) -> None:
    if min(box.width * grid.width, box.height * grid.height) >= _LEAST:
        return
    pinned = (pin.span for pin in shot.pins if pin.what == "layout" and pin.entity == entity.id)
    span = next(pinned, entity.span or shot.span)
    raise EngineError(
        f"{f'{span}: ' if span else ''}the box of {entity.id} in shot {shot.id} is smaller than "
        f"one token of this engine at {time_s:.2f} s: {box.width:.3f} x {box.height:.3f} of the "
        f"frame; make it at least {0.5 / grid.width:.3f} wide and {0.5 / grid.height:.3f} high, "
        "half a token"
    )


def depths(shot: ShotPlan) -> list[int]:
    """Return each entity's depth: that of the first keyframe which places it."""
    found = []
    for entity in shot.entities:
        placements = (k.placement(entity.id) for k in shot.keyframes)
        found.append(next((p.depth for p in placements if p is not None), 0))
    return found
