"""Widths and ways along -> where each column of figures begins and ends, side by side.

Columns keep their order from left to right. Everyone moves evenly in time, so that a gap which
is open at both ends of a shot is open throughout; it is enough to keep gaps there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

GAP = 0.02
# A way shorter than this hardly shows; figures shrink to make room for it, but not below _SMALL.
_LEAST_TRAVEL = 0.25
_SMALL = 0.72


@dataclass(frozen=True, slots=True)
class Column:
    """What moves as one: its width, its signed way along, and where it would like to begin.

    `start` is a left edge, or None. `overlap` is how far it may reach into the column before it.
    """

    width: float
    travel: float = 0.0
    start: float | None = None
    overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class Lane:
    """Left edges of a column at the beginning and at the end."""

    start: float
    end: float


def shrink(columns: Sequence[Column], room: float) -> float:
    """Return the factor (at most 1) by which columns must shrink to stand and move in `room`."""
    widths = sum(c.width - c.overlap for c in columns)
    gaps = GAP * (len(columns) - 1)
    unit = [replace(c, travel=_sign(c.travel) * _LEAST_TRAVEL) for c in columns]
    need = sum(_closing(unit))
    if widths <= 0:
        return 1.0
    to_move = max(_SMALL, (room - gaps - need) / widths)
    to_stand = max(0.05, room - gaps) / widths
    return min(1.0, to_move, to_stand)


def lay_out(columns: Sequence[Column], left: float, right: float) -> list[Lane]:
    """Return the lanes of columns, in order, within `left`..`right`; ways shorten to fit."""
    slack = (right - left) - sum(c.width - c.overlap for c in columns) - GAP * (len(columns) - 1)
    slack = max(0.0, slack)
    closing = sum(_closing(columns))
    share = min(1.0, slack / closing) if closing > 0 else 1.0
    moved = [replace(c, travel=c.travel * share) for c in columns]
    needs = _closing(moved)
    spare = max(0.0, slack - sum(needs))
    lanes: list[Lane] = []
    edge = left
    for index, column in enumerate(moved):
        low = edge + needs[index] - column.overlap + (GAP if index else 0.0)
        even = low + spare / (len(moved) - index + 1)
        start = even if column.start is None else min(max(column.start, low), low + spare)
        spare -= start - low
        lanes.append(Lane(start, start + column.travel))
        edge = start + column.width
    return lanes


def carry_on(columns: Sequence[Column], left: float, right: float) -> list[Lane]:
    """Return lanes that begin exactly at each `start`; ways shorten until nobody is run into."""
    starts = [left if c.start is None else c.start for c in columns]
    share = 1.0
    edges = [left, *(s + c.width for s, c in zip(starts, columns, strict=True))]
    nexts = [*starts, right]
    for gap_left, gap_right, closing in zip(edges, nexts, _closing(columns), strict=True):
        if closing > 1e-9:
            share = min(share, max(0.0, gap_right - gap_left) / closing)
    return [Lane(s, s + c.travel * share) for s, c in zip(starts, columns, strict=True)]


def _closing(columns: Sequence[Column]) -> list[float]:
    """Return by how much each gap closes, walls included: one more than there are columns."""
    ways = [0.0, *(c.travel for c in columns), 0.0]
    return [max(0.0, before - after) for before, after in zip(ways, ways[1:], strict=False)]


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
