"""Frames written to a file come back; the bytes are a function of the frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.video import Frames, read_video, screen_scale, write_video
from dreamrunner.errors import VideoError


def moving_square(frames: int = 12, height: int = 96, width: int = 144) -> Frames:
    """A blue square that crosses an orange field, four pixels a frame."""
    film = np.empty((frames, height, width, 3), np.uint8)
    film[:] = (240, 120, 40)
    for number, frame in enumerate(film):
        frame[30:60, 4 * number : 4 * number + 30] = (20, 90, 200)
    return film


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(144, 96, 4), (720, 480, 1), (384, 384, 1), (256, 256, 2), (1360, 768, 1), (96, 144, 4)],
)
def test_small_frames_are_enlarged_for_a_screen(width: int, height: int, scale: int) -> None:
    assert screen_scale(width, height) == scale


def test_a_small_film_is_enlarged_and_read_back_at_its_own_size(tmp_path: Path) -> None:
    film = moving_square()
    write_video(tmp_path / "film.mp4", film, 12)

    shown = read_video(tmp_path / "film.mp4")
    assert shown.frames.shape == (12, 384, 576, 3)
    assert shown.fps == 12

    own, fps = read_video(tmp_path / "film.mp4", width_px=144, height_px=96)
    assert own.shape == film.shape
    assert fps == 12
    assert np.abs(own.astype(int) - film).mean() < 1.0


def test_colours_survive_within_two_steps(tmp_path: Path) -> None:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (128, 128, 128)]
    film = np.empty((len(colours), 64, 64, 3), np.uint8)
    for frame, colour in zip(film, colours, strict=True):
        frame[:] = colour
    write_video(tmp_path / "flat.mp4", film, 8, scale=1)
    back = read_video(tmp_path / "flat.mp4").frames
    assert np.abs(back.astype(int) - film).max() <= 2


def test_equal_frames_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        write_video(tmp_path / name, moving_square(), 12)
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def test_a_single_frame_is_a_video(tmp_path: Path) -> None:
    write_video(tmp_path / "still.mp4", moving_square(1), 8)
    assert read_video(tmp_path / "still.mp4").frames.shape == (1, 384, 576, 3)


def test_the_file_begins_with_its_index_so_that_a_browser_can_start_at_once(tmp_path: Path) -> None:
    write_video(tmp_path / "film.mp4", moving_square(), 12)
    data = (tmp_path / "film.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "half", "folder"])
def test_what_is_no_whole_video_is_refused_by_name(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "broken.mp4"
    write_video(path, moving_square(), 12)
    whole = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "missing":
        content = {"empty": b"", "text": b"EXT. RIVER", "half": whole[: len(whole) // 2]}
        path.write_bytes(content[damage])
    with pytest.raises(VideoError, match=r"broken\.mp4"):
        read_video(path)


def test_a_failed_write_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"the film before")
    with pytest.raises(VideoError, match="even width and height, not 5x4"):
        write_video(path, moving_square(2, 4, 5), 12, scale=1)
    assert path.read_bytes() == b"the film before"
    assert [left.name for left in tmp_path.iterdir()] == ["film.mp4"]


def test_a_folder_that_cannot_be_made_is_a_video_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(VideoError, match="cannot write"):
        write_video(tmp_path / "file" / "film.mp4", moving_square(2), 12)


def test_frames_of_another_type_are_a_bug_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="uint8"):
        write_video(tmp_path / "film.mp4", np.zeros((2, 8, 8, 3)), 12)  # type: ignore[arg-type]
