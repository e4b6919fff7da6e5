"""A person's words, motion and time -> the parts of its figure on a canvas: two small networks.

The underpainter learns a figure's latents from its words, and what the words leave open or name
anew comes out as a mean. People are told by many words at once, most of them colours. So people are
painted as a flat figure is made: one network says from the motion and the time how somebody is
posed, one names for each cell of a canvas the part that shows there, and the parts are filled with
the colours that the words name (docs/decisions/0033-people-by-parts.md). Equal words are the same
figure in every shot, and a colour that was never seen on a garment is no harder than another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .world.additions import ALL_MOTIONS, CARRIED, FRAMED, Framing
from .world.figures.parts import COUNT, HIGH, WIDE
from .world.figures.people import ASLEEP
from .world.figures.pose import Pose
from .world.people import PersonLook, table

CLIP_S = 3.0  # motions repeat a whole number of times in a clip, so time is told in its waves
WAVES = 10

MOTIONS = tuple(ALL_MOTIONS)
ITEMS = ("", "scarf", *CARRIED)
FRAMINGS: tuple[Framing, ...] = ("wide", *FRAMED)
# Fields of a pose that are one of several, with how many, and those that are numbers, with a scale.
_KINDS = {"legs": 6, "arms": 14, "mouth": 4, "gaze": 3}
_FLAGS = ("eyes_open", "sitting", "lying")
_NUMBERS = {"lean": 40.0, "nod": 15.0, "angle": 20.0, "turn": 1.0, "stretch": 0.1}
POSE = sum(_KINDS.values()) + len(_FLAGS) + len(_NUMBERS)
# What of a pose changes the shapes of parts; the rest places the whole figure.
_SHAPE = (*range(sum(_KINDS.values()) + 2), POSE - 5, POSE - 4)

_CODE = 384
_FIRST = (9, 6)  # the grid that a canvas grows from, doubled twice and then shuffled
_WIDTHS = (96, 64, 48)


@dataclass(frozen=True, slots=True)
class PersonWords:
    """What is told of somebody at one time, beside colours and the way it faces."""

    look: PersonLook
    motion: str
    framing: Framing = "wide"
    item: str = ""

    @property
    def codes(self) -> tuple[int, ...]:
        """The number of each attribute among its kind's."""
        t, look = table(), self.look
        return (
            t.ages.index(look.age), int(look.female), t.builds.index(look.build),
            t.hair_styles.index(look.hair_style), int(look.beard), int(look.glasses),
            t.garments.index(look.garment), t.headgears.index(look.headgear),
            FRAMINGS.index(self.framing), ITEMS.index(self.item),
        )  # fmt: skip


def _sizes() -> tuple[int, ...]:
    t = table()
    return (
        len(t.ages), 2, len(t.builds), len(t.hair_styles), 2, 2, len(t.garments),
        len(t.headgears), len(FRAMINGS), len(ITEMS),
    )  # fmt: skip


class FigurePainter(nn.Module):
    """Attributes, motions and times -> logits of parts."""

    def __init__(self) -> None:
        super().__init__()
        self.motion = nn.Embedding(len(MOTIONS), 48)
        self.move = nn.Sequential(
            nn.Linear(48 + 2 * WAVES + 1, 192), nn.SiLU(), nn.Linear(192, 192), nn.SiLU(),
            nn.Linear(192, POSE),
        )  # fmt: skip
        self.attributes = nn.ModuleList(nn.Embedding(size, 16) for size in _sizes())
        self.mix = nn.Sequential(
            nn.Linear(16 * len(_sizes()) + len(_SHAPE), _CODE), nn.SiLU(),
            nn.Linear(_CODE, _CODE), nn.SiLU(),
            nn.Linear(_CODE, _WIDTHS[0] * _FIRST[0] * _FIRST[1]),
        )  # fmt: skip
        pairs = list(zip((_WIDTHS[0], *_WIDTHS), _WIDTHS, strict=False))
        self.norms = nn.ModuleList(nn.GroupNorm(8, width) for width, _ in pairs)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairs)
        self.parts = nn.Conv2d(_WIDTHS[-1], 4 * COUNT, 1)

    def posed(self, motions: Tensor, times_s: Tensor) -> Tensor:
        """Say how somebody is posed: motions [M] and times [M] -> [M, POSE], not normalised."""
        turns = times_s[:, None] / CLIP_S * torch.arange(1, WAVES + 1).to(times_s) * math.tau
        told = torch.cat([turns.sin(), turns.cos(), times_s[:, None] / CLIP_S], -1)
        pose: Tensor = self.move(torch.cat([self.motion(motions), told], -1))
        return pose

    def forward(self, codes: Tensor, poses: Tensor) -> Tensor:
        """Paint M upright figures that face right.

        Args:
            codes: [M, 10] int64, `PersonWords.codes`.
            poses: [M, POSE] as `settled` returns or `pose_vector` makes them.

        Returns:
            [M, COUNT, HIGH, WIDE] logits.
        """
        told = [each(codes[:, at]) for at, each in enumerate(self.attributes)]
        code = self.mix(torch.cat([*told, poses[:, list(_SHAPE)]], -1))
        grown = code.unflatten(1, (_WIDTHS[0], *_FIRST))
        for level, (norm, conv) in enumerate(zip(self.norms, self.convs, strict=True)):
            grown = conv(F.silu(norm(grown)))
            if level < len(self.convs) - 1:
                grown = F.interpolate(grown, scale_factor=2.0)
        logits = F.pixel_shuffle(self.parts(F.silu(grown)), 2)
        assert logits.shape[-2:] == (HIGH, WIDE)
        return logits


def pose_vector(pose: Pose) -> Tensor:
    """Return a pose as numbers [POSE]: kinds one-hot, flags and scaled numbers."""
    if pose.lying:  # its shapes are those of ASLEEP
        pose = replace(ASLEEP, lying=True, stretch=pose.stretch, angle=pose.angle, turn=pose.turn)
    kinds = {"legs": pose.legs, "arms": pose.arms, "mouth": pose.mouth, "gaze": pose.gaze + 1}
    parts = [F.one_hot(torch.tensor(kinds[k]), n).float() for k, n in _KINDS.items()]
    flags = torch.tensor([float(getattr(pose, flag)) for flag in _FLAGS])
    angle = (pose.angle + 180) % 360 - 180
    numbers = (pose.lean, pose.nod, angle, pose.turn, pose.stretch - 1)
    scaled = [value / scale for value, scale in zip(numbers, _NUMBERS.values(), strict=True)]
    return torch.cat([*parts, flags, torch.tensor(scaled)])


def settled(poses: Tensor) -> Tensor:
    """Decide poses [M, POSE] of the network's: the likeliest of each kind, flags on or off."""
    parts, at = [], 0
    for size in _KINDS.values():
        parts.append(F.one_hot(poses[:, at : at + size].argmax(-1), size).to(poses))
        at += size
    flags = (poses[:, at : at + len(_FLAGS)] > 0).to(poses)
    return torch.cat([*parts, flags, poses[:, at + len(_FLAGS) :]], -1)


def pose_loss(poses: Tensor, true: Tensor) -> Tensor:
    """Return how wrong poses [M, POSE] of the network's are, a scalar."""
    loss, at = poses.new_zeros(()), 0
    for size in _KINDS.values():
        loss = loss + F.cross_entropy(poses[:, at : at + size], true[:, at : at + size].argmax(-1))
        at += size
    end = at + len(_FLAGS)
    flags = F.binary_cross_entropy_with_logits(poses[:, at:end], true[:, at:end])
    return loss + flags + F.mse_loss(poses[:, end:], true[:, end:])


def codes_of(words: Sequence[PersonWords]) -> tuple[Tensor, Tensor]:
    """Return attributes [M, 10] and motions [M] of figures, int64."""
    known = {motion: at for at, motion in enumerate(MOTIONS)}
    return (
        torch.tensor([w.codes for w in words]),
        torch.tensor([known.get(w.motion, known["stand"]) for w in words]),
    )


@dataclass(frozen=True, slots=True)
class PlacedPose:
    """How a whole figure is placed: whether it lies, degrees turned over, sideways, stretched."""

    lying: bool
    angle: float
    turn: float
    stretch: float


def whole_poses(poses: Tensor) -> list[PlacedPose]:
    """Return what decided poses [M, POSE] say of whole figures."""
    first = sum(_KINDS.values())
    scales = list(_NUMBERS.values())[2:]
    return [
        PlacedPose(
            bool(row[first + 2]), row[-3] * scales[0], row[-2] * scales[1], 1 + row[-1] * scales[2]
        )
        for row in poses.tolist()
    ]
