"""The accelerator's script on tiny shapes: its order, its end, and that it needs no video."""

from __future__ import annotations

import json
import operator
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from .test_speed import SCALE

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

import accelerator  # noqa: E402


def test_rows_are_said_and_kept_one_by_one_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    kept: list[list[str]] = []
    out = tmp_path / "speed-g.json"

    def say(words: str) -> None:
        said.append(words)
        kept.append(list(json.loads(out.read_text("utf-8"))["figures"]) if out.exists() else [])

    def measured(left_s: float, work, scale) -> accelerator.Outcome:
        return accelerator.Outcome(work(1, scale))

    monkeypatch.setattr(accelerator, "within", measured)
    accelerator.run(out, 600, replace(SCALE, compiler=None), say)
    assert [words.split()[0].rstrip(":") for words in said] == list(accelerator.ORDER)
    assert said[4].startswith("G5: not run: this device has no such figure")
    assert "G1" in kept[1] and "G4" not in kept[2] and "G4" in kept[3]
    account = json.loads(out.read_text("utf-8"))
    assert account["not run"].keys() == {"G5"} and account["machine"]["gpu"] is None
    assert {"G1", "G3", "G4", "G6", "G7", "G2 5b R9"} <= account["figures"].keys()


def test_a_row_ends_with_the_time_and_says_why() -> None:
    assert accelerator.within(0, print, None).why == "no time was left"
    found = accelerator.within(60, operator.truediv, 0)
    assert found.why == "ZeroDivisionError: division by zero"


def test_its_modules_need_no_video_library() -> None:
    script = "import sys; sys.modules['av'] = None; from sr3ai import accelerator"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
