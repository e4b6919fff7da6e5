"""A passage -> the shots it is filmed in: who is in the frame, what each does, where each is.

A passage longer than the engine's clip, or with deeds that follow one another, becomes consecutive
shots in which boxes and motions go on and each begins where the one before ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....plan import Beat, Entity, Keyframe, RenderSettings, ShotPlan
from ..assertions import derived
from ..beats import Act, acts_of
from ..blocking.keyframes import between, in_order
from ..blocking.staging import LastPosition
from ..casting import CastPart, cast_part, region_prompt, words_together
from ..coverage import camera_words, moves_of
from ..pins import is_released, lines_of, origins_of, pins_of
from ..prose import figure_prose, place_prose
from .close_shots import part_shown, seen_in_part
from .cuts import cut_into_shots
from .passage_setup import PassageSetup
from .stretches import BlockedPassage, block_passage


@dataclass(frozen=True, slots=True)
class PassageShots:
    """The shots of a passage, and where everyone stands after it."""

    shots: tuple[ShotPlan, ...]
    after: Mapping[str, LastPosition]


@dataclass(frozen=True, slots=True)
class _Timeline:
    """What happens in a passage, in its own time: who does what, who stands where."""

    acts: Sequence[Act]
    blocked: BlockedPassage


def assemble_shots(
    setup: PassageSetup, first_number: int, before: Mapping[str, LastPosition]
) -> PassageShots:
    """Return the shots of a passage.

    Args:
        setup: what the passage is filmed from.
        first_number: the number of its first shot within the scene.
        before: where everyone was last seen in this place.
    """
    acts = acts_of(
        setup.passage, setup.scene, setup.frame.entities, setup.glossary, setup.capabilities
    )
    blocked = block_passage(setup, acts, before)
    timeline = _Timeline(acts, blocked)
    shots = [
        _shot(setup, f"{setup.scene.id}.{first_number + index}", piece, timeline)
        for index, piece in enumerate(cut_into_shots(setup, acts))
    ]
    joins = [
        shot if index == 0 else shot.model_copy(update={"settings": _continued(shot.settings)})
        for index, shot in enumerate(shots)
    ]
    return PassageShots(tuple(joins), blocked.after)


def _continued(settings: RenderSettings) -> RenderSettings:
    return settings.model_copy(update={"continue_from_previous": True})


def _shot(
    setup: PassageSetup, shot_id: str, piece: tuple[float, float], timeline: _Timeline
) -> ShotPlan:
    """Return the shot that shows a passage from one time to another, both in `piece`."""
    start, end = piece
    here = [a for a in timeline.acts if a.holds(start, end)]
    beats = tuple(_beat(a, piece, timeline.blocked) for a in here)
    passage, scene = setup.passage, setup.scene
    shown = passage.action or passage.follows
    where = passage.lines[0].dialogue if passage.talk and passage.lines else passage.action
    parts = [cast_part(e, setup.glossary, setup.capabilities) for e in setup.frame.entities]
    blocked_here = between(timeline.blocked.keyframes, start, end) if parts else ()
    keyframes = in_order(blocked_here, scene.depths)
    settings = RenderSettings(
        steps=setup.capabilities.steps,
        guidance=setup.capabilities.guidance,
        overlap="union" if keyframes == blocked_here else "depth",
    )
    placed = any(p.pinned for k in keyframes for p in k.placements)
    framing = part_shown(setup, parts, beats, placed)
    if framing is not None:
        keyframes = seen_in_part(keyframes, parts, framing, setup)
    entities = tuple(_entity(part, parts, beats, setup, framing) for part in parts)
    lines_here = lines_of(passage, scene, setup.shot, setup.frame.entities, here)
    if is_released(scene, "layout"):
        keyframes = tuple(map(_unpinned, keyframes))
    notes = [
        *setup.location.notes,
        *(note for part in parts for note in part.notes),
        *(a.note for a in here if a.note),
        *setup.frame.notes,
    ]
    return ShotPlan(
        id=shot_id,
        scene=scene.id,
        duration_s=round(end - start, 6),
        seed=0,
        place=setup.location.place,
        place_id=setup.location.place_id,
        background=place_prose(setup.location.background)
        if setup.capabilities.prose
        else setup.location.background,
        entities=entities,
        keyframes=keyframes,
        beats=beats if not is_released(scene, "motion") else tuple(map(_freed, beats)),
        camera=camera_words(
            scene.camera_moves or moves_of(passage.action, passage.start_s, passage.length_s),
            passage.start_s + start,
            passage.start_s + end,
        ),
        assertions=tuple(derived(shot_id, entities, beats, lines_here)),
        subtitles=tuple(
            line.subtitle(start, end) for line in passage.lines if start <= line.start_s < end
        ),
        settings=settings,
        pins=pins_of(scene, setup.frame.entities, here, setup.named),
        tries=scene.tries.value if scene.tries else 3,
        text=shown.text if shown else scene.heading.text,
        notes=tuple(dict.fromkeys(notes)),
        origins=origins_of(passage, scene, here, lines_here),
        span=where.span if where else scene.heading.span,
    )


def _beat(act: Act, piece: tuple[float, float], blocked: BlockedPassage) -> Beat:
    start, end = max(act.start_s, piece[0]), min(act.end_s, piece[1])
    return Beat(
        entity=act.entity,
        motion=act.motion,
        detail=act.detail,
        start_s=round(start - piece[0], 6),
        end_s=round(end - piece[0], 6),
        facing=blocked.facing(act.entity, start),
        pinned=act.pinned,
        lora=act.lora,
        span=act.span,
    )


def _entity(
    part: CastPart, parts: Sequence[CastPart], beats: Sequence[Beat], setup: PassageSetup,
    framing: str | None,
) -> Entity:  # fmt: skip
    mine = [beat for beat in beats if beat.entity == part.id]
    relations = setup.passage.reading.ties if setup.passage.reading else ()
    # A pinned beat says what the writer fixed, whatever the prose says.
    bonds = [(t.subject, t.bond, t.other) for t in relations if not any(b.pinned for b in mine)]
    motion = mine[0].motion if mine else ""
    together = words_together(bonds, part, parts, motion, setup.capabilities)
    return Entity(
        id=part.id,
        look=part.look,
        prompt=figure_prose(part.look, mine)
        if setup.capabilities.prose
        else region_prompt(part, mine, setup.capabilities, together, framing),
        character=part.character,
        color=part.color,
        references=setup.frame.references.get(part.id, ()),
        lora=setup.frame.loras.get(part.id),
        span=setup.glossary.spans.get(part.id),
    )


def _unpinned(keyframe: Keyframe) -> Keyframe:
    placements = tuple(p.model_copy(update={"pinned": False}) for p in keyframe.placements)
    return keyframe.model_copy(update={"placements": placements})


def _freed(beat: Beat) -> Beat:
    return beat.model_copy(update={"pinned": False})
