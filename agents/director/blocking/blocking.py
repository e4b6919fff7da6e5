"""Who does what to whom, for how long -> a box for everyone on keyframes.

Everyone stands in a lane of their own and feet are on the ground, so that nobody covers anybody
unless the text or a pinned box asks for it: who passes somebody shares a lane with them, and so
do those above and beneath. Moving ones move, by a quarter to a half of the frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ....plan import Keyframe, Placement
from ....story import Box
from ..reading.complements import EntityRelation
from .columns import MARGIN, SIDES, ColumnFigure, ColumnGroup, figure_of, grouped
from .keyframes import box_at
from .lanes import Lane, carry_on, lay_out, shrink
from .paths import MANNERS
from .staging import BlockedActor, Facing, LastPosition, Lineup, stage

_LEAST_ROOM = 0.15
_LEAST_SIDE = 0.04


@dataclass(frozen=True, slots=True)
class Blocking:
    """Keyframes of a stretch of time, with how it leaves everyone and which way each faces."""

    keyframes: tuple[Keyframe, ...]
    facing: Mapping[str, Facing]
    after: Mapping[str, LastPosition]


def block(
    actors: Sequence[BlockedActor],
    ties: Sequence[EntityRelation],
    duration_s: float,
    *,
    frame_aspect: float,
    continuing: bool = False,
) -> Blocking:
    """Return where everyone is during a stretch of time.

    Args:
        actors: who is in the frame, in order of mention.
        ties: bonds between them; those to somebody else are ignored.
        duration_s: the stretch.
        frame_aspect: width / height of the frame in pixels.
        continuing: the camera runs on from the stretch before, so that everyone begins where
            `before` says instead of near it.
    """
    if continuing:  # a side of the frame is where one begins, and this is no beginning
        actors = [replace(a, spot=None) if a.before and a.spot in SIDES else a for a in actors]
    staged = stage(actors, ties)
    ties = [t for t in ties if set(t.entities) <= set(staged.order)]
    free = [a for a in actors if not a.pinned]
    count = len(actors)
    figures = {a.entity: figure_of(a, count, frame_aspect, duration_s, continuing) for a in free}
    groups = grouped(staged, figures, ties)
    tracks: dict[str, list[tuple[float, Box]]] = {}
    for left, right, part in _rooms(groups, staged, actors):
        for group, lane in _laned(part, left, right, continuing):
            for figure in group.figures:
                track = _track(figure, lane, duration_s)
                if continuing and figure.actor.before is not None:
                    track[0] = (0.0, figure.actor.before.box)
                tracks[figure.actor.entity] = track
    for actor in actors:
        if actor.pinned:
            tracks[actor.entity] = [(k.time_s, k.box) for k in actor.pinned]
    depths = {f.actor.entity: f.depth for g in groups for f in g.figures}
    keyframes = _keyframes(actors, tracks, depths, duration_s)
    return Blocking(keyframes, staged.facing, _left_standing(actors, keyframes, staged))


def _rooms(
    groups: Sequence[ColumnGroup], staged: Lineup, actors: Sequence[BlockedActor]
) -> list[tuple[float, float, list[ColumnGroup]]]:
    """Return stretches of the frame free of pinned boxes, each with the groups that it takes."""
    boxes = [k.box for a in actors for k in a.pinned]
    if not boxes:
        return [(MARGIN, 1 - MARGIN, list(groups))]
    low, high = min(b.left for b in boxes), max(b.right for b in boxes)
    sides = ((MARGIN, low - 0.02), (high + 0.02, 1 - MARGIN))
    pinned = [a.entity for a in actors if a.pinned]
    first, last = (f(map(staged.order.index, pinned)) for f in (min, max))
    parts: tuple[list[ColumnGroup], list[ColumnGroup]] = ([], [])
    for group in groups:
        place = staged.order.index(group.figures[0].actor.entity)
        side = 0 if place < first else 1
        if first < place < last or _room(sides[side]) < _LEAST_ROOM:
            side = 0 if _room(sides[0]) > _room(sides[1]) else 1
        parts[side].append(group)
    if max(map(_room, sides)) < _LEAST_ROOM:  # the pinned boxes leave no place beside them
        return [(MARGIN, 1 - MARGIN, list(groups))]
    return [(*room, part) for room, part in zip(sides, parts, strict=True) if part]


def _room(side: tuple[float, float]) -> float:
    return side[1] - side[0]


def _laned(
    groups: Sequence[ColumnGroup], left: float, right: float, continuing: bool
) -> list[tuple[ColumnGroup, Lane]]:
    """Return each group with its lane, made smaller where they would not fit."""
    columns = [g.column for g in groups]
    if continuing and all(c.start is not None for c in columns):
        return list(zip(groups, carry_on(columns, left, right), strict=True))
    factor = shrink(columns, right - left)
    fitted = [g.scaled(factor) for g in groups]
    lanes = lay_out([g.column for g in fitted], left, right)
    return list(zip(fitted, lanes, strict=True))


def _track(figure: ColumnFigure, lane: Lane, duration_s: float) -> list[tuple[float, Box]]:
    track: list[tuple[float, Box]] = []
    for step in figure.steps:
        left = lane.start + (lane.end - lane.start) * step.time
        left += figure.start + (figure.end - figure.start) * step.time
        bottom = figure.feet - figure.lift * step.up
        track.append((step.time * duration_s, _inside(left, bottom, figure.width, figure.height)))
    return track


def _inside(left: float, bottom: float, width: float, height: float) -> Box:
    """Return a box moved, and if need be cut, to lie in the frame; four decimals are enough."""
    wide, tall = min(1.0, max(_LEAST_SIDE, width)), min(1.0, max(_LEAST_SIDE, height))
    left, top = min(max(0.0, left), 1 - wide), min(max(0.0, bottom - height), 1 - tall)
    return Box(round(left, 4), round(top, 4), round(left + wide, 4), round(top + tall, 4))


def _keyframes(
    actors: Sequence[BlockedActor],
    tracks: Mapping[str, Sequence[tuple[float, Box]]],
    depths: Mapping[str, int],
    duration_s: float,
) -> tuple[Keyframe, ...]:
    """Return a keyframe wherever anybody's track turns, with everyone's box at that time."""
    ends = round(duration_s, 4)  # a sum of lengths may fall short of its last key by a hair
    fixed = sorted({k.time_s for a in actors for k in a.pinned if 0 <= round(k.time_s, 4) <= ends})
    times = {round(time, 4) for track in tracks.values() for time, _ in track}
    times |= {0.0, ends}
    times = {t for t in times if 0 <= t <= ends and all(abs(t - f) > 1e-3 for f in fixed)}
    frames = []
    for time_s in sorted({*times, *fixed}):
        placements = tuple(
            Placement(
                entity=a.entity,
                box=box_at(tracks[a.entity], time_s),
                depth=depths.get(a.entity, 0),
                pinned=bool(a.pinned),
            )
            for a in actors
        )
        frames.append(Keyframe(time_s=time_s, placements=placements))
    return tuple(frames)


def _left_standing(
    actors: Sequence[BlockedActor],
    keyframes: Sequence[Keyframe],
    staged: Lineup,
) -> dict[str, LastPosition]:
    standing: dict[str, LastPosition] = {}
    for actor in actors:
        placed = keyframes[-1].placement(actor.entity)
        if placed is None:
            continue
        manner = MANNERS[actor.path]
        height = (placed.box.height - manner.stretch) / manner.tall
        standing[actor.entity] = LastPosition(
            placed.box.center[0],
            placed.box.bottom,
            max(_LEAST_SIDE, height),
            placed.box,
            staged.facing[actor.entity],
        )
    return standing
