"""A shot with motions that an engine does not know -> the nearest that it knows, in its own words.

A writer may fix any motion, and a fixed one is asked for as it stands. Once the writer lets it go,
these are what a remedy may put in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...plan import Beat, Capabilities, Entity, ShotPlan
from .casting import CastPart, known_motion, region_prompt, worn_by
from .reading.lexicon import NEAREST_MOTIONS


@dataclass(frozen=True, slots=True)
class KnownDeeds:
    """What somebody does in motions that an engine knows: all of its beats, and its prompt."""

    beats: tuple[Beat, ...]
    prompt: str


def known_deeds(shot: ShotPlan, capabilities: Capabilities) -> dict[str, KnownDeeds]:
    """Return how else each of the engine's animals can be told that does what it does not know.

    The nearest motion is the first that a word of the unknown one names, else what resembles it.
    """
    found = {}
    for entity in shot.entities:
        if not capabilities.motions or entity.character not in capabilities.characters:
            continue
        if entity.character in capabilities.kinds:
            continue
        beats = tuple(beat for beat in shot.beats if beat.entity == entity.id)
        known = tuple(_known(beat, capabilities) for beat in beats)
        if known != beats:
            found[entity.id] = KnownDeeds(known, _prompt(entity, known, capabilities))
    return found


def _known(beat: Beat, capabilities: Capabilities) -> Beat:
    """Return a beat in a motion that the engine knows, or as it is where nothing is near."""
    if beat.lora is not None or known_motion(beat.motion, capabilities):
        return beat
    for word in re.split(r"[-\s]+", beat.motion.lower()):
        for near in (word, *NEAREST_MOTIONS.get(word, ())):
            if motion := known_motion(near, capabilities):
                return beat.model_copy(update={"motion": motion})
    return beat


def _prompt(entity: Entity, beats: tuple[Beat, ...], capabilities: Capabilities) -> str:
    part = CastPart(
        entity.id, entity.look, entity.character, entity.color,
        worn=worn_by(entity.look, capabilities),
    )  # fmt: skip
    return region_prompt(part, beats, capabilities)
