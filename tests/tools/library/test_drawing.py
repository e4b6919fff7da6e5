"""The default library: drawn once, equal everywhere, whole after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dreamrunner.engine.storybook.world.vocabulary import BASE_CHARACTERS, MOTIONS
from dreamrunner.engine.video import read_video
from dreamrunner.errors import BusyError, LibraryError
from dreamrunner.tools.library import Drawing, Tools, open_library
from dreamrunner.tools.library.drawing import JOURNAL, draw_library
from dreamrunner.tools.library.library import turn
from dreamrunner.tools.library.records import MANIFEST, Manifest

# 8 motions once, two held-out ones twice, one lion: 13 small clips.
SMALL = Drawing(
    base_clips=1, held_out_clips=2, character_clips=1, width=72, height=48, frames=9
)  # fmt: skip


class Steps:
    """Counts how many clips are drawn; may stop the work after some."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, int]] = []

    def __call__(self, what: str, done: int, total: int) -> None:
        self.seen.append((what, done, total))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    folder = tmp_path_factory.mktemp("library")
    return folder, draw_library(folder, SMALL, Steps())


def test_two_drawings_are_equal_to_the_byte(drawn, tmp_path: Path) -> None:
    folder, manifest = drawn
    again = draw_library(tmp_path, SMALL, Steps())
    assert again == manifest
    assert again.fingerprint == manifest.fingerprint
    for clip in manifest.clips:
        assert clip.path(tmp_path).read_bytes() == clip.path(folder).read_bytes()


def test_another_seed_is_another_library_in_another_folder(drawn, tmp_path: Path) -> None:
    other = Drawing(
        seed=1, base_clips=1, held_out_clips=2, character_clips=1, width=72, height=48, frames=9
    )  # fmt: skip
    assert other.name != SMALL.name
    assert draw_library(tmp_path, other, Steps()).fingerprint != drawn[1].fingerprint


def test_every_motion_and_character_is_there_with_its_facts(drawn) -> None:
    folder, manifest = drawn
    assert len(manifest.clips) == 19
    assert {m for clip in manifest.clips for m in clip.motions} == set(MOTIONS)
    assert "lion" in {c for clip in manifest.clips for c in clip.characters}
    for clip in manifest.clips:
        frames, fps = read_video(clip.path(folder))
        assert (len(frames), fps) == (clip.frames, clip.fps) == (9, 8)
        assert frames.shape[1:3] == (clip.height, clip.width) == (48, 72)
        assert clip.licence == "CC0-1.0"
        assert not set(clip.motions) & {clip.id, clip.file}


def test_the_default_library_is_of_the_promised_size() -> None:
    from dreamrunner.tools.library.drawing import _parts

    parts = _parts(Drawing())
    assert len(parts) == 260
    assert sum(part.motion == "somersault" for part in parts) == 28
    assert {p.character for p in parts if p.motion == "spin"} == set(BASE_CHARACTERS)
    assert len({p.place for p in parts if p.motion == "spin"}) == 12
    assert sum(part.actors == 2 for part in parts) == 65
    assert len({p.character for p in parts if p.motion == "spin" and p.actors == 2}) > 4
    lions = [part for part in parts if part.character == "lion"]
    assert len(lions) == 24
    assert len({p.place for p in lions}) == 12
    assert {p.motion for p in lions}.isdisjoint({"spin", "somersault"})


def test_a_second_opening_draws_nothing(drawn) -> None:
    folder, manifest = drawn
    steps = Steps()
    assert draw_library(folder, SMALL, steps) == manifest
    assert steps.seen == []


def test_a_lost_and_a_spoilt_clip_are_drawn_again(drawn, tmp_path: Path) -> None:
    manifest = draw_library(tmp_path, SMALL, Steps())
    manifest.clips[3].path(tmp_path).unlink()
    manifest.clips[5].path(tmp_path).write_bytes(b"spoilt")
    untouched = manifest.clips[4].path(tmp_path)
    before = untouched.stat().st_mtime_ns
    assert draw_library(tmp_path, SMALL, Steps()) == drawn[1]
    assert manifest.clips[5].path(tmp_path).stat().st_size == manifest.clips[5].size_bytes
    assert untouched.stat().st_mtime_ns == before


def test_a_build_that_is_killed_goes_on(drawn, tmp_path: Path) -> None:
    """Killed as soon as four clips are there: no manifest, and those four stay as they are."""
    script = (
        "import sys, pathlib\n"
        "from dreamrunner.tools.library.drawing import Drawing, draw_library\n"
        f"draw_library(pathlib.Path(sys.argv[1]), {SMALL!r}, lambda *_: None)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    journal = tmp_path / JOURNAL
    end = time.monotonic() + 60
    while not (journal.is_file() and journal.read_text().count("\n") >= 4):
        assert child.poll() is None and time.monotonic() < end
        time.sleep(0.002)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert not (tmp_path / MANIFEST).exists()
    first = tmp_path / "storybook-0000.mp4"
    before = first.stat().st_mtime_ns
    with journal.open("a") as file:
        file.write('{"id": "storybook-0004", "fi')  # What a kill within a line leaves.
    assert draw_library(tmp_path, SMALL, Steps()) == drawn[1]
    assert first.stat().st_mtime_ns == before
    assert not journal.exists()


def test_a_broken_manifest_says_what_to_do(tmp_path: Path) -> None:
    place = tmp_path / SMALL.name
    place.mkdir()
    (place / MANIFEST).write_text('{"name": "storybook"')
    with pytest.raises(LibraryError, match=r"is broken .* remove .* is made again"):
        open_library(tmp_path, drawing=SMALL)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="cannot write the motion library in .*another folder"):
        open_library(tmp_path / "file", drawing=SMALL)


def test_who_waits_too_long_for_a_turn_hears_why(tmp_path: Path) -> None:
    place = tmp_path / SMALL.name
    with (
        turn(place, 1),
        pytest.raises(BusyError, match=r"in use by another process \(\d+\) for 0.1 s"),
    ):
        open_library(tmp_path, Tools(wait_s=0.1), drawing=SMALL)
