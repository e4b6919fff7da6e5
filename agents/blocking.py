"""Who does what to whom, for how long -> a box for everyone on keyframes.

Everyone stands in a lane of their own and feet are on the ground, so that nobody covers anybody
unless the text or a pinned box asks for it: who passes somebody shares a lane with them, and so
do those above and beneath. Moving ones move, by a quarter to a half of the frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..plan import Keyframe, Placement
from ..story import Box
from .courses import MANNERS, Step, course, leap_over
from .lanes import Column, Lane, carry_on, lay_out, shrink
from .lexicon import Spot
from .staging import Actor, Facing, Stage, Standing, stage
from .tails import Tie

MARGIN = 0.03
GROUND = 0.90
# Standing heights by how many are in the frame, one first; more than that are as small as four.
HEIGHTS = (0.55, 0.46, 0.38, 0.32)
_FAR, _NEAR, _BEHIND = 0.6, 1.2, 0.85
_FAR_GROUND, _NEAR_GROUND, _BEHIND_GROUND = 0.80, 0.96, 0.84
# Where a frame is shared by one above and one beneath, each keeps to its side of this line.
_HORIZON = 0.48
_SIDES: dict[Spot, float] = {"left": 0.2, "middle": 0.5, "right": 0.8}
_LEAST_ROOM = 0.15
_LEAST_SIDE = 0.04


@dataclass(frozen=True, slots=True)
class Blocking:
    """Keyframes of a stretch of time, with how it leaves everyone and which way each faces."""

    keyframes: tuple[Keyframe, ...]
    facing: Mapping[str, Facing]
    after: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class _Figure:
    """An actor's size and ground. `start` and `end` are its left edge within its column."""

    actor: Actor
    height: float
    width: float
    feet: float
    lift: float
    steps: tuple[Step, ...]
    depth: int = 0
    start: float = 0.0
    end: float = 0.0

    def scaled(self, factor: float) -> _Figure:
        """Return the figure with its body and its way within the column made smaller."""
        return replace(
            self,
            height=self.height * factor,
            width=self.width * factor,
            start=self.start * factor,
            end=self.end * factor,
        )


@dataclass(frozen=True, slots=True)
class _Group:
    """Figures that share a lane, and the lane's column."""

    figures: tuple[_Figure, ...]
    column: Column

    def scaled(self, factor: float) -> _Group:
        column = replace(
            self.column, width=self.column.width * factor, overlap=self.column.overlap * factor
        )
        return _Group(tuple(f.scaled(factor) for f in self.figures), column)


def block(
    actors: Sequence[Actor],
    ties: Sequence[Tie],
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
        actors = [replace(a, spot=None) if a.before and a.spot in _SIDES else a for a in actors]
    staged = stage(actors, ties)
    ties = [t for t in ties if set(t.entities) <= set(staged.order)]
    free = [a for a in actors if not a.pinned]
    count = len(actors)
    figures = {a.entity: _figure(a, count, frame_aspect, duration_s, continuing) for a in free}
    groups = _grouped(staged, figures, ties)
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


def _figure(
    actor: Actor, count: int, frame_aspect: float, duration_s: float, continuing: bool
) -> _Figure:
    """Return an actor's size and how it moves, were it alone in its lane."""
    manner = MANNERS[actor.path]
    scale = {"far": _FAR, "near": _NEAR}.get(actor.spot or "", 1.0)
    feet = {"far": _FAR_GROUND, "near": _NEAR_GROUND}.get(actor.spot or "", GROUND)
    standing = HEIGHTS[min(count, len(HEIGHTS)) - 1] * scale
    kept = actor.before if continuing else None
    if kept is not None:
        standing = kept.height
        if kept.feet < feet - 0.02 and actor.path in ("stay", "rise", "glide", "turn", "roomy"):
            feet = kept.feet
    width = standing * manner.wide * actor.aspect / frame_aspect
    height = standing * manner.tall + manner.stretch
    height = min(height, feet - MARGIN)
    lift = max(0.0, min(manner.lift, feet - height - MARGIN))
    if kept is not None and actor.path == "descend":
        lift = max(0.0, min(lift, feet - kept.feet)) or lift
    depth = {"far": 1, "near": -1}.get(actor.spot or "", 0)
    return _Figure(actor, height, width, feet, lift, course(actor.path, duration_s), depth)


def _grouped(
    staged: Stage, figures: Mapping[str, _Figure], ties: Sequence[Tie]
) -> list[_Group]:
    """Return the columns from left to right."""
    partner: dict[str, Tie] = {}
    for tie in ties:
        both = tie.subject in figures and tie.other in figures
        fresh = tie.subject not in partner and tie.other not in partner
        if both and fresh and tie.bond in ("above", "below", "cross"):
            partner[tie.subject] = partner[tie.other] = tie
    groups: list[_Group] = []
    done: set[str] = set()
    for entity in staged.order:
        if entity not in figures or entity in done:
            continue
        bond = partner.get(entity)
        if bond is None:
            groups.append(_alone(figures[entity], staged, ties, groups))
            done.add(entity)
            continue
        pair = (figures[bond.subject], figures[bond.other])
        build = _crossing if bond.bond == "cross" else _stacked
        groups.append(build(bond, *pair, staged))
        done |= {bond.subject, bond.other}
    return groups


def _alone(
    figure: _Figure, staged: Stage, ties: Sequence[Tie], before: Sequence[_Group]
) -> _Group:
    """Return a column of one; who stands behind its left neighbour, or before it, overlaps it."""
    entity = figure.actor.entity
    overlap = 0.0
    for tie in ties:
        if tie.bond not in ("behind", "in-front-of") or entity not in (tie.subject, tie.other):
            continue
        back = tie.subject if tie.bond == "behind" else tie.other
        other = tie.other if tie.subject == entity else tie.subject
        if before and before[-1].figures[-1].actor.entity == other:
            overlap = 0.35 * min(figure.width, before[-1].column.width)
        if back == entity:
            figure = replace(figure.scaled(_BEHIND), feet=_BEHIND_GROUND, depth=figure.depth + 1)
    way = figure.actor.share if staged.facing[entity] == "right" else -figure.actor.share
    travel = MANNERS[figure.actor.path].travel * way
    return _Group((figure,), Column(figure.width, travel, _wished(figure), overlap))


def _wished(figure: _Figure) -> float | None:
    """Return the left edge with which an actor would stand where it was left or is said to be."""
    actor = figure.actor
    if actor.spot in _SIDES:
        middle = _SIDES[actor.spot]
    elif actor.before is not None:
        middle = actor.before.x
    else:
        return None
    return middle - figure.width / 2


def _crossing(tie: Tie, mover: _Figure, other: _Figure, staged: Stage) -> _Group:
    """Return a column in which one passes the other, in front of it and nearer to the camera."""
    other = replace(other.scaled(0.9), feet=_BEHIND_GROUND, depth=other.depth + 1)
    if mover.actor.path == "jump":
        lift = min(other.height, mover.feet - mover.height - MARGIN)
        mover = replace(mover, steps=leap_over(), lift=max(0.0, lift))
    width = 0.45 + max(mover.width, other.width)
    moved = _across(mover, width, staged, moves=True)
    passed = _across(other, width, staged, moves=other.actor.travels)
    if other.actor.travels and (moved.end > moved.start) == (passed.end > passed.start):
        passed = replace(passed, start=passed.end, end=passed.start)
    return _Group((moved, passed), Column(width))


def _across(figure: _Figure, width: float, staged: Stage, *, moves: bool) -> _Figure:
    room = width - figure.width
    if not moves:
        return replace(figure, start=room / 2, end=room / 2)
    rightward = staged.facing[figure.actor.entity] == "right"
    return replace(figure, start=0.0 if rightward else room, end=room if rightward else 0.0)


def _stacked(tie: Tie, subject: _Figure, other: _Figure, staged: Stage) -> _Group:
    """Return a column of one above and one beneath, who go along together."""
    upper, lower = (subject, other) if tie.bond == "above" else (other, subject)
    lift = min(lower.lift, 0.10)
    tall = min(lower.height, GROUND - _HORIZON - 0.02 - lift)
    lower = replace(_shrunk(lower, tall), lift=lift, feet=GROUND)
    upper = _shrunk(upper, min(upper.height, _HORIZON - MARGIN - 0.08))
    feet = _HORIZON - 0.02
    upper = replace(upper, feet=feet, lift=min(upper.lift, feet - upper.height - MARGIN))
    widest = max(upper.width, lower.width)
    ways = {staged.facing[f.actor.entity] for f in (upper, lower) if f.actor.travels}
    if upper.actor.travels and lower.actor.travels and len(ways) == 1:
        way = subject.actor.share if ways == {"right"} else -subject.actor.share
        travel = MANNERS[subject.actor.path].travel * way
        pair = tuple(replace(f, start=(w := (widest - f.width) / 2), end=w) for f in (upper, lower))
        return _Group(pair, Column(widest, travel, _wished(subject)))
    width = widest + (0.35 if ways else 0.0)
    parts = (_across(f, width, staged, moves=f.actor.travels) for f in (upper, lower))
    return _Group(tuple(parts), Column(width, 0.0, None if ways else _wished(subject)))


def _shrunk(figure: _Figure, height: float) -> _Figure:
    return figure.scaled(height / figure.height)


def _rooms(
    groups: Sequence[_Group], staged: Stage, actors: Sequence[Actor]
) -> list[tuple[float, float, list[_Group]]]:
    """Return stretches of the frame free of pinned boxes, each with the groups that it takes."""
    boxes = [k.box for a in actors for k in a.pinned]
    if not boxes:
        return [(MARGIN, 1 - MARGIN, list(groups))]
    low, high = min(b.left for b in boxes), max(b.right for b in boxes)
    sides = ((MARGIN, low - 0.02), (high + 0.02, 1 - MARGIN))
    pinned = [a.entity for a in actors if a.pinned]
    first, last = (f(map(staged.order.index, pinned)) for f in (min, max))
    parts: tuple[list[_Group], list[_Group]] = ([], [])
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
    groups: Sequence[_Group], left: float, right: float, continuing: bool
) -> list[tuple[_Group, Lane]]:
    """Return each group with its lane, made smaller where they would not fit."""
    columns = [g.column for g in groups]
    if continuing and all(c.start is not None for c in columns):
        return list(zip(groups, carry_on(columns, left, right), strict=True))
    factor = shrink(columns, right - left)
    fitted = [g.scaled(factor) for g in groups]
    lanes = lay_out([g.column for g in fitted], left, right)
    return list(zip(fitted, lanes, strict=True))


def _track(figure: _Figure, lane: Lane, duration_s: float) -> list[tuple[float, Box]]:
    track: list[tuple[float, Box]] = []
    for step in figure.steps:
        left = lane.start + (lane.end - lane.start) * step.time
        left += figure.start + (figure.end - figure.start) * step.time
        bottom = figure.feet - figure.lift * step.up
        box = Box(left, bottom - figure.height, left + figure.width, bottom)
        track.append((step.time * duration_s, _inside(box)))
    return track


def _inside(box: Box) -> Box:
    """Return a box moved, and if need be cut, to lie in the frame; four decimals are enough."""
    wide, tall = min(1.0, max(_LEAST_SIDE, box.width)), min(1.0, max(_LEAST_SIDE, box.height))
    left, top = min(max(0.0, box.left), 1 - wide), min(max(0.0, box.top), 1 - tall)
    return Box(round(left, 4), round(top, 4), round(left + wide, 4), round(top + tall, 4))


def _keyframes(
    actors: Sequence[Actor],
    tracks: Mapping[str, Sequence[tuple[float, Box]]],
    depths: Mapping[str, int],
    duration_s: float,
) -> tuple[Keyframe, ...]:
    """Return a keyframe wherever anybody's track turns, with everyone's box at that time."""
    fixed = sorted({k.time_s for a in actors for k in a.pinned if 0 <= k.time_s <= duration_s})
    times = {round(time, 4) for track in tracks.values() for time, _ in track}
    times |= {0.0, round(duration_s, 4)}
    times = {t for t in times if 0 <= t <= duration_s and all(abs(t - f) > 1e-3 for f in fixed)}
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


def box_at(track: Sequence[tuple[float, Box]], time_s: float) -> Box:
    """Return the box of a track at a time, linear between its keys and still outside of them."""
    if time_s <= track[0][0]:
        return track[0][1]
    for (start, before), (end, after) in zip(track, track[1:], strict=False):
        if time_s == end:
            return after
        if time_s < end:
            return before.blend(after, (time_s - start) / (end - start))
    return track[-1][1]


def _left_standing(
    actors: Sequence[Actor],
    keyframes: Sequence[Keyframe],
    staged: Stage,
) -> dict[str, Standing]:
    standing: dict[str, Standing] = {}
    for actor in actors:
        placed = keyframes[-1].placement(actor.entity)
        if placed is None:
            continue
        manner = MANNERS[actor.path]
        height = (placed.box.height - manner.stretch) / manner.tall
        standing[actor.entity] = Standing(
            placed.box.center[0],
            placed.box.bottom,
            max(_LEAST_SIDE, height),
            placed.box,
            staged.facing[actor.entity],
        )
    return standing
