"""Clean drawn pixels -> what a generator or a codec may make of them.

The judge learns and is tested on these. Colours of figures are turned freely, so that only their
shape can name them. `strength` 1 is about the worst in which a person still knows every figure.
Pixels are [T, 3, h, w] fp32 in [0, 1].
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def recolour(pixels: Tensor, masks: Tensor, rng: np.random.Generator) -> Tensor:
    """Give each figure colours of its own.

    Args:
        pixels: [T, 3, h, w] fp32 in [0, 1].
        masks: [A, T, h, w] bool, each figure's visible pixels.
    """
    for mask in masks:
        fate = rng.random()
        if fate < 0.25:
            continue
        angle = rng.uniform(-25, 25) if fate < 0.5 else rng.uniform(-180, 180)
        matrix = _hue_turn(math.radians(angle)) * rng.uniform(0.75, 1.2)
        tint = torch.tensor(rng.random(3), dtype=torch.float32)
        amount = rng.uniform(0, 0.4) if rng.random() < 0.5 else 0.0
        painted = torch.einsum("dc,tchw->tdhw", matrix, pixels) * (1 - amount)
        painted = (painted + amount * tint[:, None, None]).clamp(0, 1)
        pixels = torch.where(mask[:, None], painted, pixels)
    return pixels


def _hue_turn(angle: float) -> Tensor:
    """Return the rotation [3, 3] of colours about the grey axis."""
    axis = torch.full((3,), 1 / math.sqrt(3))
    x, y, z = axis.tolist()
    cross = torch.tensor([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turn = torch.eye(3) * math.cos(angle) + math.sin(angle) * cross
    return turn + (1 - math.cos(angle)) * torch.outer(axis, axis)


def degrade(pixels: Tensor, rng: np.random.Generator, strength: float = 1.0) -> Tensor:
    """Blur, break into blocks, ghost, bend, tint and add noise, each by chance."""
    for step, chance in (
        (_bend, 0.3), (_ghost, 0.35), (_blur, 0.45), (_small, 0.4), (_blocks, 0.3),
        (_panels, 0.15), (_shift, 0.6), (_stains, 0.35), (_noise, 0.4),
    ):  # fmt: skip
        if rng.random() < chance * min(1.0, 2 * strength):
            pixels = step(pixels, rng, strength)
    return pixels.clamp(0, 1)


def _bend(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    """Move pixels about by up to two, differently in each frame."""
    frames, _, height, width = pixels.shape
    coarse = torch.tensor(rng.normal(size=(frames, 2, 6, 9)), dtype=torch.float32)
    shift = F.interpolate(coarse, size=(height, width), mode="bilinear") * rng.uniform(0.2, 1.0)
    shift = shift * strength * 2 / torch.tensor([width, height])[None, :, None, None]
    plain = torch.eye(2, 3).expand(frames, 2, 3)
    grid = F.affine_grid(plain, [frames, 1, height, width], align_corners=False)
    grid = grid + shift.permute(0, 2, 3, 1)
    return F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)


def _ghost(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    """Let frames that a codec packs together show through each other."""
    amount = rng.uniform(0.1, 0.5) * strength
    mixed = pixels.clone()
    for start in range(1 if len(pixels) > 4 else 0, len(pixels), 4):
        group = pixels[start : start + 4]
        mixed[start : start + 4] = group.lerp(group.mean(0, keepdim=True), amount)
    return mixed


def _blur(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    sigma = rng.uniform(0.4, 1.5) * strength + 0.05
    taps = torch.exp(-0.5 * (torch.arange(-4, 5) / sigma) ** 2)
    taps = (taps / taps.sum()).expand(3, 1, 9)
    wide = F.conv2d(F.pad(pixels, (4, 4, 0, 0), "replicate"), taps[:, :, None], groups=3)
    return F.conv2d(F.pad(wide, (0, 0, 4, 4), "replicate"), taps[..., None], groups=3)


def _small(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    """Reduce and enlarge again."""
    size = pixels.shape[-2:]
    factor = 1 + rng.uniform(0.3, 1.6) * strength
    less = (max(8, round(size[0] / factor)), max(8, round(size[1] / factor)))
    return F.interpolate(F.adaptive_avg_pool2d(pixels, less), size=size, mode="bilinear")


def _blocks(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    """Mix in the mean of square blocks, as a coarse codec or a patch of a transformer would."""
    side = int(rng.choice([4, 8, 16]))
    flat = F.avg_pool2d(pixels, side, ceil_mode=True)
    flat = F.interpolate(flat, scale_factor=side)[..., : pixels.shape[-2], : pixels.shape[-1]]
    return pixels.lerp(flat, float(rng.uniform(0.1, 0.9 if side == 4 else 0.4)) * strength)


def _panels(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    """Tint a rectangle, as the edge of a region may show."""
    pixels = pixels.clone()
    height, width = pixels.shape[-2:]
    for _ in range(int(rng.integers(1, 3))):
        x, y = int(rng.integers(0, width - 24)), int(rng.integers(0, height - 24))
        window = pixels[..., y : y + int(rng.integers(24, 72)), x : x + int(rng.integers(24, 72))]
        window += torch.tensor(rng.normal(size=(3, 1, 1)), dtype=torch.float32) * 0.05 * strength
    return pixels


def _shift(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    """Change brightness, contrast, saturation and balance of the whole clip."""
    gain = torch.tensor(1 + rng.normal(size=(3, 1, 1)) * 0.09 * strength, dtype=torch.float32)
    lift = torch.tensor(rng.normal(size=(3, 1, 1)) * 0.04 * strength, dtype=torch.float32)
    contrast = 1 + float(rng.uniform(-0.25, 0.25)) * strength
    grey = pixels.mean(1, keepdim=True)
    coloured = grey.lerp(pixels, 1 + float(rng.uniform(-0.4, 0.4)) * strength)
    return ((coloured * gain + lift) - 0.5) * contrast + 0.5


def _stains(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    """Add soft clouds of colour."""
    coarse = torch.tensor(rng.normal(size=(len(pixels), 3, 6, 9)), dtype=torch.float32)
    clouds = F.interpolate(coarse, size=pixels.shape[-2:], mode="bilinear")
    return pixels + clouds * float(rng.uniform(0.01, 0.06)) * strength


def _noise(pixels: Tensor, rng: np.random.Generator, strength: float) -> Tensor:
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    noise = torch.randn(pixels.shape, generator=generator)
    return pixels + noise * float(rng.uniform(0.01, 0.05)) * strength
