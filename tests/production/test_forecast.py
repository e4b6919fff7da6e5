"""Given a story and what is already there, expect what a render would make, ask and take."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.errors import BudgetError
from dreamrunner.production.facade import plan_story, rehearse_story, render_story
from dreamrunner.production.forecast import Forecast
from dreamrunner.production.settings import Budget, Llm, Settings
from dreamrunner.tools.stages.job import Job
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.pace import pace_of
from dreamrunner.tools.stages.runner import StoreRunner, silent
from dreamrunner.tools.store.store import Store

STORY = """\
Title: Two Walks

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.

EXT. BEACH - DAY #2#
@duration 0.5s

The FOX jumps.
"""


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


def told(forecast: Forecast) -> list[tuple[str, str | None]]:
    return [(pending.stage, pending.shot) for pending in forecast.pending]


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_before_the_first_render_everything_is_to_be_made(story: Path, settings: Settings) -> None:
    forecast = rehearse_story(story, settings, silent)
    assert told(forecast) == [("render", "1.1"), ("render", "2.1"), ("cut", None)]
    assert {pending.reasons for pending in forecast.pending} == {("made for the first time",)}
    assert files(story.parent) == {story}


def test_after_a_change_only_what_depends_on_it_is(story: Path, settings: Settings) -> None:
    render_story(story, settings, silent)
    assert rehearse_story(story, settings, silent).pending == ()
    there = files(story.parent)
    story.write_text(STORY.replace("walks to the right", "hops to the right"), encoding="utf-8")
    forecast = rehearse_story(story, settings, silent)
    assert told(forecast) == [("render", "1.1"), ("cut", None)]
    assert 'motion of FOX at 0.0s changed from "walk" to "hop"' in forecast.pending[0].reasons
    assert forecast.pending[1].reasons == ("clip of 1.1 changed",)
    assert files(story.parent) == there


def test_the_time_is_that_of_earlier_runs_with_this_engine(story: Path, settings: Settings) -> None:
    assert rehearse_story(story, settings, silent).untimed == ("render", "cut")
    stages = [{"stage": "render", "cached": False, "seconds": s} for s in (50.0, 70.0, 90.0)] + [
        {"stage": "render", "cached": True, "seconds": 0.1}
    ]
    for name, engine in (("one", "animatic"), ("other", "storybook")):
        path = settings.out / name / "run.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"engine": engine, "stages": stages}), encoding="utf-8")
    assert pace_of(settings.out, "animatic")["render"].seconds == 70.0
    forecast = rehearse_story(story, settings, silent)
    assert forecast.seconds == 140.0
    assert forecast.untimed == ("cut",)
    assert list(forecast.over(Budget(minutes=2))) == [
        "--max-minutes 2: about 2.3 min would be taken"
    ]
    assert list(forecast.over(Budget(minutes=3))) == []
    two_minutes = Settings(
        store=settings.store, engine="animatic", out=settings.out, budget=Budget(minutes=2)
    )
    with pytest.raises(BudgetError, match="nothing was begun"):
        render_story(story, two_minutes, silent)
    assert not (settings.out / "walks").exists()


def test_questions_are_counted_and_nobody_is_asked(
    story: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    llm = Llm(model="m", url="http://127.0.0.1:9/v1", input_price=1.0, output_price=10.0)
    asking = Settings(store=settings.store, engine="animatic", out=settings.out, llm=llm)
    forecast = rehearse_story(story, asking, silent)
    found = forecast.asking
    assert found is not None
    # One window of paragraphs, and the boxes of two scenes.
    assert (found.calls, found.remembered) == (3, 0)
    assert found.tokens_in > found.tokens_out > 0
    assert found.cost == pytest.approx((found.tokens_in + 10 * found.tokens_out) / 1e6)
    elsewhere = replace(settings, store=tmp_path_factory.mktemp("store"))
    assert forecast.plan.scenes[0].shots[0].keyframes == (
        plan_story(story, elsewhere).scenes[0].shots[0].keyframes
    )
    assert list(forecast.over(Budget(calls=2))) == [
        "--max-calls 2: 3 questions or more would be sent"
    ]
    assert files(story.parent) == {story}


def test_work_that_takes_longer_than_allowed_ends_and_what_is_finished_is_kept(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "store")
    jobs = [Job("render", 1, {"shot": name}, name) for name in ("a", "b")]
    with Ledger(tmp_path / "run.json", {}) as ledger:
        bench = StoreRunner(store, ledger, silent, most_s=1e-9)
        bench.once(jobs[0], lambda folder: {})
        with pytest.raises(BudgetError, match="are used up; what is finished is kept"):
            bench.once(jobs[1], lambda folder: {})
        bench.once(jobs[0], lambda folder: {})
    assert [store.freshness(job.recipe).cached for job in jobs] == [True, False]


def test_the_command_says_what_and_why_and_ends_with_one_where_it_is_too_much(
    story: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    words = ["render", str(story), "--engine", "animatic", "-o", str(settings.out),
             "--store", str(settings.store), "--dry-run"]  # fmt: skip
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "Two Walks  2 shots, 0 kept from before, 2 to be drawn" in done.stdout
    assert "draw  shot 1.1  made for the first time" in done.stdout
    assert "the rules; nobody is asked" in done.stdout
    dear = [*words, "--llm", "m", "--max-tokens", "10"]
    done = CliRunner().invoke(app, dear)
    assert done.exit_code == 1
    assert "too much  --max-tokens 10: about " in done.stdout
    record = json.loads(CliRunner().invoke(app, [*dear, "--json"]).stdout)
    assert record["asking"]["calls"] == 3
    assert record["counts"] == {"render": 2, "cut": 1}
    assert len(record["over"]) == 1
