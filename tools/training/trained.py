"""What a training leaves beside its file: the step that was kept, the losses, what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_POINTS = 60  # of a curve in a report

Curve = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class TrainedAdapter:
    """A trained adapter's file in its folder, and how its training went; see `film.Adapter`."""

    file: str
    step: int
    loss: float
    means: str = ""
    trigger: str = ""
    strip: str = ""
    losses: Curve = ()
    checks: Curve = ()


def thinned(curve: Sequence[tuple[int, float]]) -> Curve:
    """Return at most 60 points of a curve, each the mean of its neighbours', at the last's step."""
    size = -(-len(curve) // MOST_POINTS) or 1
    groups = [curve[at : at + size] for at in range(0, len(curve), size)]
    return tuple((group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups)
