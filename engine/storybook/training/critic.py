"""Samples -> the critic's weights: true texts against false ones, resumable."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ....errors import WeightsError
from .. import models
from ..critic.model import Critic
from .critic_samples import ClipPool, CriticSample, teach
from .export import LICENCE
from .loop import (
    Run,
    TrainingClock,
    learning_rate,
    load_checkpoint,
    save_checkpoint,
)

POOL = 64  # drawn clips held at a time


@contextmanager
def frozen_statistics(module: nn.Module) -> Iterator[None]:
    """Let batch norm use its running means: whole frames must not mix into those of squares."""
    norms = [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.eval()
    try:
        yield
    finally:
        for norm in norms:
            norm.train()


def contrast(critic: Critic, seen: Tensor, texts: list[list[str]], known: Tensor) -> Tensor:
    """Return the mean cross entropy of each row's first text among its own.

    Args:
        critic: for its scale.
        seen: [B, D] unit length.
        texts: of each row, the true one first.
        known: [U, D], the embeddings of all different texts of the lesson, in sorted order.
    """
    first = torch.zeros(len(seen), dtype=torch.long, device=seen.device)
    return F.cross_entropy(scores(critic, seen, texts, known), first)


def scores(critic: Critic, seen: Tensor, texts: list[list[str]], known: Tensor) -> Tensor:
    """Return logits [B, K], minus infinity where a row has fewer texts than K."""
    names = sorted({text for row in texts for text in row})
    at = {name: i for i, name in enumerate(names)}
    width = max(len(row) for row in texts)
    index = torch.tensor([[at[t] for t in row] + [0] * (width - len(row)) for row in texts])
    real = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in texts]).bool()
    logits = critic.logits(seen, known[index.to(known.device)])
    return logits.masked_fill(~real.to(known.device), -math.inf)


def loss_of(critic: Critic, lesson: CriticSample) -> dict[str, Tensor]:
    """Return the losses of a lesson: who and where, what, and the places of figures in frames."""
    device = critic.clip.logit_scale.device
    pictures = torch.stack(lesson.pictures).to(device)
    movements = torch.stack(lesson.movements).to(device)
    # One forward of all squares, so that batch norm sees one mixture.
    deepest = critic.maps(torch.cat([pictures, movements.flatten(0, 1)]))[-1]
    seen = critic.pictures_of(deepest[: len(pictures)])
    moved = critic.movements_of(deepest[len(pictures) :].unflatten(0, movements.shape[:2]))
    with frozen_statistics(critic.visual):
        maps = critic.maps(torch.stack(lesson.frames).to(device))
    wanted = critic.texts([t for row in lesson.wanted for t in row]).unflatten(0, (-1, 5))
    logits = critic.finder(maps, wanted)
    truth = torch.stack(lesson.truth).to(device)
    found = F.binary_cross_entropy_with_logits(logits, truth.clamp(min=0), reduction="none")
    weight = (truth >= 0).float() * (1 + 2 * (truth > 0))
    return {
        "who": contrast(critic, seen, lesson.picture_texts, _known(critic, lesson.picture_texts)),
        "what": contrast(
            critic, moved, lesson.movement_texts, _known(critic, lesson.movement_texts)
        ),
        "find": 4 * (found * weight).sum() / weight.sum(),
    }


def _known(critic: Critic, texts: list[list[str]]) -> Tensor:
    return critic.texts(sorted({text for row in texts for text in row}))


def train_critic(run: Run, *, start: Path | None = None) -> None:
    """Train the critic, on the device or on as many threads as torch was given.

    Without a checkpoint it begins with random weights, or with those exported to `start`.
    """
    torch.manual_seed(run.seed)
    path = run.work / "critic.pt"
    critic = new_critic(run.device)
    if start is not None:
        critic.load(start / "critic.safetensors")
    weights = [p for p in critic.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in weights if p.ndim > 1], "weight_decay": 0.05},
        {"params": [p for p in weights if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=run.lr, betas=(0.9, 0.98))
    clock = TrainingClock(run)
    if (state := load_checkpoint(path, run.device)) is not None:
        critic.load_state_dict(state["critic"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        clock = TrainingClock(run, state["step"], state["spent_s"])
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    supply = ClipPool(run.seed + 7919 * (clock.step + 1), POOL)
    means: dict[str, float] = {}
    while clock.done < 1:
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(run, clock)
        supply.renew(2)
        lesson = CriticSample()
        for _ in range(run.batch):
            teach(supply.example(), supply.rng, lesson)
        with models.autocast(run.device):
            losses = loss_of(critic, lesson)
        optimizer.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        clock.step += 1
        for name, value in losses.items():
            means[name] = 0.95 * means.get(name, value.item()) + 0.05 * value.item()
        if clock.due():
            save_checkpoint(
                path,
                critic=critic.trained(),
                optimizer=optimizer.state_dict(),
                step=clock.step,
                spent_s=clock.spent_s,
            )
            shown = ", ".join(f"{name} {value:.3f}" for name, value in means.items())
            run.log(f"critic step {clock.step}: {shown}, {clock.rate:.1f} clips/s")


def export_critic(run: Run, folder: Path) -> None:
    """Write `critic.safetensors`; `tools/critic/calibrate.py` then calibrates its thresholds."""
    state = load_checkpoint(run.work / "critic.pt", run.device)
    if state is None:
        raise WeightsError(f"nothing trained at {run.work / 'critic.pt'}: run `critic` first")
    critic = Critic()
    critic.load_state_dict(state["critic"], strict=False)
    made = {"steps": str(state["step"]), "seed": str(run.seed), "licence": LICENCE}
    critic.save(folder / "critic.safetensors", made)
    run.log(f"critic.safetensors: {made}")


def new_critic(device: torch.device) -> Critic:
    """Return a critic with random weights, ready to be trained."""
    critic = Critic().to(device).train()
    critic.clip.text.transformer.eval()
    # Convolutions this narrow are several times faster on a CPU with their channels last.
    critic.visual.to(memory_format=torch.channels_last)
    return critic
