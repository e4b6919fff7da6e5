"""Batches -> the transformer's weights; and prompts -> latents, to look at on the way."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import CogVideoXTransformer3DModel
from torch import Tensor

from ..storybook.training.loop import Average, load_checkpoint, save_checkpoint
from .clips import SHAPE
from .lessons import LatentBatch, Lessons
from .running import ProcessorClock, TrainingRun
from .transformer import GATHERED, STEPS, dense, grid, new_transformer, rope, scheduler

_FRAMES_FIRST = 1 / 2  # of plain training sees runs of few frames alone
_FRAMES_LATER = 0.2
_TOGETHER = 4  # as many runs as a clip costs go where one clip would
_NOISY = 0.6  # power of evenly spread times: below one, the noisier half has more of them


def train(
    run: TrainingRun,
    lessons: Lessons,
    *,
    name: str,
    patch: int,
    regional: bool,
    start: Path | None = None,
) -> None:
    """Train a transformer into `name`.pt, resumably; `start` is the checkpoint to begin from."""
    path = run.work / f"{name}.pt"
    torch.manual_seed(run.seed)
    model = new_transformer(patch)
    average = Average(model, 0.999)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=run.rate, betas=(0.9, 0.97), weight_decay=0.01, fused=True
    )
    clock = ProcessorClock(run)
    if state := load_checkpoint(path):
        model.load_state_dict(state["model"])
        average.shadow = state["average"]
        if "optimizer" in state:
            optimizer.load_state_dict(state["optimizer"])
        clock = ProcessorClock(run, state["step"], state["spent_s"])
    elif start is not None and (state := load_checkpoint(start)):
        model.load_state_dict(state["average"])
        average = Average(model, 0.999)
    generator = torch.Generator().manual_seed(run.seed + clock.step)
    alphas, turns = scheduler().alphas_cumprod.float(), rope(patch)
    seen, losses = 0, {True: 0.0, False: 0.0}
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = clock.rate
        share = 1.0 if clock.done < _FRAMES_FIRST else _FRAMES_LATER
        frames = not regional and float(torch.rand((), generator=generator)) < share
        if regional:
            batch = lessons.regional(run.batch)
        else:
            batch = lessons.captioned(run.batch * (_TOGETHER if frames else 1), frames=frames)
        loss = denoising_loss(model, batch, alphas, turns, patch, generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        clock.step += 1
        average.update(model, clock.step)
        losses[frames] += 0.02 * (loss.item() - losses[frames]) if losses[frames] else loss.item()
        seen += len(batch.latents)
        if clock.due():
            save_checkpoint(
                path, model=model.state_dict(), average=average.shadow, step=clock.step,
                optimizer=optimizer.state_dict(), spent_s=clock.spent_s,
                losses=list(losses.values()),
            )  # fmt: skip
            run.log(
                f"{name} step {clock.step} loss of frames {losses[True]:.4f}, of clips "
                f"{losses[False]:.4f}; {seen} samples, {clock.spent_s / 60:.1f} minutes"
            )


def denoising_loss(
    model: CogVideoXTransformer3DModel,
    batch: LatentBatch,
    alphas: Tensor,
    turns: tuple[Tensor, Tensor],
    patch: int,
    generator: torch.Generator,
) -> Tensor:
    """Return the weighted squared error of predicted velocities, at one time for each sample."""
    count = len(batch.latents)
    # Times spread evenly over a batch: less noise in the loss than by chance alone.
    # Who stands where is settled while the noise is strong, so more of the times lie there.
    at = ((torch.arange(count) + torch.rand((), generator=generator)) / count) ** _NOISY
    times = (at * STEPS).long().clamp(max=STEPS - 1)[torch.randperm(count, generator=generator)]
    noise = torch.randn(batch.latents.shape, generator=generator)
    kept, added = (x[times].sqrt()[:, None, None, None, None] for x in (alphas, 1 - alphas))
    _, height, width = grid(patch)
    rows = slice(batch.first * height * width, None)
    near = tuple(x[rows][: batch.latents.shape[1] // GATHERED * height * width] for x in turns)
    with torch.autocast("cpu", torch.bfloat16), dense(model, batch.mask):
        out = model(
            kept * batch.latents + added * noise, batch.texts, times,
            image_rotary_emb=near, return_dict=False,
        )[0].float()  # fmt: skip
    velocity = kept * noise - added * batch.latents
    return (batch.weights * (out - velocity).square()).mean()


@torch.no_grad()
def sample(
    model: CogVideoXTransformer3DModel,
    texts: Tensor,
    empty: Tensor,
    mask: Tensor | None,
    patch: int,
    *,
    steps: int = 25,
    guidance: float = 3.0,
    seed: int = 0,
) -> Tensor:
    """Denoise by DDIM: texts and what to move away from [B, R * L, D] to [B, T, C, H, W]."""
    plan, turns = scheduler(), rope(patch)
    plan.set_timesteps(steps)
    latents = torch.randn(len(texts), *SHAPE, generator=torch.Generator().manual_seed(seed))
    both = torch.cat([texts, empty])
    wide = None if mask is None else torch.cat([mask, mask])
    for time in plan.timesteps:
        with torch.autocast("cpu", torch.bfloat16), dense(model, wide):
            out = model(
                torch.cat([latents, latents]), both, time.expand(len(both)),
                image_rotary_emb=turns, return_dict=False,
            )[0].float()  # fmt: skip
        towards, away = out.chunk(2)
        velocity = away + guidance * (towards - away)
        latents = plan.step(velocity, time, latents, return_dict=False)[0]
    return latents
