"""A passage and its acts -> its stretches, blocked and joined.

A stretch ends wherever anybody does something else: within it nobody changes what they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....plan import Keyframe
from ....story import SIDE_RELATIONS, Layout
from ..beats import Act
from ..blocking.blocking import Blocking, block
from ..blocking.keyframes import joined
from ..blocking.staging import BlockedActor, Facing, LastPosition, PinnedKey
from ..casting import CastPart, cast_part
from ..reading.complements import EntityRelation
from .passage_setup import PassageSetup

# Width / height of somebody of whom only the name is known, and how tall a prop is beside them.
_ASPECT, _OPEN_ASPECT = 0.85, 0.7
_PROP_SIZE = 0.4


@dataclass(frozen=True, slots=True)
class BlockedPassage:
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


def block_passage(
    setup: PassageSetup, acts: Sequence[Act], before: Mapping[str, LastPosition]
) -> BlockedPassage:
    """Block a passage stretch by stretch: a stretch ends wherever anybody does something else."""
    passage, world = setup.passage, setup.capabilities
    marks = sorted({0.0, passage.length_s, *(a.start_s for a in acts), *(a.end_s for a in acts)})
    stretches: list[tuple[float, Sequence[Keyframe]]] = []
    facings: list[tuple[float, Mapping[str, Facing]]] = []
    after: Mapping[str, LastPosition] = before
    for start, end in zip(marks, marks[1:], strict=False):
        if end - start <= 1e-6:
            continue
        actors = [_actor(setup, e, acts, (start, end), after) for e in setup.frame.entities]
        blocking: Blocking = block(
            actors,
            _relations(setup),
            end - start,
            frame_aspect=world.width / world.height,
            continuing=bool(stretches),
        )
        stretches.append((start, blocking.keyframes))
        facings.append((start, blocking.facing))
        after = blocking.after
    return BlockedPassage(joined(stretches), tuple(facings), after)


def _actor(
    setup: PassageSetup,
    entity: str,
    acts: Sequence[Act],
    stretch: tuple[float, float],
    before: Mapping[str, LastPosition],
) -> BlockedActor:
    """Return an entity as it is blocked in a stretch, which is a start and an end in seconds."""
    start_s, end_s = stretch
    act = next(a for a in acts if a.entity == entity and a.holds(start_s, end_s))
    prop = entity in setup.glossary.props
    part = cast_part(entity, setup.glossary, setup.capabilities)
    layout = next((x for x in setup.scene.layouts if x.entity == entity), None)
    origin = setup.passage.start_s
    heights = _heights(
        setup,
        part,
        any(a.entity == entity and a.motion in setup.capabilities.library_motions for a in acts),
    )
    return BlockedActor(
        entity=entity,
        # What was learnt from clips of one figure moves as it does there; anything else gets room.
        path="roomy" if act.path == "flip" and heights is None else act.path,
        aspect=_aspect(setup, part),
        direction=act.direction,
        spot=setup.frame.spots.get(entity),
        before=before.get(entity),
        pinned=_pinned_keys(layout, origin + start_s, origin + end_s) if layout else (),
        share=(end_s - start_s) / max(1e-6, act.end_s - act.start_s),
        size=(_PROP_SIZE if prop and not part.kind else part.size) * setup.frame.scale,
        stage=setup.capabilities.stage,
        heights=heights,
    )


def _heights(setup: PassageSetup, part: CastPart, learns: bool) -> tuple[float, float] | None:
    """Return the least and the largest standing height of somebody; None for any.

    An animal that is larger than those of training pales and tears, and smaller ones do not; what
    was learnt from clips has their sizes.
    """
    heights = setup.capabilities.taught_heights
    if heights is None or learns:
        return heights
    animal = part.character in setup.capabilities.characters and part.kind is None
    return (0.0, heights[1]) if animal else None


def _aspect(setup: PassageSetup, part: CastPart) -> float:
    fallback = _ASPECT if setup.capabilities.characters else _OPEN_ASPECT
    return setup.capabilities.aspects.get(part.character or "", fallback)


def _pinned_keys(layout: Layout, start_s: float, end_s: float) -> tuple[PinnedKey, ...]:
    """Return a layout's keys within a stretch of the scene, with its boxes at both ends."""
    times = [t for t in layout.times if start_s + 1e-6 < t < end_s - 1e-6]
    # Microseconds, as everywhere in keyframes: shifting a time must not make it another one.
    return tuple(
        PinnedKey(round(t - start_s, 6), layout.box_at(t)) for t in (start_s, *times, end_s)
    )


def _relations(setup: PassageSetup) -> list[EntityRelation]:
    """Return the relations of a passage: by `@expect`, by the prose, and by who speaks to whom."""
    prose = list(setup.passage.reading.ties) if setup.passage.reading else []
    bound = {frozenset((t.subject, t.other)) for t in prose}
    expected = [
        EntityRelation(w.subject, side, w.other)
        for w in setup.scene.expectations
        if (side := SIDE_RELATIONS.get(w.metric)) and w.subject and w.other
        and frozenset((w.subject, w.other)) not in bound
    ]  # fmt: skip
    return [*expected, *prose, *setup.frame.talks]
