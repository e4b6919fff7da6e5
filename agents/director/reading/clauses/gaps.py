"""A parsed sentence -> its parts without a verb of their own: "TED sits there, ANN behind him".

Such a part says where somebody is. What the one before does, whoever is there does too ("PAT sits
on the stairs and LOU on the rail"), unless they are only placed beside the one before.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from ..coreference import SINGULAR_PRONOUNS, Discourse
from ..lexicon import DETERMINERS
from ..parsed import ParsedSentence
from ..words.acts import NO_PLACES
from .objects import at_the_side, noun_after, place_at
from .relatives import Named

_JOINS = frozenset(", and but while with".split())
_NEAR = frozenset("just right close directly still now high".split())
_ENDS = frozenset({",", "and"})


@dataclass(frozen=True, slots=True)
class Gap:
    """Words from `start` to `end` in which somebody at `at` is placed by the words from `place`.

    `same` says that they do what was done before, to what the words from `place` name.
    """

    start: int
    at: int
    end: int
    place: int
    same: bool = False


@dataclass(frozen=True, slots=True)
class GapPlacing:
    """Where a gap puts `ids`; `carries` says whether they do what the one before does."""

    ids: tuple[str, ...]
    relation: str
    others: tuple[str, ...]
    carries: bool


def gaps(here: ParsedSentence, verbs: Container[int]) -> Iterator[Gap]:
    """Yield the parts of a sentence in which nobody does anything and somebody is placed."""
    count = len(here.words)
    for at in range(2, count - 1):
        if here.words[at - 1] not in _JOINS or not here.is_mention(at):
            continue
        end = next((w for w in range(at + 1, count) if here.words[w] in _ENDS), count)
        set_so = here.words[at - 1] == "with" and here.nodes[at + 1].tag in ("VBN", "VBD")
        place = at + 1 + set_so  # "with OSCAR wedged between them"
        while place < end - 1 and here.words[place] in _NEAR:
            place += 1  # "ANN just behind him"
        if place >= end:
            continue
        named = here.words[at - 1] != "with" and here.words[place] in DETERMINERS
        nouns = {here.nodes[w].tag[:2] for w in range(place + 1, end)}
        if named and nouns and nouns <= {"NN", "JJ"} and _has_object(here, at, verbs):
            yield Gap(at - 1, at, end, place, same=True)
            continue
        led = place_at(here, place, end)[1] or here.words[place] in ("at", "to", "on", "by")
        if led and not any(word in verbs for word in range(place, end)):
            yield Gap(at - 1, at, end, place)


def _has_object(here: ParsedSentence, at: int, verbs: Container[int]) -> bool:
    """Say whether the last verb before a word has something that it is done to."""
    before = [w for w in range(at) if w in verbs]
    return bool(before) and bool(here.children(before[-1], "dobj"))


def same_with(here: ParsedSentence, gap: Gap, discourse: Discourse) -> Named:
    """Return whom or what somebody does the same to: "the mail" of "ANN the mail"."""
    return noun_after(here, gap.place, gap.end, here.token(gap.at).ids, discourse)


def placing_of(here: ParsedSentence, gap: Gap, discourse: Discourse) -> GapPlacing | None:
    """Return where a gap puts somebody, None where it names no place."""
    ids, after = here.token(gap.at).ids, gap.place
    beside = at_the_side(here, after, gap.end, ids, discourse)
    if beside is not None:
        return GapPlacing(ids, *beside, carries=False)
    relation, length = place_at(here, after, gap.end)
    if not length:
        return None
    inside = relation in ("on", "in")
    found = noun_after(here, after + length, gap.end, ids, discourse, of_thing=inside)
    others = found.ids or ((found.noun,) if found.noun else ())
    if not others or set(others) & set(ids) or found.noun in NO_PLACES:
        return None
    aside = here.words[after + length] in SINGULAR_PRONOUNS | {"them"} and found.ids
    led = here.words[gap.start] == "with"
    return GapPlacing(ids, relation, others, carries=not (aside or led))
