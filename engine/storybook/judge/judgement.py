"""What the judge found in a clip: plain frozen records, without tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ....story import Box

Direction = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One figure followed through a clip.

    Attributes:
        character: id of the character that it looks like.
        boxes: one box a frame, None where the figure was not seen.
        confidence: mean over all frames of the certainty that it is this character, 0..1; a frame
            without the figure counts 0.
        motion: id of what it does, None where it does nothing that the world knows.
        motion_chances: motion id -> probability; what is missing to 1 is the chance of none.
        direction: where its track leads, None where it stays.
    """

    character: str
    boxes: tuple[Box | None, ...]
    confidence: float
    motion: str | None
    motion_chances: Mapping[str, float]
    direction: Direction | None

    @property
    def presence(self) -> float:
        """The part of the frames in which the figure was seen."""
        return sum(box is not None for box in self.boxes) / len(self.boxes)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the judge says of a clip.

    Attributes:
        sightings: who was seen, the most certain first; a character may be seen twice.
        place: id of the place, None where it is none of the world's.
        place_chances: place id -> probability; what is missing to 1 is the chance of none.
        shapeless: the part of all figure-like pixels that belongs to no character, 0..1: what is
            high here has the colours of a figure and not its shape.
    """

    sightings: tuple[Sighting, ...]
    place: str | None
    place_chances: Mapping[str, float]
    shapeless: float

    def of(self, character: str) -> tuple[Sighting, ...]:
        """Return every sighting of a character, the most certain first."""
        return tuple(s for s in self.sightings if s.character == character)
