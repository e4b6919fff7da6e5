"""A model's output + its target -> the losses by which motions and looks are learnt."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

BETA = 1.0


def debiased(values: Tensor, anchor: int, beta: float = BETA) -> Tensor:
    """Return values [T, C, H, W] with what they share with an anchor frame taken away.

    phi(x_i) = sqrt(beta^2 + 1) * x_i - beta * x_anchor, equation 6 of MotionDirector (arXiv
    2310.08465); DreamRunner (arXiv 2411.16657, section 3.2) trains its motion priors by it. Frames
    of one clip share their look, so that what is left is mostly how they differ: the motion.
    """
    return math.sqrt(beta**2 + 1) * values - beta * values[anchor]


def motion_loss(
    output: Tensor, target: Tensor, anchor: int | None, where: Tensor | None = None
) -> Tensor:
    """Return L = L_org + L_ad of outputs and targets [T, C, H, W]; L_org alone without an anchor.

    Both are mean squared errors and weigh the same, as in the paper's section 3.2: L_org of the
    outputs as they are, L_ad of both sides `debiased` by one frame chosen at random. `where`
    [T, 1, H, W] says how much each place counts in the means; all of them alike for None.
    """
    error = output.float() - target.float()  # L_ad is linear within its square
    squares = error.square()
    if anchor is not None:
        squares = squares + debiased(error, anchor).square()
    if where is None:
        return squares.mean()
    return (squares * where).sum() / (where.sum() * squares.shape[1])


def where_it_moves(latents: Tensor, where: Tensor | None, strength: float) -> Tensor:
    """Return how much each of a clip's latents [T, C, H, W] counts: weights [T, 1, H, W].

    `where` [T, 1, H, W], or 1 for None, times 1 + strength * change / mean change. The change of
    a place is the root mean square, over time and channels, of what differs there from its mean
    over time; its mean is weighted by `where`. The change of an arm that waves is a
    hundredth of the energy of its figure's latents (measured on the miniature), so that a plain
    mean hardly asks for it; a figure that goes about changes all over its region.
    """
    inside = torch.ones_like(latents[:, :1]) if where is None else where
    change = (latents - latents.mean(0)).square().mean((0, 1)).sqrt()
    usual = (change * inside).sum() / inside.sum()
    return inside * (1 + strength * change / usual.clamp(min=1e-6))


def look_loss(output: Tensor, target: Tensor, frame: int) -> Tensor:
    """Return the mean squared error of one latent frame, by which a look is learnt without motion.

    MotionDirector's spatial path (arXiv 2310.08465, equation 4): one frame chosen at random.
    """
    return F.mse_loss(output[frame].float(), target[frame].float())
