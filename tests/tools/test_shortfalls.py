"""Given what was measured of a shot, expect a diagnostic at the line that asked for it."""

from __future__ import annotations

import pytest

from dreamrunner.dsl import pages
from dreamrunner.errors import Severity, Span
from dreamrunner.film import Measurement
from dreamrunner.plan import Assertion, ShotPlan
from dreamrunner.tools.shortfalls import shortfall

START, SHOT, LINE = (Span("t.story", 0, 9, n, 1, n, 10) for n in (1, 6, 8))


def shot(span: Span | None = SHOT) -> ShotPlan:
    return ShotPlan(
        id="1.1", scene="1", duration_s=1.0, seed=1, place="", background="", span=span
    )  # fmt: skip


def wanted(metric: str = "motion", *, comparison: str | None = None, **given: object) -> Assertion:
    fields = {"subject": "FOX", "span": LINE, **given}
    return Assertion.model_validate(
        {"id": "a", "metric": metric, "comparison": comparison, **fields}
    )


def found(
    value: float | None, passed: bool | None, *, threshold: float | None = 0.6
) -> Measurement:
    return Measurement(
        assertion="a", metric="motion", value=value, threshold=threshold, passed=passed,
        explanation="FOX: it stands",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "measured", "code", "message"),
    [
        (wanted(), found(0.31, False), "W201",
         "motion of FOX: 0.31, wanted 0.60 or more; FOX: it stands"),
        (wanted(comparison="<"), found(0.71, False), "W201",
         "motion of FOX: 0.71, wanted less than 0.60; FOX: it stands"),
        (wanted("place", subject=None), found(0.1, False), "W201",
         "place: 0.10, wanted 0.60 or more; FOX: it stands"),
        (wanted("left-of", other="OWL"), found(0.2, False, threshold=0.5), "W201",
         "FOX left-of OWL: 0.20, wanted 0.50 or more; FOX: it stands"),
        (wanted("clip"), found(None, None), "W202", "clip of FOX: FOX: it stands"),
    ],
    ids=["least", "most", "place", "relation", "not judged"],
)  # fmt: skip
def test_it_says_what_was_wanted_and_what_was_found(
    asked: Assertion, measured: Measurement, code: str, message: str
) -> None:
    said = shortfall(shot(), asked, measured, START, strict=False)
    assert (said.code, said.severity, said.span) == (code, Severity.WARNING, LINE)
    assert said.message == f"shot 1.1: {message}"
    strict = shortfall(shot(), asked, measured, START, strict=True)
    assert (strict.code, strict.severity) == (f"E{code[1:]}", Severity.ERROR)
    assert pages()[said.code] is pages()[strict.code]


def test_without_a_line_of_its_own_it_is_at_the_shots_or_the_storys() -> None:
    asked = wanted(span=None)
    assert shortfall(shot(), asked, found(0.1, False), START, strict=False).span == SHOT
    assert shortfall(shot(None), asked, found(0.1, False), START, strict=False).span == START
