"""The words around a verb -> direction, place in the frame, bonds to others, and detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .lexicon import (
    BONDS,
    DETERMINERS,
    DIRECTIONS,
    EACH_OTHER,
    MUTUAL,
    MUTUAL_BONDS,
    NOT_DIRECTION,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    SPOTS,
    Bond,
    Direction,
    Spot,
)
from .sentences import Token

T = TypeVar("T")
_LONGEST = 5
_NOUN_PHRASE = 5
_FIRST_WORDS = frozenset(
    phrase.partition(" ")[0] for table in (BONDS, DIRECTIONS, SPOTS) for phrase in table
)


@dataclass(frozen=True, slots=True)
class EntityRelation:
    """A bond from one entity to another; `third` is the far side of `between`."""

    subject: str
    bond: Bond
    other: str
    third: str | None = None

    @property
    def entities(self) -> tuple[str, ...]:
        return (self.subject, self.other, *((self.third,) if self.third else ()))


def phrase_at(words: Sequence[Token], at: int, table: Mapping[str, T]) -> tuple[T, int] | None:
    """Return what the longest phrase of `table` that begins at `at` means, and its length."""
    if words[at].text not in _FIRST_WORDS:
        return None
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        span = words[at : at + length]
        if any(word.is_mention for word in span):
            continue
        phrase = " ".join(word.text for word in span)
        if phrase in table:
            return table[phrase], length
    return None


def direction_of(tail: Sequence[Token]) -> Direction | None:
    """Return the first direction that the words after a verb give."""
    for at in range(len(tail)):
        found = phrase_at(tail, at, DIRECTIONS)
        if found is None:
            continue
        direction, length = found
        after = tail[at + length].text if at + length < len(tail) else ""
        bonded = phrase_at(tail, at, BONDS)
        if after in NOT_DIRECTION or (bonded and bonded[1] > length):
            continue
        if length == 1 and at > 0 and tail[at - 1].text in DETERMINERS | {"on", "at"}:
            continue
        return direction
    return None


def spot_of(words: Sequence[Token]) -> Spot | None:
    """Return where in the frame somebody is said to be."""
    for at in range(len(words)):
        found = phrase_at(words, at, SPOTS)
        after = words[at + found[1]].text if found and at + found[1] < len(words) else ""
        if found and found[0] == "high" and after and words[at + found[1]].text != ",":
            continue  # "high above the CAT" is beside somebody
        if found and after != "of":
            return found[0]
    return None


def ties_of(
    tail: Sequence[Token], subjects: Sequence[str], bond: Bond | None, known: Sequence[str]
) -> list[EntityRelation]:
    """Return the bonds that the words after a verb state.

    Args:
        tail: the words.
        subjects: who does it.
        bond: what the verb itself says of a plain object, if anything.
        known: whom "it", "him" and "her" may mean, the likeliest first.
    """
    mutual = _mutual(tail, subjects, bond)
    if mutual:
        return mutual
    ties: list[EntityRelation] = []
    object_ids = _target(tail, 0, known)
    if object_ids:
        ties += [
            EntityRelation(s, bond or "face", o) for s in subjects for o in object_ids if s != o
        ]
    at = 0
    while at < len(tail):
        found = phrase_at(tail, at, BONDS)
        others = _target(tail, at + found[1], known) if found else ()
        if found and others:
            ties += tied(subjects, found[0], others)
            at += found[1]
        else:
            at += 1
    return ties


def tied(subjects: Sequence[str], bond: Bond, others: Sequence[str]) -> list[EntityRelation]:
    """Return the bond of each of some to others; `between` needs two of these."""
    if bond == "between" and len(others) > 1:
        return [EntityRelation(s, bond, others[0], others[1]) for s in subjects if s not in others]
    if bond == "between":
        bond = "beside"
    return [EntityRelation(s, bond, other) for s in subjects for other in others[:2] if s != other]


def _mutual(
    tail: Sequence[Token], subjects: Sequence[str], bond: Bond | None
) -> list[EntityRelation]:
    """Return what two do to each other, as one tie from the first to the second."""
    if len(subjects) < 2:
        return []
    text = " ".join(word.text for word in tail)
    if not any(words in text for words in EACH_OTHER):
        if bond != "meet":
            return []
        return [EntityRelation(subjects[0], "meet", subjects[1])]
    stated = [found[0] for at in range(len(tail)) if (found := phrase_at(tail, at, BONDS))]
    mutual = next((MUTUAL_BONDS[b] for b in stated if b in MUTUAL_BONDS), None)
    if mutual is None:
        mutual = MUTUAL.get("cross" if bond is None else bond, "meet" if bond == "toward" else None)
    if bond in ("cross", "meet", "chase", "face"):
        mutual = bond
    return [EntityRelation(subjects[0], mutual or "beside", subjects[1])]


def _target(tail: Sequence[Token], at: int, known: Sequence[str]) -> tuple[str, ...]:
    """Return whom the noun phrase that begins at `at` names, with those joined by "and"."""
    for index in range(at, min(len(tail), at + _NOUN_PHRASE)):
        word = tail[index]
        if word.is_mention:
            if word.possessive:
                return ()
            more = tail[index + 1 : index + 2]
            if more and more[0].text in ("and", ",") and index + 2 < len(tail):
                return (*word.ids, *_target(tail, index + 2, known))
            return word.ids
        if word.text in OBJECT_PRONOUNS and known:
            free = index + 1 >= len(tail) or _ends_phrase(tail[index + 1])
            if free:
                return tuple(known[:2]) if word.text == "them" else (known[0],)
        if word.is_mark or word.text in PREPOSITIONS or word.text in ("and", "then"):
            return ()
    return ()


def _ends_phrase(word: Token) -> bool:
    return (
        word.is_mark
        or word.text in PREPOSITIONS | {"and", "then", "while", "as"}
        or (word.text.endswith("ly"))
    )


def detail_of(tail: Sequence[Token]) -> str:
    """Return what else is said of a deed, up to the first who is named or meant."""
    kept: list[str] = []
    for word in tail:
        named = word.is_mention and not word.is_thing
        if named or word.is_mark or word.text in OBJECT_PRONOUNS | {"its", "their"}:
            break
        kept.append(word.text)
    while kept and kept[-1] in PREPOSITIONS | DETERMINERS | {"and", "then", "while", "as", "high"}:
        kept.pop()
    return " ".join(kept)
