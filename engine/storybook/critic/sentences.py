"""Who does what where -> the sentence that is true, and sentences that differ in one thing.

The critic never asks whether a picture fits a text, only whether it fits better than texts that
differ in one respect. Training and measuring take their sentences from here, so that a wrong
sentence is never told from the right one by its wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..world.additions import ALL_MOTIONS, ALL_PLACES
from ..world.people import PERSON
from ..world.vocabulary import (
    ACCESSORIES,
    ACCESSORY_COLOURS,
    CHARACTERS,
    Accessory,
    PlaceSetting,
)
from ..world.words import phrasing
from . import person_words

NOTHING = "an empty background"
# What looks alike, of which one is no wrong answer for the other.
SAME_MOTIONS = ({"walk", "enter", "exit"},)
SAME_PLACES = ({"room", "living-room"},)


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """Which of the paraphrases of a sentence is taken; all its distractors take the same."""

    noun: int = 0
    verb: int = 0
    finite: bool = False
    view: int = 0
    phrase: int = 0
    place_first: bool = False


@dataclass(frozen=True, slots=True)
class CaptionDeed:
    """Someone doing something. `color` and `facing` None are left unsaid.

    `character` is an id of the world, or the words for somebody whom the world does not know; a
    person's `color` is its whole look. `worn` None may also mean that what is worn is not said.
    """

    character: str
    color: str | None
    motion: str = "stand"
    facing: str | None = None
    worn: Accessory | None = None


PLAIN = Paraphrase()


def subject(
    character: str, color: str | None, style: Paraphrase = PLAIN, worn: Accessory | None = None
) -> str:
    """Return "a red fox with a green scarf"; a stranger's words are returned as they are."""
    if character == PERSON:
        look = person_words.read(color)
        named = person_words.somebody(look) if look else person_words.ANYBODY
        return named + phrasing.worn(worn, style.verb)
    if character not in CHARACTERS:
        return character
    nouns = CHARACTERS[character].nouns
    *sizes, noun = nouns[style.noun % len(nouns)].split(" ")
    words = " ".join([*sizes, *([color] if color else []), noun])
    named = f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
    return named + phrasing.worn(worn, style.verb)


def blob(color: str | None) -> str:
    """Return the words for a spot of the right colour without a figure's features."""
    return f"a shapeless {color} blob" if color else "a shapeless blob"


def deed(what: CaptionDeed, style: Paraphrase = PLAIN) -> str:
    """Return "a red fox walking to the right"."""
    motion = ALL_MOTIONS[what.motion]
    verbs = motion.finite if style.finite else motion.gerund
    aim = ""
    if what.facing:
        aim = f" to the {what.facing}" if motion.travels else f", facing {what.facing}"
    look = person_words.read(what.color) if what.character == PERSON else None
    who = (
        person_words.short(look) if look
        else subject(what.character, what.color, style, what.worn)
    )  # fmt: skip
    return f"{who} {verbs[style.verb % len(verbs)]}{aim}"


def view(place: str | PlaceSetting, style: Paraphrase = PLAIN) -> str:
    """Return "a forest at night"; words for a place of no world are returned as they are."""
    setting = _setting(place)
    return phrasing.view(setting, style.view) if setting.place in ALL_PLACES else setting.place


def bare_view(place: str, style: Paraphrase = PLAIN) -> str:
    """Return "a forest": a place of the world without its light and its weather."""
    views = ALL_PLACES[place].bare_views
    return views[style.view % len(views)]


def whole(
    deeds: Sequence[CaptionDeed], place: str | PlaceSetting, style: Paraphrase = PLAIN
) -> str:
    """Return one sentence for everything in a clip."""
    if not deeds:
        return view(place, style)
    # Where a figure looks that does not travel would garble a sentence about everybody.
    heard = [d if ALL_MOTIONS[d.motion].travels else _unaimed(d) for d in deeds]
    clauses = [deed(d, style) for d in heard]
    said = clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"
    setting = _setting(place)
    where = f"in {setting.place}"
    if setting.place in ALL_PLACES:
        where = phrasing.where(setting, style.phrase)
    return f"{where}, {said}" if style.place_first else f"{said} {where}"


def other_subjects(
    character: str,
    color: str | None,
    colors: dict[str, str | None],
    style: Paraphrase = PLAIN,
    worn: Accessory | None = None,
) -> list[str]:
    """Return distractors of a subject: the other animals in a colour of their own and in this one,
    this one in its other colour or wearing something else, a person, a blob, and nothing. A person
    has the animals and those who look nearly so.

    Args:
        character: who is there.
        color: its colour, None if unsaid.
        colors: the colour in which each of the others is named.
        style: the wording of all.
        worn: what is said to be worn; the others wear it too.
    """
    if character == PERSON:
        return _other_people(color, colors, style, worn)
    others = [c for c in CHARACTERS if c != character]
    texts = [subject(c, colors.get(c) if color else None, style, worn) for c in others]
    if color:
        texts += [subject(c, color, style, worn) for c in others]
        if character in CHARACTERS:
            ways = CHARACTERS[character].colourways
            texts += [subject(character, way, style, worn) for way in ways if way != color]
    texts += [subject(character, color, style, other) for other in _other_wears(worn)]
    texts += [person_words.ANYBODY, blob(color), NOTHING]
    right = subject(character, color, style, worn)
    return [text for text in dict.fromkeys(texts) if text != right]


def _other_people(
    color: str | None, colors: dict[str, str | None], style: Paraphrase, worn: Accessory | None
) -> list[str]:
    look = person_words.read(color)
    texts = [
        person_words.somebody(other) + phrasing.worn(worn, style.verb)
        for other in (person_words.nearly(look) if look else ())
    ]
    texts += [subject(c, colors.get(c) if color else None, style) for c in CHARACTERS]
    if look:
        texts += [subject(PERSON, color, style, other) for other in _other_wears(worn)[:3]]
    return [*dict.fromkeys(texts), blob(look.colour if look else None), NOTHING]


def other_motions(what: CaptionDeed, style: Paraphrase = PLAIN) -> list[str]:
    """Return the same subject doing every other thing, then the same thing the other way."""
    texts = [
        deed(replace(what, motion=motion), style)
        for motion in different(what.motion, ALL_MOTIONS, SAME_MOTIONS)
    ]
    if what.facing:
        texts.append(deed(turned(what), style))
    return texts


def other_places(place: str | PlaceSetting, style: Paraphrase = PLAIN) -> list[str]:
    """Return the views of all other places, in the same light and weather where these are said."""
    setting = _setting(place)
    return [
        view(replace(setting, place=other), style)
        for other in different(setting.place, ALL_PLACES, SAME_PLACES)
    ]


def other_bare_views(place: str, style: Paraphrase = PLAIN) -> list[str]:
    """Return all other places, without light and weather."""
    return [bare_view(other, style) for other in different(place, ALL_PLACES, SAME_PLACES)]


def other_conditions(setting: PlaceSetting, style: Paraphrase = PLAIN) -> list[str]:
    """Return the same place in the lights and weathers in which it is not."""
    place = ALL_PLACES[setting.place]
    light = setting.light or place.light
    others = [
        PlaceSetting(place.id, other, weather)
        for other in ("day", "night")
        for weather in place.weathers
        if (other, weather) != (light, setting.weather)
    ]
    return [view(other, style) for other in others]


def altered(
    deeds: Sequence[CaptionDeed], place: str | PlaceSetting
) -> list[tuple[list[CaptionDeed], str | PlaceSetting]]:
    """Return the same scene in every other place, and with one other animal, motion or side."""
    setting = _setting(place)
    changed: list[tuple[list[CaptionDeed], str | PlaceSetting]] = [
        (list(deeds), replace(setting, place=other))
        for other in different(setting.place, ALL_PLACES, SAME_PLACES)
    ]
    return [*changed, *((other, place) for other in _recast(deeds))]


def _recast(deeds: Sequence[CaptionDeed]) -> list[list[CaptionDeed]]:
    """Return the deeds with one of them another animal's, another motion, or the other way."""
    cast = {d.character for d in deeds}
    changed = []
    for at, said in enumerate(deeds):
        color = None if said.character == PERSON else said.color
        swaps = [replace(said, character=c, color=color) for c in CHARACTERS if c not in cast]
        look = person_words.read(said.color) if said.character == PERSON else None
        if look:
            short = person_words.short(look)
            near = [
                other for other in person_words.nearly(look) if person_words.short(other) != short
            ]
            swaps += [replace(said, color=str(other)) for other in near]
        swaps += [
            replace(said, motion=motion)
            for motion in different(said.motion, ALL_MOTIONS, SAME_MOTIONS)
        ]
        if ALL_MOTIONS[said.motion].travels and said.facing:
            swaps.append(turned(said))
        changed += [[*deeds[:at], swap, *deeds[at + 1 :]] for swap in swaps]
    return changed


def different(
    one: str, among: Iterable[str], alike: Sequence[set[str]] = ()
) -> list[str]:  # fmt: skip
    """Return the ids of a table that are neither one nor look like it."""
    same = {one}.union(*(group for group in alike if one in group))
    return [other for other in among if other not in same]


def _setting(place: str | PlaceSetting) -> PlaceSetting:
    return PlaceSetting(place) if isinstance(place, str) else place


def _other_wears(worn: Accessory | None) -> list[Accessory]:
    if worn is None:
        return []
    items = [Accessory(item, worn.colour) for item in ACCESSORIES if item != worn.item]
    return items + [Accessory(worn.item, c) for c in ACCESSORY_COLOURS if c != worn.colour]


def turned(what: CaptionDeed) -> CaptionDeed:
    """Return the same, facing the other way."""
    facing = {"left": "right", "right": "left"}[what.facing] if what.facing else None
    return replace(what, facing=facing)


def _unaimed(what: CaptionDeed) -> CaptionDeed:
    return replace(what, facing=None)
