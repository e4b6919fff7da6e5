"""Capitals -> whether somebody's name and what they are stand side by side, and are one.

"A STEWARD, MAX", "his MOM, ROSA", "MAX, the COOK": nobody is a cook beside Max.
"""

from __future__ import annotations

from ..inflection import singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from ..words.acts import KIN, TITLES
from ..words.things import is_of_people
from .no_names import is_capital

_PAIR = 2
_LEADS = DETERMINERS | frozenset("his her its their my your our".split())


def is_called_beside(words: list[str], at: int, end: int) -> bool:
    """Say whether the name of somebody of a kind stands beside: "a STEWARD, MAX", "MAX, the COOK".

    In a list they are two: "a STEWARD, MAX and ANN".
    """
    before, behind = words[at - 1].lower() if at else "", words[end : end + 2]
    led = before in _LEADS or words[at].lower() in DETERMINERS or before.endswith("'s")
    if len(behind) == _PAIR and behind[0] in (",", "(", "--", "-", "–") and is_capital(behind[1]):
        after = end + 1
        while after < len(words) and is_capital(words[after]):
            after += 1
        person = is_of_people(singular(words[after - 1].lower()))
        ends = after == len(words) or words[after] in (",", ")", "(", "--")
        listed = words[after : after + 1] == [","] and words[after + 1 : after + 2] == ["and"]
        return (led or behind[0] == "(") and ends and not (listed or person)
    apposed = before == "the" and at > _PAIR and words[at - _PAIR] == ","
    named = apposed and is_capital(words[at - 3]) and not is_of_people(words[at - 3].lower())
    ends = end == len(words) or words[end] == ","
    return named and ends and words[end + 1 : end + 2] != ["and"] and "," not in words[: at - _PAIR]


def is_told_what(words: list[str], end: int) -> bool:
    """Say whether ", the COOK" behind a name makes somebody of it."""
    behind = [word.lower() for word in words[end : end + 2]]
    at = end + 2
    while at < len(words) and is_capital(words[at]):
        at += 1
    person = at > end + 2 and is_of_people(singular(words[at - 1].lower()))
    return behind == [",", "the"] and person


def is_told_before(words: list[str], at: int, end: int) -> bool:
    """Say whether "his MOM," before a name that ends a sentence makes somebody of it."""
    if at <= _PAIR or words[at - 1] != "," or end != len(words):
        return False
    noun = words[at - _PAIR]
    person = singular(noun.lower()) in KIN or is_of_people(noun.lower())
    return person and noun.isupper() and words[at - 3].lower() in _LEADS


def is_what_one_is(words: list[str], at: int, end: int) -> bool:
    """Say whether a noun only says what somebody is or holds: "she's the DIRECTOR"."""
    before = [word.lower().replace("’", "'") for word in words[max(0, at - 4) : at]]
    while before and (before[-1] in _LEADS or before[-1].endswith("ly")):
        before.pop()
    told = before[-1:] != [] and (
        before[-1] in _IS or (before[-1] in ("is", "was") and before[-2:-1] in (["he"], ["she"]))
    )
    card = singular(words[end - 1].lower()) in _CARDS
    suit = [word.lower() for word in words[end : end + 2]]
    of = suit[:1] == ["of"] and suit[1:] != [] and suit[1] in _SUITS
    return (told and end - at == 1) or (card and (of or before[-2:] == ["pair", "of"]))


_IS = frozenset("he's she's i'm you're".split())
_CARDS = frozenset("king queen jack joker".split())
_SUITS = frozenset("hearts diamonds spades clubs cups swords wands pentacles".split())


def is_said_somebody(words: list[str], at: int, end: int) -> bool:
    """Say whether what stands beside a word makes a name of it: "named DIZZY", "DIZZY, a man"."""
    before = [word.lower() for word in words[max(0, at - 2) : at]]
    beside = phrase_before(words, at - 1) if at > 1 and words[at - 1] == "," else []
    if [word.lower() for word in words[end : end + 2]] in ([",", "a"], [",", "an"]):
        marks = (n for n in range(end + 2, len(words)) if not words[n][0].isalnum())
        beside += words[end + 2 : next(marks, len(words))]
    titled = before[-1:] != [] and before[-1] in TITLES
    told = any(singular(word.lower()) in KIN or is_of_people(singular(word.lower()))
               for word in beside)  # fmt: skip
    return told or titled or before[-1:] in _NAMING or before in _NAMED_SO


_NAMING = (["named"], ["called"], ["meet"], ["nicknamed"])
_NAMED_SO = (["name", "is"], ["known", "as"])


def phrase_before(words: list[str], at: int) -> list[str]:
    """Return the noun phrase that ends before `at` if it is indefinite: a, small, red."""
    for start in range(at - 1, max(-1, at - 7), -1):
        word = words[start]
        if not word[0].isalnum() or word.lower() in PREPOSITIONS | CONJUNCTIONS:
            return []
        if word.lower() in ("a", "an"):
            return [w.lower() for w in words[start:at]]
    return []
