"""How long a training runs, on which clock."""

from __future__ import annotations

import time
from pathlib import Path

import torch

from dreamrunner.engine.storybook.training.loop import Run, TrainingClock


def test_a_crowded_machine_ends_no_training_early(tmp_path: Path) -> None:
    run = Run(
        work=tmp_path, device=torch.device("cpu"), seed=1, steps=1000, minutes=1, batch=1,
        lr=1e-3, every_s=0.0, log=lambda line: None,
    )  # fmt: skip
    clock = TrainingClock(run, step=3, spent_s=30.0)
    time.sleep(0.4)  # others have the processor
    assert 30.0 <= clock.spent_s < 30.2
    assert 0.5 <= clock.done < 0.51
    began = time.process_time()
    while time.process_time() - began < 0.1 * torch.get_num_threads():
        pass
    assert clock.spent_s >= 30.09
