"""What every training loop of the miniature shares: time, checkpoints, averaged weights."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """How long to train, from which seed, and where checkpoints lie."""

    work: Path
    minutes: float
    seed: int
    batch: int
    rate: float
    log: Log
    every_s: float = 60.0


class Clock:
    """Counts steps and the seconds of training, those before a resumption included.

    Seconds are the processor's, so that work beside it on a shared machine does not end a run.
    """

    def __init__(self, run: Run, step: int = 0, spent_s: float = 0.0) -> None:
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


class Average:
    """An exponential moving average of a module's parameters."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.shadow = {k: v.detach().clone() for k, v in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Move towards the module's weights; faster while the run is young."""
        decay = min(self.decay, (1 + step) / (10 + step))
        state = module.state_dict()
        torch._foreach_lerp_(list(self.shadow.values()), [state[n] for n in self.shadow], 1 - decay)


def save_checkpoint(path: Path, **state: Any) -> None:  # whatever a loop needs to go on
    """Write a checkpoint to a temporary name and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    temporary.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any] | None:  # as saved
    """Return the last checkpoint, or None where there is none."""
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, weights_only=True)  # as saved
    return state
