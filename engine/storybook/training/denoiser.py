"""Latent clips -> the transformer: taught to say the clean clip, pieces first, then whole clips.

Asked for a velocity, and so for the noise itself, so small a model leaves speckles (seen after 500
steps). It is asked for the clean latents instead, or rather for what has to be added to the
underpainting, the error being weighed as that of the velocity would be.

Most samples are given as SR3AI sees them: a text an actor with its box on each token frame and
the background's text for the rest; the others as one caption, the control of every claim. A batch
holds clips of one number of actors, whose layouts differ: its masks are dense, at some 300 tokens
the cheapest form, and a test holds that they mean what `region_attention` means. The loss weighs
tokens inside regions more. Guidance is taught by emptying a tenth of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import CogVideoXDDIMScheduler, CogVideoXTransformer3DModel
from numpy.typing import NDArray
from torch import Tensor, nn

from ....errors import WeightsError
from ...attention import Rope, finish, project
from .. import models
from ..placing import place_channels
from ..text import TextEncoder
from ..underpainting import CHANNELS as UNDER_CHANNELS
from ..underpainting import LATENTS, Underpainter, underpaint
from .clips import LatentClip, load_shards
from .running import (
    Average,
    Clock,
    Run,
    learning_rate,
    load_checkpoint,
    save_checkpoint,
)
from .tracks import keyed, loosened
from .underpainter import trained_underpainter

ENTITY_WEIGHT = 2.0
EMPTY_TEXTS = 0.1
LEAST_NOISE = 0.1
LEARNER_SHARES = (1.0, 0.5)  # of the learning rate: Muon's and AdamW's
REGIONS = 0.75  # the part of the samples given as regions
PLANNED = 0.7  # the part of the figures whose boxes are a plan's, not those of what is seen
UNPAINTED = 0.1  # the part of the region samples without an underpainting: attention alone
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


@dataclass(frozen=True, slots=True)
class Batch:
    """What one training step sees.

    Attributes:
        latents: [B, T, C, H, W] fp32.
        text: [B, R*L, 384] fp32.
        mask: [B, 1, S, S] bool, or None where every token sees every other.
        inside: [B, F, H', W'] bool on the token grid, True where an actor is.
        places: [B, T, CHANNELS, H, W] fp32, where in its box each latent lies; zeros for one
            caption.
        figures: what is underpainted; None where nothing is.
    """

    latents: Tensor
    text: Tensor
    mask: Tensor | None
    inside: Tensor
    places: Tensor
    figures: Figures | None

    def to(self, device: torch.device) -> Batch:
        mask, figures = self.mask, self.figures
        return Batch(
            self.latents.to(device), self.text.to(device),
            None if mask is None else mask.to(device), self.inside.to(device),
            self.places.to(device), None if figures is None else figures.to(device),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a batch, for the underpainter.

    Attributes:
        tokens: [B, A, L, 384] fp32, their texts.
        tracks: [B, A, T, 4] fp32, their stated boxes.
        times_s: [B, T] fp32, the seconds since each clip began.
        depths: [B, A] fp32, smaller is nearer.
    """

    tokens: Tensor
    tracks: Tensor
    times_s: Tensor
    depths: Tensor

    def to(self, device: torch.device) -> Figures:
        return Figures(*(getattr(self, f.name).to(device) for f in fields(self)))


class Clips:
    """Batches of latent clips, with boxes loosened as a director's are.

    `regions` is the part of the batches given as regions; a clip without boxes never is. Latents
    are kept where the encoder is, and batches are made there.
    """

    def __init__(self, encoder: TextEncoder, seed: int, regions: float = REGIONS) -> None:
        self._encoder = encoder
        self._regions = regions
        self._rng = np.random.default_rng(seed)
        self._by_actors: dict[int, list[LatentClip]] = {}

    def add(self, clips: Sequence[LatentClip]) -> None:
        device = self._encoder.device
        for clip in clips:
            if len(clip.frames) < models.FRAMES:
                continue  # a few frames are no movement
            near = replace(clip, latents=clip.latents.to(device), ground=None)
            self._by_actors.setdefault(clip.actors, []).append(near)
        told = (text for c in clips for said in (*c.regions, c.backgrounds) for text in said)
        self._encoder.read(told, models.TEXT_TOKENS)
        self._encoder.read((text for c in clips for text in c.joints), models.CAPTION_TOKENS)

    def __len__(self) -> int:
        return sum(len(clips) for clips in self._by_actors.values())

    def batch(self, size: int, token_frames: int) -> Batch:
        """Return pieces of `size` clips of one number of actors, `token_frames` long."""
        counts = sorted(self._by_actors)
        weights = np.array([len(self._by_actors[c]) for c in counts], float)
        actors = counts[int(self._rng.choice(len(counts), p=weights / weights.sum()))]
        pool = self._by_actors[actors]
        picked = [pool[int(i)] for i in self._rng.integers(len(pool), size=size)]
        gathered = models.TRANSFORMER_CONFIG["patch_size_t"]
        length = token_frames * gathered
        starts = [int(self._rng.integers(len(c.latents) - length + 1)) for c in picked]
        cut = [slice(at, at + length) for at in starts]
        latents = torch.stack([c.latents[s] for c, s in zip(picked, cut, strict=True)]).float()
        tracks = np.stack([self._track(c)[:, s] for c, s in zip(picked, cut, strict=True)])
        boxes = tracks.reshape(size, actors, token_frames, gathered, 4).mean(3)
        grid = models.token_grid()
        masks = raster(boxes, grid.height, grid.width)
        inside = torch.from_numpy(masks.any(1)).to(latents.device)
        stated = torch.from_numpy(tracks).to(latents)
        nearness = -stated[..., 3].mean(-1)  # whose feet are lower in the frame is nearer
        places = place_channels(stated, nearness, *latents.shape[-2:])
        if not actors or self._rng.random() >= self._regions:
            text = self._joint_text(picked)
            return Batch(latents, text, None, inside, torch.zeros_like(places), None)
        figures = None
        text, tokens = self._region_text(picked)
        if self._rng.random() >= UNPAINTED:
            at = torch.tensor(starts)[:, None] + torch.arange(length)
            figures = Figures(tokens, stated, at.to(latents) / models.FPS, nearness)
        mask = dense_mask(torch.from_numpy(masks).to(latents.device))
        return Batch(latents, text, mask, inside, places, figures)

    def _track(self, clip: LatentClip) -> NDArray[np.float32]:
        """Return the boxes [A, T, 4] that this sample states: mostly a plan's, as a plan is loose,
        and otherwise those of what is seen."""
        planned = self._rng.random(clip.actors) < PLANNED
        if planned.all():
            return keyed(clip.planned.numpy(), self._rng)
        return np.where(
            planned[:, None, None],
            keyed(clip.planned.numpy(), self._rng),
            loosened(clip.boxes.numpy(), self._rng),
        )

    def _region_text(self, picked: Sequence[LatentClip]) -> tuple[Tensor, Tensor]:
        """Return the texts [B, R*L, 384], some emptied, and those of the figures, none emptied."""
        told: list[str] = []
        figures: list[str] = []
        for clip in picked:
            said = int(self._rng.integers(len(clip.joints)))
            texts = [*clip.regions[said], clip.backgrounds[said]]
            figures += texts[:-1]
            told += [""] * len(texts) if self._rng.random() < EMPTY_TEXTS else texts
        size, length = len(picked), models.TEXT_TOKENS
        rows = self._encoder.tokens(told, length).unflatten(0, (size, -1)).flatten(1, 2)
        return rows, self._encoder.tokens(figures, length).unflatten(0, (size, -1))

    def _joint_text(self, picked: Sequence[LatentClip]) -> Tensor:
        texts = [
            "" if self._rng.random() < EMPTY_TEXTS
            else clip.joints[int(self._rng.integers(len(clip.joints)))]
            for clip in picked
        ]  # fmt: skip
        return self._encoder.tokens(texts, models.CAPTION_TOKENS)


def raster(boxes: NDArray[np.float32], height: int, width: int) -> NDArray[np.bool_]:
    """Rasterise boxes [B, A, F, 4] as `engine.layout.cells` does: [B, A, F, H, W]."""
    scale = np.array([width, height, width, height], np.float32)
    left, top, right, bottom = np.moveaxis(np.rint(boxes * scale), -1, 0)[..., None, None]
    left, top = np.clip(left, 0, width - 1), np.clip(top, 0, height - 1)
    right = np.minimum(np.maximum(right, left + 1), width)
    bottom = np.minimum(np.maximum(bottom, top + 1), height)
    x, y = np.arange(width), np.arange(height)[:, None]
    return (x >= left) & (x < right) & (y >= top) & (y < bottom)


def dense_mask(masks: Tensor, length: int = models.TEXT_TOKENS) -> Tensor:
    """Return SR3AI's mask for regions [B, A, F, H, W]: [B, 1, S, S] bool, True where seen."""
    flat = masks.flatten(2)  # [B, A, N]
    visible = torch.cat([flat, ~flat.any(1, keepdim=True)], 1)  # [B, R, N]
    batch, regions, tokens = visible.shape
    texts = regions * length
    rows = visible.repeat_interleave(length, dim=1)  # [B, R*L, N]
    mask = masks.new_ones(batch, texts + tokens, texts + tokens)
    own = torch.arange(texts, device=masks.device) // length
    mask[:, :texts, :texts] = own[:, None] == own
    mask[:, :texts, texts:] = rows
    mask[:, texts:, :texts] = rows.transpose(1, 2)
    return mask[:, None]


def underpainted(painter: Underpainter, batch: Batch) -> Tensor:
    """Return the underpainting of a batch, [B, T, CHANNELS, H, W] fp32; zeros without figures."""
    size, frames, _, height, width = batch.latents.shape
    if batch.figures is None:
        return batch.latents.new_zeros(size, frames, UNDER_CHANNELS, height, width)
    told = batch.figures
    return underpaint(painter, told.tokens, told.tracks, told.depths, told.times_s, height, width)


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
    clock = Clock(run)
    if state := load_checkpoint(path, run.device):
        transformer.load_state_dict(state["transformer"])
        average.shadow = state["average"]
        clock = Clock(run, state["step"], state["spent_s"])
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


def _drawn_batch(supply: Clips, run: Run, clock: Clock) -> tuple[int, Batch]:
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
