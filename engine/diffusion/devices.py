"""This machine -> its devices, their attention kernels, and how long the engines would take.

A published model that is not here can't be timed; its time is the arithmetic of its shapes over
the rate at which this device multiplies matrices, measured for a moment. The storybook model is
here, and is timed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch

from ...plan import RenderSettings, ShotPlan
from ..family import load_family
from ..sr3ai.kernels import kernels_for
from .checkpoints import Checkpoint, clip_tokens
from .memory import machine_bytes

_HEAD = 64
_ROWS, _WIDTH = 2048, 1920
_MEASURE_S = 0.4


@dataclass(frozen=True, slots=True)
class Device:
    """Something to compute on.

    `kernels` are the attentions that it has for half precision (fp32 on a processor), the first
    being used; none means grouped calls. `rate` is in floating-point operations a second.
    """

    name: str
    kind: str
    memory_bytes: int
    kernels: tuple[str, ...]
    rate: float


def devices() -> list[Device]:
    """Return the processor and the GPUs, the processor first."""
    found = [
        _device(
            torch.device("cpu"), f"processor, {torch.get_num_threads()} threads", machine_bytes()
        )
    ]
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            about = torch.cuda.get_device_properties(index)
            found.append(_device(torch.device("cuda", index), about.name, about.total_memory))
    return found


def _device(device: torch.device, name: str, memory_bytes: int) -> Device:
    kind = torch.float32 if device.type == "cpu" else torch.bfloat16
    kernels = tuple(kernel.name for kernel in kernels_for(device, kind, _HEAD))
    return Device(name, device.type, memory_bytes, kernels, matmul_rate(device, kind))


def matmul_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Return how many floating-point operations a second a large linear reaches here."""
    x = torch.randn(_ROWS, _WIDTH, device=device).to(dtype)
    weight = torch.randn(_WIDTH, _WIDTH, device=device).to(dtype)
    best, end = float("inf"), time.perf_counter() + _MEASURE_S
    while best == float("inf") or time.perf_counter() < end:
        start = time.perf_counter()
        x @ weight
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        best = min(best, time.perf_counter() - start)
    return 2 * _ROWS * _WIDTH * _WIDTH / best


def shot_operations(checkpoint: Checkpoint) -> float:
    """Return the floating-point operations of one clip: both guidance halves, every step.

    Each token meets every parameter of the transformer once, and every other token in each layer.
    """
    tokens = clip_tokens(checkpoint)
    linear = 2 * checkpoint.transformer * 1e6 * tokens
    attention = 4 * tokens**2 * checkpoint.width_tokens * checkpoint.layers
    return 2 * checkpoint.steps * (linear + attention)


def storybook_seconds() -> float:
    """Return how long the storybook model, warm, takes for a shot of full length.

    Raises:
        WeightsError: the model is not there.
    """
    family = load_family("storybook")
    able = family.capabilities

    def draw(steps: int) -> None:
        settings = RenderSettings(steps=steps, guidance=able.guidance)
        shot = ShotPlan(
            id="1", scene="1", duration_s=able.clip_s, seed=1, place="meadow",
            background="a sunny meadow", settings=settings,
        )  # fmt: skip
        family.render(shot, (), None, lambda done, total: None)

    draw(1)  # what later shots find made
    start = time.perf_counter()
    draw(able.steps)
    return time.perf_counter() - start
