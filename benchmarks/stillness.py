"""How much places change over a shot that nothing moves, with and without what keeps them still.

`python benchmarks/stillness.py [--shots 20] [--json FILE] [--picture FILE]`

Prompts of `prompts.jsonl` in clear weather, evenly spread, each drawn twice from one seed. Pixels
count that are away from every figure's box in all frames. `change` is the mean difference of two
frames that follow each other, in levels of 255; `flickers` the share of pixels that differ by more
than 12 levels between any two frames. Decoded alone, no frame is quite like another: a figure that
moves changes the means that the codec normalises by. The drawn world's places do not change at all.
Intervals are bootstrapped over shots at 95 %. The judge says whether place and figures are right.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from storybench.prompts import Prompt, read_prompts, to_shot
from storybench.scores import score

from dreamrunner.engine.diffusion.memory import keep_freed
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge import Judge
from dreamrunner.engine.storybook.models import FPS, FRAMES, HEIGHT, WIDTH

MARGIN = 0.04  # around a box, in parts of the frame: a shadow, a tail
SEEN = 12  # levels
SHOWN = (1, 7, 12, 17, 23)


def away(prompt: Prompt) -> NDArray[np.bool_]:
    """Return the pixels [h, w] that no box comes near to in any frame."""
    free = np.ones((HEIGHT, WIDTH), np.bool_)
    for role in prompt.roles:
        for left, top, right, bottom in role.boxes:
            rows = slice(max(0, int((top - MARGIN) * HEIGHT)), int((bottom + MARGIN) * HEIGHT) + 1)
            columns = slice(max(0, int((left - MARGIN) * WIDTH)), int((right + MARGIN) * WIDTH) + 1)
            free[rows, columns] = False
    return free


def mean_of(values: Sequence[float]) -> list[float]:
    """Return a mean and its bootstrapped 95 % interval."""
    found, rng = np.asarray(values, float), np.random.default_rng(0)
    means = found[rng.integers(len(found), size=(2000, len(found)))].mean(1)
    return [round(float(x), 3) for x in (found.mean(), *np.quantile(means, (0.025, 0.975)))]


def main() -> None:
    """Draw, measure, print."""
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--shots", type=int, default=20)
    read.add_argument("--json", type=Path)
    read.add_argument("--picture", type=Path)
    args = read.parse_args()
    keep_freed()
    prompts = [
        p for p in read_prompts(Path(__file__).parent / "prompts.jsonl") if p.weather == "clear"
    ]
    prompts = prompts[:: len(prompts) // args.shots][: args.shots]
    arms = {"as it comes": StorybookFamily(still_places=False), "kept still": StorybookFamily()}
    judge, rows = Judge.load(), []
    found: dict[str, dict[str, list[float]]] = {
        arm: {"change": [], "flickers": [], "place": [], "character": []} for arm in arms
    }
    for prompt in prompts:
        free, strips = away(prompt), []
        for arm, family in arms.items():
            shot = to_shot(prompt, regions=True, capabilities=family.capabilities)
            with torch.no_grad():
                frames = family.render(shot, (), None, lambda done, total: None)
            place = frames[:, free].astype(int)  # [T, pixels, 3]
            kept = found[arm]
            kept["change"].append(float(np.abs(np.diff(place, axis=0)).mean()))
            kept["flickers"].append(float((np.ptp(place, axis=0).max(1) > SEEN).mean()))
            seen = score(shot, judge.judge(frames), FPS)
            kept["place"].append(float(seen.place))
            kept["character"] += [float(figure.in_region) for figure in seen.roles]
            strips.append(np.concatenate([frames[k] for k in SHOWN], 1))
        rows.append(np.concatenate(strips))
        assert len(frames) == FRAMES
        print(f"{prompt.id}: {[round(found[arm]['change'][-1], 3) for arm in arms]}", flush=True)
    figures = {arm: {name: mean_of(v) for name, v in kept.items()} for arm, kept in found.items()}
    print(json.dumps(figures, indent=1))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")
    if args.picture:
        Image.fromarray(np.concatenate(rows)).save(args.picture)


if __name__ == "__main__":
    main()
