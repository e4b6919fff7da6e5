"""Weights <-> a small safetensors file: int8 with a scale for each row, as the embedded model's.

Matrices and kernels are rounded to 127 steps of their rows' largest number; vectors are fp16.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from ...errors import WeightsError

SCALE = ".scale"


def save_small(state: dict[str, Tensor], path: Path, about: dict[str, str]) -> None:
    """Write weights in int8 with a scale a row; `about` goes into the file's metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored: dict[str, Tensor] = {}
    for name, value in state.items():
        value = value.detach().float()
        if value.ndim < 2:
            stored[name] = value.half().contiguous()
            continue
        rows = value.flatten(1)
        # A scale below the least that fp16 holds would be none.
        scale = (rows.abs().amax(1) / 127).clamp(min=1e-7).half()
        stored[name + SCALE] = scale
        whole = (rows / scale.float()[:, None]).round().clamp(-127, 127)
        stored[name] = whole.to(torch.int8).reshape(value.shape).contiguous()
    save_file(stored, path, metadata=about)


def load_small(path: Path) -> dict[str, Tensor]:
    """Return weights that `save_small` wrote, in fp32.

    Raises:
        WeightsError: the file is missing or broken.
    """
    try:
        stored = load_file(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise WeightsError(
            f"the miniature has no readable weights at {path} ({error}); "
            "`make miniature` trains them"
        ) from error
    found = {}
    for name, value in stored.items():
        if name.endswith(SCALE):
            continue
        scale = stored.get(name + SCALE)
        rest = (1,) * (value.ndim - 1)
        found[name] = value.float() * (1 if scale is None else scale.float().reshape(-1, *rest))
    return found
