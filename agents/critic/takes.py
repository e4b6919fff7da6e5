"""Takes of a shot -> the one that is kept, and what the next shot must know of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...film import Clip, Take
from ...plan import PlaceFrame, ShotPlan


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The shot before another in the film, as far as the other must know it."""

    clip: Clip
    seed: int


def kept(takes: Iterable[Take]) -> Take | None:
    """Return the take that the film shows, or None while the shot is not finished."""
    return next((take for take in takes if take.kept), None)


def neighbour_of(take: Take | None) -> Neighbour | None:
    """Return what the next shot must know of this take, or None where there is none."""
    return Neighbour(take.clip, take.seed) if take else None


def shares_place(before: Sequence[ShotPlan], shot: ShotPlan) -> bool:
    """Say whether an earlier shot is in the same place, in the same light."""
    return any(_in_same_place(other, shot) for other in before)


def place_source(
    before: Sequence[ShotPlan], shot: ShotPlan, takes: Mapping[str, Sequence[Take]]
) -> Take | None:
    """Return the kept take of the first earlier shot that is right in the same place, or None."""
    for other in before:
        take = kept(takes.get(other.id, ()))
        if take is None or not _in_same_place(other, shot):
            continue
        if any(m.metric == "place" and m.passed for m in take.verdict.measurements):
            return take
    return None


def place_frame(take: Take) -> PlaceFrame:
    """Return the last frame of a take as a place for another shot, with who stands before it."""
    plan = take.plan
    boxes = (plan.box_at(e.id, plan.duration_s) for e in plan.entities) if plan else ()
    return PlaceFrame(shot=take.shot, covered=tuple(box for box in boxes if box is not None))


def _in_same_place(one: ShotPlan, other: ShotPlan) -> bool:
    return (one.place, one.background) == (other.place, other.background)
