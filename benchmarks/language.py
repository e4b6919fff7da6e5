"""How long `check` takes for a long story: a table, and the figures as JSON.

    python benchmarks/language.py [--lines N] [--repeats N] [--out DIR]

The story is made here from a seed: scenes with action, dialogue, notes and directives, without a
mistake. Parsing and checking are timed as `dreamrunner check` does them, in one process and with
the grammar already built; building it is timed by itself. The hostile texts are what a file could
hold to make a parser slow.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dreamrunner.agents.director.remarks import remarks
from dreamrunner.dsl import parse_story
from dreamrunner.dsl.syntax.parser import parser as grammar
from dreamrunner.engine.storybook.capabilities import storybook_capabilities

FOLDER = Path(__file__).parent
ENGINE = storybook_capabilities()
CAST = "@character FOX: a red fox\n@character OWL: a purple owl\n@character BEAR: a brown bear\n"
PLACES = ("MEADOW", "BEACH", "SNOWY HILL", "FOREST", "DESERT", "TOWN STREET")
MOTIONS = ("walk", "hop", "jump", "bow", "stand")
HOSTILE = {
    "100,000 opening braces": "EXT. A\n\n" + "{" * 100_000,
    "100,000 nested blocks": "EXT. A\n@layout FOX " + "{a " * 100_000 + "}" * 100_000,
    "100,000 nested groups": "EXT. A\n@layout FOX at " + "(" * 100_000 + "1" + ")" * 100_000,
    "one line of 1 MB": "EXT. A\n\n" + "The fox walks. " * 70_000,
    "200,000 open notes": "EXT. A\n\n" + "[[" * 200_000,
    "10,000 in one place": "".join(f"@character N{i}: a fox\n" for i in range(10_000))
    + "\nEXT. A\n"
    + "".join(f"@layout N{i} at left\n" for i in range(10_000)),
    "10,000 unknown names": CAST + "\nEXT. A\n" + "@layout FOXY at left\n" * 10_000,
    "20,000 camera moves": "EXT. A\n@camera {\n"
    + "".join(f"{i}ms..{i + 1}ms: static\n" for i in range(20_000))
    + "}",
}


@dataclass(frozen=True)
class Row:
    """One measurement: the best and the median of all repeats, in seconds of processor time."""

    what: str
    lines: int
    characters: int
    diagnostics: int
    best_s: float
    median_s: float


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--lines", type=int, default=10_000)
    top.add_argument("--repeats", type=int, default=5)
    top.add_argument("--seed", type=int, default=1)
    top.add_argument("--out", type=Path, default=FOLDER / "results")
    return top.parse_args()


def story(lines: int, seed: int) -> str:
    """Return a story of at least so many lines."""
    chance = random.Random(seed)
    parts = [f"Title: Long\n\n{CAST}"]
    count = parts[0].count("\n")
    while count < lines:
        parts.append(scene(chance))
        count += parts[-1].count("\n")
    return "".join(parts)


def scene(chance: random.Random) -> str:
    """Return one scene with a bit of everything."""
    who, other = chance.sample(("FOX", "OWL", "BEAR"), 2)
    left = chance.randrange(5, 30)
    return (
        f"\nEXT. {chance.choice(PLACES)} - NIGHT\n@duration 3s\n"
        f"@layout {who} {{\n  0s: box ({left}%, 40%, {left + 20}%, 90%) ease-in\n"
        f"  end: at right-third\n}}\n"
        f"@motion {who} {{ 0s..2s: {chance.choice(MOTIONS)}; 2s..end: stand }}\n\n"
        f"The {who} walks past the {other}. {{{who}, 0s..2s}} [[Too slow?]]\n"
        f"The {other} sleeps.\n@expect {who} present, layout.{who} >= 0.3\n\n"
        f"{who} (V.O.)\n(quietly)\nGood evening to you.\n\nCUT TO:\n"
    )


def measured(what: str, text: str, repeats: int) -> Row:
    """Return how long one text takes to check."""
    found = 0

    def check() -> None:
        nonlocal found
        parsed = parse_story(text, path="long.story", capabilities=ENGINE)
        more = remarks(parsed.story, ENGINE, deep=False) if parsed.story else ()
        found = len(parsed.diagnostics) + len(more)

    times = timed(check, repeats)
    return Row(what, text.count("\n"), len(text), found, min(times), statistics.median(times))


def timed(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the processor time of each repeat in seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return times


def main() -> None:
    """Measure, print the table and write the figures."""
    asked = arguments()
    (built_s,) = timed(grammar, 1)
    text = story(asked.lines, asked.seed)
    rows = [measured(f"a story of {asked.lines:,} lines", text, asked.repeats)]
    rows += [measured(name, hostile, 1) for name, hostile in HOSTILE.items()]
    table = Table("text", "characters", "mistakes", "best", "median")
    for row in rows:
        table.add_row(
            row.what, f"{row.characters:,}", str(row.diagnostics),
            f"{row.best_s:.2f} s", f"{row.median_s:.2f} s",
        )  # fmt: skip
    console = Console()
    console.print(table)
    console.print(f"the grammar is built in {built_s:.2f} s, once a process")
    asked.out.mkdir(parents=True, exist_ok=True)
    figures = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "seed": asked.seed,
        "grammar_s": built_s,
        "rows": [asdict(row) for row in rows],
    }
    path = asked.out / "language.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    console.print(f"figures: {path}")


if __name__ == "__main__":
    main()
