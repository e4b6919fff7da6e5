"""Noise + texts + a region layout -> latents, by a diffusers schedule with guidance.

The sampler is a function; whatever changes the model (regions, adapters) is a context around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from diffusers import CogVideoXDDIMScheduler, CogVideoXTransformer3DModel
from torch import Tensor

from .attention import Rope

OnStep = Callable[[int, int], None]  # steps done, steps in all


@dataclass(frozen=True, slots=True)
class Guided:
    """What is asked for and how strongly.

    Attributes:
        texts: [R*L, W] the prompts' tokens, laid end to end.
        negative: [R*L, W] what guidance moves away from.
        scale: the guidance scale; 1 is none.
    """

    texts: Tensor
    negative: Tensor
    scale: float


@torch.no_grad()
def sample(
    transformer: CogVideoXTransformer3DModel,
    schedule: CogVideoXDDIMScheduler,
    guided: Guided,
    noise: Tensor,
    rope: Rope,
    *,
    steps: int,
    first_frame: Tensor | None = None,
    on_step: OnStep | None = None,
) -> Tensor:
    """Denoise from pure noise.

    Args:
        noise: [T, C, H, W] fp32, standard normal; T latent frames.
        rope: the rotary embedding, in the order in which the transformer meets its tokens.
        steps: how many calls of the model.
        first_frame: [C, H, W] latents that the clip begins with, or None. It is kept in place,
            noised to each step's level.

    Returns:
        [T, C, H, W] fp32 latents.
    """
    schedule.set_timesteps(steps, device=noise.device)
    latents = noise
    both = torch.stack([guided.negative, guided.texts])
    for done, step in enumerate(schedule.timesteps, start=1):
        if first_frame is not None:
            known = schedule.add_noise(first_frame[None], noise[:1], step[None])
            latents = torch.cat([known, latents[1:]])
        out = transformer(
            latents.expand(2, -1, -1, -1, -1), both, step.expand(2),
            image_rotary_emb=rope, return_dict=False,
        )[0].float()  # fmt: skip
        velocity = out[0] + guided.scale * (out[1] - out[0])
        latents = schedule.step(velocity, step, latents, eta=0.0, return_dict=False)[0]
        if on_step is not None:
            on_step(done, steps)
    if first_frame is not None:
        latents = torch.cat([first_frame[None], latents[1:]])
    return latents
