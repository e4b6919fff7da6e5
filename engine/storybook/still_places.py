"""What the transformer says of a clip at a step -> the same, its place alike in every frame.

Nothing tells the transformer that a sun which it draws five times a clip is one sun: each token of
five frames decides by itself, and a moon is a crescent, a bar and a disc within three seconds. The
world's places stand still while its camera does, and what falls is drawn over them. So at every
step of sampling what is predicted of the place is averaged over the frames in which nobody covers
it: the frames agree on one picture, the model's own (docs/decisions/0061-places-stand-still.md).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ...plan import ShotPlan
from .world.vocabulary import CAMERA_WORDS

REACH = 2  # latents around a figure that stay each frame's own: its shadow falls there


def stands_still(shot: ShotPlan) -> bool:
    """Say whether a shot's place is alike in all of its frames: no words move the camera."""
    said = shot.background.lower()
    return not any(words in said for moves in CAMERA_WORDS.values() for words in moves)


def busy(coverage: Tensor, reach: int = REACH) -> Tensor:
    """Return where figures are or cast shadows: coverage [T, 1, H, W] -> [T, 1, H, W] in 0..1."""
    return F.max_pool2d((2 * coverage).clamp(0, 1), 2 * reach + 1, stride=1, padding=reach)


def settled(predicted: Tensor, busy: Tensor) -> Tensor:
    """Return latents [T, C, H, W] whose place is the mean over the frames in which it is seen.

    `busy` [T, 1, H, W] in 0..1 is how far a latent is a figure's, and stays as it is.
    """
    seen = 1 - busy
    mean = (predicted * seen).sum(0) / seen.sum(0).clamp(min=torch.finfo(seen.dtype).eps)
    return torch.lerp(predicted, mean.expand_as(predicted), seen)
