"""A 10-scene story, saved again and again -> seconds from a save to the page that shows it.

Run as `python benchmarks/watching.py [--saves N]`; writes `results/watching.json` beside itself.
A save changes one scene, chosen by a seeded generator: a word of its action (the animatic of that
scene is drawn anew), a mistake, and its mending. Time is from the end of the write to the moment
when the page, asked over HTTP, shows the new storyboard and film.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import threading
import time
import urllib.request
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from dreamrunner.production.settings import Settings
from dreamrunner.production.watch import WatchRound, watch_story

PLACES = ("FOREST", "BEACH", "MEADOW", "SNOWY HILL", "TOWN STREET")
VERBS = ("walks to the right", "hops", "sleeps", "bows", "jumps up and down", "walks to the left")


def story(verbs: list[str]) -> str:
    scenes = (
        f"EXT. {PLACES[i % len(PLACES)]} - DAY #{i + 1}#\n\nThe FOX {verb}. The BEAR stands.\n"
        for i, verb in enumerate(verbs)
    )
    head = "Title: Ten Scenes\n\n@character FOX: a red fox\n@character BEAR: a brown bear\n\n"
    return head + "\n".join(scenes)


def page(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        return str(answer.read().decode())


def measure(folder: Path, saves: int, seed: int) -> dict[str, list[float]]:
    """Return the seconds of the first drawing, of the saves, and of the process's own time."""
    chance = random.Random(seed)
    verbs = [chance.choice(VERBS) for _ in range(10)]
    path = folder / "ten.story"
    path.write_text(story(verbs), encoding="utf-8")
    rounds: Queue[WatchRound] = Queue()
    addresses: Queue[str] = Queue()
    stop = threading.Event()
    watching = threading.Thread(
        target=watch_story,
        args=(path, Settings(store=folder / "store")),
        kwargs={"port": 0, "opened": addresses.put, "told": rounds.put, "stop": stop},
    )
    watching.start()
    address = addresses.get()
    first = rounds.get()
    waits, work = [], []
    for _ in range(saves):
        verbs[chance.randrange(10)] = chance.choice([v for v in VERBS if v not in verbs] or VERBS)
        before, cpu = page(address), time.process_time()
        path.write_text(story(verbs), encoding="utf-8")
        began = time.perf_counter()
        done = rounds.get()
        assert not done.errors, done.summary
        assert page(address) != before, "the page did not follow"
        waits.append(time.perf_counter() - began)
        work.append(time.process_time() - cpu)
    stop.set()
    watching.join()
    return {"first": [first.seconds], "save_to_page": waits, "processor": work}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        seconds = measure(Path(folder), asked.saves, asked.seed)
    figures = {
        "saves": asked.saves,
        "seed": asked.seed,
        "processors": os.cpu_count(),
        "load_at_end": [round(load, 1) for load in os.getloadavg()],
        "first_s": round(seconds["first"][0], 3),
    }
    for name in ("save_to_page", "processor"):
        figures[f"{name}_p50_s"] = round(statistics.median(seconds[name]), 3)
        figures[f"{name}_p95_s"] = round(sorted(seconds[name])[int(0.95 * asked.saves)], 3)
    target = Path(__file__).parent / "results" / "watching.json"
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
