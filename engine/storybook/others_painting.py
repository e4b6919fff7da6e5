"""A kind of figure beside animals and people, its motion and time -> the parts of its figure.

The painter of people on another canvas, with weights of its own: a kind is one attribute where a
person has ten. There are a few hundred shapes in all, and it knows them as the painter of places
knows its pictures (docs/decisions/0068-others-by-parts.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .figure_painting import SHAPE_LYING, FigurePainter, PartCanvas
from .world.figures.others.drawing import COUNT, HIGH, WIDE
from .world.others import kinds

KINDS = tuple(kinds())
MOTIONS = tuple(dict.fromkeys(motion for kind in kinds().values() for motion in kind.motions))
OTHERS = PartCanvas(
    (len(KINDS),), 48, MOTIONS, SHAPE_LYING, COUNT, (HIGH // 8, WIDE // 8), (48, 48, 48)
)


def new_others_painter() -> FigurePainter:
    """Return a painter of the other kinds, untrained."""
    return FigurePainter(OTHERS)


def codes_of_kind(character: str, motions: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return a kind's attribute [M, 1] and its motions [M], int64: those that it has."""
    kind = kinds()[character]
    numbers = [MOTIONS.index(kind.motion(motion)) for motion in motions]
    return torch.full((len(numbers), 1), KINDS.index(character)), torch.tensor(numbers)
