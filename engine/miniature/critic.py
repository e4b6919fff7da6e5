"""Frames -> who is where, in which colour, doing what, in which place: the miniature's critic.

Not the judge, and unlike it in all that could make them err alike: tokens of 8 pixels that look at
each other in place of plain convolutions, boxes by regression, motions from a crop that stands
still, a seed and damages of its own. It knows shapeless things, which the judge does not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from ...errors import WeightsError
from .storing import load_small
from .world import CHARACTERS, COLOURS, FRAMES, HEIGHT, MOTIONS, PLACES, WIDTH

WEIGHTS = Path(__file__).parent / "weights" / "critic.safetensors"
VERSION = 1  # raised when equal weights say something else
CELL = 8  # pixels of a token's side
ROWS, COLUMNS = HEIGHT // CELL, WIDTH // CELL
SHAPELESS, NOBODY = len(CHARACTERS), len(CHARACTERS) + 1
CROP_WIDTH, CROP_HEIGHT = 48, 56  # pixels of the crop in which a motion is read
_TRUNK = 64


class _Block(nn.Module):
    """A depthwise kernel and two pointwise layers, beside what goes past them (ConvNeXt)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(channels, channels, 5, padding=2, groups=channels),
            nn.GroupNorm(1, channels), nn.Conv2d(channels, 2 * channels, 1), nn.GELU(),
            nn.Conv2d(2 * channels, channels, 1),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


def _mixer(width: int, layers: int) -> nn.TransformerEncoder:
    layer = nn.TransformerEncoderLayer(
        width, 4, 2 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


@dataclass(frozen=True, eq=False)
class FrameSight:
    """What is seen of B frames, for each of their N = 96 tokens, row by row.

    Attributes:
        who: [B, N, K] logits: the characters, something shapeless, nobody.
        colour: [B, N, C] logits.
        edges: [B, N, 4] left, top, right, bottom of the token's figure, in parts of the frame.
        place: [B, P] logits.
        tokens: [B, N, D].
    """

    who: Tensor
    colour: Tensor
    edges: Tensor
    place: Tensor
    tokens: Tensor


class FigureViewer(nn.Module):
    """Names who is at each token, in which colour, from where to where; and the place."""

    middles: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(3, 32, 4, 4), nn.GroupNorm(1, 32), _Block(32), _Block(32),
            nn.Conv2d(32, _TRUNK, 2, 2), nn.GroupNorm(1, _TRUNK), _Block(_TRUNK), _Block(_TRUNK),
        )  # fmt: skip
        self.position = nn.Parameter(torch.randn(ROWS * COLUMNS, _TRUNK) * 0.02)
        self.mixer = _mixer(_TRUNK, 2)
        self.norm = nn.LayerNorm(_TRUNK)
        self.who = nn.Linear(_TRUNK, NOBODY + 1)
        self.colour = nn.Linear(_TRUNK, len(COLOURS))
        self.edges = nn.Linear(_TRUNK, 4)
        self.place = nn.Linear(_TRUNK, len(PLACES))
        self.register_buffer("middles", token_middles().repeat(1, 2), persistent=False)

    def forward(self, frames: Tensor) -> FrameSight:
        """See frames [B, 3, 64, 96] in 0..1."""
        trunk = self.trunk(frames * 2 - 1).flatten(2).transpose(1, 2)  # [B, N, D]
        tokens = self.norm(self.mixer(trunk + self.position))
        edges = self.middles + 0.25 * self.edges(tokens)
        place = self.place(tokens.mean(1))
        return FrameSight(self.who(tokens), self.colour(tokens), edges, place, tokens)


class MovementReader(nn.Module):
    """Names a motion from a crop that stands still while a figure moves in it."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.looked = nn.Sequential(
            nn.Conv2d(6, 32, 4, 4), nn.GroupNorm(1, 32), _Block(32), nn.Conv2d(32, 24, 2, 2)
        )
        cells = (CROP_WIDTH // 8) * (CROP_HEIGHT // 8)
        self.narrowed = nn.Linear(24 * cells, width)
        self.time = nn.Parameter(torch.randn(FRAMES, width) * 0.02)
        self.mixer = _mixer(width, 2)
        self.answer = nn.Linear(width, len(MOTIONS))

    def forward(self, crops: Tensor) -> Tensor:
        """Read crops [B, 25, 3, 56, 48] in 0..1: logits [B, K]."""
        away = crops - crops.mean(1, keepdim=True)  # what does not move is nothing here
        seen = self.looked(torch.cat([crops * 2 - 1, 2 * away], dim=2).flatten(0, 1))
        steps = self.narrowed(seen.flatten(1)).unflatten(0, crops.shape[:2])
        mixed: Tensor = self.mixer(steps + self.time)
        return self.answer(mixed.mean(1))


class MiniatureCritic(nn.Module):
    """The critic's two networks."""

    def __init__(self) -> None:
        super().__init__()
        self.viewer, self.reader = FigureViewer(), MovementReader()

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> MiniatureCritic:
        """Return the critic with its trained weights, frozen.

        Raises:
            WeightsError: there are none.
        """
        critic = cls()
        critic.load_state_dict(load_small(path))
        return critic.requires_grad_(False).eval()


def read_card(weights: Path = WEIGHTS) -> dict[str, dict[str, float]]:
    """Return the card beside a critic's weights: its accuracy, and `thresholds` once measured.

    Raises:
        WeightsError: there is none, or it has no thresholds.
    """
    path = weights.with_suffix(".json")
    card: dict[str, dict[str, float]] = json.loads(path.read_text()) if path.is_file() else {}
    if "thresholds" not in card:
        raise WeightsError(
            f"the miniature's critic has no thresholds at {path}; `make miniature` trains it and "
            "`dreamrunner critic calibrate --world miniature` measures them"
        )
    return card


def critic_fingerprint(weights: Path = WEIGHTS) -> str:
    """Return the hash of the critic's weights and card.

    Raises:
        WeightsError: they are missing.
    """
    read_card(weights)
    if not weights.is_file():
        raise WeightsError(f"the miniature has no critic at {weights}; `make miniature` trains it")
    digest = sha256(f"miniature critic {VERSION}\n".encode())
    for path in (weights, weights.with_suffix(".json")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def token_middles() -> Tensor:
    """Return the middles (x, y) of all tokens in parts of the frame: [N, 2]."""
    y, x = torch.meshgrid(torch.arange(ROWS) + 0.5, torch.arange(COLUMNS) + 0.5, indexing="ij")
    return torch.stack([x / COLUMNS, y / ROWS], dim=-1).flatten(0, 1)


def unit(frames: NDArray[np.uint8]) -> Tensor:
    """Turn frames [T, h, w, 3] uint8 into [T, 3, 64, 96] in 0..1."""
    found = torch.from_numpy(np.ascontiguousarray(frames)).movedim(-1, -3).float() / 255
    if found.shape[-2:] == (HEIGHT, WIDTH):
        return found
    return F.interpolate(found, (HEIGHT, WIDTH), mode="bilinear", antialias=True)


def cover(frames: Tensor, boxes: Tensor) -> Tensor:
    """Paint boxes over with what is beside them in the same rows.

    Args:
        frames: [T, 3, h, w].
        boxes: [A, T, 4] in parts of the frame; a box of nothing covers nothing.
    """
    height, width = frames.shape[-2:]
    y = (torch.arange(height) + 0.5)[:, None] / height
    x = (torch.arange(width) + 0.5)[None] / width
    left, top, right, bottom = boxes[..., None, None].unbind(2)  # each [A, T, 1, 1]
    hidden = ((x >= left) & (x <= right) & (y >= top) & (y <= bottom)).any(0)[:, None]
    seen = (~hidden).float()
    beside = (frames * seen).sum(3, keepdim=True) / seen.sum(3, keepdim=True).clamp(min=1)
    return torch.where(hidden, beside, frames)


def crop(frames: Tensor, x: float, y: float) -> Tensor:
    """Return [T, 3, 56, 48] of frames [T, 3, h, w] about a point; past the edge it repeats."""
    aside, above = CROP_WIDTH // 2, CROP_HEIGHT // 2
    padded = F.pad(frames, (aside, aside, above, above), mode="replicate")
    left = min(max(0, round(x * WIDTH)), WIDTH)
    top = min(max(0, round(y * HEIGHT)), HEIGHT)
    return padded[..., top : top + CROP_HEIGHT, left : left + CROP_WIDTH]
