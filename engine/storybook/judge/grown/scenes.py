"""A random generator -> a scene of the grown world to train and to test its judge on.

Half are scenes as people are filmed in; the others hold every kind and every motion about equally,
those that the painters never see as well. Any place, light and weather. Looks are taught by some
scenes more of people seen in part: there is more to read, and few of all scenes have them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...world.additions import ALL_MOTIONS, ALL_PLACES, CARRIED, travels
from ...world.figures.motions import MOVEMENTS, OWN_MOVEMENTS
from ...world.figures.sprites import resting_size
from ...world.others import kinds, own_motions
from ...world.people import PERSON
from ...world.scene import Actor, SceneSpec, make_actor
from ...world.scenes.people_scenes import sample_look, sample_people_scene
from ...world.vocabulary import ACCESSORY_COLOURS, CHARACTERS, Accessory, Facing, Light

FILMED = 0.5  # the part of scenes as people are filmed in
KIND_ODDS = (0.36, 0.34, 0.3)  # people, animals, other kinds in the remaining ones
CARRYING = 0.3
_MOVEMENTS = MOVEMENTS | OWN_MOVEMENTS


def sample_grown_scene(rng: np.random.Generator, *, near: float = 0.0) -> SceneSpec:
    """Return a scene of one or two figures; depends on nothing but `rng`.

    In the part `near` of scenes somebody is seen to the waist or closer.
    """
    if near and rng.random() < near:
        spec = _filmed(rng)
        while all(actor.framing == "wide" for actor in spec.actors):
            spec = _filmed(rng)
    elif rng.random() < FILMED:
        spec = _filmed(rng)
    else:
        count = 2 if rng.random() < 0.4 else 1
        actors = tuple(_anybody(rng, slot, count) for slot in range(count))
        place = str(rng.choice(list(ALL_PLACES)))
        spec = SceneSpec(place, int(rng.integers(1000)), actors, 192, 128)
    known = ALL_PLACES[spec.place]
    light: Light | None = ("day", "night", None)[int(rng.integers(3))]
    weather = known.weathers[int(rng.integers(len(known.weathers)))]
    named = tuple(replace(a, entity_id=f"{a.character}-{n}") for n, a in enumerate(spec.actors))
    return replace(
        spec, actors=named, light=light, weather="clear" if rng.random() < 0.5 else weather
    )


def _filmed(rng: np.random.Generator) -> SceneSpec:
    return sample_people_scene(rng, places=tuple(ALL_PLACES), evenly=True)


def _anybody(rng: np.random.Generator, slot: int, count: int) -> Actor:
    """Return a whole figure of any kind in any of its motions, about its share of the width."""
    who, colour, motion, wear = _role(rng)
    facing: Facing = "left" if rng.random() < 0.5 else "right"
    wide, high = resting_size(who, colour, motion == "sleep", wear)
    low, most = _MOVEMENTS[motion].extents
    reach, foot = float(rng.uniform(low, most)), float(rng.uniform(0.8, 0.97))
    goes = travels(motion) or motion in own_motions()
    rise = reach if _MOVEMENTS[motion].leaves_ground and not goes else 0.0
    tall = min(
        float(rng.uniform(0.28, 0.72)),
        max(0.15, foot - 0.03 - rise) / (high + _MOVEMENTS[motion].bounce),
        0.92 / count / wide * 1.5,
    )
    half = tall * wide / 3
    x = (slot + float(rng.uniform(0.3, 0.7))) / count
    if goes:
        reach = min(reach, max(0.08, 0.96 - 2 * half))
        x += -reach / 2 if facing == "right" else reach / 2
    return make_actor(
        who, x=x, y=foot, height=tall, motion=motion, colourway=colour, facing=facing,
        extent=reach, wear=wear,
    )  # fmt: skip


def _role(rng: np.random.Generator) -> tuple[str, str, str, Accessory | None]:
    """Return who it is, in which colour or look, doing what, with what."""
    which = int(rng.choice(3, p=KIND_ODDS))
    if which == 2:
        kind = kinds()[str(rng.choice(list(kinds())))]
        return kind.id, str(rng.choice(kind.colours)), str(rng.choice(kind.motions)), None
    motion = str(rng.choice(list(ALL_MOTIONS)))
    if which == 1:
        animal = CHARACTERS[str(rng.choice(list(CHARACTERS)))]
        return animal.id, str(rng.choice(animal.colourways)), motion, None
    wear = None
    if rng.random() < CARRYING and motion not in ("sleep", "spin", "somersault"):
        item = str(rng.choice(("scarf", *CARRIED)))
        wear = Accessory(item, str(rng.choice(ACCESSORY_COLOURS)))
    return PERSON, str(sample_look(rng, evenly=True)), motion, wear
