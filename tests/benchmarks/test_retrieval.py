"""The benchmark of retrieval: its scores of a ranking, by hand."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

import retrieval  # noqa: E402


@pytest.mark.parametrize(
    ("hits", "precision"),
    [([1, 1, 0, 0], 1.0), ([1, 0, 1, 0], 0.5), ([0, 0, 1], 0.0), ([0, 1, 1, 1], 2 / 3)],
)
def test_r_precision_is_of_as_many_as_there_are(hits: list[int], precision: float) -> None:
    assert retrieval.r_precision([bool(hit) for hit in hits]) == pytest.approx(precision)


def test_precision_at_ten_counts_what_is_missing_as_wrong() -> None:
    assert retrieval.precision_at([True, False, True]) == 0.2
    assert retrieval.precision_at([True] * 12) == 1.0


def test_ndcg_is_one_for_the_best_order_and_falls_with_each_place() -> None:
    assert retrieval.ndcg([True, True, False]) == 1.0
    assert retrieval.ndcg([False, True]) == pytest.approx(1 / math.log2(3))
    assert retrieval.ndcg([True, False, True]) == pytest.approx(1.5 / (1 + 1 / math.log2(3)))


def test_an_interval_holds_its_mean_and_is_none_for_equals() -> None:
    assert retrieval.mean_with_interval([1.0, 1.0]) == {"mean": 1.0, "interval": [1.0, 1.0]}
    found = retrieval.mean_with_interval([0.0, 1.0, 1.0])
    low, high = found["interval"]
    assert low <= found["mean"] == 0.667 <= high
