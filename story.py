"""What the writer said: the first of the three nouns. Story > Scene > elements and directives.

Everything here is frozen and keeps the span it was read from, so that a low score at the end of
the work can point at a line of the screenplay. Times are in seconds, boxes are normalised with
the origin at the top left. What a directive states is pinned: nobody downstream changes it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, Literal, TypeVar

from .box import RELATIONS as RELATIONS
from .box import SIDE_RELATIONS as SIDE_RELATIONS
from .box import Box as Box
from .box import Relation as Relation
from .box import SideRelation as SideRelation
from .errors import Span

T = TypeVar("T")


# What a shot or a scene, and what a whole film lasts at most: each clip of it is work and memory.
LONGEST_SCENE_S = 3600.0
LONGEST_FILM_S = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class TitleEntry:
    """One `Key: value` of the title page."""

    key: str
    value: str
    span: Span


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
class Character:
    """Somebody or something of the cast, declared by `@character` or `@prop`.

    `name` is the id by which everything downstream knows the entity (upper case). The span of one
    that `@use` brought in is that of the `@use`. `voice` None leaves the voice open.
    """

    name: str
    look: str
    span: Span
    kind: Literal["character", "prop"] = "character"
    references: tuple[Reference, ...] = ()
    voice: str | None = None
    lora: LoraReference | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """How a place looks, declared by `@location`; headings name it."""

    name: str
    look: str
    span: Span
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """One `@style`: words for the look, added to what holds already or put in its place."""

    text: str
    adds: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Heading:
    """A scene heading: `EXT. FROZEN RIVER - DAY #2#`.

    `setting` is INT, EXT, EST, INT/EXT or empty (forced headings); `number` the writer's own.
    """

    text: str
    setting: str
    place: str
    time: str
    number: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Tag:
    """An inline beat `{FOX, motion=walk, 0s..4s}`; what it does not say is None."""

    entity: str | None
    motion: str | None
    start_s: float | None
    end_s: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a paragraph that stand on one line of the file as they are.

    `at` is where they begin in the paragraph's text.
    """

    at: int
    span: Span


@dataclass(frozen=True, slots=True)
class Action:
    """A paragraph of action, as prose without its tags and notes.

    `stretches` say where the words of the text stand in the file; without any nobody knows.
    """

    text: str
    span: Span
    tags: tuple[Tag, ...] = ()
    stretches: tuple[Stretch, ...] = ()

    def span_of(self, start: int, end: int) -> Span:
        """Return where a part of the text, `end` exclusive, stands in the file."""
        last = self._stretch(end - 1)
        first = self._stretch(start)
        if first is None or last is None:
            return self.span
        before, after = start - first.at, end - last.at
        return Span(
            first.span.file,
            first.span.start + before,
            last.span.start + after,
            first.span.line,
            first.span.column + before,
            last.span.line,
            last.span.column + after,
        )

    def _stretch(self, at: int) -> Stretch | None:
        found = bisect_right(self.stretches, at, key=lambda stretch: stretch.at)
        return self.stretches[found - 1] if found else None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A cue and what is said. `extension` is `V.O.`, `O.S.` and the like, or empty.

    `dual` says that it is spoken together with the dialogue before it. `spoken_s` is how long a
    voice took to say it, None where nobody has spoken it. `start_s` is when the writer lets it
    begin, in seconds of the scene; None leaves that open. `card` says that nobody speaks it: it is
    read from a card of its own.
    """

    speaker: str
    extension: str
    text: str
    span: Span
    parentheticals: tuple[str, ...] = ()
    dual: bool = False
    spoken_s: float | None = None
    start_s: float | None = None
    card: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that is kept but not drawn: transition, centered, section, synopsis, lyric, note."""

    kind: Literal["transition", "centered", "section", "synopsis", "lyric", "note", "page-break"]
    text: str
    span: Span


Element = Action | Dialogue | Mark


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


@dataclass(frozen=True, slots=True)
class Shot(Directions):
    """One `@shot` of a scene and the prose under it.

    `on` are those whom it shows, empty for everybody. What it leaves open, its scene says.
    """

    kind: ShotKind
    span: Span
    on: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene(Directions):
    """A heading and all that stands under it. `id` is the writer's number or the position.

    `elements` are all of the scene's, those under its shots too.
    """

    id: str
    heading: Heading
    span: Span
    elements: tuple[Element, ...] = ()
    shots: tuple[Shot, ...] = ()
    voices: tuple[VoiceCue, ...] = ()
    music: tuple[Music, ...] = ()
    takes: tuple[PinnedTake, ...] = ()

    def cued_lines(self) -> Mapping[Span, VoiceCue]:
        """Return the lines that a `@voice` here is for, by their spans: the next of its speaker."""
        found: dict[Span, VoiceCue] = {}
        said = [element for element in self.elements if isinstance(element, Dialogue)]
        for cue in self.voices:
            later = (d for d in said if d.speaker == cue.speaker and d.span.start > cue.span.start)
            line = next(later, None)
            if line is not None:
                found[line.span] = cue
        return found

    def with_starts(self) -> Scene:
        """Return the scene with its lines beginning when a `@voice` of them says."""
        starts = {
            line: cue.start_s for line, cue in self.cued_lines().items() if cue.start_s is not None
        }
        if not starts:
            return self

        def started(element: Element) -> Element:
            if not isinstance(element, Dialogue) or element.span not in starts:
                return element
            return replace(element, start_s=starts[element.span])

        return self.with_elements(started)

    def with_elements(self, change: Callable[[Element], Element]) -> Scene:
        """Return the scene with each element changed, in its shots too."""
        shots = (replace(s, elements=tuple(map(change, s.elements))) for s in self.shots)
        return replace(self, elements=tuple(map(change, self.elements)), shots=tuple(shots))


_SIZE = re.compile(r"(\d{1,5})\s*[x×]\s*(\d{1,5})")
_LEAST_PX, _MOST_PX = 16, 8192


def picture_size(value: str) -> tuple[int, int] | None:
    """Return width and height of a `Resolution:`; None where no film has them.

    H.264 takes even sides of at most 8192 pixels.
    """
    match = _SIZE.fullmatch(value)
    sides = (int(match[1]), int(match[2])) if match else (0, 0)
    if all(_LEAST_PX <= side <= _MOST_PX and side % 2 == 0 for side in sides):
        return sides
    return None


@dataclass(frozen=True, slots=True)
class Story:
    """A whole screenplay. `path` is the file as the user named it.

    `styles` and `negatives` are what the directives before the first heading add to those of the
    title page.
    """

    path: str
    span: Span
    title_page: tuple[TitleEntry, ...] = ()
    cast: tuple[Character, ...] = ()
    scenes: tuple[Scene, ...] = ()
    strict: bool = False
    prologue: tuple[Element, ...] = ()
    locations: tuple[Location, ...] = ()
    styles: tuple[Style, ...] = ()
    negatives: tuple[Pinned[str], ...] = ()
    motion_libraries: tuple[Reference, ...] = ()
    voices: tuple[VoiceCue, ...] = ()
    music: tuple[Music, ...] = ()

    def title_value(self, key: str) -> str | None:
        """Return the title page's value for `key` (case ignored), or None if it has none."""
        for entry in self.title_page:
            if entry.key.casefold() == key.casefold():
                return entry.value
        return None

    @property
    def title(self) -> str:
        """The title, or the file's stem where the title page has none."""
        stem = self.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return self.title_value("Title") or stem

    def with_spoken(self, lengths_s: Mapping[Span, float]) -> Story:
        """Return the story with how long its lines were said, by the spans of the dialogues."""

        def said(element: Element) -> Element:
            if not isinstance(element, Dialogue) or element.span not in lengths_s:
                return element
            return replace(element, spoken_s=lengths_s[element.span])

        return replace(self, scenes=tuple(scene.with_elements(said) for scene in self.scenes))

    def character(self, name: str) -> Character | None:
        """Return the member of the cast called `name`, or None."""
        return next((member for member in self.cast if member.name == name), None)
