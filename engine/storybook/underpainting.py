"""Region texts + boxes on frames -> the underpainting: a first guess at every figure's latents.

A painter lays colour in the rough before the details. So does this small network: for each entity
and frame it makes a canvas from the entity's words and the time, lays it into the entity's box to
a fraction of a latent, and says how much of each latent it covers. The transformer is given the
result beside the noisy latents, and says what is to be added to it. It learns in minutes who
looks like what, which attention alone finds out in days (docs/decisions/0017-underpainting.md).
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from ..diffusion.sampler import Underlay
from .text_encoder import WIDTH as TEXT_WIDTH

LATENTS = 4  # the codec's channels
CHANNELS = LATENTS + 1  # and the part of a latent that is covered
HELD_UNTIL = 1.0  # the share of the steps in which covered latents are the underpainting's
CLIP_S = 3.0  # motions repeat a whole number of times in a clip, so time is told in its waves
WAVES = 8

_QUERIES, _KEY, _VALUE = 4, 64, 128
_CODE = 512
_SEED = 8  # the side of the grid that a canvas grows from, doubled twice
_WIDTHS = (96, 96, 64, 32)
_MARGIN = 1.35  # a canvas reaches this many half sides from a box's centre: poses leave it
_FINE = 2  # a canvas is looked up at 2 x 2 points of a latent
_LOOKED = 96  # channels of what is looked up
_ALIKE = 4  # groups of figures of about one size, each laid in windows of its own


class Underpainter(nn.Module):
    """Texts, times and boxes -> layers of premultiplied latents and coverage."""

    def __init__(self) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(_QUERIES, _KEY) * 0.1)
        self.key = nn.Linear(TEXT_WIDTH, _KEY)
        self.value = nn.Linear(TEXT_WIDTH, _VALUE)
        self.time = nn.Linear(2 * WAVES + 1, 128)
        self.mix = nn.Sequential(
            nn.Linear(_QUERIES * _VALUE + 128, _CODE),
            nn.SiLU(),
            nn.Linear(_CODE, _CODE),
            nn.SiLU(),
            nn.Linear(_CODE, _WIDTHS[0] * _SEED**2),
        )
        pairs = list(zip(_WIDTHS, _WIDTHS[1:], strict=False))
        self.norms = nn.ModuleList(nn.GroupNorm(8, width) for width, _ in pairs)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairs)
        self.look = nn.Conv2d(_WIDTHS[-1], _LOOKED, _FINE, stride=_FINE)
        self.size = nn.Linear(2, _LOOKED, bias=False)
        self.head = nn.Conv2d(_LOOKED, CHANNELS, 1)

    def forward(
        self, tokens: Tensor, times_s: Tensor, boxes: Tensor, height: int, width: int
    ) -> Tensor:
        """Paint M figures, each by itself.

        Args:
            tokens: [M, L, 384] fp32, the figures' texts, zero where a text has ended.
            times_s: [M] seconds since the clip began.
            boxes: [M, 4] fp32 in parts of the frame; NaN where there is nobody.
            height, width: H and W of the latents.

        Returns:
            [M, CHANNELS, H, W] fp32: latents times coverage, and coverage in 0..1.
        """
        nobody = boxes.isnan().any(-1)
        boxes = torch.where(nobody[:, None], boxes.new_tensor([0.0, 0.0, 1.0, 1.0]), boxes)
        layers = self.laid(self.canvas(tokens, times_s), boxes, height, width)
        return layers * (~nobody).to(layers)[:, None, None, None]

    def canvas(self, tokens: Tensor, times_s: Tensor) -> Tensor:
        """Return features [M, C, 32, 32] of figures [M, L, 384] at times [M], no box known yet."""
        ended = (tokens == 0).all(-1)
        scores = self.queries @ self.key(tokens).transpose(1, 2) / math.sqrt(_KEY)  # [M, Q, L]
        share = scores.masked_fill(ended[:, None], -1e4).softmax(-1)
        words = rearrange(share @ self.value(tokens), "m q d -> m (q d)")
        turns = times_s[:, None] / CLIP_S * torch.arange(1, WAVES + 1).to(times_s) * math.tau
        told = torch.cat([turns.sin(), turns.cos(), times_s[:, None] / CLIP_S], -1)
        code = self.mix(torch.cat([words, F.silu(self.time(told))], -1))
        grown = rearrange(code, "m (c h w) -> m c h w", h=_SEED, w=_SEED)
        for level, (norm, conv) in enumerate(zip(self.norms, self.convs, strict=True)):
            grown = conv(F.silu(norm(grown)))
            if level < len(self.convs) - 1:
                grown = F.interpolate(grown, scale_factor=2.0)
        return grown

    def laid(
        self,
        canvas: Tensor,
        boxes: Tensor,
        height: int,
        width: int,
        turns: Tensor | None = None,
    ) -> Tensor:
        """Look canvases up at the latents that their boxes reach: [M, CHANNELS, H, W].

        `turns` [M, 2, 3] are matrices and shifts from points of a box to points of its canvas,
        from the middle and in box heights. They serve to guess how somebody is turned; what is
        shown is turned as a picture, since turned latents are not those of a turned picture.
        """
        if turns is None:
            turns = torch.eye(2, 3, device=canvas.device).expand(len(boxes), -1, -1)
        if len(boxes) < 2 * _ALIKE:
            return self._laid_alike(canvas, boxes, height, width, turns)
        by_size = (boxes[:, 2:] - boxes[:, :2]).prod(-1).argsort()
        layers = [
            self._laid_alike(canvas[alike], boxes[alike], height, width, turns[alike])
            for alike in by_size.chunk(_ALIKE)
        ]
        return torch.cat(layers)[by_size.argsort()]

    def _laid_alike(
        self, canvas: Tensor, boxes: Tensor, height: int, width: int, turns: Tensor
    ) -> Tensor:
        """Lay figures in windows as large as the largest of them needs."""
        middle, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
        half = half.clamp(min=1e-3) * _MARGIN
        size = boxes.new_tensor([width, height])
        reach = (2 * half * size).amax(0).ceil().long() + 2
        wide, high = min(int(reach[0]), width), min(int(reach[1]), height)
        # Each is looked up in a window of one size, at the latents where it begins.
        first = ((middle - half) * size - 1).floor()
        first = first.clamp(min=0).minimum(size - size.new_tensor([wide, high]))
        points = (torch.arange(max(wide, high) * _FINE).to(boxes) + 0.5) / _FINE
        x = (first[:, :1] + points[: wide * _FINE]) / width
        y = (first[:, 1:] + points[: high * _FINE]) / height
        across = ((x - middle[:, :1]) / half[:, :1])[:, None, :].expand(-1, high * _FINE, -1)
        down = ((y - middle[:, 1:]) / half[:, 1:])[:, :, None].expand(-1, -1, wide * _FINE)
        places = torch.stack([across, down], -1)
        turned = _turned(places, turns, half * size)
        found = F.grid_sample(canvas, turned.to(canvas), align_corners=False)
        told = self.size((2 * half / _MARGIN).to(found))[:, :, None, None]
        out = self.head(F.silu(self.look(found) + told)).float()
        inside = (places.abs().amax(-1) < 1).float()[:, None]  # any of a latent's points
        coverage = torch.sigmoid(out[:, LATENTS:] - 2) * F.max_pool2d(inside, _FINE)
        layers = torch.cat([out[:, :LATENTS] * coverage, coverage], 1)
        return _into_frames(layers, first.long(), height, width)


def _turned(places: Tensor, turns: Tensor, half: Tensor) -> Tensor:
    """Move points [M, h, w, 2] of boxes of half sides [M, 2] px: a turn by a right angle makes a
    wide figure tall, so it is taken in pixels."""
    sides = (half / half[:, 1:])[:, None, None]
    moved = torch.einsum("mab,mhwb->mhwa", turns[..., :2], places * sides)
    return (moved + turns[:, None, None, :, 2] * 2 / _MARGIN) / sides


def _into_frames(windows: Tensor, first: Tensor, height: int, width: int) -> Tensor:
    """Put windows [M, C, h, w] at their first latents (x, y) [M, 2]: [M, C, H, W]."""
    count, channels, high, wide = windows.shape
    full = windows.new_zeros(count, height, width, channels)
    rows = first[:, 1, None] + torch.arange(high, device=first.device)
    columns = first[:, 0, None] + torch.arange(wide, device=first.device)
    each = torch.arange(count, device=first.device)[:, None, None]
    full = full.index_put(
        (each, rows[:, :, None], columns[:, None, :]), windows.permute(0, 2, 3, 1)
    )
    return full.permute(0, 3, 1, 2)


def underpaint(
    painter: Underpainter, tokens: Tensor, boxes: Tensor, depths: Tensor, times_s: Tensor,
    height: int, width: int,
) -> Tensor:  # fmt: skip
    """Lay the figures of clips over each other, the front one on top.

    Args:
        tokens: [..., E, L, 384] fp32, the entities' texts.
        boxes: [..., E, T, 4] fp32 in parts of the frame, NaN where an entity is not in it.
        depths: [..., E], smaller is nearer to the camera.
        times_s: [..., T] seconds since the clip began.
        height, width: H and W of the latents.

    Returns:
        [..., T, CHANNELS, H, W] fp32: latents times coverage, and coverage.
    """
    *batch, entities, frames, _ = boxes.shape
    if not entities:
        return tokens.new_zeros(*batch, frames, CHANNELS, height, width)
    words = tokens[..., None, :, :].expand(*boxes.shape[:-1], *tokens.shape[-2:])
    times = times_s[..., None, :].expand(boxes.shape[:-1])
    layers = painter(
        words.reshape(-1, *tokens.shape[-2:]), times.flatten(), boxes.reshape(-1, 4), height, width
    )
    return flattened(layers.unflatten(0, (*batch, entities, frames)), depths)


def underlay(painted: Tensor) -> Underlay:
    """Return how [T, CHANNELS, H, W] lies beneath a clip: held where a figure covers it well.

    From noise alone so small a transformer makes mosaics of figures that were painted right, and
    with little noise left it blurs them: an underpainting of many more steps is the sharper one.
    """
    coverage = painted[:, LATENTS:]
    return Underlay(painted[:, :LATENTS], (2 * coverage - 1).clamp(0, 1), HELD_UNTIL)


def over(figures: Tensor, ground: Tensor) -> Tensor:
    """Lay figures [T, CHANNELS, H, W] over the latents of a place [1, C, H, W]: all is covered."""
    coverage = figures[:, LATENTS:]
    latents = figures[:, :LATENTS] + (1 - coverage) * ground
    return torch.cat([latents, torch.ones_like(coverage)], 1)


def flattened(layers: Tensor, depths: Tensor) -> Tensor:
    """Composite layers [..., E, T, CHANNELS, H, W] by their depths [..., E], the nearest last."""
    out = torch.zeros_like(layers.select(-5, 0))
    farthest_first = depths.argsort(-1, descending=True)[..., None, None, None, None]
    for place in range(depths.shape[-1]):
        entity = farthest_first.narrow(-5, place, 1)
        layer = layers.take_along_dim(entity, -5).squeeze(-5)
        out = layer + (1 - layer[..., LATENTS:, :, :]) * out
    return out
