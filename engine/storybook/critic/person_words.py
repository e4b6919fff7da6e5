"""A person's look -> the words by which the critic tells people apart, and looks nearly like it.

A plan says all of a look in a fixed list; the critic is asked in one clause about what can be seen
at its size: age and sex, skin, hair, clothes, and what is on the head.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from ..world.people import PersonLook, look_in, table

ANYBODY = "a person"
# Of each attribute so many other values stand against the true one.
_AGAINST = {"noun": 3, "skin": 1, "hair": 2, "garment": 2, "colour": 4, "head": 3}


def somebody(look: PersonLook) -> str:
    """Return "an old man with dark skin and white hair in a blue coat and a black hat"."""
    hair = {"bald": "no hair", "long": f"long {look.hair} hair"}
    parts = f"{look.skin} skin and {hair.get(look.hair_style, f'{look.hair} hair')}"
    beard = " and a beard" if look.beard else ""
    worn = f"{_article(look.colour)} {look.garment}"
    head = f" and {_article(look.head_colour)} {look.headgear}" if look.headgear else ""
    return f"{_article(look.noun)} with {parts}{beard} in {worn}{head}"


def short(look: PersonLook) -> str:
    """Return "an old man", as motions are asked of: what he wears does not matter there."""
    return _article(look.noun)


def read(colourway: str | None) -> PersonLook | None:
    """Return the look that a person's colourway, which is a plan's words, tells."""
    return look_in(colourway) if colourway else None


@lru_cache(maxsize=4096)
def nearly(look: PersonLook) -> tuple[PersonLook, ...]:
    """Return looks that differ from one in a single thing that can be seen, the same each time."""
    t = table()
    at = sum(map(ord, str(look)))  # another turn of the lists for every look
    nouns = [
        replace(look, age=age, female=female)
        for age in t.ages
        for female in (False, True)
        if (age, female) != (look.age, look.female)
        and not (look.beard and (female or age in _BARE))
    ]
    colours = [replace(look, colour=c) for c in t.colours if c != look.colour]
    found = [
        *_some(nouns, _AGAINST["noun"], at),
        *_some([replace(look, skin=s) for s in t.skins if s != look.skin], _AGAINST["skin"], at),
        *_some(_other_hair(look), _AGAINST["hair"], at),
        *_some(
            [replace(look, garment=g) for g in t.garments if g != look.garment],
            _AGAINST["garment"], at,
        ),
        *_some(colours, _AGAINST["colour"], at),
        *_some(_other_heads(look), _AGAINST["head"], at),
    ]  # fmt: skip
    own = somebody(look)
    return tuple(other for other in found if somebody(other) != own)


_BARE = ("child", "young")  # ages without a beard


def _other_hair(look: PersonLook) -> list[PersonLook]:
    t = table()
    if look.headgear in ("helmet", "hood"):
        return []  # little of it is seen
    colours = [replace(look, hair=h) for h in t.hairs if h != look.hair]
    cuts = [replace(look, hair_style=s) for s in t.hair_styles if s != look.hair_style]
    return cuts if look.hair_style == "bald" else [*colours, *cuts]


def _other_heads(look: PersonLook) -> list[PersonLook]:
    t = table()
    things = [replace(look, headgear=h) for h in t.headgears if h != look.headgear]
    colours = [replace(look, head_colour=c) for c in t.colours if c != look.head_colour]
    return [*things, *(colours if look.headgear else [])]


def _some(looks: list[PersonLook], count: int, at: int) -> list[PersonLook]:
    """Return a few of a list, spread over it."""
    if not looks:
        return []
    step = max(1, len(looks) // count)
    picked = [looks[(at + step * n) % len(looks)] for n in range(min(count, len(looks)))]
    return list(dict.fromkeys(picked))


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
