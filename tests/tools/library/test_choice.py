"""The best clips that are least alike are chosen, and the nearest where too few pass."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dreamrunner.tools.library import LibraryClip, Selection
from dreamrunner.tools.library.choice import choose
from dreamrunner.tools.library.retrieval import Candidate, MotionQuery


def candidate(
    name: str, text: float, meaning: Sequence[float] = (1.0, 0.0), stage: str = ""
) -> Candidate:
    clip = LibraryClip(
        id=name, file=f"{name}.mp4", caption=name, frames=25, fps=8, width=96, height=64,
        size_bytes=1, sha256=name, licence="CC0-1.0", source="",
    )  # fmt: skip
    made = Candidate(
        clip,
        Path(clip.file),
        {"text": text} | ({"seen": text} if stage == "frames" else {}),
        meaning=np.array(meaning, np.float32),
    )
    return made.rejected(stage, f"by {stage}") if stage else made


WALK = MotionQuery("walk", ("someone walking",), (), ("someone running",), ())


def test_of_more_than_enough_the_unlike_ones_are_chosen() -> None:
    alike = [candidate(f"a{n}", 0.9 - 0.01 * n) for n in range(3)]
    other = candidate("b", 0.8, (0.0, 1.0))
    chosen = choose(WALK, [*alike, other], Selection(fewest=1, most=2))
    assert [(c.clip.id, kept) for c, kept in chosen] == [
        ("a0", True), ("b", True), ("a1", False), ("a2", False),
    ]  # fmt: skip
    assert {c.stage for c, kept in chosen if not kept} == {"likeness"}
    blind = choose(WALK, [*alike, other], Selection(fewest=1, most=2, likeness_weight=0))
    assert [c.clip.id for c, kept in blind if kept] == ["a0", "a1"]


def test_the_best_four_are_taken_where_fewer_pass_but_none_that_is_unlikely_or_unfit() -> None:
    found = [
        candidate("good", 0.8),
        candidate("nearly", 0.48, stage="caption"),
        candidate("hardly", 0.45, stage="frames"),
        candidate("less", 0.42, stage="caption"),
        candidate("least", 0.41, stage="caption"),
        candidate("other", 0.2, stage="caption"),
        candidate("short", 0.9, stage="length"),
    ]
    chosen = choose(WALK, found, Selection())
    assert [c.clip.id for c, kept in chosen if kept] == ["good", "hardly", "nearly", "less"]
    assert all(c.reason for c, _ in chosen)
    assert chosen[1][0].reason == (
        "taken for want of others, though its frames hardly show it (0.45)"
    )
    assert "though its caption hardly says it (0.48)" in chosen[2][0].reason
    few = choose(WALK, [found[0], *found[5:]], Selection())
    assert not any(kept for _, kept in few)
    assert few[1][0].reason == "only 1 clip shows this motion, 4 are needed to teach it"
