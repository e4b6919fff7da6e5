"""What every training loop here shares: averaged weights, checkpoints, time and precision."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """How long to train, on what, and where checkpoints lie."""

    work: Path
    device: torch.device
    seed: int
    steps: int
    minutes: float
    batch: int
    lr: float
    every_s: float
    log: Log
    workers: int = 0  # processes that draw


class Average:
    """An exponential moving average of a module's parameters."""

    def __init__(self, module: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.shadow = {k: v.detach().clone() for k, v in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: torch.nn.Module, step: int) -> None:
        """Move towards the module's weights; faster while the run is young."""
        decay = min(self.decay, (1 + step) / (10 + step))
        state = module.state_dict()
        # All at once: on a GPU one call a tensor costs as much as the step itself.
        torch._foreach_lerp_(list(self.shadow.values()), [state[n] for n in self.shadow], 1 - decay)


class TrainingClock:
    """Counts steps and the seconds of training, those before a resumption included.

    On a CPU seconds are those of each of torch's threads at work, so that what else a machine does
    ends no run early; on an accelerator they are the wall clock's.
    """

    def __init__(self, run: Run, step: int = 0, spent_s: float = 0.0) -> None:
        self._run = run
        self._started = self._now_s() - spent_s
        self._first = step, spent_s
        self._saved = time.monotonic()
        self.step = step

    def _now_s(self) -> float:
        if self._run.device.type == "cpu":
            return time.process_time() / torch.get_num_threads()
        return time.monotonic()

    @property
    def spent_s(self) -> float:
        return self._now_s() - self._started

    @property
    def done(self) -> float:
        """The part of the run that is over, by steps or by time, whichever is further."""
        return max(self.step / self._run.steps, self.spent_s / (60 * self._run.minutes))

    def due(self) -> bool:
        """Return whether a checkpoint is due, and count from now if so."""
        if time.monotonic() - self._saved < self._run.every_s and self.done < 1:
            return False
        self._saved = time.monotonic()
        return True

    @property
    def rate(self) -> float:
        """Samples a second of training since this process started."""
        steps, spent = self.step - self._first[0], self.spent_s - self._first[1]
        return steps * self._run.batch / spent


def learning_rate(run: Run, clock: TrainingClock, warmup: int = 50) -> float:
    """Return the rate of this step: a short warm-up, then linear to a thirtieth."""
    return run.lr * min(1.0, (clock.step + 1) / warmup) * max(1 / 30, 1 - clock.done)


def save_checkpoint(path: Path, **state: Any) -> None:  # whatever a command needs to go on
    """Write a checkpoint to a temporary name and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    temporary.replace(path)


def load_checkpoint(
    path: Path,
    device: torch.device = torch.device("cpu"),  # noqa: B008 (a value, never changed)
) -> dict[str, Any] | None:  # as saved
    """Return the last checkpoint, or None where there is none."""
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)  # as saved
    return state
