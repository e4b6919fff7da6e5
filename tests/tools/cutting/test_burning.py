"""Words are in the picture while they are said, within its edges, and nowhere else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from dreamrunner.engine.video import read_video, write_video
from dreamrunner.tools.cutting.burning import Lettering, burnt, with_burnt
from dreamrunner.tools.cutting.styles import SUBTITLES
from dreamrunner.tools.cutting.subtitles import Cue

LONG = "FOX: I have been waiting for you since the moon came up over the hill, my dear friend."


def test_words_are_in_the_frames_of_their_cue_and_within_the_picture() -> None:
    frames = np.full((16, 192, 288, 3), 90, np.uint8)
    made = burnt(
        frames, Lettering([Cue(Fraction(5, 2), Fraction(3), LONG)], SUBTITLES), Fraction(2), 8
    )
    changed = [n for n in range(16) if not np.array_equal(made[n], frames[n])]
    assert changed == [4, 5, 6, 7]
    rows, columns = np.nonzero((made[5] != 90).any(axis=2))
    assert rows.min() > 96 and rows.max() < 190
    assert columns.min() > 3 and columns.max() < 284
    assert rows.max() - rows.min() > 20  # more lines than one
    assert made[5].max() > 240 and made[5].min() < 20  # white, and black about it


def test_only_clips_with_words_are_drawn_again(tmp_path: Path) -> None:
    paths = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for path in paths:
        write_video(path, np.full((8, 96, 144, 3), 90, np.uint8), 8, scale=1)
    cue = Cue(Fraction(5, 4), Fraction(7, 4), "FOX: Hello.")
    seen = with_burnt(paths, [Fraction(1)] * 2, [Lettering([cue], SUBTITLES)], tmp_path)
    assert seen[0] == paths[0]
    frames = read_video(seen[1]).frames
    lit = [n for n in range(8) if frames[n].max() > 200]
    assert lit == [2, 3, 4, 5]
