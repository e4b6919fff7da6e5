"""Blind answers: names in any order, alike motions, one of two deeds; a lacking answer is wrong."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
spec = importlib.util.spec_from_file_location("benchmark_blind", FOLDER / "blind.py")
assert spec is not None and spec.loader is not None
blind = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = blind
spec.loader.exec_module(blind)

ROW = {
    "film": "knight", "shot": "1.1", "place": "living-room",
    "done": {"EDDA": ["enter", "bow"], "MAUD": ["stand"]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "who", "where", "what"),
    [
        (["EDDA, MAUD", "room", "walk, stand"], True, True, True),
        (["maud,edda", "living-room", "stand,bow"], True, True, True),
        (["EDDA, MAUD", "kitchen", "stand, bow"], True, False, False),
        (["EDDA", "living-room", "bow"], False, True, False),
        (["", "", ""], False, False, False),
    ],
)
def test_each_part_of_an_answer_counts_by_itself(
    answer: list[str], who: bool, where: bool, what: bool
) -> None:
    assert blind.right_of(answer, ROW) == {"who": who, "where": where, "what": what}
