"""Measurements of a clip -> a verdict, and of two takes the better one.

A measurement's margin is put on one scale: 0 at the worst value, one half at the threshold, 1 at
the best. The score is the mean of the margins in which the writer's own expectations weigh twice.
What could not be judged has no margin: it is left out of the score and never counts as passed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ...film import Measurement, Take, Verdict
from ...plan import Assertion, ShotPlan

PLAN_WEIGHT = 1.0
EXPECT_WEIGHT = 2.0


def judge(shot: ShotPlan, measurements: Sequence[Measurement]) -> Verdict:
    """Return the verdict on a clip of `shot`.

    An assertion without a measurement, and one whose value is not finite, could not be judged.
    """
    heard = [_sound(m) for m in measurements]
    answered = {m.assertion for m in heard}
    silent = [_unanswered(a) for a in shot.assertions if a.id not in answered]
    complete = (*heard, *silent)
    return Verdict(shot=shot.id, measurements=complete, score=score(shot, complete))


def rejudge(shot: ShotPlan, verdict: Verdict, news: Sequence[Measurement]) -> Verdict:
    """Return the verdict with the measurements of the same assertions replaced by `news`."""
    changed = {m.assertion: m for m in news}
    held = [changed.pop(m.assertion, m) for m in verdict.measurements]
    return judge(shot, (*held, *changed.values()))


def score(shot: ShotPlan, measurements: Iterable[Measurement]) -> float:
    """Return the weighted mean of the margins, in 0..1; 0 where nothing could be judged."""
    assertions = {a.id: a for a in shot.assertions}
    total = weights = 0.0
    for measurement in measurements:
        assertion = assertions.get(measurement.assertion)
        value = margin(measurement, assertion)
        if value is None:
            continue
        weight = _weight(assertion)
        total += weight * value
        weights += weight
    return total / weights if weights else 0.0


def margin(measurement: Measurement, assertion: Assertion | None) -> float | None:
    """Return how well one assertion holds, in 0..1, or None where it could not be judged.

    A failed assertion is below one half and a passed one is not, whatever the values say. Without
    a threshold (a relation) it is 0 or 1.
    """
    value, threshold, passed = measurement.value, measurement.threshold, measurement.passed
    if passed is None or (value is not None and not math.isfinite(value)):
        return None
    comparison = assertion.comparison if assertion else None
    if value is None or threshold is None or comparison == "==":
        return 1.0 if passed else 0.0
    if comparison in ("<=", "<"):
        value, threshold = 1.0 - value, 1.0 - threshold
    if passed:
        room = 1.0 - threshold
        return 0.5 + 0.5 * _unit((value - threshold) / room if room > 0 else 1.0)
    return min(0.5 * _unit(value / threshold if threshold > 0 else 0.0), _BELOW_HALF)


def better(first: Take, second: Take) -> Take:
    """Return the better of two takes of one shot; the earlier one where they are equal.

    First counts what passed, then what did not fail (so that "could not be judged" beats a
    failure but never a pass), then the score.
    """
    return min(first, second, key=_rank)


def best(takes: Sequence[Take]) -> Take:
    """Return the best of at least one take."""
    return min(takes, key=_rank)


_BELOW_HALF = math.nextafter(0.5, 0.0)


def _rank(take: Take) -> tuple[float, float, float, int]:
    assertions = {a.id: a for a in take.plan.assertions} if take.plan else {}
    passed = failed = 0.0
    for measurement in take.verdict.measurements:
        weight = _weight(assertions.get(measurement.assertion))
        passed += weight * (measurement.passed is True)
        failed += weight * (measurement.passed is False)
    return (-passed, failed, -take.verdict.score, take.number)


def _weight(assertion: Assertion | None) -> float:
    return EXPECT_WEIGHT if assertion and assertion.origin == "expect" else PLAN_WEIGHT


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))


def _sound(measurement: Measurement) -> Measurement:
    value = measurement.value
    if value is None or math.isfinite(value):
        return measurement
    why = f"the measured value is {value}, which says nothing; {measurement.explanation}"
    return measurement.model_copy(update={"value": None, "passed": None, "explanation": why})


def _unanswered(assertion: Assertion) -> Measurement:
    return Measurement(
        assertion=assertion.id,
        metric=assertion.metric,
        subject=assertion.subject,
        value=None,
        threshold=assertion.threshold,
        passed=None,
        explanation="not measured: the engine's critic gave no answer",
        span=assertion.span,
    )
