"""Kept takes in the film's order -> joins measured, and the few shots to be shot again for them.

Shots are rendered side by side, so a cut can only be measured once both of its sides are there.
From the first shot to the last, every take of a shot is measured against what the film shows
before it, and the best of them is kept. A shot is shot again when its join failed, a try is left,
no later shot was rendered from its last frame, and the shot before it is not itself shot again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...film import Take
from ...plan import ShotPlan
from ..ports import JoinMeasurer
from .attempts import with_kept
from .takes import Neighbour, kept, neighbour_of
from .verdict import best, rejudge

# Says whether another attempt at a shot would be made, given its takes and the shot before.
Wanting = Callable[[ShotPlan, Sequence[Take], Neighbour | None], bool]


@dataclass(frozen=True, slots=True)
class JoinReview:
    """Takes with their joins judged, by shot, and the ids of those to be shot again."""

    takes: Mapping[str, tuple[Take, ...]]
    chosen: tuple[str, ...]


def has_join(shot: ShotPlan) -> bool:
    """Say whether the shot asserts something of the cut before it."""
    return any(assertion.metric == "join" for assertion in shot.assertions)


def review_joins(
    shots: Sequence[ShotPlan],
    takes: Mapping[str, Sequence[Take]],
    measurer: JoinMeasurer,
    wants: Wanting,
) -> JoinReview:
    """Measure every asserted join of finished shots; return the takes, and what is shot again."""
    judged = {shot.id: tuple(takes[shot.id]) for shot in shots}
    chosen: list[str] = []
    for before, shot, after in zip(shots, shots[1:], (*shots[2:], None), strict=False):
        if not has_join(shot):
            continue
        neighbour = neighbour_of(kept(judged[before.id]))
        if neighbour is None:
            continue
        held = after is not None and _continues(judged[after.id])
        judged[shot.id] = _judged(shot, judged[shot.id], measurer, neighbour, held=held)
        again = not held and before.id not in chosen and _join_failed(judged[shot.id])
        if again and wants(shot, judged[shot.id], neighbour):
            chosen.append(shot.id)
    return JoinReview(judged, tuple(chosen))


def _judged(
    shot: ShotPlan,
    takes: Sequence[Take],
    measurer: JoinMeasurer,
    neighbour: Neighbour,
    *,
    held: bool,
) -> tuple[Take, ...]:
    news: list[Take] = []
    for take in takes:
        plan = take.plan or shot
        measured = measurer.measure_join(plan, neighbour.clip, take.clip)
        verdict = rejudge(plan, take.verdict, measured)
        news.append(take.model_copy(update={"verdict": verdict}))
    # The next shot was rendered from the kept take's last frame: another take would break it.
    return tuple(news) if held else with_kept(news, best(news))


def _continues(takes: Sequence[Take]) -> bool:
    take = kept(takes)
    return bool(take and take.plan and take.plan.settings.continue_from_previous)


def _join_failed(takes: Sequence[Take]) -> bool:
    take = kept(takes)
    return bool(take and any(m.metric == "join" for m in take.verdict.failed))
