"""Kills, torn files, two processes, many renders -> counts of what was lost, repeated or wrong.

    python benchmarks/soak.py [--kills 30] [--torn 40] [--renders 100] [--nodes 20] [--drivers 5]
                              [--seed 7] [--only nodes] [--json FILE]

Kills go round the phases of a new storybook render: a child renders and kills itself (SIGKILL) at
a seeded event of the phase; the next child goes on with the same store and folder. A render that
nobody kills says beforehand how many events each phase has, so that a kill is in the first half of
them and leaves the later phases something to do. At the end the film's bytes are compared with
those of that render, and the keys of all results that were made are counted: what was finished must
not have been made twice. Animatics on two nodes of a Ray cluster lose one of them at a frame of a
seed, and others lose the process that directs them; the next one goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dreamrunner.errors import DreamRunnerError
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import (
    Event,
    StageAdvanced,
    StageFinished,
    StageStarted,
    silent,
)

# Two scenes that join, and one motion that has to be learnt: every phase has something to do.
PAGE = """\
Title: Soak

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 1s
@seed {seed}

The FOX walks to the right.

EXT. BEACH - DAY #2#
@duration 1s
@seed {seed}

The FOX {verb}.
"""
# In the order in which they have something new to do: the plan is kept before the library is drawn.
PHASES = ("plan", "library", "retrieve", "adapt", "render", "measure", "join", "cut", "report")
_EACH = 2  # kills a phase and film


@dataclass
class Killer:
    """An observer that notes every key made, and ends its process at the nth event of a phase."""

    made: Path
    phase: str | None = None
    wait: int = 1
    counted: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def report(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, StageFinished) and not event.record.cached:
                with self.made.open("a", encoding="utf-8") as file:
                    file.write(f"{event.record.stage} {event.record.key}\n")
            self.counted.update(phase for phase in PHASES if _is_of(event, phase))
            if self.phase == "report":
                if isinstance(event, StageFinished) and event.record.stage == "cut":
                    threading.Timer(0.02 * self.wait, _die).start()
            elif self.phase and _is_of(event, self.phase):
                self.wait -= 1
                if self.wait <= 0:
                    _die()


def _is_of(event: Event, phase: str) -> bool:
    if isinstance(event, StageStarted | StageAdvanced):
        return event.stage == phase
    # The measurement of a join begins when both shots have been measured alone.
    if isinstance(event, StageFinished):
        return phase == "join" and event.record.stage == "measure" and not event.record.cached
    return False


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def child(story: Path, folder: Path, phase: str | None, wait: int) -> None:
    """Render a story with the store and the output beside it, killed at a phase or not."""
    settings = Settings(engine="storybook", store=folder / "store", out=folder / "out")
    killer = Killer(folder / "made.txt", phase, wait)
    try:
        render_story(story, settings, killer)
    except DreamRunnerError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    (folder / "events.json").write_text(json.dumps(killer.counted))


def spawn(story: Path, folder: Path, phase: str = "", wait: int = 1) -> tuple[int, str]:
    """Return how a child ended: minus nine where it was killed, and what it wrote to stderr."""
    command = [sys.executable, __file__, "--child", str(story), str(folder), phase, str(wait)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def kills(count: int, seed: int, work: Path) -> dict[str, object]:
    """Kill renders in every phase, and say what of them was lost or repeated."""
    rng = random.Random(seed)
    killed: Counter[str] = Counter()
    lost, repeated, differing, late, failed, films = 0, 0, 0, 0, [], 0
    while sum(killed.values()) < count:
        films += 1
        # Every other film has to learn a motion: its adapter takes most of the time.
        verb = "does a somersault" if films % 2 else "jumps"
        page = PAGE.format(seed=seed + films, verb=verb)
        whole, torn = work / f"whole-{films}", work / f"killed-{films}"
        for folder in (whole, torn):
            folder.mkdir(parents=True)
            (folder / "soak.story").write_text(page, encoding="utf-8")
        spawn(whole / "soak.story", whole)
        events = json.loads((whole / "events.json").read_text()) | {"report": 2}
        for phase in PHASES:
            for _ in range(_EACH if events.get(phase) else 0):
                if sum(killed.values()) == count:
                    break
                wait = rng.randint(1, max(1, events[phase] // (2 * _EACH)))
                code, words = spawn(torn / "soak.story", torn, phase, wait)
                if code == -signal.SIGKILL:
                    killed[phase] += 1
                elif code:
                    failed.append(f"{phase}: {words.strip()[-300:]}")
                else:
                    late += 1  # the film was finished, and later phases have nothing to do
        code, words = spawn(torn / "soak.story", torn)
        if code:
            failed.append(f"after all kills: {words.strip()[-300:]}")
        mine, theirs = (f / "out" / "soak" / "film.mp4" for f in (torn, whole))
        lost += not mine.is_file()
        differing += mine.is_file() and mine.read_bytes() != theirs.read_bytes()
        keys = Counter((torn / "made.txt").read_text(encoding="utf-8").splitlines())
        repeated += sum(times - 1 for times in keys.values())
        shutil.rmtree(whole)
        shutil.rmtree(torn)
    return {
        "kills": sum(killed.values()), "by phase": dict(killed), "films": films,
        "kills that came too late": late,
        "films lost": lost, "films that differ": differing,
        "results made twice": repeated, "errors": failed,
    }  # fmt: skip


def torn_files(count: int, seed: int, work: Path) -> dict[str, object]:
    """Damage files of a finished animatic's store and folder, one at a time, and render again."""
    rng = random.Random(seed)
    folder = work / "torn"
    folder.mkdir()
    story = folder / "soak.story"
    story.write_text(PAGE.format(seed=seed, verb="jumps"), encoding="utf-8")
    settings = Settings(engine="animatic", store=folder / "store", out=folder / "out")
    film = render_story(story, settings, silent).folder / "film.mp4"
    right = film.read_bytes()
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(count):
        files = sorted(
            path for root in (folder / "store", folder / "out") for path in root.rglob("*")
            if path.is_file()
        )  # fmt: skip
        path = rng.choice(files)
        how = rng.choice(("empty", "cut", "flipped", "gone", "a folder"))
        damage(path, how, rng)
        try:
            render_story(story, settings, silent)
            ends["rendered again"] += 1
            if film.read_bytes() != right:
                wrong.append(f"{number}: {how} {path.relative_to(folder)}")
        except DreamRunnerError as error:
            ends["one clear error"] += 1
            wrong += [f"{number}: {how} {path.relative_to(folder)}: {_short(error, folder)}"]
            shutil.rmtree(folder / "out", ignore_errors=True)
            shutil.rmtree(folder / "store", ignore_errors=True)
            render_story(story, settings, silent)
    return {"torn files": count, "ends": dict(ends), "wrong or refused": wrong}


def _short(error: Exception, folder: Path) -> str:
    return str(error).replace(f"{folder}{os.sep}", "")


def damage(path: Path, how: str, rng: random.Random) -> None:
    """Do one kind of harm to a file."""
    data = bytearray(path.read_bytes())
    path.unlink()
    if how == "a folder":
        path.mkdir()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "flipped":
        for _ in range(min(8, len(data))):
            data[rng.randrange(len(data))] ^= 0xFF
        path.write_bytes(data)


def two_processes(seed: int, work: Path) -> dict[str, object]:
    """Render two stories with equal shots at once into one store, and count what was made."""
    folder = work / "two"
    folder.mkdir()
    page = PAGE.format(seed=seed, verb="jumps")
    stories = [folder / "one.story", folder / "other.story"]
    for story in stories:
        story.write_text(page, encoding="utf-8")
    commands = [
        [sys.executable, __file__, "--child", str(s), str(folder), "", "1"] for s in stories
    ]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for command in commands]
    codes = [process.wait() for process in running]
    made = Counter((folder / "made.txt").read_text(encoding="utf-8").splitlines())
    drawn = {key: times for key, times in made.items() if key.startswith(("render", "measure"))}
    return {
        "exit codes": codes,
        "shots and measurements made twice": sum(drawn.values()) - len(drawn),
    }


def many_renders(count: int, work: Path) -> dict[str, object]:
    """Render films in one process, each of another seed, and see how its memory grows."""
    folder = work / "many"
    folder.mkdir()
    story = folder / "soak.story"
    memory: list[int] = []
    for number in range(count):
        story.write_text(PAGE.format(seed=number, verb="jumps"), encoding="utf-8")
        render_story(
            story, Settings(engine="animatic", store=folder / "s", out=folder / "o"), silent
        )
        memory.append(_resident_bytes())
    settled = memory[min(19, count - 1)]
    return {
        "renders": count,
        "MB after 20": round(settled / 1e6), "MB at the end": round(memory[-1] / 1e6),
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }  # fmt: skip


def node_kills(count: int, drivers: int, seed: int, work: Path) -> dict[str, object]:
    """Render films on two nodes and kill one of them in each, or what directs them.

    All are compared with a film that is whole.
    """
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "tools" / "cluster"))
    from node_kills import QUIET, film_with_a_kill, film_with_a_killed_driver, page, two_nodes

    os.environ.update(QUIET)
    whole = work / "whole-nodes"
    whole.mkdir()
    (whole / "walks.story").write_text(page(), encoding="utf-8")
    settings = Settings(engine="animatic", store=whole / "store", out=whole / "out")
    right = (render_story(whole / "walks.story", settings, silent).folder / "film.mp4").read_bytes()
    found = []
    with two_nodes() as nodes:
        os.environ["RAY_ADDRESS"] = nodes.address
        for number in range(count + drivers):
            folder = work / f"nodes-{number}"
            folder.mkdir()
            if number < count:
                found.append(film_with_a_kill(seed + number, nodes, folder))
            else:
                found.append(film_with_a_killed_driver(seed + number, folder))
            shutil.rmtree(folder)
    return {
        "films": count + drivers, "nodes killed": sum(one.killed for one in found[:count]),
        "drivers killed": sum(one.killed for one in found[count:]),
        "shots begun again": sum(one.lost for one in found),
        "films that differ": sum(one.film != right for one in found),
        "results made twice": sum(one.twice for one in found),
    }  # fmt: skip


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--torn", type=int, default=40)
    parser.add_argument("--renders", type=int, default=100)
    parser.add_argument("--nodes", type=int, default=20, help="films that lose a node")
    parser.add_argument("--drivers", type=int, default=5, help="films that lose their driver")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", help="one of torn, two processes, many, kills, nodes")
    parser.add_argument("--json", type=Path, help="keep the counts here too")
    given = parser.parse_args()
    if given.child:
        story, folder, phase, wait = given.child
        child(Path(story), Path(folder), phase or None, int(wait))
        return
    counts: dict[str, object] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        work = Path(name)
        for what, found in (
            ("torn", lambda: torn_files(given.torn, given.seed, work)),
            ("two processes", lambda: two_processes(given.seed, work)),
            ("many", lambda: many_renders(given.renders, work)),
            ("kills", lambda: kills(given.kills, given.seed, work)),
            ("nodes", lambda: node_kills(given.nodes, given.drivers, given.seed, work)),
        ):
            if given.only not in (None, what):
                continue
            counts[what] = found()
            print(json.dumps({what: counts[what]}, indent=2), flush=True)
    if given.json:
        if given.only and given.json.is_file():  # the other counts stay
            counts = {**json.loads(given.json.read_text(encoding="utf-8")), **counts}
        given.json.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
