"""Drawn places -> the place painter: taught to name the part in each cell of a canvas.

There are a few dozen pictures in all, each place in its layouts, so they are drawn once.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from .. import models
from ..place_painting import PlacePainter
from ..world.places.place_parts import LAYOUTS, PAINTED, place_parts
from .loop import Average, Run, TrainingClock, learning_rate, load_checkpoint, save_checkpoint


def train_place_painter(run: Run) -> None:
    """Train the place painter, anew or on from a checkpoint."""
    path = run.work / "places.pt"
    torch.manual_seed(run.seed)
    painter = PlacePainter().to(run.device).to(memory_format=torch.channels_last)
    average = Average(painter, 0.99)
    optimizer = torch.optim.AdamW(painter.parameters(), lr=run.lr, weight_decay=0.0)
    clock = TrainingClock(run)
    if state := load_checkpoint(path, run.device):
        painter.load_state_dict(state["places"])
        average.shadow = state["average"]
        optimizer.load_state_dict(state["optimizer"])
        clock = TrainingClock(run, state["step"], state["spent_s"])
        run.log(f"resumed at step {clock.step}, {clock.spent_s / 60:.1f} minutes in")
    drawn = np.stack([place_parts(place, k) for place in PAINTED for k in range(LAYOUTS)])
    pictures = torch.from_numpy(drawn).long().to(run.device)
    rng = np.random.default_rng([run.seed, clock.step])
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = learning_rate(run, clock)
        some = torch.from_numpy(rng.permutation(len(pictures))[: run.batch]).to(run.device)
        with models.autocast(run.device):
            logits = painter(some)
        loss = F.cross_entropy(logits.float(), pictures[some])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(painter.parameters(), 1.0)
        optimizer.step()
        clock.step += 1
        average.update(painter, clock.step)
        if clock.due():
            save_checkpoint(
                path, places=painter.state_dict(), average=average.shadow,
                optimizer=optimizer.state_dict(), step=clock.step, spent_s=clock.spent_s,
            )  # fmt: skip
            right = (logits.argmax(1) == pictures[some]).float().mean().item()
            run.log(
                f"places step {clock.step} {clock.spent_s / 60:.1f} min, loss {loss.item():.4f}, "
                f"cells right {right:.4f}, {clock.rate:.0f}/s"
            )
