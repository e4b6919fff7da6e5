"""Nothing -> the weights of the embedded family: `codec`, then `clips`, then `transformer`.

Every command is seeded, says what it does, and resumes from its last checkpoint; CPU and CUDA run
the same code. Checkpoints lie under --work (git ignores `.training`); `export` writes the
averaged weights as fp16 safetensors with their card.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from . import models
from .training import codec

Log = Callable[[str], None]


class Average:
    """An exponential moving average of a module's parameters."""

    def __init__(self, module: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.shadow = {k: v.detach().clone() for k, v in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: torch.nn.Module, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, value in module.state_dict().items():
            self.shadow[name].lerp_(value, 1 - decay)


def save_checkpoint(path: Path, **state: Any) -> None:  # whatever a command needs to go on
    """Write a checkpoint to a temporary name and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    os.replace(temporary, path)


def autocast(device: torch.device) -> torch.autocast:
    """Return bf16 autocast where the processor multiplies bf16 fast, else none."""
    fast = device.type == "cuda" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def train_codec(args: argparse.Namespace, log: Log) -> None:
    """Train the codec for `--steps` steps or `--minutes` minutes, whichever ends first."""
    device, path = torch.device(args.device), args.work / "codec.pt"
    torch.manual_seed(args.seed)
    vae = models.new_vae().to(device)
    average = Average(vae, 0.998)
    optimizer = torch.optim.AdamW(vae.parameters(), lr=args.lr, betas=(0.9, 0.95), weight_decay=0)
    step, spent = 0, 0.0
    if path.exists():
        state = torch.load(path, map_location=device, weights_only=True)
        vae.load_state_dict(state["vae"])
        average.shadow = state["average"]
        optimizer.load_state_dict(state["optimizer"])
        step, spent = state["step"], state["spent"]
        log(f"resumed at step {step}, {spent / 60:.1f} minutes in")
    if args.frozen_encoder:
        vae.encoder.requires_grad_(False)
    supply = codec.Frames(args.seed + step)
    held_out = codec.Frames(10_000_019, pool=8).whole(6, models.FRAMES).to(device)
    generator = torch.Generator().manual_seed(args.seed + step)
    started, budget = time.monotonic() - spent, args.minutes * 60
    first_step, first_spent = step, spent
    last = time.monotonic()
    while step < args.steps and time.monotonic() - started < budget:
        elapsed = time.monotonic() - started
        done = max(step / args.steps, elapsed / budget)
        for group in optimizer.param_groups:
            group["lr"] = args.lr * min(1.0, (step + 1) / 50) * max(0.03, 1 - done)
        still = step % 4 < 3
        batch = supply.crops(args.batch) if still else supply.crops(max(1, args.batch // 4), 9)
        with codec.flat_convolutions(vae) if still else nullcontext(), autocast(device):
            loss = codec.codec_loss(vae, batch.to(device), generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        step += 1
        average.update(vae, step)
        if time.monotonic() - last > args.every or step == args.steps:
            last = time.monotonic()
            spent = last - started
            save_checkpoint(
                path, vae=vae.state_dict(), average=average.shadow,
                optimizer=optimizer.state_dict(), step=step, spent=spent,
            )
            rate = (step - first_step) * args.batch / (spent - first_spent)
            log(
                f"codec step {step} {'still' if still else 'clip'} loss {loss.item():.4f} "
                f"psnr {_psnr(average, held_out, device):.2f} dB, {rate:.0f} samples/s"
            )
    spent = time.monotonic() - started
    save_checkpoint(
        path, vae=vae.state_dict(), average=average.shadow,
        optimizer=optimizer.state_dict(), step=step, spent=spent,
    )


def _psnr(average: Average, frames: Tensor, device: torch.device) -> float:
    vae = models.new_vae().to(device)
    vae.load_state_dict(average.shadow)
    with autocast(device):
        return codec.reconstruction_psnr(vae, frames)


def parser() -> argparse.ArgumentParser:
    """Return the command line of the training script."""
    top = argparse.ArgumentParser(prog="python -m dreamrunner.engine.storybook.train")
    commands = top.add_subparsers(dest="command", required=True)
    one = commands.add_parser("codec", help="train the codec on drawn frames")
    one.set_defaults(run=train_codec, lr=2e-3, batch=8, steps=40_000, minutes=25.0)
    one.add_argument("--frozen-encoder", action="store_true", help="train the decoder alone")
    for command in (one,):
        command.add_argument("--work", type=Path, default=Path(".training"))
        command.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--steps", type=int)
        command.add_argument("--minutes", type=float)
        command.add_argument("--batch", type=int)
        command.add_argument("--lr", type=float)
        command.add_argument("--every", type=float, default=60.0, help="seconds a checkpoint")
    return top


def main() -> None:
    args = parser().parse_args()
    settings = {k: str(v) for k, v in vars(args).items() if k != "run"}
    print(json.dumps(settings), flush=True)
    args.run(args, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
