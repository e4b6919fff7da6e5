"""A noun of people -> whether words say that they alone, or all of them, are there.

"The square is empty except for a beggar", "the colors of the assembled guests" and "The jury." have
nobody do anything, and yet the beggar, the guests and the jury are in the picture.
"""

from __future__ import annotations

from ..inflection import is_plural, singular
from ..lexicon import CONJUNCTIONS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence
from ..words.acts import KIN
from ..words.things import THINGS_TOO

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
    """Say whether somebody is all that a picture shows, or an empty place has, or is assembled."""
    if _is_all(sentence, at):
        return True
    for lead in range(at - 1, max(0, at - _LED), -1):
        if sentence[lead].is_mark or sentence[lead].is_mention:
            return False
        if (sentence[lead - 1].text, sentence[lead].text) in _EXCEPT | _ONLY:
            return _is_left(sentence, lead, at)
        if sentence[lead].text in _ASSEMBLED:
            return is_plural(sentence[at].text) and sentence[lead - 1].text in ("the", "all", "of")
    return False


# What may stand before all that a picture shows: "Angle on the guards", "And then the crowd."
_LOOKING = frozenset("on angle close closer favoring favouring and then now also new wide".split())


def _is_all(sentence: Sentence, at: int) -> bool:
    """Say whether a sentence is nothing but those whom it shows: "The crowd.", "ON the nurse"."""
    noun = singular(sentence[at].text)
    if any(word.text.isalpha() for word in sentence[at + 1 :]) or noun in KIN | THINGS_TOO.keys():
        return False
    lead = 0
    while lead < at and (sentence[lead].is_mark or sentence[lead].text in _LOOKING):
        lead += 1
    between = sentence[lead + 1 : at]
    plain = not any(word.is_mention or word.text in _NO_ADJECTIVES for word in between)
    return at - lead <= _ALL and sentence[lead].text in ("the", "those", "these") and plain


_ALL = 3  # words from an article to its noun, where they are all
_NO_ADJECTIVES = PREPOSITIONS | CONJUNCTIONS | frozenset(", a an his her its their".split())


def _is_left(sentence: Sentence, lead: int, at: int) -> bool:
    """Say whether nobody else is there: "Empty but for a nurse"."""
    led = sentence[lead + 1].text in _ARTICLES or is_plural(sentence[at].text)
    kin = singular(sentence[at].text) in KIN  # "has told everyone except for his wife"
    sure = (sentence[lead - 1].text, sentence[lead].text) in _EXCEPT and not kin
    return led and (sure or any(word.text in _EMPTY for word in sentence))
