"""What a film's measurements fell short of -> diagnostics at the lines that asked for it.

A failed measurement and an acceptance that could not be judged are told as a mistake of the page
is: with a code, at a line, in every form that `check` writes.
"""

from __future__ import annotations

from ..dsl import PRESENCES, RELATIONS
from ..errors import Diagnostic, Severity, Span
from ..film import Measurement
from ..plan import Assertion, ShotPlan

FAILED, NOT_JUDGED = "201", "202"
_WANTED = {
    ">=": "{:.2f} or more",
    "<=": "{:.2f} or less",
    ">": "more than {:.2f}",
    "<": "less than {:.2f}",
    "==": "{:.2f}",
}


def shortfall(
    shot: ShotPlan, wanted: Assertion, found: Measurement, start: Span, *, strict: bool
) -> Diagnostic:
    """Return what a shot lacks as a diagnostic: an error where the render is strict.

    Args:
        shot: the shot, as it was rendered.
        wanted: what should hold of it.
        found: what was measured instead, or why nothing was.
        start: where to point at if neither the assertion nor the shot has a line.
        strict: whether what is not met fails the render.
    """
    severity = Severity.ERROR if strict else Severity.WARNING
    number = NOT_JUDGED if found.passed is None else FAILED
    return Diagnostic(
        code=f"{severity.value[0].upper()}{number}",
        severity=severity,
        span=wanted.span or shot.span or start,
        message=f"shot {shot.id}: {_said(wanted, found)}",
    )


def _said(wanted: Assertion, found: Measurement) -> str:
    short = what_was_found(wanted, found)
    return short if short.endswith(found.explanation) else f"{short}; {found.explanation}"


def what_was_found(wanted: Assertion, found: Measurement) -> str:
    """Return an assertion and what came of it: "motion of FOX: 0.31, wanted 0.60 or more"."""
    what = _assertion(wanted)
    if found.value is None:
        return f"{what}: {found.explanation}"
    if found.threshold is None or found.rival:
        return f"{what}: {found.value:.2f}"
    limit = _WANTED[wanted.comparison or ">="].format(found.threshold)
    return f"{what}: {found.value:.2f}, wanted {limit}"


def _assertion(wanted: Assertion) -> str:
    if wanted.metric in RELATIONS or wanted.metric in PRESENCES:
        return " ".join(filter(None, (wanted.subject, wanted.metric, wanted.other)))
    return f"{wanted.metric} of {wanted.subject}" if wanted.subject else wanted.metric
