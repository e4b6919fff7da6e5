"""Scenes that were read -> lines that contradict each other: a thing in two hands, a return unseen.

A break is reported and never mended: only the writer knows which of two lines is wrong. A thing of
which no line says who has it, or where it is, contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...errors import Span
from ...story import Action, Scene
from .passages import Passage
from .reading.glossary import Glossary
from .reading.reading import PronounMemory
from .reading.sentences import Sentence, sentences
from .reading.verbs import Subject, find_verbs, subject_of

# Verbs by what becomes of the thing that follows them.
_HAS = frozenset("hold carry have own wear clutch keep wave shake raise".split())
_TAKES = frozenset("take pick steal snatch grab fetch find catch receive get lift borrow".split())
_PARTS = frozenset("give hand pass throw drop put leave lose lay set place toss return".split())
_LEAVES = frozenset("leave exit depart vanish disappear".split())
_RETURNS = frozenset(
    "return come enter arrive reappear appear approach join land reach rejoin".split()
)
# What a heading's time says of a scene that happens while the one before it does.
_MEANWHILE = frozenset({"same", "same time", "meanwhile", "simultaneous"})


@dataclass(frozen=True, slots=True)
class ContinuityBreak:
    """Two lines of a story that cannot both be so; `number` is that of the diagnostic."""

    number: str
    message: str
    span: Span


@dataclass(slots=True)
class _Whereabouts:
    """Who has which thing, and where it was seen: changed as the script is read."""

    holder: dict[str, tuple[str, Span]] = field(default_factory=dict)
    seen: dict[str, tuple[Scene, Span]] = field(default_factory=dict)
    memory: PronounMemory = PronounMemory()


def breaks(
    scenes: Sequence[tuple[Scene, Sequence[Passage]]], glossary: Glossary
) -> tuple[ContinuityBreak, ...]:
    """Return what cannot be in scenes, each with the passages that were read of it, in order."""
    things = _Whereabouts()
    found: list[ContinuityBreak] = []
    before: Scene | None = None
    for scene, passages in scenes:
        for passage in passages:
            if passage.action is not None and glossary.props:
                found += _of_things(scene, before, passage.action, glossary, things)
        found += _of_people(passages, glossary)
        before = scene
    return tuple(found)


def _of_things(
    scene: Scene, before: Scene | None, action: Action, glossary: Glossary, things: _Whereabouts
) -> Iterator[ContinuityBreak]:
    """Yield each thing of a paragraph that is somewhere else too."""
    for sentence in sentences(action.text, glossary):
        held = {e for word in sentence if word.is_thing for e in word.ids}
        deeds = list(_deeds(sentence, glossary, things))
        for thing in sorted(held):
            yield from _held_twice(thing, deeds, action.span, things)
            yield from _in_two_places(thing, scene, before, action.span, things)
            things.seen[thing] = (scene, action.span)


def _deeds(
    sentence: Sentence, glossary: Glossary, things: _Whereabouts
) -> Iterator[tuple[str, Subject]]:
    """Yield the verbs of a sentence with whoever does them."""
    subject: Subject | None = None
    for verb in find_verbs(sentence, glossary):
        present = things.memory.present
        subject = subject_of(sentence, verb, subject, things.memory.subjects, present)
        yield verb.lemma, subject
        if subject.ids:
            present = tuple(dict.fromkeys((*present, *subject.ids)))
            things.memory = PronounMemory(subject.ids, things.memory.other, present)


def _held_twice(
    thing: str, deeds: Sequence[tuple[str, Subject]], span: Span, things: _Whereabouts
) -> Iterator[ContinuityBreak]:
    for lemma, subject in deeds:
        owners = [entity for entity in subject.ids if entity != thing]
        if lemma in _PARTS:
            things.holder.pop(thing, None)
        elif owners and lemma in _TAKES:
            things.holder[thing] = (owners[0], span)
        elif owners and lemma in _HAS:
            was = things.holder.get(thing)
            if was is not None and was[0] not in owners:
                yield ContinuityBreak(
                    "138",
                    f"{owners[0]} has {thing}, which {was[0]} has since line {was[1].line}",
                    span,
                )
            things.holder[thing] = (owners[0], span)


def _in_two_places(
    thing: str, scene: Scene, before: Scene | None, span: Span, things: _Whereabouts
) -> Iterator[ContinuityBreak]:
    if scene.heading.time.strip().casefold() not in _MEANWHILE or before is None:
        return
    was = things.seen.get(thing)
    if was is not None and was[0] is before and before.heading.place != scene.heading.place:
        yield ContinuityBreak(
            "138",
            f"{thing} is here and, at the same time, at {before.heading.place} "
            f"(line {was[1].line})",
            span,
        )


def _of_people(passages: Sequence[Passage], glossary: Glossary) -> Iterator[ContinuityBreak]:
    """Yield everybody who does something in a scene after having left it."""
    left: dict[str, Span] = {}
    for passage in passages:
        if passage.action is None or passage.reading is None:
            continue
        span = passage.action.span
        back = {d.entity for d in passage.reading.deeds if d.verb in _RETURNS}
        for entity in back:
            left.pop(entity, None)
        for deed in passage.reading.deeds:
            if deed.entity in left and not deed.implied:
                line = left.pop(deed.entity).line
                yield ContinuityBreak(
                    "139", f"{deed.entity} has left in line {line} and is here", span
                )
        left.update(dict.fromkeys(gone_after(passage, glossary), span))


def gone_after(passage: Passage, glossary: Glossary) -> frozenset[str]:
    """Return those who leave the scene in a passage, and do nothing in it after that."""
    if passage.reading is None:
        return frozenset()
    things = glossary.props & set(passage.reading.seen)
    last = {deed.entity: deed for deed in passage.reading.deeds}
    # "The FOX leaves the LANTERN" is about the lantern.
    return frozenset(e for e, d in last.items() if d.verb in _LEAVES and not things)
