"""Figures of a run -> its page: what is claimed is what was measured."""

from __future__ import annotations

import json
from pathlib import Path

from dreamrunner.bench.questions import Leak, Occluded
from dreamrunner.bench.rows import BEST, PLAIN, REGIONS
from dreamrunner.bench.scoring import FigureScore, JoinScore, ShotScore
from dreamrunner.bench.story_page import COLUMNS, difference, write_page
from dreamrunner.bench.story_run import StoryFigures


def shot(row: str, number: int, *, right: bool, text: float) -> ShotScore:
    figure = FigureScore("OWL", right, right, 0.8 if right else 0.0, 1.0)
    return ShotScore("s", f"{number}.1", row, (figure,), True, text, 0.01)


def figures() -> StoryFigures:
    found = StoryFigures(not_run=["+ both: 12-a-year"])
    for number in range(1, 9):
        found.shots += [
            shot(PLAIN.name, number, right=number % 2 == 0, text=0.5),
            shot(BEST.name, number, right=number % 2 == 0, text=0.5),
            shot(REGIONS.name, number, right=True, text=0.6),
        ]
        found.joins += [JoinScore("s", f"{number}.1", PLAIN.name, 0.90)]
        found.joins += [JoinScore("s", f"{number}.1", REGIONS.name, 0.91)]
    found.leaks = [Leak(1.0, 0.2, 0.01, 0.02)]
    found.occlusion = [Occluded(0.4, "union", True, False)]
    return found


def test_differences_are_of_the_shots_that_both_rows_have() -> None:
    kept = figures()
    kept.shots = [s for s in kept.shots if not (s.row == PLAIN.name and s.shot == "1.1")]
    found = difference(kept, REGIONS.name, PLAIN.name, COLUMNS["character"])
    assert found is not None and found.pairs == 7
    assert abs(found.mean - 3 / 7) < 1e-9
    assert difference(kept, REGIONS.name, "never run", COLUMNS["character"]) is None


def test_the_page_says_what_is_met_what_is_not_and_what_was_not_run(tmp_path: Path) -> None:
    page = write_page(figures(), tmp_path, tmp_path, "By a test.").read_text()
    assert "text (CLIP): +20.0%, at least +20.0%; the paper has +3.8%: met." in page
    assert "transitions: +1.1%, at least +1.1%; the paper has +7.5%: not met." in page
    assert "| + both | not run |" in page
    assert "* + both: 12-a-year" in page
    assert "| 100% of the layers | 0.200 | 0.010 | 0.020 |" in page
    assert (tmp_path / "storybench-occlusion.svg").read_text().startswith("<svg")
    assert "27.2 %" in page


def test_figures_come_back_as_they_were_kept(tmp_path: Path) -> None:
    kept = figures()
    (tmp_path / "f.json").write_text(json.dumps(kept.plain()))
    assert StoryFigures.read(tmp_path / "f.json") == kept
