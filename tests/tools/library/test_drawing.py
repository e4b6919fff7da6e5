"""The default library: known at once, drawn where needed, equal everywhere, whole after a kill."""

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
from dreamrunner.tools.library.drawing import JOURNAL, DrawnClips
from dreamrunner.tools.library.library import turn
from dreamrunner.tools.library.records import MANIFEST

from .test_index import WordBag

# 15 motions once, two held-out ones twice, one lion: 19 small clips.
SMALL = Drawing(
    base_clips=1, held_out_clips=2, character_clips=1, width=72, height=48, frames=9
)  # fmt: skip
SOME = ["storybook-0001", "storybook-0004", "storybook-0018"]


class Steps:
    """Counts how many clips are drawn."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, int]] = []

    def __call__(self, what: str, done: int, total: int) -> None:
        self.seen.append((what, done, total))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> DrawnClips:
    clips = DrawnClips(tmp_path_factory.mktemp("library"), SMALL)
    clips.draw(SOME, Steps())
    return clips


def test_nothing_is_written_before_a_clip_is_wanted(tmp_path: Path) -> None:
    library = open_library(tmp_path, Tools(embedder=WordBag()), drawing=SMALL)
    assert library.describe().clips == 19
    assert len(library.candidates("somersault", [])) == 19
    place = tmp_path / SMALL.name
    assert not list(place.glob("*.mp4")) and not (place / MANIFEST).exists()


def test_two_drawings_are_equal_to_the_byte(drawn: DrawnClips, tmp_path: Path) -> None:
    again = DrawnClips(tmp_path, SMALL)
    again.draw(SOME, Steps())
    assert again.manifest == drawn.manifest
    assert again.manifest.fingerprint == drawn.manifest.fingerprint
    for name in SOME:
        file = f"{name}.mp4"
        assert (tmp_path / file).read_bytes() == (drawn.folder / file).read_bytes()


def test_another_seed_is_another_library_in_another_folder(
    drawn: DrawnClips, tmp_path: Path
) -> None:
    other = Drawing(
        seed=1, base_clips=1, held_out_clips=2, character_clips=1, width=72, height=48, frames=9
    )  # fmt: skip
    assert other.name != SMALL.name
    assert DrawnClips(tmp_path, other).manifest.fingerprint != drawn.manifest.fingerprint


def test_every_motion_and_character_is_there_with_its_facts(drawn: DrawnClips) -> None:
    clips = drawn.manifest.clips
    assert len(clips) == 19
    assert {m for clip in clips for m in clip.motions} == set(MOTIONS)
    assert "lion" in {c for clip in clips for c in clip.characters}
    for clip in clips:
        assert clip.licence == "CC0-1.0"
        assert not set(clip.motions) & {clip.id, clip.file}
    for clip in clips:
        if clip.id in SOME:
            frames, fps = read_video(clip.path(drawn.folder))
            assert (len(frames), fps) == (clip.frames, clip.fps) == (9, 8)
            assert frames.shape[1:3] == (clip.height, clip.width) == (48, 72)


def test_only_what_is_wanted_is_drawn(drawn: DrawnClips) -> None:
    assert sorted(path.stem for path in drawn.folder.glob("*.mp4")) == SOME


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


def test_a_second_drawing_draws_nothing(drawn: DrawnClips) -> None:
    steps = Steps()
    DrawnClips(drawn.folder, SMALL).draw(SOME, steps)
    assert steps.seen == []


def test_a_lost_and_a_spoilt_clip_are_drawn_again(drawn: DrawnClips, tmp_path: Path) -> None:
    clips = DrawnClips(tmp_path, SMALL)
    clips.draw(SOME, Steps())
    lost, spoilt, untouched = (tmp_path / f"{name}.mp4" for name in SOME)
    lost.unlink()
    spoilt.write_bytes(b"spoilt")
    before = untouched.stat().st_mtime_ns
    steps = Steps()
    clips.draw(SOME, steps)
    assert steps.seen[-1][1:] == (2, 2)
    for name in SOME:
        file = f"{name}.mp4"
        assert (tmp_path / file).read_bytes() == (drawn.folder / file).read_bytes()
    assert untouched.stat().st_mtime_ns == before


def test_a_build_that_is_killed_goes_on(tmp_path: Path) -> None:
    """Killed as soon as four clips are there: those four stay as they are."""
    script = (
        "import sys, pathlib\n"
        "from dreamrunner.tools.library.drawing import Drawing, DrawnClips\n"
        f"clips = DrawnClips(pathlib.Path(sys.argv[1]), {SMALL!r})\n"
        "clips.draw([clip.id for clip in clips.manifest.clips], lambda *_: None)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    journal = tmp_path / JOURNAL
    end = time.monotonic() + 60
    while not (journal.is_file() and journal.read_text().count("\n") >= 4):
        assert child.poll() is None and time.monotonic() < end
        time.sleep(0.002)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    first = tmp_path / "storybook-0000.mp4"
    before = first.stat().st_mtime_ns
    with journal.open("a") as file:
        file.write('["storybook-0004", "fi')  # What a kill within a line leaves.
    clips = DrawnClips(tmp_path, SMALL)
    assert "storybook-0003" not in clips.missing([c.id for c in clips.manifest.clips])
    clips.draw([clip.id for clip in clips.manifest.clips], Steps())
    assert clips.missing([c.id for c in clips.manifest.clips]) == []
    assert first.stat().st_mtime_ns == before


def test_a_broken_manifest_says_what_to_do(tmp_path: Path) -> None:
    place = tmp_path / SMALL.name
    place.mkdir()
    (place / MANIFEST).write_text('{"name": "storybook"')
    with pytest.raises(LibraryError, match=r"is broken .* remove .* is made again"):
        open_library(tmp_path, drawing=SMALL)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="cannot (read|write) the motion library"):
        open_library(tmp_path / "file", Tools(embedder=WordBag()), drawing=SMALL).files(SOME)


def test_who_waits_too_long_for_a_turn_hears_why(tmp_path: Path) -> None:
    place = tmp_path / SMALL.name
    with (
        turn(place, 1),
        pytest.raises(BusyError, match=r"in use by another process \(\d+\) for 0.1 s"),
    ):
        open_library(tmp_path, Tools(wait_s=0.1), drawing=SMALL).files(SOME)
