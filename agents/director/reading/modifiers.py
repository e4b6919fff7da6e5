"""A name or a noun before another noun -> whether it only tells that: "dog ears", a cop car.

Whom a page names is not there where the name tells a thing or somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence

from .glossary import Glossary
from .inflection import base_form, singular
from .lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from .words.idioms import BEHIND_PERSON, GIVING
from .words.inanimate import INANIMATE
from .words.things import THINGS, is_of_people


def is_of_vessel(words: Sequence[str], end: int, glossary: Glossary) -> bool:
    """Say whether a noun behind a name is of what this script calls a ship: "alien attacker"."""
    behind = singular(words[end].lower()) if end < len(words) else ""
    return behind in glossary.vessels and not words[end - 1].replace("’", "'").endswith("'s")


def is_of_a_thing(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a noun only says what kind of thing stands after it: "dog ears"."""
    if not words[at].islower() or words[at].replace("’", "'").endswith("'s"):
        return False
    for word in (w.lower() for w in words[at + 1 : at + 3]):
        if not word[0].isalpha():
            return False
        form = base_form(word, glossary.verbs)
        thing = word in THINGS or word in INANIMATE
        if (thing or word in _OF_BEASTS) and (form is None or word in _OF_BEASTS):
            return True
        if word in PREPOSITIONS | DETERMINERS | CONJUNCTIONS or form not in (None, (word, "base")):
            return False
    return False


# Nouns of what a beast only gives its name to: "dog tags", "a monster hook".
_OF_BEASTS = frozenset(
    "tag tags hook hooks harness kennel cage skin hide fur meat soup warren coop".split()
)


def tells_a_thing(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a person's noun tells the thing behind it: "in the PASSENGER seat"."""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    noun = singular(words[at].lower())
    if after not in BEHIND_PERSON or noun != words[at].lower() or not is_of_people(noun):
        return False
    given = any(base_form(word.lower(), GIVING) is not None for word in words[max(0, at - 4) : at])
    shuts = base_form(after, glossary.verbs) is not None and after.endswith("s")
    return not given and not shuts


_GOODS = frozenset(
    "logo poster posters brand commercial commercials product ad ads doll dolls figurine figurines "
    "t-shirt t-shirts lunchbox mug mugs costume costumes mask masks toy toys song songs album "
    "albums".split()
)


def is_of_goods(words: Sequence[str], at: int, entity: str) -> bool:
    """Say whether a name tells goods behind it: "MAY DORSET POSTERS", "a Tom Fox action doll"."""
    rest = words[at + 1 : at + 4]
    while rest and rest[0].lower() in entity.lower().split():
        rest = rest[1:]
    goods = next((n for n, word in enumerate(rest[:2]) if word.lower() in _GOODS), None)
    alike = goods is not None and all(w[0].isupper() == rest[0][0].isupper() for w in rest[:goods])
    return alike and words[at][0].isupper() and all(w.isalpha() for w in rest[:goods])


_OF_PEOPLES = ("an", "ish", "ese", "ench", "eek")


def tells_who(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a people's adjective stands before its noun: "a British army doctor"."""
    if not (words[at].istitle() and words[at].endswith(_OF_PEOPLES)):
        return False
    for word in words[at + 1 : at + 3]:
        if not word.islower() or word in PREPOSITIONS | CONJUNCTIONS | DETERMINERS:
            return False  # "Morgan on lookout"
        if base_form(word, glossary.verbs_and_light) is not None:
            return False
        if is_of_people(singular(word)):
            return True
    return False
