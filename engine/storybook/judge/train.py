"""The drawn world -> the judge's weights and their card: `python -m ...storybook.judge.train`.

Seeded and resumable: a checkpoint a minute lies under --work. First the segmenter and the place
network on damaged frames, then the motion network on crops, then the card is measured.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from ..models import autocast
from .accuracy import measure
from .judge import CARD, WEIGHTS, Judge
from .nets import PIXEL_CLASSES, MotionNet, PlaceNet, Segmenter
from .samples import UNKNOWN, JudgeSamples

SEED = 90_210  # the judge's own; nothing else in the project draws with it
log = logging.getLogger(__name__)

Loss = Callable[[JudgeSamples], Tensor]


def train_frames(args: argparse.Namespace) -> tuple[Segmenter, PlaceNet]:
    """Train the two networks that look at single frames."""
    torch.manual_seed(args.seed)
    nets = nn.ModuleDict({"segmenter": Segmenter(), "places": PlaceNet()})
    nets.to(args.device).to(memory_format=torch.channels_last)
    weights = torch.ones(PIXEL_CLASSES, device=args.device)
    weights[0] = 0.5  # most pixels are background

    def loss(lessons: JudgeSamples) -> Tensor:
        pixels, labels, places = (t.to(args.device) for t in lessons.frames(args.batch // 2))
        pixels = pixels.contiguous(memory_format=torch.channels_last)
        with autocast(torch.device(args.device)):
            named, placed = nets["segmenter"](pixels), nets["places"](pixels)
        return F.cross_entropy(
            named.float(), labels, weights, ignore_index=UNKNOWN
        ) + 0.2 * F.cross_entropy(placed.float(), places)

    _fit(nets, loss, args, "frames", args.frame_steps, args.seed)
    segmenter, places = nets["segmenter"], nets["places"]
    assert isinstance(segmenter, Segmenter) and isinstance(places, PlaceNet)
    return segmenter, places


def train_motions(args: argparse.Namespace) -> MotionNet:
    """Train the network that reads crops and tracks."""
    torch.manual_seed(args.seed + 1)
    net = MotionNet().to(args.device)

    def loss(lessons: JudgeSamples) -> Tensor:
        crops, features, motions = (t.to(args.device) for t in lessons.motions(args.batch))
        with autocast(torch.device(args.device)):
            named = net(crops, features)
        return F.cross_entropy(named.float(), motions, label_smoothing=0.05)

    _fit(net, loss, args, "motions", args.motion_steps, args.seed + 1)
    return net


def _fit(
    net: nn.Module, loss: Loss, args: argparse.Namespace, name: str, steps: int, seed: int
) -> None:
    """Run an optimiser over fresh lessons, resuming from the last checkpoint."""
    path: Path = args.work / f"judge-{name}.pt"
    optimizer = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.lr, total_steps=steps + 1)
    done = 0
    if path.exists():
        state = torch.load(path, map_location=args.device, weights_only=True)
        net.load_state_dict(state["net"])
        done = int(state["step"])
        if done < steps:
            optimizer.load_state_dict(state["optimizer"])
            schedule.load_state_dict(state["schedule"])
        log.info("%s: resumed at step %d of %d", name, done, steps)
    if done >= steps:
        return
    # What follows a resumption is drawn anew, not repeated.
    lessons = JudgeSamples(seed * 1000 + done)
    net.train()
    last, running = time.monotonic(), 0.0
    for step in range(done + 1, steps + 1):
        lessons.renew(args.renew)
        value = loss(lessons)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        running = 0.97 * running + 0.03 * value.item() if running else value.item()
        if time.monotonic() - last > args.every or step == steps:
            last = time.monotonic()
            _save(path, net=net.state_dict(), optimizer=optimizer.state_dict(),
                  schedule=schedule.state_dict(), step=step)  # fmt: skip
            log.info("%s: step %d of %d, loss %.3f", name, step, steps, running)


def _save(path: Path, **state: Any) -> None:  # state dicts of several kinds
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    os.replace(temporary, path)


def export(nets: dict[str, nn.Module], path: Path) -> None:
    """Write all networks into one file, fp16."""
    state = {
        f"{name}.{key}": (v.half() if v.is_floating_point() else v).cpu().contiguous()
        for name, net in nets.items()
        for key, v in net.state_dict().items()
    }
    save_file(state, path)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(prog="python -m dreamrunner.engine.storybook.judge.train")
    top.add_argument("--work", type=Path, default=Path(".training"))
    top.add_argument("--weights", type=Path, default=WEIGHTS)
    top.add_argument("--card", type=Path, default=CARD)
    top.add_argument("--seed", type=int, default=SEED)
    top.add_argument("--frame-steps", type=int, default=1300)
    top.add_argument("--motion-steps", type=int, default=800)
    top.add_argument("--batch", type=int, default=24)
    top.add_argument("--renew", type=int, default=2, help="new clips a step")
    top.add_argument("--lr", type=float, default=3e-3)
    top.add_argument("--clips", type=int, default=300, help="held-out clips for the card")
    top.add_argument("--every", type=float, default=60.0, help="seconds a checkpoint")
    top.add_argument("--threads", type=int, default=1)
    top.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return top


def main() -> None:
    """Train what is not trained yet, export it, and measure the card."""
    args = parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    log.info("%s", {k: str(v) for k, v in vars(args).items()})
    torch.set_num_threads(args.threads)
    segmenter, places = train_frames(args)
    nets = {"segmenter": segmenter, "places": places, "motions": train_motions(args)}
    export(nets, args.weights)
    card = {
        "seed": args.seed,
        "steps": {"frames": args.frame_steps, "motions": args.motion_steps},
        "batch": args.batch,
        "torch": torch.__version__,
        **measure(Judge.load(args.weights), args.clips),
    }
    args.card.write_text(json.dumps(card, indent=1) + "\n")
    log.info("wrote %s and %s", args.weights, args.card)


if __name__ == "__main__":
    main()
