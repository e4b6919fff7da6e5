"""A heading, its prose and an engine's places -> where a shot is, and the words for it.

The words for a place never name anybody who may stand in it: the background has its own prompt,
and an entity in it would be drawn twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...plan import Capabilities
from ...story import Action, Heading, Scene
from ...story import Location as Declared
from .reading.glossary import Glossary, tokens
from .reading.inflection import singular, with_article
from .reading.lexicon import DETERMINERS, PREPOSITIONS
from .reading.words.world_words import DAY_WORDS, NIGHT_WORDS, PLACE_KIN
from .weather import Weather, weather_of

# A heading outweighs the prose under it, and a world's own word outweighs one that suggests it;
# a heading that names a place of the world's decides alone.
_HEADING, _PROSE = 2.0, 1.0
_NAMED, _KIN = 4.0, 1.0
_TIME = 0.5
# What a heading says whose scene goes on by the light of the one before.
_GOES_ON = frozenset("later continuous same moments moment meanwhile simultaneous".split())
# Where one is before a door: "EXT. HOUSE" is in no room.
_BEFORE_IT = {"room": "town", "cave": "mountain", "castle-hall": "road", "car": "road"}
_BEFORE = "street"
# How INT. begins, in the alphabets and widths in which headings are read.
_INSIDE = frozenset("IiІіИиＩｉ")
_PARTS = re.compile(r"[,;:/()–—]| - ")  # of a heading's place: "AIRPORT - GATE 5"


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


@dataclass(frozen=True, slots=True)
class SceneLocation:
    """Where a scene is, and by which light, for all of its shots.

    `time` is the heading's, or that of the scene before where a heading only goes on from it.
    """

    heading: Heading
    time: str
    place_id: str | None
    named: bool
    weather: Weather
    look: str = ""

    @property
    def place(self) -> str:
        return self.heading.place or self.heading.text


def times_of(scenes: Iterable[Scene]) -> list[str]:
    """Return the time of each scene; LATER and CONTINUOUS keep that of the one before."""
    times: list[str] = []
    for scene in scenes:
        written = scene.heading.time
        goes_on = _words(written) & _GOES_ON and not _words(written) & (NIGHT_WORDS | DAY_WORDS)
        times.append(times[-1] if goes_on and times else written)
    return times


def locate_scene(
    scene: Scene, time: str, capabilities: Capabilities, *, look: str = ""
) -> SceneLocation:
    """Return where a scene is.

    Args:
        scene: its heading, and all of its action.
        time: its own, or that of the scene before.
        capabilities: the engine's places, if it has a world of its own.
        look: what the writer's `@location` says of the place.
    """
    prose = " ".join(e.text for e in scene.elements if isinstance(e, Action))
    weather = weather_of(f"{look}. {prose}")
    if not capabilities.places:
        return SceneLocation(scene.heading, time, None, True, weather, look)
    scores, named = _scores(scene.heading, time, prose, look, capabilities)
    places = _on_its_side(scene.heading, capabilities)
    fitting = [p for p in places if p in named] or places
    best = max(fitting, key=lambda p: scores[p])  # the first of equals
    if scores[best] <= _TIME:
        best = _nearest(scene.heading, places, capabilities) or best
    return SceneLocation(scene.heading, time, best, best in named, weather, look)


def _on_its_side(heading: Heading, capabilities: Capabilities) -> list[str]:
    """Return the places that are indoors for INT., outdoors for EXT., else all.

    A heading with both is filmed on the side that it names first: INT./EXT. in a room.
    """
    setting = heading.setting.upper()
    if not setting:
        return list(capabilities.places)
    inside = setting == "INT" or (setting == "INT/EXT" and heading.text[:1] in _INSIDE)
    places = [p for p in capabilities.places if (p in capabilities.indoors) == inside]
    return places or list(capabilities.places)


def _nearest(heading: Heading, places: Sequence[str], capabilities: Capabilities) -> str | None:
    """Return which of some places is nearest to a heading's words, None where none is known."""
    for part in reversed(_PARTS.split(heading.place or heading.text)):
        words = [word.lower() for word in tokens(part) if word.isalpha()]
        # What something is stands last: a train station is no train.
        for count in (2, 1):
            *first, last = words[-count:] or [""]
            for noun in (last, singular(last)):
                near = capabilities.nearest_places.get(" ".join((*first, noun)), ())
                if found := next((place for place in near if place in places), None):
                    return found
    return None


def locate(
    where: SceneLocation, view: str, glossary: Glossary, capabilities: Capabilities
) -> ShotLocation:
    """Return the location of a shot of a scene.

    Args:
        where: the scene's.
        view: the part of the shot's action that tells of nobody.
        glossary: names that the background must not hold.
        capabilities: the engine's places, if it has a world of its own.
    """
    if where.place_id is None:
        return ShotLocation(where.place, None, _in_words(where, view, glossary, capabilities))
    place = where.place_id
    known = capabilities.conditions.get(place, {})
    # In a room without a window nobody misses the weather.
    dry = place in capabilities.indoors and where.weather not in known
    weather = "" if dry else where.weather
    light = _light(where.time) or _light(where.look)
    # Remarks speak of the scene, so that they are the same wherever they are made.
    plain = _conditioned(place, (light, weather), capabilities)
    background = _conditioned(place, (light or _light(view), weather), capabilities)
    notes = []
    if not where.named:
        notes.append(f"{capabilities.name} has no {where.place}; it is drawn as {plain}")
    if _light(plain) == "night" and _light(where.time) == "day":
        notes.append(f"{capabilities.name} knows only {plain}, not by {where.time.lower()}")
    if weather and known and weather not in known:
        notes.append(f"{capabilities.name} draws no {weather} here: {plain}")
    return ShotLocation(where.place, place, background, tuple(notes))


def _light(text: str) -> str:
    """Return the light that a text names, empty where it names none."""
    words = _words(text)
    return "night" if words & NIGHT_WORDS else "day" if words & DAY_WORDS else ""


def _conditioned(place: str, wanted: tuple[str, str], capabilities: Capabilities) -> str:
    """Return a place's prompt in a light and a weather, as near as the engine's world has it."""
    known, (light, weather) = capabilities.conditions.get(place, {}), wanted
    keys = (f"{light} {weather}".strip(), weather, light)
    return next((known[key] for key in keys if key in known), capabilities.places[place])


def _scores(
    heading: Heading, time: str, prose: str, look: str, capabilities: Capabilities
) -> tuple[dict[str, float], set[str]]:
    """Return how strongly the words suggest each place, and which places they name."""
    scores = dict.fromkeys(capabilities.places, 0.0)
    named: set[str] = set()
    heard = _heard(capabilities)
    where = heading.place or heading.text
    for text, weight in ((where, _HEADING), (look, _HEADING), (prose, _PROSE)):
        spelled = " ".join(w.lower() for w in tokens(text))
        apart = f" {spelled} "
        for phrase, place in heard.items():
            if f" {phrase} " in apart:
                # The longest match tells most: "desert town" is decided by where it ends.
                last = spelled.endswith(phrase)
                scores[place] += weight * (_NAMED + len(phrase.split()) + 0.5 * last)
                if weight == _HEADING:
                    named.add(place)
        for word in spelled.split():
            kin, strength = PLACE_KIN.get(word, PLACE_KIN.get(singular(word), ("", 0)))
            if kin in scores:
                scores[kin] += weight * _KIN * strength
    if _light(time) == "night":
        for place, background in capabilities.places.items():
            scores[place] += _TIME if _light(background) == "night" else 0.0
    if heading.setting.upper() == "EXT":
        for place in capabilities.indoors:
            before = _BEFORE_IT.get(place, _BEFORE)
            if place in scores and before in scores:
                scores[before] += scores[place] / 2
    return scores, named


def _heard(capabilities: Capabilities) -> dict[str, str]:
    """Return the words for places that an engine itself declares."""
    own = {place.replace("-", " ").replace("_", " "): place for place in capabilities.places}
    said = {w: p for w, p in capabilities.synonyms.items() if p in capabilities.places}
    return {**said, **own}


def _words(text: str) -> set[str]:
    return {word.lower() for word in tokens(text)}


def _in_words(
    where: SceneLocation, view: str, glossary: Glossary, capabilities: Capabilities
) -> str:
    """Return a background prompt for an open vocabulary, from the heading and the view."""
    barred = glossary.entity_words | set(capabilities.characters)
    heading, look = where.heading, where.look
    named = tokens(where.place.lower())
    # Without INT or EXT it may be the event of an imported plan, which names who acts.
    event = not heading.setting and _names(named, barred)
    place = _setting(named, barred) if event else _without(named, barred)
    inside = heading.setting.upper().startswith("INT")
    words = look or (with_article(place) if place else "an empty scene")
    if inside and (place or look):
        words = f"inside {words}"
    time = _without(tokens(where.time.lower()), barred)
    if time and not _words(time) & _GOES_ON:
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
