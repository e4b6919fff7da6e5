"""A passive clause -> what whoever "by" names does, and to whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..complements import EntityRelation
from ..deeds import Deed, Placing, implied
from ..lexicon import Bond, Verb
from ..parsed import ParsedSentence
from .objects import object_of

if TYPE_CHECKING:
    from .clause_reader import ClauseReader

_FLANKING = frozenset("flank sandwich bracket".split())


def read_passive(
    reader: ClauseReader, meant: Verb, act: str
) -> tuple[list[Deed], list[EntityRelation], list[Placing]]:
    """Return "the FOX is chased by the BEAR" as what the BEAR does."""
    patients = reader.clause.subject.ids
    verb = reader.clause.verb
    first = reader.clause.word + 1
    later = [w for w in reader.here.children(first - 1, "conj") if w >= first]
    if "by" not in reader.here.words[first : reader.end] and not later:
        head = reader.here.nodes[reader.clause.word].head  # "is lifted by his aunt and kissed"
        first = head + 1 if head < first - 1 else first
    doers = _doers(reader, first, patients)
    still = [Deed(e, "stand", "stand", "stay", implied=True) for e in patients]
    if not doers:
        by = "by" in reader.here.words[reader.clause.word : reader.end]
        found = reader.placings("be")
        return still, [], [p for p in found if not (by and p.relation == "beside")]
    if verb.lemma in _FLANKING and not verb.negated:
        pair = _both_by(reader, patients) or doers
        if len(pair) > 1:
            others = (pair[0], pair[1])
            ties = [EntityRelation(e, "between", *others) for e in patients]
            return still, ties, [Placing(e, "between", others) for e in patients]
    bond: Bond = meant.bond or "face"
    ties = [EntityRelation(d, bond, e) for d in doers for e in patients]
    given = _receivers(reader, patients, doers) if act == "give" else ()
    thing = reader.clause.thing
    if thing in ("it", "they") and reader.discourse.thing:
        thing = reader.discourse.thing
    objects = given or patients or (thing,)
    deeds = [
        Deed(d, verb.lemma, meant.motion, meant.path, meant.near, act=act, object=o,
             denied=verb.negated)
        for d in doers for o in objects[:1]
    ]  # fmt: skip
    if verb.negated:
        return [replace(d, motion="stand", path="stay") for d in deeds], ties, []
    return [*deeds, *(implied(deeds, ties) or still)], ties, []


def _doers(reader: ClauseReader, first: int, patients: tuple[str, ...]) -> tuple[str, ...]:
    """Return whom "by" names: "by TED and AL", "by TED, then by AL"."""
    here = reader.here
    last = min(max(reader.end, first) + 3, len(here.words))
    if "by" not in here.words[first:last]:
        last = len(here.words)
    by = [w for w in range(first, last) if here.words[w] == "by"]
    found: list[str] = []
    for at in by[:1]:
        for behind in range(at + 1, min(at + 4, len(here.words))):
            said = reader.said(here.at[behind], patients)
            if said.is_mark:
                break
            if said.is_mention and not said.possessive:
                found += (*said.ids, *_joined(here, behind))
                break
    for at in by[1:]:
        found += here.token(at + 1).ids if at + 1 < reader.end and here.is_mention(at + 1) else ()
    return tuple(dict.fromkeys(found))


def _joined(here: ParsedSentence, at: int) -> tuple[str, ...]:
    """Return who is joined to a mention by "and" and commas: "by TED and AL"."""
    if at in here.lists:
        return tuple(e for w in here.lists[at] for e in here.token(w).ids)
    ends = (
        at + 3 == len(here.words) or here.token(at + 3).is_mark if at + 2 < len(here.words) else 0
    )
    pair = ends and here.words[at + 1] == "and" and here.is_mention(at + 2)
    return here.token(at + 2).ids if pair else ()


def _receivers(
    reader: ClauseReader, patients: tuple[str, ...], doers: tuple[str, ...]
) -> tuple[str, ...]:
    """Return to whom a thing is given: "the photo is handed to TED by ANN"."""
    words = reader.here.words
    to = [w for w in range(reader.clause.word + 1, len(words) - 1) if words[w] == "to"]
    found = reader.said(reader.here.at[to[0] + 1], doers) if to and not patients else None
    return found.ids if found is not None and not found.possessive else ()


def _both_by(reader: ClauseReader, patients: tuple[str, ...]) -> tuple[str, ...]:
    """Return all whom "by" names: "flanked by the CAT and the LION"."""
    words = range(reader.clause.word + 1, len(reader.here.words))
    by = next((w for w in words if reader.here.words[w] == "by"), None)
    if by is None:
        return ()
    found = object_of(reader.here, by, len(reader.here.words), "hold", "hold", patients,
                      reader.discourse)  # fmt: skip
    return found.ids
