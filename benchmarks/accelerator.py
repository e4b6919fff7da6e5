"""One GPU, ten minutes -> the G rows of the speed table, each printed and kept once it is measured.

    python benchmarks/accelerator.py                       results/speed-g.json
    python benchmarks/accelerator.py --out FILE --seconds 300

The rows that tell most come first, so that a machine that is taken away leaves them. Each
measurement has a process of its own and ends when the time does; what was not run is named. The
machine needs torch and the packages that are asked for below; no weights, no video and no network.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

NEEDED = (
    "torch", "diffusers", "transformers", "tokenizers", "sentencepiece", "safetensors", "peft",
    "einops", "numpy", "pydantic", "PIL", "dreamrunner",
)  # fmt: skip
ORDER = ("G1", "G3", "G4", "G6", "G5", "G7", "G2")
REPEATS = 5
_LONGEST_S = 600.0
# Of torch (memory among them), of forms that differ, of a package that lacks a part.
_FAILURES = (RuntimeError, AssertionError, ArithmeticError, ValueError, TypeError, LookupError,
             ImportError, AttributeError)  # fmt: skip

Figures = dict[str, float]
Work = Callable[[int, Any], Figures]  # repeats and a Scale


@dataclass(frozen=True)
class Outcome:
    """The figures of a row's measurement, or in words why there are none."""

    figures: Figures
    why: str = ""


def works() -> dict[str, Work]:
    """Return what measures each row; two rows may have one measurement."""
    from sr3ai import accelerator as g

    return {
        "G1": g.attention, "G3": g.attention, "G4": g.steps, "G5": g.steps, "G6": g.memories,
        "G7": g.training, "G2": g.videos,
    }  # fmt: skip


def measured(seconds: float, scale: Any = None) -> Iterator[tuple[str, Outcome]]:
    """Yield each row with what was found, in order; a `Scale` stands for the full one."""
    end, known = time.monotonic() + seconds, works()
    found: dict[Work, Outcome] = {}
    for row in ORDER:
        work = known[row]
        if work not in found:
            found[work] = within(end - time.monotonic(), work, scale)
        yield row, found[work]


def within(left_s: float, work: Work, scale: Any) -> Outcome:
    """Measure in another process, which is ended when the time is over."""
    if left_s <= 0:
        return Outcome({}, "no time was left")
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(there, work, scale))
    process.start()
    there.close()
    try:
        if not here.poll(left_s):
            return Outcome({}, "the time was over")
        answer: Outcome = here.recv()
        return answer
    except EOFError:
        return Outcome({}, "its process ended without an answer")
    finally:
        process.kill()
        process.join()


def _send(there: Connection, work: Work, scale: Any) -> None:
    try:
        figures = work(REPEATS, *([] if scale is None else [scale]))
        there.send(Outcome({name: float(value) for name, value in figures.items()}))
    except _FAILURES as error:  # the other rows shall still be run
        there.send(Outcome({}, f"{type(error).__name__}: {error}"))


def run(out: Path, seconds: float, scale: Any = None, say: Callable[[str], None] = print) -> None:
    """Measure every row, saying each and writing all that are known so far after it."""
    from sr3ai.timing import machine

    figures: Figures = {}
    missing: dict[str, str] = {}
    about = machine()
    for row, outcome in measured(seconds, scale):
        mine = {n: v for n, v in outcome.figures.items() if n.split()[0] == row}
        figures |= mine
        if not mine:
            missing[row] = outcome.why or "this device has no such figure"
        said = [f"{name}: {value:.4g}" for name, value in mine.items()]
        say("\n".join(said or [f"{row}: not run: {missing[row]}"]))
        account = {"machine": about, "repeats": REPEATS, "figures": figures, "not run": missing}
        out.write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Measure on this machine's GPU."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    results = Path(__file__).parent / "results"
    parser.add_argument("--out", type=Path, default=results / "speed-g.json")
    parser.add_argument("--seconds", type=float, default=_LONGEST_S, help="600 by default")
    options = parser.parse_args()
    if lacking := [name for name in NEEDED if find_spec(name) is None]:
        sys.exit(f"these packages are missing: {', '.join(lacking)}")
    import torch

    if not torch.cuda.is_available():
        sys.exit("there is no CUDA device here")
    run(options.out, options.seconds, say=lambda words: print(words, flush=True))


if __name__ == "__main__":
    main()
