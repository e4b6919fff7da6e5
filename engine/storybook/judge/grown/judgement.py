"""What the judge of the grown world found in a clip: plain frozen records, without tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .....story import Box
from ..judgement import Direction


@dataclass(frozen=True, slots=True)
class GrownSighting:
    """One figure followed through a clip.

    Attributes:
        kind: what it is: "person", an animal, or one of the other kinds.
        boxes: one box for each frame that was looked at, None where it was not seen.
        confidence: mean over these frames of the certainty that it is of some kind, 0..1; a frame
            without it counts 0.
        look: attribute -> what was read; of one who is no person "colour" alone says anything.
        look_chances: attribute -> value -> probability.
        motion_chances: motion -> probability.
        direction: where its track leads, None where it stays.
    """

    kind: str
    boxes: tuple[Box | None, ...]
    confidence: float
    look: Mapping[str, str]
    look_chances: Mapping[str, Mapping[str, float]]
    motion_chances: Mapping[str, float]
    direction: Direction | None

    @property
    def motion(self) -> str:
        """What it most likely does."""
        return max(self.motion_chances, key=lambda motion: self.motion_chances[motion])


@dataclass(frozen=True, slots=True)
class GrownJudgement:
    """All that the judge says of a clip; `looked_at` are the numbers of the frames of all boxes."""

    sightings: tuple[GrownSighting, ...]
    place: str
    looked_at: tuple[int, ...]
