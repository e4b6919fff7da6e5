"""What the checks of a clip ask of models, as Protocols: find, compare, recognise, and words.

Every assertion is computed from these by `metrics`, whichever models stand behind them: the
embedded critic of the drawn world, published models for any picture, or a test's script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...plan import Beat, Entity, ShotPlan
from ...story import Box

Frames: TypeAlias = NDArray[np.uint8]  # [T, h, w, 3] RGB
Picture: TypeAlias = NDArray[np.uint8]  # [h, w, 3] RGB
Mask: TypeAlias = NDArray[np.bool_]  # [h, w], True where something is
Chances: TypeAlias = NDArray[np.float32]  # each row, or the whole, a distribution over texts
Likeness: TypeAlias = NDArray[np.float32]  # cosines

Track: TypeAlias = tuple[Box | None, ...]  # a box for each frame that is looked at


class NotMeasurable(Exception):
    """Something cannot be measured, which is no failure; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class SampledFrames:
    """The frames of a clip that are looked at.

    Attributes:
        frames: [T, h, w, 3] uint8 RGB.
        numbers: their numbers in the clip.
        times_s: their times in the shot.
    """

    frames: Frames
    numbers: tuple[int, ...]
    times_s: tuple[float, ...]

    def part(self, at: Sequence[int]) -> SampledFrames:
        """Return some of the frames."""
        return SampledFrames(
            self.frames[list(at)],
            tuple(self.numbers[i] for i in at),
            tuple(self.times_s[i] for i in at),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Where in footage to look.

    Attributes:
        boxes: one a frame, None in a frame that is not looked at; without any, whole frames.
        hidden: tracks of what is painted over.
        spare: a track that is never painted over.
    """

    footage: SampledFrames
    boxes: Track | None = None
    hidden: tuple[Track, ...] = ()
    spare: Track | None = None

    def part(self, at: Sequence[int]) -> Region:
        """Return the same in some of the frames."""

        def cut(track: Track) -> Track:
            return tuple(track[i] for i in at)

        return replace(
            self,
            footage=self.footage.part(at),
            boxes=cut(self.boxes) if self.boxes is not None else None,
            hidden=tuple(cut(track) for track in self.hidden),
            spare=cut(self.spare) if self.spare is not None else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is to be found: its words, and pictures [h, w, 3] of it where there are any."""

    text: str
    references: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FoundTrack:
    """Where a target was found, and how surely, 0 to 1: one a frame, None and 0 where nowhere.

    `masks` are its pixels in each frame; none at all where a finder knows boxes alone.
    """

    boxes: Track
    scores: tuple[float, ...]
    masks: tuple[Mask | None, ...] = ()


class TargetFinder(Protocol):
    """Finds what texts or pictures name."""

    def find(self, footage: SampledFrames, targets: Sequence[Target]) -> Sequence[FoundTrack]:
        """Return where each target is, followed through the frames."""
        ...


class Comparer(Protocol):
    """Says which of several texts fits best: never whether one fits at all."""

    def pictures(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [n, K]: how likely each of K texts is in each frame that is looked at."""
        ...

    def movement(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [K]: how likely each text is of the frames as one movement."""
        ...


class Recogniser(Protocol):
    """Says how alike pictures are."""

    def alike(self, pictures: Sequence[Picture], references: Sequence[Picture]) -> Likeness:
        """Return [n, m]: the cosine of each picture with each reference, -1 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Contest:
    """A text that should be true, and wrong ones that differ from it in one respect."""

    right: str
    wrong: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.right, *self.wrong)


class Wording(Protocol):
    """Says everything about a shot in the words that a critic was made for.

    Every method raises `NotMeasurable` where the critic has no words, or nothing to compare with.
    """

    def target(self, entity: Entity) -> str:
        """Return the words by which an entity is found."""
        ...

    def absent(self, shot: ShotPlan, name: str) -> Entity:
        """Return somebody who should not be in a shot as an entity of it."""
        ...

    def kind(self, entity: Entity) -> Contest:
        """Compare whether somebody is there with others, something shapeless, and nothing."""
        ...

    def identity(self, entity: Entity) -> Contest:
        """Compare who it is with all with whom it could be confused."""
        ...

    def motion(self, entity: Entity, beat: Beat) -> Contest:
        """Compare what somebody does with what else it could do."""
        ...

    def place(self, shot: ShotPlan) -> Contest:
        """Compare a shot's place with other places."""
        ...

    def whole(self, shot: ShotPlan) -> Contest:
        """Compare a sentence about the whole shot with sentences that differ in one thing."""
        ...

    def rests(self, beat: Beat) -> bool:
        """Say whether a beat may look like a still picture."""
        ...

    def turns(self, beat: Beat) -> bool:
        """Say whether a beat turns the whole figure over, so that no finder knows it."""
        ...

    def doubt(self, beat: Beat, rival: str) -> str:
        """Return why who does this and looks like a rival may be right; empty if it is wrong."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class CriticPorts:
    """The models and the words behind one critic.

    `references` are pictures of entities, by id.
    """

    finder: TargetFinder
    comparer: Comparer
    recogniser: Recogniser
    wording: Wording
    references: dict[str, tuple[Picture, ...]] = field(default_factory=dict)
