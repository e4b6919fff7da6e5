"""Plan + capabilities -> what must be taught, whose adapters a shot uses, and what nobody knows.

A motion goes to the library where the base model does not know it. An engine with a table of
motions says so itself; one whose table is empty takes any words, and is taught what the writer
pins, what it is known not to draw, or everything where the user asks for that. A character is
taught from its reference pictures, or cut from one where an engine has no drawing of it. Motions
are matched by id (after the engine's own synonyms), never by a substring of a prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Literal

from ...film import Adapter, AdapterNeed, Retrieval, RetrievedClip
from ...plan import Beat, Capabilities, Entity, Plan, ShotPlan

FEWEST_CLIPS = 4  # that teach a motion, as in the library's own choice

TeachPolicy = Literal["needed", "all", "none"]


def motion_id(motion: str, capabilities: Capabilities) -> str:
    """Return the engine's own id for a motion, or the motion itself where it has none."""
    known = capabilities.motions.keys() | capabilities.library_motions.keys()
    if motion in known:
        return motion
    synonym = capabilities.synonyms.get(motion)
    return synonym if synonym in known else motion


def to_teach(
    plan: Plan, capabilities: Capabilities, policy: TeachPolicy = "needed"
) -> dict[str, AdapterNeed]:
    """Return what the shots of a plan need adapters for, by id, in the film's order."""
    needs = (n for shot in plan.shots for n in needs_of(shot, capabilities, policy))
    return {need.id: need for need in needs}


def needs_of(
    shot: ShotPlan, capabilities: Capabilities, policy: TeachPolicy = "needed"
) -> Iterator[AdapterNeed]:
    """Yield what one shot needs adapters for."""
    for entity in shot.entities:
        need = _character(entity, capabilities, policy)
        if need is not None:
            yield need
    for beat in shot.beats:
        need = _motion(beat, capabilities, policy)
        if need is not None:
            yield need


def _character(
    entity: Entity, capabilities: Capabilities, policy: TeachPolicy
) -> AdapterNeed | None:
    if entity.lora is not None:
        file, weight = entity.lora.path, entity.lora.weight
        return AdapterNeed(kind="character", name=entity.id, file=file, weight=weight)
    learnt = "character" in capabilities.learns
    cut = "paper figure" in capabilities.learns and entity.character is None
    if not entity.references or not (learnt or cut) or policy == "none":
        return None
    return AdapterNeed(
        kind="character", name=entity.id, look=entity.look, pictures=entity.references
    )


def _motion(beat: Beat, capabilities: Capabilities, policy: TeachPolicy) -> AdapterNeed | None:
    motion = motion_id(beat.motion, capabilities)
    if beat.lora is not None:
        file, weight = beat.lora.path, beat.lora.weight
        return AdapterNeed(kind="motion", name=motion, file=file, weight=weight, entity=beat.entity)
    if policy == "none" or not (beat.lesson or _unknown(motion, beat, capabilities, policy)):
        return None
    return AdapterNeed(kind="motion", name=motion, lesson=beat.lesson)


def clips_for(need: AdapterNeed, found: Retrieval) -> Retrieval:
    """Return what a need is learnt from, of all that was found for its motion.

    A second lesson takes other clips than the first: those that show the motion and were left out
    because others show it as well. Where they alone are too few they come on top.
    """
    spare = {clip.id for clip in spare_clips(found)}
    if not need.lesson or not spare:
        return found
    alone = len(spare) >= FEWEST_CLIPS
    kept = spare if alone else spare | {clip.id for clip in found.kept}
    why = "another lesson: other clips" if alone else "another lesson: more clips"
    clips = tuple(
        clip.model_copy(
            update={"kept": True, "stage": "kept", "reason": why}
            if clip.id in kept
            else {"kept": False, "stage": "likeness", "reason": "the first lesson had it"}
            if clip.kept
            else {}
        )
        for clip in found.clips
    )
    key = sha256(f"lesson {need.lesson} of {found.key}".encode()).hexdigest()
    return found.model_copy(update={"clips": clips, "key": key})


def learnable(shot: ShotPlan, capabilities: Capabilities, policy: TeachPolicy) -> frozenset[str]:
    """Return the motions that an engine of any words could be taught, if it is seen not to know
    them."""
    if policy != "needed" or capabilities.motions or "motion" not in capabilities.learns:
        return frozenset()
    return frozenset(
        beat.motion
        for beat in shot.beats
        if beat.lora is None
        and not _unknown(motion_id(beat.motion, capabilities), beat, capabilities, policy)
    )


def nothing_kept(retrieval: Retrieval) -> str:
    """Say that a search kept nothing, and why."""
    reasons = sorted({clip.reason for clip in retrieval.rejected})
    why = f"; of {len(retrieval.rejected)} found: {', '.join(reasons)}" if reasons else ""
    return f"the library has no clip that can teach it{why}"


def spare_clips(found: Retrieval) -> tuple[RetrievedClip, ...]:
    """Return the clips that show a motion and were left out because others do as well."""
    return tuple(clip for clip in found.clips if not clip.kept and clip.stage == "likeness")


def _unknown(motion: str, beat: Beat, capabilities: Capabilities, policy: TeachPolicy) -> bool:
    """Say whether a motion is to be taught."""
    if capabilities.motions or capabilities.library_motions:
        return motion in capabilities.library_motions and motion not in capabilities.motions
    if "motion" not in capabilities.learns:
        return False
    return policy == "all" or beat.pinned or motion in capabilities.unknown_motions


def unknown_notes(plan: Plan, capabilities: Capabilities) -> list[str]:
    """Return a note for each beat whose motion neither the base model nor the library knows."""
    if not capabilities.motions:
        return []
    own = capabilities.people.motions.keys() if capabilities.people else ()
    kinds = (motion for kind in capabilities.kinds.values() for motion in kind.motions)
    known = {*capabilities.motions, *capabilities.library_motions, *own, *kinds}
    notes: list[str] = []
    for shot in plan.shots:
        for beat in shot.beats:
            if beat.lora is not None or motion_id(beat.motion, capabilities) in known:
                continue
            where = f" ({beat.span})" if beat.span else ""
            notes.append(
                f'shot {shot.id}: neither {capabilities.name} nor its library knows "{beat.motion}"'
                f" of {beat.entity}{where}; it is drawn from the words alone"
            )
    return notes


def untrained_sizes(plan: Plan, capabilities: Capabilities) -> list[str]:
    """Return a note for each figure that a taught motion moves at a size that was not trained."""
    if capabilities.taught_heights is None:
        return []
    least, most = capabilities.taught_heights
    notes: list[str] = []
    for shot in plan.shots:
        for beat in shot.beats:
            if motion_id(beat.motion, capabilities) not in capabilities.library_motions:
                continue
            placed = (keyframe.placement(beat.entity) for keyframe in shot.keyframes)
            heights = [one.box.height for one in placed if one is not None]
            # Boxes have four decimals, and a plan of a model's may round more coarsely.
            wrong = [h for h in heights if not least - 0.01 <= h <= most + 0.01]
            if wrong:
                where = f" ({beat.span})" if beat.span else ""
                notes.append(
                    f"shot {shot.id}: {beat.entity} is {wrong[0]:.2f} of the frame's height, and "
                    f'"{beat.motion}" was learnt at {least:g} to {most:g}{where}: it may be torn'
                )
    return notes


def adapters_of(
    shot: ShotPlan,
    adapters: Mapping[str, Adapter],
    capabilities: Capabilities,
    policy: TeachPolicy = "needed",
) -> tuple[Adapter, ...]:
    """Return the adapters of the shot's own characters and motions, once each."""
    wanted = dict.fromkeys(need.id for need in needs_of(shot, capabilities, policy))
    return tuple(adapters[one] for one in wanted if one in adapters)
