"""Actors and bonds -> columns: who shares a lane, how large each is, how each moves within it.

Most have a column of their own. Who passes or carries somebody shares one with them, and so do one
above and one beneath, each on its side of the horizon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..reading.complements import EntityRelation
from ..reading.lexicon import Path, Spot
from .lanes import Column
from .paths import LEAP_S, MANNERS, PathKey, course, leap_over
from .staging import BlockedActor, Lineup

MARGIN = 0.03
GROUND = 0.90
# Standing heights by how many are in the frame, one first; more than that are as small as four.
HEIGHTS = (0.55, 0.46, 0.38, 0.32)
_STAYING: tuple[Path, ...] = ("stay", "rise", "glide", "turn", "flip", "roomy")
_FAR, _NEAR, _BEHIND = 0.6, 1.2, 0.85
_FAR_GROUND, _NEAR_GROUND, _BEHIND_GROUND = 0.80, 0.96, 0.84
# Where somebody sits who is high up, on a branch or a roof.
_HIGH_GROUND = 0.55
# Where a frame is shared by one above and one beneath, each keeps to its side of this line.
_HORIZON = 0.48
# Who is carried: its height and how high it sits, in heights of who carries it.
_RIDER, _SADDLE = 0.76, 0.4
SIDES: dict[Spot, float] = {"left": 0.2, "middle": 0.5, "right": 0.8}


@dataclass(frozen=True, slots=True)
class ColumnFigure:
    """An actor's size and ground. `start` and `end` are its left edge within its column."""

    actor: BlockedActor
    height: float
    width: float
    feet: float
    lift: float
    steps: tuple[PathKey, ...]
    depth: int = 0
    start: float = 0.0
    end: float = 0.0

    def scaled(self, factor: float) -> ColumnFigure:
        """Return the figure with its body and its way within the column made smaller."""
        return replace(
            self,
            height=self.height * factor,
            width=self.width * factor,
            start=self.start * factor,
            end=self.end * factor,
        )


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Figures that share a lane, and the lane's column."""

    figures: tuple[ColumnFigure, ...]
    column: Column

    def scaled(self, factor: float) -> ColumnGroup:
        column = replace(
            self.column, width=self.column.width * factor, overlap=self.column.overlap * factor
        )
        return ColumnGroup(tuple(f.scaled(factor) for f in self.figures), column)


def figure_of(
    actor: BlockedActor, count: int, frame_aspect: float, duration_s: float, continuing: bool
) -> ColumnFigure:
    """Return an actor's size and how it moves, were it alone in its lane."""
    manner = MANNERS[actor.path]
    scale = {"far": _FAR, "near": _NEAR}.get(actor.spot or "", 1.0)
    grounds = {"far": _FAR_GROUND, "near": _NEAR_GROUND, "high": _HIGH_GROUND}
    feet = grounds.get(actor.spot or "", GROUND)
    stage = actor.stage
    usual = stage.height if stage else HEIGHTS[min(count, len(HEIGHTS)) - 1]
    standing = usual * scale * actor.size
    kept = actor.before if continuing else None
    if kept is not None:
        standing = kept.height
        if kept.feet < feet - 0.02 and actor.path in _STAYING:
            feet = kept.feet
    if actor.heights is not None:
        standing = min(max(standing, actor.heights[0]), actor.heights[1])
    width = standing * manner.wide * actor.aspect / frame_aspect
    height = standing * manner.tall + manner.stretch
    height = min(height, feet - MARGIN)
    lift = max(0.0, min(manner.lift, feet - height - MARGIN))
    if kept is not None and actor.path == "descend":
        lift = max(0.0, min(lift, feet - kept.feet)) or lift
    depth = {"far": 1, "near": -1}.get(actor.spot or "", 0)
    steps = course(actor.path, duration_s, leap_s=stage.leap_s if stage else LEAP_S)
    return ColumnFigure(actor, height, width, feet, lift, steps, depth)


def grouped(
    staged: Lineup, figures: Mapping[str, ColumnFigure], ties: Sequence[EntityRelation]
) -> list[ColumnGroup]:
    """Return the columns from left to right."""
    partner: dict[str, EntityRelation] = {}
    for tie in ties:
        both = tie.subject in figures and tie.other in figures
        if both and tie.bond == "cross" and not _passes(figures[tie.subject].actor):
            continue
        fresh = tie.subject not in partner and tie.other not in partner
        if both and fresh and tie.bond in ("above", "below", "cross", "carry"):
            partner[tie.subject] = partner[tie.other] = tie
    groups: list[ColumnGroup] = []
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
        build = {"cross": _crossing, "carry": _carrying}.get(bond.bond, _stacked)
        groups.append(build(bond, *pair, staged))
        done |= {bond.subject, bond.other}
    return groups


def _passes(actor: BlockedActor) -> bool:
    return actor.travels or actor.path == "jump"


def _alone(
    figure: ColumnFigure,
    staged: Lineup,
    ties: Sequence[EntityRelation],
    before: Sequence[ColumnGroup],
) -> ColumnGroup:
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
    stage, usual = figure.actor.stage, MANNERS[figure.actor.path].travel
    travel = (min(usual, stage.travel) if stage else usual) * way
    return ColumnGroup((figure,), Column(figure.width, travel, _wished(figure), overlap))


def _wished(figure: ColumnFigure) -> float | None:
    """Return the left edge with which an actor would stand where it was left or is said to be."""
    actor = figure.actor
    if actor.spot in SIDES:
        middle = SIDES[actor.spot]
    elif actor.before is not None:
        middle = actor.before.x
    else:
        return None
    return middle - figure.width / 2


def _crossing(
    tie: EntityRelation, mover: ColumnFigure, other: ColumnFigure, staged: Lineup
) -> ColumnGroup:
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
    return ColumnGroup((moved, passed), Column(width))


def _across(figure: ColumnFigure, width: float, staged: Lineup, *, moves: bool) -> ColumnFigure:
    room = width - figure.width
    if not moves:
        return replace(figure, start=room / 2, end=room / 2)
    rightward = staged.facing[figure.actor.entity] == "right"
    return replace(figure, start=0.0 if rightward else room, end=room if rightward else 0.0)


def _carrying(
    tie: EntityRelation, carrier: ColumnFigure, rider: ColumnFigure, staged: Lineup
) -> ColumnGroup:
    """Return a column of one who bears another on its back: behind, higher up, and smaller."""
    rider = rider.scaled(_RIDER * carrier.height / rider.height)
    top = MARGIN + rider.height
    feet = max(top, carrier.feet - _SADDLE * carrier.height)
    rider = replace(rider, feet=feet, lift=0.0, depth=carrier.depth + 1)
    width = carrier.width + 0.55 * rider.width
    rightward = staged.facing[carrier.actor.entity] == "right"
    at = (width - carrier.width, 0.0) if rightward else (0.0, width - rider.width)
    carrier = replace(carrier, start=at[0], end=at[0])
    rider = replace(rider, start=at[1], end=at[1])
    way = carrier.actor.share if rightward else -carrier.actor.share
    travel = MANNERS[carrier.actor.path].travel * way
    return ColumnGroup((carrier, rider), Column(width, travel, _wished(carrier)))


def _stacked(
    tie: EntityRelation, subject: ColumnFigure, other: ColumnFigure, staged: Lineup
) -> ColumnGroup:
    """Return a column of one above and one beneath, who go along together."""
    upper, lower = (subject, other) if tie.bond == "above" else (other, subject)
    lift = min(lower.lift, 0.10)
    tall = min(lower.height, GROUND - _HORIZON - 0.02 - lift)
    lower = replace(_shrunk(lower, tall), lift=lift, feet=GROUND)
    rises = upper.actor.path in ("rise", "descend")
    upper = _shrunk(upper, min(upper.height, _HORIZON - MARGIN - (0.18 if rises else 0.08)))
    feet = _HORIZON - 0.02
    upper = replace(upper, feet=feet, lift=min(upper.lift, feet - upper.height - MARGIN))
    widest = max(upper.width, lower.width)
    ways = {staged.facing[f.actor.entity] for f in (upper, lower) if f.actor.travels}
    if upper.actor.travels and lower.actor.travels and len(ways) == 1:
        way = subject.actor.share if ways == {"right"} else -subject.actor.share
        travel = MANNERS[subject.actor.path].travel * way
        pair = tuple(replace(f, start=(w := (widest - f.width) / 2), end=w) for f in (upper, lower))
        return ColumnGroup(pair, Column(widest, travel, _wished(subject)))
    width = widest + (0.35 if ways else 0.0)
    parts = (_across(f, width, staged, moves=f.actor.travels) for f in (upper, lower))
    return ColumnGroup(tuple(parts), Column(width, 0.0, None if ways else _wished(subject)))


def _shrunk(figure: ColumnFigure, height: float) -> ColumnFigure:
    return figure.scaled(height / figure.height)
