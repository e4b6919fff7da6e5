"""Latent clips -> the transformer: taught to predict clean clips, pieces first, then whole clips.

Asked for a velocity, and so for the noise itself, so small a model leaves speckles (seen after 500
steps). It is asked for the clean latents instead, or rather for what has to be added to the
underpainting, the error being weighed as that of the velocity would be.

The loss weighs tokens inside regions more. What a step sees is made in `batches`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from diffusers import CogVideoXDDIMScheduler, CogVideoXTransformer3DModel
from torch import Tensor, nn

from ....errors import WeightsError
from ...sr3ai.transformer import Rope, finish, project
from .. import models
from ..text_encoder import TextEncoder
from ..underpainting import CHANNELS as UNDER_CHANNELS
from ..underpainting import LATENTS, Underpainter, underpaint
from .batches import Batch, Clips
from .clips import load_shards
from .loop import (
    Average,
    Run,
    TrainingClock,
    learning_rate,
    load_checkpoint,
    save_checkpoint,
)
from .underpainter import trained_underpainter

ENTITY_WEIGHT = 2.0
LEAST_NOISE = 0.1
LEARNER_SHARES = (1.0, 0.5)  # of the learning rate: Muon's and AdamW's
PIECES = {1: 6, 3: 2, 5: 1}  # pieces of so many token frames for each clip of a batch


class DenseMaskProcessor:
    """Attends under a dense mask [B, 1, S, S] that is set for each batch.

    The scores are written out: backward through them, a fused kernel for the CPU took 2.5 times
    as long at 128 tokens and 3 times at 528 (bf16, one core).
    """

    def __init__(self) -> None:
        self.mask: Tensor | None = None

    def __call__(
        self,
        attn: Any,  # diffusers' Attention
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        image_rotary_emb: Rope | None = None,
    ) -> tuple[Tensor, Tensor]:
        query, key, value = project(attn, hidden_states, encoder_hidden_states, image_rotary_emb)
        out = written_out_attention(query, key, value, self.mask)
        return finish(attn, out, encoder_hidden_states.shape[1])


def written_out_attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Attend [B, heads, S, d] under a mask [B, 1, S, S], True where seen, in the value's dtype."""
    batch, heads, length, width = query.shape
    bias = value.new_zeros(1, 1, 1)
    if mask is not None:
        bias = torch.where(mask, 0.0, -torch.inf).to(value)
        bias = bias.expand(-1, heads, -1, -1).reshape(batch * heads, length, length)
    query, key = query.to(value).flatten(0, 1), key.to(value).flatten(0, 1)
    scores = torch.baddbmm(bias, query, key.transpose(1, 2), alpha=width**-0.5)
    return (scores.softmax(-1) @ value.flatten(0, 1)).unflatten(0, (batch, heads))


def underpainted(painter: Underpainter, batch: Batch) -> Tensor:
    """Return the underpainting of a batch, [B, T, CHANNELS, H, W] fp32; zeros without figures."""
    size, frames, _, height, width = batch.latents.shape
    if batch.figures is None:
        return batch.latents.new_zeros(size, frames, UNDER_CHANNELS, height, width)
    figures = batch.figures
    if figures.painted is not None:
        return figures.painted
    return underpaint(
        painter, figures.tokens, figures.tracks, figures.depths, figures.times_s, height, width
    )


def denoising_loss(
    transformer: CogVideoXTransformer3DModel,
    painter: Underpainter,
    processor: DenseMaskProcessor,
    schedule: CogVideoXDDIMScheduler,
    batch: Batch,
    generator: torch.Generator,
) -> Tensor:
    """Return the weighted mean squared error of the predicted clean latents, a scalar."""
    latents = batch.latents
    size = len(latents)
    # One step from each of `size` equal parts of the schedule: less noise in the loss.
    device = generator.device
    part = torch.arange(size, device=device)
    part = (part + torch.rand(size, generator=generator, device=device)) / size
    steps = (part * schedule.config.num_train_timesteps).long().to(latents.device)
    noise = models.noise(latents.shape, generator).to(latents)
    noisy = schedule.add_noise(latents, noise, steps)
    grid = models.token_grid(frames=latents.shape[1])
    processor.mask = batch.mask
    with torch.autocast(latents.device.type, enabled=False):
        under = underpainted(painter, batch)
    out = transformer(
        torch.cat([noisy, batch.places, under], 2), batch.text, steps,
        image_rotary_emb=models.rope(grid, latents.device), return_dict=False,
    )[0]  # fmt: skip
    guess = under[:, :, :LATENTS] + out.float()
    weight = 1 + (ENTITY_WEIGHT - 1) * batch.inside.float()  # [B, F, H', W']
    patch = models.TRANSFORMER_CONFIG["patch_size"]
    gathered = models.TRANSFORMER_CONFIG["patch_size_t"]
    weight = weight.repeat_interleave(gathered, 1)
    weight = weight.repeat_interleave(patch, 2).repeat_interleave(patch, 3)[:, :, None]
    # (x - x')^2 / (1 - alpha) is the squared error of the velocity; bounded where noise is little.
    rest = 1 - schedule.alphas_cumprod.to(latents.device)[steps]
    error = (guess - latents).square() / rest.clamp(min=LEAST_NOISE)[:, None, None, None, None]
    return (error * weight).mean() / weight.mean()


def token_frames_at(done: float, step: int) -> int:
    """Return how many token frames to train on: single ones first, then ever longer pieces."""
    if done < 0.3:
        return 1
    if done < 0.45:
        return (1, 3)[step % 2]
    return (5, 3, 5, 1)[step % 4]


def optimizers(transformer: CogVideoXTransformer3DModel, lr: float) -> list[torch.optim.Optimizer]:
    """Return Muon for the blocks' matrices and AdamW for all else."""
    blocks = list(transformer.transformer_blocks.parameters())
    matrices = [p for p in blocks if p.ndim == 2]
    chosen = {id(p) for p in matrices}
    rest = [p for p in transformer.parameters() if id(p) not in chosen]
    return [
        torch.optim.Muon(
            matrices, lr=lr, weight_decay=0.01, ns_steps=4, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(rest, lr=lr, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def train_transformer(run: Run, *, start: Path | None = None) -> None:
    """Train the transformer on the shards under `clips`, new ones being picked up as they come.

    Without a checkpoint it begins with random weights, or with those exported to `start`.
    """
    path = run.work / "transformer.pt"
    torch.manual_seed(run.seed)
    transformer = models.new_transformer().to(run.device)
    if start is not None:
        models.load_weights(transformer, start / "transformer.safetensors")
    processor = DenseMaskProcessor()
    transformer.set_attn_processor(processor)
    painter = trained_underpainter(run.work, run.device)
    average = Average(transformer, 0.999)
    learners = optimizers(transformer, run.lr)
    clock = TrainingClock(run)
    if state := load_checkpoint(path, run.device):
        transformer.load_state_dict(state["transformer"])
        average.shadow = state["average"]
        clock = TrainingClock(run, state["step"], state["spent_s"])
        for learner, saved in zip(learners, state["optimizers"], strict=True):
            learner.load_state_dict(saved)
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    schedule = models.scheduler()
    generator = torch.Generator(run.device).manual_seed(run.seed + clock.step)
    supply = Clips(TextEncoder(run.device), run.seed + clock.step)
    known: set[Path] = set()
    losses: dict[int, Tensor] = {}
    with ThreadPoolExecutor(1) as ahead:  # the next batch is made while the last is learnt from
        waiting: Future[tuple[int, Batch]] | None = None
        while clock.done < 1:
            frames, batch = waiting.result() if waiting else (0, None)
            if clock.step % 50 == 0 or batch is None:
                supply.add(load_shards(run.work / "clips", known))
            if not len(supply):
                raise WeightsError(f"no clips under {run.work / 'clips'}: run `clips` first")
            waiting = ahead.submit(_drawn_batch, supply, run, clock)
            if batch is None:
                continue
            rate = learning_rate(run, clock, warmup=100)
            for learner, share in zip(learners, LEARNER_SHARES, strict=True):
                learner.param_groups[0]["lr"] = rate * share
            with models.autocast(run.device):
                loss = denoising_loss(transformer, painter, processor, schedule, batch, generator)
            _learn(transformer, learners, loss)
            clock.step += 1
            average.update(transformer, clock.step)
            losses[frames] = losses.get(frames, loss.detach()).lerp(loss.detach(), 0.03)
            if clock.due():
                save_checkpoint(
                    path, transformer=transformer.state_dict(), average=average.shadow,
                    optimizers=[learner.state_dict() for learner in learners],
                    step=clock.step, spent_s=clock.spent_s,
                )  # fmt: skip
                said = ", ".join(f"{k}: {v.item():.4f}" for k, v in sorted(losses.items()))
                run.log(
                    f"transformer step {clock.step} {clock.spent_s / 60:.1f} min "
                    f"loss by token frames {said}, {clock.rate:.1f}/s, {len(supply)} clips"
                )


def _drawn_batch(supply: Clips, run: Run, clock: TrainingClock) -> tuple[int, Batch]:
    """Return the token frames of a batch, and the batch: shorter pieces come in larger ones, so
    that every step costs about the same."""
    frames = token_frames_at(clock.done, clock.step)
    return frames, supply.batch(run.batch * PIECES[frames], frames).to(run.device)


def _learn(model: nn.Module, learners: Sequence[torch.optim.Optimizer], loss: Tensor) -> None:
    model.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for learner in learners:
        learner.step()
