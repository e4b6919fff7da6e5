"""Videos of all kinds -> a library: what is taken and mended, what is left out, and why."""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from dreamrunner.engine.video import Frames, read_video, write_video
from dreamrunner.errors import InputError, LibraryError
from dreamrunner.tools.library import (
    Addition,
    Request,
    Tools,
    add_clips,
    count_due,
    load_library,
    remove_clips,
)
from dreamrunner.tools.library.intake.likeness import clip_hash, nearest_copy
from dreamrunner.tools.library.intake.shelf import JOURNAL
from dreamrunner.tools.library.records import MANIFEST

from .test_index import WordBag


def moving(frames: int = 20, width: int = 96, height: int = 64, seed: int = 0) -> Frames:
    """A bright square that crosses a field of its own pattern."""
    rng = np.random.default_rng(seed)
    field = np.kron(rng.integers(20, 120, (8, 8)), np.ones((height // 8, width // 8)))
    video = np.repeat(field[None, :, :, None], frames, axis=0).repeat(3, axis=3).astype(np.uint8)
    for number, frame in enumerate(video):
        left = number * (width - 16) // frames
        frame[20:36, left : left + 16] = 220
    return video


def encode(
    path: Path,
    frames: Frames,
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    times: Sequence[float] | None = None,
    aspect: Fraction | None = None,
) -> None:
    """Write frames as no film of ours is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=8)
        stream.width, stream.height, stream.pix_fmt = frames.shape[2], frames.shape[1], pixels
        stream.codec_context.time_base = Fraction(1, 1000)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels)
            frame.time_base = Fraction(1, 1000)
            frame.pts = round((times[number] if times else number / 8) * 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def turned(path: Path, target: Path) -> None:
    """Write a copy of an MP4 whose flag says that it lies on its side, as telephones film."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40  # version, flags, times, ids, layer, volume: then the matrix
    one = 0x10000
    data[at : at + 36] = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 0x40000000)
    target.write_bytes(data)


def add(paths: Path | Sequence[Path], folder: Path, **more: object) -> Addition:
    given = (paths,) if isinstance(paths, Path) else tuple(paths)
    return add_clips(Request(given, **more), folder, Tools(embedder=WordBag()))  # type: ignore[arg-type]


def reasons(made: Addition) -> dict[str, tuple[str, str]]:
    return {Path(r.file).name: (r.stage, r.reason) for r in made.refused}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One good video and one of each kind of bad ones."""
    folder = tmp_path_factory.mktemp("videos")
    write_video(folder / "good.mp4", moving(), 8, scale=1)
    write_video(folder / "deep" / "twin.mp4", moving(), 8, scale=1)
    write_video(folder / "again.mp4", moving().repeat(2, axis=1).repeat(2, axis=2), 8, scale=1)
    write_video(folder / "IMG_0001.mp4", moving(seed=1), 8, scale=1)
    write_video(folder / "brief.mp4", moving(frames=5, seed=2), 8, scale=1)
    write_video(folder / "quick.mp4", moving(frames=12, seed=3), 24, scale=1)
    write_video(folder / "long.mp4", moving(frames=130, seed=4), 2, scale=1)
    write_video(folder / "tiny.mp4", moving(width=48, height=48, seed=5), 8, scale=1)
    write_video(folder / "wide.mp4", moving(width=256, height=64, seed=6), 8, scale=1)
    write_video(folder / "still.mp4", np.repeat(moving(frames=1, seed=7), 20, axis=0), 8, scale=1)
    write_video(folder / "blank.mp4", np.full((20, 64, 96, 3), 128, np.uint8), 8, scale=1)
    noise = (
        np.random.default_rng(0).integers(0, 2, (20, 8, 12, 1), np.uint8).repeat(3, axis=3) * 255
    )
    write_video(folder / "strobe.mp4", noise.repeat(8, axis=1).repeat(8, axis=2), 8, scale=1)
    ramp = np.arange(288).reshape(1, 1, 288, 1) // 3 + np.arange(20).reshape(20, 1, 1, 1) * 4
    soft = np.broadcast_to(ramp, (20, 192, 288, 3)).astype(np.uint8)
    write_video(folder / "blurred.mp4", soft, 8, scale=1)
    (folder / "text.mp4").write_text("not a video")
    (folder / "none.mp4").write_bytes(b"")
    data = (folder / "good.mp4").read_bytes()
    (folder / "cut.mp4").write_bytes(data[: len(data) * 3 // 5])
    (folder / "notes.txt").write_text("not asked for")
    (folder / ".hidden.mp4").write_text("not asked for")
    return folder


def test_each_video_is_taken_or_left_with_its_stage_and_reason(films: Path, tmp_path: Path) -> None:
    made = add(films, tmp_path)
    [clip] = made.added
    # The twin comes first: files are taken in the order of their paths.
    assert (clip.caption, clip.captioned_by) == ("again", "its name")
    found = reasons(made)
    for name in ("text", "cut", "none"):
        stage, reason = found.pop(f"{name}.mp4")
        assert stage == "file" and reason.startswith("it cannot be read: ")
    for name in ("twin", "good"):
        stage, reason = found.pop(f"{name}.mp4")
        assert (stage, reason.startswith("its pictures and movement are those of again")) == (
            "copy", True,
        )  # fmt: skip
    assert found == {
        "IMG_0001.mp4": (
            "caption", "it has no caption, and its name says nothing of what it shows"),
        "brief.mp4": ("frames", "too short: 5 frames, at least 8"),
        "quick.mp4": ("length", "too short: 0.50 s, at least 1 s"),
        "long.mp4": ("length", "longer than 60 s: cut it into clips of one motion each"),
        "tiny.mp4": ("size", "too small: 48x48, at least 64 pixels a side"),
        "wide.mp4": ("aspect", "its shape does not fit: width / height is 4.00, allowed 0.4 to 3"),
        "still.mp4": ("still", "nothing moves: it is a still picture"),
        "blank.mp4": ("contrast", "nothing is to be seen: every frame is one colour"),
        "strobe.mp4": ("motion", found["strobe.mp4"][1]),
        "blurred.mp4": ("sharpness", found["blurred.mp4"][1]),
    }  # fmt: skip
    assert found["strobe.mp4"][1].startswith("too much changes from frame to frame")
    assert found["blurred.mp4"][1].startswith("out of focus")


def test_an_equal_file_is_known_by_its_contents(films: Path, tmp_path: Path) -> None:
    first = films / "good.mp4"
    made = add([first, films / "deep" / "twin.mp4"], tmp_path)
    assert [clip.origin for clip in made.added] == [str(first)]
    assert reasons(made)["twin.mp4"] == ("copy", f"it is the same file as {first}")


def test_what_is_odd_about_a_file_is_mended_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    times = [n / 8 + (0.06 if n % 3 else 0) for n in range(24)]
    encode(folder / "uneven.mp4", moving(24, seed=1), times=times)
    encode(folder / "deep-colour.mp4", moving(seed=2), pixels="yuv444p")
    encode(folder / "matroska.mkv", moving(seed=3))
    encode(folder / "wide-pixels.mp4", moving(seed=4), aspect=Fraction(4, 3))
    write_video(folder / "upright.mp4", moving(seed=5), 8, scale=1)
    turned(folder / "upright.mp4", folder / "turned.mp4")
    (folder / "upright.mp4").unlink()
    made = add(folder, tmp_path / "library")
    assert not made.refused
    clips = {Path(clip.origin).stem: clip for clip in made.added}
    assert {name: clip.mended for name, clip in clips.items()} == {
        "uneven": ("its frame rate varies",),
        "deep-colour": ("its pixel format is yuv444p",),
        "matroska": ("it is h264 in matroska",),
        "wide-pixels": ("its pixels are not square (4/3)",),
        "turned": ("it is turned by 270 degrees",),
    }
    for clip in clips.values():
        frames, fps = read_video(clip.path(tmp_path / "library"))
        assert frames.shape == (clip.frames, clip.height, clip.width, 3)
        assert fps == pytest.approx(clip.fps)
        assert clip.file.startswith("clips/")
    assert (clips["wide-pixels"].width, clips["wide-pixels"].height) == (128, 64)
    assert (clips["turned"].width, clips["turned"].height) == (64, 96)
    upright = np.rot90(moving(seed=5), -1, axes=(1, 2))
    shown = read_video(clips["turned"].path(tmp_path / "library")).frames
    assert np.abs(shown.astype(int) - upright).mean() < 4
    seen = read_video(clips["uneven"].path(tmp_path / "library")).frames
    assert abs(len(seen) - 24) <= 2


def test_a_film_is_cut_into_its_shots(tmp_path: Path) -> None:
    shots = [
        moving(16, seed=1),
        255 - moving(20, seed=2),
        moving(4, seed=3),
        255 - moving(24, seed=4),
    ]
    write_video(tmp_path / "a-walk-in-the-town.mp4", np.concatenate(shots), 8, scale=1)
    made = add(tmp_path / "a-walk-in-the-town.mp4", tmp_path / "library")
    assert [clip.frames for clip in made.added] == [16, 20, 24]
    assert [clip.start_s for clip in made.added] == [0, 2, 5]
    assert [clip.id[-4:] for clip in made.added] == ["-001", "-002", "-004"]
    assert all(clip.caption == "a walk in the town" for clip in made.added)
    for clip, shot in zip(made.added, (shots[0], shots[1], shots[3]), strict=True):
        frames = read_video(clip.path(tmp_path / "library")).frames
        assert np.abs(frames.astype(int) - shot).mean() < 6
    assert reasons(made) == {
        "a-walk-in-the-town.mp4": (
            "frames", "shot 3 at 4.5 s: too short: 4 frames, at least 8")}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "by"),
    [
        ("captions.csv", 'file,caption,license,motion\ngood.mp4,"a dog, walking",CC0,walk\n',
         "captions.csv"),
        ("metadata.jsonl", '{"file_name": "good.mp4", "text": "a dog, walking", "licence": "CC0",'
         ' "motion": "walk"}\n\n', "metadata.jsonl"),
        ("captions.json", '[{"path": "good.mp4", "prompt": " a dog,\\n walking", "licence": "CC0",'
         ' "motion": "walk"}]', "captions.json"),
        ("good.json", '{"caption": "a dog, walking", "licence": "CC0", "motion": "walk"}',
         "good.json"),
    ],
)  # fmt: skip
def test_captions_are_read_in_every_usual_form(
    films: Path, tmp_path: Path, name: str, text: str, by: str
) -> None:
    shutil.copy(films / "good.mp4", tmp_path / "good.mp4")
    (tmp_path / name).write_text(text)
    [clip] = add(tmp_path, tmp_path / "library", licence="MIT", source="https://example.org").added
    assert (clip.caption, clip.captioned_by, clip.licence) == ("a dog, walking", by, "CC0")
    assert (clip.source, clip.motions) == ("https://example.org", ("walk",))


def test_a_named_list_is_believed_before_a_text_beside_and_that_before_the_folders(
    films: Path, tmp_path: Path
) -> None:
    for name in ("one", "two", "three"):
        write_video(tmp_path / f"{name}.mp4", moving(seed=len(name) + ord(name[0])), 8, scale=1)
    folder = {f"{name}.mp4": f"{name} by the folder" for name in ("one", "two", "three", "lost")}
    (tmp_path / "captions.json").write_text(json.dumps(folder))
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"{name} by a text")
    (tmp_path / "mine.csv").write_text("file,caption\none.mp4,one by me\n")
    made = add(tmp_path, tmp_path / "library", captions=tmp_path / "mine.csv")
    assert {clip.caption for clip in made.added} == {
        "one by me", "two by a text", "three by the folder",
    }  # fmt: skip
    assert reasons(made)["lost.mp4"] == (
        "file", "the captions name it, but there is no such video",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("captions.json", "[", "cannot read the captions in"),
        ("captions.json", '[{"caption": "a dog"}]', r"entry 0.file: Field required"),
        ("captions.json", '{"a.mp4": 7}', r"entry 0.caption: Input should be a valid string"),
        ("captions.json", '"a"', "cannot read the captions in"),
        ("captions.csv", "good.mp4,a dog\n", "its first line has no column file or"),
        ("good.json", "{", "cannot read the caption beside"),
    ],
)
def test_bad_captions_are_the_users_to_mend(
    films: Path, tmp_path: Path, name: str, text: str, message: str
) -> None:
    shutil.copy(films / "good.mp4", tmp_path / "good.mp4")
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message):
        add(tmp_path, tmp_path / "library")


def test_what_is_known_is_not_looked_at_again(films: Path, tmp_path: Path) -> None:
    folder, library = tmp_path / "videos", tmp_path / "library"
    shutil.copytree(films, folder)
    first = add(folder, library)
    manifest = (library / MANIFEST).read_bytes()
    again = add(folder, library)
    assert (again.added, again.unchanged) == ((), 16)
    assert again.refused == first.refused
    assert (library / MANIFEST).read_bytes() == manifest
    write_video(folder / "fresh.mp4", moving(seed=20), 8, scale=1)
    (folder / "again.txt").write_text("a square crosses")
    assert count_due(Request((folder,)), library) == 1
    third = add(folder, library)
    assert [clip.caption for clip in third.added] == ["fresh"]
    assert {clip.caption for clip in third.manifest.clips} == {"a square crosses", "fresh"}


def test_a_moved_file_stays_the_clip_that_it_was_and_a_gone_one_is_said(tmp_path: Path) -> None:
    folder, library = tmp_path / "videos", tmp_path / "library"
    for name, seed in (("walk", 1), ("run", 2)):
        write_video(folder / f"{name}.mp4", moving(seed=seed), 8, scale=1)
    before = {clip.id for clip in add(folder, library).added}
    (folder / "deep").mkdir()
    (folder / "walk.mp4").rename(folder / "deep" / "walk.mp4")
    moved = add([folder / "deep" / "walk.mp4"], library)
    assert {clip.id for clip in moved.manifest.clips} == before
    (folder / "run.mp4").unlink()
    made = add(folder, library)
    assert [Path(clip.origin).name for clip in made.gone] == ["run.mp4"]
    assert [clip.file for clip in made.manifest.clips] == [str(folder / "deep" / "walk.mp4")]


def test_an_interrupted_run_keeps_what_it_finished(films: Path, tmp_path: Path) -> None:
    for seed in range(4):
        write_video(tmp_path / "v" / f"walk-{seed}a.mp4", moving(seed=seed), 8, scale=1)

    def stop(what: str, done: int, total: int) -> None:
        if (what, done) == ("taking clips in", 2):
            raise KeyboardInterrupt

    tools = Tools(embedder=WordBag(), progress=stop)
    with pytest.raises(KeyboardInterrupt):
        add_clips(Request((tmp_path / "v",)), tmp_path / "library", tools)
    assert len(load_library(tmp_path / "library").manifest.clips) == 2
    made = add(tmp_path / "v", tmp_path / "library")
    assert (len(made.added), made.unchanged) == (2, 2)


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    for seed in range(6):
        write_video(tmp_path / "v" / f"walk-{seed}a.mp4", moving(seed=seed), 8, scale=1)
    script = (
        "import sys, pathlib\n"
        "from dreamrunner.tools.library import Request, Tools, add_clips\n"
        "add_clips(Request((pathlib.Path(sys.argv[1]),)), pathlib.Path(sys.argv[2]), Tools())\n"
    )
    library = tmp_path / "library"
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "v"), str(library)])
    journal, end = library / JOURNAL, time.monotonic() + 60
    while not (journal.is_file() and journal.read_text().count("\n") >= 2):
        assert child.poll() is None and time.monotonic() < end
        time.sleep(0.001)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with journal.open("a") as file:
        file.write('{"source": {"file": "/wal')  # What a kill within a line leaves.
    made = add(tmp_path / "v", library)
    assert made.unchanged >= 2 and len(made.manifest.clips) == 6
    assert not journal.exists()


def test_removed_clips_are_gone_and_may_come_back(films: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    paths = [films / "good.mp4", films / "deep" / "twin.mp4"]
    [clip] = add(paths, library).added
    with pytest.raises(InputError, match='there is no clip "nobody" in'):
        remove_clips(["nobody"], library, Tools(embedder=WordBag()))
    [removed] = remove_clips(["good-*"], library, Tools(embedder=WordBag()))
    assert removed == clip and paths[0].is_file()
    with pytest.raises(LibraryError, match="is empty"):
        load_library(library)
    # What was left out as its copy is a clip now, where it comes first.
    [back] = add(paths[1:], library).added
    assert back.origin == str(paths[1])


def test_equal_folders_have_equal_fingerprints(films: Path, tmp_path: Path) -> None:
    shutil.copytree(films, tmp_path / "copy")
    here = add(films, tmp_path / "a").manifest
    there = add(tmp_path / "copy", tmp_path / "b").manifest
    assert here.fingerprint == there.fingerprint


def test_a_missing_folder_and_a_missing_library_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file or folder"):
        add(tmp_path / "nowhere", tmp_path / "library")
    with pytest.raises(InputError, match="there is no motion library in"):
        load_library(tmp_path / "library")


def test_pictures_that_move_as_one_are_copies_and_others_are_not() -> None:
    """The hash of one's own is what makes a copy known, whatever its size."""

    def thumbnails(seed: int) -> list[np.ndarray]:
        return [frame[:, :, 0] for frame in moving(20, 64, 64, seed)]

    hashes = [clip_hash(thumbnails(seed)) for seed in range(4)]
    assert [nearest_copy(hashes, one) for one in hashes] == [0, 1, 2, 3]
    assert nearest_copy(hashes, clip_hash(thumbnails(9))) is None
    assert nearest_copy([], hashes[0]) is None
    noisy = [np.clip(f.astype(int) + 1, 0, 255).astype(np.uint8) for f in thumbnails(2)]
    assert nearest_copy(hashes, clip_hash(noisy)) == 2
