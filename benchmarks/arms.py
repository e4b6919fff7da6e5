"""Twelve pairs and a somersault with one part left out at a time: what each part contributes.

    nice python benchmarks/arms.py [--pairs N] [--somersaults N] [--write PATH]

The pairs of `pairs.jsonl`, evenly spread, are rendered by the embedded model in each arm from the
same seeds, and judged by the judge. Beside the arms stand the drawn world, which is the ceiling,
and drawn figures that stand still and are dragged along the boxes, which is the floor of the
motion. A somersault is rendered with both parts of its adapter, with each alone, and with neither.
Rendered clips are kept, so a stopped run goes on where it was. Writes `results/arms.json`, which
`docs/storybook.py` makes a table of.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from sr3ai.timing import machine
from storybench import held_out, pages
from storybench.arms import (
    ExchangedTexts,
    OpenedPainter,
    PastedFigures,
    StandingPainter,
    adapter_part,
)
from storybench.clips import FamilyPainter, JudgedClip, Painter, WorldPainter, judge_prompts
from storybench.prompts import Prompt, read_prompts

from dreamrunner.bench.intervals import Rate, wilson
from dreamrunner.engine.diffusion.memory import keep_freed
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge import Judge
from dreamrunner.engine.storybook.training.adapter import AdapterSettings

FOLDER = Path(__file__).parent
RESULT = FOLDER / "results" / "arms.json"
MOTION = "somersault"


class Arm(NamedTuple):
    """One way to make a clip: who paints it, from region texts or from one caption."""

    name: str
    painter: Callable[[], Painter]
    regions: bool = True


def family_arms() -> list[Arm]:
    """Return the arms of the pairs. Each model is loaded when its first clip has to be made."""
    whole, bare = StorybookFamily(), StorybookFamily(underpainted=False)
    unpainted = ", nothing underpainted"
    return [
        Arm("as a film has it", lambda: FamilyPainter(whole)),
        Arm("texts of all regions visible everywhere", lambda: OpenedPainter(whole)),
        Arm(
            "each region has the other figure's text",
            lambda: FamilyPainter(ExchangedTexts(), ", texts exchanged"),
        ),
        Arm(
            "underpainting pasted on a place drawn empty",
            lambda: FamilyPainter(PastedFigures(), ", pasted"),
        ),
        Arm("nothing underpainted: regions", lambda: FamilyPainter(bare, unpainted)),
        Arm(
            "nothing underpainted: texts of all regions visible everywhere",
            lambda: OpenedPainter(bare, unpainted),
        ),
        Arm("nothing underpainted: one caption", lambda: FamilyPainter(bare, unpainted), False),
        Arm("drawn, but standing: the floor of the motion", StandingPainter),
        Arm("drawn: the ceiling", WorldPainter),
    ]  # fmt: skip


def judged_pairs(
    arms: Sequence[Arm], pairs: list[Prompt], cache: Path
) -> dict[str, list[JudgedClip]]:
    """Render and judge the pairs in every arm."""
    judge, found = Judge.load(), {}
    for arm in arms:
        painter = arm.painter()
        keep = cache if painter.capabilities is not None else None
        found[arm.name] = judge_prompts(painter, judge, pairs, regions=arm.regions, cache=keep)
        rate = pages.pair_rates(found[arm.name])["each in its own half"]
        print(f"{arm.name}: both in their halves {rate.right} of {rate.count}", flush=True)
    return found


def somersaults(count: int, cache: Path) -> dict[str, list[JudgedClip]]:
    """Render the held-out motion with both parts of its adapter, with each, and with neither."""
    learnt = held_out.adapter(MOTION, cache, AdapterSettings(turned_layers=True))
    parts = cache / f"{MOTION}-parts"
    adapters = {
        "turns and LoRA": (learnt,),
        "turns alone": (adapter_part(learnt, parts, turns=True, lora=False),),
        "LoRA alone": (adapter_part(learnt, parts, turns=False, lora=True),),
        "neither": (),
    }
    asked = held_out.prompts(MOTION, count)
    family, judge, found = StorybookFamily(), Judge.load(), {}
    for name, used in adapters.items():
        arm = "".join(f", {one.key} {one.loss!r}" for one in used)
        painter = FamilyPainter(family, arm, used)
        found[name] = judge_prompts(
            painter, judge, asked, regions=True, cache=cache,
            shown=frozenset(prompt.id for prompt in asked),
        )  # fmt: skip
        print(f"{MOTION}, {name}: {pages.shown_rate(found[name])}", flush=True)
    return found


def plain(rate: Rate) -> dict[str, float]:
    """Return a rate with its counts, which so few clips are best read by."""
    return {"right": rate.right, **rate.plain()}


def main() -> None:
    """Run every arm and write the figures."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--pairs", type=int, default=12)
    top.add_argument("--somersaults", type=int, default=12)
    top.add_argument("--cache", type=Path, default=FOLDER.parent / "out" / "storybench")
    top.add_argument("--write", type=Path, default=RESULT)
    args = top.parse_args()
    keep_freed()
    every = read_prompts(FOLDER / "pairs.jsonl")
    pairs = [every[(2 * k + 1) * len(every) // (2 * args.pairs)] for k in range(args.pairs)]
    arms = family_arms()
    found = judged_pairs(arms, pairs, args.cache)
    turned = somersaults(args.somersaults, args.cache)
    result = {
        "pairs": {
            name: {measure: plain(rate) for measure, rate in pages.pair_rates(clips).items()}
            for name, clips in found.items()
        },
        MOTION: {
            name: {
                "looks like it": plain(pages.shown_rate(clips)),
                "who it should be": plain(wilson([c.score.roles[0].seen for c in clips])),
            }
            for name, clips in turned.items()
        },
        "prompts": [pair.id for pair in pairs],
        "fingerprint": arms[0].painter().fingerprint,
        "machine": machine(),
    }
    args.write.parent.mkdir(parents=True, exist_ok=True)
    args.write.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"written to {args.write}")


if __name__ == "__main__":
    main()
