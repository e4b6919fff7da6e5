"""Scene -> its sentences: one for all of it, one per actor, one for the empty place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..additions import ALL_MOTIONS, ALL_PLACES, FRAMING_WORDS, Framing, travels
from ..people import PERSON
from ..scenes.actors import Actor, SceneSpec
from ..vocabulary import (
    CAMERA_WORDS,
    CHARACTERS,
    INTERACTIONS,
    MOTIONS,
    Accessory,
    Facing,
    PlaceSetting,
    Role,
)
from . import phrasing

COLOUR_NAMED = 0.85  # how often a caption says the colour
WEAR_NAMED = 0.85  # how often it says what is worn
TIE_NAMED = 0.85  # how often a region says whom its actor chases, meets or carries
FACING_NAMED = 0.5  # how often it says where a figure that does not travel looks
CANONICAL = 0.4  # how often a region reads exactly as the renderer will ask for it
CAMERA_NAMED = 0.7  # how often a text says how the camera moves
_WORDINGS = 12  # more than the paraphrases of any one phrase


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
        tuple(_region(spec, actor, rng) for actor in spec.actors),
        phrasing.view(spec.setting, _number(rng)) + _camera(spec, rng),
    )


def region_prompt(
    character: str,
    colourway: str | None = None,
    motion: str = "stand",
    direction: Facing | None = None,
    wear: Accessory | None = None,
    framing: Framing = "wide",
) -> str:
    """The canonical words for one actor: "a red fox walking to the right"."""
    gerund = ALL_MOTIONS[motion].gerund[0] if motion in ALL_MOTIONS else motion
    who = _canonical(character, colourway, wear, framing)
    return f"{who} {gerund}{_aim(motion, direction)}"


def tied_prompt(spec: SceneSpec, actor: Actor) -> str:
    """The canonical words for one actor of a pair: "a red fox chasing a rabbit to the right"."""
    role, other = _role(actor), _other(spec, actor)
    if role is None or other is None:
        return region_prompt(
            actor.character, actor.colourway, actor.motion, actor.facing, actor.wear,
            actor.framing,
        )  # fmt: skip
    deed = role.gerund[0].format(other=_canonical(other.character, None, None))
    who = _canonical(actor.character, actor.colourway, actor.wear)
    return f"{who} {deed} to the {actor.facing}"


def background_prompt(place: str | PlaceSetting) -> str:
    """The canonical words for an empty place; a place of another world speaks for itself."""
    setting = PlaceSetting(place) if isinstance(place, str) else place
    return phrasing.view(setting) if setting.place in ALL_PLACES else setting.place


def joint_prompt(spec: SceneSpec) -> str:
    """The canonical sentence for a whole scene, its actors from left to right."""
    actors = sorted(spec.actors, key=lambda a: a.track.x[0])
    told = [a for a in actors if not (a.tie and a.tie.role == 1)]
    texts = [tied_prompt(spec, a) for a in told]
    where = phrasing.where(spec.setting) if spec.place in ALL_PLACES else f"in {spec.place}"
    return f"{_listed(texts)} {where}" if texts else background_prompt(spec.setting)


def _joint(spec: SceneSpec, rng: np.random.Generator) -> str:
    if not spec.actors:
        return phrasing.view(spec.setting, _number(rng)) + _camera(spec, rng)
    there = rng.random() < 0.12
    gerunds = there or rng.random() < 0.35
    clauses, told = [], set[str]()
    for i in rng.permutation(len(spec.actors)):
        actor = spec.actors[int(i)]
        if actor.entity_id in told:
            continue
        told |= {actor.entity_id, actor.tie.other if actor.tie else actor.entity_id}
        clauses.append(_clause(spec, actor, gerunds, rng))
    said = _listed(clauses)
    if there:
        said = f"there {'is' if len(clauses) == 1 else 'are'} {said}"
    where = phrasing.where(spec.setting, _number(rng))
    text = f"{where}, {said}" if rng.random() < 0.4 else f"{said} {where}"
    return text + _camera(spec, rng)


def _clause(spec: SceneSpec, actor: Actor, gerunds: bool, rng: np.random.Generator) -> str:
    """What one actor does, with whom, in a sentence about everybody."""
    motion, role, other = MOTIONS[actor.motion], _role(actor), _other(spec, actor)
    if role is not None and other is not None:
        deed = _choice(rng, role.gerund if gerunds else role.finite)
        aim = "" if actor.tie and actor.tie.interaction == "meet" else f" to the {actor.facing}"
        return f"{_subject(actor, rng)} {deed.format(other=_subject(other, rng))}{aim}"
    verb = _choice(rng, motion.gerund if gerunds else motion.finite)
    # Where a still figure looks is left to the regions; here it would garble the sentence.
    aim = _aim(motion.id, _direction(actor, rng)) if motion.travels else ""
    side = _side(spec, actor) if len(spec.actors) > 1 and rng.random() < 0.6 else ""
    return f"{_subject(actor, rng)} {verb}{aim}{side}"


def _region(spec: SceneSpec, actor: Actor, rng: np.random.Generator) -> str:
    motion, direction = MOTIONS[actor.motion], _direction(actor, rng)
    role, other = _role(actor), _other(spec, actor)
    finite, gerund, aim = motion.finite, motion.gerund, _aim(actor.motion, direction)
    tied = role is not None and other is not None and rng.random() < TIE_NAMED
    if tied and role is not None and other is not None:
        # Short, without the other's colour: a region's text has few tokens.
        whom = _canonical(other.character, None, None)
        finite = tuple(text.format(other=whom) for text in role.finite)
        gerund = tuple(text.format(other=whom) for text in role.gerund)
        aim = f" to the {direction}" if direction else ""
    if rng.random() < CANONICAL:
        colour = actor.colourway if rng.random() < COLOUR_NAMED else None
        return f"{_canonical(actor.character, colour, _named_wear(actor, rng))} {gerund[0]}{aim}"
    subject = _subject(actor, rng)
    form = int(rng.integers(3))
    if form == 0:
        return f"{subject} {_choice(rng, gerund)}{aim}"
    verb = _choice(rng, finite)
    return f"{subject} that {verb}{aim}" if form == 1 else f"{subject} {verb}{aim}"


def _camera(spec: SceneSpec, rng: np.random.Generator) -> str:
    said = CAMERA_WORDS[spec.camera.move]
    return f", {_choice(rng, said)}" if said and rng.random() < CAMERA_NAMED else ""


def _role(actor: Actor) -> Role | None:
    return INTERACTIONS[actor.tie.interaction].roles[actor.tie.role] if actor.tie else None


def _other(spec: SceneSpec, actor: Actor) -> Actor | None:
    wanted = actor.tie.other if actor.tie else None
    return next((a for a in spec.actors if a.entity_id == wanted), None)


def _canonical(
    character: str, colour: str | None, wear: Accessory | None, framing: Framing = "wide"
) -> str:
    shown = FRAMING_WORDS[framing]
    if character == PERSON:
        return shown + with_article(colour or PERSON) + phrasing.worn(wear)
    noun = CHARACTERS[character].nouns[0] if character in CHARACTERS else character
    return shown + _named(noun, colour) + phrasing.worn(wear)


def with_article(words: str) -> str:
    """Words with "a" or "an" before them."""
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _subject(actor: Actor, rng: np.random.Generator) -> str:
    nouns = CHARACTERS[actor.character].nouns
    noun = nouns[0] if rng.random() < 0.75 else _choice(rng, nouns)
    named = _named(noun, actor.colourway if rng.random() < COLOUR_NAMED else None)
    return named + phrasing.worn(_named_wear(actor, rng), _number(rng))


def _named_wear(actor: Actor, rng: np.random.Generator) -> Accessory | None:
    return actor.wear if rng.random() < WEAR_NAMED else None


def _named(noun: str, colour: str | None) -> str:
    # "a little red fox", not "a red little fox": size words come before colours.
    *sizes, animal = noun.split(" ")
    return with_article(" ".join([*sizes, *([colour] if colour else []), animal]))


def _direction(actor: Actor, rng: np.random.Generator) -> Facing | None:
    travels = MOTIONS[actor.motion].travels or actor.tie is not None
    named = rng.random() < (0.95 if travels else FACING_NAMED)
    return actor.facing if named else None


def _aim(motion: str, direction: Facing | None) -> str:
    if direction is None:
        return ""
    return f" to the {direction}" if travels(motion) else f", facing {direction}"


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


def _number(rng: np.random.Generator) -> int:
    return int(rng.integers(_WORDINGS))
