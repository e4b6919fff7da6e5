"""A scene -> its passages: which paragraphs are filmed, with which dialogue, and how long.

A passage is an action paragraph with the dialogue after it. What is not said by the end of the
action is filmed in passages of its own, each a shot of whoever speaks or listens. All times of a
scene's directives run along its passages laid end to end; a pinned duration is the whole scene's.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...errors import Span
from ...plan import Capabilities
from ...story import Action, Dialogue, Directions, Scene, Tag
from .people_deeds import person_motion
from .reading.lexicon import PAUSES
from .reading.reading import Deed, Reading
from .reading.tokens import split_sentences
from .reading.words.screen_words import filmed_words
from .shots.talk import (
    SpeakingTurn,
    SpokenLine,
    laid_out,
    squeezed,
    turns_of,
    whole_frames_s,
    with_titles,
)
from .shots.timed_lines import at_their_starts, over_cuts

# What is added after a time from which something lasts "to the end" of an open scene.
_TO_THE_END_S = 1.5
_LEAST_S = 0.5
# What is done is seen before anybody speaks.
_LEAD_S = 0.5
# Who of those that talk is in the picture at once: the one and the other.
_SPEAKERS_IN_A_SHOT = 2
# What somebody who talks goes on doing; whatever else they did is over.
# Verbs of which a picture shows nothing, or less than of what the hands do.
_STATES = frozenset(
    "be have own see hear know seem want feel think notice realize realise remain stay keep find "
    "wait try begin start continue believe hope wish need understand remember recognize recognise "
    "decide wonder like love hate discover appear become get let look watch stare gaze glance "
    "smile grin frown wince sigh whistle breathe swallow listen say speak stand stop pause halt "
    "rest linger".split()
)
_POSTURES = frozenset({"sit", "kneel", "crouch", "lie", "sleep"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to film (None: the place alone, or talk alone) and what is said over it.

    `phases` are the deeds that follow one another, each phase everyone's at once; `read_by` says
    whether they were read off the page by the rules or by a language model. `lines` are the
    dialogue in the passage's time. `talk` says what is seen while there is only talk: who speaks
    it, or who listens; `follows` is the paragraph that it was said after.
    """

    action: Action | None
    dialogues: tuple[Dialogue, ...] = ()
    reading: Reading | None = None
    phases: tuple[tuple[Deed, ...], ...] = ((),)
    read_by: Literal["text", "llm"] = "text"
    start_s: float = 0.0
    length_s: float = 0.0
    lines: tuple[SpokenLine, ...] = ()
    talk: Literal["speaker", "listener"] | None = None
    follows: Action | None = None

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s

    def span_of(self, place: tuple[int, int] | None) -> Span | None:
        """Return where a part of the paragraph stands in the file, the whole of it for None."""
        action = self.action or self.follows
        if action is None:
            return None
        return action.span_of(*place) if place else action.span

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
    """Return the passages of a scene, unread and untimed; at least one.

    What is said before anything is done is a passage of its own, unless the scene's length is
    fixed: there it is said over what is done first.
    """
    passages: list[Passage] = []
    for element in with_titles(scene.elements):
        if isinstance(element, Action) and films_something(element):
            waits = scene.duration_s is not None and passages and passages[0].action is None
            said = passages.pop().dialogues if waits else ()
            passages.append(Passage(element, said))
        elif isinstance(element, Dialogue):
            last = passages.pop() if passages else Passage(None)
            passages.append(replace(last, dialogues=(*last.dialogues, element)))
    return passages or [Passage(None)]


def films_something(action: Action) -> bool:
    """Say whether a paragraph shows anything: "A beat. Silence." and "MUSIC plays." do not."""
    shown = (word for words in split_sentences(action.text) for word in filmed_words(words))
    words = [w.lower() for w in shown if w[0].isalnum()]
    return bool(action.tags) or not set(words) <= PAUSES


def phases_of(deeds: Sequence[Deed], people: Container[str] = ()) -> tuple[tuple[Deed, ...], ...]:
    """Return deeds in phases: a new one begins when somebody does a second thing that shows.

    What the hands of `people` do shows.
    Standing still after or before a deed is how it ends or begins and needs no phase; what is
    only implied gives way to what is said.
    """

    def idle(deed: Deed) -> bool:
        shows = deed.entity in people and (person_motion(deed) or _STILL)[0] != "stand"
        return _is_idle(deed) and not shows

    phases: list[dict[str, Deed]] = [{}]
    for deed in deeds:
        if deed.path == "lie" and not any(deed.entity in phase for phase in phases):
            phases[0][deed.entity] = deed  # who sleeps now has been asleep
            continue
        now = phases[-1].get(deed.entity)
        if now is not None and idle(now) and _is_state(deed) and not _is_state(now):
            continue  # "nods, and is glad": the nod is seen
        stops = now is not None and now.moves and not deed.moves and not deed.implied
        if now is None or (now.implied and not stops) or idle(now):
            phases[-1][deed.entity] = deed
        elif not (idle(deed) or deed.implied or _same(now, deed)):
            phases.append({deed.entity: deed})
    return tuple(tuple(phase.values()) for phase in phases)


_STILL = ("stand", False)


def _is_idle(deed: Deed) -> bool:
    return deed.motion == "stand" or (deed.near and deed.path == "stay")


def _is_state(deed: Deed) -> bool:
    """Say whether nothing is seen of a deed: what is not done, is so, or is in somebody's mind."""
    return deed.denied or (deed.verb in _STATES and deed.direction != "up")


def _same(one: Deed, other: Deed) -> bool:
    """Say whether two deeds are one that goes on: the same motion, not turned about."""
    turned = one.direction and other.direction and one.direction != other.direction
    return one.motion == other.motion and not turned


def timed(scene: Scene, passages: Sequence[Passage], capabilities: Capabilities) -> list[Passage]:
    """Return the passages with their lengths and lines, laid end to end from the scene's start.

    Talk that is longer than the action it follows makes passages of its own, unless the writer
    fixed how long the scene lasts.
    """
    if scene.duration_s is not None:
        return _within(scene.duration_s.value, scene, passages, capabilities)
    placed: list[Passage] = []
    end_s = 0.0
    for passage in passages:
        for part in _with_talk(passage, scene, end_s, capabilities):
            placed.append(replace(part, start_s=end_s))
            end_s += part.length_s
    missing_s = max(0.0, last_stated_s(scene) - end_s)
    last = replace(placed[-1], length_s=placed[-1].length_s + missing_s)
    return over_cuts([*placed[:-1], last])


def _with_talk(
    passage: Passage, scene: Scene, start_s: float, capabilities: Capabilities
) -> Iterator[Passage]:
    """Yield a passage with what can be said over it, and what is said after that, shot by shot."""
    said = turns_of(passage.dialogues, scene, capabilities)
    if passage.action is not None or not said:
        length_s = _natural_s(passage, start_s, capabilities.clip_s)
        here = replace(passage, start_s=start_s, length_s=length_s)
        at_s = whole_frames_s(_talk_begins_s(here, capabilities), capabilities)
        lines: list[SpokenLine] = []
        while said:
            more, over_s = laid_out(said[0], at_s, origin_s=start_s)
            said_s = over_s - said[0][-1].breath_s
            if said[0][0].starts_s is not None:
                # What is done goes on for it.
                length_s = max(length_s, over_s if said[1:] else said_s)
            if said_s > length_s + 1e-6:
                break
            lines += more
            at_s = over_s
            said = said[1:]
        turns = [turn for line in said for turn in line]
        if said and len(said[0]) > 1 and length_s - turns[0].length_s >= at_s - 1e-6:
            # A line of several shots begins over what is done, and goes on over the cut.
            lines += turns[0].lines(length_s - turns[0].length_s)
            turns = turns[1:]
        yield replace(here, length_s=length_s, lines=tuple(lines))
        start_s += length_s
    else:
        turns = [turn for line in said for turn in line]
    while turns:
        shot = _one_shot(turns, capabilities.clip_s)
        turns = turns[len(shot) :]
        part = _talk(passage, shot, start_s)
        yield part
        start_s += part.length_s


def _one_shot(turns: Sequence[SpeakingTurn], clip_s: float) -> list[SpeakingTurn]:
    """Return the first turns, as many as one shot can hold: whole lines, or one piece of a line."""
    shot: list[SpeakingTurn] = []
    length_s = 0.0
    for turn in turns:
        length_s += turn.length_s + turn.breath_s
        speakers = {who.speaker for t in (*shot, turn) for who, _ in t.said}
        full = length_s > clip_s + 1e-6 or len(speakers) > _SPEAKERS_IN_A_SHOT
        if shot and (full or turn.piece or shot[-1].piece):
            break
        shot.append(turn)
    return shot


def _talk(passage: Passage, turns: Sequence[SpeakingTurn], start_s: float) -> Passage:
    """Return the passage that films some turns: who spoke and listened before goes on so."""
    lines, length_s = laid_out(turns, 0.0, origin_s=start_s)
    kept = tuple(
        replace(deed, implied=True)
        for deed in {d.entity: d for phase in passage.phases for d in phase}.values()
        if deed.motion in _POSTURES
    )
    reading = passage.reading
    return replace(
        passage,
        action=None,
        follows=passage.action,
        reading=replace(reading, deeds=kept, ties=()) if reading else None,
        phases=(kept,),
        length_s=max(length_s, _LEAST_S),
        lines=tuple(lines),
        # A line that is longer than a clip goes on over whoever listens, and then comes back.
        talk="listener" if turns[0].piece % 2 else "speaker",
    )


def _talk_begins_s(passage: Passage, capabilities: Capabilities) -> float:
    """Return when somebody may speak: a little after the last thing that is done has begun."""
    if passage.is_timed:
        done_s = max(passage.range_of(tag)[0] for tag in passage.tags)
    else:
        done_s = passage.length_s * (len(passage.phases) - 1) / len(passage.phases)
    return done_s + _lead_s(capabilities)


def _lead_s(capabilities: Capabilities) -> float:
    return min(_LEAD_S, capabilities.clip_s / 3)


def spoken_until_s(
    dialogues: Sequence[Dialogue], scene: Scene, capabilities: Capabilities, origin_s: float
) -> float:
    """Return when all is said of a shot in which somebody does something and then talks.

    `origin_s` is when the shot begins, in seconds of the scene.
    """
    turns = [turn for line in turns_of(dialogues, scene, capabilities) for turn in line]
    lines, over_s = laid_out(turns, _lead_s(capabilities), origin_s=origin_s)
    return max((over_s, *(line.end_s for line in lines))) if turns else 0.0


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


def _within(
    duration_s: float, scene: Scene, passages: Sequence[Passage], capabilities: Capabilities
) -> list[Passage]:
    """Return the passages within a length that the writer fixed, their talk squeezed if it must."""
    spoken = [
        [turn for line in turns_of(passage.dialogues, scene, capabilities) for turn in line]
        for passage in passages
    ]
    lengths: list[float] = []
    for passage in passages:
        lengths.append(_natural_s(passage, sum(lengths), capabilities.clip_s))
    needed = [laid_out(turns, 0.0)[1] for turns in spoken]
    lengths = _fitted(duration_s, passages, lengths, needed)
    placed: list[Passage] = []
    start_s = 0.0
    for passage, turns, length_s in zip(passages, spoken, lengths, strict=True):
        here = replace(passage, start_s=start_s, length_s=length_s)
        lines = squeezed(turns, _talk_begins_s(here, capabilities), length_s)
        placed.append(replace(here, lines=tuple(at_their_starts(lines, start_s))))
        start_s += length_s
    return over_cuts(placed)


def _fitted(
    duration_s: float,
    passages: Sequence[Passage],
    lengths: Sequence[float],
    needed: Sequence[float],
) -> list[float]:
    """Return lengths that sum to a pinned duration; timed passages keep theirs if they can.

    `needed` is how long what is said in each takes: it is given, as far as there is time.
    """
    both = list(zip(passages, lengths, strict=True))
    fixed = sum(n for p, n in both if p.is_timed)
    loose = sum(n for p, n in both if not p.is_timed)
    if loose > 0 and duration_s - fixed >= _LEAST_S:
        share = (duration_s - fixed) / loose
        fitted = [n if p.is_timed else n * share for p, n in both]
    else:
        fitted = [n * duration_s / (fixed + loose) for n in lengths]
    short = [need > length + 1e-6 for need, length in zip(needed, fitted, strict=True)]
    if not any(short):
        return fitted
    least = [max(need, _LEAST_S) for need in needed]
    left_s = duration_s - sum(least)
    if left_s <= 0:
        return [need * duration_s / sum(least) for need in least]
    spare = [max(0.0, n - need) for n, need in zip(fitted, least, strict=True)]
    whole = sum(spare)
    if whole <= 0:
        return [need * duration_s / sum(least) for need in least]
    return [need + left_s * more / whole for need, more in zip(least, spare, strict=True)]


def last_stated_s(said: Directions) -> float:
    """Return the latest time that the directives of a scene or a shot speak of."""
    times = [key.time_s for layout in said.layouts for key in layout.keys]
    times += [
        beat.start_s + _TO_THE_END_S if beat.end_s is None else beat.end_s for beat in said.motions
    ]
    return max(times, default=0.0)
