"""A folder of videos -> a library: what is taken, and why the rest is not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.video import Frames, write_video
from dreamrunner.errors import InputError, LibraryError
from dreamrunner.tools.library import load_library, take_in


def moving(frames: int = 20, width: int = 96, height: int = 64, seed: int = 0) -> Frames:
    """A bright square that crosses a dark field."""
    video = np.full((frames, height, width, 3), 40 + seed, np.uint8)
    for number, frame in enumerate(video):
        left = number * (width - 16) // frames
        frame[20:36, left : left + 16] = 220
    return video


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """One good video and one of each kind of bad ones."""
    folder = tmp_path / "videos"
    write_video(folder / "good.mp4", moving(), 8, scale=1)
    write_video(folder / "deep" / "twin.mp4", moving(), 8, scale=1)
    write_video(folder / "silent.mp4", moving(seed=1), 8, scale=1)
    write_video(folder / "short.mp4", moving(frames=5), 8, scale=1)
    write_video(folder / "quick.mp4", moving(frames=12), 24, scale=1)
    write_video(folder / "long.mp4", moving(frames=130), 2, scale=1)
    write_video(folder / "tiny.mp4", moving(width=48, height=48), 8, scale=1)
    write_video(folder / "still.mp4", np.repeat(moving(frames=1), 20, axis=0), 8, scale=1)
    write_video(folder / "blank.mp4", np.full((20, 64, 96, 3), 128, np.uint8), 8, scale=1)
    (folder / "text.mp4").write_text("not a video")
    data = (folder / "good.mp4").read_bytes()
    (folder / "cut.mp4").write_bytes(data[: len(data) * 3 // 5])
    (folder / "notes.txt").write_text("not asked for")
    names = "good silent short quick long tiny still blank text cut lost deep/twin".split()
    told = {f"{name}.mp4": f"a {name} square moving" for name in names if name != "silent"}
    (folder / "captions.json").write_text(json.dumps(told))
    return folder


def test_each_video_is_taken_or_left_with_its_reason(videos: Path, tmp_path: Path) -> None:
    library = take_in(videos, tmp_path / "library")
    reasons = {r.file: r.reason for r in library.manifest.refused}
    # The twin comes first: files are taken in the order of their paths.
    assert [clip.caption for clip in library.manifest.clips] == ["a deep/twin square moving"]
    assert reasons.pop("text.mp4").startswith("it cannot be read: ")
    assert reasons.pop("cut.mp4").startswith("it cannot be read: ")
    assert reasons == {
        "lost.mp4": "the captions name it, but there is no such video",
        "good.mp4": "it is the same file as deep/twin.mp4",
        "silent.mp4": "it has no caption",
        "short.mp4": "too short: 5 frames, at least 8",
        "quick.mp4": "too short: 0.50 s, at least 1 s",
        "long.mp4": "longer than 60 s: cut it into clips of one motion each",
        "tiny.mp4": "too small: 48x48, at least 64 pixels a side",
        "still.mp4": "nothing moves: it is a still picture",
        "blank.mp4": "nothing is to be seen: every frame is one colour",
    }


def test_records_bring_licence_and_source_and_it_can_be_opened_again(
    videos: Path, tmp_path: Path
) -> None:
    (videos / "captions.json").unlink()
    record = {
        "file": "good.mp4", "caption": " a square\n crosses ", "licence": "CC-BY-4.0",
        "source": "https://example.org/1",
    }  # fmt: skip
    (videos / "captions.jsonl").write_text(json.dumps(record) + "\n\n")
    taken = take_in(videos, tmp_path / "library")
    again = load_library(tmp_path / "library")
    assert again.manifest == taken.manifest
    [clip] = again.manifest.clips
    assert (clip.caption, clip.licence) == ("a square crosses", "CC-BY-4.0")
    assert clip.source == "https://example.org/1"
    assert (clip.frames, clip.fps, clip.width, clip.height) == (20, 8, 96, 64)
    assert clip.path(again.folder) == (videos / "good.mp4").resolve()
    assert again.describe().licences == {"CC-BY-4.0": 1}
    assert again.describe().unlabelled == 1


def test_equal_folders_have_equal_fingerprints(videos: Path, tmp_path: Path) -> None:
    shutil.copytree(videos, tmp_path / "copy" / "videos")
    here = take_in(videos, tmp_path / "a")
    there = take_in(tmp_path / "copy" / "videos", tmp_path / "b")
    assert here.fingerprint == there.fingerprint


@pytest.mark.parametrize(
    ("captions", "message"),
    [
        (None, "has no captions: write captions.json"),
        ("[", "cannot read the captions in"),
        ('[{"file": "a.mp4"}]', r"entry 0.caption: Field required"),
        ('{"a.mp4": 7}', r"entry 0.caption: Input should be a valid string"),
        ('"a"', "cannot read the captions in"),
    ],
)
def test_bad_captions_are_the_users_to_mend(
    tmp_path: Path, captions: str | None, message: str
) -> None:
    if captions is not None:
        (tmp_path / "captions.json").write_text(captions)
    with pytest.raises(InputError, match=message):
        take_in(tmp_path, tmp_path / "library")


def test_a_missing_folder_and_an_empty_library_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        take_in(tmp_path / "nowhere", tmp_path / "library")
    with pytest.raises(LibraryError, match="there is no motion library in"):
        load_library(tmp_path / "library")
    (tmp_path / "captions.json").write_text('{"a.mp4": "a dog"}')
    with pytest.raises(LibraryError, match="is empty: a.mp4: the captions name it"):
        take_in(tmp_path, tmp_path / "library")
