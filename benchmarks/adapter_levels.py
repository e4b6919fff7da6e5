"""Why an adapter does or does not show its motion: what it learnt, by level of noise and by whom.

    python benchmarks/adapter_levels.py [--motion sway] [--clips N] [--rank R] [--rate LR]
        [--steps N] [--shots N] [--animals A,B,...] [--asked A,B,...] [--work DIR] [--out FILE]

The lessons, the shots and the judge are those of `adapters.py`. An adapter is learnt on the paper's
blocks (every second one), in the rows of its figure alone, by a loss of that figure's region; clips
are batched under a mask each, which only a model of half a thousand tokens allows, so that a
training takes two minutes. The loss at two levels of noise is then measured on the clips that it
learnt from, on the same animals in scenes drawn anew, and on those that are in no clip; beside it
stand the base's, of this motion and of motions that it was taught. Stopped, it goes on.
`--same-animals` draws those who are in the clips, in scenes drawn anew, and nothing else.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import adapters
import numpy as np
import torch
from adapters import asked_for, standing
from minibench.arms import GUIDANCE, Asked
from PIL import Image
from torch import Tensor

from dreamrunner.engine.diffusion.teaching.layers import add_layers
from dreamrunner.engine.diffusion.teaching.losses import debiased
from dreamrunner.engine.diffusion.teaching.teachable import teachable
from dreamrunner.engine.miniature.captions import region_texts
from dreamrunner.engine.miniature.clips import SHAPE, encode
from dreamrunner.engine.miniature.export import pipeline
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.looking import decode, sheet
from dreamrunner.engine.miniature.text import TOKENS, embed
from dreamrunner.engine.miniature.transformer import (
    GATHERED,
    STEPS,
    dense,
    joint_mask,
    rope,
    scheduler,
    token_boxes,
    visible_texts,
)
from dreamrunner.engine.miniature.world import COLOURS, PLACES, SPOTS, Figure, WorldScene, draw

FOLDER = Path(__file__).parent
PATCH = 2
LEVELS = (999, 799)  # the first two that a shot of five steps is drawn at
TAUGHT = ("jump", "walk right")
BATCH, MOMENTS, NOISY, OUTSIDE = 4, (0.9, 0.98), 0.35, 0.1
DRAWN_STEPS = 5


_USUAL = adapters.TEACHERS


def _names(said: str) -> tuple[str, ...]:
    return tuple(said.split(","))


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--motion", default="sway")
    top.add_argument("--clips", type=int, default=10)
    top.add_argument("--rank", type=int, default=32)
    top.add_argument("--rate", type=float, default=2e-3)
    top.add_argument("--debiased", action="store_true")
    top.add_argument("--steps", type=int, default=120)
    top.add_argument("--animals", type=_names, default=_USUAL, help="in the clips")
    top.add_argument("--asked", type=_names, default=tuple(adapters.RIGHT), help="in no clip")
    top.add_argument("--measured", type=int, default=6, help="clips for each loss")
    top.add_argument("--shots", type=int, default=8)
    top.add_argument(
        "--same-animals", action="store_true", help="draw alone, and those who are in the clips"
    )
    top.add_argument("--work", type=Path, default=FOLDER.parent / "out" / "adapter-levels")
    top.add_argument("--out", type=Path, default=FOLDER / "results" / "adapter-levels.json")
    return top


def scenes(motion: str, count: int, seed: int = adapters.SEED) -> list[Asked]:
    """Return scenes of those who are in the clips; the benchmark's lessons, or others."""
    chance, found = random.Random(seed), []
    for number in range(count):
        figure = Figure(
            chance.choice(adapters.TEACHERS), chance.choice(COLOURS), motion, x=chance.choice(SPOTS)
        )
        found.append(Asked.of(f"{motion} {number}", WorldScene(chance.choice(PLACES), (figure,))))
    return found


@dataclass(frozen=True, eq=False)
class Example:
    """A scene as the model meets it: latents [T, C, H, W] once they are asked for, texts [2L, D],
    its figure's tokens [1, 1, N] and rows [S], in a box that stands still."""

    asked: Asked
    studio: Studio

    @cached_property
    def inside(self) -> Tensor:
        boxes = standing(self.asked.boxes)[None, :, GATHERED // 2 :: GATHERED]
        return token_boxes(torch.from_numpy(boxes.copy()), PATCH)

    @cached_property
    def texts(self) -> Tensor:
        return torch.cat([self.studio.embedded(text) for text in region_texts(self.asked.scene)])

    @cached_property
    def rows(self) -> Tensor:
        return torch.cat([torch.ones(TOKENS), torch.zeros(TOKENS), self.inside[0, 0].float()])

    @cached_property
    def weights(self) -> Tensor:
        frames, _, height, width = SHAPE
        grid = self.inside[0, 0].float().view(frames // GATHERED, height // PATCH, width // PATCH)
        for axis, times in enumerate((GATHERED, PATCH, PATCH)):
            grid = grid.repeat_interleave(times, axis)
        return grid[:, None]

    @cached_property
    def latents(self) -> Tensor:
        vae = self.studio.pipe.vae
        return encode(vae, draw(self.asked.scene)) * vae.config.scaling_factor


class Studio:
    """The miniature with an adapter beside its weights, gated to the rows of each clip's figure."""

    def __init__(self, rank: int) -> None:
        self.pipe = pipeline("regions")
        self.net = self.pipe.transformer.requires_grad_(False)
        self._rows: Tensor | None = None
        layers = teachable(self.pipe).motion_layers()
        self.adapter = add_layers(self.net, "kept", layers, rank=rank, dropout=0.0, seed=1).weights
        for path, module in self.net.named_modules():
            if path.endswith("lora_B.kept"):
                module.register_forward_hook(self._gated)
        self._noise, self._turns = scheduler().alphas_cumprod.float(), rope(PATCH)
        self.embedded = lru_cache(
            lambda text: embed(self.pipe.tokenizer, self.pipe.text_encoder, [text])[0]
        )

    def _gated(self, _module: object, _args: object, update: Tensor) -> Tensor:
        return update if self._rows is None else update * self._rows[..., None].to(update.dtype)

    def predict(self, batch: list[Example], noised: Tensor, times: Tensor, texts: Tensor) -> Tensor:
        """Return velocities [B, T, C, H, W]."""
        mask = joint_mask(visible_texts(torch.cat([one.inside for one in batch])))
        self._rows = torch.stack([one.rows for one in batch])
        with torch.autocast("cpu", torch.bfloat16), dense(self.net, mask):
            out: Tensor = self.net(
                noised, texts, times, image_rotary_emb=self._turns, return_dict=False
            )[0]
        return out.float()

    def answered(
        self, batch: list[Example], times: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Return velocities and what they should be, of clips under noise."""
        latents = torch.stack([one.latents for one in batch])
        noise = torch.randn(latents.shape, generator=generator)
        kept = self._noise[times].sqrt()[:, None, None, None, None]
        added = (1 - self._noise[times]).sqrt()[:, None, None, None, None]
        texts = torch.stack([one.texts for one in batch])
        out = self.predict(batch, kept * latents + added * noise, times, texts)
        return out, kept * noise - added * latents

    @torch.no_grad()
    def losses(self, examples: list[Example]) -> dict[int, float]:
        """Return the mean squared error in the figures' regions at each level."""
        found = {}
        for level in LEVELS:
            times = torch.full((len(examples),), level)
            out, target = self.answered(examples, times, torch.Generator().manual_seed(5))
            where = torch.stack([one.weights for one in examples])
            total = (where * (out - target).square()).sum() / (where.sum() * SHAPE[1])
            found[level] = round(float(total), 4)
        return found

    @torch.no_grad()
    def shots(self, batch: list[Example]) -> list[np.ndarray]:
        """Draw scenes in five steps; the same noise whatever the adapter holds."""
        plan = scheduler()
        plan.set_timesteps(DRAWN_STEPS)
        latents = torch.randn(len(batch), *SHAPE, generator=torch.Generator().manual_seed(0))
        towards = torch.stack([one.texts for one in batch])
        away = torch.cat([self.embedded("")] * 2).expand_as(towards)
        for time_ in plan.timesteps:
            both = self.predict(
                batch * 2, latents.repeat(2, 1, 1, 1, 1), time_.expand(2 * len(batch)),
                torch.cat([towards, away]),
            )  # fmt: skip
            right, left = both.chunk(2)
            out = left + GUIDANCE * (right - left)
            latents = plan.step(out, time_, latents, return_dict=False)[0]
        return [decode(self.pipe.vae, one) for one in latents]


def learn(studio: Studio, examples: list[Example], args: argparse.Namespace, kept: Path) -> float:
    """Train the adapter, or read what was trained; return the seconds of processor that it took."""
    learning = list(studio.adapter.values())
    optimizer = torch.optim.AdamW(
        learning, lr=args.rate, betas=MOMENTS, weight_decay=1e-4, fused=True
    )
    step, spent = 0, 0.0
    if kept.is_file():
        state = torch.load(kept)
        for name, weight in studio.adapter.items():
            weight.data.copy_(state["w"][name])
        optimizer.load_state_dict(state["opt"])
        step, spent = state["step"], state["spent"]
    while step < args.steps:
        began = time.process_time()
        generator = torch.Generator().manual_seed(1000 + step)
        batch = [examples[(step * BATCH + at) % len(examples)] for at in range(BATCH)]
        shares = (torch.arange(BATCH) + torch.rand((), generator=generator)) / BATCH
        times = (shares**NOISY * STEPS).long().clamp(max=STEPS - 1)
        if step % 2 == 0:
            times[-1] = STEPS - 1  # where a shot begins
        out, target = studio.answered(batch, times, generator)
        where = torch.stack([one.weights for one in batch]).clamp(min=OUTSIDE)
        error = out - target
        squares = error.square()
        if args.debiased:
            anchor = random.Random(step).randrange(SHAPE[0])
            squares = squares + debiased(error.transpose(0, 1), anchor).transpose(0, 1).square()
        loss = (where * squares).sum() / (where.sum() * SHAPE[1])
        rate = min(1, (step + 1) / 5, 2.5 * (1 - step / args.steps))
        optimizer.param_groups[0]["lr"] = args.rate * rate
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        step, spent = step + 1, spent + time.process_time() - began
        if step % 10 == 0 or step == args.steps:
            weights = {name: weight.data for name, weight in studio.adapter.items()}
            torch.save(
                {"w": weights, "opt": optimizer.state_dict(), "step": step, "spent": spent}, kept
            )
            print(f"step {step}: loss {float(loss.detach()):.4f}, {spent:.0f} s", flush=True)
    return spent


def read(judge: MiniatureJudge, frames: list[np.ndarray], asked: list[Example]) -> dict[str, int]:
    """Return how many shots the judge reads as each motion."""
    motions = [
        judge.motion_in_place(shot, one.asked.boxes[0])
        for shot, one in zip(frames, asked, strict=False)
    ]
    return dict(Counter(motions))


def write(path: Path, figures: dict[str, object], frames: list[np.ndarray]) -> None:
    """Write figures, and stills of six shots beside them."""
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    Image.fromarray(sheet(frames[:6])).save(path.with_suffix(".png"))
    print(json.dumps(figures, indent=1))


def main() -> None:
    """Measure the base, learn, measure and draw again, and write it all."""
    args = parser().parse_args()
    torch.set_num_threads(1)
    adapters.TEACHERS, adapters.RIGHT = args.animals, list(args.asked)
    args.work.mkdir(parents=True, exist_ok=True)
    studio, judge = Studio(args.rank), MiniatureJudge.load()
    lessons = [Example(one, studio) for one in scenes(args.motion, args.clips)]
    about = [args.motion, args.clips, args.rank, args.rate, args.debiased, args.steps]
    about += [] if args.animals == _USUAL else [*args.animals]
    kept = args.work / f"{'-'.join(map(str, about))}.pt"
    settings = {k: v for k, v in vars(args).items() if not isinstance(v, Path)}
    if args.same_animals:
        learn(studio, lessons, args, kept)
        same = [Example(one, studio) for one in scenes(args.motion, args.shots, seed=77)]
        frames = studio.shots(same)
        figures = {"settings": settings, "read by the judge": read(judge, frames, same)}
        return write(args.out, figures, frames)
    wanted = [
        Example(one, studio) for one in asked_for(args.motion, max(args.shots, args.measured))
    ]
    groups = {
        "the clips it learns from": lessons[: args.measured],
        "their animals, drawn anew": [
            Example(one, studio) for one in scenes(args.motion, args.measured, seed=77)
        ],
        "other animals": wanted[: args.measured],
    }
    seen = {
        f"{motion}, {who}": studio.losses([Example(one, studio) for one in asked(motion)])
        for motion in TAUGHT
        for who, asked in (
            ("the animals of the clips", lambda motion: scenes(motion, args.measured, seed=77)),
            ("other animals", lambda motion: asked_for(motion, args.measured)),
        )
    }
    through = [decode(studio.pipe.vae, one.latents) for one in groups["other animals"]]

    shown = wanted[: args.shots]
    before, drawn = {name: studio.losses(group) for name, group in groups.items()}, {}
    drawn["drawn world, through the codec"] = read(judge, through, wanted)
    drawn["base"] = read(judge, studio.shots(shown), shown)
    spent = learn(studio, lessons, args, kept)
    after = {name: studio.losses(group) for name, group in groups.items()}
    frames = studio.shots(shown)
    drawn["adapter"] = read(judge, frames, shown)
    figures = {
        "settings": settings, "training_s": round(spent, 1), "loss of taught motions": seen,
        "loss of the base": before, "loss with the adapter": after, "read by the judge": drawn,
    }  # fmt: skip
    return write(args.out, figures, frames)


if __name__ == "__main__":
    main()
