"""What every training loop of the miniature shares: how long it runs, on which clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """How long to train, from which seed, and where checkpoints lie."""

    work: Path
    minutes: float
    seed: int
    batch: int
    rate: float
    log: Log
    every_s: float = 60.0


class ProcessorClock:
    """Counts steps and the seconds of training, those before a resumption included.

    Seconds are the processor's, so that work beside it on a shared machine does not end a run.
    """

    def __init__(self, run: TrainingRun, step: int = 0, spent_s: float = 0.0) -> None:
        self._run, self._started = run, time.process_time() - spent_s
        self._saved, self.step = time.monotonic(), step

    @property
    def spent_s(self) -> float:
        return time.process_time() - self._started

    @property
    def done(self) -> float:
        """The part of the run that is over."""
        return self.spent_s / (60 * self._run.minutes)

    @property
    def rate(self) -> float:
        """The learning rate of this step: a warm-up, constant, and down over the last quarter."""
        return self._run.rate * min(1.0, (self.step + 1) / 100, max(0.02, 4 * (1 - self.done)))

    def due(self) -> bool:
        """Return whether a checkpoint is due, and count from now if so."""
        if time.monotonic() - self._saved < self._run.every_s and self.done < 1:
            return False
        self._saved = time.monotonic()
        return True
