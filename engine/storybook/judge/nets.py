"""Frames and crops -> classes: the judge's three small networks and the order of their classes.

A convolutional encoder and decoder names every pixel, a smaller network names the place, and a
third reads a figure's crops and its track. None shares anything with the critic, which is a
transformer beside a text encoder. Legend: T frames, h w pixels, K classes.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..world.vocabulary import CHARACTERS, MOTIONS, PLACES

CHARACTER_IDS = tuple(CHARACTERS)
PLACE_IDS = tuple(PLACES)
MOTION_IDS = tuple(MOTIONS)
# Classes of a pixel: background, the characters, and a figure's colours without its shape.
BLOB = len(CHARACTER_IDS) + 1
PIXEL_CLASSES = BLOB + 1
# The last class of each of the others is "none of the world's".
NO_PLACE, NO_MOTION = len(PLACE_IDS), len(MOTION_IDS)

HEIGHT, WIDTH = 96, 144  # what the networks look at
FINENESS = 2  # pixels of a frame to a pixel of the segmenter's answer
CROP = 48  # side of a crop in pixels
TRACK_FEATURES = 10


class _ConvBlock(nn.Sequential):
    """A convolution, normalised, with a kink."""

    def __init__(self, channels: int, out: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(channels, out, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(out),
            nn.SiLU(),
        )


class Segmenter(nn.Module):
    """Names each pixel of a frame, at half its size."""

    def __init__(self) -> None:
        super().__init__()
        self.halved = _ConvBlock(3, 24, 5, 2)
        self.quarter = nn.Sequential(_ConvBlock(24, 48, 3, 2), _ConvBlock(48, 48))
        self.eighth = nn.Sequential(_ConvBlock(48, 96, 3, 2), _ConvBlock(96, 96))
        self.whole = nn.Sequential(_ConvBlock(96, 128, 3, 2), _ConvBlock(128, 128))
        self.side = nn.ModuleList(
            [nn.Conv2d(128, 96, 1), nn.Conv2d(96, 48, 1), nn.Conv2d(48, 24, 1)]
        )
        self.joined = nn.ModuleList([_ConvBlock(96, 96), _ConvBlock(48, 48), _ConvBlock(24, 24)])
        self.answer = nn.Conv2d(24, PIXEL_CLASSES, 1)

    def forward(self, frames: Tensor) -> Tensor:
        """Frames [T, 3, h, w] in [0, 1] -> logits [T, K, h / 2, w / 2]."""
        seen = [self.halved(frames - 0.5)]
        for stage in (self.quarter, self.eighth, self.whole):
            seen.append(stage(seen[-1]))
        x = seen.pop()
        for side, joined in zip(self.side, self.joined, strict=True):
            x = F.interpolate(side(x), scale_factor=2.0, mode="nearest")
            x = joined(x + seen.pop())
        out: Tensor = self.answer(x)
        return out


class PlaceNet(nn.Module):
    """Names the place of a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _ConvBlock(3, 24, 5, 2),
            _ConvBlock(24, 32, 3, 2),
            _ConvBlock(32, 48, 3, 2),
            _ConvBlock(48, 64, 3, 2),
        )
        # Rows apart, columns together: a sky lies above a ground, wherever the tree stands.
        self.answer = nn.Linear(64 * 3, NO_PLACE + 1)

    def forward(self, frames: Tensor) -> Tensor:
        """Frames [T, 3, h, w] in [0, 1] -> logits [T, K]."""
        x = self.body(F.avg_pool2d(frames - 0.5, 2))
        out: Tensor = self.answer(F.adaptive_avg_pool2d(x, (3, 1)).flatten(1))
        return out


class MotionNet(nn.Module):
    """Names what a followed figure does."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            _ConvBlock(4, 16, 3, 2),
            _ConvBlock(16, 32, 3, 2),
            _ConvBlock(32, 48, 3, 2),
            _ConvBlock(48, 48, 3, 2),
            nn.Flatten(),
            nn.Linear(48 * 9, 64),
            nn.SiLU(),
        )
        width = 96
        self.enter = nn.Conv1d(64 + TRACK_FEATURES, width, 5, padding=2)
        self.steps = nn.ModuleList(
            [nn.Conv1d(width, width, 5, padding=2 * d, dilation=d) for d in (1, 2, 4)]
        )
        self.answer = nn.Sequential(nn.Dropout(0.1), nn.Linear(2 * width, NO_MOTION + 1))

    def forward(self, crops: Tensor, features: Tensor) -> Tensor:
        """Crops [B, T, 4, CROP, CROP] in [0, 1] and features [B, T, D] -> logits [B, K]."""
        batch, length = crops.shape[:2]
        looks = self.look(crops.flatten(0, 1) - 0.5).reshape(batch, length, -1)
        x = F.silu(self.enter(torch.cat([looks, features.to(looks)], -1).transpose(1, 2)))
        for step in self.steps:
            x = x + F.silu(step(x))  # [B, width, T]
        out: Tensor = self.answer(torch.cat([x.mean(-1), x.amax(-1)], -1))
        return out
