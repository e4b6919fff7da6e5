"""Drawn kinds beside animals and people -> their painter: taught to name the part in each cell.

Every kind in every motion at every time of a clip comes to a few hundred pictures, so they are
drawn once. Who does what is held out stays unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .. import models
from ..figure_painting import FigurePainter, pose_loss, pose_vector
from ..others_painting import KINDS, MOTIONS, new_others_painter
from ..world.figures.motions import pose_at
from ..world.figures.others.drawing import COUNT, draw_other_parts
from ..world.held_out import HELD_OUT_OTHERS
from ..world.others import kinds
from .loop import Average, Run, TrainingClock, learning_rate, load_checkpoint, save_checkpoint

NOTHING, FINE = 0.4, 3.0  # the weight of cells of nothing, and of small parts
_FINE_PARTS = (5, 6, 8, 9)  # white, ink, mouth, tongue


@dataclass(frozen=True, slots=True)
class DrawnPictures:
    """N different pictures: kinds [N, 1], poses [N, POSE], parts [N, h, w] uint8."""

    codes: Tensor
    poses: Tensor
    parts: Tensor


def draw_pictures(*, held_out: bool = False) -> DrawnPictures:
    """Draw each kind in all poses of its motions, alike ones once; or what is held out alone."""
    found: dict[tuple[int, bytes], tuple[Tensor, Tensor]] = {}
    for number, name in enumerate(KINDS):
        for motion in kinds()[name].motions:
            if ((name, motion) in HELD_OUT_OTHERS) != held_out:
                continue
            for frame in range(models.FRAMES):
                pose = pose_at(motion, frame, models.FRAMES, models.FPS)
                parts = draw_other_parts(name, pose)
                told = pose_vector(pose, drawn_lying=True)
                found.setdefault((number, parts.tobytes()), (told, torch.from_numpy(parts.copy())))
    poses, parts_seen = zip(*found.values(), strict=True)
    codes = torch.tensor([[number] for number, _ in found])
    return DrawnPictures(codes, torch.stack(poses), torch.stack(parts_seen))


def all_poses() -> tuple[Tensor, Tensor, Tensor]:
    """Return every motion [M] at every time [M] of a clip, and how it is posed [M, POSE]."""
    frames = range(models.FRAMES)
    motions = torch.arange(len(MOTIONS)).repeat_interleave(models.FRAMES)
    times = torch.tensor([k / models.FPS for _ in MOTIONS for k in frames])
    poses = [
        pose_vector(pose_at(m, k, models.FRAMES, models.FPS), drawn_lying=True)
        for m in MOTIONS
        for k in frames
    ]
    return motions, times, torch.stack(poses)


def part_weights() -> Tensor:
    """Return the weight of each part's cells, [COUNT]."""
    weights = torch.ones(COUNT)
    weights[0] = NOTHING
    weights[list(_FINE_PARTS)] = FINE
    return weights


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


def train_others_painter(run: Run, *, start: Path | None = None) -> None:
    """Train the painter, anew or on from a checkpoint or from weights in `start`."""
    path = run.work / "others.pt"
    torch.manual_seed(run.seed)
    painter = new_others_painter().to(run.device).to(memory_format=torch.channels_last)
    if start is not None:
        models.load_weights(painter, start / "others.safetensors")
    rest = [p for n, p in painter.named_parameters() if not n.startswith(("motion.", "move."))]
    optimizer = torch.optim.AdamW(rest, lr=run.lr, betas=(0.9, 0.98), weight_decay=0.01)
    clock = TrainingClock(run)
    if state := load_checkpoint(path, run.device):
        painter.load_state_dict(state["others"])
        average = Average(painter, 0.99)
        average.shadow = state["average"]
        optimizer.load_state_dict(state["optimizer"])
        clock = TrainingClock(run, state["step"], state["spent_s"])
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    else:
        run.log(f"poses learnt to {train_mover(painter):.4f}")
        average = Average(painter, 0.99)
    drawn, weights = draw_pictures(), part_weights().to(run.device)
    run.log(f"{len(drawn.parts)} pictures")
    rng = np.random.default_rng([run.seed, clock.step])
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = learning_rate(run, clock, warmup=100)
        some = torch.from_numpy(rng.choice(len(drawn.parts), run.batch, replace=False))
        parts = drawn.parts[some].to(run.device).long()
        with models.autocast(run.device):
            logits = painter(drawn.codes[some].to(run.device), drawn.poses[some].to(run.device))
        loss = F.cross_entropy(logits.float(), parts, weights)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        optimizer.step()
        clock.step += 1
        average.update(painter, clock.step)
        if clock.due():
            save_checkpoint(
                path, others=painter.state_dict(), average=average.shadow,
                optimizer=optimizer.state_dict(), step=clock.step, spent_s=clock.spent_s,
            )  # fmt: skip
            right = (logits.argmax(1) == parts)[parts > 0].float().mean().item()
            run.log(
                f"others step {clock.step} {clock.spent_s / 60:.1f} min, cells of figures right "
                f"{right:.3f}, loss {loss.item():.4f}, {clock.rate:.0f}/s"
            )
