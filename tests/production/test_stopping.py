"""A render that is killed or told to stop keeps what is finished, and a later one goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamrunner.film import read_account
from dreamrunner.production.settings import Settings

from .walks import STORY, account, render

RUN = [sys.executable, "-m", "dreamrunner", "render", "--engine", "animatic"]


@pytest.fixture
def killed(story: Path, settings: Settings) -> Iterator[list[dict[str, object]]]:
    """Start a render of six shots, kill it when two are done, and return what it had finished."""
    scenes = "".join(
        f"EXT. MEADOW - DAY #{n}#\n@duration 1s\n\nThe FOX walks to the right.\n\n"
        for n in range(1, 7)
    )
    story.write_text(STORY[: STORY.index("EXT.")] + scenes, encoding="utf-8")
    command = [*RUN, str(story), "-o", str(settings.out), "--store", str(settings.store)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    run = settings.out / "walks" / "run.json"
    finished: list[dict[str, object]] = []
    limit = time.monotonic() + 120
    while len(finished) < 2 and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.02)
        if run.is_file():
            stages = read_account(run)["stages"]
            finished = [stage for stage in stages if stage["stage"] == "render"]
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL, "the render ended before it could be killed"
    assert read_account(run)["status"] == "running"
    yield finished


def test_a_killed_render_goes_on_where_it_was(
    story: Path, settings: Settings, killed: list[dict[str, object]]
) -> None:
    outcome, watcher = render(story, settings)

    kept = {stage["shot"] for stage in killed}
    made = {shot for stage, shot in watcher.made() if stage == "render"}
    assert len(kept) >= 2
    assert not kept & made
    assert outcome.film.duration_s == pytest.approx(6.0)
    run = account(outcome)
    assert run["status"] == "done"
    rendered = {s["shot"]: s for s in run["stages"] if s["stage"] == "render"}
    assert set(rendered) == {f"{n}.1" for n in range(1, 7)}
    assert all(rendered[shot]["cached"] for shot in kept)


def test_ctrl_c_says_that_the_work_is_kept(story: Path, settings: Settings) -> None:
    scenes = "".join(
        f"EXT. MEADOW - DAY #{n}#\n@duration 3s\n\nThe FOX walks to the right.\n\n"
        for n in range(1, 7)
    )
    story.write_text(STORY[: STORY.index("EXT.")] + scenes, encoding="utf-8")
    command = [*RUN, str(story), "-o", str(settings.out), "--store", str(settings.store)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have had Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("render"):
            process.send_signal(signal.SIGINT)
            break
    told = process.stderr.read()
    assert process.wait(timeout=120) == 130
    assert "finished shot is kept" in told
    assert "Traceback" not in told
    assert json.loads((settings.out / "walks" / "run.json").read_text())["status"] == "stopped"


SLOW = """
import sys, time
from pathlib import Path
import torch
from dreamrunner import cli
from dreamrunner.tools.stages import render

draw = render.begun

def slowly(*given):
    weights = torch.zeros(64, 64, requires_grad=True)
    Path({folder!r}, "working").touch()
    while not Path({folder!r}, "ready").exists():
        (weights @ weights).square().sum().backward()
    return draw(*given)

render.begun = slowly
sys.argv = ["dreamrunner", "render", "--engine", "animatic", *{arguments!r}]
cli.main()
"""


@pytest.fixture
def slow(story: Path, settings: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Begin a render whose first shot is at work in torch until the file `ready` is there."""
    arguments = [str(story), "-o", str(settings.out), "--store", str(settings.store)]
    code = SLOW.format(folder=str(tmp_path), arguments=arguments)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        # Whoever runs the tests in the background may have had Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        limit = time.monotonic() + 300
        while not (tmp_path / "working").exists():
            assert process.poll() is None and time.monotonic() < limit
            time.sleep(0.05)
        yield process
        process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return the line of standard error that has these words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


def test_the_first_ctrl_c_says_what_is_being_finished_and_finishes_it(
    slow: subprocess.Popen[str], settings: Settings, tmp_path: Path
) -> None:
    slow.send_signal(signal.SIGINT)
    said = read_until(slow, "stopping")
    assert "being finished first: render shot" in said
    assert "(Ctrl-C again to stop now)" in said
    (tmp_path / "ready").touch()
    assert slow.wait(timeout=300) == 130
    run = json.loads((settings.out / "walks" / "run.json").read_text())
    assert (run["status"], run["error"]) == ("stopped", None)
    assert len([stage for stage in run["stages"] if stage["stage"] == "render"]) == 1
    assert len(list(settings.store.rglob("clip.mp4"))) == 1


def test_the_second_ctrl_c_stops_at_once_and_aborts_nothing(
    slow: subprocess.Popen[str], settings: Settings, tmp_path: Path
) -> None:
    slow.send_signal(signal.SIGINT)
    read_until(slow, "stopping")
    slow.send_signal(signal.SIGINT)
    assert slow.stderr is not None
    said = slow.stderr.read()
    assert slow.wait(timeout=300) == 130  # `ready` is never there: nobody waits for the shot
    assert "what was being made is lost; every finished shot is kept" in said
    assert "terminate" not in said and "Traceback" not in said
    run = json.loads((settings.out / "walks" / "run.json").read_text())
    assert (run["status"], run["error"]) == ("stopped", None)
    assert not list(settings.store.rglob("clip.mp4"))
    (tmp_path / "ready").touch()
