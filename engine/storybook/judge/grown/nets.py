"""Frames and crops -> classes: three small convolutional networks and the order of their classes.

The first names what is in each cell of a frame, the box about it, and the place; the second reads
who somebody is and how they look from one crop; the third reads a motion from crops that stand
still. None shares anything with the critic, which is a CLIP of squares and texts. Legend: B batch,
T frames, K classes.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...world.additions import ALL_MOTIONS, ALL_PLACES, CARRIED
from ...world.others import kinds, own_motions
from ...world.people import PERSON, table
from ...world.vocabulary import CHARACTERS

KINDS = (PERSON, *CHARACTERS, *kinds())
# Two more classes of a cell: a figure's colours without its shape, and nobody.
BLOB, NOBODY = len(KINDS), len(KINDS) + 1
PLACES = tuple(ALL_PLACES)
MOTIONS = (*ALL_MOTIONS, *own_motions())
COLOURS = tuple(
    dict.fromkeys((*table().colours, *(c for k in CHARACTERS.values() for c in k.colourways)))
)
# What a look is read as; of animals and other kinds the colour alone.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "age": table().ages,
    "sex": ("female", "male"),
    "build": table().builds,
    "skin": table().skins,
    "hair": table().hairs,
    "hair style": table().hair_styles,
    "beard": ("none", "beard"),
    "glasses": ("none", "glasses"),
    "garment": table().garments,
    "colour": COLOURS,
    "headgear": ("none", *table().headgears[1:]),
    "head colour": table().colours,
    "worn": ("none", "scarf", *CARRIED),
}

# All that is read from a crop.
READ: dict[str, tuple[str, ...]] = {"kind": KINDS, **ATTRIBUTES}

WIDTH, HEIGHT = 192, 128  # of frames
CELL = 8  # pixels of a cell's side
UNIT = 32.0  # pixels in which distances from a cell to its figure's edges are told
CROP = 64  # pixels of a crop's side
MOTION_EVERY = 2  # every which frame a motion is read from


def _block(channels: int, out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.SiLU()
    )


class _Residual(nn.Module):
    """Two convolutions beside what they are given."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            _block(channels, channels), nn.Conv2d(channels, channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(channels),
        )  # fmt: skip

    def forward(self, seen: Tensor) -> Tensor:
        """[B, C, h, w] -> [B, C, h, w]."""
        return F.silu(seen + self.change(seen))


class CellNet(nn.Module):
    """Names what is in each cell of a frame, where its edges are, and the place."""

    def __init__(self) -> None:
        super().__init__()
        self.near = nn.Sequential(
            nn.PixelUnshuffle(4), _block(48, 48), _block(48, 80, 2), _block(80, 80)
        )
        self.wide = nn.Sequential(_block(80, 80, 2), _block(80, 80), _block(80, 80))
        self.joined = nn.Sequential(_block(80, 80), _block(80, 80))
        self.kind = nn.Conv2d(80, len(KINDS) + 2, 1)
        self.edges = nn.Conv2d(80, 4, 1)
        self.place = nn.Linear(160, len(PLACES))

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Look at frames.

        Args:
            frames: [B, 3, h, w] fp32 in [0, 1].

        Returns:
            Logits of kinds [B, K, h/8, w/8]; logarithms of the distances to the left, upper, right
            and lower edge in `UNIT` [B, 4, h/8, w/8]; logits of places [B, K].
        """
        near = self.near(frames - 0.5)
        wide = self.wide(near)
        seen = self.joined(near + F.interpolate(wide, size=near.shape[-2:], mode="nearest"))
        whole = torch.cat([wide.mean((2, 3)), near.mean((2, 3))], 1)
        return self.kind(seen), self.edges(seen), self.place(whole)


class LookNet(nn.Module):
    """Reads who somebody is and how they look, attribute by attribute, from a crop about them.

    Each answer sees where in the crop a thing is: narrowing all to a few numbers first, as a net of
    a third of the size did, costs one answer in ten.
    """

    def __init__(self) -> None:
        super().__init__()
        self.looked = nn.Sequential(
            nn.PixelUnshuffle(2), _block(12, 32), _block(32, 64, 2), _Residual(64),
            _block(64, 128, 2), _Residual(128), nn.Conv2d(128, 48, 1, bias=False),
            nn.BatchNorm2d(48), nn.SiLU(), nn.Flatten(),
        )  # fmt: skip
        self.answers = nn.Linear(48 * (CROP // 8) ** 2, sum(map(len, READ.values())))

    def forward(self, crops: Tensor) -> dict[str, Tensor]:
        """Crops [B, 3, s, s] in [0, 1] -> "kind" or attribute -> logits [B, K]."""
        said = self.answers(self.looked(crops - 0.5))
        parts = said.split([len(values) for values in READ.values()], 1)
        return dict(zip(READ, parts, strict=True))


class DeedNet(nn.Module):
    """Names a motion from crops that stand still, with the figure's box as a fourth channel."""

    def __init__(self) -> None:
        super().__init__()
        self.looked = nn.Sequential(
            nn.PixelUnshuffle(2), _block(32, 40, 2), _block(40, 64, 2), _block(64, 64)
        )
        self.narrowed = nn.Linear(64 * (CROP // 8) ** 2, 64)
        self.in_time = nn.Sequential(
            nn.Conv1d(64, 96, 5, padding=2), nn.SiLU(), nn.Conv1d(96, 96, 5, padding=2), nn.SiLU()
        )
        self.answer = nn.Linear(192, len(MOTIONS))

    def forward(self, crops: Tensor) -> Tensor:
        """Crops [B, T, 4, s, s] in [0, 1] -> logits [B, K]."""
        change = crops - crops.mean(1, keepdim=True)
        pair = torch.cat([crops - 0.5, change], 2).flatten(0, 1)
        steps = self.narrowed(self.looked(pair).flatten(1)).unflatten(0, crops.shape[:2])
        seen = self.in_time(steps.transpose(1, 2))
        return self.answer(torch.cat([seen.mean(2), seen.amax(2)], 1))
