"""Drawn clips -> the codec: AutoencoderKLCogVideoX, on single frames and short clips in turn.

A causal convolution pads a single frame by repeating it, so on single frames its three taps act
as their sum: they are computed as one flat convolution, which is exact and three times cheaper.
The weights saved are those of the stock three-dimensional module. The loss is L1 with a gradient
term, on crops centred on the characters, with a little noise on the latents so that the decoder
forgives a generator's small errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKLCogVideoX
from diffusers.models.autoencoders.autoencoder_kl_cogvideox import CogVideoXCausalConv3d
from numpy.typing import NDArray
from torch import Tensor

from ..world.sampling import sample_scene
from ..world.scene import draw_scene

CROP = 96
LATENT_NOISE = 0.1


@contextmanager
def flat_convolutions(vae: AutoencoderKLCogVideoX) -> Iterator[None]:
    """Compute causal convolutions of single frames by the sum of their taps, which is exact."""
    convs = [m for m in vae.modules() if isinstance(m, CogVideoXCausalConv3d)]
    for module in convs:
        module.forward = _flat(module)
    try:
        yield
    finally:
        for module in convs:
            del module.forward


def _flat(module: CogVideoXCausalConv3d) -> Any:  # a method of a diffusers module
    padding = (module.height_pad, module.width_pad)

    def forward(inputs: Tensor, conv_cache: Tensor | None = None) -> tuple[Tensor, None]:
        if inputs.shape[2] != 1 or conv_cache is not None:
            raise ValueError("flat convolutions are for single frames")
        # Channels last: CPU kernels are many times faster there for so few channels.
        weight = module.conv.weight.sum(2).contiguous(memory_format=torch.channels_last)
        flat = inputs[:, :, 0].contiguous(memory_format=torch.channels_last)
        out = F.conv2d(flat, weight, module.conv.bias, padding=padding)
        return out.contiguous()[:, :, None], None

    return forward


class Frames:
    """An endless supply of drawn clips, a pool of them being replaced one at a time."""

    def __init__(self, seed: int, split: str = "library", pool: int = 96) -> None:
        self._rng = np.random.default_rng(seed)
        self._split = split
        self._clips = [self._draw() for _ in range(pool)]

    def _draw(self) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        clip = draw_scene(sample_scene(self._rng, split=self._split))
        return clip.frames, clip.boxes

    def crops(self, count: int, frames: int = 1, size: int = CROP) -> Tensor:
        """Return [count, 3, frames, size, size] fp32 in [-1, 1], each around a character."""
        self._clips[int(self._rng.integers(len(self._clips)))] = self._draw()
        return pixels(np.stack([self._crop(frames, size) for _ in range(count)]))

    def whole(self, count: int, frames: int = 1) -> Tensor:
        """Return [count, 3, frames, 96, 144] fp32 in [-1, 1]."""
        picks = [self._clips[int(i)][0] for i in self._rng.integers(len(self._clips), size=count)]
        starts = [int(self._rng.integers(len(clip) - frames + 1)) for clip in picks]
        cut = [clip[at : at + frames] for clip, at in zip(picks, starts, strict=True)]
        return pixels(np.stack(cut))

    def _crop(self, frames: int, size: int) -> NDArray[np.uint8]:
        clip, boxes = self._clips[int(self._rng.integers(len(self._clips)))]
        at = int(self._rng.integers(len(clip) - frames + 1))
        height, width = clip.shape[1:3]
        box = boxes[int(self._rng.integers(len(boxes))), at + frames // 2]
        shift = self._rng.integers(-12, 13, size=2)
        x = int(np.clip((box[0] + box[2]) / 2 * width - size / 2 + shift[0], 0, width - size))
        y = int(np.clip((box[1] + box[3]) / 2 * height - size / 2 + shift[1], 0, height - size))
        return clip[at : at + frames, y : y + size, x : x + size]


def pixels(clips: NDArray[np.uint8]) -> Tensor:
    """Turn clips [B, T, h, w, 3] into [B, 3, T, h, w] fp32 in [-1, 1]."""
    return torch.from_numpy(clips).permute(0, 4, 1, 2, 3).float() / 127.5 - 1


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
