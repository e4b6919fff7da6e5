"""A name and the page's words for somebody -> how that person looks, with every attribute decided.

"DETECTIVE MARLOWE, 50s, trench coat, collar up" is a man of fifty in a coat with a hat. The page's
own words come first, then what its role looks like, then its name decides, so that two people of
whom nothing is said differ and each stays the same through a film.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...looks import PersonLook
from ...plan import PeopleWords
from .reading.inflection import singular
from .reading.tokens import tokens
from .reading.words.acts import PEOPLE
from .reading.words.things import OCCUPATIONS

# Ages in years up to which somebody is a child, young, grown.
_CHILD, _YOUNG, _GROWN = 13, 22, 60
_AGE = re.compile(r"\b(\d{1,2})(?:s|-year-old| years old)?\b")
_NEAR = 3  # words between a colour and what it is of


@dataclass(frozen=True, slots=True)
class PersonPart:
    """A person as an engine's world has it; `carried` is what it has in hand, "a red book"."""

    look: PersonLook
    carried: str | None = None


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:  # tables of words, as they stand in the file
    return tomllib.loads((Path(__file__).parent / "looks.toml").read_text())


@lru_cache(maxsize=16)
def _by_phrase(name: str) -> Mapping[str, str]:
    """Return phrase -> value of one of the file's tables, a value being a phrase for itself."""
    table: Mapping[str, Sequence[str]] = _table()[name]
    return {word: value for value, words in table.items() for word in (value, *words)}


@lru_cache(maxsize=2)
def _given_names(sex: str) -> frozenset[str]:
    return frozenset(str(_table()["names"][sex]).split())


@lru_cache(maxsize=4096)
def is_person(name: str, look: str) -> bool:
    """Say whether somebody is a person by the words for it, or, without a look, by its name."""
    said = [*_words(look), *_words(name)]
    if _role(said) or _AGE.search(look) or set(map(singular, said)) & (PEOPLE | OCCUPATIONS):
        return True
    if look:
        return bool(_clothes(_words(look), "garments") or "hair" in said or "beard" in said)
    return bool(set(said) & (_given_names("female") | _given_names("male")))


def person_part(name: str, look: str, people: PeopleWords, sex: str = "") -> PersonPart:
    """Return how a person looks.

    Args:
        name: as the page has it; it decides what nothing else says.
        look: the page's words, empty where there are none.
        people: what the engine's world can tell apart.
        sex: "female" or "male" where pronouns tell it.
    """
    person = _known(_told(name, look, sex), people)
    return PersonPart(person, _carried(_words(look), people))


@lru_cache(maxsize=4096)
def _told(name: str, look: str, sex: str) -> PersonLook:
    """Return how words and a name say that somebody looks."""
    said = [*_words(look), *_words(name)]
    role = _role(said)
    female = _is_female(said, name, sex)
    person = _left_open(name, female)
    worn: dict[str, Any] = {k: True if v == "yes" else v for k, v in role.items()}  # fields
    person = replace(person, **worn)
    person = _aged(person, said, look, role)
    person = _dressed(person, _words(look))
    person = _haired(person, _words(look))
    for field, table in (("build", "builds"), ("skin", "skins")):
        found = _first(said, _by_phrase(table))
        if found:
            changed: dict[str, Any] = {field: found}  # a field of a look
            person = replace(person, **changed)
    if person.female or person.age in ("child", "young"):
        person = replace(person, beard=False)
    return person


def _known(person: PersonLook, people: PeopleWords) -> PersonLook:
    """Return a look with nothing in it that the engine's world does not have."""
    kept: dict[str, Any] = {  # fields of a look
        field: values[0]
        for field, values in people.values.items()
        if getattr(person, field) not in values
    }
    if person.hair_style == "bald" and not person.beard:
        kept["hair"] = PersonLook().hair  # of brows alone, which no words name
    if not person.headgear or "headgear" in kept:
        kept |= {"headgear": "", "head_colour": PersonLook().head_colour}
    elif person.headgear == "crown":
        kept["head_colour"] = "yellow"
    return replace(person, **kept)


def _left_open(name: str, female: bool) -> PersonLook:
    """Return what a name decides: the same for the same name, and mostly another for another."""

    def pick(field: str, options: Sequence[str]) -> str:
        return options[zlib.crc32(f"{name.lower()}/{field}".encode()) % len(options)]

    garments = ("dress", "shirt", "coat") if female else ("shirt", "shirt", "coat", "suit")
    colours = [colour for colour in _table()["colours"] if colour != "black"]
    skin = pick("skin", ("pale", "tan", "pale", "brown", "dark"))
    darker = skin in ("brown", "dark")
    return PersonLook(
        female=female,
        skin=skin,
        hair=pick(
            "hair", ("black", "black", "brown") if darker else ("brown", "black", "blond", "red")
        ),
        hair_style="long" if female else "short",
        garment=pick("garment", garments),
        colour=pick("colour", colours),
    )


def _is_female(said: Sequence[str], name: str, sex: str) -> bool:
    found = _first(said, _by_phrase("sexes")) or sex
    if found:
        return found == "female"
    for word in _words(name):
        for known in ("female", "male"):
            if word in _given_names(known):
                return known == "female"
    return zlib.crc32(name.lower().encode()) % 2 == 0


def _aged(
    person: PersonLook, said: Sequence[str], look: str, role: Mapping[str, str]
) -> PersonLook:
    years = _AGE.search(look)
    if years:
        number = int(years[1])
        ages = ((_CHILD, "child"), (_YOUNG, "young"), (_GROWN, "grown"))
        age = next((word for least, word in ages if number < least), "old")
    else:
        age = _first(said, _by_phrase("ages")) or role.get("age", "grown")
    if age == "old" and "hair" not in role:
        person = replace(person, hair="grey" if person.female else "white")
    return replace(person, age=age)


def _dressed(person: PersonLook, words: Sequence[str]) -> PersonLook:
    """Return a look in the clothes that words name."""
    for field, colour, table in (
        ("garment", "colour", "garments"), ("headgear", "head_colour", "headgears"),
    ):  # fmt: skip
        found = _clothes(words, table)
        if found is None:
            continue
        at, value = found
        if table == "headgears" and at > 0 and words[at - 1] in ("without", "no"):
            person = replace(person, headgear="")
            continue
        worn = _colour_before(words, at)
        changed: dict[str, Any] = {field: value}  # fields of a look
        if worn:
            changed[colour] = worn
        elif field == "headgear":
            changed[colour] = person.colour
        person = replace(person, **changed)
    return person


def _haired(person: PersonLook, words: Sequence[str]) -> PersonLook:
    for at, word in enumerate(words):
        if word in ("hair", "haired", "curls", "braids", "ponytail") or word.endswith("-haired"):
            nearby = [*words[max(0, at - _NEAR) : at], word.removesuffix("-haired")]
            colour = _first(reversed(nearby), _by_phrase("hairs"), extra=_HAIR_COLOURS)
            style = "long" if {"long", "braids", "ponytail"} & {*nearby, word} else None
            style = "short" if "short" in nearby else style
            person = replace(
                person, hair=colour or person.hair, hair_style=style or person.hair_style
            )
        elif word in ("bald", "balding"):
            person = replace(person, hair_style="bald")
        elif word in ("beard", "bearded", "moustache", "mustache", "whiskers"):
            colour = _first(
                reversed(words[max(0, at - 2) : at]), _by_phrase("hairs"), extra=_HAIR_COLOURS
            )
            person = replace(person, beard=True, hair=colour or person.hair)
        elif word in ("glasses", "spectacles", "bespectacled", "goggles"):
            person = replace(person, glasses=True)
    for word in ("blonde", "redhead", "redheaded", "brunette", "grey-haired", "white-haired"):
        if word in words:
            person = replace(person, hair=_by_phrase("hairs").get(word, person.hair))
    return person


_HAIR_COLOURS = ("brown", "black", "blond", "red", "grey", "white")


def _carried(words: Sequence[str], people: PeopleWords) -> str | None:
    for at, word in enumerate(words):
        if singular(word) in people.carried:
            colour = _colour_before(words, at)
            return f"a {colour if colour in _LAMP_COLOURS else 'red'} {singular(word)}"
    return None


_LAMP_COLOURS = ("red", "blue", "green", "yellow")


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in tokens(text)]


def _role(said: Sequence[str]) -> Mapping[str, str]:
    """Return what the first role that is named looks like, empty where none is."""
    roles: Mapping[str, Mapping[str, str]] = _table()["roles"]
    named = (singular(word) for word in said)
    return next((roles[word] for word in named if word in roles), {})


def _first(
    said: Iterable[str], phrases: Mapping[str, str], extra: Sequence[str] = ()
) -> str | None:
    for word in said:
        if word in phrases:
            return phrases[word]
        if word in extra:
            return word
    return None


def _clothes(words: Sequence[str], table: str) -> tuple[int, str] | None:
    """Return where a piece of clothing is named, and which it is: the longest phrase first."""
    phrases = _by_phrase(table)
    for phrase in sorted(phrases, key=lambda p: -len(p.split())):
        parts = phrase.split()
        for at in range(len(words) - len(parts) + 1):
            if list(words[at : at + len(parts)]) == parts:
                return at, phrases[phrase]
    return None


def _colour_before(words: Sequence[str], at: int) -> str | None:
    """Return the colour that stands shortly before a word, nothing else of its kind between."""
    phrases = _by_phrase("colours")
    for word in reversed(words[max(0, at - _NEAR) : at]):
        if word in (",", "and", "with", "in"):
            return None
        if word in phrases:
            return phrases[word]
    return None
