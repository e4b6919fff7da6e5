"""Whether somebody stays who he is through a film, told by pixels alone.

`python benchmarks/identity.py [--films 20] [--json FILE]`

Twenty films of three people in four shots each: other framings, motions, facings and boxes. Of
every figure stands the histogram of its colours (512 bins). A figure counts as right where the
other shots of its own person are likelier its own than those of the two others, by the mean overlap
of histograms. Chance is one in three. The judge was taught no people, so it is not asked. `height`
is how tall each person is in its box, of the two shots in which it stands greater over smaller: at
sixty pixels one more or less is 0.02.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from dreamrunner.bench.intervals import wilson
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.figure_painting import FigurePainter
from dreamrunner.engine.storybook.pictures_by_parts import person_pictures
from dreamrunner.engine.storybook.world.additions import CROWN, FRAMED, Framing
from dreamrunner.engine.storybook.world.figures.sprites import PERSON_SIZE
from dreamrunner.engine.storybook.world.people import PERSON, PersonLook
from dreamrunner.engine.storybook.world.scenes.people_scenes import sample_look, sample_motion
from dreamrunner.engine.storybook.world.vocabulary import FACINGS, Facing
from dreamrunner.engine.storybook.world.words.captions import region_prompt
from dreamrunner.plan import Beat, Entity, ShotPlan

SEED = 19_061
CAST, SHOTS = 3, 4
FRAMINGS: tuple[Framing, ...] = ("wide", "medium", "close")
TIMES_S = (0.5, 1.5, 2.5)
BINS = 8  # of each colour


def shot_of(
    look: PersonLook, framing: Framing, motion: str, facing: Facing
) -> tuple[ShotPlan, Entity]:
    """Return a shot of one person."""
    prompt = region_prompt(PERSON, str(look), motion, facing, None, framing)
    entity = Entity(id="A", look="", prompt=prompt)
    beat = Beat(entity="A", motion=motion, start_s=0, end_s=3, facing=facing)
    plan = ShotPlan(
        id="1.1", scene="1", duration_s=3.125, seed=0, place="", background="",
        entities=(entity,), keyframes=(), beats=(beat,),
    )  # fmt: skip
    return plan, entity


def box_of(rng: np.random.Generator, framing: Framing) -> torch.Tensor:
    """Return a box as a director would give one for a framing, [4]."""
    middle = float(rng.uniform(0.3, 0.7))
    if framing == "wide":
        high, low = float(rng.uniform(0.4, 0.6)), float(rng.uniform(0.85, 0.95))
        half = high * PERSON_SIZE[0] / PERSON_SIZE[1] / 2 * models.HEIGHT / models.WIDTH
        return torch.tensor([middle - half, low - high, middle + half, low])
    bottom, wide = FRAMED[framing]
    top = float(rng.uniform(0.06, 0.25))
    half = (1 - top) * wide / (bottom - CROWN) / 2 * models.HEIGHT / models.WIDTH
    return torch.tensor([middle - half, top, middle + half, 1.0])


def colours(pictures: torch.Tensor) -> NDArray[np.float64]:
    """Return the share of each colour among covered pixels of [T, 4, h, w]."""
    covered = pictures[:, 3] > 0.9
    shades = (pictures[:, :3].permute(0, 2, 3, 1)[covered] / 256 * BINS).long().clamp(0, BINS - 1)
    index = (shades * torch.tensor([BINS * BINS, BINS, 1])).sum(-1)
    counts = torch.bincount(index, minlength=BINS**3).double()
    found: NDArray[np.float64] = (counts / counts.sum().clamp(min=1)).numpy()
    return found


def main() -> None:
    """Paint, compare, print."""
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--films", type=int, default=20)
    read.add_argument("--json", type=Path)
    args = read.parse_args()
    painter = models.load_parts(FigurePainter(), models.WEIGHTS / "people.safetensors")
    if painter is None:
        sys.exit("no painter of people: train `people` first")
    rng, right, own, other, heights = np.random.default_rng(SEED), [], [], [], []
    for _ in range(args.films):
        seen = np.zeros((CAST, SHOTS, BINS**3))
        for person in range(CAST):
            look, tall = sample_look(rng), []
            for number in range(SHOTS):
                framing = "wide" if number < 2 else FRAMINGS[int(rng.integers(3))]
                motion = "stand" if number < 2 else sample_motion(rng, framing)
                facing = FACINGS[int(rng.integers(2))]
                box, times = box_of(rng, framing), torch.tensor(TIMES_S)
                pictures = person_pictures(
                    painter, *shot_of(look, framing, motion, facing), box.expand(3, -1), times
                )
                seen[person, number] = colours(pictures)
                if number < 2:
                    rows = (pictures[0, 3] > 0.5).any(1).nonzero()
                    tall.append(float(rows.max() - rows.min() + 1) / float(box[3] - box[1]))
            heights.append(max(tall) / min(tall))
        overlap = np.minimum(seen[:, :, None, None], seen[None, None]).sum(-1)
        for person in range(CAST):
            for number in range(SHOTS):
                near = overlap[person, number]  # [CAST, SHOTS]
                rest = [k for k in range(SHOTS) if k != number]
                means = [float(near[p, rest].mean()) for p in range(CAST)]
                right.append(int(np.argmax(means)) == person)
                own.append(means[person])
                other += [m for p, m in enumerate(means) if p != person]
    found = {
        "who is who": wilson(right).plain(),
        "overlap with oneself": round(float(np.mean(own)), 3),
        "overlap with another": round(float(np.mean(other)), 3),
        "height": {"mean": round(float(np.mean(heights)), 3), "most": round(max(heights), 3)},
    }
    print(json.dumps(found, indent=1))
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
