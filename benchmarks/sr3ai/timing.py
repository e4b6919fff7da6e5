"""Forms of one computation -> the shortest time of each, and proof that they agree.

Forms run in one process, one after the other in turn, so that whatever else the machine does meets
all of them; the first turn is the warm-up, and the fastest of the others counts.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import torch
from torch import Tensor

Figures = dict[str, float]
Forms = Mapping[str, Callable[[], object]]

_LIMITS = {torch.float32: 1e-5, torch.float16: 2e-3, torch.bfloat16: 2e-2}


def fastest(forms: Forms, repeats: int) -> Figures:
    """Run each form in turn, and return each one's shortest time in seconds."""
    best = dict.fromkeys(forms, float("inf"))
    for turn in range(repeats + 1):
        for name, form in forms.items():
            start = time.perf_counter()
            form()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if turn:
                best[name] = min(best[name], time.perf_counter() - start)
    return best


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
