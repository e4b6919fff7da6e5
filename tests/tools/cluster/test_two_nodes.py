"""Two nodes make the film of one process, byte by byte, also where a node or the driver is lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dreamrunner.film import read_account
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import silent

from .node_kills import (
    SHOTS,
    Nodes,
    Watcher,
    film_with_a_kill,
    film_with_a_killed_driver,
    page,
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the film that one process makes."""
    folder = tmp_path_factory.mktemp("alone")
    story = folder / "walks.story"
    story.write_text(page(), encoding="utf-8")
    settings = Settings(store=folder / "store", engine="animatic", out=folder / "out")
    return (render_story(story, settings, silent).folder / "film.mp4").read_bytes()


def test_two_nodes_make_the_film_of_one_process(alone: bytes, tmp_path: Path, nodes: Nodes) -> None:
    """Their caches are not the driver's: all that they make comes through the shared store."""
    story = tmp_path / "walks.story"
    story.write_text(page(), encoding="utf-8")
    settings = Settings(
        store=tmp_path / "cache",
        remote=f"file://{tmp_path}/shared",
        engine="animatic",
        out=tmp_path / "out",
        on="ray",
    )
    watcher = Watcher()
    made = render_story(story, settings, watcher)
    assert (made.folder / "film.mp4").read_bytes() == alone
    assert "2 workers on the cluster" in watcher.notes
    stages = Counter(work.split()[0] for work in watcher.made)
    assert stages == {"plan": 1, "render": SHOTS, "cut": 1}
    told = [s for s in read_account(made.run)["stages"] if s["stage"] == "render"]
    assert [stage["cached"] for stage in told] == [False] * SHOTS
    # What is finished needs no worker: none is begun.
    again = Watcher()
    story.write_text(page() + "\n", encoding="utf-8")
    render_story(story, settings, again)
    assert "2 workers on the cluster" not in again.notes


def test_a_driver_that_is_no_node_reaches_them_by_the_client_server(
    alone: bytes, tmp_path: Path, nodes: Nodes
) -> None:
    story = tmp_path / "walks.story"
    story.write_text(page(), encoding="utf-8")
    settings = Settings(
        store=tmp_path / "store", engine="animatic", out=tmp_path / "out", on=nodes.client_address
    )
    watcher = Watcher()
    film = render_story(story, settings, watcher).folder / "film.mp4"
    assert film.read_bytes() == alone
    assert "2 workers on the cluster" in watcher.notes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_node_costs_its_shot_and_nothing_else(
    seed: int, alone: bytes, tmp_path: Path, nodes: Nodes
) -> None:
    outcome = film_with_a_kill(seed, nodes, tmp_path)
    assert outcome.killed and outcome.lost <= 1
    assert outcome.film == alone
    # A node may go between a finished shot and its word of it: then the shot is found in the store.
    assert outcome.made in (SHOTS + 1, SHOTS + 2) and outcome.twice == 0


def test_a_killed_driver_costs_what_was_in_work_and_nothing_else(
    alone: bytes, tmp_path: Path, nodes: Nodes
) -> None:
    outcome = film_with_a_killed_driver(1, tmp_path)
    assert outcome.killed and not outcome.lost
    assert outcome.film == alone
    assert (outcome.made, outcome.twice) == (SHOTS + 2, 0)
