"""A training at a step <-> two files: weights with the optimizer's memory, and what was reached.

Safetensors and JSON alone, for the older format can run code. Everything random in a training is
drawn from its seed and the number of the step, so that the step is the generator's whole state.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

_FILE, _PART = "training.safetensors", "training.part"
_MEMORY = ("exp_avg", "exp_avg_sq", "step")  # what AdamW remembers of a parameter


@dataclass(slots=True)
class Progress:
    """How far a training is.

    `losses` are those of training, one a step; `checks` the held-out losses by their steps;
    `passed_s` the seconds it took so far.
    """

    step: int = 0
    losses: list[float] = field(default_factory=list)
    checks: dict[int, float] = field(default_factory=dict)
    best_step: int = 0
    passed_s: float = 0.0

    @property
    def best(self) -> float:
        return self.checks.get(self.best_step, float("inf"))


def save_progress(
    folder: Path,
    progress: Progress,
    weights: Mapping[str, nn.Parameter],
    optimizer: torch.optim.Optimizer,
    best: Mapping[str, Tensor],
    scaler: torch.amp.GradScaler,
) -> None:
    """Write a training whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"best/{name}": value for name, value in best.items()}
    for name, weight in weights.items():
        tensors[f"weight/{name}"] = weight.detach().cpu()
        memory = optimizer.state.get(weight, {})
        for key in _MEMORY:
            if key in memory:
                tensors[f"{key}/{name}"] = memory[key].detach().cpu()
    about = {"progress": json.dumps(asdict(progress)), "scale": json.dumps(scaler.state_dict())}
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / _PART, metadata=about)
    (folder / _PART).replace(folder / _FILE)


def load_progress(
    folder: Path,
    weights: Mapping[str, nn.Parameter],
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
) -> tuple[Progress, dict[str, Tensor]] | None:
    """Put back what `save_progress` wrote; None where there is nothing, or nothing whole.

    Returns:
        how far it was, and the best weights so far by the adapter's own names.
    """
    try:
        with safe_open(folder / _FILE, framework="pt") as opened:
            about = opened.metadata() or {}
            names = opened.keys()
            tensors = {name: opened.get_tensor(name) for name in names}
        said = json.loads(about["progress"])
        scale = json.loads(about["scale"])
    except (OSError, SafetensorError, KeyError, ValueError):
        return None
    if {f"weight/{name}" for name in weights} - tensors.keys():
        return None
    for name, weight in weights.items():
        weight.data.copy_(tensors[f"weight/{name}"])
        memory = {key: tensors[f"{key}/{name}"] for key in _MEMORY if f"{key}/{name}" in tensors}
        if memory:
            optimizer.state[weight] = {
                key: value.to(weight.device) for key, value in memory.items()
            }
    if scale:
        scaler.load_state_dict(scale)
    said["checks"] = {int(step): loss for step, loss in said["checks"].items()}
    best = {n.removeprefix("best/"): v for n, v in tensors.items() if n.startswith("best/")}
    return Progress(**said), best
