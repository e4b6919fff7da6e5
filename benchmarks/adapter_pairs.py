"""Two adapters in two regions of one shot: who does what, and does one show on the other?

    python benchmarks/adapter_pairs.py FOLDER --judge judge.safetensors [--shots N] [--out FILE]

The clips, the trainer and the judge are those of `adapters.py`. A frog, which is in no clip, is
asked to sway, and an animal of the clips beside it to jump; which of them is on the left changes
from shot to shot. Each shot is drawn from the same noise without adapters, with the one of `sway`
(10 clips), with one of `jump` (10 clips, `--jump-steps` steps, for the base knows it), and with
both. What one adapter does in the other's region would show as its motion there, and as a change of
its pixels: their mean absolute difference to the shot without adapters, 0..255, is beside it.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import adapters
import numpy as np
import torch
from adapters import ARMS, SEED, ClipArm, Studio, noise, planned, standing, with_beats
from minibench.arms import Asked
from numpy.typing import NDArray

from dreamrunner.bench.intervals import wilson
from dreamrunner.engine.diffusion.teaching.recipes import MINIATURE
from dreamrunner.engine.miniature.captions import random_scene
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.world import COLOURS

Frames = NDArray[np.uint8]  # [T, h, w, 3]
FOLDER = Path(__file__).parent
GIVEN = {"nobody": (), "sway": ("sway",), "jump": ("jump",), "both": ("sway", "jump")}
SWAYS = next(arm for arm in ARMS if arm.name == "10 filtered")
JUMPS = ClipArm("10 of a known motion", 10)


def pairs(count: int) -> list[Asked]:
    """Return scenes of two figures, the first of which is on the left: one sways, one jumps."""
    chance, found = random.Random(SEED + 2), []
    for number in range(count):
        scene = random_scene(chance, 2)
        spots = sorted(figure.x for figure in scene.figures)
        frog = replace(scene.figures[0], character=adapters.RIGHT[0], motion="sway")
        other = replace(
            scene.figures[1], character=chance.choice(adapters.TEACHERS), motion="jump",
            colour=chance.choice(COLOURS),
        )  # fmt: skip
        both = (frog, other) if number % 2 else (other, frog)
        figures = tuple(replace(one, x=x) for one, x in zip(both, spots, strict=True))
        found.append(Asked.of(f"two {number}", replace(scene, figures=figures)))
    return found


def measured(args: argparse.Namespace) -> dict[str, dict[str, object]]:
    """Return for each row how many shots show each motion on each of the two figures, and by how
    much the pixels about each are others than without adapters."""
    studio, judge = Studio(args), MiniatureJudge.load(args.judge)
    sway = studio.adapter("sway", SWAYS)
    args.steps = args.jump_steps
    jump = studio.adapter("jump", JUMPS)
    table: dict[str, dict[str, object]] = {}
    plain: list[Frames] = []
    for row, given in GIVEN.items():
        used = [one for one in (sway, jump) if one is not None and one.name in given]
        seen: dict[str, list[bool]] = {}
        changed: dict[str, list[float]] = {}
        for at, asked in enumerate(pairs(args.shots)):
            shot = with_beats(planned(asked, noise(1, at), args.drawn_in), asked)
            frames = studio.frames(shot, used)
            if row == "nobody":
                plain.append(frames)
            for boxes, figure in zip(asked.boxes, asked.wanted, strict=True):
                who = "the frog" if figure.motion == "sway" else "the other"
                changed.setdefault(who, []).append(change(frames, plain[at], boxes))
                read = judge.motion_in_place(frames, boxes)
                for motion in ("sway", "jump"):
                    seen.setdefault(f"{who}: {motion}", []).append(read == motion)
        table[row] = {
            **{name: wilson(held).plain() for name, held in seen.items()},
            "change": {who: round(sum(held) / len(held), 2) for who, held in changed.items()},
        }
        print(row, table[row], flush=True)
    return table


def change(frames: Frames, plain: Frames, boxes: NDArray[np.float32]) -> float:
    """Return the mean absolute difference of the pixels [T, h, w, 3] in a box that stands still."""
    height, width = frames.shape[1:3]
    left, top, right, bottom = standing(boxes[None])[0, 0] * [width, height, width, height]
    inside = np.s_[:, round(top) : round(bottom), round(left) : round(right)]
    return float(np.abs(frames[inside].astype(float) - plain[inside]).mean())


def main() -> None:
    """Train what is not kept, draw, judge and write."""
    top = adapters.parser()
    top.description = __doc__.splitlines()[0]
    top.add_argument("--jump-steps", type=int, default=100)
    top.set_defaults(shots=20, out=FOLDER / "results" / "adapter-pairs.json")
    args = top.parse_args()
    torch.set_num_threads(args.threads)
    about = {
        "shots": args.shots,
        "steps": args.steps or MINIATURE.steps,
        "jump steps": args.jump_steps,
    }
    table = measured(args)
    args.out.write_text(json.dumps({**about, "given to": table}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
