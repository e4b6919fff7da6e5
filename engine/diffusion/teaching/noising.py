"""A diffusers scheduler -> how latents are noised for training, and what the model shall answer.

Everything is read from the scheduler's own configuration, so that a model is taught what it was
trained to say: noise, velocity, the sample itself, or the flow between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ....errors import AdapterError


@dataclass(frozen=True, slots=True)
class NoiseLevel:
    """One level of noise: x = signal * latents + noise * eps, told to the model as `time`."""

    time: Tensor  # [] fp32 or int64, as the model's timestep
    signal: float
    noise: float


class Noising:
    """The levels of noise of a scheduler, and the target of its kind of prediction."""

    def __init__(self, scheduler: Any) -> None:  # one of diffusers' schedulers: no common class
        config = scheduler.config
        self.kind: str = config.get("prediction_type") or "flow_prediction"
        if config.get("use_flow_sigmas") or type(scheduler).__name__.startswith("FlowMatch"):
            self.kind = "flow_prediction"
        if self.kind not in ("epsilon", "v_prediction", "sample", "flow_prediction"):
            raise AdapterError(f"no training is known for a scheduler that predicts {self.kind!r}")
        self._steps: int = config.get("num_train_timesteps", 1000)
        self._shift = float(config.get("flow_shift") or config.get("shift") or 1.0)
        self._kept: Tensor | None = getattr(scheduler, "alphas_cumprod", None)

    def level(self, share: float) -> NoiseLevel:
        """Return the level at a share of the schedule, 0 being nearly clean and 1 pure noise.

        For flows the share is shifted as the sampler shifts it: s u / (1 + (s - 1) u), equation 23
        of Esser et al. 2024 (arXiv 2403.03206).
        """
        if self.kind == "flow_prediction":
            sigma = self._shift * share / (1 + (self._shift - 1) * share)
            return NoiseLevel(torch.tensor(sigma * self._steps), 1 - sigma, sigma)
        assert self._kept is not None  # every scheduler but those of flows has it
        index = min(int(share * self._steps), self._steps - 1)
        kept = float(self._kept[index])
        return NoiseLevel(torch.tensor(index), kept**0.5, (1 - kept) ** 0.5)

    def noised(self, latents: Tensor, noise: Tensor, level: NoiseLevel) -> Tensor:
        """Return latents under noise; all have one shape."""
        return level.signal * latents + level.noise * noise

    def target(self, latents: Tensor, noise: Tensor, level: NoiseLevel) -> Tensor:
        """Return what the model shall answer.

        The velocity is that of Salimans and Ho 2022 (arXiv 2202.00512), the flow that of Lipman et
        al. 2022 (arXiv 2210.02747) with noise at its far end.
        """
        if self.kind == "epsilon":
            return noise
        if self.kind == "sample":
            return latents
        if self.kind == "flow_prediction":
            return noise - latents
        return level.signal * noise - level.noise * latents
