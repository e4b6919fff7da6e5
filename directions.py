"""What directives say of scenes and shots: frozen values with their spans, changed by nobody.

Times are in seconds, boxes are normalised with the origin at the top left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Literal, TypeVar

from .box import Box
from .errors import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that a directive names, relative to the story's folder."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class LoraReference:
    """An adapter of the writer's own; `weight` is how strongly it is applied.

    `name` is the path of its file relative to the story.
    """

    name: str
    weight: float
    span: Span


@dataclass(frozen=True, slots=True)
class Style:
    """One `@style`: words for the look, added to what holds already or put in its place."""

    text: str
    adds: bool
    span: Span


Ease = Literal["linear", "in", "out", "in-out"]
# Straight pieces that stand for an eased way; the largest error of `in-out` is 2 % of the way.
_PIECES = 6


def eased(amount: float, ease: Ease) -> float:
    """Return how much of the way is done after `amount` (0..1) of the time."""
    match ease:
        case "in":
            return amount * amount
        case "out":
            return amount * (2 - amount)
        case "in-out":
            return amount * amount * (3 - 2 * amount)
        case "linear":
            return amount


@dataclass(frozen=True, slots=True)
class LayoutKey:
    """One keyframe of a `@layout`: where the entity is at a time, and how it goes on from there."""

    time_s: float
    box: Box
    span: Span
    ease: Ease = "linear"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where an entity is, by keyframes in ascending time; at least one."""

    entity: str
    keys: tuple[LayoutKey, ...]
    span: Span

    def box_at(self, time_s: float) -> Box:
        """Return the box at a time, eased between keyframes and still outside of them."""
        next_key = bisect_right(self.keys, time_s, key=lambda key: key.time_s)
        if next_key in (0, len(self.keys)):
            return self.keys[max(0, next_key - 1)].box
        before, after = self.keys[next_key - 1], self.keys[next_key]
        amount = (time_s - before.time_s) / (after.time_s - before.time_s)
        return before.box.blend(after.box, eased(amount, before.ease))

    @property
    def times(self) -> tuple[float, ...]:
        """The times between which a straight way is near enough to the eased one."""
        return tuple(self._times())

    def _times(self) -> Iterator[float]:
        for before, after in pairwise(self.keys):
            pieces = 1 if before.ease == "linear" or before.box == after.box else _PIECES
            length = after.time_s - before.time_s
            yield from (before.time_s + length * piece / pieces for piece in range(pieces))
        yield self.keys[-1].time_s


@dataclass(frozen=True, slots=True)
class Depth:
    """One `@depth`: who is nearest to the camera, who is farthest, or who is before whom.

    `order` front and back are said of all the others; before and behind of `other`.
    """

    entity: str
    order: Literal["front", "back", "before", "behind"]
    other: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class MotionBeat:
    """What an entity does between two times; `end_s` None means to the end of the scene.

    `lora` is an adapter of the writer's own that draws it.
    """

    entity: str
    motion: str
    detail: str
    start_s: float
    end_s: float | None
    span: Span
    strength: float | None = None
    lora: LoraReference | None = None


@dataclass(frozen=True, slots=True)
class CameraMove:
    """One move of the camera; `end_s` None means to the end of the scene.

    `words` are the move and what belongs to it, as written; `when` its time as written, or empty.
    """

    words: str
    when: str
    start_s: float
    end_s: float | None
    span: Span

    def __str__(self) -> str:
        return f"{self.when}: {self.words}" if self.when else self.words


@dataclass(frozen=True, slots=True)
class VoiceCue:
    """One `@voice`: how a speaker's next line is said, or all of them where it is the story's.

    `name` None leaves the voice open, `pitch` and `rate` None how many times as high and as fast
    as it is; `start_s` is when the line begins, in seconds of its scene.
    """

    speaker: str
    start_s: float | None
    gain_db: float
    span: Span
    name: str | None = None
    pitch: float | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """One `@audio`: a file laid under a scene or a shot; `fade_s` is how long it comes and goes."""

    file: Reference
    loop: bool
    start_s: float
    gain_db: float
    span: Span
    fade_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Music:
    """One `@music`: a file that plays, again and again, until the section ends or other music.

    `file` None ends what plays.
    """

    file: Reference | None
    gain_db: float
    fade_s: float
    span: Span


@dataclass(frozen=True, slots=True)
class PinnedTake:
    """One `@take`: the number of the take that the film shows of a shot of its scene, from 1."""

    number: int
    shot: int
    span: Span


@dataclass(frozen=True, slots=True)
class Expectation:
    """One acceptance of `@expect`.

    A metric such as `motion.FOX >= 0.6` has metric, subject, comparison and threshold; a relation
    such as `FOX left-of OWL` has the relation's name as its metric and no threshold.
    """

    metric: str
    subject: str | None
    other: str | None
    comparison: Literal[">=", "<=", ">", "<", "=="] | None
    threshold: float | None
    span: Span


Replannable = Literal[
    "motion", "layout", "place", "identity", "seed", "join", "duration", "camera", "style"
]


@dataclass(frozen=True, slots=True)
class Replan:
    """What `@replan` lets the machine change although it is pinned, and what it must keep."""

    allow: frozenset[Replannable]
    keep: frozenset[Replannable]
    span: Span

    def releases(self, what: str) -> bool:
        """Say whether what is pinned may be changed all the same."""
        return what in self.allow - self.keep


@dataclass(frozen=True, slots=True)
class Pinned(Generic[T]):
    """A value that the writer fixed, with the place where."""

    value: T
    span: Span


ShotKind = Literal["establishing", "wide", "full", "medium", "close", "insert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """What directives say of a scene, or of one shot of it. Times count from its beginning.

    `speech` is how many characters of a line are said in a second.
    """

    duration_s: Pinned[float] | None = None
    seed: Pinned[int] | None = None
    speech: Pinned[float] | None = None
    tries: Pinned[int] | None = None
    replan: Replan | None = None
    camera_moves: Pinned[tuple[CameraMove, ...]] | None = None
    layouts: tuple[Layout, ...] = ()
    motions: tuple[MotionBeat, ...] = ()
    depths: tuple[Depth, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    styles: tuple[Style, ...] = ()
    negatives: tuple[Pinned[str], ...] = ()
    sounds: tuple[Sound, ...] = ()

    @property
    def camera(self) -> Pinned[str] | None:
        """The camera's moves in one line, as written."""
        moves = self.camera_moves
        return Pinned("; ".join(map(str, moves.value)), moves.span) if moves else None
