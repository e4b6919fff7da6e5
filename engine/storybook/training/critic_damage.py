"""A drawn clip -> the same clip as a weak model would have made it, and what is still true of it.

Two kinds of damage. What a picture survives (blur, blocks, noise, colour, ghosts) leaves every
text true. What it does not survive is done to one figure: it becomes a blob of its own colour, is
smeared, or is gone. A critic that has never seen these takes any spot of red for a fox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..critic.squares import inside

State = Literal["sound", "blob", "gone"]


@dataclass(frozen=True, slots=True)
class DamageRates:
    """How often each kind of damage is done."""

    figure: float = 0.2
    wear: float = 0.65


def wear(pixels: Tensor, rng: np.random.Generator, strength: float = 1.0) -> Tensor:
    """Return frames [T, 3, h, w] in [-1, 1] with damage that leaves the figures readable."""
    if rng.random() < 0.5:
        pixels = blur(pixels, float(rng.uniform(0.4, 1.5)) * strength)
    if rng.random() < 0.35:
        pixels = blocky(pixels, float(rng.uniform(1.2, 2.0)) ** strength, rng.random() < 0.5)
    if rng.random() < 0.3:
        amount = float(rng.uniform(0.05, 0.3)) * strength
        pixels = pixels.lerp(torch.cat([pixels[:1], pixels[:-1]]), amount)
    if rng.random() < 0.35:
        gains = torch.from_numpy(rng.uniform(0.88, 1.12, 3)).float()[:, None, None]
        shift = torch.from_numpy(rng.uniform(-0.1, 0.1, 3)).float()[:, None, None]
        pixels = pixels * gains + shift
    if rng.random() < 0.35:
        grain = rng.standard_normal(pixels.shape, dtype=np.float32)
        pixels = pixels + torch.from_numpy(grain) * float(rng.uniform(0.02, 0.12))
    return pixels.clamp(-1, 1)


def blur(pixels: Tensor, sigma: float) -> Tensor:
    """Return [T, C, h, w] blurred by a Gaussian."""
    reach = max(1, round(sigma * 2.5))
    at = torch.arange(-reach, reach + 1, dtype=torch.float32)
    kernel = torch.exp(-at.square() / (2 * sigma * sigma))
    kernel = (kernel / kernel.sum()).expand(pixels.shape[1], 1, 1, -1)
    wide = F.pad(pixels, (reach, reach, reach, reach), mode="replicate")
    across = F.conv2d(wide, kernel, groups=pixels.shape[1])
    return F.conv2d(across, kernel.transpose(-1, -2), groups=pixels.shape[1])


def blocky(pixels: Tensor, factor: float, hard: bool) -> Tensor:
    """Return [T, C, h, w] reduced by `factor` and enlarged again, with hard or soft edges."""
    size = (round(pixels.shape[-2] / factor), round(pixels.shape[-1] / factor))
    small = F.interpolate(pixels, size, mode="area")
    mode = "nearest" if hard else "bilinear"
    return F.interpolate(small, pixels.shape[-2:], mode=mode)


def as_blob(pixels: Tensor, mask: Tensor, background: Tensor, rng: np.random.Generator) -> Tensor:
    """Replace a figure by a soft spot of its mean colour.

    Args:
        pixels: [T, 3, h, w] fp32.
        mask: [T, h, w] bool, where the figure is.
        background: [T, 3, h, w] or [3, h, w] fp32, the place without figures.
        rng: decides how soft.
    """
    where = mask[:, None].float()
    color = (pixels * where).sum((0, 2, 3)) / where.sum().clamp(min=1)
    soft = (blur(where, float(rng.uniform(3.0, 6.0))) * 1.6).clamp(0, 1)
    return without(pixels, mask, background).lerp(color[:, None, None].expand_as(pixels), soft)


def smeared(pixels: Tensor, box: Tensor, rng: np.random.Generator) -> Tensor:
    """Blur frames [T, 3, h, w] inside a figure's boxes [T, 4] until no feature is left."""
    edge = torch.tensor([-0.04, -0.06, 0.04, 0.06])
    where = inside(box + edge, pixels.shape[-1], pixels.shape[-2])[:, None]
    return torch.where(where, blur(pixels, float(rng.uniform(5.0, 7.0))), pixels)


def without(pixels: Tensor, mask: Tensor, background: Tensor) -> Tensor:
    """Return frames with the figure of `mask` [T, h, w] wiped out."""
    wide = F.max_pool2d(mask[:, None].float(), 3, 1, 1) > 0
    return torch.where(wide, background.expand_as(pixels), pixels)


def frozen(pixels: Tensor, at: int) -> Tensor:
    """Return a clip that shows frame `at` all the time."""
    return pixels[at : at + 1].expand_as(pixels).contiguous()
