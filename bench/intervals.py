"""Counts and paired scores -> intervals that say how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z95 = 1.959963984540054  # the normal quantile of 0.975


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something held, with its 95 % interval."""

    right: int
    count: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.right / self.count if self.count else 0.0

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"

    def plain(self) -> dict[str, float]:
        """Return it as plain numbers."""
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.count}


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How much more of something one condition has than another, with its 95 % interval."""

    mean: float
    low: float
    high: float
    pairs: int

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        return f"{self.mean:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"


def wilson(held: Sequence[bool]) -> Rate:
    """Return the rate of what held with its Wilson score interval (Wilson 1927)."""
    n, k = len(held), sum(held)
    if n == 0:
        return Rate(0, 0, 0.0, 1.0)
    p, z2 = k / n, Z95 * Z95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    reach = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Rate(k, n, max(0.0, middle - reach), min(1.0, middle + reach))


def paired_bootstrap(
    ours: Sequence[float], theirs: Sequence[float], *, draws: int = 10_000, seed: int = 0
) -> PairedDifference:
    """Return the mean of `ours - theirs` with its percentile interval over resampled pairs."""
    gaps = np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)
    if not len(gaps):
        return PairedDifference(0.0, -1.0, 1.0, 0)
    rng = np.random.default_rng(seed)
    means = gaps[rng.integers(len(gaps), size=(draws, len(gaps)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return PairedDifference(float(gaps.mean()), float(low), float(high), len(gaps))
