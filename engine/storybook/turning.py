"""Figures + how a motion turns them over -> the same figures, turned as pictures.

Latents that are turned are not those of a turned picture. So who turns over is painted upright,
decoded, turned, and encoded again, and stays as sharp in the air as on the ground.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKLCogVideoX
from torch import Tensor

from . import models
from .underpainting import LATENTS

TURNS = "turns"  # an adapter's name for what its motion does to whole figures
_GREY = 128
_SEEN = 0.05  # the coverage from which on a latent is the figure's


def facing_turns(turns: Tensor, facing: str) -> Tensor:
    """Return the turns [..., 2, 3] of one who faces right as one who faces so makes them."""
    mirror = turns.new_tensor([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0]])
    return turns if facing == "right" else turns * mirror


def turned_frames(turns: Tensor) -> Tensor:
    """Return in which frames turns [T, 2, 3] change anything: [T] bool."""
    return (turns - torch.eye(2, 3).to(turns)).abs().amax((1, 2)) > 1e-3


def turned_pictures(pictures: Tensor, boxes: Tensor, turns: Tensor) -> Tensor:
    """Turn pictures [M, C, h, w] where there are boxes [M, 4], in parts of the frame.

    A turn [2, 3] is a matrix and a shift from points of the result to points of the picture, from
    the box's middle and in box heights. What lies beyond the picture is its border.
    """
    height, width = pictures.shape[-2:]
    size = pictures.new_tensor([width, height])
    middle = ((boxes[:, :2] + boxes[:, 2:]) / 2).to(pictures) * size
    rows, columns = torch.arange(height).to(pictures), torch.arange(width).to(pictures)
    down, across = torch.meshgrid(rows + 0.5, columns + 0.5, indexing="ij")
    away = torch.stack([across, down], -1) - middle[:, None, None]  # [M, h, w, 2]
    tall = (boxes[:, 3] - boxes[:, 1]).to(pictures) * height
    turns = turns.to(pictures)
    moved = middle + turns[..., 2] * tall[:, None]
    found = torch.einsum("mab,mhwb->mhwa", turns[..., :2], away) + moved[:, None, None]
    places = 2 * found / size - 1
    return F.grid_sample(pictures, places, padding_mode="border", align_corners=False)


def turned_latents(
    vae: AutoencoderKLCogVideoX, latents: Tensor, boxes: Tensor, turns: Tensor
) -> Tensor:
    """Turn what latents [M, C, H, W] show, as pictures."""
    pictures = models.to_frames(vae, latents).permute(0, 3, 1, 2).float()
    turned = turned_pictures(pictures, boxes, turns).round().to(torch.uint8)
    return models.to_latents(vae, turned.permute(0, 2, 3, 1))


def turned_layers(
    vae: AutoencoderKLCogVideoX, layers: Tensor, boxes: Tensor, turns: Tensor
) -> Tensor:
    """Turn one figure's layers [T, CHANNELS, H, W] over, in boxes [T, 4] by turns [T, 2, 3]."""
    at = turned_frames(turns) & ~boxes.isnan().any(-1)
    if not at.any():
        return layers
    grey = _grey(vae, layers.device)
    colour, coverage = layers[at, :LATENTS], layers[at, LATENTS:]
    shown = turned_latents(vae, colour + (1 - coverage) * grey, boxes[at], turns[at])
    covered = turned_pictures(coverage, boxes[at], turns[at])
    out = layers.clone()
    # Where nothing is, a codec's error is not nothing.
    out[at] = torch.cat([(shown - (1 - covered) * grey) * (covered > _SEEN), covered], 1)
    return out


def _grey(vae: AutoencoderKLCogVideoX, device: torch.device) -> Tensor:
    """Encode nothing but grey, [1, C, H, W]: what is taken away, since a codec shows no holes."""
    flat = torch.full((1, models.HEIGHT, models.WIDTH, 3), _GREY, dtype=torch.uint8)
    return models.to_latents(vae, flat.to(device))
