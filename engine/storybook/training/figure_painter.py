"""Drawn parts -> the figure painter: taught to name the part in each cell of a canvas.

Samples are drawn as they are needed, a few milliseconds each, so none is seen twice. Small parts,
as eyes and mouths, weigh more than their cells. How somebody is posed is taught beside it, by all
motions at all times of a clip.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .. import models
from ..figure_painting import (
    ITEMS,
    MOTIONS,
    FigurePainter,
    PersonWords,
    codes_of,
    pose_loss,
    pose_vector,
)
from ..world.additions import Framing
from ..world.figures.motions import pose_at
from ..world.figures.parts import COUNT, draw_parts
from ..world.held_out import is_held_out
from ..world.scenes.people_scenes import sample_look, sample_motion
from .loop import Average, Run, TrainingClock, learning_rate, load_checkpoint, save_checkpoint

_FRAMINGS: tuple[Framing, ...] = ("wide", "medium", "close")

NOTHING, FINE = 0.4, 3.0  # the weight of cells of nobody, and of small parts
# The shades of skin and hair, of wrinkles and brows; white, ink, mouth, tongue, lips.
_FINE_PARTS = (2, 4, 13, 14, 15, 16, 17)
CARRYING = 0.2
KEPT = 4096  # figures that were drawn and may be seen again


@dataclass(frozen=True, slots=True)
class PartSamples:
    """M drawn figures: attributes [M, 10], true poses [M, POSE], parts [M, h, w] uint8."""

    codes: Tensor
    poses: Tensor
    parts: Tensor

    def some(self, rows: Tensor) -> PartSamples:
        return PartSamples(self.codes[rows], self.poses[rows], self.parts[rows])

    def joined(self, other: PartSamples) -> PartSamples:
        return PartSamples(
            torch.cat([self.codes, other.codes]), torch.cat([self.poses, other.poses]),
            torch.cat([self.parts, other.parts]),
        )  # fmt: skip


def draw_samples(rng: np.random.Generator, count: int) -> PartSamples:
    """Draw figures of looks, motions, times and framings as training scenes have them."""
    words, poses, parts = [], [], []
    for _ in range(count):
        framing = _FRAMINGS[int(rng.choice(3, p=(0.6, 0.22, 0.18)))]
        look, motion = sample_look(rng, evenly=True), sample_motion(rng, framing)
        while is_held_out(look, motion):
            look = sample_look(rng, evenly=True)
        item = ITEMS[int(rng.integers(1, len(ITEMS)))] if rng.random() < CARRYING else ""
        pose = pose_at(motion, int(rng.integers(models.FRAMES)), models.FRAMES, models.FPS)
        words.append(PersonWords(look, motion, framing, item))
        poses.append(pose_vector(pose))
        parts.append(torch.from_numpy(draw_parts(look, framing, pose, item).copy()))
    codes, _ = codes_of(words)
    return PartSamples(codes, torch.stack(poses), torch.stack(parts))


def train_mover(painter: FigurePainter, steps: int = 1500) -> float:
    """Teach how each motion is posed at each time, and return the last loss."""
    motions, times, poses = all_poses()
    learned = [*painter.motion.parameters(), *painter.move.parameters()]
    optimizer = torch.optim.AdamW(learned, lr=3e-3, weight_decay=0.0)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = 3e-3 * (1 - step / steps)
        loss = pose_loss(painter.posed(motions, times), poses)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return loss.item()


def part_weights() -> Tensor:
    """Return the weight of each part's cells, [COUNT]."""
    weights = torch.ones(COUNT)
    weights[0] = NOTHING
    weights[list(_FINE_PARTS)] = FINE
    return weights


@torch.no_grad()
def take_out_weights(painter: FigurePainter) -> None:
    """Say parts as likely as they are, not as their cells weigh in the loss.

    Weights of a loss shift where one part is likelier than the next: rims of glasses grow over the
    eyes. Their logarithms are taken from the last layer's bias, four cells of a part each.
    """
    assert painter.parts.bias is not None
    painter.parts.bias -= part_weights().log().repeat_interleave(4)


@torch.no_grad()
def put_in_weights(painter: FigurePainter) -> None:
    """Undo `take_out_weights`: what was exported goes on learning by the loss."""
    assert painter.parts.bias is not None
    painter.parts.bias += part_weights().log().repeat_interleave(4)


def all_poses() -> tuple[Tensor, Tensor, Tensor]:
    """Return every motion [M] at every time [M] of a clip, and how it is posed [M, POSE]."""
    frames = range(models.FRAMES)
    motions = torch.arange(len(MOTIONS)).repeat_interleave(models.FRAMES)
    times = torch.tensor([k / models.FPS for _ in MOTIONS for k in frames])
    poses = [pose_vector(pose_at(m, k, models.FRAMES, models.FPS)) for m in MOTIONS for k in frames]
    return motions, times, torch.stack(poses)


def train_figure_painter(run: Run, *, start: Path | None = None) -> None:
    """Train the figure painter, anew or on from a checkpoint or from weights in `start`."""
    path = run.work / "people.pt"
    torch.manual_seed(run.seed)
    painter = FigurePainter().to(run.device).to(memory_format=torch.channels_last)
    if start is not None:
        new = models.load_what_fits(painter, start / "people.safetensors")
        put_in_weights(painter)
        run.log(f"begins anew: {', '.join(new) or 'nothing'}")
    rest = [p for n, p in painter.named_parameters() if not n.startswith(("motion.", "move."))]
    optimizer = torch.optim.AdamW(rest, lr=run.lr, betas=(0.9, 0.98), weight_decay=0.01)
    clock = TrainingClock(run)
    if state := load_checkpoint(path, run.device):
        painter.load_state_dict(state["people"])
        average = Average(painter, 0.99)
        average.shadow = state["average"]
        optimizer.load_state_dict(state["optimizer"])
        clock = TrainingClock(run, state["step"], state["spent_s"])
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    else:
        run.log(f"poses learnt to {train_mover(painter):.4f}")
        average = Average(painter, 0.99)
    rng = np.random.default_rng([run.seed, clock.step])
    kept = draw_samples(rng, run.batch)
    weights = part_weights().to(run.device)
    smoothed = 0.0
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = learning_rate(run, clock, warmup=100)
        # A half is new, and a half was seen before: drawing takes as long as learning.
        fresh = draw_samples(rng, run.batch // 2)
        again = torch.from_numpy(rng.integers(len(kept.parts), size=run.batch - run.batch // 2))
        drawn = fresh.joined(kept.some(again))
        kept = fresh.joined(kept)
        kept = kept.some(torch.arange(min(len(kept.parts), KEPT)))
        parts = drawn.parts.to(run.device).long()
        with models.autocast(run.device):
            logits = painter(drawn.codes.to(run.device), drawn.poses.to(run.device))
        loss = F.cross_entropy(logits.float(), parts, weights)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        optimizer.step()
        clock.step += 1
        average.update(painter, clock.step)
        with torch.no_grad():
            right = (logits.argmax(1) == parts)[parts > 0].float().mean().item()
        smoothed = (
            right if clock.step == 1 or not smoothed else smoothed + 0.03 * (right - smoothed)
        )
        if clock.due():
            save_checkpoint(
                path, people=painter.state_dict(), average=average.shadow,
                optimizer=optimizer.state_dict(), step=clock.step, spent_s=clock.spent_s,
            )  # fmt: skip
            run.log(
                f"people step {clock.step} {clock.spent_s / 60:.1f} min, cells of figures right "
                f"{smoothed:.3f}, loss {loss.item():.3f}, {clock.rate:.0f}/s"
            )
