"""The underpainter on clips that it has not seen: the squared error on figures, motion by motion.

    python benchmarks/underpainting.py [--weights FOLDER] [--clips N]

Clips are drawn anew from a seed of their own, four frames of each are encoded, and figures are told
as plans tell them. Where a figure is, what is laid over the empty place is held against the frame's
latents, whose variance is about one. Prints a table and, for the package's own weights, keeps it in
benchmarks/results/underpainting.json.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from sr3ai.timing import machine
from torch import Tensor

from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.text_encoder import TextEncoder
from dreamrunner.engine.storybook.training.clips import LatentClip, encoded, spread
from dreamrunner.engine.storybook.training.drawn_clips import drawings
from dreamrunner.engine.storybook.training.underpainter import CHANGED
from dreamrunner.engine.storybook.underpainting import LATENTS, Underpainter, underpaint
from dreamrunner.engine.storybook.world.scenes.sampling import sample_scene

SEED = 20_261_128  # no training's
FRAMES = 4
RESULT = Path(__file__).parent / "results" / "underpainting.json"


def errors(painter: Underpainter, clip: LatentClip, encoder: TextEncoder) -> Tensor:
    """Return the mean squared error [A] on what is seen of each actor; NaN for one unseen."""
    assert clip.ground is not None
    at = list(clip.frames)
    boxes = clip.planned[:, at]
    tokens = encoder.tokens(list(clip.regions[0]), models.TEXT_TOKENS)
    true, ground = clip.latents.float(), clip.ground.float()
    times = torch.tensor(at) / models.FPS
    near = -boxes[..., 3].mean(-1)
    painted = underpaint(painter, tokens, boxes, near, times, *true.shape[-2:])
    error = (painted[:, :LATENTS] + (1 - painted[:, LATENTS:]) * ground - true).square().mean(1)
    figure = (true - ground).abs().mean(1) > CHANGED
    return torch.stack([
        error[figure & _inside(boxes[row], *true.shape[-2:])].mean() for row in range(clip.actors)
    ])  # fmt: skip


def _inside(boxes: Tensor, height: int, width: int) -> Tensor:
    """Return which latents' middles are in boxes [T, 4]: [T, H, W] bool."""
    x, y = (torch.arange(width) + 0.5) / width, (torch.arange(height) + 0.5) / height
    across = (x >= boxes[:, :1]) & (x <= boxes[:, 2:3])
    down = (y >= boxes[:, 1:2]) & (y <= boxes[:, 3:])
    return down[:, :, None] & across[:, None, :]


@torch.no_grad()
def measure(weights: Path, clips: int) -> dict[str, list[float]]:
    """Return the errors of all figures, by motion."""
    vae, painter, encoder = (
        models.load_vae(weights), models.load_underpainter(weights), TextEncoder()
    )  # fmt: skip
    rng, found = np.random.default_rng(SEED), defaultdict(list)
    for number, drawn in enumerate(drawings(SEED, "base", range(clips))):
        clip = encoded(vae, drawn, spread(FRAMES, rng))
        spec = sample_scene(
            np.random.default_rng([SEED, number]), split="base", width=models.WIDTH,
            height=models.HEIGHT,
        )  # fmt: skip
        for actor, error in zip(spec.actors, errors(painter, clip, encoder).tolist(), strict=True):
            if error == error:
                found[actor.motion].append(error)
    return found


def main() -> None:
    """Measure and print a table."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--weights", type=Path, default=models.WEIGHTS)
    top.add_argument("--clips", type=int, default=240)
    args = top.parse_args()
    found = measure(args.weights, args.clips)
    every = [error for values in found.values() for error in values]
    table = {motion: round(float(np.mean(v)), 4) for motion, v in sorted(found.items())}
    result = {
        "mean": round(float(np.mean(every)), 4), "median": round(float(np.median(every)), 4),
        "figures": len(every), "clips": args.clips, "seed": SEED, "motions": table,
        "machine": machine(),
    }  # fmt: skip
    print(json.dumps({k: v for k, v in result.items() if k != "machine"}, indent=2))
    if args.weights == models.WEIGHTS:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
