"""A story of 10,000 lines in the language server -> milliseconds from a keystroke to its answer.

Run as `python benchmarks/editing.py [--keys N]`; writes `results/editing.json` beside itself. The
server is driven within this process as the protocol's traffic would drive it: an edit comes in,
the page is made anew, the scene under the keystroke is checked, and the diagnostics are made ready
to be sent. The pause after which the whole story is checked is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from pathlib import Path

from lsprotocol.types import Position, Range

from dreamrunner.dsl.lsp import fixes
from dreamrunner.dsl.lsp.checking import Checker
from dreamrunner.dsl.lsp.page import Page
from dreamrunner.engine.family import capabilities

LINES = 10_000
SCENE = """\
EXT. FOREST - NIGHT #{number}#
@duration 3s
@layout FOX {{
  0s: box (0.1, 0.4, 0.4, 0.9)
  end: at right-third
}}

The FOX walks to the right. {{FOX, motion=walk, 0s..2s}}

FOX
Is anybody else awake?

The OWL comes down.
@expect OWL left-of FOX

"""


def story() -> str:
    head = "Title: Long\n\n@character FOX: a red fox\n@character OWL: a purple owl\n\n"
    count = (LINES - head.count("\n")) // SCENE.count("\n")
    return head + "".join(SCENE.format(number=n + 1) for n in range(count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    checker = Checker("long.story", None, capabilities("storybook"))
    page = Page(story())
    began, cpu = time.perf_counter(), time.process_time()
    checked, _ = checker.whole(page)
    whole_s, whole_cpu_s = time.perf_counter() - began, time.process_time() - cpu
    waits, work = [], []
    for _ in range(asked.keys):
        line = chance.randrange(6, page.text.count("\n"))
        place = Position(line, chance.randrange(len(page.line(line)) + 1))
        began, cpu = time.perf_counter(), time.process_time()
        page = page.edited(Range(place, place), chance.choice("abc {}@:0.\n"))
        after = checker.after_edit(page, checked)
        assert after is not None
        fixes.shown(page, after.diagnostics)
        waits.append(1000 * (time.perf_counter() - began))
        work.append(1000 * (time.process_time() - cpu))
        checked = after
    figures = {
        "lines": page.text.count("\n"),
        "keys": asked.keys,
        "seed": asked.seed,
        "processors": os.cpu_count(),
        "load_at_end": [round(load, 1) for load in os.getloadavg()],
        "whole_s": round(whole_s, 3),
        "whole_processor_s": round(whole_cpu_s, 3),
    }
    for name, values in (("keystroke", waits), ("keystroke_processor", work)):
        figures[f"{name}_p50_ms"] = round(statistics.median(values), 1)
        figures[f"{name}_p95_ms"] = round(sorted(values)[int(0.95 * asked.keys)], 1)
    target = Path(__file__).parent / "results" / "editing.json"
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
