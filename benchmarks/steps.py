"""The embedded model by its number of denoising steps: what is right, how sharp, how long.

    python benchmarks/steps.py [--steps 3,5,8] [--prompts N] [--pairs N]

The prompts and pairs of benchmarks/storybook.py are rendered with each number of steps and judged.
Some are held against the same seed's clip of many steps, which is where the schedule leads, beside
DDIM with as many; and against the drawn world for sharpness: too few steps average what could be,
and an average is blurred. Seconds are a whole shot's, from plan to frames, all numbers of steps in
turn. Rendered clips are kept, so a stopped run goes on where it was. Prints a table and, where
every prompt was asked, keeps it in benchmarks/results/steps.json.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from functools import partial
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np
from sr3ai.timing import Figures, fastest, machine
from storybench import pages
from storybench.clips import FamilyPainter, Frames, judge_prompts
from storybench.prompts import Prompt, drawn, read_prompts, to_shot

from dreamrunner.bench.intervals import Rate
from dreamrunner.engine.diffusion.memory import keep_freed
from dreamrunner.engine.diffusion.psnr import BACKGROUND, FRAME, region_psnr
from dreamrunner.engine.family import load_family
from dreamrunner.engine.protocol import Family
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge import Judge

FOLDER = Path(__file__).parent
RESULT = FOLDER / "results" / "steps.json"
CACHE = FOLDER.parent / "out" / "storybench"
MANY = 50  # steps of the clips that others are held against
COMPARED = 24  # prompts that are
REPEATS = 9  # of a timed shot


class Stepped(FamilyPainter):
    """A family that takes another number of steps than its own."""

    def __init__(self, family: Family, steps: int) -> None:
        super().__init__(family)
        self.capabilities = self.capabilities.model_copy(update={"steps": steps})

    def clip(self, prompt: Prompt) -> Frames:
        """Return the clip of a prompt with regions."""
        return self.paint(prompt, to_shot(prompt, regions=True, capabilities=self.capabilities))


def judged(
    painter: Stepped, judge: Judge, prompts: list[Prompt], pairs: list[Prompt]
) -> dict[str, Rate]:
    """Return the aims' rates."""
    alone, together = (
        judge_prompts(painter, judge, asked, regions=True, cache=CACHE)
        for asked in (prompts, pairs)
    )
    found = pages.rates(alone)
    found["each in its own half"] = pages.pair_rates(together)["each in its own half"]
    return {name: found[name] for name in pages.AIMS}


def compared(family: Family, counts: list[int], prompts: list[Prompt]) -> dict[int, Figures]:
    """Return how near each number of steps comes to many, and how sharp its clips are."""
    solvers = {"": family, " by DDIM": StorybookFamily(schedule=models.scheduler())}
    found: dict[int, dict[str, list[float]]] = {steps: defaultdict(list) for steps in counts}
    for prompt in prompts:
        many, truth = Stepped(family, MANY).clip(prompt), drawn(prompt)
        shot = to_shot(prompt, regions=True)
        for steps, (name, solver) in product(counts, solvers.items()):
            clip, figures = Stepped(solver, steps).clip(prompt), found[steps]
            near = region_psnr(many, clip, shot, models.FPS)
            figures[f"place against many steps{name}: dB"].append(near.pop(BACKGROUND))
            del near[FRAME]
            figures[f"figures against many steps{name}: dB"].append(fmean(near.values()))
            figures[f"sharpness{name}"].append(edges(clip) / edges(truth))
    return {
        steps: {name: fmean(values) for name, values in figures.items()}
        for steps, figures in found.items()
    }


def edges(clip: Frames) -> float:
    """Return the mean differences of pixels beside and below each other, summed, of 255."""
    pixels = clip.astype(np.float32)
    return float(sum(np.abs(np.diff(pixels, axis=axis)).mean() for axis in (1, 2)))


def seconds(family: Family, counts: list[int], prompt: Prompt) -> dict[int, float]:
    """Return the shortest time of a shot by its number of steps."""
    forms = {str(steps): partial(Stepped(family, steps).clip, prompt) for steps in counts}
    return {int(steps): value for steps, value in fastest(forms, REPEATS).items()}


def table(found: dict[int, dict[str, Rate | float]]) -> str:
    """Return the figures as Markdown, a number of steps a column."""
    counts = list(found)
    lines = [f"| steps | {' | '.join(map(str, counts))} |", f"|---|{'---|' * len(counts)}"]
    for name in found[counts[0]]:
        values = (found[steps][name] for steps in counts)
        cells = (f"{v:.2f}" if isinstance(v, float) else str(v) for v in values)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print a table."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--steps", default="3,5,8", help="numbers of steps")
    top.add_argument("--prompts", type=int, default=None, help="the first so many; all if not")
    top.add_argument("--pairs", type=int, default=None, help="the first so many; all if not")
    args = top.parse_args()
    keep_freed()
    counts = [int(text) for text in args.steps.split(",")]
    prompts = read_prompts(FOLDER / "prompts.jsonl")[: args.prompts]
    pairs = read_prompts(FOLDER / "pairs.jsonl")[: args.pairs]
    family, judge = load_family("storybook"), Judge.load()
    shots = seconds(family, counts, pairs[0])
    near = compared(family, counts, prompts[:: max(1, len(prompts) // COMPARED)])
    found: dict[int, dict[str, Rate | float]] = {}
    for steps in counts:
        rates = judged(Stepped(family, steps), judge, prompts, pairs)
        found[steps] = {**rates, **near[steps], "seconds a shot": shots[steps]}
        print(f"{steps} steps judged", flush=True)
    print(table(found))
    if args.prompts is args.pairs is None:
        account = {"machine": machine(), "fingerprint": family.fingerprint, "steps": found}
        text = json.dumps(account, indent=2, default=Rate.plain)
        RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
