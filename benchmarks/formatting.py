"""The formatter on a story of 10,000 lines: seconds, as a table and as JSON.

    python benchmarks/formatting.py [--lines N] [--runs N] [--seed N] [--out DIR]

The story is made by this script, the same for the same seed, and about a third of its lines are
untidy. The first run also builds the parser and is given by itself.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import time
from pathlib import Path

from dreamrunner.dsl import format_story, parse_story

FOLDER = Path(__file__).parent
PLACES = ("FOREST", "SNOWY HILL", "BEACH", "TOWN STREET", "MEADOW")
CAST = ("FOX", "OWL", "BEAR", "RABBIT")


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--lines", type=int, default=10_000)
    top.add_argument("--runs", type=int, default=5)
    top.add_argument("--seed", type=int, default=7)
    top.add_argument("--out", type=Path, default=FOLDER / "results")
    return top


def scene(number: int, chance: random.Random) -> list[str]:
    """Return the lines of a scene with prose, a speech, boxes, motions and a comment."""
    who, other = chance.sample(CAST, 2)
    left = chance.randint(0, 50) / 100
    space = " " * chance.randint(0, 2)
    return [
        f"EXT. {chance.choice(PLACES)} - DAY #{number}#",
        f"@duration{space} 5s",
        f"@layout {who}{space}{{",
        f"  0s:{space}box ({left}, 0.4,{space}{left + 0.3:.2f}, 0.9)",
        "  // to the other side",
        f"{space}end: box (0.60,0.4 , 0.9,0.9){space}",
        "}",
        f"@motion {who} {{0s..2s: walk ; 2s..end:{space}leap}}",
        "",
        f"The {who} walks to the right.  The {other} watches.",
        f"The snow falls. {{{other}, motion=watch, 0s..2s}}",
        f"@expect  {who} right-of {other},motion.{who}>=0.5",
        *[""] * chance.randint(1, 3),
        who,
        "(softly)",
        "I was here before.",
        *[""] * chance.randint(1, 3),
    ]


def story(lines: int, seed: int) -> str:
    """Return a story of a number of lines, untidy on purpose."""
    chance = random.Random(seed)
    written = [
        "Title: A Long Walk",
        "",
        *(f"@character  {who} :a  {who.lower()}" for who in CAST),
        "",
    ]
    number = 1
    while len(written) + len(more := scene(number, chance)) <= lines:
        written += more
        number += 1
    filling = ["The snow falls."] * (lines - len(written))
    return "\n".join(written + filling) + "\n"


def timed(text: str) -> tuple[float, str]:
    """Return how long formatting took, in seconds of processor time, and what came out."""
    started = time.process_time()
    formatted = format_story(text)
    return time.process_time() - started, formatted


def main() -> None:
    """Measure, print and write."""
    options = parser().parse_args()
    text = story(options.lines, options.seed)
    first_s, formatted = timed(text)
    runs = [timed(text)[0] for _ in range(options.runs)]
    again_s, again = timed(formatted)
    if again != formatted or parse_story(formatted, path="x").errors:
        raise SystemExit("what was formatted is not what it should be")
    before, after = text.splitlines(), formatted.splitlines()
    results = {
        "lines": len(before),
        "lines_after": len(after),
        "lines_new": len(set(after) - set(before)),
        "seed": options.seed,
        "first_s": round(first_s, 3),
        "median_s": round(statistics.median(runs), 3),
        "slowest_s": round(max(runs), 3),
        "tidy_already_s": round(again_s, 3),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    written = options.out / "formatting.json"
    written.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    for name, value in results.items():
        print(f"{name:<16}{value}")
    print(f"written to {written.name}")


if __name__ == "__main__":
    main()
