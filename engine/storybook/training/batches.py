"""Latent clips -> batches for the transformer: texts, masks, boxes and figures of some clips.

Most samples are given as SR3AI sees them: a text an actor with its box on each token frame and
the background's text for the rest; the others as one caption, the control of every claim. A batch
holds clips of one number of actors, whose layouts differ: its masks are dense, at some 300 tokens
the cheapest form, and a test holds that they mean what `region_attention` means. Guidance is
taught by emptying a tenth of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .. import models
from ..box_channels import place_channels
from ..text_encoder import TextEncoder
from .clips import LatentClip
from .stated_boxes import keyed, loosened

EMPTY_TEXTS = 0.1
REGIONS = 0.75  # the part of the samples given as regions
PLANNED = 0.7  # the part of the figures whose boxes are a plan's, not those of what is seen
UNPAINTED = 0.1  # the part of the region samples without an underpainting: attention alone


@dataclass(frozen=True, slots=True)
class Batch:
    """What one training step sees.

    Attributes:
        latents: [B, T, C, H, W] fp32.
        text: [B, R*L, 384] fp32.
        mask: [B, 1, S, S] bool, or None where every token sees every other.
        inside: [B, F, H', W'] bool on the token grid, True where an actor is.
        places: [B, T, CHANNELS, H, W] fp32, where in its box each latent lies; zeros for one
            caption.
        figures: what is underpainted; None where nothing is.
    """

    latents: Tensor
    text: Tensor
    mask: Tensor | None
    inside: Tensor
    places: Tensor
    figures: Figures | None

    def to(self, device: torch.device) -> Batch:
        mask, figures = self.mask, self.figures
        return Batch(
            self.latents.to(device), self.text.to(device),
            None if mask is None else mask.to(device), self.inside.to(device),
            self.places.to(device), None if figures is None else figures.to(device),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a batch, for the underpainter.

    Attributes:
        tokens: [B, A, L, 384] fp32, their texts.
        tracks: [B, A, T, 4] fp32, their stated boxes.
        times_s: [B, T] fp32, the seconds since each clip began.
        depths: [B, A] fp32, smaller is nearer.
        painted: [B, T, CHANNELS, H, W] fp32, what is already painted; None where nothing is.
    """

    tokens: Tensor
    tracks: Tensor
    times_s: Tensor
    depths: Tensor
    painted: Tensor | None

    def to(self, device: torch.device) -> Figures:
        painted = None if self.painted is None else self.painted.to(device)
        return Figures(
            self.tokens.to(device), self.tracks.to(device), self.times_s.to(device),
            self.depths.to(device), painted,
        )  # fmt: skip


class Clips:
    """Batches of latent clips, with boxes loosened as a director's are.

    `regions` is the part of the batches given as regions; a clip without boxes never is. Latents
    are kept where the encoder is, and batches are made there.
    """

    def __init__(self, encoder: TextEncoder, seed: int, regions: float = REGIONS) -> None:
        self._encoder = encoder
        self._regions = regions
        self._rng = np.random.default_rng(seed)
        self._by_actors: dict[int, list[LatentClip]] = {}

    def add(self, clips: Sequence[LatentClip]) -> None:
        device = self._encoder.device
        for clip in clips:
            if len(clip.frames) < models.FRAMES:
                continue  # a few frames are no movement
            near = replace(clip, latents=clip.latents.to(device), ground=None)
            self._by_actors.setdefault(clip.actors, []).append(near)
        texts = (text for c in clips for one in (*c.regions, c.backgrounds) for text in one)
        self._encoder.read(texts, models.TEXT_TOKENS)
        self._encoder.read((text for c in clips for text in c.joints), models.CAPTION_TOKENS)

    def __len__(self) -> int:
        return sum(len(clips) for clips in self._by_actors.values())

    def batch(self, size: int, token_frames: int) -> Batch:
        """Return pieces of `size` clips of one number of actors, `token_frames` long."""
        counts = sorted(self._by_actors)
        weights = np.array([len(self._by_actors[c]) for c in counts], float)
        actors = counts[int(self._rng.choice(len(counts), p=weights / weights.sum()))]
        pool = self._by_actors[actors]
        picked = [pool[int(i)] for i in self._rng.integers(len(pool), size=size)]
        gathered = models.TRANSFORMER_CONFIG["patch_size_t"]
        length = token_frames * gathered
        starts = [int(self._rng.integers(len(c.latents) - length + 1)) for c in picked]
        cut = [slice(at, at + length) for at in starts]
        latents = torch.stack([c.latents[s] for c, s in zip(picked, cut, strict=True)]).float()
        tracks = np.stack([self._track(c)[:, s] for c, s in zip(picked, cut, strict=True)])
        boxes = tracks.reshape(size, actors, token_frames, gathered, 4).mean(3)
        grid = models.token_grid()
        masks = raster(boxes, grid.height, grid.width)
        inside = torch.from_numpy(masks.any(1)).to(latents.device)
        stated = torch.from_numpy(tracks).to(latents)
        nearness = -stated[..., 3].mean(-1)  # whose feet are lower in the frame is nearer
        places = place_channels(stated, nearness, *latents.shape[-2:])
        if not actors or self._rng.random() >= self._regions:
            text = self._joint_text(picked)
            return Batch(latents, text, None, inside, torch.zeros_like(places), None)
        figures = None
        text, tokens = self._region_text(picked)
        if self._rng.random() >= UNPAINTED:
            at = torch.tensor(starts)[:, None] + torch.arange(length)
            done = [c.painted[s] for c, s in zip(picked, cut, strict=True) if c.painted is not None]
            painted = torch.stack(done).to(latents) if len(done) == size else None
            figures = Figures(tokens, stated, at.to(latents) / models.FPS, nearness, painted)
        mask = dense_mask(torch.from_numpy(masks).to(latents.device))
        return Batch(latents, text, mask, inside, places, figures)

    def _track(self, clip: LatentClip) -> NDArray[np.float32]:
        """Return the boxes [A, T, 4] that this sample states: mostly a plan's, as a plan is loose,
        and otherwise those of what is seen."""
        planned = self._rng.random(clip.actors) < PLANNED
        if planned.all():
            return keyed(clip.planned.numpy(), self._rng)
        return np.where(
            planned[:, None, None],
            keyed(clip.planned.numpy(), self._rng),
            loosened(clip.boxes.numpy(), self._rng),
        )

    def _region_text(self, picked: Sequence[LatentClip]) -> tuple[Tensor, Tensor]:
        """Return the texts [B, R*L, 384], some emptied, and those of the figures, none emptied."""
        told: list[str] = []
        figures: list[str] = []
        for clip in picked:
            said = int(self._rng.integers(len(clip.joints)))
            texts = [*clip.regions[said], clip.backgrounds[said]]
            figures += texts[:-1]
            told += [""] * len(texts) if self._rng.random() < EMPTY_TEXTS else texts
        size, length = len(picked), models.TEXT_TOKENS
        rows = self._encoder.tokens(told, length).unflatten(0, (size, -1)).flatten(1, 2)
        return rows, self._encoder.tokens(figures, length).unflatten(0, (size, -1))

    def _joint_text(self, picked: Sequence[LatentClip]) -> Tensor:
        texts = [
            "" if self._rng.random() < EMPTY_TEXTS
            else clip.joints[int(self._rng.integers(len(clip.joints)))]
            for clip in picked
        ]  # fmt: skip
        return self._encoder.tokens(texts, models.CAPTION_TOKENS)


def raster(boxes: NDArray[np.float32], height: int, width: int) -> NDArray[np.bool_]:
    """Rasterise boxes [B, A, F, 4] as `engine.layout.cells` does: [B, A, F, H, W]."""
    scale = np.array([width, height, width, height], np.float32)
    left, top, right, bottom = np.moveaxis(np.rint(boxes * scale), -1, 0)[..., None, None]
    left, top = np.clip(left, 0, width - 1), np.clip(top, 0, height - 1)
    right = np.minimum(np.maximum(right, left + 1), width)
    bottom = np.minimum(np.maximum(bottom, top + 1), height)
    x, y = np.arange(width), np.arange(height)[:, None]
    return (x >= left) & (x < right) & (y >= top) & (y < bottom)


def dense_mask(masks: Tensor, length: int = models.TEXT_TOKENS) -> Tensor:
    """Return SR3AI's mask for regions [B, A, F, H, W]: [B, 1, S, S] bool, True where seen."""
    flat = masks.flatten(2)  # [B, A, N]
    visible = torch.cat([flat, ~flat.any(1, keepdim=True)], 1)  # [B, R, N]
    batch, regions, tokens = visible.shape
    texts = regions * length
    rows = visible.repeat_interleave(length, dim=1)  # [B, R*L, N]
    mask = masks.new_ones(batch, texts + tokens, texts + tokens)
    own = torch.arange(texts, device=masks.device) // length
    mask[:, :texts, :texts] = own[:, None] == own
    mask[:, :texts, texts:] = rows
    mask[:, texts:, :texts] = rows.transpose(1, 2)
    return mask[:, None]
