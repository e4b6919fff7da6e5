"""A scene -> its passages: which paragraphs are filmed, with which dialogue, and how long.

A passage is an action paragraph with the dialogue after it. All times of a scene's directives run
along its passages laid end to end; a pinned duration is the whole scene's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...errors import Span
from ...story import Action, Dialogue, Directions, Scene, Tag
from .reading.lexicon import PAUSES
from .reading.reading import Deed, Reading
from .reading.screen_words import filmed_words
from .reading.tokens import split_sentences
from .titles import with_titles

# What is added after a time from which something lasts "to the end" of an open scene.
_TO_THE_END_S = 1.5
_LEAST_S = 0.5


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to film (None: the place alone) and what is said over it.

    `phases` are the deeds that follow one another, each phase everyone's at once; `read_by` says
    whether they were read off the page by the rules or by a language model.
    """

    action: Action | None
    dialogues: tuple[Dialogue, ...] = ()
    reading: Reading | None = None
    phases: tuple[tuple[Deed, ...], ...] = ((),)
    read_by: Literal["text", "llm"] = "text"
    start_s: float = 0.0
    length_s: float = 0.0

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s

    def span_of(self, place: tuple[int, int] | None) -> Span | None:
        """Return where a part of the paragraph stands in the file, the whole of it for None."""
        if self.action is None:
            return None
        return self.action.span_of(*place) if place else self.action.span

    @property
    def tags(self) -> tuple[Tag, ...]:
        return self.action.tags if self.action else ()

    @property
    def is_timed(self) -> bool:
        return any(tag.start_s is not None or tag.end_s is not None for tag in self.tags)

    def range_of(self, tag: Tag) -> tuple[float, float]:
        """Return when a tag holds, in seconds from the start of the passage.

        A paragraph whose first tag begins where the scene has already come to speaks in the
        scene's time, any other in its own.
        """
        first = min((t.start_s for t in self.tags if t.start_s is not None), default=0.0)
        origin = self.start_s if first > 0 and first >= self.start_s - 1e-6 else 0.0
        start = tag.start_s - origin if tag.start_s is not None else 0.0
        end = self.length_s if tag.end_s is None else tag.end_s - origin
        return max(0.0, start), min(self.length_s, end)


def split_passages(scene: Scene) -> list[Passage]:
    """Return the passages of a scene, unread and untimed; at least one."""
    passages: list[Passage] = []
    waiting: list[Dialogue] = []
    for element in with_titles(scene.elements):
        if isinstance(element, Action) and films_something(element):
            passages.append(Passage(element, tuple(waiting)))
            waiting = []
        elif isinstance(element, Dialogue) and passages:
            last = passages[-1]
            passages[-1] = replace(last, dialogues=(*last.dialogues, element))
        elif isinstance(element, Dialogue):
            waiting.append(element)
    return passages or [Passage(None, tuple(waiting))]


def films_something(action: Action) -> bool:
    """Say whether a paragraph shows anything: "A beat. Silence." and "MUSIC plays." do not."""
    shown = (word for words in split_sentences(action.text) for word in filmed_words(words))
    words = [w.lower() for w in shown if w[0].isalnum()]
    return bool(action.tags) or not set(words) <= PAUSES


def phases_of(deeds: Sequence[Deed]) -> tuple[tuple[Deed, ...], ...]:
    """Return deeds in phases: a new one begins when somebody does a second thing that shows.

    Standing still after or before a deed is how it ends or begins and needs no phase; what is
    only implied gives way to what is said.
    """
    phases: list[dict[str, Deed]] = [{}]
    for deed in deeds:
        if deed.path == "lie" and not any(deed.entity in phase for phase in phases):
            phases[0][deed.entity] = deed  # who sleeps now has been asleep
            continue
        now = phases[-1].get(deed.entity)
        if now is None or now.implied or _is_idle(now):
            phases[-1][deed.entity] = deed
        elif not (_is_idle(deed) or deed.implied or _same(now, deed)):
            phases.append({deed.entity: deed})
    return tuple(tuple(phase.values()) for phase in phases)


def _is_idle(deed: Deed) -> bool:
    return deed.motion == "stand" or (deed.near and deed.path == "stay")


def _same(one: Deed, other: Deed) -> bool:
    """Say whether two deeds are one that goes on: the same motion, not turned about."""
    turned = one.direction and other.direction and one.direction != other.direction
    return one.motion == other.motion and not turned


def timed(scene: Scene, passages: Sequence[Passage], clip_s: float) -> list[Passage]:
    """Return the passages with their lengths, laid end to end from the start of the scene."""
    lengths: list[float] = []
    end_s = 0.0
    for passage in passages:
        lengths.append(_natural_s(passage, end_s, clip_s))
        end_s += lengths[-1]
    if scene.duration_s is not None:
        lengths = _fitted(scene.duration_s.value, passages, lengths)
    else:
        lengths[-1] += max(0.0, last_stated_s(scene) - end_s)
    placed: list[Passage] = []
    start = 0.0
    for passage, length in zip(passages, lengths, strict=True):
        placed.append(replace(passage, start_s=start, length_s=length))
        start += length
    return placed


def _natural_s(passage: Passage, start_s: float, clip_s: float) -> float:
    """Return how long a passage is by itself: a clip a phase, or as its tags say."""
    if not passage.is_timed:
        return clip_s * len(passage.phases)
    probe = replace(passage, start_s=start_s, length_s=math.inf)
    ends = []
    for tag in passage.tags:
        start, end = probe.range_of(tag)
        ends.append(end if math.isfinite(end) else start + _TO_THE_END_S)
    return max(clip_s, *ends)


def _fitted(
    duration_s: float, passages: Sequence[Passage], lengths: Sequence[float]
) -> list[float]:
    """Return lengths that sum to a pinned duration; timed passages keep theirs if they can."""
    both = list(zip(passages, lengths, strict=True))
    fixed = sum(n for p, n in both if p.is_timed)
    loose = sum(n for p, n in both if not p.is_timed)
    if loose > 0 and duration_s - fixed >= _LEAST_S:
        share = (duration_s - fixed) / loose
        return [n if p.is_timed else n * share for p, n in both]
    return [n * duration_s / (fixed + loose) for n in lengths]


def last_stated_s(said: Directions) -> float:
    """Return the latest time that the directives of a scene or a shot speak of."""
    times = [key.time_s for layout in said.layouts for key in layout.keys]
    times += [
        beat.start_s + _TO_THE_END_S if beat.end_s is None else beat.end_s for beat in said.motions
    ]
    return max(times, default=0.0)
