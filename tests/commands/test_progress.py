"""Long work is never silent: a line every ten seconds on a pipe, with how much is left."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.commands.progress import RunProgress, clock_words
from dreamrunner.commands.screen import Screen
from dreamrunner.film import StageRecord
from dreamrunner.tools.stages.runner import (
    Event,
    ShotsPlanned,
    StageAdvanced,
    StageFinished,
    StageStarted,
)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def made(stage: str, shot: str | None, seconds: float, *, cached: bool = False) -> StageFinished:
    record = StageRecord(stage=stage, shot=shot, key="", cached=cached, seconds=seconds)
    return StageFinished(record)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "00:00"), (59.6, "01:00"), (190, "03:10"), (3725, "1:02:05")]
)
def test_times_are_shown_as_on_a_clock(seconds: float, words: str) -> None:
    assert clock_words(seconds) == words


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_stage_tells_its_time_left_from_its_steps(clock: Clock) -> None:
    run = RunProgress(clock)
    run.report(StageStarted("adapt", None))
    clock.now += 4
    assert run.line() == "training, 00:04 so far"
    run.report(StageAdvanced("adapt", None, 10, 50))
    assert run.left_s("adapt", None) == 16.0
    assert run.line() == "training, 10 of 50, 00:16 left"


def test_what_was_done_before_a_stop_tells_no_pace(clock: Clock) -> None:
    run = RunProgress(clock)
    run.report(StageStarted("adapt", None))
    clock.now += 1
    run.report(StageAdvanced("adapt", None, 200, 300))
    clock.now += 20
    run.report(StageAdvanced("adapt", None, 210, 300))
    assert run.left_s("adapt", None) == 180.0
    clock.now += 5
    assert run.left_s("adapt", None) == 175.0


def test_reading_clips_and_learning_from_them_have_steps_of_their_own(clock: Clock) -> None:
    run = RunProgress(clock)
    run.report(StageStarted("adapt", None))
    run.report(StageAdvanced("adapt", None, 0, 4, "reading"))
    assert run.line() == "training, 0 of 4, reading, 00:00 so far"
    clock.now += 40
    run.report(StageAdvanced("adapt", None, 4, 4, "reading"))
    clock.now += 2
    run.report(StageAdvanced("adapt", None, 1, 50, "loss 0.100"))
    assert run.line() == "training, 1 of 50, loss 0.100, 01:38 left"


def test_a_stage_without_steps_tells_it_from_what_it_took_before(clock: Clock) -> None:
    asked = []

    def paces() -> dict[str, float]:
        asked.append(clock.now)
        return {"measure": 3.0}

    run = RunProgress(clock, paces)
    assert not asked
    run.report(StageStarted("measure", "1.1"))
    clock.now += 1
    assert run.left_s("measure", "1.1") == 2.0
    run.report(made("measure", "1.1", 5.0))
    run.report(StageStarted("measure", "2.1"))
    assert run.left_s("measure", "2.1") == 5.0
    clock.now += 60
    assert run.left_s("measure", "2.1") == 0.0
    assert asked == [100.0]


def test_the_film_tells_how_much_of_it_is_done_and_what_is_left(clock: Clock) -> None:
    run = RunProgress(clock)
    run.report(ShotsPlanned(("1.1", "1.2", "2.1", "2.2")))
    run.report(StageStarted("render", "1.1"))
    assert (run.film_words(), run.film_left_s()) == ("0 of 4 shots drawn", None)
    run.report(made("render", "1.1", 8.0))
    run.report(made("render", "1.2", 0.0, cached=True))
    run.report(StageStarted("render", "2.1"))
    clock.now += 2
    run.report(StageAdvanced("render", "2.1", 1, 4))
    # 2.1 has three steps of two seconds to go, 2.2 takes eight seconds as 1.1 did.
    assert run.film_left_s() == 6.0 + 8.0
    assert run.line() == (
        "2 of 4 shots drawn, about 00:14 left; rendering shot 2.1, 1 of 4, 00:06 left"
    )
    for shot in ("2.1", "2.2"):
        run.report(made("render", shot, 8.0))
    assert (run.film_words(), run.line()) == ("4 of 4 shots drawn", None)


def lines(screen_events: list[Event | float]) -> list[str]:
    """Return what a pipe gets: numbers are seconds that pass, with a look at each of them."""
    clock, out = Clock(), io.StringIO()
    screen = Screen(Console(file=out, width=200, markup=False), clock=clock)
    for event in screen_events:
        if isinstance(event, float):
            for _ in range(round(event)):
                clock.now += 1
                screen.tick()
        else:
            screen.report(event)
    return out.getvalue().splitlines()


def test_a_pipe_gets_a_line_every_ten_seconds_of_silence() -> None:
    written = lines([ShotsPlanned(("1.1",)), StageStarted("render", "1.1"), 9.0])
    assert written == []
    written = lines(
        [
            ShotsPlanned(("1.1", "1.2")),
            StageStarted("render", "1.1"),
            StageAdvanced("render", "1.1", 1, 8),
            25.0,
            made("render", "1.1", 25.0),
            9.0,
            StageStarted("render", "1.2"),
            9.0,
        ]
    )
    assert written == [
        "working  0 of 2 shots drawn; rendering shot 1.1, 1 of 8, 01:10 left",
        "working  0 of 2 shots drawn; rendering shot 1.1, 1 of 8, 02:20 left",
        "render   shot 1.1  made in 25.0 s",
        "working  1 of 2 shots drawn, about 00:24 left; rendering shot 1.2, 00:24 left",
    ]


def test_a_pipe_gets_nothing_while_nothing_is_made() -> None:
    assert lines([ShotsPlanned(("1.1",)), 60.0]) == []


def test_a_terminal_has_a_row_for_the_film(clock: Clock) -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True, markup=False, color_system=None)
    with Screen(console, clock=clock) as screen:
        screen.report(ShotsPlanned(("1.1", "1.2")))
        screen.report(StageStarted("render", "1.1"))
        screen.report(made("render", "1.1", 8.0))
        screen.report(StageStarted("render", "1.2"))
    last = out.getvalue().rpartition("film")[2]
    assert "1 of 2 shots drawn" in last
    assert "00:08 left" in last


def test_a_storyboard_tells_how_far_it_is_and_ends_with_its_last_page(clock: Clock) -> None:
    run = RunProgress(clock)
    run.report(StageStarted("storyboard", None))
    clock.now += 6
    run.report(StageAdvanced("storyboard", None, 12, 36))
    assert run.line() == "drawing the storyboard, 12 of 36, 00:12 left"
    run.report(StageAdvanced("storyboard", None, 36, 36))
    assert run.line() is None


def test_a_storyboard_that_is_stopped_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages that are done are whole, and nothing is said of shots that are kept."""

    def stopped(self: Screen, event: Event) -> None:
        if isinstance(event, StageAdvanced):
            raise KeyboardInterrupt

    monkeypatch.setattr(Screen, "report", stopped)
    story, picture = tmp_path / "a.story", tmp_path / "a.png"
    story.write_text("EXT. MEADOW - DAY\n\nThe FOX walks.\n")
    result = CliRunner().invoke(app, ["storyboard", str(story), "-o", str(picture)])
    assert result.exit_code == 130
    assert "stopped  what is written stays; the same command begins anew" in result.stderr
    assert picture.exists() and not picture.with_suffix(".html").exists()
