"""Forms of one computation -> the shortest time of each, its spread, and proof that they agree.

Forms run in one process, one after the other in turn, so that whatever else the machine does meets
all of them; the first turn is the warm-up, and the fastest of the others counts. Ratios are of
processor time where there is no GPU: on a crowded machine the wall's clock counts other work.
"""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from statistics import quantiles
from typing import Any

import torch
from torch import Tensor

from dreamrunner.engine.numbers import multiplies_bf16

Figures = dict[str, float]
Forms = Mapping[str, Callable[[], object]]
Clock = Callable[[], float]

_LIMITS = {torch.float32: 1e-5, torch.float16: 2e-3, torch.bfloat16: 2e-2}


class Ratio(float):
    """A ratio of two shortest times, with the quartiles of the turns' own ratios."""

    low: float
    high: float

    def __new__(cls, value: float, low: float = math.nan, high: float = math.nan) -> Ratio:
        made = super().__new__(cls, value)
        made.low, made.high = low, high
        return made


@dataclass(frozen=True, slots=True)
class Turns:
    """The seconds of each form, turn by turn."""

    seconds: Mapping[str, Sequence[float]]

    def shortest(self, name: str) -> float:
        """Return a form's shortest time."""
        return min(self.seconds[name])

    def ratio(self, above: str, below: str) -> Ratio:
        """Return how much longer one form takes than another."""
        each = [a / b for a, b in zip(self.seconds[above], self.seconds[below], strict=True)]
        low, _, high = quantiles(each, n=4) if len(each) > 1 else each * 3
        return Ratio(self.shortest(above) / self.shortest(below), low, high)


def processor_clock() -> Clock:
    """Return the clock of ratios: this process's own time, and the wall's where a GPU works."""
    return time.perf_counter if torch.cuda.is_available() else time.process_time


def timed(forms: Forms, repeats: int, clock: Clock = time.perf_counter) -> Turns:
    """Run each form in turn, and return each one's time in each turn."""
    seconds: dict[str, list[float]] = {name: [] for name in forms}
    for turn in range(repeats + 1):
        for name, form in forms.items():
            start = clock()
            form()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if turn:
                seconds[name].append(clock() - start)
    return Turns(seconds)


def fastest(forms: Forms, repeats: int) -> Figures:
    """Run each form in turn, and return each one's shortest time in seconds on the wall's clock."""
    turns = timed(forms, repeats)
    return {name: turns.shortest(name) for name in forms}


def apart(work: Callable[..., Any], *arguments: object) -> Any:
    """Do work in a process of its own: it meets no memory that other work left behind."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def same(found: Tensor, expected: Tensor) -> None:
    """Make sure that two forms agree to the precision of their numbers.

    Raises:
        AssertionError: they don't; a time of something else means nothing.
    """
    limit = _LIMITS[found.dtype]
    error = float((found.float() - expected.float()).abs().max())
    if not error <= limit * max(1.0, float(expected.float().abs().max())):
        raise AssertionError(f"the forms differ by {error:g}, more than {limit:g} allows")


def machine() -> dict[str, object]:
    """Describe what the figures are measured on."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "bf16": multiplies_bf16(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "threads": torch.get_num_threads(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            named = next((line for line in file if line.startswith("model name")), "")
    except OSError:
        named = ""
    return named.partition(":")[2].strip() or platform.processor() or platform.machine()
