"""Settings and accessories -> words, and words -> settings and accessories."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..additions import ALL_PLACES, CARRIED
from ..vocabulary import (
    ACCESSORIES,
    ACCESSORY_COLOURS,
    CHARACTERS,
    FACINGS,
    Accessory,
    Facing,
    Light,
    PlaceSetting,
    Weather,
)


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Who a text about one figure speaks of; None is what it leaves open."""

    character: str
    colourway: str | None
    wear: Accessory | None
    facing: Facing | None


LIGHT_WORDS: dict[Light, tuple[str, ...]] = {
    "day": ("by day", "in daylight", "on a bright day"),
    "night": ("at night", "by night", "in the dark night"),
}
WEATHER_WORDS: dict[Weather, tuple[str, ...]] = {
    "clear": (),
    "rain": ("in the rain", "while it rains", "in rainy weather"),
    "snow": ("in falling snow", "while it snows", "in snowfall"),
}
WORN: dict[str, tuple[str, ...]] = {
    "scarf": ("with", "wearing", "in"),
    "hat": ("with", "wearing", "in"),
    "bow": ("with", "wearing", "with"),
    "lantern": ("with", "holding", "carrying"),
    "book": ("with",),
    "letter": ("with",),
    "umbrella": ("with",),
    "ball": ("with",),
    "box": ("with",),
}

_LIGHT_HEARD: dict[Light, frozenset[str]] = {
    "night": frozenset("night midnight moonlit moonlight evening dusk nightfall".split()),
    "day": frozenset("day daylight morning noon midday afternoon sunny".split()),
}
_WEATHER_HEARD: tuple[tuple[Weather, re.Pattern[str]], ...] = (
    ("snow", re.compile(r"\b(it snows|snowing|snowfall|snowstorm|blizzard|falling snow|flurries)")),
    ("rain", re.compile(r"\b(rain|rains|raining|rainy|rainfall|storm|drizzle|downpour)\b")),
)
_NOUNS = {noun: c.id for c in CHARACTERS.values() for noun in c.nouns}
_NOUN = re.compile(rf"\b({'|'.join(sorted(_NOUNS, key=len, reverse=True))})\b")
_WEAR = re.compile(rf"\b({'|'.join(ACCESSORY_COLOURS)}) ({'|'.join(ACCESSORIES)})\b")

_CARRIED = re.compile(
    rf" (?:with|wearing|in) a ({'|'.join(ACCESSORY_COLOURS)}) (scarf|{'|'.join(CARRIED)})\b"
)


def conditions(setting: PlaceSetting, number: int = 0) -> str:
    """The words for what differs from a place's own light and clear weather: " at night"."""
    place = ALL_PLACES[setting.place]
    words = []
    if setting.light not in (None, place.light):
        words.append(_turn(LIGHT_WORDS[setting.light or place.light], number))
    if setting.weather != "clear":
        if place.light == "night" and setting.light in (None, "night"):
            words.append(_turn(LIGHT_WORDS["night"], number))
        words.append(_turn(WEATHER_WORDS[setting.weather], number))
    return "".join(f" {word}" for word in words)


def view(setting: PlaceSetting, number: int = 0) -> str:
    """A setting by itself: "a town street at night in the rain"."""
    place, said = ALL_PLACES[setting.place], conditions(setting, number)
    return _turn(place.bare_views, number) + said if said else _turn(place.views, number)


def where(setting: PlaceSetting, number: int = 0) -> str:
    """A setting after an action: "on a street at night"."""
    place, said = ALL_PLACES[setting.place], conditions(setting, number)
    return _turn(place.bare_phrases, number) + said if said else _turn(place.phrases, number)


def worn(wear: Accessory | None, number: int = 0) -> str:
    """What follows the noun of one who wears something: " with a green scarf"."""
    return f" {_turn(WORN[wear.item], number)} {wear}" if wear else ""


def wear_in(look: str) -> Accessory | None:
    """The first accessory that a look names in a colour of the world, or None."""
    found = _WEAR.search(look.lower())
    return Accessory(found[2], found[1]) if found else None


def carried_in(text: str) -> Accessory | None:
    """What a text about a person says that it carries or has around the neck, or None."""
    found = _CARRIED.search(text)
    return Accessory(found[2], found[1]) if found else None


def figure_in(text: str) -> FigureWords | None:
    """Whom a text about one figure speaks of first, or None for somebody unknown."""
    said = text.lower()
    noun = _NOUN.search(said)
    if noun is None:
        return None
    character = _NOUNS[noun[1]]
    before = said[: noun.start()].split()
    colour = next((c for c in CHARACTERS[character].colourways if c in before), None)
    facing = next((f for f in FACINGS if re.search(rf"\b{f}$", said)), None)
    return FigureWords(character, colour, wear_in(said), facing)


def setting_in(place: str, text: str) -> PlaceSetting:
    """A place with the light and weather that a text names, where the place knows them."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    heard = [light for light, known in _LIGHT_HEARD.items() if words & known]
    known, fallen = ALL_PLACES[place].weathers if place in ALL_PLACES else (), falls_in(text)
    return PlaceSetting(place, heard[0] if heard else None, fallen if fallen in known else "clear")


def falls_in(text: str) -> Weather:
    """What a text says that falls, wherever it does."""
    said = text.lower()
    return next((weather for weather, pattern in _WEATHER_HEARD if pattern.search(said)), "clear")


def _turn(options: tuple[str, ...], number: int) -> str:
    return options[number % len(options)]
