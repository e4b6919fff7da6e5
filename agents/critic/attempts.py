"""The takes of a shot so far -> the next attempt at it, or none.

The next take starts from the best take's plan, not from the last one's: a remedy that did not help
is dropped, and its kind is not tried for this shot again. Where several takes in a row were no
better, there is no next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...errors import BudgetError, CassetteError, LanguageModelError
from ...film import Remedy, Take
from ...plan import ShotPlan
from ..ports import LanguageModel
from .advice import advise
from .remedies import NO_MEANS, ReplanContext, ShotMeans
from .replan import Replanned, replan, why
from .takes import Neighbour
from .verdict import best, better

# So many takes in a row that were no better end the work on a shot.
WORN_OUT = 4


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
    means: ShotMeans = NO_MEANS,
) -> Attempt | None:
    """Return the next attempt at `shot`, or None where one passed or nothing is left to do.

    Args:
        shot: the shot as the director planned it; its `tries` is the budget.
        takes: all that was made so far, in order.
        taught: the entities whose motion has an adapter.
        neighbour: the shot before, where this one may join it.
        means: what else there is to change it with.
    """
    if not takes:
        return Attempt(1, shot, ())
    if _is_over(shot, takes) or _worn_out(takes) or _awaits_place(shot, takes, means):
        return None
    replanned = _replanned(shot, takes, taught, neighbour, means)
    if not replanned.changed:
        return None
    return Attempt(len(takes) + 1, replanned.shot, replanned.remedies)


def advised(
    attempt: Attempt,
    shot: ShotPlan,
    takes: Sequence[Take],
    model: LanguageModel,
    *,
    taught: frozenset[str],
    neighbour: Neighbour | None,
    means: ShotMeans = NO_MEANS,
) -> tuple[Attempt, str]:
    """Return the attempt as a language model would have it, or as it was and why.

    Raises:
        CassetteError: a replay has no answer to the question.
    """
    start = best(takes)
    setting = _setting(takes, taught, neighbour, means)
    try:
        found = advise(model, start.plan or shot, start.verdict, setting)
    except CassetteError:
        raise
    except (LanguageModelError, BudgetError) as error:
        found = str(error)
    if isinstance(found, str):
        said = f"shot {shot.id}, take {attempt.number}: by the rules, for {model.name} has no "
        return attempt, f"{said}proposal that holds: {found}"
    return Attempt(attempt.number, found.shot, found.remedies), ""


def stalled_note(
    shot: ShotPlan,
    takes: Sequence[Take],
    *,
    taught: frozenset[str],
    neighbour: Neighbour | None,
    means: ShotMeans = NO_MEANS,
) -> str | None:
    """Return why a failed shot with tries left is not tried again, or None where it is."""
    if not takes or _is_over(shot, takes) or _awaits_place(shot, takes, means):
        return None
    if _worn_out(takes):
        count = len(takes) - best(takes).number
        return f"shot {shot.id}: the last {count} takes were no better; {shot.tries} were allowed"
    replanned = _replanned(shot, takes, taught, neighbour, means)
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
    means: ShotMeans,
) -> Replanned:
    start = best(takes)
    setting = _setting(takes, taught, neighbour, means)
    return replan(start.plan or shot, start.verdict, setting)


def _setting(
    takes: Sequence[Take],
    taught: frozenset[str],
    neighbour: Neighbour | None,
    means: ShotMeans,
) -> ReplanContext:
    return ReplanContext(
        take=len(takes),
        taught=taught,
        neighbour=neighbour,
        tried=unhelpful(takes),
        underpainted=frozenset(best(takes).clip.underpainted or ()),
        means=means,
    )


def unhelpful(takes: Sequence[Take]) -> frozenset[str]:
    """Return the kinds of remedies that led to takes of a shot which were not better than before.

    A new seed is none: another seed is another take.
    """
    return frozenset(
        remedy.kind
        for before, take in _steps(takes)
        if better(before, take) is before
        for remedy in take.remedies
        if remedy.blocked_by is None and remedy.kind != "new-seed"
    )


def remedy_notes(takes: Sequence[Take]) -> list[str]:
    """Return what each kind of remedy did in a film for what failed, most used first.

    It is told and steers no other shot: shots are made side by side, and what one becomes must not
    hang on which of the others was finished first.
    """
    tried: Counter[str] = Counter()
    helped: Counter[str] = Counter()
    shots = dict.fromkeys(take.shot for take in takes)
    for shot in shots:
        own = [take for take in takes if take.shot == shot]
        for before, take in _steps(own):
            done = (r for r in take.remedies if r.blocked_by is None)
            kinds = {f"{r.kind}{_purpose(r, before)}" for r in done}
            tried.update(kinds)
            helped.update(kinds if better(before, take) is take else ())
    return [
        f"{kind}: helped in {helped[kind]} of {count} takes"
        for kind, count in sorted(tried.items(), key=lambda item: (-item[1], item[0]))
    ]


def _purpose(remedy: Remedy, before: Take) -> str:
    """Return " for layout", by the check whose failure asked for a remedy."""
    asked = (m.metric for m in before.verdict.failed if remedy.reason.startswith(why(m)))
    metric = next(asked, "")
    return f" for {metric}" if metric else ""


def _steps(takes: Sequence[Take]) -> Iterator[tuple[Take, Take]]:
    """Yield each take after the first with the best of those before it."""
    for number in range(1, len(takes)):
        yield best(takes[:number]), takes[number]


def _is_over(shot: ShotPlan, takes: Sequence[Take]) -> bool:
    return best(takes).verdict.passed or len(takes) >= shot.tries


def _awaits_place(shot: ShotPlan, takes: Sequence[Take], means: ShotMeans) -> bool:
    """Say whether the last try is kept until an earlier shot shows the place that failed."""
    failed = {m.metric for m in best(takes).verdict.failed}
    return means.place_awaited and "place" in failed and len(takes) == shot.tries - 1


def _worn_out(takes: Sequence[Take]) -> bool:
    """Say whether so many takes in a row were no better that another would hardly be."""
    return len(takes) - best(takes).number >= WORN_OUT
