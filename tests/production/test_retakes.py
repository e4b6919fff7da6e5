"""Given this budget, expect so many tries a shot, and this end of trying again."""

from __future__ import annotations

import pytest

from dreamrunner.errors import InputError
from dreamrunner.plan import Plan, ScenePlan, ShotPlan
from dreamrunner.production.retakes import TakeBudget, parse_budget


def film(*tries: int) -> Plan:
    shots = tuple(
        ShotPlan(id=f"1.{n}", scene="1", duration_s=2, seed=1, place="p", background="p", tries=t)
        for n, t in enumerate(tries, start=1)
    )
    scene = ScenePlan(id="1", heading="EXT. P - DAY", place="p", shots=shots)
    return Plan(title="F", director="rules", fps=8, width=144, height=96, scenes=(scene,))


@pytest.mark.parametrize(
    ("takes", "tries"),
    [
        (None, [3, 1, 5]),
        (3, [1, 1, 1]),
        (1, [1, 1, 1]),  # every shot is made once
        (4, [2, 1, 1]),
        (5, [2, 1, 2]),
        (7, [3, 1, 3]),
        (9, [3, 1, 5]),
        (99, [3, 1, 5]),
    ],
)
def test_further_takes_are_shared_out_round_by_round(takes: int | None, tries: list[int]) -> None:
    plan = TakeBudget(takes=takes).shared(film(3, 1, 5))
    assert [shot.tries for shot in plan.shots] == tries


def test_minutes_and_money_end_the_trying_again() -> None:
    minutes = parse_budget("minutes=2")
    assert minutes.used_up(119, 0) is None
    assert minutes.used_up(120, 0) == "the 2 minutes of --budget are used"
    money = parse_budget("money=3, hour=2.5")
    assert money.used_up(3600, 0.4) is None
    assert money.used_up(3600, 0.5) == "3.00 of the 3 of --budget are spent"
    assert TakeBudget().used_up(1e9, 1e9) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tries=3", "there are takes=N"),
        ("takes=many", "'takes=many' is no budget"),
        ("minutes=0", "must be more than 0"),
        ("minutes=nan", "must be more than 0"),
        ("money=3", "add hour=X, what an hour of making costs"),
    ],
)
def test_a_budget_that_says_nothing_teaches(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_budget(text)
