"""Tracks of boxes -> their faults: what should move and does not, or covers or misses another.

These are the director's own rules, applied to boxes from anywhere; each fault says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from ....plan import Beat, ShotPlan
from ....story import SIDE_RELATIONS, Box
from ..blocking.keyframes import box_at
from ..blocking.staging import TRAVELS
from ..reading.complements import EntityRelation
from ..reading.lexicon import Bond, Path

Tracks: TypeAlias = dict[str, Sequence[tuple[float, Box]]]

# In parts of the frame: who travels goes further than this, who stays goes no further than that.
_LEAST_WAY, _MOST_DRIFT, _LEAST_RISE = 0.08, 0.20, 0.06
# The part of the smaller of two boxes that may lie under the other.
MOST_OVERLAP = 0.25
_SHORT_S = 0.75
_SIDE_BY_SIDE: frozenset[Bond] = frozenset({"left-of", "right-of"})


def layout_faults(
    shot: ShotPlan,
    tracks: Tracks,
    free: set[str],
    ties: Sequence[EntityRelation],
    paths: Mapping[str, Path],
) -> list[str]:
    """Return the faults that moving the boxes of the `free` entities can correct."""
    faults: list[str] = []
    for beat in shot.beats:
        if beat.entity in free and beat.end_s - beat.start_s >= _SHORT_S:
            faults += _motion_faults(beat, tracks[beat.entity], paths[beat.motion])
    faults += _overlap_faults(tracks, free, ties)
    faults += _relation_faults(shot, tracks, free, ties)
    return faults


def _motion_faults(beat: Beat, track: Sequence[tuple[float, Box]], path: Path) -> Iterator[str]:
    """Yield an entity whose motion travels and whose box does not, or the other way round."""
    before, after = box_at(track, beat.start_s), box_at(track, beat.end_s)
    moved_right = after.center[0] - before.center[0]
    moved_down = after.center[1] - before.center[1]
    who = f"{beat.entity} {beat.motion}"
    way = 1 if beat.facing == "right" else -1
    if path in TRAVELS and moved_right * way < _LEAST_WAY:
        yield f"{who}: its box must move to the {beat.facing}, by a sixth of the frame or more"
    if path == "rise" and -moved_down < _LEAST_RISE:
        yield f"{who}: its box must rise"
    if path == "descend" and moved_down < _LEAST_RISE:
        yield f"{who}: its box must come down"
    if path in ("stay", "lie", "turn") and max(abs(moved_right), abs(moved_down)) > _MOST_DRIFT:
        yield f"{who}: it does not travel, so its box must stay where it is"


def _overlap_faults(
    tracks: Tracks, free: set[str], ties: Sequence[EntityRelation]
) -> Iterator[str]:
    """Yield pairs whose boxes cover one another although no relation brings them together."""
    apart = _SIDE_BY_SIDE | {"away-from", "toward", "face", "chase", "follow", "lead", "between"}
    bound = {
        frozenset(pair) for t in ties if t.bond not in apart for pair in combinations(t.entities, 2)
    }
    for one, other in combinations(tracks, 2):
        if frozenset((one, other)) in bound or not {one, other} & free:
            continue
        times = sorted({t for e in (one, other) for t, _ in tracks[e]})
        times += [(a + b) / 2 for a, b in zip(times, times[1:], strict=False)]
        if any(box_at(tracks[one], t).shared(box_at(tracks[other], t)) > MOST_OVERLAP
               for t in times):  # fmt: skip
            yield f"{one} and {other} cover one another; put them apart"


def _relation_faults(
    shot: ShotPlan, tracks: Tracks, free: set[str], ties: Sequence[EntityRelation]
) -> Iterator[str]:
    """Yield relations that the text states or the writer expects and the boxes contradict."""
    expected = [
        EntityRelation(a.subject, side, a.other)
        for a in shot.assertions
        if a.origin == "expect" and a.subject and a.other and (side := SIDE_RELATIONS.get(a.metric))
    ]
    middle = shot.duration_s / 2
    for tie in dict.fromkeys((*expected, *ties)):
        present = [e for e in tie.entities if e in tracks]
        if len(present) < len(tie.entities) or not set(present) & free:
            continue
        boxes = [box_at(tracks[e], middle) for e in tie.entities]
        if not _holds(tie.bond, *boxes):
            third = f" and {tie.third}" if tie.third else ""
            yield f"{tie.subject} must be {tie.bond} {tie.other}{third}"


def _holds(bond: Bond, one: Box, other: Box, third: Box | None = None) -> bool:
    if bond == "between" and third is not None:
        return one.is_between(other, third)
    side = SIDE_RELATIONS.get(bond)
    return side is None or one.stands(side, other)
