"""Plan + capabilities -> the motions that must be taught, who performs them, and what nobody knows.

A motion goes to the library when the base model does not know it and the library does. An engine
whose table of motions is empty takes any words, so no motion is unknown to it. Motions are matched
by id (after the engine's own synonyms), never by a substring of a prompt.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...film import Adapter
from ...plan import Capabilities, Plan, ShotPlan


def motion_id(motion: str, capabilities: Capabilities) -> str:
    """Return the engine's own id for a motion, or the motion itself where it has none."""
    known = capabilities.motions.keys() | capabilities.library_motions.keys()
    if motion in known:
        return motion
    synonym = capabilities.synonyms.get(motion)
    return synonym if synonym in known else motion


def to_teach(plan: Plan, capabilities: Capabilities) -> dict[str, tuple[str, ...]]:
    """Return each motion that only the library knows, with the looks of those who perform it."""
    performers: dict[str, list[str]] = {}
    for shot in plan.shots:
        for beat in shot.beats:
            motion = motion_id(beat.motion, capabilities)
            if motion not in capabilities.library_motions or motion in capabilities.motions:
                continue
            looks = performers.setdefault(motion, [])
            looks.extend(e.look for e in shot.entities if e.id == beat.entity)
    return {motion: tuple(dict.fromkeys(looks)) for motion, looks in performers.items()}


def unknown_notes(plan: Plan, capabilities: Capabilities) -> list[str]:
    """Return a note for each beat whose motion neither the base model nor the library knows."""
    if not capabilities.motions:
        return []
    own = capabilities.people.motions.keys() if capabilities.people else ()
    known = {*capabilities.motions, *capabilities.library_motions, *own}
    notes: list[str] = []
    for shot in plan.shots:
        for beat in shot.beats:
            if motion_id(beat.motion, capabilities) in known:
                continue
            where = f" ({beat.span})" if beat.span else ""
            notes.append(
                f'shot {shot.id}: neither {capabilities.name} nor its library knows "{beat.motion}"'
                f" of {beat.entity}{where}; it is drawn from the words alone"
            )
    return notes


def adapters_of(
    shot: ShotPlan, adapters: Mapping[str, Adapter], capabilities: Capabilities
) -> tuple[Adapter, ...]:
    """Return the adapters of the shot's own motions, once each, in the order of its beats."""
    motions = dict.fromkeys(motion_id(beat.motion, capabilities) for beat in shot.beats)
    return tuple(adapters[motion] for motion in motions if motion in adapters)
