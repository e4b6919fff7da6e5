"""A passage -> the shots it is filmed in: who is in the frame, what each does, where each stands.

A passage longer than the engine's clip, or with deeds that follow one another, becomes consecutive
shots in which boxes and motions go on and each begins where the one before ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...plan import Beat, Capabilities, Entity, Keyframe, RenderSettings, ShotPlan, Subtitle
from ...story import SIDE_RELATIONS, Layout, Scene, Shot
from ...story import Location as Declared
from .assertions import derived
from .beats import Act, acts_of
from .blocking.blocking import Blocking, block
from .blocking.keyframes import between, in_order, joined
from .blocking.staging import BlockedActor, Facing, LastPosition, PinnedKey
from .casting import CastPart, cast_part, region_prompt, words_together
from .coverage import camera_words
from .framing import Framing
from .locations import ShotLocation
from .passages import Passage
from .pins import is_released, lines_of, origins_of, pins_of
from .reading.complements import EntityRelation
from .reading.glossary import Glossary
from .subtitles import subtitles

# Width / height of somebody of whom only the name is known, and how tall a prop is beside them.
_ASPECT, _OPEN_ASPECT = 0.85, 0.7
_PROP_SIZE = 0.4
_LEAST_SHOT_S = 1.0


@dataclass(frozen=True, slots=True)
class PassageSetup:
    """Everything that a passage is filmed from.

    `shot` is the writer's own `@shot` if there is one, `named` the `@location` of the heading.
    """

    scene: Scene
    passage: Passage
    frame: Framing
    location: ShotLocation
    glossary: Glossary
    capabilities: Capabilities
    shot: Shot | None = None
    named: Declared | None = None


@dataclass(frozen=True, slots=True)
class PassageShots:
    """The shots of a passage, and how it leaves everyone."""

    shots: tuple[ShotPlan, ...]
    after: Mapping[str, LastPosition]


@dataclass(frozen=True, slots=True)
class _BlockedPassage:
    """A whole passage blocked: keyframes, and the facings from each time on."""

    keyframes: tuple[Keyframe, ...]
    facings: tuple[tuple[float, Mapping[str, Facing]], ...]
    after: Mapping[str, LastPosition]

    def facing(self, entity: str, time_s: float) -> Facing:
        held: Facing = "right"
        for start_s, facing in self.facings:
            if start_s <= time_s + 1e-6:
                held = facing.get(entity, held)
        return held


def film(
    setup: PassageSetup, first_number: int, before: Mapping[str, LastPosition]
) -> PassageShots:
    """Return the shots of a passage.

    Args:
        setup: the passage and all about it.
        first_number: the number of its first shot within the scene.
        before: where everyone was last seen in this place.
    """
    acts = acts_of(
        setup.passage, setup.scene, setup.frame.entities, setup.glossary, setup.capabilities
    )
    blocked = _blocked(setup, acts, before)
    pieces = _pieces(setup, acts)
    lines = subtitles(setup.passage.dialogues, setup.passage.length_s)
    shots = [
        _shot(setup, f"{setup.scene.id}.{first_number + index}", piece, acts, blocked, lines)
        for index, piece in enumerate(pieces)
    ]
    joins = [
        shot if index == 0 else shot.model_copy(update={"settings": _continued(shot.settings)})
        for index, shot in enumerate(shots)
    ]
    return PassageShots(tuple(joins), blocked.after)


def _continued(settings: RenderSettings) -> RenderSettings:
    return settings.model_copy(update={"continue_from_previous": True})


def _blocked(
    setup: PassageSetup, acts: Sequence[Act], before: Mapping[str, LastPosition]
) -> _BlockedPassage:
    """Block a passage stretch by stretch: a stretch ends wherever anybody does something else."""
    passage, world = setup.passage, setup.capabilities
    marks = sorted({0.0, passage.length_s, *(a.start_s for a in acts), *(a.end_s for a in acts)})
    stretches: list[tuple[float, Sequence[Keyframe]]] = []
    facings: list[tuple[float, Mapping[str, Facing]]] = []
    after: Mapping[str, LastPosition] = before
    for start, end in zip(marks, marks[1:], strict=False):
        if end - start <= 1e-6:
            continue
        actors = [_actor(setup, e, acts, start, end, after) for e in setup.frame.entities]
        blocking: Blocking = block(
            actors,
            _ties(setup),
            end - start,
            frame_aspect=world.width / world.height,
            continuing=bool(stretches),
        )
        stretches.append((start, blocking.keyframes))
        facings.append((start, blocking.facing))
        after = blocking.after
    return _BlockedPassage(joined(stretches), tuple(facings), after)


def _actor(
    setup: PassageSetup,
    entity: str,
    acts: Sequence[Act],
    start_s: float,
    end_s: float,
    before: Mapping[str, LastPosition],
) -> BlockedActor:
    act = next(a for a in acts if a.entity == entity and a.holds(start_s, end_s))
    prop = entity in setup.glossary.props
    layout = next((x for x in setup.scene.layouts if x.entity == entity), None)
    origin = setup.passage.start_s
    return BlockedActor(
        entity=entity,
        path=act.path,
        aspect=_aspect(setup, entity),
        direction=act.direction,
        spot=setup.frame.spots.get(entity),
        before=before.get(entity),
        pinned=_pinned_keys(layout, origin + start_s, origin + end_s) if layout else (),
        share=(end_s - start_s) / max(1e-6, act.end_s - act.start_s),
        size=(_PROP_SIZE if prop else 1.0) * setup.frame.scale,
    )


def _aspect(setup: PassageSetup, entity: str) -> float:
    part = cast_part(entity, setup.glossary, setup.capabilities)
    fallback = _ASPECT if setup.capabilities.characters else _OPEN_ASPECT
    return setup.capabilities.aspects.get(part.character or "", fallback)


def _pinned_keys(layout: Layout, start_s: float, end_s: float) -> tuple[PinnedKey, ...]:
    """Return a layout's keys within a stretch of the scene, with its boxes at both ends."""
    times = [t for t in layout.times if start_s + 1e-6 < t < end_s - 1e-6]
    # Microseconds, as everywhere in keyframes: shifting a time must not make it another one.
    return tuple(
        PinnedKey(round(t - start_s, 6), layout.box_at(t)) for t in (start_s, *times, end_s)
    )


def _ties(setup: PassageSetup) -> list[EntityRelation]:
    """Return the bonds of a passage: expected ones, told ones, and who speaks to whom."""
    told = list(setup.passage.reading.ties) if setup.passage.reading else []
    bound = {frozenset((t.subject, t.other)) for t in told}
    wished = [
        EntityRelation(w.subject, side, w.other)
        for w in setup.scene.expectations
        if (side := SIDE_RELATIONS.get(w.metric)) and w.subject and w.other
        and frozenset((w.subject, w.other)) not in bound
    ]  # fmt: skip
    return [*wished, *told, *setup.frame.talks]


def _pieces(setup: PassageSetup, acts: Sequence[Act]) -> list[tuple[float, float]]:
    """Return the shots of a passage as stretches, each no longer than a clip."""
    passage, capabilities = setup.passage, setup.capabilities
    pieces: list[tuple[float, float]] = []
    # The writer's own shot is cut nowhere but where a clip ends.
    own = setup.shot is not None
    marks = [0.0, passage.length_s] if own else _cuts(passage, acts, capabilities)
    for start, end in zip(marks, marks[1:], strict=False):
        clips = max(1, math.ceil((end - start) / capabilities.clip_s - 1e-6))
        inner = [start + (end - start) * i / clips for i in range(clips + 1)]
        # Cuts fall on whole frames; the ends stay where they are.
        inner[1:-1] = [round(m * capabilities.fps) / capabilities.fps for m in inner[1:-1]]
        pieces += zip(inner, inner[1:], strict=False)
    return pieces


def _cuts(passage: Passage, acts: Sequence[Act], capabilities: Capabilities) -> list[float]:
    """Return where a passage is best cut: between phases, or where a fixed beat ends.

    What is timed by the writer and fits one clip stays one shot.
    """
    length = passage.length_s
    if any(act.pinned for act in acts):
        changes = sorted({a.start_s for a in acts}) if length > capabilities.clip_s else []
    else:
        changes = [length * i / len(passage.phases) for i in range(len(passage.phases))]
    marks = [0.0]
    for change in changes:
        if change - marks[-1] >= _LEAST_SHOT_S and length - change >= _LEAST_SHOT_S:
            marks.append(change)
    return [*marks, length]


def _shot(
    setup: PassageSetup,
    shot_id: str,
    piece: tuple[float, float],
    acts: Sequence[Act],
    blocked: _BlockedPassage,
    lines: Sequence[Subtitle],
) -> ShotPlan:
    start, end = piece
    here = [a for a in acts if a.holds(start, end)]
    beats = tuple(_beat(a, piece, blocked) for a in here)
    passage, scene = setup.passage, setup.scene
    parts = [cast_part(e, setup.glossary, setup.capabilities) for e in setup.frame.entities]
    blocked_here = between(blocked.keyframes, start, end) if parts else ()
    keyframes = in_order(blocked_here, scene.depths)
    settings = RenderSettings(
        steps=setup.capabilities.steps,
        guidance=setup.capabilities.guidance,
        overlap="union" if keyframes == blocked_here else "depth",
    )
    entities = tuple(_entity(part, parts, beats, setup) for part in parts)
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
        background=setup.location.background,
        entities=entities,
        keyframes=keyframes,
        beats=beats if not is_released(scene, "motion") else tuple(map(_freed, beats)),
        camera=camera_words(scene.camera_moves, passage.start_s + start, passage.start_s + end),
        assertions=tuple(derived(shot_id, entities, beats, lines_here)),
        subtitles=tuple(_shifted(line, piece) for line in lines if start <= line.start_s < end),
        settings=settings,
        pins=pins_of(scene, setup.frame.entities, here, setup.named),
        tries=scene.tries.value if scene.tries else 3,
        text=passage.action.text if passage.action else scene.heading.text,
        notes=tuple(dict.fromkeys(notes)),
        origins=origins_of(passage, scene, here, lines_here),
        span=passage.action.span if passage.action else scene.heading.span,
    )


def _beat(act: Act, piece: tuple[float, float], blocked: _BlockedPassage) -> Beat:
    start, end = max(act.start_s, piece[0]), min(act.end_s, piece[1])
    return Beat(
        entity=act.entity,
        motion=act.motion,
        detail=act.detail,
        start_s=round(start - piece[0], 6),
        end_s=round(end - piece[0], 6),
        facing=blocked.facing(act.entity, start),
        pinned=act.pinned,
        span=act.span,
    )


def _entity(
    part: CastPart, parts: Sequence[CastPart], beats: Sequence[Beat], setup: PassageSetup
) -> Entity:
    mine = [beat for beat in beats if beat.entity == part.id]
    told = setup.passage.reading.ties if setup.passage.reading else ()
    # A pinned beat says what the writer said, whatever the prose tells.
    bonds = [(t.subject, t.bond, t.other) for t in told if not any(b.pinned for b in mine)]
    motion = mine[0].motion if mine else ""
    together = words_together(bonds, part, parts, motion, setup.capabilities)
    return Entity(
        id=part.id,
        look=part.look,
        prompt=region_prompt(part, mine, setup.capabilities, together),
        character=part.character,
        color=part.color,
        references=setup.frame.references.get(part.id, ()),
        span=setup.glossary.spans.get(part.id),
    )


def _shifted(line: Subtitle, piece: tuple[float, float]) -> Subtitle:
    """Return a subtitle in the time of the shot in which it begins, ended with it at the latest."""
    start, end = piece
    return line.model_copy(
        update={
            "start_s": round(line.start_s - start, 3),
            "end_s": round(min(line.end_s, end) - start, 3),
        }
    )


def _unpinned(keyframe: Keyframe) -> Keyframe:
    placements = tuple(p.model_copy(update={"pinned": False}) for p in keyframe.placements)
    return keyframe.model_copy(update={"placements": placements})


def _freed(beat: Beat) -> Beat:
    return beat.model_copy(update={"pinned": False})
