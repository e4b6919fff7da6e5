"""The work waits for a person's word: across kills, days and edited pages, each is said once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.errors import PageEditedError, UnansweredError
from dreamrunner.film import read_account
from dreamrunner.production.approval import PlanQuestion, Reply, ShotQuestion
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, StageFinished, silent

STORY = """\
Title: Two Walks
Seed: 5

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.

EXT. BEACH - DAY #2#
@duration 0.5s

The FOX jumps.
"""


class Made:
    def __init__(self) -> None:
        self.stages: list[str] = []

    def report(self, event: Event) -> None:
        if isinstance(event, StageFinished) and not event.record.cached:
            self.stages.append(f"{event.record.stage} {event.record.shot or ''}".strip())


class Person:
    """Answers in order, and goes home when there is nothing more to say."""

    def __init__(self, *answers: Reply | Callable[[], Reply]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, question: PlanQuestion | ShotQuestion) -> Reply:
        if not self.answers:
            raise UnansweredError("gone home")
        about = "plan" if isinstance(question, PlanQuestion) else question.shot
        take = "" if isinstance(question, PlanQuestion) else f" take {question.kept.number}"
        self.asked.append(about + take)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, Reply) else answer()


YES = Reply("accept")


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_nothing_is_drawn_before_the_plan_is_approved_and_the_word_holds(
    story: Path, settings: Settings
) -> None:
    careful = replace(settings, approve=("plan",))
    made = Made()
    with pytest.raises(UnansweredError):
        render_story(story, careful, made, Person())
    assert made.stages == ["plan"]
    person = Person(YES)
    render_story(story, careful, made, person)  # the next day
    assert person.asked == ["plan"]
    assert sorted(made.stages) == ["cut", "plan", "render 1.1", "render 2.1"]
    render_story(story, careful, made, Person())  # nobody is asked again


def test_shots_are_approved_one_by_one_and_one_is_made_again(
    story: Path, settings: Settings
) -> None:
    careful = replace(settings, approve=("shots",))
    made = Made()
    person = Person(YES, Reply("redo"))
    with pytest.raises(UnansweredError):
        render_story(story, careful, made, person)
    assert person.asked == ["1.1 take 1", "2.1 take 1"]
    assert "cut" not in made.stages
    person = Person(Reply("keep", 1))
    film = render_story(story, careful, made, person).film
    assert person.asked == ["2.1 take 2"]
    assert [(t.shot, t.number, t.kept) for t in film.takes] == [
        ("1.1", 1, True),
        ("2.1", 1, True),
        ("2.1", 2, False),
    ]
    # What was made again is a take of its own and was drawn once.
    assert made.stages.count("render 2.1") == 1 + (film.takes[1].clip.key != film.takes[2].clip.key)
    render_story(story, careful, made, Person())
    assert made.stages.count("cut") == 1


def test_an_edited_page_keeps_the_word_on_what_it_did_not_change(
    story: Path, settings: Settings
) -> None:
    careful = replace(settings, approve=("shots",))

    def edit() -> Reply:
        story.write_text(STORY.replace("jumps", "walks to the left"), encoding="utf-8")
        return Reply("edited")

    with pytest.raises(PageEditedError):
        render_story(story, careful, silent, Person(YES, edit))
    made, person = Made(), Person(YES)
    render_story(story, careful, made, person)
    assert person.asked == ["2.1 take 1"]
    assert "render 1.1" not in made.stages


def test_a_person_answers_at_the_terminal(story: Path, tmp_path: Path) -> None:
    patch = tmp_path / "fox.patch"
    other = STORY.replace("The FOX jumps.", "The FOX walks to the left.")
    lines = (text.splitlines(keepends=True) for text in (STORY, other))
    patch.write_text("".join(unified_diff(*lines)), encoding="utf-8")
    command = ["render", str(story), "-o", str(tmp_path / "out"), "--store", str(tmp_path / "s")]
    command += ["--engine", "animatic", "--approve", "shots", "--approve", "plan", "--silent"]
    run = CliRunner()
    first = run.invoke(app, command, input="what?\nyes\nkeep 7\naccept\nstop\n")
    assert first.exit_code == 1
    assert "shot 2.1 waits for your word" in first.stderr
    assert "keep one of the takes 1" in first.stderr
    second = run.invoke(app, command, input=f"patch {patch}\naccept\naccept\n")
    assert second.exit_code == 0, second.stderr
    assert "walks to the left" in story.read_text(encoding="utf-8")
    assert (tmp_path / "out" / "walks" / "film.mp4").is_file()


def kill_at_question(command: list[str], answers: list[str]) -> None:
    """Give answers, wait for the question after them, and end the process there."""
    with subprocess.Popen(
        [sys.executable, "-m", "dreamrunner", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin and process.stderr
        process.stdin.write("".join(f"{answer}\n" for answer in answers).encode())
        process.stdin.flush()
        limit = threading.Timer(300, process.kill)  # a question that never comes
        limit.start()
        told = b""
        while told.count(b", stop:") <= len(answers):
            byte = process.stderr.read(1)
            assert byte, told.decode()
            told += byte
        limit.cancel()
        process.kill()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("wanted", "said", "left", "drawn"),
    [("plan", [], "accept\n", 0), ("shots", ["accept"], "redo\nkeep 1\n", 2)],
)
def test_after_a_kill_only_what_was_not_said_is_asked(
    story: Path, tmp_path: Path, wanted: str, said: list[str], left: str, drawn: int
) -> None:
    command = ["render", str(story), "-o", str(tmp_path / "out"), "--store", str(tmp_path / "s")]
    command += ["--engine", "animatic", "--approve", wanted, "--silent"]
    kill_at_question(command, said)
    # A word asked for twice would find the input's end, and the work would stop.
    next_day = CliRunner().invoke(app, command, input=left)
    assert next_day.exit_code == 0, next_day.stderr
    run = read_account(tmp_path / "out" / "walks" / "run.json")
    kept = [s["cached"] for s in run["stages"] if s["stage"] == "render"]
    assert kept[:2] == [bool(drawn)] * 2
    assert (tmp_path / "out" / "walks" / "film.mp4").is_file()
