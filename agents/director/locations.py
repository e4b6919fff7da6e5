"""A heading, its prose and an engine's places -> where a shot is, and the words for it.

The words for a place never name anybody who may stand in it: the background has its own prompt,
and an entity in it would be drawn twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...plan import Capabilities
from ...story import Heading
from ...story import Location as Declared
from .reading.glossary import Glossary, tokens
from .reading.inflection import singular, with_article
from .reading.lexicon import (
    DAY_WORDS,
    DETERMINERS,
    NIGHT_WORDS,
    PLACE_KIN,
    PREPOSITIONS,
    RAIN_WORDS,
    SNOWING_WORDS,
)

# A heading outweighs the prose under it, and a world's own word outweighs one that suggests it;
# a heading that names a place of the world's decides alone.
_HEADING, _PROSE = 2.0, 1.0
_NAMED, _KIN = 4.0, 1.0
_TIME = 0.5


@dataclass(frozen=True, slots=True)
class ShotLocation:
    """Where a shot is: as written, as the engine's world knows it, and as its background prompt."""

    place: str
    place_id: str | None
    background: str
    notes: tuple[str, ...] = ()


def declared(heading: Heading, places: Iterable[Declared]) -> Declared | None:
    """Return the `@location` that a heading names; the longest name where it has several."""
    spelled = f" {_spelled(heading.place or heading.text)} "
    fitting = [place for place in places if f" {_spelled(place.name)} " in spelled]
    return max(fitting, key=lambda place: len(place.name), default=None)


def _spelled(text: str) -> str:
    return " ".join(word.lower() for word in tokens(text) if word[0].isalnum())


def locate(
    heading: Heading,
    prose: str,
    view: str,
    glossary: Glossary,
    capabilities: Capabilities,
    *,
    look: str = "",
) -> ShotLocation:
    """Return the location of a shot.

    Args:
        heading: the scene's.
        prose: the shot's action.
        view: the part of it that tells of nobody.
        glossary: names that the background must not hold.
        capabilities: the engine's places, if it has a world of its own.
        look: what the writer's `@location` says of the place.
    """
    place = heading.place or heading.text
    if not capabilities.places:
        words = _in_words(heading, view, glossary, capabilities, look)
        return ShotLocation(place, None, words)
    scores, named = _scores(heading, prose, look, capabilities)
    fitting = [p for p in capabilities.places if p in named] or list(capabilities.places)
    best = max(fitting, key=lambda p: scores[p])  # the first of equals
    wanted = _condition(f"{heading.time} {look} {view}")
    background = _conditioned(best, wanted, capabilities)
    notes = []
    if best not in named:
        notes.append(f'{capabilities.name} has no "{place}"; the nearest place is {background}')
    dark = bool(_words(background) & NIGHT_WORDS)
    light = bool(_words(heading.time) & DAY_WORDS)
    if dark and light:
        notes.append(f"{capabilities.name} knows only {background}, not by {heading.time.lower()}")
    return ShotLocation(place, best, background, tuple(notes))


def _condition(text: str) -> tuple[str, str]:
    """Return the light and the weather that a text names, each empty where it names none."""
    words = _words(text)
    light = "night" if words & NIGHT_WORDS else "day" if words & DAY_WORDS else ""
    weather = "snow" if words & SNOWING_WORDS else "rain" if words & RAIN_WORDS else ""
    return light, weather


def _conditioned(place: str, wanted: tuple[str, str], capabilities: Capabilities) -> str:
    """Return a place's prompt in a light and a weather, as near as the engine's world has it."""
    known, (light, weather) = capabilities.conditions.get(place, {}), wanted
    keys = (f"{light} {weather}".strip(), weather, light)
    return next((known[key] for key in keys if key in known), capabilities.places[place])


def _scores(
    heading: Heading, prose: str, look: str, capabilities: Capabilities
) -> tuple[dict[str, float], set[str]]:
    """Return how strongly the words suggest each place, and which places they name."""
    scores = dict.fromkeys(capabilities.places, 0.0)
    named: set[str] = set()
    heard = _heard(capabilities)
    where = heading.place or heading.text
    for text, weight in ((where, _HEADING), (look, _HEADING), (prose, _PROSE)):
        spelled = " ".join(w.lower() for w in tokens(text))
        for phrase, place in heard.items():
            if f" {phrase} " in f" {spelled} ":
                # The longest match tells most: "desert town" is decided by where it ends.
                last = spelled.endswith(phrase)
                scores[place] += weight * (_NAMED + len(phrase.split()) + 0.5 * last)
                if weight == _HEADING:
                    named.add(place)
        for word in spelled.split():
            kin, strength = PLACE_KIN.get(word, PLACE_KIN.get(singular(word), ("", 0)))
            if kin in scores:
                scores[kin] += weight * _KIN * strength
    if _words(heading.time) & NIGHT_WORDS:
        for place, background in capabilities.places.items():
            scores[place] += _TIME if _words(background) & NIGHT_WORDS else 0.0
    return scores, named


def _heard(capabilities: Capabilities) -> dict[str, str]:
    """Return the words for places that an engine itself declares."""
    own = {place.replace("-", " ").replace("_", " "): place for place in capabilities.places}
    said = {w: p for w, p in capabilities.synonyms.items() if p in capabilities.places}
    return {**said, **own}


def _words(text: str) -> set[str]:
    return {word.lower() for word in tokens(text)}


def _in_words(
    heading: Heading, view: str, glossary: Glossary, capabilities: Capabilities, look: str
) -> str:
    """Return a background prompt for an open vocabulary, from the heading and the view."""
    barred = glossary.entity_words | set(capabilities.characters)
    named = tokens((heading.place or heading.text).lower())
    # Without INT or EXT it may be the event of an imported plan, which names who acts.
    event = not heading.setting and _names(named, barred)
    place = _setting(named, barred) if event else _without(named, barred)
    inside = heading.setting.upper().startswith("INT")
    words = look or (with_article(place) if place else "an empty scene")
    if inside and (place or look):
        words = f"inside {words}"
    time = _without(tokens(heading.time.lower()), barred)
    if time and time not in ("later", "continuous", "same", "moments later"):
        words += f", {time}"
    seen = filter(None, (_without(tokens(part), barred) for part in view.split(". ")))
    return ", ".join((words, *seen))


# Words before what says where something happens: "a dog runs in a park".
_WHERE = frozenset(
    "in on at inside near under by along across through over beside behind above".split()
)
_SIDES = frozenset("left right middle center centre side front back".split())


def _names(words: Iterable[str], barred: frozenset[str] | set[str]) -> bool:
    return any(word in barred or singular(word) in barred for word in words)


def _setting(words: Sequence[str], barred: frozenset[str] | set[str]) -> str:
    """Return where an event takes place that names somebody, empty where it does not say it."""
    marks = [index for index, word in enumerate(words) if word in _WHERE]
    for index in reversed(marks):
        after = [word for word in words[index + 1 :] if word[0].isalnum()]
        if after and not _names(after, barred) and not set(after) & _SIDES:
            return " ".join(after)
    return ""


def _without(words: Iterable[str], barred: frozenset[str] | set[str]) -> str:
    """Return the words with nobody in them: without names, and without what hung on them."""
    kept: list[str] = []
    for word in words:
        bare = word.lower().replace("’", "'").removesuffix("'s")
        if bare in barred or singular(bare) in barred:
            while kept and kept[-1].lower() in DETERMINERS | PREPOSITIONS:
                kept.pop()
        elif word[0].isalnum():
            kept.append(word)
    return " ".join(kept)
