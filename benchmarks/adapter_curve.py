"""How many clips a motion takes: a figure that is in no clip, by adapters of 0 to 20 clips.

    python benchmarks/adapter_curve.py [--only NAME] [--motion sway] [--steps N] [--shots N]
        [--work DIR] [--out FILE]

Trainings, shots and judge are those of `adapter_levels.py`; five animals are in the clips, and a
sixth is asked for. Of unfiltered clips every other one shows a motion that its words do not say.
Beside the motion stands whom the judge sees: an animal of the clips there is a leak. Stopped, it
goes on; `--only` makes one arm, and the last call without it writes all that there is.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import adapter_levels as levels
import adapters
import torch
from adapter_levels import Example, Studio
from adapters import asked_for
from minibench.arms import Asked
from torch import Tensor

from dreamrunner.bench.intervals import wilson
from dreamrunner.engine.miniature.captions import region_texts
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.world import WorldScene

TAUGHT_BY = ("fox", "owl", "rabbit", "elephant", "turtle")
ASKED = "frog"


@dataclass(frozen=True)
class Arm:
    """How many clips, what share of them shows the motion, and whether by the debiased term."""

    clips: int
    shown: float = 1.0
    debiased: bool = False


ARMS = {
    "0": Arm(0), "3": Arm(3), "10": Arm(10), "20": Arm(20),
    "20 unfiltered": Arm(20, shown=0.5), "10 debiased": Arm(10, debiased=True),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Mislabelled(Example):
    """A clip that shows another motion than its words say."""

    told: WorldScene

    @cached_property
    def texts(self) -> Tensor:
        return torch.cat([self.studio.embedded(text) for text in region_texts(self.told)])


def lessons(motion: str, arm: Arm, studio: Studio) -> list[Example]:
    """Return the clips of an arm; the first ones are the same in every arm."""
    found: list[Example] = []
    for number, right in enumerate(levels.scenes(motion, arm.clips)):
        if (number + 1) * arm.shown == int((number + 1) * arm.shown):
            found.append(Example(right, studio))
            continue
        (figure,) = right.scene.figures
        other = random.Random(number).choice(adapters.KNOWN)
        scene = replace(right.scene, figures=(replace(figure, motion=other),))
        found.append(Mislabelled(Asked.of(right.id, scene), studio, right.scene))
    return found


def measured(name: str, args: argparse.Namespace) -> dict[str, object]:
    """Train one arm and return what the judge sees in its shots."""
    arm, studio, judge = ARMS[name], Studio(32), MiniatureJudge.load()
    spent = 0.0
    if arm.clips:
        about = [args.motion, arm.clips, 32, args.rate, arm.debiased, args.steps]
        about += [] if arm.shown == 1 else [f"shown {arm.shown}"]
        kept = args.work / f"{'-'.join(map(str, [*about, *TAUGHT_BY]))}.pt"
        settings = argparse.Namespace(rate=args.rate, steps=args.steps, debiased=arm.debiased)
        spent = levels.learn(studio, lessons(args.motion, arm, studio), settings, kept)
    wanted = [Example(one, studio) for one in asked_for(args.motion, args.shots)]
    motions: list[str] = []
    who: list[str] = []
    for start in range(0, len(wanted), 12):
        batch = wanted[start : start + 12]
        for frames, one in zip(studio.shots(batch), batch, strict=True):
            boxes = one.asked.boxes[0]
            motions.append(judge.motion_in_place(frames, boxes))
            who.append(judge.found(frames, [boxes])[0].character)
    return {
        "training_s": round(spent, 1),
        "as asked": wilson([motion == args.motion for motion in motions]).plain(),
        "the animal asked for": wilson([one == ASKED for one in who]).plain(),
        "an animal of the clips": wilson([one in TAUGHT_BY for one in who]).plain(),
        "motions": dict(Counter(motions)), "animals": dict(Counter(who)),
    }  # fmt: skip


def main() -> None:
    """Measure what was not measured yet, and write it."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--only", choices=tuple(ARMS))
    top.add_argument("--motion", default="sway")
    top.add_argument("--rate", type=float, default=2e-3)
    top.add_argument("--steps", type=int, default=300)
    top.add_argument("--shots", type=int, default=24)
    top.add_argument("--work", type=Path, default=levels.FOLDER.parent / "out" / "adapter-levels")
    top.add_argument("--out", type=Path, default=levels.FOLDER / "results" / "adapter-curve.json")
    args = top.parse_args()
    torch.set_num_threads(1)
    adapters.TEACHERS, adapters.RIGHT = TAUGHT_BY, [ASKED]
    args.work.mkdir(parents=True, exist_ok=True)
    found = {}
    for name in [args.only] if args.only else ARMS:
        kept = args.work / f"curve-{args.motion}-{args.steps}-{args.shots}-{name}.json"
        if not kept.is_file():
            kept.write_text(json.dumps(measured(name, args)), encoding="utf-8")
        found[name] = json.loads(kept.read_text(encoding="utf-8"))
        print(name, found[name]["as asked"], found[name]["animals"], flush=True)
    if not args.only:
        about = {"motion": args.motion, "steps": args.steps, "shots": args.shots, "asked": ASKED}
        args.out.write_text(json.dumps({**about, "arms": found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
