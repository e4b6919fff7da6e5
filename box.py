"""A rectangle of the frame, and how two of them stand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

# How two stand to one another in the picture: one on a side of the other, or both over one another.
SideRelation = Literal["left-of", "right-of", "above", "below"]
Relation = Literal[SideRelation, "overlaps", "inside"]
SIDE_RELATIONS: Mapping[str, SideRelation] = MappingProxyType(
    {name: name for name in get_args(SideRelation)}
)
RELATIONS: Mapping[str, Relation] = MappingProxyType({name: name for name in get_args(Relation)})


# The share of the smaller box that an overlap covers, and the share of itself that is inside.
OVERLAPPING, INSIDE = 0.1, 0.5


# Boxes are written with four decimals; what differs by less was rounded.
_ROUNDED = 1e-6


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle (left, top, right, bottom) in [0, 1], origin top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def intersection(self, other: Box) -> float:
        """Return the area covered by both boxes."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: Box) -> float:
        """Return the intersection over the union of both boxes, 0 where neither has area."""
        both = self.intersection(other)
        union = self.area + other.area - both
        return both / union if union > 0 else 0.0

    def shared(self, other: Box) -> float:
        """Return the share of the smaller of both boxes that the other covers, 0 to 1."""
        least = min(self.area, other.area)
        return self.intersection(other) / least if least > 0 else 0.0

    def stands(self, relation: Relation, other: Box) -> bool:
        """Say whether this box stands to another as a relation says.

        A side compares the middles and asks for no distance: any other threshold would make a
        size of figure or of frame part of the answer. `overlaps` asks for a tenth of the smaller
        box, for less is hardly told from two that touch, least of all on boxes that a critic finds.
        `inside` asks for half of this box: who sits in a basket is in it, though the head looks
        out. A box without area neither overlaps anything nor is inside of it.
        """
        match relation:
            case "left-of":
                return other.center[0] - self.center[0] > _ROUNDED
            case "right-of":
                return self.center[0] - other.center[0] > _ROUNDED
            case "above":
                return other.center[1] - self.center[1] > _ROUNDED
            case "below":
                return self.center[1] - other.center[1] > _ROUNDED
            case "overlaps":
                return self.shared(other) >= OVERLAPPING - _ROUNDED
            case "inside":
                return self.area > 0 and (self.intersection(other) / self.area >= INSIDE - _ROUNDED)

    def is_clear(self, side: SideRelation, other: Box) -> bool:
        """Say whether this box stands on that side and ends before the other begins."""
        gap = {
            "left-of": other.left - self.right,
            "right-of": self.left - other.right,
            "above": other.top - self.bottom,
            "below": self.top - other.bottom,
        }[side]
        return self.stands(side, other) and gap >= 0

    def is_between(self, one: Box, other: Box) -> bool:
        """Say whether this box stands to the right of one of two and to the left of the other."""
        return (self.stands("right-of", one) and self.stands("left-of", other)) or (
            self.stands("left-of", one) and self.stands("right-of", other)
        )

    def blend(self, other: Box, amount: float) -> Box:
        """Return the box `amount` (0..1) of the way from this one to `other`."""
        keep = 1.0 - amount
        return Box(
            self.left * keep + other.left * amount,
            self.top * keep + other.top * amount,
            self.right * keep + other.right * amount,
            self.bottom * keep + other.bottom * amount,
        )
