"""Drawn frames -> the codec: AutoencoderKLCogVideoX on single frames.

The loss is L1 with a gradient term, on crops centred on the characters and on whole frames in
turn (its group norms see both), with a little noise on the latents so that the decoder forgives a
generator's small errors.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKLCogVideoX
from numpy.typing import NDArray
from torch import Tensor

from .. import models
from ..frame_codec import flat_convolutions
from .drawn_clips import drawings
from .loop import (
    Average,
    Run,
    TrainingClock,
    learning_rate,
    load_checkpoint,
    save_checkpoint,
)

CROP = 96
LATENT_NOISE = 0.1


class FramePool:
    """An endless supply of drawn clips, a pool of them being replaced one at a time."""

    def __init__(self, seed: int, split: str = "library", pool: int = 96, workers: int = 0) -> None:
        self._rng = np.random.default_rng(seed)
        self._drawn = drawings(seed, split, range(2**31), workers)
        self._clips = [self._draw() for _ in range(pool)]

    def _draw(self) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        clip = next(self._drawn)
        return clip.frames.numpy().copy(), clip.boxes.numpy().copy()

    def crops(self, count: int, size: int = CROP) -> Tensor:
        """Return [count, 3, 1, size, size] fp32 in [-1, 1], each around a character."""
        self._clips[int(self._rng.integers(len(self._clips)))] = self._draw()
        return pixels(np.stack([self._crop(size) for _ in range(count)]))

    def whole(self, count: int) -> Tensor:
        """Return [count, 3, 1, h, w] fp32 in [-1, 1]."""
        picks = [self._clips[int(i)][0] for i in self._rng.integers(len(self._clips), size=count)]
        return pixels(np.stack([clip[int(self._rng.integers(len(clip)))] for clip in picks]))

    def _crop(self, size: int) -> NDArray[np.uint8]:
        clip, boxes = self._clips[int(self._rng.integers(len(self._clips)))]
        at = int(self._rng.integers(len(clip)))
        height, width = clip.shape[1:3]
        box = boxes[int(self._rng.integers(len(boxes))), at]
        shift = self._rng.integers(-12, 13, size=2)
        x = int(np.clip((box[0] + box[2]) / 2 * width - size / 2 + shift[0], 0, width - size))
        y = int(np.clip((box[1] + box[3]) / 2 * height - size / 2 + shift[1], 0, height - size))
        return clip[at, y : y + size, x : x + size]


def pixels(frames: NDArray[np.uint8]) -> Tensor:
    """Turn frames [B, h, w, 3] into [B, 3, 1, h, w] fp32 in [-1, 1]."""
    return torch.from_numpy(frames).permute(0, 3, 1, 2)[:, :, None].float() / 127.5 - 1


def codec_loss(vae: AutoencoderKLCogVideoX, batch: Tensor, generator: torch.Generator) -> Tensor:
    """Return L1 + gradient L1 + a light pull of the latents to unit size, a scalar."""
    latents = vae.encode(batch).latent_dist.mean
    noise = torch.randn(latents.shape, generator=generator).to(latents)
    out = vae.decode(latents + LATENT_NOISE * noise).sample.float()
    edges = sum(
        (torch.diff(out, dim=axis) - torch.diff(batch, dim=axis)).abs().mean() for axis in (-1, -2)
    )
    return (out - batch).abs().mean() + 0.5 * edges + 1e-3 * latents.float().square().mean()


@torch.no_grad()
def reconstruction_psnr(vae: AutoencoderKLCogVideoX, frames: Tensor) -> float:
    """Return the mean PSNR in dB over frames [B, 3, T, h, w] in [-1, 1]."""
    out = vae.decode(vae.encode(frames).latent_dist.mean).sample.float().clamp(-1, 1)
    error = (out - frames).square().flatten(1).mean(1)
    return float((10 * torch.log10(4 / error)).mean())


def train_codec(run: Run, *, frozen_encoder: bool, start: Path | None = None) -> None:
    """Train the codec: three steps on crops around characters, then one on whole frames.

    With `frozen_encoder` only the decoder goes on learning, so that latents keep their meaning.
    Without a checkpoint it begins with random weights, or with those exported to `start`.
    """
    path = run.work / "codec.pt"
    torch.manual_seed(run.seed)
    vae = models.new_vae().to(run.device)
    if start is not None:
        models.load_weights(vae, start / "vae.safetensors")
    average = Average(vae, 0.998)
    vae.encoder.requires_grad_(not frozen_encoder)
    learned = [p for p in vae.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=run.lr, betas=(0.9, 0.95), weight_decay=0)
    clock = TrainingClock(run)
    if state := load_checkpoint(path, run.device):
        vae.load_state_dict(state["average"] if frozen_encoder else state["vae"])
        average.shadow = state["average"]
        if state["frozen_encoder"] == frozen_encoder:
            optimizer.load_state_dict(state["optimizer"])
            clock = TrainingClock(run, state["step"], state["spent_s"])
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    supply = FramePool(run.seed + clock.step, workers=run.workers)
    held_out = FramePool(10_000_019, pool=24).whole(24).to(run.device)
    generator = torch.Generator().manual_seed(run.seed + clock.step)
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = learning_rate(run, clock)
        whole = clock.step % 4 == 3
        batch = supply.whole(run.batch // 2) if whole else supply.crops(run.batch)
        with flat_convolutions(vae), models.autocast(run.device):
            loss = codec_loss(vae, batch.to(run.device), generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        clock.step += 1
        average.update(vae, clock.step)
        if clock.due():
            save_checkpoint(
                path, vae=vae.state_dict(), average=average.shadow, step=clock.step,
                optimizer=optimizer.state_dict(), spent_s=clock.spent_s,
                frozen_encoder=frozen_encoder,
            )  # fmt: skip
            run.log(
                f"codec step {clock.step} loss {loss.item():.4f} "
                f"psnr {_averaged_psnr(average, held_out, run.device):.2f} dB, {clock.rate:.1f}/s"
            )


def _averaged_psnr(average: Average, frames: Tensor, device: torch.device) -> float:
    vae = models.new_vae().to(device)
    vae.load_state_dict(average.shadow)
    with flat_convolutions(vae), models.autocast(device):
        return reconstruction_psnr(vae, frames)
