"""An action paragraph -> who does what, where and to whom.

Each sentence is walked once. A verb belongs to the noun phrase on its left, found by skipping
adverbs, helpers and phrases with a preposition; where that is a thing ("the ice cracks") nobody
does it. What stands between a verb and the next verb's subject says direction, place and bonds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .absence import absent_of
from .complements import EntityRelation, detail_of, direction_of, spot_of, ties_of
from .glossary import Glossary
from .lexicon import (
    FACING_VERBS,
    NEGATIONS,
    Bond,
    Direction,
    Path,
    Spot,
    Verb,
)
from .sentences import Sentence, sentence_ends, sentences
from .subjects import Subject, subject_of
from .verbs import FoundVerb, find_verbs, verb_meant

__all__ = ["Deed", "PronounMemory", "Reading", "EntityRelation", "read"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does. `verb` is as written, `motion` what it amounts to.

    `implied` marks what follows from another's deed: who is chased runs. `near` says that the
    motion is only akin to the verb. `place` is where the paragraph says it, from and to.
    `act` is the one word for all ways to say it, "cry" for "bursts into tears"; `object` is whom or
    what it is done to, an entity's id or a noun; `denied` marks what is said not to be done, and
    then `motion` is what is seen in its place.
    """

    entity: str
    verb: str
    motion: str
    path: Path
    near: bool = False
    direction: Direction | None = None
    detail: str = ""
    implied: bool = False
    place: tuple[int, int] | None = field(default=None, compare=False)
    act: str = ""
    object: str = ""
    denied: bool = False

    @property
    def moves(self) -> bool:
        return self.path not in ("stay", "lie")


@dataclass(frozen=True, slots=True)
class Placing:
    """Where somebody is, beside others or things: `relation` "on" to the noun "piano"."""

    subject: str
    relation: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PronounMemory:
    """What a reader keeps from one paragraph to the next: whom pronouns may mean."""

    subjects: tuple[str, ...] = ()
    other: str | None = None
    present: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one paragraph says. `seen` are those mentioned, in order; `view` what has nobody.

    `unseen` are those who are said to be elsewhere, or heard only: they are not in the frame.
    `places` say where in the paragraph each of those seen is first mentioned; `placings` where
    they are beside others and things.
    """

    deeds: tuple[Deed, ...]
    ties: tuple[EntityRelation, ...]
    seen: tuple[str, ...]
    spots: Mapping[str, Spot]
    view: str
    memory: PronounMemory
    unseen: frozenset[str] = frozenset()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False)
    placings: tuple[Placing, ...] = ()


def read(text: str, glossary: Glossary, memory: PronounMemory = PronounMemory()) -> Reading:
    """Return who does what in a paragraph of action."""
    deeds: list[Deed] = []
    ties: list[EntityRelation] = []
    seen: list[str] = []
    spots: dict[str, Spot] = {}
    views: list[str] = []
    away: set[str] = set()
    places: dict[str, tuple[int, int]] = {}
    for sentence, place in zip(sentences(text, glossary), sentence_ends(text), strict=True):
        part = _read_sentence(sentence, glossary, replace(memory, present=_merged(memory, seen)))
        deeds += (replace(deed, place=place) for deed in part.deeds)
        ties += part.ties
        spots.update(part.spots)
        for entity in part.seen:
            places.setdefault(entity, place)
        seen += [e for e in part.seen if e not in seen]
        if part.view:
            views.append(part.view)
        away |= part.unseen
        memory = part.memory
    memory = replace(memory, present=_merged(memory, seen))
    # Who is there in one sentence is in the picture, though another says that they are gone.
    unseen = frozenset(away - set(seen))
    return Reading(
        tuple(deeds), tuple(ties), tuple(seen), spots, ". ".join(views), memory, unseen, places
    )


def _merged(memory: PronounMemory, seen: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*memory.present, *seen)))


def _read_sentence(sentence: Sentence, glossary: Glossary, memory: PronounMemory) -> Reading:
    found = find_verbs(sentence, glossary)
    subjects = _subjects(sentence, found, memory)
    deeds: list[Deed] = []
    ties: list[EntityRelation] = []
    spots: dict[str, Spot] = {}
    seen = [e for word in sentence for e in word.ids]
    last = memory.subjects
    for index, (verb, subject) in enumerate(zip(found, subjects, strict=True)):
        if not subject.ids:
            continue
        end = subjects[index + 1].left if index + 1 < len(found) else len(sentence)
        clause = _Clause(sentence, verb, subject, max(end, verb.at + 1), memory)
        done, said = clause.read()
        deeds += done
        ties += said
        spot = spot_of(sentence[subject.left if index else 0 : end])
        spots.update(dict.fromkeys(subject.ids, spot) if spot else {})
        seen += [*subject.ids, *(e for tie in said for e in tie.entities)]
        last = subject.ids
    if not found:
        spot = spot_of(sentence)
        spots.update(dict.fromkeys(seen, spot) if spot else {})
        last = tuple(dict.fromkeys(seen)) or last
    view = "" if seen or _is_about_somebody(sentence) else " ".join(w.text for w in sentence)
    others = [e for e in dict.fromkeys(seen) if e not in last]
    kept = PronounMemory(last, others[-1] if others else memory.other, memory.present)
    away = absent_of(sentence)
    return Reading(
        deeds=tuple(deed for deed in deeds if deed.entity not in away),
        ties=tuple(tie for tie in ties if away.isdisjoint(tie.entities)),
        seen=tuple(entity for entity in dict.fromkeys(seen) if entity not in away),
        spots={entity: spot for entity, spot in spots.items() if entity not in away},
        view=view,
        memory=kept,
        unseen=away,
    )


_NEAR = 200  # words back that "it" may reach: a sentence as long as a book is read in its time
_SOMEBODY = frozenset("he she it they his her its their him them".split())


def _is_about_somebody(sentence: Sentence) -> bool:
    """Say whether a sentence without names tells of somebody's: "her breath hangs in the air"."""
    return any(word.text in _SOMEBODY for word in sentence)


def _subjects(
    sentence: Sentence, found: Sequence[FoundVerb], memory: PronounMemory
) -> list[Subject]:
    subjects: list[Subject] = []
    for verb in found:
        before = subjects[-1] if subjects else None
        subjects.append(subject_of(sentence, verb, before, memory.subjects, memory.present))
    return subjects


@dataclass(frozen=True, slots=True)
class _Clause:
    """A verb with its subject and the words after it, up to `end`."""

    sentence: Sentence
    verb: FoundVerb
    subject: Subject
    end: int
    memory: PronounMemory

    def read(self) -> tuple[list[Deed], list[EntityRelation]]:
        """Return the deeds of a clause and the bonds that it states."""
        tail = self.sentence[self.verb.after : self.end]
        meant = verb_meant(self.verb, tail)
        ids = self.subject.ids
        negated = self.verb.negated or any(w.text in NEGATIONS for w in tail[:1])
        ties = ties_of(tail, ids, meant.bond, self._known_others())
        if self.subject.led_in:
            ties += ties_of(self.sentence[: self.verb.at], ids, None, self._known_others())
        if negated:
            return [Deed(e, "stand", "stand", "stay") for e in ids], self._placing(ties)
        if self.verb.passive and ties:
            return self._passive(meant, ties[0])
        direction = direction_of(tail)
        meant = self._going(meant, direction)
        ties = self._softened(meant, ties)
        detail = detail_of(tail)
        deeds = [
            Deed(e, self.verb.lemma, meant.motion, meant.path, meant.near, direction, detail)
            for e in ids
        ]
        return deeds + _implied(deeds, ties), ties

    def _going(self, meant: Verb, direction: Direction | None) -> Verb:
        """Return what a verb that no table knows means where it leads somewhere: a way of going."""
        unknown = meant.near and meant.path == "stay" and meant.motion == self.verb.lemma
        return _WAYS[direction] if unknown and direction else meant

    def _known_others(self) -> tuple[str, ...]:
        """Return whom "it" or "him" may mean here, the likeliest first."""
        near = self.sentence[max(0, self.verb.at - _NEAR) : self.verb.at]
        named = [e for word in near for e in word.ids]
        other = [self.memory.other] if self.memory.other else []
        known = [*reversed(named), *reversed(self.memory.subjects), *other]
        known += reversed(self.memory.present)
        return tuple(e for e in dict.fromkeys(known) if e not in self.subject.ids)

    def _placing(self, ties: Sequence[EntityRelation]) -> list[EntityRelation]:
        """Return the ties that hold for somebody who does not move."""
        moving = ("toward", "away-from", "chase", "follow", "lead", "meet", "cross")
        return [t if t.bond not in moving else replace(t, bond="face") for t in ties]

    def _softened(self, meant: Verb, ties: Sequence[EntityRelation]) -> list[EntityRelation]:
        """Return the ties as they fit the deed: one who stays walks toward nobody."""
        if meant.path in ("stay", "lie"):
            facing = self.verb.lemma in FACING_VERBS
            return [
                replace(t, bond="face") if facing and t.bond in _AIMS else t
                for t in self._placing(ties)
            ]
        if meant.path in ("jump", "hop") and any(t.bond == "above" for t in ties):
            return [replace(t, bond="cross") if t.bond == "above" else t for t in ties]
        return [replace(t, bond="toward") if t.bond == "face" else t for t in ties]

    def _passive(self, meant: Verb, tie: EntityRelation) -> tuple[list[Deed], list[EntityRelation]]:
        """Return "the FOX is chased by the BEAR" as what the BEAR does."""
        bond: Bond = meant.bond or "face"
        doer = tie.other
        ties = [EntityRelation(doer, bond, entity) for entity in self.subject.ids]
        deed = Deed(doer, self.verb.lemma, meant.motion, meant.path, meant.near)
        patients = [Deed(e, "stand", "stand", "stay", implied=True) for e in self.subject.ids]
        moved = _implied([deed], ties)
        return [deed, *(moved or patients)], ties


_WAYS: Mapping[Direction, Verb] = {
    **dict.fromkeys(("left", "right", "away"), Verb("walk", "walk", near=True)),
    "up": Verb("fly", "rise", near=True),
    "down": Verb("land", "descend", near=True),
}
_AIMS = frozenset({"toward", "beside", "above"})


def _implied(deeds: Sequence[Deed], ties: Sequence[EntityRelation]) -> list[Deed]:
    """Return what others do by it: who is chased runs, who is carried sits."""
    implied: list[Deed] = []
    for deed in deeds:
        for tie in ties:
            if tie.subject == deed.entity and tie.bond == "carry":
                implied.append(Deed(tie.other, "sit", "sit", "stay", implied=True))
            if tie.subject == deed.entity and tie.bond in ("chase", "follow", "lead"):
                path = deed.path if deed.moves else "walk"
                motion = deed.motion if deed.moves else "walk"
                implied.append(
                    Deed(tie.other, motion, motion, path, direction=deed.direction, implied=True)
                )
    return implied
