"""What other scripts committed is quoted as it stands, and nothing where there is nothing."""

from __future__ import annotations

import json
from pathlib import Path

from dreamrunner.bench.checks import quoted


def test_nothing_is_quoted_of_an_empty_folder(tmp_path: Path) -> None:
    assert not list(quoted(tmp_path))


def test_a_curve_has_a_row_an_arm(tmp_path: Path) -> None:
    rate = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 8}
    arm = {"as asked": rate, "the animal asked for": rate, "an animal of the clips": rate}
    kept = {"motion": "sway", "shots": 8, "asked": "frog", "arms": {"0": arm, "20 unfiltered": arm}}
    (tmp_path / "adapter-curve.json").write_text(json.dumps(kept))
    (section,) = quoted(tmp_path)
    assert "| 0 | 0.50 [0.25, 0.75] | 0.50 [0.25, 0.75] | 0.50 [0.25, 0.75] |" in section
    assert "| 20 unfiltered |" in section and "8 shots of a frog an arm, `sway`." in section


def test_retrieval_stands_beside_the_best_that_can_be_had(tmp_path: Path) -> None:
    def mean(value: float) -> dict[str, float]:
        return {"mean": value}

    stage = {"r_precision": mean(0.9), "precision_at_10": mean(0.5), "ndcg": mean(0.8)}
    found = {
        "clips": 62, "best_precision_at_10": mean(0.6),
        "stages": {"weighed against other motions": stage},
    }  # fmt: skip
    (tmp_path / "retrieval.json").write_text(json.dumps({"filmed": found}))
    (section,) = quoted(tmp_path)
    assert "62 filmed clips" in section and "0.50 of 0.60 that can be had" in section
