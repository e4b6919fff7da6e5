"""Clips of a motion -> a LoRA on the frozen models that teaches it.

How the motion turns whole figures over is looked for first. Where it does, that turn is all that
is kept: layers that were learnt beside it showed the motion no more often and the figure less
(docs/decisions/0038-a-turn-is-all-of-it.md). Else peft puts low-rank layers on every attention and
feed-forward projection of the transformer, and on all of the underpainter. The underpainter is
taught first, by its own loss, on clips of which the empty place is known (by the transformer's loss
it unlearnt the figures); then the transformer, over what is now painted. The clips are encoded
once, and trained on as the base was, as regions where their tracks are known and as one caption
otherwise. A sixth of the clips is held out, and the weights kept are those of the best loss on
them. The file is this family's own: no stock pipeline has an underpainter or turns.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch
from diffusers import AutoencoderKLCogVideoX, CogVideoXTransformer3DModel
from peft import LoraConfig, inject_adapter_in_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file
from torch import Tensor, nn

from ....errors import AdapterError
from ...protocol import OnStep
from ...sr3ai.lora import NO_LAYERS
from .. import models
from ..text_encoder import TextEncoder
from ..turning import TURNS
from ..underpainting import Underpainter
from .batches import Batch, Clips
from .clips import LatentClip
from .denoiser import DenseMaskProcessor, denoising_loss
from .turn_search import MOST_CLIPS, Turning, found_turning, painted, upright
from .underpainter import LatentFrames

TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2")
FILE = "pytorch_lora_weights.safetensors"
FEWEST_CLIPS = 4
HELD_OUT = 6  # every sixth clip


class Base(NamedTuple):
    """The two models that an adapter changes."""

    transformer: CogVideoXTransformer3DModel
    underpainter: Underpainter


@dataclass(frozen=True, slots=True)
class AdapterSettings:
    """How an adapter is trained. The alpha is the rank, so that its scale is one."""

    rank: int = 16
    painting_steps: int = 120
    painting_batch: int = 32
    painting_lr: float = 2e-3
    steps: int = 40
    batch: int = 4
    lr: float = 2e-3
    seed: int = 11
    check_every: int = 20
    turned_layers: bool = False  # whether layers are learnt beside a turn


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """The kept weights by name, the step they are from, and the held-out loss there.

    `means` says in words what was learnt, and how.
    """

    state: dict[str, Tensor]
    step: int
    loss: float
    means: str = ""


def train_adapter(
    base: Base,
    vae: AutoencoderKLCogVideoX,
    clips: Sequence[LatentClip],
    encoder: TextEncoder,
    settings: AdapterSettings,
    on_step: OnStep,
) -> TrainingResult:
    """Train a LoRA on clips; the base itself is left as it was.

    `on_step` counts the clips that are searched for a turn, and then, by another total, the steps
    of learning: where the turn is all of a motion there are none.

    Raises:
        AdapterError: there are too few clips to learn from.
    """
    if len(clips) < FEWEST_CLIPS:
        raise AdapterError(f"{len(clips)} clips are too few to learn from: {FEWEST_CLIPS} at least")
    looked = min(len(clips), MOST_CLIPS)
    steps = settings.painting_steps + settings.steps
    turning = found_turning(base.underpainter, clips, encoder, lambda at: on_step(at, looked))
    if turning and not settings.turned_layers:
        state = {f"underpainter.{TURNS}": turning.turns.half()}
        return TrainingResult(state, 0, turning.error, _means(turned=True, layers=False))
    if turning:
        clips = clips[:MOST_CLIPS]  # of the others nobody knows how they turn
    model = _with_lora(base, settings)
    lessons = _upright(vae, clips, turning) if turning else dict(enumerate(clips))
    _teach_painting(
        model.underpainter, [clip for at, clip in lessons.items() if at % HELD_OUT],
        encoder, settings, lambda at: on_step(at, steps),
    )  # fmt: skip
    if turning:
        clips = _repainted(model.underpainter, vae, clips, encoder, turning)
    best = _teach_denoising(
        model,
        clips,
        encoder,
        settings,
        lambda at: on_step(settings.painting_steps + at, steps),
    )
    if turning:
        turns = {f"underpainter.{TURNS}": turning.turns.half()}
        best = replace(best, state=best.state | turns)
    return replace(best, means=_means(turned=turning is not None, layers=True))


def _means(*, turned: bool, layers: bool) -> str:
    """Say what an adapter of this family is."""
    turn = "a turn of whole figures, found by a search over 31 turns and narrowings a frame"
    learnt = "low-rank layers that teach the underpainter and the transformer"
    return ", and ".join([turn] * turned + [learnt] * layers)


def _upright(
    vae: AutoencoderKLCogVideoX, clips: Sequence[LatentClip], turning: Turning
) -> dict[int, LatentClip]:
    """Return the clips of one figure by their number, turned back so that it stands upright."""
    alone = {
        at: clip for at, clip in enumerate(clips) if clip.actors == 1 and clip.ground is not None
    }
    found = {}
    for at, clip in alone.items():
        turns = turning.of(at, 0)
        found[at] = clip if turns is None else upright(vae, clip, turns)
    return found


def _repainted(
    painter: Underpainter, vae: AutoencoderKLCogVideoX, clips: Sequence[LatentClip],
    encoder: TextEncoder, turning: Turning,
) -> list[LatentClip]:  # fmt: skip
    """Return the clips with their underpaintings, figures turned over."""
    return [
        replace(clip, painted=painted(
            painter, vae, clip, encoder, [turning.of(at, actor) for actor in range(clip.actors)]
        ))
        for at, clip in enumerate(clips)
    ]  # fmt: skip


def _teach_painting(
    painter: Underpainter,
    clips: Sequence[LatentClip],
    encoder: TextEncoder,
    settings: AdapterSettings,
    on_step: Callable[[int], None],
) -> None:
    """Teach the underpainter's low-rank layers, and freeze them.

    Without a clip of known figures and place they stay as they are: changing nothing.
    """
    learned = [p for p in painter.parameters() if p.requires_grad]
    frames = LatentFrames(encoder, settings.seed)
    frames.add(clips)
    optimizer = torch.optim.AdamW(learned, lr=settings.painting_lr, betas=(0.9, 0.98))
    for step in range(settings.painting_steps if len(frames) else 0):
        rate = min(1.0, (step + 1) / 20) * max(0.05, 1 - step / settings.painting_steps)
        optimizer.param_groups[0]["lr"] = settings.painting_lr * rate
        loss, _ = frames.loss(painter, settings.painting_batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        on_step(step + 1)
    painter.requires_grad_(False)


def _teach_denoising(
    model: Base,
    clips: Sequence[LatentClip],
    encoder: TextEncoder,
    settings: AdapterSettings,
    on_step: Callable[[int], None],
) -> TrainingResult:
    """Teach the transformer's low-rank layers; return the best of them, with the underpainter's."""
    device = next(model.transformer.parameters()).device
    processor = DenseMaskProcessor()
    model.transformer.set_attn_processor(processor)
    learned = [p for p in model.transformer.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=settings.lr, betas=(0.9, 0.98), weight_decay=1e-4)
    held_out, supply = Clips(encoder, settings.seed), Clips(encoder, settings.seed + 1)
    held_out.add(clips[::HELD_OUT])
    supply.add([clip for at, clip in enumerate(clips) if at % HELD_OUT])
    checks = [held_out.batch(4, 5) for _ in range(3)]
    best = TrainingResult(_weights(model), 0, _held_out_loss(model, processor, checks))
    generator = torch.Generator().manual_seed(settings.seed)
    schedule = models.scheduler()
    for step in range(1, settings.steps + 1):
        rate = min(1.0, step / 10) * max(0.1, 1 - step / settings.steps)
        optimizer.param_groups[0]["lr"] = settings.lr * rate
        batch = supply.batch(settings.batch, 5).to(device)
        with models.autocast(device):
            loss = denoising_loss(*model, processor, schedule, batch, generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        on_step(step)
        if step % settings.check_every == 0 or step == settings.steps:
            loss_now = _held_out_loss(model, processor, checks)
            if loss_now < best.loss:
                best = TrainingResult(_weights(model), step, loss_now)
    return best


def _with_lora(base: Base, settings: AdapterSettings) -> Base:
    """Return a copy of the base with new LoRA layers, which alone are to be trained."""
    torch.manual_seed(settings.seed)  # peft draws its initial weights from the global generator
    copied = copy.deepcopy(base)
    for module, targets in (
        (copied.transformer, list(TARGETS)),
        (copied.underpainter, _layers(copied.underpainter)),
    ):
        config = LoraConfig(
            r=settings.rank, lora_alpha=settings.rank, target_modules=targets,
            init_lora_weights="gaussian",
        )  # fmt: skip
        inject_adapter_in_model(config, module)
    return copied


def _layers(painter: Underpainter) -> list[str]:
    kinds = nn.Linear | nn.Conv2d
    return [name for name, module in painter.named_modules() if isinstance(module, kinds)]


@torch.no_grad()
def _held_out_loss(model: Base, processor: DenseMaskProcessor, checks: Sequence[Batch]) -> float:
    device = next(model.transformer.parameters()).device
    schedule, generator = models.scheduler(), torch.Generator().manual_seed(0)
    with models.autocast(device):
        losses = [
            denoising_loss(*model, processor, schedule, batch.to(device), generator)
            for batch in checks
        ]
    return float(torch.stack(losses).mean())


def _weights(model: Base) -> dict[str, Tensor]:
    """Return the LoRA layers by name, with the name of their model before them, in fp16."""
    return {
        f"{part}.{name}": value.detach().to("cpu", torch.float16).clone()
        for part, module in zip(Base._fields, model, strict=True)
        for name, value in get_peft_model_state_dict(module).items()
    }


def save_adapter(trained: TrainingResult, folder: Path) -> Path:
    """Write an adapter; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    layers = any("lora" in name for name in trained.state)
    # One entry alone: safetensors writes several in any order, and equal adapters shall be equal
    # files, which a film's lock compares.
    about = {"format": "pt"} if layers else {NO_LAYERS: "true"}
    save_file(trained.state, folder / FILE, metadata=about)
    return folder / FILE
