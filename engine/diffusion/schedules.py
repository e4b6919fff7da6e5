"""A schedule's name + a pipeline -> its scheduler, and guidance that changes from step to step."""

from __future__ import annotations

import math
from typing import Any

import diffusers
from torch import Tensor

from ..quiet import quietly

# The keyword arguments are what a scheduler needs to read a configuration of flow matching.
_CLASSES: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "CogVideoXPipeline": {
        "ddim": ("CogVideoXDDIMScheduler", {}),
        "dpm": ("CogVideoXDPMScheduler", {}),
    },
    "WanPipeline": {
        "unipc": ("UniPCMultistepScheduler", {"use_flow_sigmas": True}),
        "euler": ("FlowMatchEulerDiscreteScheduler", {}),
        "dpm": ("DPMSolverMultistepScheduler", {"use_flow_sigmas": True}),
    },
}


def scheduler_of(pipe: Any, name: str) -> Any:  # a diffusers pipeline and one of its schedulers
    """Return a pipeline's own scheduler, or another of its kind with the same noise levels.

    A scheduler has state: each shot gets one of its own.
    """
    own = pipe.scheduler
    if not name:
        return type(own).from_config(own.config)
    kind, extras = _CLASSES[type(pipe).__name__][name]
    config = dict(own.config)
    if name == "euler":
        # One configuration calls this shift by another name than the others do.
        extras = {"shift": config.get("shift", config.get("flow_shift", 1.0))}
    elif "use_flow_sigmas" in extras:
        extras = extras | {
            "flow_shift": config.get("flow_shift", config.get("shift", 1.0)),
            "prediction_type": "flow_prediction",
        }
    with quietly():  # about values of the configuration that this kind has no use for
        return getattr(diffusers, kind).from_config(config, **extras)


def dynamic_scale(guidance: float | Tensor, time: float, steps: int) -> float | Tensor:
    """Return the guidance of a step, as CogVideoX is sampled by its makers and by diffusers.

    The formula takes the timestep (0..999) where one expects the number of the step, so that the
    scale goes up and down like waves. The makers know and keep it: it allows strong guidance
    without burnt pictures (github.com/zai-org/CogVideo, issues 267 and 337).

    Args:
        guidance: what the scale rises by at the tops of the waves; a tensor, place by place.
        time: the step's time in the schedule of training.
        steps: how many steps there are.
    """
    return 1 + guidance * (1 - math.cos(math.pi * ((steps - time) / steps) ** 5.0)) / 2
