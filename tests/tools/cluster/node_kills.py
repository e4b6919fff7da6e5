"""A film on two nodes, of which one or the driver is killed -> what was lost or made twice.

The node of a seed goes at the frame of a seed, as in a power cut; another one comes afterwards. A
driver is a process of its own that kills itself at the frame of a seed; the next one goes on.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, NoteAdded, StageAdvanced, StageFinished
from dreamrunner.tools.store.store import Store

# Nobody is told of it, and workers are not put behind all else that this machine does.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
_SMALL = {"object_store_memory": 80 * 2**20}
SHOTS, _FRAMES = 4, 12


def page(shots: int = SHOTS, seconds: float = 0.5) -> str:
    """Return a story of as many shots that do not hang on one another."""
    head = "Title: Walks\nSeed: 5\n\n@character FOX: a red fox\n\n"
    return head + "".join(
        f"EXT. MEADOW - DAY #{n}#\n@duration {seconds:g}s\n@seed {n}\n\n"
        "The FOX walks to the right.\n\n"
        for n in range(1, shots + 1)
    )


@dataclass
class Nodes:
    """A Ray cluster on this machine: a head that works on nothing, and nodes of one core each."""

    cluster: Any  # Any: ray's own, which says no types
    client_port: int
    nodes: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    @property
    def client_address(self) -> str:
        """Return the address for those who are no node of it."""
        return f"ray://{self.address.rpartition(':')[0]}:{self.client_port}"

    def add(self) -> None:
        self.nodes.append(self.cluster.add_node(num_cpus=1, **_SMALL))

    def kill(self, number: int = 0) -> None:
        """Take a node away with all that runs on it, as a power cut does."""
        import psutil

        node = self.nodes.pop(number)
        (raylet,) = node.all_processes["raylet"]
        # Left alone, workers notice after some seconds only, and draw on meanwhile.
        others = psutil.Process(raylet.process.pid).children(recursive=True)
        self.cluster.remove_node(node, allow_graceful=False)
        for process in others:
            with suppress(psutil.NoSuchProcess):
                process.kill()


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """Start two nodes; the environment has `QUIET` already."""
    from ray.cluster_utils import Cluster

    with socket.create_server(("", 0)) as free:
        port = free.getsockname()[1]
    head = {"num_cpus": 0, "include_dashboard": False, "ray_client_server_port": port, **_SMALL}
    nodes = Nodes(Cluster(initialize_head=True, head_node_args=head), port)
    nodes.add()
    nodes.add()
    try:
        yield nodes
    finally:
        nodes.cluster.shutdown()


@dataclass
class Watcher:
    """An observer that counts what was made, and kills somebody at a drawn frame."""

    kill: Callable[[], None] | None = None
    at: int = 0
    made: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    killed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def report(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, StageFinished) and not event.record.cached:
                self.made[f"{event.record.stage} {event.record.key}"] += 1
            if isinstance(event, NoteAdded):
                self.notes.append(event.text)
            if isinstance(event, StageAdvanced) and event.stage == "render" and self.kill:
                self.at -= 1
                if self.at <= 0 and not self.killed:
                    self.killed = True
                    self.kill()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one film: its bytes, and what was made in all and twice."""

    film: bytes
    killed: bool
    lost: int
    made: int
    twice: int


def film_with_a_kill(seed: int, nodes: Nodes, folder: Path) -> Outcome:
    """Render a film of four shots while a node is killed by a seed, and have two nodes again."""
    rng = random.Random(seed)
    # Not in the last shots: their frames come in one piece, when there is nothing left to lose.
    at = rng.randint(1, (SHOTS - 1) * _FRAMES)
    watcher = Watcher(partial(nodes.kill, rng.randrange(2)), at)
    try:
        film = _rendered(folder, watcher)
    finally:
        if watcher.killed:
            nodes.add()
    return Outcome(
        film=film.read_bytes(),
        killed=watcher.killed,
        lost=sum("was lost with the" in note for note in watcher.notes),
        made=len(watcher.made),
        twice=sum(times - 1 for times in watcher.made.values()),
    )


def film_with_a_killed_driver(seed: int, folder: Path) -> Outcome:
    """Render a film of four shots whose driver is killed by a seed, and go on with another.

    `made` counts what lay in the store when the first was gone, and what the second had made.
    """
    at = random.Random(seed).randint(1, (SHOTS - 1) * _FRAMES)
    ended = subprocess.run([sys.executable, __file__, str(folder), str(at)], check=False)
    store = Store(folder / "store")
    there = Counter(f"{s} {key}" for s in ("plan", "render", "cut") for key in store.keys_of(s))
    watcher = Watcher()
    film = _rendered(folder, watcher)
    made = there + watcher.made
    return Outcome(
        film=film.read_bytes(),
        killed=ended.returncode == -signal.SIGKILL,
        lost=sum("was lost with the" in note for note in watcher.notes),
        made=len(made),
        twice=sum(times - 1 for times in made.values()),
    )


def _rendered(folder: Path, watcher: Watcher) -> Path:
    """Render the film of a folder on the cluster of the environment."""
    story = folder / "walks.story"
    story.write_text(page(), encoding="utf-8")
    settings = Settings(store=folder / "store", engine="animatic", out=folder / "out", on="ray")
    return render_story(story, settings, watcher).folder / "film.mp4"


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _rendered(Path(sys.argv[1]), Watcher(_die, int(sys.argv[2])))
