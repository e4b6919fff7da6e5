"""A shot of the embedded model where freed memory is kept, as a render does, and given back.

    python benchmarks/memory.py [--repeats N]

The allocator's manners are a process's own, so each way has processes of its own, in turn; the
fastest shot of each counts. Prints seconds and keeps them in benchmarks/results/memory.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sr3ai.timing import apart, fastest, machine
from storybench.prompts import read_prompts, to_shot

from dreamrunner.engine.diffusion.memory import keep_freed
from dreamrunner.engine.family import load_family

FOLDER = Path(__file__).parent
RESULT = FOLDER / "results" / "memory.json"
TURNS = 3  # processes of each way


def seconds(kept: bool, repeats: int) -> float:
    """Return the shortest time of a shot of two figures in this process."""
    if kept:
        keep_freed()
    family = load_family("storybook")
    prompt = read_prompts(FOLDER / "pairs.jsonl")[0]
    shot = to_shot(prompt, regions=True, capabilities=family.capabilities)
    return fastest({"shot": lambda: family.render(shot, (), None, lambda *_: None)}, repeats)[
        "shot"
    ]


def main() -> None:
    """Measure and print."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--repeats", type=int, default=9)
    args = top.parse_args()
    ways = {"kept": True, "given back": False}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, kept in ways.items():
            taken[name].append(apart(seconds, kept, args.repeats))
            print(f"{name}: {taken[name][-1]:.3f} s", flush=True)
    account = {"machine": machine(), "repeats": args.repeats, "seconds": taken}
    RESULT.write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
