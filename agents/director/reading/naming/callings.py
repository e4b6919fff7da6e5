"""A story's pages -> what those who have a name are called by: "the captain" is CAPT. HOLT.

A name says it, as of CAPT. HOLT, JAIL GUARD #2 and GERMAN OFFICER, or a title that stands before
one somewhere: "President Hale" makes HALE the President.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from .....story import Story
from ..inflection import singular
from ..tokens import split_sentences, tokens
from ..words.acts import KIN, TITLES
from ..words.things import is_given, is_of_people
from .introductions import actions_of

_LONG = {
    "capt": "captain", "prof": "professor", "dr": "doctor", "lt": "lieutenant", "sgt": "sergeant",
    "col": "colonel", "gen": "general", "gov": "governor", "pres": "president", "sen": "senator",
    "rep": "representative", "det": "detective", "insp": "inspector", "cpl": "corporal",
    "pvt": "private", "cmdr": "commander", "cdr": "commander", "maj": "major", "adm": "admiral",
    "rev": "reverend", "supt": "superintendent", "pte": "private", "sec": "secretary",
}  # fmt: skip
_UNDER = frozenset("vice deputy assistant former ex first second acting".split())
_NO_CALLING = frozenset(
    "mr mrs ms miss sir old little young poor big king queen saint st baby private general count "
    "one people".split()
) | KIN  # fmt: skip


def plain_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without its number, long: captain, holt."""
    words = [word.lower().replace("’", "'") for word in tokens(name)]
    return tuple(_LONG.get(word, word) for word in words if word[0].isalpha())


def callings(
    story: Story, names: Mapping[tuple[str, ...], str], looks: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return noun -> those whose name has it as a title or as what they are, in order."""
    found: dict[str, dict[str, None]] = {}
    for name in looks:
        words = plain_words(name)
        for word in {*words[-1:], *words[:1]} if words != (name.lower(),) else ():
            leads = word == words[0] and len(words) > 1
            if _is_calling(word) and (not leads or word in TITLES or is_of_people(word)):
                found.setdefault(word, {})[name] = None
    for action in actions_of(story):
        for sentence in split_sentences(action.text):
            for title, whom in _titled(sentence, names):
                found.setdefault(title, {})[whom] = None
    return {noun: tuple(bearers) for noun, bearers in found.items()}


def _titled(
    sentence: Sequence[str], names: Mapping[tuple[str, ...], str]
) -> Iterator[tuple[str, str]]:
    """Yield "president" and HALE for "President Hale", each such pair of a sentence."""
    for at, (before, word) in enumerate(pairwise(sentence)):
        if at and sentence[at - 1].lower() in _UNDER:
            continue
        title = _LONG.get(before.lower(), before.lower())
        name = word.lower().removesuffix("'s").removesuffix("’s")
        whom = names.get((name,))
        large = before[0].isupper() and word[0].isupper()
        own = whom is None or whom.lower() == title or is_of_people(name)
        if whom and large and not own and _is_calling(title):
            yield title, whom


def _is_calling(word: str) -> bool:
    person = word in TITLES or is_of_people(word)
    return person and word not in _NO_CALLING and singular(word) == word and not is_given(word)
