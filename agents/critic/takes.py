"""Takes of a shot -> the one that is kept, and what the next shot must know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...film import Clip, Take


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
