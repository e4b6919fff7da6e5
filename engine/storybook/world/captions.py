"""Scene -> its sentences: one for all of it, one per actor, one for the empty place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .actors import Actor, SceneSpec
from .vocabulary import CHARACTERS, MOTIONS, PLACES, Facing

COLOUR_NAMED = 0.85  # how often a caption says the colour
FACING_NAMED = 0.5  # how often it says where a figure that does not travel looks
CANONICAL = 0.4  # how often a region reads exactly as the renderer will ask for it


@dataclass(frozen=True)
class Captions:
    """What a clip shows, in words; `regions` follows the spec's actors."""

    joint: str
    regions: tuple[str, ...]
    background: str


def captions(spec: SceneSpec, rng: np.random.Generator) -> Captions:
    """One paraphrase of each text; depends on nothing but the spec and `rng`."""
    return Captions(
        _joint(spec, rng),
        tuple(_region(actor, rng) for actor in spec.actors),
        _background(spec.place, rng),
    )


def region_prompt(
    character: str,
    colourway: str | None = None,
    motion: str = "stand",
    direction: Facing | None = None,
) -> str:
    """The canonical words for one actor: "a red fox walking to the right"."""
    gerund = MOTIONS[motion].gerund[0] if motion in MOTIONS else motion
    noun = CHARACTERS[character].nouns[0] if character in CHARACTERS else character
    return f"{_named(noun, colourway)} {gerund}{_aim(motion, direction)}"


def background_prompt(place: str) -> str:
    """The canonical words for an empty place; a place of another world speaks for itself."""
    return PLACES[place].views[0] if place in PLACES else place


def joint_prompt(spec: SceneSpec) -> str:
    """The canonical sentence for a whole scene, its actors from left to right."""
    actors = sorted(spec.actors, key=lambda a: a.track.x[0])
    texts = [region_prompt(a.character, a.colourway, a.motion, a.facing) for a in actors]
    where = PLACES[spec.place].phrases[0] if spec.place in PLACES else f"in {spec.place}"
    return f"{_listed(texts)} {where}" if texts else background_prompt(spec.place)


def _joint(spec: SceneSpec, rng: np.random.Generator) -> str:
    if not spec.actors:
        return _background(spec.place, rng)
    gerunds = rng.random() < 0.35
    order = [int(i) for i in rng.permutation(len(spec.actors))]
    clauses = []
    for i in order:
        actor, motion = spec.actors[i], MOTIONS[spec.actors[i].motion]
        verb = _choice(rng, motion.gerund if gerunds else motion.finite)
        # Where a still figure looks is left to the regions; here it would garble the sentence.
        aim = _aim(motion.id, _direction(actor, rng)) if motion.travels else ""
        side = _side(spec, actor) if len(spec.actors) > 1 and rng.random() < 0.6 else ""
        clauses.append(f"{_subject(actor, rng)} {verb}{aim}{side}")
    where = _choice(rng, PLACES[spec.place].phrases)
    text = _listed(clauses)
    return f"{where}, {text}" if rng.random() < 0.4 else f"{text} {where}"


def _region(actor: Actor, rng: np.random.Generator) -> str:
    motion, direction = MOTIONS[actor.motion], _direction(actor, rng)
    if rng.random() < CANONICAL:
        colour = actor.colourway if rng.random() < COLOUR_NAMED else None
        return region_prompt(actor.character, colour, actor.motion, direction)
    subject, aim = _subject(actor, rng), _aim(actor.motion, direction)
    form = int(rng.integers(3))
    if form == 0:
        return f"{subject} {_choice(rng, motion.gerund)}{aim}"
    verb = _choice(rng, motion.finite)
    return f"{subject} that {verb}{aim}" if form == 1 else f"{subject} {verb}{aim}"


def _background(place: str, rng: np.random.Generator) -> str:
    return _choice(rng, PLACES[place].views)


def _subject(actor: Actor, rng: np.random.Generator) -> str:
    nouns = CHARACTERS[actor.character].nouns
    noun = nouns[0] if rng.random() < 0.75 else _choice(rng, nouns)
    return _named(noun, actor.colourway if rng.random() < COLOUR_NAMED else None)


def _named(noun: str, colour: str | None) -> str:
    # "a little red fox", not "a red little fox": size words come before colours.
    *sizes, animal = noun.split(" ")
    words = " ".join([*sizes, *([colour] if colour else []), animal])
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _direction(actor: Actor, rng: np.random.Generator) -> Facing | None:
    named = rng.random() < (0.95 if MOTIONS[actor.motion].travels else FACING_NAMED)
    return actor.facing if named else None


def _aim(motion: str, direction: Facing | None) -> str:
    if direction is None:
        return ""
    travels = motion in MOTIONS and MOTIONS[motion].travels
    return f" to the {direction}" if travels else f", facing {direction}"


def _side(spec: SceneSpec, actor: Actor) -> str:
    """Where among the others a figure starts, when that is plain to see."""
    if MOTIONS[actor.motion].travels:
        return ""
    others = [a.track.x[0] for a in spec.actors if a is not actor]
    x = actor.track.x[0]
    if all(x < other - 0.15 for other in others):
        return " on the left"
    if all(x > other + 0.15 for other in others):
        return " on the right"
    return ""


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _choice(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]
