"""Figures that people judged: who is asked about, and how many of each verdict are filmed."""

from __future__ import annotations

import sys
from pathlib import Path

from dreamrunner.engine.family import capabilities

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from figures import asked_of, filmed, judged_of, still_filmed  # noqa: E402

PAGE = """Title: T

INT. HALL - DAY

MR. FOX (40) waits. A nurse nods.

MR. FOX
Hello.
"""


def test_who_has_no_lines_is_asked_about(tmp_path: Path) -> None:
    page = tmp_path / "hall.fountain"
    page.write_text(PAGE, encoding="utf-8")
    (found,) = filmed(page, capabilities("storybook").model_copy(update={"max_entities": 6}))
    assert found.silent == ("NURSE",)
    assert set(found.everybody) == {"MR. FOX", "NURSE"}
    assert asked_of([found]).endswith("others: MR. FOX\nJUDGE: NURSE\n")


def test_the_filmed_are_counted_by_their_verdict(tmp_path: Path) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text("id\tfigure\tverdict\na:1\tDOG\tN\na:1\tMAN\tY\nb:2\tCAT\tN\n", "utf-8")
    counted = still_filmed(judged_of(file), {"a:1": ("MAN", "ANN")})
    assert counted["nobody"] == {"judged": 1, "filmed": 0}
    assert counted["there"] == {"judged": 1, "filmed": 1}
