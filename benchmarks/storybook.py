"""The storybook family against fixed prompts, judged by the judge: figures, tables, pictures.

    python benchmarks/storybook.py [--quick] [--engine NAME] [--control] [--out DIR]

Every prompt is rendered with regions; the pairs are rendered again from one caption that says left
and right. One to three figures apart, overlapping and crossing are rendered with regions by depth
and by union, and from one caption; a held-out motion with its adapter and without.

--control adds all prompts from captions and, by the embedded model, the pairs with regions that
work by attention alone, nothing being underpainted. The drawn world is scored beside them: it is
right by construction, so what it misses is the judge's error. Rendered clips are kept, so a stopped
run goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import torch
from storybench import held_out, pages
from storybench.arrangements import EACH, Cell, cells
from storybench.clips import FamilyPainter, JudgedClip, Painter, WorldPainter, judge_prompts
from storybench.prompts import Prompt, read_prompts

from dreamrunner.bench.intervals import PairedDifference, paired_bootstrap
from dreamrunner.engine.diffusion.memory import keep_freed
from dreamrunner.engine.family import load_family
from dreamrunner.engine.protocol import Family
from dreamrunner.engine.sr3ai.layout import Overlap
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge import Judge
from dreamrunner.engine.storybook.judge.judge import CARD

FOLDER = Path(__file__).parent
SHOWN = 8  # clips on a contact strip
ALIVE = 0.4  # what a control has to show of its figures, wherever, to be one
LEARNT = 16  # clips of the held-out motion
EMBEDDED = "storybook"
WORLD = "world"  # the engine that is the drawn world itself: a check of the judge and of this


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--quick", action="store_true", help="24 prompts and 12 pairs")
    top.add_argument("--engine", default="storybook", help=f"a family's name, or {WORLD!r}")
    top.add_argument("--control", action="store_true", help="the other arms as well")
    top.add_argument("--out", type=Path, default=FOLDER / "results")
    top.add_argument("--cache", type=Path, default=FOLDER.parent / "out" / "storybench")
    top.add_argument("--threads", type=int, default=torch.get_num_threads())
    return top


def spaced(prompts: Sequence[Prompt], count: int) -> list[Prompt]:
    """Return `count` prompts spread evenly over all."""
    count = min(count, len(prompts))
    return [prompts[(2 * k + 1) * len(prompts) // (2 * count)] for k in range(count)]


def run(
    painter: Painter, judge: Judge, prompts: list[Prompt], pairs: list[Prompt],
    *, bare: Painter | None = None, control: bool, cache: Path | None,
) -> dict[str, list[JudgedClip]]:  # fmt: skip
    """Render and judge every condition."""
    plan: list[tuple[str, Painter, list[Prompt], bool]] = [
        ("prompts with regions", painter, prompts, True),
        ("prompts drawn", WorldPainter(), prompts, True),
        ("pairs with regions", painter, pairs, True),
        ("pairs from one caption", painter, pairs, False),
        ("pairs drawn", WorldPainter(), pairs, True),
    ]
    if bare is not None:
        plan.insert(4, ("pairs by attention alone", bare, pairs, True))
    if control:
        plan.insert(1, ("prompts from one caption", painter, prompts, False))
    results = {}
    for name, who, asked, regions in plan:
        started = time.monotonic()
        shown = frozenset(p.id for p in spaced(asked, SHOWN))
        keep = None if isinstance(who, WorldPainter) else cache
        results[name] = judge_prompts(
            who, judge, asked, regions=regions, cache=keep, shown=shown,
            log=lambda line, name=name: print(f"{name}: {line}", flush=True),
        )  # fmt: skip
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    return results


def run_cells(
    painter: Painter, judge: Judge, arranged: Sequence[Cell], cache: Path | None
) -> dict[str, dict[str, list[JudgedClip]]]:
    """Render and judge every arrangement: cell -> condition -> clips."""
    found: dict[str, dict[str, list[JudgedClip]]] = {}
    for cell in arranged:
        arms: dict[str, tuple[bool, Overlap]] = {"by depth": (True, "depth")}
        if cell.how != "apart":
            arms["by union"] = True, "union"
        arms["one caption"] = False, "depth"
        found[cell.name] = {
            arm: judge_prompts(
                painter, judge, cell.prompts, regions=regions, overlap=overlap, cache=cache
            )
            for arm, (regions, overlap) in arms.items()
        }
        found[cell.name]["drawn"] = judge_prompts(
            WorldPainter(), judge, cell.prompts, regions=True, cache=None
        )
        print(f"{cell.name}: {', '.join(arms)}", flush=True)
    return found


def run_held_out(
    family: Family, judge: Judge, motion: str, count: int, cache: Path
) -> dict[str, list[JudgedClip]]:
    """Render a held-out motion without and with its adapter, which is trained if there is none."""
    learnt = held_out.adapter(motion, cache)
    arms = {
        "without": FamilyPainter(family),
        "with its adapter": FamilyPainter(family, f", {learnt.key} {learnt.loss!r}", (learnt,)),
    }
    asked = held_out.prompts(motion, count)
    shown = frozenset(p.id for p in asked)
    return {
        f"{motion} {name}": judge_prompts(who, judge, asked, regions=True, cache=cache, shown=shown)
        for name, who in arms.items()
    }


def pair_gain(results: dict[str, list[JudgedClip]]) -> PairedDifference:
    """Return how much more often both figures are on their side with regions."""
    ours = [float(r.score.each_in_own_half) for r in results["pairs with regions"]]
    theirs = [float(r.score.each_in_own_half) for r in results["pairs from one caption"]]
    return paired_bootstrap(ours, theirs)


def compared(results: dict[str, list[JudgedClip]]) -> str:
    """Say how much more regions have than one caption, where one caption is a living control."""
    anywhere = pages.pair_rates(results["pairs from one caption"])["character anywhere"]
    if anywhere.value < ALIVE:
        return (
            f"From one caption the figures are seen anywhere in {anywhere} of the cases: that arm "
            "cannot act, so that it is no control and no difference from it is published."
        )
    return pages.verdict("Each in its own half", pair_gain(results))


def page(
    engine: str, results: dict[str, list[JudgedClip]], card: dict[str, dict[str, float]],
    arranged: dict[str, dict[str, list[JudgedClip]]] | None = None,
    learnt: dict[str, list[JudgedClip]] | None = None,
) -> str:  # fmt: skip
    """Return the run as markdown."""
    prompts = {n: pages.rates(r) for n, r in results.items() if n.startswith("prompts")}
    pairs = {n: pages.pair_rates(r) for n, r in results.items() if n.startswith("pairs")}
    overlaps = ", ".join(f"{n} {pages.layout_iou(r):.2f}" for n, r in results.items())
    base = results["prompts with regions"]
    motions = pages.by(base, "motion", "motion")
    characters = pages.by(base, "character", "character in its region")
    clean, damaged = card["clean"], card["damaged"]
    own = ", ".join(
        f"{what} {clean[what]:.2f} ({damaged[what]:.2f})"
        for what in ("character", "place", "motion")
    )
    aims = ", ".join(f"{what} {aim:.0%}" for what, aim in pages.AIMS.items())
    return "\n\n".join(
        [
            f"# storybook benchmark: {engine}, {datetime.now(UTC):%Y-%m-%d}",
            "Rates with 95 % Wilson intervals. Aims: " + aims + ". `drawn` is the world itself: "
            "what it misses is the judge's error.",
            pages.table("prompts", prompts),
            pages.table("pairs", pairs),
            compared(results),
            *pages.arranged(arranged or {}),
            *pages.learnt(learnt or {}),
            "\n".join(pages.missed(base, results["pairs with regions"])),
            f"Layout, mean overlap of found and planned boxes: {overlaps}.",
            f"The judge on held-out drawn clips (through damage): {own}.",
            "Motion by motion: " + ", ".join(f"{m} {r}" for m, r in motions.items()) + ".",
            "Character by character, in its region: "
            + ", ".join(f"{c} {r}" for c, r in characters.items())
            + ".",
        ]
    )


def main() -> None:
    """Run, print the table, and write figures, page and strips."""
    args = parser().parse_args()
    keep_freed()
    torch.set_num_threads(args.threads)
    prompts, pairs = (read_prompts(FOLDER / f"{stem}.jsonl") for stem in ("prompts", "pairs"))
    if args.quick:
        prompts, pairs = spaced(prompts, 24), spaced(pairs, 12)
    painter = WorldPainter() if args.engine == WORLD else FamilyPainter(load_family(args.engine))
    bare = None
    if args.control and args.engine == EMBEDDED:
        bare = FamilyPainter(StorybookFamily(underpainted=False), ", nothing underpainted")
    judge = Judge.load()
    results = run(painter, judge, prompts, pairs, bare=bare, control=args.control, cache=args.cache)
    arranged = run_cells(painter, judge, list(cells(2 if args.quick else EACH)), args.cache)
    learnt: dict[str, list[JudgedClip]] = {}
    if args.engine == EMBEDDED:
        count = 4 if args.quick else LEARNT
        learnt = run_held_out(load_family(EMBEDDED), judge, "somersault", count, args.cache)
    results |= learnt
    card = json.loads(CARD.read_text())
    text = page(args.engine, results, card, arranged, learnt)
    stem = args.engine + ("-quick" if args.quick else "")
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / f"{stem}.md").write_text(text + "\n", encoding="utf-8")
    figures = {
        "engine": args.engine,
        "fingerprint": painter.fingerprint,
        "held_out": {name: pages.shown_rate(r).plain() for name, r in learnt.items()},
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {args.threads} threads, torch {torch.__version__}",
        "judge": card,
        "rates": {
            name: {
                measure: rate.plain()
                for measure, rate in (pages.rates(r) | pages.pair_rates(r)).items()
            }
            | {"layout_iou": pages.layout_iou(r)}
            for name, r in results.items()
        },
        "each_in_own_half_gain": {
            name: getattr(pair_gain(results), name) for name in ("mean", "low", "high", "pairs")
        },
        "arrangements": {
            cell: {arm: pages.cell_figures(r) for arm, r in arms.items()}
            for cell, arms in arranged.items()
        },
        "clips": {name: pages.as_rows(r) for name, r in results.items()},
    }
    (args.out / f"{stem}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for name, judged in results.items():
        some = judged if name not in learnt else judged[::2]
        pages.strip(some).quantize(128).save(
            args.out / f"{stem}-{name.replace(' ', '-')}.png", optimize=True
        )
    print(f"\n{text}\n\nwritten to {args.out / stem}.*")


if __name__ == "__main__":
    main()
