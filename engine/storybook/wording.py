"""Who does what where -> the sentence that is true, and sentences that differ in one thing.

The critic never asks whether a picture fits a text, only whether it fits better than texts that
differ in one respect. Training and measuring take their sentences from here, so that a wrong
sentence is never told from the right one by its wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .world.vocabulary import CHARACTERS, MOTIONS, PLACES

NOTHING = "an empty background"


@dataclass(frozen=True, slots=True)
class Style:
    """Which of the paraphrases of a sentence is taken; all its distractors take the same."""

    noun: int = 0
    verb: int = 0
    finite: bool = False
    view: int = 0
    phrase: int = 0
    place_first: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """Someone doing something. `color` and `facing` None are left unsaid.

    `character` is an id of the world, or the words for somebody whom the world does not know.
    """

    character: str
    color: str | None
    motion: str = "stand"
    facing: str | None = None


PLAIN = Style()


def subject(character: str, color: str | None, style: Style = PLAIN) -> str:
    """Return "a red fox"; words for a stranger to the world are returned as they are."""
    if character not in CHARACTERS:
        return character
    nouns = CHARACTERS[character].nouns
    *sizes, noun = nouns[style.noun % len(nouns)].split(" ")
    words = " ".join([*sizes, *([color] if color else []), noun])
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def blob(color: str | None) -> str:
    """Return the words for a spot of the right colour without a figure's features."""
    return f"a shapeless {color} blob" if color else "a shapeless blob"


def deed(what: Deed, style: Style = PLAIN) -> str:
    """Return "a red fox walking to the right"."""
    motion = MOTIONS[what.motion]
    verbs = motion.finite if style.finite else motion.gerund
    aim = ""
    if what.facing:
        aim = f" to the {what.facing}" if motion.travels else f", facing {what.facing}"
    return f"{subject(what.character, what.color, style)} {verbs[style.verb % len(verbs)]}{aim}"


def view(place: str, style: Style = PLAIN) -> str:
    """Return "a forest at night"; words for a place of no world are returned as they are."""
    if place not in PLACES:
        return place
    views = PLACES[place].views
    return views[style.view % len(views)]


def whole(deeds: Sequence[Deed], place: str, style: Style = PLAIN) -> str:
    """Return one sentence for everything in a clip."""
    if not deeds:
        return view(place, style)
    # Where a figure looks that does not travel would garble a sentence about everybody.
    heard = [d if MOTIONS[d.motion].travels else _unaimed(d) for d in deeds]
    clauses = [deed(d, style) for d in heard]
    said = clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"
    where = f"in {place}"
    if place in PLACES:
        phrases = PLACES[place].phrases
        where = phrases[style.phrase % len(phrases)]
    return f"{where}, {said}" if style.place_first else f"{said} {where}"


def other_subjects(
    character: str, color: str | None, colors: dict[str, str | None], style: Style = PLAIN
) -> list[str]:
    """Return distractors of a subject: the other animals in a colour of their own and in this one,
    this one in its other colour, a blob, and nothing.

    Args:
        character: who is there.
        color: its colour, None if unsaid.
        colors: the colour in which each of the others is named.
        style: the wording of all.
    """
    others = [c for c in CHARACTERS if c != character]
    texts = [subject(c, colors.get(c) if color else None, style) for c in others]
    if color:
        texts += [subject(c, color, style) for c in others]
        if character in CHARACTERS:
            ways = CHARACTERS[character].colourways
            texts += [subject(character, way, style) for way in ways if way != color]
    texts += [blob(color), NOTHING]
    right = subject(character, color, style)
    return [text for text in dict.fromkeys(texts) if text != right]


def other_motions(what: Deed, style: Style = PLAIN) -> list[str]:
    """Return the same subject doing every other thing, then the same thing the other way."""
    texts = [
        deed(Deed(what.character, what.color, motion, what.facing), style)
        for motion in MOTIONS
        if motion != what.motion
    ]
    if what.facing:
        texts.append(deed(turned(what), style))
    return texts


def other_places(place: str, style: Style = PLAIN) -> list[str]:
    """Return the views of all other places."""
    return [view(other, style) for other in PLACES if other != place]


def altered(deeds: Sequence[Deed], place: str) -> list[tuple[list[Deed], str]]:
    """Return the same scene in every other place, and with one other animal, motion or side."""
    cast = {d.character for d in deeds}
    changed = [(list(deeds), other) for other in PLACES if other != place]
    for i, said in enumerate(deeds):
        swaps = [Deed(c, said.color, said.motion, said.facing) for c in CHARACTERS if c not in cast]
        swaps += [
            Deed(said.character, said.color, motion, said.facing)
            for motion in MOTIONS
            if motion != said.motion
        ]
        if MOTIONS[said.motion].travels and said.facing:
            swaps.append(turned(said))
        changed += [([*deeds[:i], swap, *deeds[i + 1 :]], place) for swap in swaps]
    return changed


def turned(what: Deed) -> Deed:
    """Return the same, facing the other way."""
    facing = {"left": "right", "right": "left"}[what.facing] if what.facing else None
    return Deed(what.character, what.color, what.motion, facing)


def _unaimed(what: Deed) -> Deed:
    return Deed(what.character, what.color, what.motion)
