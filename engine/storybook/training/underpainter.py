"""Latent clips -> the underpainter: taught by laying its figures over the empty place.

A step takes one frame of each of many clips. What is laid over the place's own latents has to be
the frame's; where figures are counts more. Boxes are the plan's, now and then loosened, since a
director's are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ....errors import WeightsError
from .. import models
from ..text import TextEncoder
from ..underpainting import LATENTS, Underpainter, flattened
from .clips import LatentClip, load_shards
from .running import Average, Clock, Run, learning_rate, load_checkpoint, save_checkpoint
from .tracks import loosened

FIGURE_WEIGHT = 8.0
CHANGED = 0.05  # a latent belongs to a figure where it differs by this much from the empty place
LOOSENED = 0.1  # the part of the figures whose boxes are loosened


class Frames:
    """Single frames of latent clips, with the figures in them."""

    def __init__(self, encoder: TextEncoder, seed: int) -> None:
        self._encoder = encoder
        self._rng = np.random.default_rng(seed)
        self._clips: list[LatentClip] = []

    def add(self, clips: Sequence[LatentClip]) -> None:
        self._clips += [clip for clip in clips if clip.actors and clip.ground is not None]

    def __len__(self) -> int:
        return len(self._clips)

    def loss(self, painter: Underpainter, size: int) -> tuple[Tensor, float]:
        """Return the weighted squared error over `size` frames, and the plain one on figures."""
        clips = [self._clips[int(i)] for i in self._rng.integers(len(self._clips), size=size)]
        at = self._rng.integers(models.FRAMES, size=size)
        boxes = [self._boxes(clip)[:, t] for clip, t in zip(clips, at, strict=True)]
        texts = [text for clip in clips for text in self._texts(clip)]
        device = next(painter.parameters()).device
        counts = [clip.actors for clip in clips]
        times = torch.from_numpy(at).repeat_interleave(torch.tensor(counts)) / models.FPS
        true = (
            torch.stack([c.latents[t] for c, t in zip(clips, at, strict=True)]).to(device).float()
        )
        ground = torch.stack([c.ground for c in clips if c.ground is not None]).to(true)
        layers = painter(
            self._encoder.tokens(texts, models.TEXT_TOKENS).to(device), times.to(true),
            torch.cat(boxes).to(device), *true.shape[-2:],
        )  # fmt: skip
        painted = torch.cat([
            flattened(figures[:, None], -box[:, 3])  # whose feet are lower is nearer
            for figures, box in zip(layers.split(counts), boxes, strict=True)
        ])  # fmt: skip
        error = (painted[:, :LATENTS] + (1 - painted[:, LATENTS:]) * ground - true).square()
        figure = (true - ground).abs().mean(1, keepdim=True) > CHANGED
        plain = (error * figure).sum() / figure.sum().clamp(min=1) / LATENTS
        return (error * (1 + (FIGURE_WEIGHT - 1) * figure)).mean(), float(plain.detach())

    def _boxes(self, clip: LatentClip) -> Tensor:
        loose = torch.from_numpy(loosened(clip.planned.numpy(), self._rng))
        chosen = torch.from_numpy(self._rng.random(clip.actors) < LOOSENED)
        return torch.where(chosen[:, None, None], loose, clip.planned)

    def _texts(self, clip: LatentClip) -> tuple[str, ...]:
        return clip.regions[int(self._rng.integers(len(clip.regions)))]


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
    clock = Clock(run)
    if state := load_checkpoint(path, run.device):
        painter.load_state_dict(state["underpainter"])
        average.shadow = state["average"]
        optimizer.load_state_dict(state["optimizer"])
        clock = Clock(run, state["step"], state["spent_s"])
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    supply = Frames(TextEncoder(), run.seed + clock.step)
    known: set[Path] = set()
    told = 0.0
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
        told = told * 0.97 + figures * 0.03 if told else figures
        if clock.due():
            save_checkpoint(
                path, underpainter=painter.state_dict(), average=average.shadow,
                optimizer=optimizer.state_dict(), step=clock.step, spent_s=clock.spent_s,
            )  # fmt: skip
            run.log(
                f"underpainter step {clock.step} {clock.spent_s / 60:.1f} min "
                f"error on figures {told:.4f}, {clock.rate:.1f} frames/s, {len(supply)} clips"
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
