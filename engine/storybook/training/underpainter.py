"""Latent clips -> the underpainter: taught by laying its figures over the empty place.

A step takes one frame of each of many clips, and more often of those that it paints worse. What is
laid over the place's own latents has to be the frame's; where figures are counts more. Boxes are
the plan's, now and then loosened, since a director's are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ....errors import WeightsError
from .. import models
from ..text_encoder import TextEncoder
from ..underpainting import LATENTS, Underpainter, flattened
from .clips import LatentClip, load_shards
from .loop import Average, Run, TrainingClock, learning_rate, load_checkpoint, save_checkpoint
from .stated_boxes import loosened

FIGURE_WEIGHT = 8.0
CHANGED = 0.05  # a latent belongs to a figure where it differs by this much from the empty place
AS_PLANNED = 0.6  # the part of the clips captioned in a plan's own words, the others in any
LOOSENED = 0.1  # the part of the figures whose boxes are loosened
# Who lies or bows is painted twice as badly as who walks. Errors above the last of these are the
# words' fault, as where no colour is named.
EASIEST, HARDEST = 0.04, 0.3


class LatentFrames:
    """Single frames of latent clips, with the figures in them, kept where the encoder is."""

    def __init__(self, encoder: TextEncoder, seed: int) -> None:
        self._encoder = encoder
        self._rng = np.random.default_rng(seed)
        self._clips: list[LatentClip] = []
        self._grounds: list[Tensor] = []
        self._errors = np.zeros(0)  # the last seen of each clip

    def add(self, clips: Sequence[LatentClip]) -> None:
        device = self._encoder.device
        for clip in clips:
            if clip.actors and clip.ground is not None:
                self._clips.append(replace(clip, latents=clip.latents.to(device)))
                self._grounds.append(clip.ground.to(device))
        new = np.full(len(self._clips) - len(self._errors), HARDEST)
        self._errors = np.concatenate([self._errors, new])
        texts = (text for clip in clips for said in clip.regions for text in said)
        self._encoder.read(texts, models.TEXT_TOKENS)

    def __len__(self) -> int:
        return len(self._clips)

    def loss(self, painter: Underpainter, size: int) -> tuple[Tensor, Tensor]:
        """Return the weighted squared error over `size` frames, and the plain one on figures."""
        picked = self._rng.choice(len(self._clips), size, p=self._errors / self._errors.sum())
        clips = [self._clips[i] for i in picked]
        rows = [int(self._rng.integers(len(clip.frames))) for clip in clips]
        at = [clip.frames[row] for clip, row in zip(clips, rows, strict=True)]
        true = torch.stack([c.latents[k] for c, k in zip(clips, rows, strict=True)]).float()
        grounds = (self._grounds[i] for i in picked)
        ground = torch.stack([g[min(k, len(g) - 1)] for g, k in zip(grounds, rows, strict=True)])
        texts = [text for clip in clips for text in self._texts(clip)]
        boxes = torch.cat([self._boxes(c, t) for c, t in zip(clips, at, strict=True)]).to(true)
        counts = torch.tensor([clip.actors for clip in clips])
        times = torch.tensor(at).repeat_interleave(counts).to(true) / models.FPS
        tokens = self._encoder.tokens(texts, models.TEXT_TOKENS)
        figures = painter(tokens, times, boxes, *true.shape[-2:])
        painted = _together(figures, -boxes[:, 3], counts)  # whose feet are lower is nearer
        error = painted[:, :LATENTS] + (1 - painted[:, LATENTS:]) * ground.float() - true
        figure = (true - ground).abs().mean(1, keepdim=True) > CHANGED
        area = figure.float().mean((1, 2, 3)).clamp(min=1e-3)
        each = (error.square() * figure).mean((1, 2, 3)) / area
        self._errors[picked] = each.detach().cpu().numpy().clip(EASIEST, HARDEST)
        weight = 1 + (FIGURE_WEIGHT - 1) * figure
        return (error.square() * weight).mean(), each.detach().mean()

    def _boxes(self, clip: LatentClip, frame: int) -> Tensor:
        """Return the boxes [A, 4] of a clip's actors on a frame."""
        planned = clip.planned[:, frame]
        chosen = self._rng.random(clip.actors) < LOOSENED
        if not chosen.any():
            return planned
        loose = torch.from_numpy(loosened(clip.planned.numpy(), self._rng))[:, frame]
        return torch.where(torch.from_numpy(chosen)[:, None], loose, planned)

    def _texts(self, clip: LatentClip) -> tuple[str, ...]:
        """Return a set of texts, mostly the first: the words of plans leave nothing open."""
        first = self._rng.random() < AS_PLANNED
        return clip.regions[0 if first else int(self._rng.integers(len(clip.regions)))]


def _together(figures: Tensor, depths: Tensor, counts: Tensor) -> Tensor:
    """Composite figures [M, CHANNELS, H, W] of frames that hold `counts` [B] each: [B, ...]."""
    most, size = int(counts.max()), len(counts)
    frame = torch.arange(size).repeat_interleave(counts)
    place = torch.cat([torch.arange(count) for count in counts.tolist()])
    at = (frame * most + place).to(figures.device)
    layers = figures.new_zeros(size * most, 1, *figures.shape[1:]).index_copy(
        0, at, figures[:, None]
    )
    far = depths.new_full((size * most,), torch.inf).index_copy(0, at, depths)
    return flattened(layers.unflatten(0, (size, most)), far.unflatten(0, (size, most)))[:, 0]


def train_underpainter(run: Run, *, start: Path | None = None) -> None:
    """Train the underpainter on the shards under `clips`, new ones being picked up as they come.

    Without a checkpoint it begins with random weights, or with those exported to `start`.
    """
    path = run.work / "underpainter.pt"
    torch.manual_seed(run.seed)
    painter = Underpainter().to(run.device)
    if start is not None:
        models.load_weights(painter, start / "underpainter.safetensors")
    average = Average(painter, 0.998)
    optimizer = torch.optim.AdamW(
        painter.parameters(), lr=run.lr, betas=(0.9, 0.98), weight_decay=0.01
    )
    clock = TrainingClock(run)
    if state := load_checkpoint(path, run.device):
        painter.load_state_dict(state["underpainter"])
        average.shadow = state["average"]
        optimizer.load_state_dict(state["optimizer"])
        clock = TrainingClock(run, state["step"], state["spent_s"])
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    supply = LatentFrames(TextEncoder(run.device), run.seed + clock.step)
    known: set[Path] = set()
    smoothed: Tensor | None = None
    while clock.done < 1:
        if clock.step % 100 == 0 or not len(supply):
            supply.add(load_shards(run.work / "clips", known))
        if not len(supply):
            raise WeightsError(f"no clips under {run.work / 'clips'}: run `clips` first")
        optimizer.param_groups[0]["lr"] = learning_rate(run, clock, warmup=100)
        loss, figures = supply.loss(painter, run.batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(painter.parameters(), 1.0)
        optimizer.step()
        clock.step += 1
        average.update(painter, clock.step)
        smoothed = figures if smoothed is None else smoothed.lerp(figures, 0.03)
        if clock.due():
            save_checkpoint(
                path, underpainter=painter.state_dict(), average=average.shadow,
                optimizer=optimizer.state_dict(), step=clock.step, spent_s=clock.spent_s,
            )  # fmt: skip
            run.log(
                f"underpainter step {clock.step} {clock.spent_s / 60:.1f} min "
                f"error on figures {smoothed.item():.4f}, {clock.rate:.0f}/s, {len(supply)} clips"
            )


def trained_underpainter(work: Path, device: torch.device) -> Underpainter:
    """Return the averaged underpainter of a run, frozen.

    Raises:
        WeightsError: there is none yet.
    """
    state = load_checkpoint(work / "underpainter.pt", device)
    if state is None:
        raise WeightsError(f"nothing at {work / 'underpainter.pt'}: run `underpainter` first")
    painter = Underpainter().to(device)
    painter.load_state_dict(state["average"])
    return painter.requires_grad_(False).eval()
