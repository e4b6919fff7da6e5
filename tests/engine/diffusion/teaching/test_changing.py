"""How much of a figure's region changes tells a hand that waves from whoever goes about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.diffusion.teaching.changing import share_that_changes
from dreamrunner.engine.miniature.world import FPS, MOTIONS, PLACES, Figure, WorldScene, draw
from dreamrunner.engine.video import read_video, write_video
from dreamrunner.story import Box


def test_the_share_is_that_of_the_pixels_that_change() -> None:
    frames = np.full((4, 20, 40, 3), 100, np.uint8)
    frames[::2, 2:4, 20:30] = 200
    box = Box(0.5, 0.0, 1.0, 0.5)  # 20 x 10 pixels, of which 20 change alike
    assert share_that_changes([(frames, box)]) == pytest.approx(18 / 200)
    frames[::2, 8] = 200
    assert share_that_changes([(frames, box)]) == pytest.approx(36 / 200)
    assert share_that_changes([(frames, box), (frames[:1], box)]) == pytest.approx(118 / 200)
    assert share_that_changes([]) == 1.0


@pytest.mark.parametrize("motion", [one for one in MOTIONS if one != "stand"])
def test_of_the_miniatures_motions_one_is_a_parts(motion: str, tmp_path: Path) -> None:
    """Read from a video, as a clip of the library is."""
    clip = draw(WorldScene(PLACES[0], (Figure("fox", "red", motion, x=48),)))
    write_video(tmp_path / "clip.mp4", clip.frames, FPS, scale=1)
    boxes = clip.boxes[0]
    low, high = boxes[:, :2].min(0).clip(0), boxes[:, 2:].max(0).clip(max=1)
    box = Box(*(float(side) for side in (*low, *high)))
    found = share_that_changes([(read_video(tmp_path / "clip.mp4").frames, box)])
    assert (found < 0.1) == (motion == "wave")
    assert found < 0.05 or found > 0.25
