"""A person's look <-> its words: "old man, brown skin, white hair, beard, grey coat, black hat".

Who somebody is stands in these words alone, so that equal words are the same figure in every shot.
They are an actor's colourway, as "red" is a fox's; nothing that can be seen is left out of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ....looks import PersonLook as PersonLook

PERSON = "person"  # the character id of everybody whom a look describes


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """The words for looks, and the colours that they are painted in: (plain, shade)."""

    ages: tuple[str, ...]
    skins: tuple[str, ...]
    builds: tuple[str, ...]
    hairs: tuple[str, ...]
    hair_styles: tuple[str, ...]
    garments: tuple[str, ...]
    headgears: tuple[str, ...]
    colours: tuple[str, ...]
    paint: Mapping[str, tuple[str, str]]
    skin: Mapping[str, tuple[str, str]]
    hair: Mapping[str, tuple[str, str]]


_LEFT_OPEN = PersonLook()


@lru_cache(maxsize=1)
def table() -> PeopleTable:
    """Return the words and paints of `people.toml`."""
    read = tomllib.loads((Path(__file__).parent / "people.toml").read_text())
    lists = ("ages", "skins", "builds", "hairs", "hair_styles", "garments", "headgears", "colours")
    paints = (
        {c: (p[0], p[1]) for c, p in read[name].items()} for name in ("paint", "skin", "hair")
    )
    paint, skin, hair = paints
    words: list[tuple[str, ...]] = [tuple(read[name]) for name in lists]
    ages, skins, builds, hairs, styles, garments, headgears, colours = words
    return PeopleTable(
        ages, skins, builds, hairs, styles, garments, headgears, colours, paint, skin, hair
    )


def _either(words: tuple[str, ...]) -> str:
    return "|".join(sorted(filter(None, words), key=len, reverse=True))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    t = table()
    return re.compile(
        rf"\b(?:(?P<build>{_either(t.builds[1:])}) )?"
        rf"(?P<noun>(?:(?:young|old) )?(?:man|woman)|boy|girl), "
        rf"(?P<skin>{_either(t.skins)}) skin, "
        rf"(?:bald|(?P<long>long )?(?P<hair>{_either(t.hairs)}) hair)"
        rf"(?P<beard>, (?:(?P<bearded>{_either(t.hairs)}) )?beard)?"
        rf"(?P<glasses>, glasses)?"
        rf", (?P<colour>{_either(t.colours)}) (?P<garment>{_either(t.garments)})"
        rf"(?:, (?P<head_colour>{_either(t.colours)}) (?P<headgear>{_either(t.headgears)}))?"
    )


@lru_cache(maxsize=4096)
def look_in(text: str) -> PersonLook | None:
    """Return the look that a text begins to tell in the words of `PersonLook`, or None."""
    found = _pattern().search(text)
    if found is None:
        return None
    noun = found["noun"]
    age, _, kind = noun.rpartition(" ")
    style = "long" if found["long"] else "short" if found["hair"] else "bald"
    return PersonLook(
        age="child" if kind in ("boy", "girl") else age or "grown",
        female=kind in ("girl", "woman"),
        build=found["build"] or "plain",
        skin=found["skin"],
        hair=found["hair"] or found["bearded"] or _LEFT_OPEN.hair,
        hair_style=style,
        beard=bool(found["beard"]),
        glasses=bool(found["glasses"]),
        garment=found["garment"],
        colour=found["colour"],
        headgear=found["headgear"] or "",
        head_colour=found["head_colour"] or _LEFT_OPEN.head_colour,
    )


def is_person(character: str) -> bool:
    """Say whether an actor's character is anybody of the people."""
    return character == PERSON
