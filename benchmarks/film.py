"""A story rendered into an empty store, and rendered again unchanged -> seconds of each, as JSON.

    python benchmarks/film.py [STORY] [--write]

Each render is a process of its own, as a writer starts it. Seconds are the wall's; beside them
stands the processor time of the process, which a crowded machine does not stretch, and whether the
processor multiplies bf16 in hardware, on which most of the time hangs. Prints the figures; --write
keeps them in benchmarks/results/film.json.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sr3ai.timing import Figures, machine

FOLDER = Path(__file__).parent
STORY = FOLDER.parent / "stories" / "fox.story"
RESULT = FOLDER / "results" / "film.json"


def measured(command: list[str]) -> Figures:
    """Run a command to its end; return its seconds on the wall and on the processors.

    Raises:
        CalledProcessError: it failed.
    """
    before, start = _children_s(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    return {"wall_s": round(wall, 2), "processor_s": round(_children_s() - before, 2)}


def _children_s() -> float:
    """Return the processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def film(story: Path) -> dict[str, Figures]:
    """Render a story twice in a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "dreamrunner", "render", str(story),
            "--store", f"{folder}/store", "--out", f"{folder}/out",
        ]  # fmt: skip
        return {"first": measured(command), "unchanged": measured(command)}


def main() -> None:
    """Measure and print."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("story", type=Path, nargs="?", default=STORY)
    top.add_argument("--write", action="store_true", help="keep the figures in the results")
    args = top.parse_args()
    result = {"story": args.story.name, "machine": machine(), **film(args.story)}
    text = json.dumps(result, indent=2)
    print(text)
    if args.write:
        RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
