"""Noise + a model that predicts -> latents, by a diffusers schedule with guidance.

The sampler is a function; whatever changes the model (regions, adapters, windows over a long shot)
is in what predicts. Latents are [T, C, H, W] here whatever the model calls them: T latent frames.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from diffusers import CogVideoXDPMScheduler, CogVideoXTransformer3DModel
from torch import Tensor

from ...errors import EngineError
from ..protocol import OnStep
from ..sr3ai.transformer import Rope

# Latents [T, C, H, W], a timestep of the schedule, and the step's number -> the model's output.
Predict = Callable[[Tensor, Tensor, int], Tensor]
Schedule = Any  # one of diffusers' schedulers, which share methods and no class


class NonFiniteError(EngineError):
    """Numbers overflowed or are not numbers. Drawn on regardless, they make a black film."""


@dataclass(frozen=True, slots=True)
class Guided:
    """What is asked for and how strongly.

    Attributes:
        texts: [R*L, W] the prompts' tokens, laid end to end.
        negative: [R*L, W] what guidance moves away from.
        scale: the guidance scale, 1 being none; or [T, 1, H, W], place by place.
    """

    texts: Tensor
    negative: Tensor
    scale: float | Tensor


@dataclass(frozen=True, slots=True)
class Underlay:
    """What lies beneath a picture before it is denoised.

    Attributes:
        latents: [T, C, H, W] what the model's output is added to.
        held: [T, 1, H, W] in 0..1, how far the model must leave it as it is at first.
        until: the share of the steps in which it is held.
    """

    latents: Tensor
    held: Tensor
    until: float

    def under(self, output: Tensor, done: float) -> Tensor:
        """Return what is predicted of a model's output, `done` being the share of steps done."""
        return self.latents + (output * (1 - self.held) if done < self.until else output)


def guided(away: Tensor, towards: Tensor, scale: float | Tensor) -> Tensor:
    """Return the output that guidance makes of two; a tensor of scales rules place by place."""
    return away + scale * (towards - away)


def sample(
    transformer: CogVideoXTransformer3DModel,
    schedule: Schedule,
    prompt: Guided,
    noise: Tensor,
    rope: Rope,
    *,
    steps: int,
    beside: Tensor | None = None,
    underlay: Underlay | None = None,
    settle: Callable[[Tensor], Tensor] | None = None,
    first_frame: Tensor | None = None,
    before_step: Callable[[int], None] | None = None,
    on_step: OnStep | None = None,
) -> Tensor:
    """Denoise from pure noise with a CogVideoX transformer, both halves of guidance in one call.

    Args:
        noise: [T, C, H, W] fp32, standard normal; T latent frames.
        rope: the rotary embedding, in the order in which the transformer meets its tokens.
        steps: how many calls of the model.
        beside: [T, C', H, W] channels that the model is given beside the latents at every step,
            or None.
        underlay: what the model's output is added to, or None.
        settle: makes of every step's prediction [T, C, H, W] the one that is taken, or None.
        first_frame: [C, H, W] latents that the clip begins with, or None.
        before_step: called with the number of a step before the model is called for it.

    Returns:
        [T, C, H, W] fp32 latents.
    """
    # A scale of one is the prompt alone: the half that guidance moves away from is not computed.
    plain = isinstance(prompt.scale, float | int) and prompt.scale == 1
    texts = prompt.texts[None] if plain else torch.stack([prompt.negative, prompt.texts])

    def predict(latents: Tensor, time: Tensor, step: int) -> Tensor:
        if before_step is not None:
            before_step(step)
        given = latents if beside is None else torch.cat([latents, beside], dim=1)
        halves = len(texts)
        out = transformer(
            given.expand(halves, -1, -1, -1, -1), texts, time.expand(halves),
            image_rotary_emb=rope, return_dict=False,
        )[0].float()  # fmt: skip
        output = out[0] if plain else guided(out[0], out[1], prompt.scale)
        said = output if underlay is None else underlay.under(output, step / steps)
        return said if settle is None else settle(said)

    known = None if first_frame is None else first_frame[None]
    return denoise(predict, schedule, noise, steps=steps, known=known, on_step=on_step)


@torch.no_grad()
def denoise(
    predict: Predict,
    schedule: Schedule,
    noise: Tensor,
    *,
    steps: int,
    known: Tensor | None = None,
    known_where: Tensor | None = None,
    generator: torch.Generator | None = None,
    on_step: OnStep | None = None,
) -> Tensor:
    """Denoise from pure noise.

    Args:
        predict: the model, with guidance done.
        noise: [T, C, H, W] fp32, standard normal.
        known: [k, C, H, W] latents that the clip begins with, or None. They are kept in place,
            noised to each step's level.
        known_where: [1, H, W] bool, where in those frames they are known; everywhere where None.
        generator: for schedules that add noise of their own.

    Returns:
        [T, C, H, W] fp32 latents.

    Raises:
        NonFiniteError: a step left numbers that are not finite.
    """
    schedule.set_timesteps(steps, device=noise.device)
    latents = noise * getattr(schedule, "init_noise_sigma", 1.0)  # flow matching has none
    advance = _stepper(schedule, generator)
    for index, time in enumerate(schedule.timesteps):
        if known is not None:
            kept = schedule.add_noise(known, noise[: len(known)], time.expand(len(known)))
            latents = begun_with(kept, latents, known_where)
        latents = advance(predict(latents, time, index), index, latents)
        require_finite(latents, f"the latents after step {index + 1} of {steps}")
        if on_step is not None:
            on_step(index + 1, steps)
    return latents if known is None else begun_with(known, latents, known_where)


def begun_with(known: Tensor, latents: Tensor, where: Tensor | None) -> Tensor:
    """Return latents [T, C, H, W] whose first frames are known ones, or are where it says so."""
    first, rest = latents[: len(known)], latents[len(known) :]
    return torch.cat([known if where is None else torch.where(where, known, first), rest])


def require_finite(values: Tensor, what: str) -> None:
    """Make sure that a tensor holds finite numbers alone.

    Raises:
        NonFiniteError: it does not; `what` says in the message what it holds.
    """
    if not values.isfinite().all():
        raise NonFiniteError(f"{what} are not finite numbers")


def _stepper(
    schedule: Schedule, generator: torch.Generator | None
) -> Callable[[Tensor, int, Tensor], Tensor]:
    """Return the schedule's step; the signatures of diffusers' schedulers are not all alike."""
    taken = inspect.signature(schedule.step).parameters
    extras = {"eta": 0.0, "generator": generator}
    extras = {name: value for name, value in extras.items() if name in taken}
    original: Tensor | None = None

    def advance(output: Tensor, index: int, latents: Tensor) -> Tensor:
        nonlocal original
        times = schedule.timesteps
        if isinstance(schedule, CogVideoXDPMScheduler):
            before = times[index - 1] if index else None
            latents, original = schedule.step(
                output, original, times[index], before, latents, **extras, return_dict=False
            )
            return latents
        return schedule.step(output, times[index], latents, **extras, return_dict=False)[0]

    return advance


def windows(total: int, length: int, overlap: int) -> tuple[tuple[int, int], ...]:
    """Return stretches of `length` that cover `total` and overlap by at least `overlap`.

    Where all three are multiples of one number, so are the stretches' ends.
    """
    if total <= length:
        return ((0, total),)
    starts = [*range(0, total - length, length - overlap), total - length]
    return tuple((start, start + length) for start in starts)


def blended(parts: list[Tensor], spans: tuple[tuple[int, int], ...], overlap: int) -> Tensor:
    """Lay windows [t, C, H, W] over each other, each fading towards its ends, to [T, C, H, W]."""
    total = spans[-1][1]
    out = parts[0].new_zeros(total, *parts[0].shape[1:])
    weights = out.new_zeros(total, 1, 1, 1)
    for part, (start, stop) in zip(parts, spans, strict=True):
        ramp = torch.arange(1, stop - start + 1, device=out.device, dtype=out.dtype)
        ramp = torch.minimum(ramp, ramp.flip(0)).clamp(max=overlap + 1)[:, None, None, None]
        out[start:stop] += part * ramp
        weights[start:stop] += ramp
    return out / weights
