"""What the canvas of people costs by itself: true parts on it, in place of the painter's.

    python benchmarks/canvas.py [--prompts N] [--json FILE]

Of the prompts of people those in which somebody is seen to the waist or close are rendered by the
engine, and by the engine with a painter that draws the very parts, each in cells as fine as they
are drawn now and in whole cells, as they were; beside them stands the drawn world. People are
right as in `grown.py`. Then how much of the canvas ink covers, as a share of what is drawn, and
processor seconds for somebody who talks through a shot.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from storybench.clips import FamilyPainter
from storybench.grown_scores import GrownScore, score_grown
from storybench.prompts import Prompt, drawn, read_prompts, to_shot
from torch import Tensor

from dreamrunner.bench.intervals import Rate, wilson
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.figure_painting import FRAMINGS, ITEMS, FigurePainter
from dreamrunner.engine.storybook.judge.grown import GrownJudge
from dreamrunner.engine.storybook.pictures_by_parts import PartPainters, person_pictures
from dreamrunner.engine.storybook.world.additions import framing_in
from dreamrunner.engine.storybook.world.figures import parts
from dreamrunner.engine.storybook.world.figures.pose import Pose
from dreamrunner.engine.storybook.world.people import PERSON, PersonLook, table

FOLDER = Path(__file__).parent
WHOLE_CELLS, AS_DRAWN, FINEST = 1, 3, 15  # how many times finer parts are drawn
INK = 14
GLASSES = PersonLook(glasses=True, female=True)


class TrueParts(FigurePainter):
    """Poses as the painter has learnt them, and parts as the world draws them."""

    def forward(self, codes: Tensor, poses: Tensor) -> Tensor:
        """Draw M figures: [M, parts, h, w] logits that are sure of every cell."""
        drawn_parts = np.stack([
            parts.draw_parts(look_told(code), FRAMINGS[code[8]], posed(row), ITEMS[code[9]])
            for code, row in zip(codes.tolist(), poses, strict=True)
        ])  # fmt: skip
        sure = torch.nn.functional.one_hot(torch.from_numpy(drawn_parts).long(), self.on.parts)
        return 30.0 * sure.permute(0, 3, 1, 2).float()


def look_told(code: Sequence[int]) -> PersonLook:
    """Return the look of a figure's attributes; colours are no matter of its parts."""
    t = table()
    return PersonLook(
        age=t.ages[code[0]], female=bool(code[1]), build=t.builds[code[2]],
        hair_style=t.hair_styles[code[3]], beard=bool(code[4]), glasses=bool(code[5]),
        garment=t.garments[code[6]], headgear=t.headgears[code[7]],
    )  # fmt: skip


def posed(row: Tensor) -> Pose:
    """Return the pose that a settled row [POSE] tells; `pose_vector` the other way."""
    legs, arms, mouth, gaze, flags, numbers = row.split([6, 14, 4, 3, 3, 5])
    eyes_open, sitting, lying = (bool(flag > 0) for flag in flags)
    return Pose(
        legs=int(legs.argmax()), arms=int(arms.argmax()), mouth=int(mouth.argmax()),
        gaze=int(gaze.argmax()) - 1, eyes_open=eyes_open, sitting=sitting, lying=lying,
        lean=round(float(numbers[0]) * 40), nod=round(float(numbers[1]) * 15),
    )  # fmt: skip


def people_right(scores: Sequence[GrownScore]) -> Rate:
    """Return of how many people all that is named is read."""
    return wilson([role.right for s in scores for role in s.roles if role.character == PERSON])


def engine_with(painter: FigurePainter | None) -> FamilyPainter:
    """Return the engine, with another painter of people if one is given."""
    family = StorybookFamily()
    if painter is not None:
        others = family._by_parts._others
        family._by_parts = PartPainters(painter, others)
    return FamilyPainter(family)


def rendered(engine: FamilyPainter, judge: GrownJudge, prompts: Sequence[Prompt]) -> Rate:
    """Render prompts and return how many people are right."""
    found = []
    for prompt in prompts:
        shot = to_shot(prompt, regions=True, capabilities=engine.capabilities)
        found.append(score_grown(prompt, judge.judge(engine.paint(prompt, shot))))
    return people_right(found)


def ink_shares() -> dict[str, list[float]]:
    """Return what ink covers in whole cells and as now, as shares of the finest, a framing."""
    found = {}
    for framing in FRAMINGS:
        covered = []
        for finer in (WHOLE_CELLS, AS_DRAWN, FINEST):
            with patch.object(parts, "_FINER", finer):
                drawn_parts = parts.draw_parts(GLASSES, framing, Pose())
            covered.append(float((drawn_parts == INK).mean()))
        found[framing] = [round(share / covered[-1], 2) for share in covered[:-1]]
    return found


def painting_s(painter: FigurePainter, prompt: Prompt) -> float:
    """Return processor seconds of somebody's pictures in a shot: the median of seven."""
    shot = to_shot(prompt, regions=True)
    boxes = torch.from_numpy(prompt.roles[0].boxes).float()
    times, taken = torch.arange(models.FRAMES) / models.FPS, []
    for _ in range(7):
        begun = time.process_time()
        person_pictures(painter, shot, shot.entities[0], boxes, times)
        taken.append(time.process_time() - begun)
    return round(sorted(taken)[3], 3)


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    read.add_argument("--prompts", type=int, default=60, help="of those with somebody in part")
    read.add_argument("--json", type=Path)
    args = read.parse_args()
    torch.set_num_threads(1)
    every = read_prompts(FOLDER / "people-prompts.jsonl")
    some = [p for p in every if any(framing_in(r.prompt) != "wide" for r in p.roles)]
    some, judge = some[: args.prompts], GrownJudge.load()
    true = TrueParts()
    models.load_weights(true, models.WEIGHTS / "people.safetensors")
    own = FigurePainter()
    models.load_weights(own, models.WEIGHTS / "people.safetensors")
    talks = next(p for p in every if p.roles[0].motion == "talk" and p.roles[0].character == PERSON)
    rates = {"painted": rendered(engine_with(None), judge, some)}
    for name, finer in (("true parts", AS_DRAWN), ("true parts, whole cells", WHOLE_CELLS)):
        with patch.object(parts, "_FINER", finer):
            rates[name] = rendered(engine_with(true.eval()), judge, some)
    rates["drawn"] = people_right([score_grown(p, judge.judge(drawn(p))) for p in some])
    for name, rate in rates.items():
        print(f"| {name} | {rate} |")
    told = {
        "prompts": len(some), "people": rates["drawn"].count,
        "right": {n: [round(v, 3) for v in (r.value, r.low, r.high)] for n, r in rates.items()},
        "ink": ink_shares(), "processor s of talk": painting_s(own.eval(), talks),
    }  # fmt: skip
    print(json.dumps(told))
    if args.json:
        args.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
