"""The speed table -> each row measured here, beside its gate and its limit.

    python benchmarks/run.py                   every row that this machine can run, as a table
    python benchmarks/run.py --only C1,C2      some rows
    python benchmarks/run.py --only C1 --json  {"C1": 1.05} and nothing else

C rows are ratios of processor time and hold on any processor; G rows want a CUDA device and have
the shapes of CogVideoX. Compared forms run in one process in turn, the fastest of each counts
(beside it the quartiles of the turns), and that they compute the same is checked in the same run;
other rows run in other processes. Weights and inputs are random: this shows speed and equality, and
says nothing of pictures. A run of every C row, or of every G row, is kept with the machine's
description in benchmarks/results/speed-c.json or speed-g.json; what is kept there already is
overwritten by --write alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from sr3ai import accelerator, ratios
from sr3ai.timing import Figures, Ratio, apart, machine, processor_clock

from dreamrunner.engine.diffusion.memory import keep_freed

RESULTS = Path(__file__).parent / "results"
REPEATS = 9


@dataclass(frozen=True)
class Row:
    """One figure of the table. `gate` is what it must reach, `limit` what nothing can pass."""

    name: str
    what: str
    measure: Callable[[int], Figures]
    gate: float | None = None
    at_least: bool = False
    limit: float | None = None

    @property
    def number(self) -> str:
        """Return the number that `--only` knows: C3 of "C3 fp32"."""
        return self.name.split()[0]

    def holds(self, value: float) -> bool | None:
        """Say whether a figure passes its gate; None where there is none."""
        if self.gate is None:
            return None
        return value >= self.gate if self.at_least else value <= self.gate


def mask_bytes(_: int) -> Figures:
    """C7 counts, and needs no repeats."""
    return ratios.mask_bytes()


A, L, B, G = (
    ratios.attention_ratios, ratios.lora_ratios, ratios.block_ratios, accelerator
)  # fmt: skip
ROWS = (
    Row("C1", "SR3AI attention / plain attention over the video tokens", A, 1.10, limit=1.005),
    Row("C2", "SR3AI / unmasked attention over the whole sequence, R = 9", A, 0.92, limit=0.825),
    Row("C3", "dense bool mask, as published / ours, bf16", A, 1.10, at_least=True),
    Row("C3 bias", "dense float mask, built once / ours, bf16", A, 1.0, at_least=True),
    Row("C3 fp32", "dense bool mask, as published / ours, fp32", A, 1.25, at_least=True),
    Row("C3 fp32 bias", "dense float mask, built once / ours, fp32", A, 1.0, at_least=True),
    Row("C4", "region LoRA on a linear / bare linear", L, 1.10, limit=1.02),
    Row("C5", "full-sequence masked LoRA / ours", L, 1.15, at_least=True),
    Row("C6", "whole block: published form / ours", B, 1.25, at_least=True),
    Row("C6 plain", "whole block: ours / plain block with one text", B, 1.15, limit=1.04),
    Row("C7", "bytes for masks / S^2", mask_bytes, 0.01, limit=0.0),
    Row("C8", "layout of a shot / one denoising step", B, 0.01, limit=0.0),
    Row("G1", "attention a layer, 2B, R = 4, best kernel: ms", G.attention, 12.0, limit=4.9),
    Row("G1 share", "the same kernel unmasked / it", G.attention, 0.85, at_least=True),
    Row("G2 2b R1", "50 steps, 2B, one region: s", G.videos, 34.0, limit=12.3),
    Row("G2 2b R4", "50 steps, 2B, 4 regions: s", G.videos, 34.0, limit=12.3),
    Row("G2 2b R9", "50 steps, 2B, 9 regions: s", G.videos, 34.0, limit=12.3),
    Row("G2 5b R1", "50 steps, 5B, one region: s", G.videos, 90.0, limit=34.0),
    Row("G2 5b R4", "50 steps, 5B, 4 regions: s", G.videos, 90.0, limit=34.0),
    Row("G2 5b R9", "50 steps, 5B, 9 regions: s", G.videos, 90.0, limit=34.0),
    Row("G3", "dense mask / ours, attention of a layer", G.attention, 2.3, at_least=True),
    Row("G4", "R = 4 / plain diffusers, a step, both compiled", G.steps, 1.10, limit=1.02),
    Row("G5", "share of the device's peak, bf16", G.steps, 0.40, at_least=True, limit=0.55),
    Row("G6", "peak memory, published form - ours: GB", G.memories, 9.0, at_least=True),
    Row("G7", "adapter training step, 2B: s", G.training, 0.9, limit=0.31),
    Row("G7 500", "500 of them: min", G.training, 7.5),
    Row("G8 cache 0.05", "first-block cache 0.05: speed-up", G.levers, 1.6, at_least=True),
    Row("G8 cache 0.05 dB", "its worst region against the exact run: dB", G.levers),
    Row("G8 cache 0.1", "first-block cache 0.1: speed-up", G.levers, 1.6, at_least=True),
    Row("G8 cache 0.1 dB", "its worst region against the exact run: dB", G.levers),
    Row("G8 fp8", "fp8 storage: speed-up", G.levers, 1.3, at_least=True),
    Row("G8 fp8 dB", "its worst region against the exact run: dB", G.levers),
    Row("G9", "10 shots, 6 adapters: share spent denoising", G.film, 0.95, at_least=True),
    Row("G9 swap", "adapters of a shot put in place: ms", G.film, 50.0),
)
BY_NAME = {row.name: row for row in ROWS}
NUMBERS = tuple(dict.fromkeys(row.number for row in ROWS))


def _measured(work: Callable[[int], Figures], repeats: int, kept: bool) -> Figures:
    if kept:
        keep_freed()
    return work(repeats)


def measure(numbers: list[str], repeats: int, kept: bool = False) -> Figures:
    """Run what the rows need, each measurement once, and return their figures in the table's order.

    A measurement may say more than the table asks, such as every kernel beside the best. Each has
    a process of its own, which keeps freed memory if `kept`.
    """
    found: Figures = {}
    for work in dict.fromkeys(row.measure for row in ROWS if row.number in numbers):
        found |= apart(_measured, work, repeats, kept)
    wanted = {name: value for name, value in found.items() if name.split()[0] in numbers}
    order = {name: place for place, name in enumerate(BY_NAME)}
    return dict(sorted(wanted.items(), key=lambda item: order.get(item[0], len(order))))


def table(found: Figures, missing: list[str]) -> str:
    """Return the figures with their gates and limits as Markdown, and which rows were not run."""
    lines = ["| # | what | measured | quartiles | gate | limit | holds |", f"|{'---|' * 7}"]
    for name, value in found.items():
        row = BY_NAME.get(name)
        if row is None:
            lines.append(f"| {name} | | {value:.4g} | {spread(value)} | | | |")
            continue
        gate = "" if row.gate is None else f"{'>=' if row.at_least else '<='} {row.gate:g}"
        limit = "" if row.limit is None else f"{row.limit:g}"
        holds = {True: "yes", False: "NO", None: ""}[row.holds(value)]
        measured = f"{value:.4g} | {spread(value)}"
        lines.append(f"| {name} | {row.what} | {measured} | {gate} | {limit} | {holds} |")
    if missing:
        lines.append(f"\nnot run, for there is no CUDA device: {', '.join(missing)}")
    return "\n".join(lines)


def spread(value: float) -> str:
    """Return the quartiles of a ratio's turns, nothing for a figure of another kind."""
    return f"{value.low:.4g} to {value.high:.4g}" if isinstance(value, Ratio) else ""


def keep(found: Figures, numbers: list[str], repeats: int, overwrite: bool) -> list[Path]:
    """Write each whole half of the table, with the machine's description, beside this script.

    Returns:
        the files that are there already and were left as they are.
    """
    left = []
    for half in "CG":
        if all(number in numbers for number in NUMBERS if number.startswith(half)):
            figures = {name: value for name, value in found.items() if name.startswith(half)}
            quartiles = {
                name: [value.low, value.high]
                for name, value in figures.items()
                if isinstance(value, Ratio)
            }
            account = {
                "machine": machine(), "repeats": repeats, "clock": processor_clock().__name__,
                "figures": figures, "quartiles": quartiles,
            }  # fmt: skip
            path = RESULTS / f"speed-{half.lower()}.json"
            if path.exists() and not overwrite:
                left.append(path)
                continue
            path.write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")
    return left


def main() -> None:
    """Measure the rows that were asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default="", help="rows, such as C1,C4; all that can run if not")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="turns of each form")
    parser.add_argument("--json", action="store_true", help="print the figures alone, as JSON")
    parser.add_argument("--write", action="store_true", help="overwrite the results kept before")
    parser.add_argument("--kept", action="store_true", help="keep freed memory, as a render does")
    options = parser.parse_args()
    can = [n for n in NUMBERS if torch.cuda.is_available() or not n.startswith("G")]
    numbers = options.only.split(",") if options.only else can
    if strangers := [number for number in numbers if number not in NUMBERS]:
        sys.exit(f"no such rows: {', '.join(strangers)}; there are {', '.join(NUMBERS)}")
    if impossible := [number for number in numbers if number not in can]:
        sys.exit(f"{', '.join(impossible)} need a CUDA device; here run {', '.join(can)}")
    found = measure(numbers, options.repeats, options.kept)
    left = [] if options.kept else keep(found, numbers, options.repeats, options.write)
    for path in left:
        print(f"{path} is left as it was; --write overwrites it", file=sys.stderr)
    missing = [] if options.only else [number for number in NUMBERS if number not in can]
    print(json.dumps(found) if options.json else table(found, missing))


if __name__ == "__main__":
    main()
