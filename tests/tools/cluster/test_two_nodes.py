"""Given two nodes, expect the film of one process, byte by byte, also where one of them is lost."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest

from dreamrunner.film import read_account
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, NoteAdded, StageAdvanced, StageFinished, silent

from .conftest import Nodes

SHOTS = 4
STORY = """\
Title: Walks
Seed: 5

@character FOX: a red fox

""" + "".join(
    f"EXT. MEADOW - DAY #{n}#\n@duration 0.5s\n@seed {n}\n\nThe FOX walks to the right.\n\n"
    for n in range(1, SHOTS + 1)
)


class Watcher:
    """An observer that remembers what was made, and does something at a drawn frame."""

    def __init__(self, at: int | None = None, nodes: Nodes | None = None) -> None:
        self.made: Counter[str] = Counter()
        self.notes: list[str] = []
        self._at, self._nodes = at, nodes
        self._lock = threading.Lock()

    def report(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, StageFinished) and not event.record.cached:
                self.made[f"{event.record.stage} {event.record.key}"] += 1
            if isinstance(event, NoteAdded):
                self.notes.append(event.text)
            if isinstance(event, StageAdvanced) and event.stage == "render" and self._nodes:
                self._at = (self._at or 1) - 1
                if not self._at:
                    nodes, self._nodes = self._nodes, None
                    nodes.kill()


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def alone(story: Path, tmp_path: Path) -> bytes:
    """Return the film that one process makes."""
    settings = Settings(store=tmp_path / "own", engine="animatic", out=tmp_path / "own-out")
    return (render_story(story, settings, silent).folder / "film.mp4").read_bytes()


def on_ray(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store", engine="animatic", out=tmp_path / "out", on="ray")


def test_two_nodes_make_the_film_of_one_process(
    story: Path, alone: bytes, tmp_path: Path, nodes: Nodes
) -> None:
    watcher = Watcher()
    made = render_story(story, on_ray(tmp_path), watcher)
    assert (made.folder / "film.mp4").read_bytes() == alone
    assert "2 workers on ray" in watcher.notes
    assert Counter(work.split()[0] for work in watcher.made) == {
        "plan": 1,
        "render": SHOTS,
        "cut": 1,
    }
    stages = read_account(made.run)["stages"]
    assert [s["cached"] for s in stages if s["stage"] == "render"] == [False] * SHOTS


def test_a_lost_node_costs_its_shot_and_nothing_else(
    story: Path, alone: bytes, tmp_path: Path, nodes: Nodes
) -> None:
    watcher = Watcher(at=8, nodes=nodes)
    try:
        made = render_story(story, on_ray(tmp_path), watcher)
    finally:
        nodes.add()
    assert (made.folder / "film.mp4").read_bytes() == alone
    lost = [note for note in watcher.notes if "was lost with the render of shot" in note]
    assert len(lost) <= 1
    assert set(watcher.made.values()) == {1}
    assert sum(work.startswith("render") for work in watcher.made) == SHOTS
