"""Capitals -> whether somebody's name and what they are stand side by side, and are one.

"A STEWARD, MAX", "his MOM, ROSA", "MAX, the COOK": nobody is a cook beside Max.
"""

from __future__ import annotations

from ..inflection import singular
from ..lexicon import DETERMINERS
from ..words.acts import KIN
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
