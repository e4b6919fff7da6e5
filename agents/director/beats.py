"""A passage -> who does what from when to when: what the writer fixed, and what the prose says.

Fixed beats keep their times exactly. The prose fills what they leave open; where nothing is
timed, the phases of the prose follow one another evenly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ...errors import Span
from ...plan import Capabilities, KindWords, LoraFile
from ...story import LoraReference, Scene
from .blocking.staging import TRAVELS
from .casting import fit_kind, fit_motion, fit_pinned, is_of_people, kind_of_entity
from .passages import Passage
from .reading.glossary import Glossary
from .reading.lexicon import Direction, Path
from .reading.reading import Deed
from .shots.talk import SpokenLine
from .speakers import seen_speakers

_INSTANT_S = 1e-3
# The motion of whoever speaks, where an engine has it.
_TALK, _LISTEN = "talk", "listen"


@dataclass(frozen=True, slots=True)
class Act:
    """What an entity does from one time of a passage to another, in the engine's own motions.

    `verb` is the page's word for it, empty where a rule made it up; `span` is where the page says
    it. `pinned` says that the writer fixed it by a directive or a tag.
    """

    entity: str
    motion: str
    path: Path
    start_s: float
    end_s: float
    detail: str = ""
    direction: Direction | None = None
    pinned: bool = False
    span: Span | None = None
    note: str | None = None
    verb: str = ""
    lora: LoraFile | None = None

    def holds(self, start_s: float, end_s: float) -> bool:
        return self.start_s < end_s - _INSTANT_S and self.end_s > start_s + _INSTANT_S


class _Said(NamedTuple):
    """A line in a passage's time, with whoever of the picture is seen saying it."""

    line: SpokenLine
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _KnownActs:
    """What the page says that one entity does: acts the writer fixed, and acts of the prose."""

    entity: str
    fixed: Sequence[Act]
    prose: Sequence[Act]


def acts_of(
    passage: Passage, scene: Scene, entities: Sequence[str], glossary: Glossary, world: Capabilities
) -> list[Act]:
    """Return what everyone does during a passage; each entity is always doing something."""
    fixed = fixed_acts(passage, scene, glossary, world)
    prose = _prose_acts(passage, glossary, world, merged=bool(fixed))
    acts: list[Act] = []
    for entity in entities:
        known = _KnownActs(
            entity,
            sorted((a for a in fixed if a.entity == entity), key=lambda a: a.start_s),
            [a for a in prose if a.entity == entity],
        )
        acts += _without_gaps(known, passage.length_s, glossary, world)
    said = [_Said(line, seen_speakers(line.dialogue, passage, glossary)) for line in passage.lines]
    if not said:
        return acts
    return [part for act in acts for part in _in_talk(act, passage, said, glossary, world)]


def _in_talk(
    act: Act, passage: Passage, said: Sequence[_Said], glossary: Glossary, world: Capabilities
) -> Iterator[Act]:
    """Yield an act; people talk while they speak and listen while others do."""
    if not is_of_people(act.entity, glossary, world):
        yield from _with_talk(act, said, glossary, world)
        return
    # In shots of talk nobody is seen below the waist, so that who sits may talk as well.
    still = ("stand", "sit") if passage.talk else ("stand",)
    if act.pinned or act.motion not in still:
        yield act
        return
    at_s = act.start_s
    for line, speakers in said:
        start_s, end_s = max(at_s, line.start_s), min(act.end_s, line.end_s)
        if end_s - start_s <= _INSTANT_S:
            continue
        if start_s - at_s > _INSTANT_S:
            yield replace(act, start_s=at_s, end_s=start_s)
        own = act.entity in speakers
        yield replace(
            act, motion=_TALK if own else _LISTEN, verb="speak" if own else "", note=None,
            span=line.dialogue.span if own else act.span, start_s=start_s, end_s=end_s,
        )  # fmt: skip
        at_s = end_s
    if act.end_s - at_s > _INSTANT_S:
        yield replace(act, start_s=at_s)


def _with_talk(
    act: Act, said: Sequence[_Said], glossary: Glossary, world: Capabilities
) -> Iterator[Act]:
    """Yield an act; whoever does nothing else is drawn talking while they speak."""
    kind = kind_of_entity(act.entity, glossary, world)
    talks = _TALK in (kind.motions if kind else world.motions)
    if not talks or act.pinned or act.motion != "stand":
        yield act
        return
    at_s = act.start_s
    for line, speakers in said:
        start_s, end_s = max(at_s, line.start_s), min(act.end_s, line.end_s)
        if act.entity not in speakers or end_s - start_s <= _INSTANT_S:
            continue
        if start_s - at_s > _INSTANT_S:
            yield replace(act, start_s=at_s, end_s=start_s)
        yield replace(
            act, motion=_TALK, verb="speak", note=None, span=line.dialogue.span,
            start_s=start_s, end_s=end_s,
        )  # fmt: skip
        at_s = end_s
    if act.end_s - at_s > _INSTANT_S:
        yield replace(act, start_s=at_s)


def fixed_acts(
    passage: Passage, scene: Scene, glossary: Glossary, world: Capabilities
) -> list[Act]:
    """Return the beats that the writer fixed within a passage, in its own time."""
    acts: list[Act] = []
    free = scene.replan is not None and scene.replan.releases("motion")
    for beat in scene.motions:
        end = scene_end(beat.end_s, passage)
        start, end = max(0.0, beat.start_s - passage.start_s), min(passage.length_s, end)
        if end - start > _INSTANT_S:
            said = Act(
                beat.entity, beat.motion, "stay", start, end, beat.detail, span=beat.span,
                lora=lora_file(beat.lora),
            )  # fmt: skip
            acts.append(_pinned(said, glossary, world, free=free and beat.lora is None))
    subject = next((d.entity for d in (passage.phases[0] if passage.phases else ())), None)
    for tag in passage.tags:
        entity = tag.entity or subject
        start, end = passage.range_of(tag)
        if tag.motion is not None and entity is not None and end - start > _INSTANT_S:
            said = Act(entity, tag.motion, "stay", start, end, span=tag.span)
            acts.append(_pinned(said, glossary, world, free=free))
    return acts


def lora_file(lora: LoraReference | None) -> LoraFile | None:
    """Return an adapter of the writer's own as a plan has it."""
    return LoraFile(path=lora.name, weight=lora.weight) if lora else None


def scene_end(end_s: float | None, passage: Passage) -> float:
    """Return the end of a beat in the passage's time; an open one lasts as long as the passage."""
    return passage.length_s if end_s is None else end_s - passage.start_s


def _pinned(said: Act, glossary: Glossary, world: Capabilities, *, free: bool) -> Act:
    """Return an act that the writer fixed, in the engine's own motion and with its path.

    One that is `free` to be re-planned may become another.
    """
    kind = kind_of_entity(said.entity, glossary, world)
    move = fit_pinned(said.motion, world, kind, free=free)
    path = _path_of_kind(move.motion, kind, glossary) if kind else path_of(move.motion, glossary)
    return replace(said, motion=move.motion, path=path, pinned=True, note=move.note)


def path_of(motion: str, glossary: Glossary) -> Path:
    """Return how a body that does a motion moves through the frame; unknown ones get room."""
    verb = glossary.verbs.get(motion)
    return verb.path if verb is not None else "roomy"


def _path_of_kind(
    motion: str, kind: KindWords, glossary: Glossary, deed: Deed | None = None
) -> Path:
    """Return how one of a kind with motions of its own moves through the frame.

    Who flies somewhere goes there through the air; what only these kinds do goes along the ground.
    """
    if motion == "fly" and deed and (deed.direction in ("left", "right") or deed.path == "glide"):
        return "glide"
    if motion in kind.traveling and motion not in glossary.verbs:
        return "walk"
    known = path_of(motion, glossary)
    if motion in kind.traveling:
        return known if known in TRAVELS else "walk"
    return "stay" if known in TRAVELS or known == "roomy" else known


def _path(motion: str, deed: Deed, glossary: Glossary, world: Capabilities) -> Path:
    """Return how a deed moves somebody; motions of people alone keep them in place or walk."""
    if not world.motions:
        return deed.path
    if world.people is not None and motion in world.people.motions:
        return "walk" if motion in world.people.traveling else "stay"
    return path_of(motion, glossary)


def _prose_acts(
    passage: Passage, glossary: Glossary, world: Capabilities, *, merged: bool
) -> list[Act]:
    """Return the deeds of the prose with times; `merged` lets each one's first last throughout."""
    phases: Sequence[Sequence[Deed]] = passage.phases
    if merged:
        firsts: dict[str, Deed] = {}
        for phase in phases:
            for deed in phase:
                firsts.setdefault(deed.entity, deed)
        phases = [list(firsts.values())]
    length = passage.length_s / max(1, len(phases))
    acts: list[Act] = []
    for index, phase in enumerate(phases):
        for deed in phase:
            kind = kind_of_entity(deed.entity, glossary, world)
            if kind is not None:
                move = fit_kind(deed, kind, world)
                path = _path_of_kind(move.motion, kind, glossary, deed)
            else:
                move = fit_motion(deed, world, person=is_of_people(deed.entity, glossary, world))
                path = _path(move.motion, deed, glossary, world)
            acts.append(
                Act(deed.entity, move.motion, path, index * length, (index + 1) * length,
                    deed.detail, deed.direction, False, passage.span_of(deed.place), move.note,
                    "" if deed.implied else deed.verb)
            )  # fmt: skip
    return acts


def _without_gaps(
    known: _KnownActs, length_s: float, glossary: Glossary, world: Capabilities
) -> list[Act]:
    """Return an entity's acts without gaps: fixed ones first, then the prose's, then standing."""
    times = {0.0, length_s}
    for act in (*known.fixed, *known.prose):
        times |= {act.start_s, act.end_s}
    marks = sorted(times)
    acts: list[Act] = []
    for start, end in zip(marks, marks[1:], strict=False):
        if end - start <= _INSTANT_S:
            continue
        holding = next((a for a in (*known.fixed, *known.prose) if a.holds(start, end)), None)
        if holding is None or (known.fixed and not holding.pinned):
            holding = _resting(known, start, glossary, world)
        if acts and _continues(acts[-1], holding):
            acts[-1] = _until(acts[-1], end)
        else:
            acts.append(_within(holding, start, end))
    return acts


def _resting(known: _KnownActs, at_s: float, glossary: Glossary, world: Capabilities) -> Act:
    """Return what an entity does of which nothing is said: it sleeps on, or stands."""
    before = [a for a in (*known.prose, *known.fixed) if a.end_s <= at_s + _INSTANT_S]
    last = max(before, key=lambda a: a.end_s, default=None)
    if last is not None and last.path == "lie":
        return _within(last, at_s, at_s)
    move = fit_motion(Deed(known.entity, "stand", "stand", "stay"), world)
    return Act(known.entity, move.motion, path_of(move.motion, glossary), at_s, at_s)


def _continues(one: Act, other: Act) -> bool:
    """Say whether one act goes on in another; two that the writer fixed stay two."""
    if (one.motion, one.pinned, one.direction) != (other.motion, other.pinned, other.direction):
        return False
    return not one.pinned or one.span == other.span


def _until(act: Act, end_s: float) -> Act:
    return _within(act, act.start_s, end_s)


def _within(act: Act, start_s: float, end_s: float) -> Act:
    return replace(act, start_s=start_s, end_s=end_s)
