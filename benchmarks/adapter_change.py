"""Does an adapter learn a motion of one part, a hand that waves, if what changes counts for more?

    python benchmarks/adapter_change.py [--motion wave] [--strength K] [--layers temporal|all]
        [--steps N] [--clips N] [--shots N] [--weight W] [--out FILE]

Clips, shots and judge are those of `adapter_curve.py`: five animals teach, and a frog is asked for.
Whether a hand is raised is settled by its shots; how much of the motion is there, by the change
over time of what the model takes for the clip behind the noise, projected onto that of the drawn
clip: 0 stands still, 1 is all of it. That is measured while it learns, in quarters of the schedule
of noise, and then on animals of the clips in scenes drawn anew and on the frog.

A step runs the tokens about the figures alone, half of all, so that a trial takes half as long. At
a level of 799 of 1000 the base errs by 0.116 there and by 0.109 with all of them, at 399 by 0.088
and 0.087 (four clips). Shots and measures have all.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import adapter_levels as levels
import adapters
import numpy as np
import torch
from adapter_curve import ASKED, TAUGHT_BY
from adapter_levels import BATCH, DRAWN_STEPS, GUIDANCE, MOMENTS, OUTSIDE, PATCH, Example, Studio
from adapters import asked_for
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from dreamrunner.bench.intervals import wilson
from dreamrunner.engine.diffusion.teaching.layers import add_layers
from dreamrunner.engine.diffusion.teaching.losses import where_it_moves
from dreamrunner.engine.diffusion.teaching.teachable import teachable
from dreamrunner.engine.miniature.clips import SHAPE
from dreamrunner.engine.miniature.export import pipeline
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.looking import decode, sheet
from dreamrunner.engine.miniature.text import TOKENS
from dreamrunner.engine.miniature.transformer import (
    GATHERED,
    STEPS,
    dense,
    grid,
    joint_mask,
    scheduler,
    visible_texts,
)

_ALPHAS = scheduler().alphas_cumprod.float()
NOISY, PURE, RANK = 0.6, 0.25, 32  # power of the levels; how often one of a step is pure noise
Frames = NDArray[np.uint8]  # [T, h, w, 3]
MEASURED = (799, 599, 399)


class NearStudio(Studio):
    """A studio whose adapter may be in all blocks and be weighed, and which can run some tokens
    alone."""

    weight = 1.0  # of the adapter

    def __init__(self, every: bool) -> None:
        super().__init__(RANK)
        if not every:
            return
        self.pipe = pipeline("regions")
        self.net = self.pipe.transformer.requires_grad_(False)
        port = teachable(self.pipe)
        layers = port.motion_layers() + port.look_layers()
        self.adapter = add_layers(self.net, "kept", layers, rank=RANK, dropout=0.0, seed=1).weights
        for path, module in self.net.named_modules():
            if path.endswith("lora_B.kept"):
                module.register_forward_hook(self._gated)

    def _gated(self, module: object, args: object, update: Tensor) -> Tensor:
        return super()._gated(module, args, update) * self.weight

    def near(self, batch: list[Example], noised: Tensor, times: Tensor, kept: Tensor) -> Tensor:
        """Return velocities [B, T, C, H, W] from the tokens in `kept` [N] bool, and 0 elsewhere."""
        net, texts = self.net, torch.stack([one.texts for one in batch])
        length = 2 * TOKENS
        rows = torch.cat([torch.ones(length, dtype=torch.bool), kept])
        mask = joint_mask(visible_texts(torch.cat([one.inside for one in batch])))
        mask = mask[:, :, rows][:, :, :, rows]
        self._rows = torch.stack([one.rows for one in batch])[:, rows]
        turns = (self._turns[0][kept], self._turns[1][kept])
        with torch.autocast("cpu", torch.bfloat16), dense(net, mask):
            told = net.time_embedding(net.time_proj(times).float())
            both = net.patch_embed(texts, noised)
            said, video = both[:, :length], both[:, length:][:, kept]
            for block in net.transformer_blocks:
                video, said = block(video, said, told, image_rotary_emb=turns)
            out = net.proj_out(net.norm_out(net.norm_final(video), temb=told)).float()
        whole = out.new_zeros(len(batch), len(kept), out.shape[-1])
        whole[:, kept] = out
        frames, height, width = grid(PATCH)
        whole = whole.view(len(batch), frames, height, width, SHAPE[1], GATHERED, PATCH, PATCH)
        return whole.permute(0, 1, 5, 4, 2, 6, 3, 7).reshape(len(batch), *SHAPE)

    @torch.no_grad()
    def drawn(self, batch: list[Example], noise: Tensor, towards: float, away: float) -> Tensor:
        """Draw latents [B, T, C, H, W] in five steps, by an adapter of a weight in each half of
        guidance: towards the texts, and away from none."""
        plan, latents = scheduler(), noise
        plan.set_timesteps(DRAWN_STEPS)
        texts = torch.stack([one.texts for one in batch])
        empty = torch.cat([self.embedded("")] * 2).expand_as(texts)
        for time_ in plan.timesteps:
            times = time_.expand(len(batch))
            self.weight = towards
            right = self.predict(batch, latents, times, texts)
            self.weight = away
            left = self.predict(batch, latents, times, empty)
            out = left + GUIDANCE * (right - left)
            latents = plan.step(out, time_, latents, return_dict=False)[0]
        self.weight = 1.0
        return latents


@dataclass(frozen=True, eq=False)
class Spot:
    """Clips whose figures stand at one place, and which tokens are near to any of them."""

    clips: list[Example]
    near: Tensor  # [N] bool

    @classmethod
    def of(cls, clips: list[Example]) -> Spot:
        _, height, width = grid(PATCH)
        inside = torch.stack([one.inside[0, 0] for one in clips]).any(0)
        ground = inside.view(-1, height, width).any(0)
        rows, columns = ground.any(1).nonzero(), ground.any(0).nonzero()
        near = torch.zeros(height, width, dtype=torch.bool)
        near[
            max(0, int(rows.min()) - 1) : int(rows.max()) + 2,
            max(0, int(columns.min()) - 1) : int(columns.max()) + 2,
        ] = True
        return cls(clips, near.repeat(grid(PATCH)[0], 1, 1).flatten())

    @cached_property
    def latents(self) -> Tensor:
        """Which latents [T, 1, H, W] the tokens hold, 0 or 1."""
        whole = self.near.view(*grid(PATCH)).float()
        for axis, times in enumerate((GATHERED, PATCH, PATCH)):
            whole = whole.repeat_interleave(times, axis)
        return whole[:, None]


def moving(found: Tensor, true: Tensor) -> float:
    """Return how much of true latents' [T, C, H, W] change over time is in others'."""
    ours, theirs = found - found.mean(0), true - true.mean(0)
    return float((ours * theirs).sum() / theirs.square().sum())


def learn(studio: NearStudio, spots: list[Spot], args: argparse.Namespace) -> dict[str, object]:
    """Train; return seconds of the processor, and how much moves by quarters of the levels."""
    learning = list(studio.adapter.values())
    began, seen, curve = time.process_time(), dict[int, float](), {}
    optimizer = torch.optim.AdamW(
        learning, lr=args.rate, betas=MOMENTS, weight_decay=1e-4, fused=True
    )
    for step in range(args.steps):
        chance = random.Random(step)
        generator = torch.Generator().manual_seed(1000 + step)
        spot = chance.choices(spots, [len(one.clips) for one in spots])[0]
        batch = [chance.choice(spot.clips) for _ in range(BATCH)]
        shares = (torch.arange(BATCH) + torch.rand((), generator=generator)) / BATCH
        times = (shares**NOISY * STEPS).long().clamp(max=STEPS - 1)
        if chance.random() < PURE:
            times[-1] = STEPS - 1
        true = torch.stack([one.latents for one in batch])
        noise = torch.randn(true.shape, generator=generator)
        kept, added = (x[times].sqrt()[:, None, None, None, None] for x in (_ALPHAS, 1 - _ALPHAS))
        noised = kept * true + added * noise
        out = studio.near(batch, noised, times, spot.near)
        where = spot.latents * torch.stack([
            where_it_moves(one.latents, one.weights, args.strength).clamp(min=OUTSIDE)
            for one in batch
        ])  # fmt: skip
        squares = (out - (kept * noise - added * true)).square()
        loss = (where * squares).sum() / (where.sum() * SHAPE[1])
        rate = min(1, (step + 1) / 5, 2.5 * (1 - step / args.steps))
        optimizer.param_groups[0]["lr"] = args.rate * rate
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        clean = (kept * noised - added * out.detach()) * spot.latents
        for found, one, level in zip(clean, batch, times.tolist(), strict=True):
            quarter, much = 4 * level // STEPS, moving(found, one.latents)
            seen[quarter] = 0.93 * seen.get(quarter, much) + 0.07 * much
        if step % 20 == 19:
            curve[step + 1] = [round(seen[quarter], 3) for quarter in sorted(seen)]
            print(f"step {step + 1}: moving {curve[step + 1]}", flush=True)
    return {"training_s": round(time.process_time() - began, 1), "moving while learning": curve}


@torch.no_grad()
def there(studio: NearStudio, examples: list[Example]) -> dict[int, float]:
    """Return how much of the motion a model finds behind the noise, by its level."""
    found, true = {}, torch.stack([one.latents for one in examples])
    noise = torch.randn(true.shape, generator=torch.Generator().manual_seed(5))
    texts = torch.stack([one.texts for one in examples])
    for level in MEASURED:
        kept, added = (x[level].sqrt() for x in (_ALPHAS, 1 - _ALPHAS))
        noised = kept * true + added * noise
        out = studio.predict(examples, noised, torch.full((len(true),), level), texts)
        clean = kept * noised - added * out
        parts = [moving(one, other) for one, other in zip(clean, true, strict=True)]
        found[level] = round(sum(parts) / len(parts), 3)
    return found


def told(judge: MiniatureJudge, shots: list[Frames], asked: list[Example]) -> dict[str, object]:
    """Return what the judge sees in shots."""
    boxes = [one.asked.boxes[0] for one in asked]
    read = [judge.motion_in_place(shot, box) for shot, box in zip(shots, boxes, strict=True)]
    who = [judge.found(shot, [box])[0].character for shot, box in zip(shots, boxes, strict=True)]
    wanted = asked[0].asked.scene.figures[0].motion
    return {
        "as asked": wilson([motion == wanted for motion in read]).plain(),
        "the animal asked for": wilson([one == ASKED for one in who]).plain(),
        "motions": dict(Counter(read)), "animals": dict(Counter(who)),
    }  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--motion", default="wave")
    top.add_argument("--strength", type=float, default=4.0, help="0 is the plain mean")
    top.add_argument("--layers", choices=("temporal", "all"), default="all")
    top.add_argument("--rate", type=float, default=4e-3)
    top.add_argument("--steps", type=int, default=200, help="of training")
    top.add_argument("--clips", type=int, default=40)
    top.add_argument("--shots", type=int, default=24)
    top.add_argument(
        "--first", type=int, default=6, help="by those before it the weight was chosen"
    )
    top.add_argument("--weight", type=float, default=0.6, help="towards the texts alone")
    top.add_argument("--out", type=Path, default=levels.FOLDER / "results" / "adapter-change.json")
    return top


def main() -> None:
    """Learn, measure and draw, and write it."""
    args = parser().parse_args()
    torch.set_num_threads(1)
    adapters.TEACHERS, adapters.RIGHT = TAUGHT_BY, [ASKED]
    studio, judge = NearStudio(args.layers == "all"), MiniatureJudge.load()
    clips = [Example(one, studio) for one in levels.scenes(args.motion, args.clips)]
    stood: dict[int, list[Example]] = {}
    for one in clips:
        stood.setdefault(one.asked.scene.figures[0].x, []).append(one)
    figures: dict[str, Any] = {
        "settings": {k: v for k, v in vars(args).items() if not isinstance(v, Path)}
    }
    figures |= learn(studio, [Spot.of(clips) for clips in stood.values()], args)
    groups = {
        "their animals, drawn anew": levels.scenes(args.motion, 3, seed=77),
        ASKED: asked_for(args.motion, 6),
    }
    figures["moving behind the noise"] = {
        name: there(studio, [Example(one, studio) for one in group])
        for name, group in groups.items()
    }
    shown = asked_for(args.motion, args.first + args.shots)[args.first :]
    wanted = [Example(one, studio) for one in shown]
    noise = torch.randn(args.first + args.shots, *SHAPE, generator=torch.Generator().manual_seed(0))
    figures["shots"] = {}
    for name, towards, away in (
        ("in both halves of guidance", 1.0, 1.0),
        (f"in one half, by {args.weight}", args.weight, 0.0),
    ):
        latents = studio.drawn(wanted, noise[args.first :], towards, away)
        frames = [decode(studio.pipe.vae, one) for one in latents]
        figures["shots"][name] = told(judge, frames, wanted)
        Image.fromarray(sheet(frames[:6], every=3)).save(args.out.with_suffix(".png"))
    args.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
