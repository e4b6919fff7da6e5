"""The drawn world's speed: clips a second on one core, by kind of scene, as a table and as JSON.

    python benchmarks/world.py [--clips N] [--seed N] [--out DIR]

A clip is 25 frames of 192 x 128 with its truth and one set of captions, as training draws it.
Processor time is counted, so that what else the machine does matters little.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from dreamrunner.engine.storybook.models import HEIGHT, TEXT_TOKENS, WIDTH
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_scene, sample_scene
from dreamrunner.engine.storybook.world.words.captions import Captions, captions

FOLDER = Path(__file__).parent
WARM_UP = 30  # clips drawn before the clock starts: sprites and places are kept between clips


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--clips", type=int, default=300)
    top.add_argument("--seed", type=int, default=7)
    top.add_argument("--out", type=Path, default=FOLDER / "results")
    return top


def kinds(spec: SceneSpec) -> Iterator[str]:
    """Yield the rows of the table that a scene counts in."""
    yield "all"
    yield f"{len(spec.actors)} figures"
    if any(actor.tie for actor in spec.actors):
        yield "interaction"
    if spec.weather != "clear":
        yield "rain or snow"
    if spec.camera.move != "static":
        yield "camera moves"


def longer(said: Captions) -> int:
    """Return how many region texts have more words than a region's text has tokens for."""
    return sum(len(text.replace(",", " ,").split()) > TEXT_TOKENS - 2 for text in said.regions)


def measure(clips: int, seed: int) -> dict[str, dict[str, float]]:
    """Return kind of scene -> how many clips there were, and how many a second."""
    rng = np.random.default_rng(seed)
    spent: dict[str, list[float]] = {}
    regions = cut = 0
    for number in range(WARM_UP + clips):
        started = time.process_time()
        spec = sample_scene(rng, width=WIDTH, height=HEIGHT)
        draw_scene(spec)
        said = captions(spec, rng)
        if number < WARM_UP:
            continue
        regions, cut = regions + len(said.regions), cut + longer(said)
        for kind in kinds(spec):
            spent.setdefault(kind, []).append(time.process_time() - started)
    rows = {k: {"clips": len(s), "clips_a_second": len(s) / sum(s)} for k, s in spent.items()}
    rows["texts too long for a region"] = {"clips": regions, "share": cut / regions}
    return rows


def main() -> None:
    """Measure, print and write."""
    args = parser().parse_args()
    rows = measure(args.clips, args.seed)
    for kind, row in sorted(rows.items()):
        figure = ", ".join(f"{k} {v:.3g}" for k, v in row.items())
        print(f"{kind:30} {figure}")
    args.out.mkdir(parents=True, exist_ok=True)
    told = {"python": platform.python_version(), "processor": platform.machine(), "rows": rows}
    (args.out / "world.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
