"""Two processes that need one result: it is made once, also where its first maker is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Says what happens, and goes on making when it is given a line.
SCRIPT = """
import os, sys
from pathlib import Path
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.job import Job
from dreamrunner.tools.stages.runner import NoteAdded, StageFinished, StoreRunner
from dreamrunner.tools.store.store import Store

class Observer:
    def report(self, event):
        if isinstance(event, NoteAdded):
            print("note", event.text, flush=True)
        if isinstance(event, StageFinished):
            print("cached", event.record.cached, event.record.note, flush=True)

def make(folder):
    print("making", flush=True)
    sys.stdin.readline()
    (folder / "clip").write_text("x")
    return {"maker": os.getpid()}

store, account = Path(sys.argv[1]), Path(sys.argv[2])
runner = StoreRunner(Store(store), Ledger(account, {}), Observer())
made = runner.once(Job("render", 1, {"shot": "1"}, "fox shot 1", shot="1.1"), make)
print("made by", made.fields["maker"], flush=True)
"""

Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a process that needs the result."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        account = tmp_path / f"{len(started)}" / "run.json"
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path / "store"), str(account)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_result_that_two_processes_need_is_made_once(start: Start) -> None:
    first = start()
    assert line(first) == "making"
    second = start()
    waits = f"note process {first.pid} is making render of shot 1.1; waiting for its result"
    assert line(second) == waits
    go_on(first)
    assert line(first) == "cached False made for the first time"
    assert line(second) == f"cached True made by process {first.pid} meanwhile"
    assert line(first) == line(second) == f"made by {first.pid}"
    assert first.wait() == second.wait() == 0


def test_a_killed_maker_keeps_nobody_waiting(start: Start, tmp_path: Path) -> None:
    first = start()
    assert line(first) == "making"
    second = start()
    assert line(second).startswith(f"note process {first.pid} is making")
    first.kill()
    assert line(second) == "making"
    go_on(second)
    assert line(second) == "cached False made for the first time"
    assert line(second) == f"made by {second.pid}"
    assert second.wait() == 0
    assert not list((tmp_path / "store" / "locks").iterdir())
