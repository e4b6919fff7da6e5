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
from .world.figures.parts import COUNT
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
_CODE = 384


@dataclass(frozen=True, slots=True)
class PartCanvas:
    """What a painter is told and what it paints on.

    `attributes` are how many values each attribute has, `told` how many numbers stand for one;
    `poses` are the columns of a pose that change the shapes of parts, the rest places the whole
    figure. The canvas grows from a grid `first`, which is doubled before each width but the first,
    and then shuffled.
    """

    attributes: tuple[int, ...]
    told: int
    motions: tuple[str, ...]
    poses: tuple[int, ...]
    parts: int
    first: tuple[int, int]
    widths: tuple[int, ...]

    @property
    def size(self) -> tuple[int, int]:
        """The cells of a canvas, high and wide."""
        grown: int = 2 ** len(self.widths)
        return self.first[0] * grown, self.first[1] * grown


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


# Of a pose, what changes the shapes of parts: kinds, open eyes, sitting (and lying, where that is
# drawn and not placed), leaning and nodding.
_SHAPE = (*range(sum(_KINDS.values()) + 2), POSE - 5, POSE - 4)
SHAPE_LYING = (*range(sum(_KINDS.values()) + 3), POSE - 5, POSE - 4)
PEOPLE = PartCanvas(_sizes(), 16, MOTIONS, _SHAPE, COUNT, (9, 6), (96, 64, 48, 32))


class FigurePainter(nn.Module):
    """Attributes, motions and times -> logits of parts."""

    def __init__(self, canvas: PartCanvas = PEOPLE) -> None:
        super().__init__()
        self.on = canvas
        first, widths = canvas.first, canvas.widths
        self.motion = nn.Embedding(len(canvas.motions), 48)
        self.move = nn.Sequential(
            nn.Linear(48 + 2 * WAVES + 1, 192), nn.SiLU(), nn.Linear(192, 192), nn.SiLU(),
            nn.Linear(192, POSE),
        )  # fmt: skip
        known = canvas.attributes
        self.attributes = nn.ModuleList(nn.Embedding(size, canvas.told) for size in known)
        self.mix = nn.Sequential(
            nn.Linear(canvas.told * len(known) + len(canvas.poses), _CODE), nn.SiLU(),
            nn.Linear(_CODE, _CODE), nn.SiLU(),
            nn.Linear(_CODE, widths[0] * first[0] * first[1]),
        )  # fmt: skip
        pairs = list(zip((widths[0], *widths), widths, strict=False))
        self.norms = nn.ModuleList(nn.GroupNorm(8, width) for width, _ in pairs)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairs)
        self.parts = nn.Conv2d(widths[-1], 4 * canvas.parts, 1)

    def posed(self, motions: Tensor, times_s: Tensor) -> Tensor:
        """Say how somebody is posed: motions [M] and times [M] -> [M, POSE], not normalised."""
        turns = times_s[:, None] / CLIP_S * torch.arange(1, WAVES + 1).to(times_s) * math.tau
        told = torch.cat([turns.sin(), turns.cos(), times_s[:, None] / CLIP_S], -1)
        pose: Tensor = self.move(torch.cat([self.motion(motions), told], -1))
        return pose

    def forward(self, codes: Tensor, poses: Tensor) -> Tensor:
        """Paint M upright figures that face right.

        Args:
            codes: [M, A] int64, the number of each attribute: `PersonWords.codes`.
            poses: [M, POSE] as `settled` returns or `pose_vector` makes them.

        Returns:
            [M, parts, h, w] logits on the painter's canvas.
        """
        told = [each(codes[:, at]) for at, each in enumerate(self.attributes)]
        code = self.mix(torch.cat([*told, poses[:, list(self.on.poses)]], -1))
        grown = code.unflatten(1, (self.on.widths[0], *self.on.first))
        for level, (norm, conv) in enumerate(zip(self.norms, self.convs, strict=True)):
            grown = conv(F.silu(norm(grown)))
            if level < len(self.convs) - 1:
                grown = F.interpolate(grown, scale_factor=2.0)
        logits = F.pixel_shuffle(self.parts(F.silu(grown)), 2)
        assert logits.shape[-2:] == self.on.size
        return logits


def pose_vector(pose: Pose, *, drawn_lying: bool = False) -> Tensor:
    """Return a pose as numbers [POSE]: kinds one-hot, flags and scaled numbers.

    The shapes of a person who lies are those of ASLEEP, laid down; `drawn_lying` says that who lies
    has shapes of its own.
    """
    if pose.lying and not drawn_lying:
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
