"""A checkpoint -> a sheet of stills, to be looked at while it trains."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from diffusers import AutoencoderKLCogVideoX, CogVideoXTransformer3DModel
from numpy.typing import NDArray
from torch import Tensor
from transformers import T5EncoderModel, T5Tokenizer

from .captions import caption, random_scene, region_texts
from .clips import boxes_of
from .codec import single_frames
from .denoiser import sample
from .text import embed
from .transformer import GATHERED, joint_mask, token_boxes, visible_texts
from .world import WorldScene


def scenes(count: int, figures: int, seed: int = 2024) -> list[WorldScene]:
    """Return scenes that training could have shown."""
    chance = random.Random(seed)
    return [random_scene(chance, figures) for _ in range(count)]


@torch.no_grad()
def decode(vae: AutoencoderKLCogVideoX, latents: Tensor) -> NDArray[np.uint8]:
    """Decode scaled latents [T, C, H, W], frame by frame, to frames [T, h, w, 3] uint8."""
    with single_frames(vae):
        video = vae.decode(latents[:, :, None] / vae.config.scaling_factor).sample[:, :, 0]
    pixels = ((video.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return pixels.permute(0, 2, 3, 1).numpy()


def drawn_by(
    model: CogVideoXTransformer3DModel,
    vae: AutoencoderKLCogVideoX,
    tokenizer: T5Tokenizer,
    encoder: T5EncoderModel,
    wanted: Sequence[WorldScene],
    *,
    regions: bool,
    patch: int,
    steps: int = 20,
) -> list[NDArray[np.uint8]]:
    """Draw scenes of equally many figures: from captions that name sides, or by regions."""
    if regions:
        texts = [region_texts(scene) for scene in wanted]
        boxes = np.stack([boxes_of(scene)[:, GATHERED // 2 :: GATHERED] for scene in wanted])
        inside = token_boxes(torch.from_numpy(boxes), patch)
        mask = joint_mask(visible_texts(inside))
    else:
        texts, mask = [[caption(scene, sides=True)] for scene in wanted], None
    said = torch.stack([embed(tokenizer, encoder, row).flatten(0, 1) for row in texts])
    empty = torch.stack([embed(tokenizer, encoder, [""] * len(row)).flatten(0, 1) for row in texts])
    found = sample(model, said, empty, mask, patch, steps=steps)
    return [decode(vae, latents) for latents in found]


def sheet(clips: Sequence[NDArray[np.uint8]], every: int = 4, scale: int = 2) -> NDArray[np.uint8]:
    """Lay clips [T, h, w, 3] under each other, every fourth frame of each side by side."""
    rows = [np.concatenate(list(clip[::every]), axis=1) for clip in clips]
    return np.concatenate(rows).repeat(scale, axis=0).repeat(scale, axis=1)
