"""What the writer said: the first of the three nouns. Story > Scene > elements and directives.

Everything here is frozen and keeps the span it was read from, so that a low score at the end of
the work can point at a line of the screenplay. Times are in seconds, boxes are normalised with
the origin at the top left. What a directive states is pinned: nobody downstream changes it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from .box import RELATIONS as RELATIONS
from .box import SIDE_RELATIONS as SIDE_RELATIONS
from .box import Box as Box
from .box import Relation as Relation
from .box import SideRelation as SideRelation
from .directions import CameraMove as CameraMove
from .directions import Depth as Depth
from .directions import Directions as Directions
from .directions import Ease as Ease
from .directions import Expectation as Expectation
from .directions import Layout as Layout
from .directions import LayoutKey as LayoutKey
from .directions import LoraReference as LoraReference
from .directions import MotionBeat as MotionBeat
from .directions import Music as Music
from .directions import Pinned as Pinned
from .directions import PinnedTake as PinnedTake
from .directions import Reference as Reference
from .directions import Replan as Replan
from .directions import Replannable as Replannable
from .directions import ShotKind as ShotKind
from .directions import Sound as Sound
from .directions import Style as Style
from .directions import VoiceCue as VoiceCue
from .directions import eased as eased
from .errors import Span

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
