"""A story's pages -> whom they call by a name that no capitals and no cue introduce: "Luke balks".

Many a page writes its animals and its tribes so from the start. A word that is written large within
sentences, never small, and that does what only somebody does, more than once, is a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from .....errors import Span
from .....story import Story
from ..inflection import base_form, singular
from ..lexicon import DETERMINERS, FILLERS, NO_NAMES, Verb
from ..tokens import split_sentences, without_quotations
from ..words.brands import CARS, TEAMS
from ..words.depictions import MEDIA
from ..words.dictionary import is_place
from ..words.screen_words import filmed_words
from ..words.things import (
    STRESSED,
    TRADE,
    is_animate,
    is_given,
    is_nobody,
    is_of_people,
    is_of_somebody,
)
from .introductions import Introduction, actions_of, is_shouted
from .no_names import is_english

_FEWEST = 3  # times that a name is written
_SURELY = 4  # deeds of one whose name is a thing's
_LONGEST = 3  # words of a name
_FULL = 2  # of a given name and a surname
# What a clause begins with that is somebody's name: "Can't Get Right".
_DENIALS = frozenset("can't won't don't ain't doesn't never no not".split())
_DEEDS = 2  # of these, those in which it does something
_NO_NAMES = NO_NAMES | STRESSED | TRADE | frozenset(
    "god christ jesus lord monday tuesday wednesday thursday friday saturday sunday january "
    "february march april may june july august september october november december christmas "
    "easter english french german spanish italian american british chinese japanese russian "
    "mr mrs ms miss dr sir lady madam both another someone somebody everyone everybody nobody "
    "others neither either several many some any after before from with without for at by "
    "behind under over inside outside across along around near beside between among against "
    "during until since toward towards onto into upon off out up down of and but or so yet as if "
    "though although because while than like".split()
)  # fmt: skip


_ARTICLES = frozenset({"the", "a", "an"})
_LEADS = _ARTICLES | {"more", "several", "some", "many", "all", "other", "few"}


@dataclass(slots=True)
class _Written:
    """What a story writes large, by its words: how often, and what tells that it is a name."""

    times: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)
    spans: dict[str, Span] = field(default_factory=dict)
    within: set[str] = field(default_factory=set)
    articled: set[str] = field(default_factory=set)
    # Who does something where no screen, no picture and no record could show or play it.
    live: set[str] = field(default_factory=set)
    small: set[str] = field(default_factory=set)


def written_large(
    story: Story, known: Set[str], verbs: Mapping[str, Verb]
) -> Iterator[Introduction]:
    """Yield who is named so; `known` are the names of those whom a page introduces."""
    parts_known = {word for name in known for word in name.lower().split()} - DETERMINERS
    written = _written(story, verbs)
    deeds = written.deeds
    for name, times in written.times.items():
        parts = name.lower().split()
        full = name in written.live and len(parts) == _FULL and is_given(parts[0])
        full = full and name not in written.articled  # "in a Ralph Lauren"
        full = full and not is_of_people(singular(parts[1]))  # "Bo Allen hugs her", no "Roman cops"
        if not full and (times < _FEWEST or deeds[name] < _DEEDS or name not in written.within):
            continue
        given = is_given(name)  # "Sam" is SAMUEL
        if len(parts) == _LONGEST and not (is_given(parts[0]) or parts[0] in _DENIALS):
            continue  # a rite, a boat: "the Enemy Way Song"
        several = singular(parts[-1]) != parts[-1]
        told = [p for p in parts if p in _NO_NAMES or (p in parts_known and not several)]
        lone = len(parts) == 1 and not is_given(parts[0])
        small_too = lone and bool({parts[0], singular(parts[0])} & written.small)
        thing = name.lower() in TEAMS | CARS or lone and (is_nobody(parts[0]) or is_english(parts))
        thing = thing or (lone and is_place(parts[0]))  # a ship too: "the Nevada"
        surely = deeds[name] >= _SURELY and name not in written.articled
        if lone and surely:
            small_too = False  # CANDY, who is no candy
            thing = is_place(parts[0]) and not given
        told = [] if len(parts) == _LONGEST and surely else told  # "Can't Get Right"
        short = given and any(word.startswith(name.lower()) for word in parts_known)
        if not (name.upper() in known or told or thing or small_too or short):
            yield Introduction(name.upper(), "", written.spans[name], True)


def _written(story: Story, verbs: Mapping[str, Verb]) -> _Written:
    """Return what a story writes large in its prose."""
    found = _Written()
    for action in actions_of(story):
        text = without_quotations(action.text)
        shown = bool(MEDIA & {word.strip(".,:;").lower() for word in text.split()})
        for sentence in split_sentences(text):
            words = filmed_words(sentence)
            if is_shouted(words):
                continue
            found.small |= {word for word in words if word.islower()}
            for at, end in _runs(words):
                name = " ".join(
                    word.removesuffix("'s").removesuffix("’s") for word in words[at:end]
                )
                found.times[name] += 1
                found.spans.setdefault(name, action.span)
                found.articled |= {name} if at and words[at - 1].lower() in _LEADS else set()
                found.within |= {name} if at > 1 or (at == 1 and words[0] != "The") else set()
                does = _does(words, at, end, verbs)
                found.deeds[name] += does
                found.live |= {name} if does and not shown else set()
    return found


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where names of one or two words begin and end: "Two Socks" of "and Two Socks sits"."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _is_large(words[end]):
            end += 1
        opening = _LEADS | _NO_NAMES | FILLERS if at == 0 else _LEADS
        counted = end - at > 1 and words[at].lower() in opening  # "Now Luke balks"
        start = at + counted
        if 0 < end - start <= _LONGEST and words[start].lower() not in _ARTICLES:
            yield start, end
        at = max(end, at + 1)


def _is_large(word: str) -> bool:
    plain = word.replace("'t", "t").replace("’t", "t")  # "Can't"
    return len(plain) > 1 and plain[0].isupper() and plain[1:].islower() and plain.isalpha()


def _does(words: Sequence[str], at: int, end: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether a name does what only somebody does; a machine too is "the" something."""
    rest = [word.lower() for word in words[end : end + 3]]
    while rest and (rest[0] in FILLERS or rest[0].endswith("ly")):
        rest = rest[1:]
    if not rest:
        return False
    helped = rest[0] in ("is", "are") and rest[1:]
    found = base_form(rest[1] if helped else rest[0], verbs)
    several = singular(words[end - 1]) != words[end - 1]
    led = at > 0 and words[at - 1].lower() in _LEADS
    forms = ("ing",) if helped else ("base", "s") if several or led else ("s",)
    if found is None or found[1] not in forms:
        return False
    several = several or (led and not helped and found[1] == "base")  # "the Amish look"
    if (several and led) or is_given(words[at]):
        return True  # "the Tuaregs"
    return is_of_somebody(found[0]) if led else is_animate(found[0])
