"""Two workers with the embedded models and a training make the film of one process, by the byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dreamrunner.film import read_account

from .node_kills import Nodes

pytestmark = pytest.mark.slow

# One motion has to be learnt; the other shot is drawn beside the training.
PAGE = """\
Title: Two Tricks

@character FOX: a red fox
@character BEAR: a brown bear

EXT. MEADOW - DAY #1#
@duration 1s
@seed 3
@tries 1

The FOX does a somersault.

EXT. BEACH - DAY #2#
@duration 1s
@seed 4
@tries 1

The BEAR walks to the right.
"""


def rendered(folder: Path, *options: str) -> Path:
    """Return the folder of a film that the command makes, with one thread."""
    folder.mkdir()
    story = folder / "tricks.story"
    story.write_text(PAGE, encoding="utf-8")
    command = [sys.executable, "-m", "dreamrunner", "render", str(story), *options]
    command += ["-o", str(folder / "out"), "--store", str(folder / "store")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "out" / "tricks"


def test_two_workers_draw_train_and_measure_as_one_process(nodes: Nodes, tmp_path: Path) -> None:
    alone = rendered(tmp_path / "alone")
    spread = rendered(tmp_path / "spread", "--on", "ray")
    accounts = [read_account(folder / "run.json") for folder in (alone, spread)]
    made = [
        Counter(s["stage"] for s in account["stages"] if not s["cached"]) for account in accounts
    ]
    assert made[0] == made[1]
    assert made[1]["adapt"] == 1 and made[1]["render"] >= 2 and made[1]["measure"] >= 2
    assert "2 workers on the cluster" in accounts[1]["notes"]
    for name in ("film.mp4", "shots/shot-1.1.mp4", "shots/shot-2.1.mp4"):
        assert (spread / name).read_bytes() == (alone / name).read_bytes(), name
    weights = [
        {
            path.name: path.read_bytes()
            for path in folder.parents[1].glob("store/??/*/*.safetensors")
        }
        for folder in (alone, spread)
    ]
    assert weights[0] and weights[0] == weights[1]
