"""Kept takes in the film's order -> joins and likenesses measured, and what is shot again for them.

Shots are rendered side by side, so a cut can only be measured once both of its sides are there, and
somebody held against how it looked before only once the shots before are. From the first shot to
the last, every take of a shot is measured against what the film shows before it, and the best of
them is kept. A shot is shot again when that failed, a try is left, no later shot was rendered from
its last frame, and no shot that it was held against is itself shot again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...film import Clip, Measurement, Take
from ...plan import ShotPlan
from ..ports import IdentityMeasurer, JoinMeasurer
from .attempts import with_kept
from .takes import Neighbour, kept, neighbour_of, place_source, shares_place
from .verdict import best, rejudge

# Says whether another attempt at a shot would be made, given its takes, the shot before, and the
# take of an earlier shot that is right in the same place.
Wanting = Callable[[ShotPlan, Sequence[Take], Neighbour | None, Take | None], bool]


@dataclass(frozen=True, slots=True)
class JoinReview:
    """Takes with their joins judged, by shot, and the ids of those to be shot again."""

    takes: Mapping[str, tuple[Take, ...]]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewers:
    """Who measures what a single clip cannot show; None where nobody can."""

    joins: JoinMeasurer | None = None
    identity: IdentityMeasurer | None = None


@dataclass(frozen=True, slots=True)
class _ShownBefore:
    """What a film shows before a shot, as far as the shot is held against it."""

    neighbour: Neighbour | None
    earlier: tuple[tuple[ShotPlan, Clip], ...]

    @property
    def shots(self) -> set[str]:
        before = {self.neighbour.clip.shot} if self.neighbour else set()
        return before | {shot.id for shot, _ in self.earlier}


def has_join(shot: ShotPlan) -> bool:
    """Say whether the shot asserts something of the cut before it."""
    return _asserts(shot, "join")


def is_reviewed(shot: ShotPlan) -> bool:
    """Say whether the shot asserts anything that only the shots before it can show."""
    return has_join(shot) or _asserts(shot, "identity")


def review_joins(
    shots: Sequence[ShotPlan],
    takes: Mapping[str, Sequence[Take]],
    reviewers: Reviewers,
    wants: Wanting,
) -> JoinReview:
    """Measure what finished shots assert of those before them; return what is shot again."""
    judged = {shot.id: tuple(takes[shot.id]) for shot in shots}
    chosen: list[str] = []
    for at, shot in enumerate(shots):
        shown = _shown_before(shots[:at], shot, judged, reviewers)
        place = place_source(shots[:at], shot, judged)
        held = at + 1 < len(shots) and _continues(judged[shots[at + 1].id])
        if shown.shots:
            judged[shot.id] = _judged(shot, judged[shot.id], reviewers, shown, held=held)
        failed = {m.metric for m in _kept_failures(judged[shot.id])}
        looked_back = failed & {"join", "identity"} if shown.shots else set()
        if shares_place(shots[:at], shot):
            looked_back |= failed & {"place"}
        again = not held and looked_back and shown.shots.isdisjoint(chosen)
        if again and wants(shot, judged[shot.id], shown.neighbour, place):
            chosen.append(shot.id)
    return JoinReview(judged, tuple(chosen))


def _shown_before(
    before: Sequence[ShotPlan],
    shot: ShotPlan,
    judged: Mapping[str, Sequence[Take]],
    reviewers: Reviewers,
) -> _ShownBefore:
    """Return the shot before, and for each of a shot's people the first shot that shows it."""
    neighbour = None
    if before and has_join(shot) and reviewers.joins is not None:
        neighbour = neighbour_of(kept(judged[before[-1].id]))
    earlier: dict[str, tuple[ShotPlan, Clip]] = {}
    if _asserts(shot, "identity") and reviewers.identity is not None:
        # Where somebody is first seen is what all later shots are held against: likeness to the
        # shot before alone would let a face drift.
        for entity in shot.entities:
            first = next((s for s in before if any(e.id == entity.id for e in s.entities)), None)
            take = kept(judged[first.id]) if first is not None else None
            if first is not None and take is not None:
                earlier[first.id] = take.plan or first, take.clip
    return _ShownBefore(neighbour, tuple(earlier.values()))


def _judged(
    shot: ShotPlan,
    takes: Sequence[Take],
    reviewers: Reviewers,
    shown: _ShownBefore,
    *,
    held: bool,
) -> tuple[Take, ...]:
    news: list[Take] = []
    for take in takes:
        plan = take.plan or shot
        measured: list[Measurement] = []
        if shown.neighbour is not None and reviewers.joins is not None:
            measured += reviewers.joins.measure_join(plan, shown.neighbour.clip, take.clip)
        if shown.earlier and reviewers.identity is not None:
            measured += reviewers.identity.measure_identity(plan, take.clip, shown.earlier)
        verdict = rejudge(plan, take.verdict, measured)
        news.append(take.model_copy(update={"verdict": verdict}))
    # The next shot was rendered from the kept take's last frame: another take would break it.
    return tuple(news) if held else with_kept(news, best(news))


def _asserts(shot: ShotPlan, metric: str) -> bool:
    return any(assertion.metric == metric for assertion in shot.assertions)


def _continues(takes: Sequence[Take]) -> bool:
    take = kept(takes)
    return bool(take and take.plan and take.plan.settings.continue_from_previous)


def _kept_failures(takes: Sequence[Take]) -> tuple[Measurement, ...]:
    take = kept(takes)
    return take.verdict.failed if take else ()
