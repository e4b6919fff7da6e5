"""A noun of people -> whether words say that they alone, or all of them, are there.

"The square is empty except for a beggar" and "the colors of the assembled guests" have nobody do
anything, and yet the beggar and the guests are in the picture.
"""

from __future__ import annotations

from ..inflection import is_plural, singular
from ..lexicon import NUMBERS
from ..sentences import Sentence
from ..words.acts import KIN

_LED = 6  # words from "except for" to its noun
_EXCEPT = frozenset(
    {("except", "for"), ("save", "for"), ("apart", "from"), ("aside", "from"), ("exception", "of")}
)
# Of whom one is told so only where a place is empty.
_ONLY = frozenset({("but", "for"), ("other", "than"), ("there", "but"), ("there", "except")})
_EMPTY = frozenset(
    "empty deserted abandoned vacant bare quiet silent alone nobody none no-one one anybody anyone "
    "unoccupied desolate lifeless gone".split()
)
_ARTICLES = frozenset("a an the his her their some several few".split()) | NUMBERS.keys()
_ASSEMBLED = frozenset("assembled gathered congregated amassed".split())


def is_attending(sentence: Sentence, at: int) -> bool:
    """Say whether somebody is the one whom an empty place has, or one of those assembled."""
    for lead in range(at - 1, max(0, at - _LED), -1):
        if sentence[lead].is_mark or sentence[lead].is_mention:
            return False
        if (sentence[lead - 1].text, sentence[lead].text) in _EXCEPT | _ONLY:
            return _is_left(sentence, lead, at)
        if sentence[lead].text in _ASSEMBLED:
            return is_plural(sentence[at].text) and sentence[lead - 1].text in ("the", "all", "of")
    return False


def _is_left(sentence: Sentence, lead: int, at: int) -> bool:
    """Say whether nobody else is there: "Empty but for a nurse"."""
    led = sentence[lead + 1].text in _ARTICLES or is_plural(sentence[at].text)
    kin = singular(sentence[at].text) in KIN  # "has told everyone except for his wife"
    sure = (sentence[lead - 1].text, sentence[lead].text) in _EXCEPT and not kin
    return led and (sure or any(word.text in _EMPTY for word in sentence))
