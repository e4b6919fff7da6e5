"""Given these measurements, expect this score and this choice between takes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamrunner.agents.critic.verdict import best, better, judge, margin, rejudge
from dreamrunner.film import Clip, Measurement, Take
from dreamrunner.plan import Assertion, ShotPlan

Value = float | None


def shot(*assertions: Assertion) -> ShotPlan:
    return ShotPlan(
        id="s1",
        scene="1",
        duration_s=2.0,
        seed=1,
        place="river",
        background="a river",
        assertions=assertions,
    )


def expect(name: str, comparison: str = ">=") -> Assertion:
    return Assertion.model_validate(
        {"id": name, "metric": name, "comparison": comparison, "origin": "expect"}
    )


def planned(name: str) -> Assertion:
    return Assertion(id=name, metric=name, comparison=">=")


def measured(name: str, value: Value, *, threshold: Value = 0.5, passed: bool | None = None) -> (
    Measurement
):  # fmt: skip
    if passed is None and value is not None and threshold is not None:
        passed = value >= threshold
    return Measurement(
        assertion=name,
        metric=name,
        value=value,
        threshold=threshold,
        passed=passed,
        explanation="as the test says",
    )


def take(number: int, plan: ShotPlan, *measurements: Measurement) -> Take:
    clip = Clip(shot="s1", path="a.mp4", key=str(number), frames=9, fps=8, width=9, height=9)
    verdict = judge(plan, measurements)
    return Take(shot="s1", number=number, seed=1, clip=clip, verdict=verdict, plan=plan)


@pytest.mark.parametrize(
    ("comparison", "value", "threshold", "passed", "margin_"),
    [
        (">=", 0.5, 0.5, True, 0.5),
        (">=", 1.0, 0.5, True, 1.0),
        (">=", 0.75, 0.5, True, 0.75),
        (">=", 0.25, 0.5, False, 0.25),
        (">=", 0.0, 0.5, False, 0.0),
        (">=", -0.2, 0.27, False, 0.0),
        (">=", 1.0, 1.0, True, 1.0),
        ("<=", 0.0, 0.4, True, 1.0),
        ("<=", 0.4, 0.4, True, 0.5),
        ("<=", 1.0, 0.4, False, 0.0),
        ("==", 0.4, 0.4, True, 1.0),
        ("==", 0.3, 0.4, False, 0.0),
        (None, 1.0, None, True, 1.0),
        (None, 0.0, None, False, 0.0),
        (None, None, None, None, None),
        (">=", 0.9, 0.5, None, None),
        (">=", math.nan, 0.5, True, None),
    ],
)
def test_margin_is_one_half_at_the_threshold(
    comparison: str | None, value: Value, threshold: Value, passed: bool | None, margin_: Value
) -> None:
    assertion = Assertion.model_validate({"id": "a", "metric": "a", "comparison": comparison})
    measurement = measured("a", value, threshold=threshold).model_copy(update={"passed": passed})
    assert margin(measurement, assertion) == (
        margin_ if margin_ is None else pytest.approx(margin_)
    )


@given(
    value=st.floats(-2, 2),
    threshold=st.floats(-2, 2) | st.none(),
    passed=st.booleans(),
    comparison=st.sampled_from([">=", "<=", ">", "<", "==", None]),
)
def test_a_failure_is_always_below_one_half_and_a_pass_never(
    value: float, threshold: Value, passed: bool, comparison: str | None
) -> None:
    assertion = Assertion.model_validate({"id": "a", "metric": "a", "comparison": comparison})
    measurement = measured("a", value, threshold=threshold).model_copy(update={"passed": passed})
    result = margin(measurement, assertion)
    assert result is not None and 0.0 <= result <= 1.0
    assert (result >= 0.5) is passed


def test_the_writers_expectations_weigh_twice() -> None:
    plan = shot(expect("layout"), planned("motion"))
    verdict = judge(plan, [measured("layout", 1.0), measured("motion", 0.25)])
    assert verdict.score == pytest.approx((2 * 1.0 + 0.25) / 3)


def test_what_cannot_be_judged_is_left_out_of_the_score() -> None:
    plan = shot(planned("layout"), planned("motion"))
    verdict = judge(plan, [measured("layout", 0.75), measured("motion", None)])
    assert verdict.score == pytest.approx(0.75)
    assert verdict.failed == ()


def test_nothing_judged_scores_nothing() -> None:
    plan = shot(planned("layout"))
    assert judge(plan, [measured("layout", None)]).score == 0.0
    assert judge(shot(), []).score == 0.0


def test_an_assertion_without_an_answer_is_said_to_be_unmeasured() -> None:
    verdict = judge(shot(planned("layout"), expect("text")), [measured("layout", 0.9)])
    silent = verdict.measurements[1]
    assert (silent.assertion, silent.passed, silent.value) == ("text", None, None)
    assert silent.explanation == "not measured: the engine's critic gave no answer"


def test_a_value_that_is_no_number_is_no_pass() -> None:
    (nan,) = judge(shot(planned("layout")), [measured("layout", math.nan)]).measurements
    assert (nan.value, nan.passed) == (None, None)
    assert "the measured value is nan" in nan.explanation


def test_rejudging_replaces_the_measurement_and_the_score() -> None:
    plan = shot(planned("layout"), planned("join"))
    before = judge(plan, [measured("layout", 1.0), measured("join", None)])
    after = rejudge(plan, before, [measured("join", 0.0)])
    assert [m.value for m in after.measurements] == [1.0, 0.0]
    assert (before.score, after.score) == (1.0, 0.5)


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        pytest.param((0.9, 0.4), (0.5, 0.5), 2, id="all passed beats a higher score"),
        pytest.param((0.6, 0.6), (0.7, 0.7), 2, id="the higher score where both passed"),
        pytest.param((0.7, 0.7), (0.7, 0.7), 1, id="the earlier where they are equal"),
        pytest.param((0.6, None), (0.6, 0.4), 1, id="not judged beats a failure"),
        pytest.param((1.0, None), (0.5, 0.5), 2, id="not judged is no pass"),
        pytest.param((None, None), (0.1, 0.6), 2, id="one pass beats nothing judged"),
        pytest.param((0.2, 0.9), (0.6, 0.1), 1, id="the writer's expectation counts more"),
    ],
)
def test_better(first: tuple[Value, Value], second: tuple[Value, Value], winner: int) -> None:
    plan = shot(planned("layout"), expect("motion"))
    takes = [
        take(number, plan, measured("layout", layout), measured("motion", motion))
        for number, (layout, motion) in enumerate((first, second), start=1)
    ]
    assert better(*takes).number == winner
    assert better(*reversed(takes)).number == winner
    assert best(takes).number == winner
