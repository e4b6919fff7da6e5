"""Engines, trainers and critics may first be needed by threads at once, and are imported whole."""

from __future__ import annotations

import subprocess
import sys

# What an engine and a trainer import, each in a thread of its own.
_AT_ONCE = """
from threading import Barrier, Thread
from dreamrunner.engine.family import load_family
from dreamrunner.tools.stages.adapt import LazyTrainer

start, failed = Barrier(2), []

def ask(need):
    start.wait()
    try:
        need()
    except BaseException as error:
        failed.append(repr(error))

needs = (lambda: load_family("storybook"), lambda: LazyTrainer()._trainer)
threads = [Thread(target=ask, args=(need,)) for need in needs]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not failed, failed
"""


def test_an_engine_and_a_trainer_that_are_first_needed_at_once_are_imported_whole() -> None:
    done = subprocess.run([sys.executable, "-c", _AT_ONCE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
