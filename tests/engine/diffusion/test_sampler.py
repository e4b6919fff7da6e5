"""A prompt is sampled as its schedule and guidance say, on top of what was there before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from dreamrunner.engine.diffusion.sampler import Guided, Underlay, denoise, sample
from dreamrunner.engine.storybook import models

NOISE = torch.randn(5, 4, 6, 6, generator=torch.Generator().manual_seed(0))
ROPE = (torch.ones(1), torch.zeros(1))


class Told:
    """Stands where the transformer does: says of each half the mean of its text, and counts."""

    def __init__(self) -> None:
        self.halves: list[int] = []

    def __call__(self, latents: Tensor, texts: Tensor, times: Tensor, **_: Any) -> tuple[Tensor]:
        assert len(latents) == len(texts) == len(times)
        self.halves.append(len(texts))
        said = texts.mean((1, 2))[:, None, None, None, None]
        return (said.expand(-1, *latents.shape[1:2], 4, *latents.shape[3:]),)


def sampled(
    told: Callable[..., tuple[Tensor]], scale: float, underlay: Underlay | None = None
) -> Tensor:
    prompt = Guided(torch.full((3, 8), 2.0), torch.full((3, 8), 1.0), scale)
    model: Any = told  # a function where sample expects diffusers' class
    return sample(model, models.scheduler(), prompt, NOISE, ROPE, steps=3, underlay=underlay)


def test_without_guidance_only_the_prompt_is_asked() -> None:
    plain, led = Told(), Told()
    torch.testing.assert_close(sampled(plain, 1.0), torch.full_like(NOISE, 2.0))
    # Away from 1, towards 2, three times as far.
    torch.testing.assert_close(sampled(led, 3.0), torch.full_like(NOISE, 4.0))
    assert plain.halves == [1, 1, 1]
    assert led.halves == [2, 2, 2]


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_what_the_model_says_is_added_to_the_underlay(scale: float) -> None:
    latents = torch.linspace(-1, 1, NOISE.numel()).view_as(NOISE)
    free = Underlay(latents, torch.zeros(5, 1, 6, 6), until=1.0)
    alone = sampled(Told(), scale)
    torch.testing.assert_close(sampled(Told(), scale, underlay=free), alone + latents)


def test_what_is_held_stays_until_its_share_of_the_steps_is_done() -> None:
    latents = torch.full_like(NOISE, 7.0)
    held = torch.zeros(5, 1, 6, 6)
    held[..., :3] = 1.0
    always = sampled(Told(), 1.0, underlay=Underlay(latents, held, until=1.0))
    torch.testing.assert_close(always[..., :3], latents[..., :3])
    torch.testing.assert_close(always[..., 3:], latents[..., 3:] + 2.0)
    # Let go before the last of three steps, which for a clean prediction decides alone.
    let_go = sampled(Told(), 1.0, underlay=Underlay(latents, held, until=0.6))
    torch.testing.assert_close(let_go, latents + 2.0)


def test_the_solver_follows_the_noise_of_training_and_lands_nearer() -> None:
    """Of Gaussian data the best prediction is known, and so is where each noise leads."""
    spread, noise = 1.0, torch.randn(64, 1, 1, 1, generator=torch.Generator().manual_seed(0))
    kept = models.scheduler().alphas_cumprod
    torch.testing.assert_close(models.solver().alphas_cumprod, kept.float())

    def predict(latents: Tensor, time: Tensor, step: int) -> Tensor:
        share = kept[time].float()
        return latents * share.sqrt() * spread**2 / (share * spread**2 + 1 - share)

    ours, ddim = (
        float((denoise(predict, schedule, noise, steps=8) - spread * noise).square().mean())
        for schedule in (models.solver(), models.scheduler())
    )
    assert ours < ddim / 4
