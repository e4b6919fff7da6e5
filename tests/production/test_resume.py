"""Given a killed render whose clips are gone, torn or moved, expect the film of a whole one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dreamrunner.film import read_account
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, StageFinished

STORY = """\
Title: Three Walks
Seed: 5

@character FOX: a red fox

""" + "".join(
    f"EXT. MEADOW - DAY #{n}#\n@duration 0.5s\n\nThe FOX walks to the right.\n\n" for n in (1, 2, 3)
)
# Renders until a clip lies in the store and its take is judged, and dies as by a kill.
KILLED = """
import os, sys
from pathlib import Path
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import StageStarted
class Killer:
    begun = 0
    def report(self, event):
        if isinstance(event, StageStarted) and event.stage == "render":
            self.begun += 1
            if self.begun == 3:
                os._exit(9)
story, store, out = map(Path, sys.argv[1:])
render_story(story, Settings(store=store, engine="animatic", out=out), Killer())
"""


class Watcher:
    """An observer that remembers what was made, and why."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def report(self, event: Event) -> None:
        if isinstance(event, StageFinished) and not event.record.cached:
            self.made[event.record.shot or event.record.stage] = event.record.note


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def whole(story: Path, tmp_path: Path) -> bytes:
    """Return the film of a render that nothing has stopped."""
    other = Settings(store=tmp_path / "other", engine="animatic", out=tmp_path / "other-out")
    return (render_story(story, other, Watcher()).folder / "film.mp4").read_bytes()


@pytest.fixture
def settings(story: Path, tmp_path: Path) -> Settings:
    """Leave a render that was killed when its third shot began."""
    made = Settings(store=tmp_path / "store", engine="animatic", out=tmp_path / "out")
    command = [sys.executable, "-c", KILLED, str(story), str(made.store), str(made.out)]
    assert subprocess.run(command, env=dict(os.environ), timeout=300).returncode == 9
    return made


def remove(clip: Path) -> None:
    shutil.rmtree(clip.parent)


def remove_file(clip: Path) -> None:
    clip.unlink()


def flip(clip: Path) -> None:
    data = bytearray(clip.read_bytes())
    data[len(data) // 2] ^= 1
    clip.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (remove, "it is gone from the store"),
        (remove_file, "it was damaged in the store: clip.mp4 is missing"),
        (flip, "it was damaged in the store: clip.mp4 has changed"),
    ],
)
def test_a_clip_of_a_killed_render_that_is_gone_or_torn_is_made_again(
    story: Path, settings: Settings, whole: bytes, harm: Callable[[Path], None], reason: str
) -> None:
    finished = _finished(settings)
    assert finished, "the render was killed before a shot was finished"
    shot, clip = finished[0]
    harm(clip)
    watcher = Watcher()

    folder = render_story(story, settings, watcher).folder

    assert watcher.made[shot] == reason
    assert not {name for name, _ in finished[1:]} & watcher.made.keys()
    assert (folder / "film.mp4").read_bytes() == whole
    assert clip.is_file()


def test_a_killed_render_goes_on_from_a_store_that_was_moved(
    story: Path, settings: Settings, whole: bytes, tmp_path: Path
) -> None:
    finished = _finished(settings)
    shutil.move(settings.store, tmp_path / "moved")
    watcher = Watcher()

    outcome = render_story(story, replace(settings, store=tmp_path / "moved"), watcher)

    assert not {shot for shot, _ in finished} & watcher.made.keys()
    assert (outcome.folder / "film.mp4").read_bytes() == whole
    assert all(str(tmp_path / "moved") in take.clip.path for take in outcome.film.takes)


def _finished(settings: Settings) -> list[tuple[str, Path]]:
    """Return the shots that a killed render had finished, each with its clip in the store."""
    run = read_account(settings.out / "walks" / "run.json")
    assert run["status"] == "running"
    return [(take["shot"], Path(take["clip"]["path"])) for take in run["takes"]]
