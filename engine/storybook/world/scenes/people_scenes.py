"""A random generator -> a scene of people, for training: mostly persons, some animals among them.

Their captions are a plan's words alone, which leave nothing open. Of some only half is seen, or the
head and the shoulders; those words are a part of the caption.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..additions import CARRIED, CROWN, FRAMED, MORE_MOTIONS, Framing, travels
from ..figures.motions import MOVEMENTS
from ..figures.sprites import resting_size
from ..held_out import is_held_out
from ..people import PERSON, PersonLook, table
from ..vocabulary import (
    ACCESSORY_COLOURS,
    BASE_CHARACTERS,
    BASE_MOTIONS,
    CHARACTERS,
    HELD_OUT_PAIRS,
    PLACES,
    Accessory,
    Facing,
)
from .actors import Actor, SceneSpec, make_actor

PERSONS, PAIRS = 0.78, 0.35  # the part of figures that are persons; of scenes with two
CARRYING = 0.18
# Motions that are the point of people; the others are drawn as often together.
_SPOKEN = ("talk", "listen", "stand", "walk")
_STILL_WEARS = {"stand", "talk", "listen", "walk", "sit", "nod", "laugh", "look"}


# How likely each age and each build is: in scenes, and more evenly where looks are to be learnt.
_AGES = {False: (0.5, 0.16, 0.12, 0.22), True: (0.42, 0.16, 0.2, 0.22)}
_BUILDS = {False: (0.7, 0.12, 0.18), True: (0.56, 0.2, 0.24)}


def sample_look(rng: np.random.Generator, *, evenly: bool = False) -> PersonLook:
    """A look in which every attribute is decided; what suits an age or a sex is likelier."""
    t = table()

    def one(words: tuple[str, ...], *weights: float) -> str:
        odds = np.array(weights or [1.0] * len(words))
        return words[int(rng.choice(len(words), p=odds / odds.sum()))]

    age = one(t.ages, *_AGES[evenly])
    female = bool(rng.random() < 0.45)
    child = age == "child"
    hair = one(t.hairs, *((1, 1, 1, 1, 0.1, 0.05) if age != "old" else (0.2, 0.1, 0.1, 0.1, 2, 2)))
    style = one(
        t.hair_styles, *((0.3, 0.7, 0.0) if female else (0.75, 0.07, 0.0 if child else 0.18))
    )
    garments = (1.2, 1.2, 1.6 if female else 0.0, 0.8, 0.5, 0.5, 0.6, 0.7)
    garment = one(
        t.garments, *((2, 0.8, 2.0 if female else 0, 0, 0, 0.2, 0.3, 0) if child else garments)
    )
    headgear = one(t.headgears, 1.4, 0.9, 0.35, 0.35, 0.3, 0.6, 0.35)
    beard = not (female or child or age == "young") and bool(rng.random() < 0.35)
    if style == "bald" and not beard:
        hair = PersonLook().hair  # of brows alone, which no words name
    return PersonLook(
        age, female, one(t.builds, *_BUILDS[evenly]), one(t.skins, 1, 0.7, 0.7, 0.6), hair, style,
        beard,
        bool(rng.random() < 0.22), garment, one(t.colours), headgear,
        {"": "black", "crown": "yellow"}.get(headgear) or one(t.colours),
    )  # fmt: skip


def sample_people_scene(
    rng: np.random.Generator, *, width: int = 192, height: int = 128, frames: int = 25,
    fps: float = 8, places: tuple[str, ...] = tuple(PLACES), evenly: bool = False,
) -> SceneSpec:  # fmt: skip
    """A scene of one or two, side by side; depends on nothing but `rng`."""
    count = 2 if rng.random() < PAIRS else 1
    spec = SceneSpec(
        str(rng.choice(places)), int(rng.integers(1000)), (), width, height, frames, fps
    )
    framing = _framing(rng, count)
    actors = tuple(_actor(rng, spec, framing, slot, count, evenly=evenly) for slot in range(count))
    if count == 2 and actors[0].entity_id == actors[1].entity_id:
        actors = (actors[0], replace(actors[1], entity_id=f"{actors[1].entity_id}-2"))
    return replace(spec, actors=actors)


def _framing(rng: np.random.Generator, count: int) -> Framing:
    framings: tuple[Framing, ...] = ("wide", "medium", "close")
    odds = (0.58, 0.22, 0.2) if count == 1 else (0.75, 0.25, 0.0)
    return framings[int(rng.choice(3, p=odds))]


def _actor(
    rng: np.random.Generator, spec: SceneSpec, framing: Framing, slot: int, count: int,
    *, evenly: bool,
) -> Actor:  # fmt: skip
    who, colour, motion, wear = _somebody(rng, framing, evenly=evenly)
    facing: Facing = "left" if rng.random() < (0.8 if slot == 1 else 0.5 / count) else "right"
    centre = (
        slot + float(rng.uniform(0.4, 0.6) if framing != "wide" else rng.uniform(0.3, 0.7))
    ) / count
    if framing != "wide":
        return _seen_in_part(spec, framing, (who, colour, motion, wear), facing, centre, rng)
    wide, high = resting_size(who, colour, motion == "sleep", wear)
    y = float(rng.uniform(0.84, 0.95))
    low, most = MOVEMENTS[motion].extents
    reach = float(rng.uniform(low, most))
    room = y - 0.02 - (reach if MOVEMENTS[motion].leaves_ground and not travels(motion) else 0)
    tall = min(float(rng.uniform(0.34, 0.66) / (1 + 0.25 * (count - 1))), max(0.2, room / high))
    half = tall * wide / 2 * spec.height / spec.width
    x = centre
    if travels(motion):
        reach = min(reach, max(0.05, 1 / count - 2 * half))
        x -= reach / 2 if facing == "right" else -reach / 2
    return make_actor(
        who, x=x, y=y, height=tall, motion=motion, colourway=colour, facing=facing, extent=reach,
        wear=wear, frames=spec.frames, fps=spec.fps,
    )  # fmt: skip


def _somebody(
    rng: np.random.Generator, framing: Framing, *, evenly: bool
) -> tuple[str, str, str, Accessory | None]:
    if rng.random() >= PERSONS and framing == "wide":
        who = str(rng.choice(BASE_CHARACTERS))
        colour = CHARACTERS[who].colourways[int(rng.random() < 0.4)]
        motion = str(rng.choice((*BASE_MOTIONS, *MORE_MOTIONS)))
        return who, colour, "stand" if (who, motion) in HELD_OUT_PAIRS else motion, None
    look, motion = sample_look(rng, evenly=evenly), sample_motion(rng, framing)
    while is_held_out(look, motion):
        look = sample_look(rng, evenly=evenly)
    wear = None
    if rng.random() < CARRYING and motion in _STILL_WEARS and framing != "close":
        items = ("scarf", *CARRIED)
        wear = Accessory(str(rng.choice(items)), str(rng.choice(ACCESSORY_COLOURS)))
    return PERSON, str(look), motion, wear


def sample_motion(rng: np.random.Generator, framing: Framing) -> str:
    """What somebody does; talk and listening are the most frequent."""
    if rng.random() < (0.75 if framing != "wide" else 0.4):
        return _SPOKEN[int(rng.integers(3 if framing != "wide" else 4))]
    if framing == "close":
        return ("nod", "laugh", "look")[int(rng.integers(3))]
    if framing == "medium":
        return ("nod", "laugh", "look", "point", "give", "wave")[int(rng.integers(6))]
    return str(rng.choice([m for m in (*BASE_MOTIONS, *MORE_MOTIONS) if m not in ("fly", "land")]))


def _seen_in_part(
    spec: SceneSpec, framing: Framing, who: tuple[str, str, str, Accessory | None], facing: Facing,
    centre: float, rng: np.random.Generator,
) -> Actor:  # fmt: skip
    """Somebody whose lower edge is the picture's, as large as the framing shows."""
    low, _ = FRAMED[framing]
    top = float(rng.uniform(0.06, 0.26))
    tall = (1.0 - top) / ((low - CROWN) / 100)
    y = 1.0 + tall * (100 - low) / 100
    character, colour, motion, wear = who
    actor = make_actor(
        character, x=centre, y=y, height=tall, motion=motion, colourway=colour, facing=facing,
        extent=0.0, wear=wear, frames=spec.frames, fps=spec.fps,
    )  # fmt: skip
    return replace(actor, framing=framing)
