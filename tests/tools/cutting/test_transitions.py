"""The script's transitions are seen, and no clip changes its length for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dreamrunner.dsl import parse_story
from dreamrunner.engine.video import read_video, write_video
from dreamrunner.plan import Plan, ScenePlan, ShotPlan
from dreamrunner.tools.cutting.transitions import (
    Kind,
    Transition,
    drawn,
    transitions_of,
    with_transitions,
)

STORY = """\
Title: A

FADE IN:

EXT. ONE - DAY

Fog.

CUT TO:

EXT. TWO - DAY

Fog.

DISSOLVE TO:

EXT. THREE - DAY

Fog.

SMASH CUT TO:

EXT. FOUR - DAY

Fog.

> FADE OUT.
"""


def plan() -> Plan:
    scenes = tuple(
        ScenePlan(
            id=scene, heading="", place="",
            shots=tuple(
                ShotPlan(
                    id=f"{scene}.{n}", scene=scene, duration_s=1, seed=0, place="", background=""
                )
                for n in (1, 2)
            ),
        )
        for scene in "1234"
    )  # fmt: skip
    return Plan(title="A", director="rules", fps=8, width=144, height=96, scenes=scenes)


def test_what_is_written_is_what_is_drawn() -> None:
    story = parse_story(STORY, path="a.story").story
    assert story is not None
    assert transitions_of(story, plan()) == (
        Transition("1.1", "fade-in"),
        Transition("2.2", "dissolve"),
        Transition("4.2", "fade-out"),
    )


@pytest.mark.parametrize(
    ("kind", "first", "last"), [("fade-in", 29, 200), ("fade-out", 200, 29), ("dissolve", 200, 71)]
)
def test_a_transition_takes_its_time_and_no_more(kind: Kind, first: int, last: int) -> None:
    frames = np.full((16, 4, 4, 3), 200, np.uint8)
    made = drawn(frames, kind, 8, np.full((4, 4, 3), 50, np.uint8))
    assert made.shape == frames.shape
    assert (int(made[0].mean()), int(made[-1].mean())) == (first, last)
    changed = [n for n in range(16) if not np.array_equal(made[n], frames[n])]
    assert changed == (list(range(6)) if kind == "fade-in" else list(range(10, 16)))


def test_only_the_clips_of_transitions_are_drawn_again(tmp_path: Path) -> None:
    clips = []
    for shot, shade in (("1.1", 200), ("2.1", 40)):
        clips.append((shot, tmp_path / f"{shot}.mp4"))
        write_video(clips[-1][1], np.full((8, 96, 144, 3), shade, np.uint8), 8, scale=1)
    seen = with_transitions(clips, [Transition("1.1", "dissolve")], tmp_path)
    assert seen[1] == clips[1][1]
    frames = read_video(seen[0]).frames
    assert len(frames) == 8
    assert abs(int(frames[0].mean()) - 200) < 3
    assert 60 < frames[-1].mean() < 90
