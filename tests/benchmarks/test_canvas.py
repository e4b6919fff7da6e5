"""The painter that draws the very parts: its figures are those of their words and poses."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

from dreamrunner.engine.storybook.training.figure_painter import draw_samples

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from canvas import TrueParts  # noqa: E402


def test_true_parts_are_those_that_training_draws() -> None:
    samples = draw_samples(np.random.default_rng(5), 12)
    painted = TrueParts()(samples.codes, samples.poses).argmax(1)
    assert torch.equal(painted, samples.parts.long())
