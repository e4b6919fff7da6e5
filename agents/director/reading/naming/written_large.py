"""A story's pages -> whom they call by a name that no capitals and no cue introduce: "Luke balks".

Many a page writes its animals and its tribes so from the start. A word that is written large within
sentences, never small, and that does what only somebody does, more than once, is a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence

from .....errors import Span
from .....story import Story
from ..inflection import base_form, singular
from ..lexicon import FILLERS, NO_NAMES, Verb
from ..tokens import split_sentences, without_quotations
from ..words.screen_words import filmed_words
from ..words.things import STRESSED, TRADE, is_animate, is_given, is_nobody, is_of_somebody
from .introductions import Introduction, actions_of, is_shouted

_FEWEST = 3  # times that a name is written
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


def written_large(
    story: Story, known: Container[str], verbs: Mapping[str, Verb]
) -> Iterator[Introduction]:
    """Yield who is named so; `known` are the words, lower case, of those whom a page introduces."""
    written, deeds, within = Counter[str](), Counter[str](), set[str]()
    small: set[str] = set()
    spans: dict[str, Span] = {}
    for action in actions_of(story):
        for sentence in split_sentences(without_quotations(action.text)):
            words = filmed_words(sentence)
            if is_shouted(words):
                continue
            small |= {word for word in words if word.islower()}
            for at, end in _runs(words):
                name = " ".join(
                    word.removesuffix("'s").removesuffix("’s") for word in words[at:end]
                )
                written[name] += 1
                spans.setdefault(name, action.span)
                within |= {name} if at > 1 or (at == 1 and words[0] != "The") else set()
                deeds[name] += _does(words, at, end, verbs)
    for name, times in written.items():
        parts = name.lower().split()
        plain = [part for part in parts if part in known or part in _NO_NAMES or is_nobody(part)]
        lone = len(parts) == 1 and (parts[0] in small or singular(parts[0]) in small)
        given = len(parts) == 1 and is_given(parts[0])
        if times < _FEWEST or deeds[name] < _DEEDS or name not in within:
            continue
        if not lone and (given or not plain):
            yield Introduction(name.upper(), "", spans[name], True)


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where names of one or two words begin and end: "Two Socks" of "and Two Socks sits"."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _is_large(words[end]):
            end += 1
        start = at + 1 if end - at > 1 and words[at].lower() in ("the", "a", "an") else at
        if 0 < end - start < 3 and words[start].lower() not in ("the", "a", "an"):
            yield start, end
        at = max(end, at + 1)


def _is_large(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and word[1:].islower() and word.isalpha()


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
    form = "ing" if helped else "base" if several else "s"
    if found is None or found[1] != form:
        return False
    led = at > 0 and words[at - 1].lower() in ("the", "a", "an")
    return is_of_somebody(found[0]) if led and not several else is_animate(found[0])
