"""A name or a noun before another noun -> whether it only tells that: "dog ears", a cop car.

Whom a page names is not there where the name tells a thing or somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence

from .glossary import Glossary
from .inflection import base_form, singular
from .lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, PREPOSITIONS, VERBS
from .words.common_verbs import COMMON_VERBS
from .words.dictionary import is_thing_only
from .words.idioms import BEHIND_PERSON, GIVING
from .words.inanimate import INANIMATE, PLACES
from .words.things import ANIMATE, BEASTS, DONE_BY_THINGS_TOO, THINGS, is_of_people


def is_of_vessel(words: Sequence[str], end: int, glossary: Glossary) -> bool:
    """Say whether a noun behind a name is of what this script calls a ship: "alien attacker"."""
    behind = singular(words[end].lower()) if end < len(words) else ""
    return behind in glossary.vessels and not words[end - 1].replace("’", "'").endswith("'s")


def is_of_size(words: Sequence[str], end: int) -> bool:
    """Say whether a noun only says how large or of what form a thing is: "a dog sized rat"."""
    behind = words[end].lower() if end < len(words) else ""
    return behind in _SIZED and end + 1 < len(words) and words[end + 1][0].isalpha()


_SIZED = frozenset("sized shaped style styled themed coloured colored".split())


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
        if word in _ENDS or form not in (None, (word, "base")):
            return False
    return False


_ENDS = PREPOSITIONS | DETERMINERS | CONJUNCTIONS
# Nouns of what a beast only gives its name to: "dog tags", "a monster hook".
_OF_BEASTS = frozenset(
    "tag tags hook hooks harness kennel cage skin hide fur meat soup warren coop".split()
)


def tells_a_thing(words: Sequence[str], at: int) -> bool:
    """Say whether a person's or a beast's noun tells the thing behind: "the PASSENGER seat"."""
    noun = singular(words[at].lower())
    if not is_of_some(noun) or noun not in words[at].lower():
        return False
    if words[at].islower() and at + 1 < len(words) and not words[at + 1].islower():
        return False  # "the best man Tom has seen"
    small = [word.lower() for word in words]
    return is_before_a_thing(small, at) or is_adjective_too(small, at)


def is_of_some(noun: str) -> bool:
    """Say whether a singular noun is of a person, a beast or several."""
    return is_of_people(noun) or noun in BEASTS or noun in _OF_SEVERAL


def is_before_a_thing(small: Sequence[str], at: int) -> bool:
    """Say whether a person's noun stands before a thing's: "a doorman building", "a guard rail".

    Behind a noun of one no verb is without its "s", unless somebody sees or helps to what is done;
    behind the object of another verb nothing is a verb: "puts on a cleaner suit".
    """
    after = small[at + 1] if at + 1 < len(small) else ""
    if singular(small[at]) != small[at]:  # "a charmers smile"
        led = at > 0 and small[at - 1] in ("a", "an")
        return led and (is_thing_only(after) or after in _SHOWN_BY)
    if after in _NO_THINGS or after in _SMALL:
        return False
    if not (_is_thing(after) or _is_thing(singular(after)) or is_thing_only(after)):
        return False
    before = small[max(0, at - _LED) : at]
    if any(base_form(word, GIVING) is not None for word in before):
        return False
    if small[at] in ("people", "folk") or small[at + 2 : at + 3] and small[at + 2] in _LEADS:
        return False  # "TED and the guard push their carts"
    found = base_form(after, _VERBS)
    if found is None:
        suits = after in BEHIND_PERSON and _is_object(small, at)
        return suits or not after.endswith("s") or is_thing_only(after)
    if found[1] == "base":
        seen = any(base_form(word, _SEEING) is not None for word in before)
        # "The rest of the crew watch", but "a flashing police light".
        several = small[at] in _OF_SEVERAL and not {"a", "an"} & set(before)
        return not (seen or several or {"and", "or", ",", "&"} & set(before))
    return after in BEHIND_PERSON and (found[1] != "s" or _is_object(small, at))


def _is_object(small: Sequence[str], at: int) -> bool:
    """Say whether a preposition, or a verb, stands before a noun and its article."""
    lead = next((n for n in range(at - 1, max(-1, at - _LED), -1) if small[n] in _LEADS), at)
    before = small[lead - 1] if lead else ""
    found = base_form(before, _VERBS) if lead < at else None
    return (lead < at and before in PREPOSITIONS) or (found is not None and found[1] != "base")


def _is_thing(noun: str) -> bool:
    return noun in _ALL_THINGS


_ALL_THINGS = BEHIND_PERSON | PLACES | INANIMATE | THINGS


def is_adjective_too(small: Sequence[str], at: int) -> bool:
    """Say whether a word tells the noun behind it: "the native men", "through twin circles"."""
    after = small[at + 1] if at + 1 < len(small) else ""
    if small[at] not in _ADJECTIVES_TOO or not after.isalpha():
        return False
    found = base_form(after, _VERBS)
    plain = found is None or found[1] == "base" or (found[1] == "s" and _is_object(small, at))
    noun = is_of_people(singular(after)) or is_thing_only(after) or _is_thing(singular(after))
    return plain and noun


_ADJECTIVES_TOO = frozenset(
    "native private twin human alien criminal local mute blind deaf female male adult teenage "
    "giant dwarf expert amateur veteran novice rebel pagan savage fugitive patient gypsy".split()
)
# No things behind a noun, or what is done to somebody: "shoves the guard face first".
_NO_THINGS = frozenset(
    "face head hand hands arm back side home way night day morning evening noon today time moment "
    "nothing something everything anything dead".split()
)
_SMALL = PREPOSITIONS | CONJUNCTIONS | DETERMINERS | FILLERS
_SHOWN_BY = frozenset("smile grin laugh look hand hands walk kiss stance".split())
_OF_SEVERAL = frozenset(
    "police crew staff team family gang crowd audience cast army personnel clergy infantry "
    "cavalry".split()
)
_SEEING = frozenset("see watch hear feel let make help have notice spot find".split())
_VERBS = frozenset(VERBS) | ANIMATE | DONE_BY_THINGS_TOO | COMMON_VERBS
_LEADS = DETERMINERS | frozenset("his her its their my your our one another".split())
_LED = 4  # words from an article to its noun


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
        if is_of_people(singular(word)) or is_thing_only(word):
            return True
    return False
