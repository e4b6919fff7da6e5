"""The takes of a shot so far -> the next attempt at it, or none.

The next take starts from the best take's plan, not from the last one's: a remedy that made things
worse is dropped, and its kind is not tried from there again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...film import Remedy, Take
from ...plan import ShotPlan
from .replan import ReplanContext, Replanned, replan
from .takes import Neighbour
from .verdict import best


@dataclass(frozen=True, slots=True)
class Attempt:
    """A take that is still to be made: its number, its plan and what led to it."""

    number: int
    shot: ShotPlan
    remedies: tuple[Remedy, ...]


def next_attempt(
    shot: ShotPlan,
    takes: Sequence[Take],
    *,
    taught: frozenset[str],
    neighbour: Neighbour | None,
) -> Attempt | None:
    """Return the next attempt at `shot`, or None where one passed or nothing is left to do.

    Args:
        shot: the shot as the director planned it; its `tries` is the budget.
        takes: all that was made so far, in order.
        taught: the entities whose motion has an adapter.
        neighbour: the shot before, where this one may join it.
    """
    if not takes:
        return Attempt(1, shot, ())
    if best(takes).verdict.passed or len(takes) >= shot.tries:
        return None
    replanned = _replanned(shot, takes, taught, neighbour)
    if not replanned.changed:
        return None
    return Attempt(len(takes) + 1, replanned.shot, replanned.remedies)


def stalled_note(
    shot: ShotPlan,
    takes: Sequence[Take],
    *,
    taught: frozenset[str],
    neighbour: Neighbour | None,
) -> str | None:
    """Return why a failed shot with tries left is not tried again, or None where it is."""
    if not takes or best(takes).verdict.passed or len(takes) >= shot.tries:
        return None
    replanned = _replanned(shot, takes, taught, neighbour)
    if replanned.changed:
        return None
    reasons = "; ".join(remedy.reason for remedy in replanned.remedies)
    return f"shot {shot.id}: nothing may change after take {len(takes)}: {reasons}"


def with_kept(takes: Sequence[Take], chosen: Take) -> tuple[Take, ...]:
    """Return the takes with `chosen` marked as the one the film shows."""
    return tuple(take.model_copy(update={"kept": take.number == chosen.number}) for take in takes)


def _replanned(
    shot: ShotPlan,
    takes: Sequence[Take],
    taught: frozenset[str],
    neighbour: Neighbour | None,
) -> Replanned:
    start = best(takes)
    tried = frozenset(
        remedy.kind
        for take in takes
        if take.number > start.number
        for remedy in take.remedies
        if remedy.blocked_by is None
    )
    setting = ReplanContext(take=len(takes), taught=taught, neighbour=neighbour, tried=tried)
    return replan(start.plan or shot, start.verdict, setting)
