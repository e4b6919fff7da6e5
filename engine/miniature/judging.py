"""Drawn clips, damaged -> the judge's weights and its own accuracy."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from ..storybook.training.loop import load_checkpoint, save_checkpoint
from .captions import random_scene
from .judge import (
    CELL,
    NOBODY,
    WIDE_CROP,
    FigureFinder,
    MiniatureJudge,
    MotionReader,
    followed,
    watched,
)
from .running import ProcessorClock, TrainingRun
from .storing import save_small
from .transformer import GATHERED
from .world import (
    CHARACTERS,
    COLOURS,
    FRAMES,
    HEIGHT,
    MOTIONS,
    PLACES,
    WIDTH,
    WorldClip,
    WorldScene,
    draw,
)

SEED = 90_210  # the judge's own
# Frames [T, h, w, 3] and boxes [T, 4] -> crops [T, s, s, 3].
Cut = Callable[[NDArray[np.uint8], NDArray[np.float32]], NDArray[np.uint8]]
_UNKNOWN = -100  # cells beside a figure's middle, which may say either


@dataclass(frozen=True, eq=False)
class Shown:
    """A drawn clip and the scene that it shows."""

    scene: WorldScene
    clip: WorldClip


class Shows:
    """An endless supply of anything that the world can draw."""

    def __init__(self, seed: int, pool: int = 64) -> None:
        self.chance = random.Random(seed)
        self._pool = [self._drawn() for _ in range(pool)]

    def _drawn(self) -> Shown:
        scene = random_scene(self.chance, self.chance.choice((1, 2, 2)), held_out=True)
        return Shown(scene, draw(scene))

    def next(self, count: int) -> list[Shown]:
        for _ in range(4):
            self._pool[self.chance.randrange(len(self._pool))] = self._drawn()
        return [self.chance.choice(self._pool) for _ in range(count)]


def damaged(frames: Tensor, generator: torch.Generator) -> Tensor:
    """Damage clips [B, ..., 3, h, w] in 0..1 as a weak model would: blur, blocks, noise, tints."""

    def chance(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    out = []
    for clip in frames:
        flat = clip.reshape(-1, *clip.shape[-3:])
        kind = int(chance(1) * 4)
        size = flat.shape[-2:]
        if kind == 1:
            flat = F.interpolate(F.avg_pool2d(flat, 2), size=size, mode="bilinear")
        elif kind == 2:
            flat = F.avg_pool2d(F.pad(flat, (1, 1, 1, 1), mode="replicate"), 3, 1)
        elif kind == 3:
            coarse = F.interpolate(F.avg_pool2d(flat, 4), size=size, mode="nearest")
            flat = torch.lerp(flat, coarse, float(chance(1)) * 0.6)
        tint = 1 + (chance(3, 1, 1) - 0.5) * 0.3
        # Often next to none: a picture without any grain must not be strange to a judge.
        noise = torch.randn(flat.shape, generator=generator) * chance(1) ** 3 * 0.08
        out.append((flat * tint + (chance(1) - 0.5) * 0.15 + noise).reshape(clip.shape))
    return torch.stack(out).clamp(0, 1)


def unsteady(clips: Tensor, generator: torch.Generator) -> Tensor:
    """Damage clips [B, T, 3, h, w] in 0..1 as a weak model does in time, a token's frames alike.

    Runs of frames shift by a pixel, blur, fall into squares that sit in wrong places, and change
    their light; the rest of the clip may stay as it was.
    """

    def chance(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    found = clips.clone()
    for clip in found:
        strength = float(chance(1))
        for at in range(0, len(clip), GATHERED):
            run = clip[at : at + GATHERED]
            if chance(1) < 0.5 * strength:
                down, right = (int(x) for x in torch.randint(-1, 2, (2,), generator=generator))
                run.copy_(run.roll((down, right), (-2, -1)))
            if chance(1) < strength:
                run.copy_(_wrong_squares(run, 0.4 * strength * float(chance(1)), generator))
            if chance(1) < 0.6 * strength:
                run.copy_(F.avg_pool2d(F.pad(run, (1, 1, 1, 1), mode="replicate"), 3, 1))
            light = torch.randn(1, 3, 6, 6, generator=generator) * 0.05 * strength * chance(1)
            run.add_(F.interpolate(light, size=run.shape[-2:], mode="bilinear"))
    return found.clamp(0, 1)


def _wrong_squares(run: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Let a share of a run's squares [.., h, w] show what lies up to a token away from them."""
    height, width = run.shape[-2:]
    grid = (-(-height // CELL), -(-width // CELL))
    moved = torch.randint(-CELL, CELL + 1, (2, *grid), generator=generator)
    moved *= torch.rand(grid, generator=generator) < share
    down, right = moved.repeat_interleave(CELL, 1).repeat_interleave(CELL, 2)[:, :height, :width]
    rows = (torch.arange(height)[:, None] + down).clamp(0, height - 1)
    columns = (torch.arange(width)[None] + right).clamp(0, width - 1)
    return run[..., rows, columns]


def cell_labels(shown: Shown, frame: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who, and in which colour, is in each cell of a frame: [h/8, w/8] twice."""
    who = np.full((HEIGHT // CELL, WIDTH // CELL), NOBODY)
    colour = np.full_like(who, _UNKNOWN)
    middles = []
    for figure, box in zip(shown.scene.figures, shown.clip.boxes[:, frame], strict=True):
        row = min(int((box[1] + box[3]) / 2 * HEIGHT / CELL), who.shape[0] - 1)
        column = min(int((box[0] + box[2]) / 2 * WIDTH / CELL), who.shape[1] - 1)
        near = slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2)
        who[near] = _UNKNOWN
        middles.append((row, column, figure))
    for row, column, figure in middles:
        who[row, column] = CHARACTERS.index(figure.character)
        colour[row, column] = COLOURS.index(figure.colour)
    return who, colour


def finder_loss(
    finder: FigureFinder, shows: Shows, count: int, generator: torch.Generator
) -> Tensor:
    """Return the loss on damaged single frames."""
    frames, whos, colours, places = [], [], [], []
    for shown in shows.next(count):
        at = shows.chance.randrange(len(shown.clip.frames))
        who, colour = cell_labels(shown, at)
        frames.append(shown.clip.frames[at])
        whos.append(who)
        colours.append(colour)
        places.append(PLACES.index(shown.scene.place))
    pictures = torch.from_numpy(np.stack(frames)).movedim(-1, -3).float() / 255
    who_said, colour_said, place_said = finder(damaged(pictures, generator))
    weight = torch.ones(NOBODY + 1)
    weight[NOBODY] = 0.1  # most cells have nobody
    return (
        F.cross_entropy(who_said, torch.from_numpy(np.stack(whos)), weight, ignore_index=_UNKNOWN)
        + 0.5 * F.cross_entropy(
            colour_said, torch.from_numpy(np.stack(colours)), ignore_index=_UNKNOWN
        )
        + 0.1 * F.cross_entropy(place_said, torch.tensor(places))
    )  # fmt: skip


def reader_loss(
    reader: MotionReader, shows: Shows, count: int, generator: torch.Generator
) -> Tensor:
    """Return the loss on damaged crops that follow a figure, not quite about its middle."""
    return _motion_loss(reader, followed, slice(None), shows, count, generator)


def watcher_loss(
    watcher: MotionReader, shows: Shows, count: int, generator: torch.Generator
) -> Tensor:
    """Return the loss on damaged crops that stand still, of whole clips and of either half."""
    half = FRAMES // 2
    part = shows.chance.choice((slice(None), slice(None), slice(half), slice(half, None)))
    return _motion_loss(watcher, watched, part, shows, count, generator)


def _motion_loss(
    reader: MotionReader, cut: Cut, part: slice, shows: Shows, count: int,
    generator: torch.Generator,
) -> Tensor:  # fmt: skip
    crops, motions = [], []
    for shown in shows.next(count):
        row = shows.chance.randrange(len(shown.scene.figures))
        shift = np.array([shows.chance.uniform(-0.04, 0.04) for _ in range(2)] * 2, np.float32)
        crops.append(cut(shown.clip.frames, shown.clip.boxes[row] + shift)[part])
        motions.append(MOTIONS.index(shown.scene.figures[row].motion))
    pictures = torch.from_numpy(np.stack(crops)).movedim(-1, -3).float() / 255
    harmed = damaged(unsteady(pictures, generator), generator)
    return F.cross_entropy(reader(harmed), torch.tensor(motions))


def train_judge(run: TrainingRun) -> MiniatureJudge:
    """Train the networks side by side, resumably."""
    path = run.work / "judge.pt"
    torch.manual_seed(run.seed)
    finder, reader, watcher = FigureFinder(), MotionReader(), MotionReader(WIDE_CROP)
    nets = nn.ModuleDict({"finder": finder, "reader": reader, "watcher": watcher})
    optimizer = torch.optim.AdamW(nets.parameters(), lr=run.rate, weight_decay=1e-3)
    clock = ProcessorClock(run)
    if state := load_checkpoint(path):
        nets.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        clock = ProcessorClock(run, state["step"], state["spent_s"])
    shows = Shows(run.seed + clock.step)
    generator = torch.Generator().manual_seed(run.seed + clock.step)
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = clock.rate
        found = finder_loss(finder, shows, run.batch, generator)
        read = reader_loss(reader, shows, run.batch // 2, generator)
        read = read + watcher_loss(watcher, shows, run.batch // 2, generator)
        optimizer.zero_grad(set_to_none=True)
        (found + read).backward()
        nn.utils.clip_grad_norm_(nets.parameters(), 1.0)
        optimizer.step()
        clock.step += 1
        if clock.due():
            save_checkpoint(path, model=nets.state_dict(), optimizer=optimizer.state_dict(),
                            step=clock.step, spent_s=clock.spent_s)  # fmt: skip
            run.log(
                f"judge step {clock.step} loss of finding {found.item():.3f}, of motions "
                f"{read.item():.3f}, {clock.spent_s / 60:.1f} minutes"
            )
    return MiniatureJudge(finder, reader, watcher)


def accuracy(
    judge: MiniatureJudge, *, clips: int = 200, seed: int = 5_551, harmed: bool
) -> dict[str, float]:
    """Return what the judge reads right of drawn clips that it never saw."""
    chance = random.Random(seed)
    generator = torch.Generator().manual_seed(seed)
    right: dict[str, list[bool]] = {
        "figure": [],
        "colour": [],
        "place": [],
        "motion": [],
        "motion in place": [],
    }
    for number in range(clips):
        scene = random_scene(chance, 1 + number % 2, held_out=True)
        clip = draw(scene)
        frames = clip.frames
        if harmed:
            unit = torch.from_numpy(frames).movedim(-1, -3).float()[None] / 255
            frames = (
                (damaged(unsteady(unit, generator), generator)[0] * 255)
                .byte()
                .movedim(1, -1)
                .numpy()
            )
        seen = judge.found(frames, list(clip.boxes))
        right["place"].append(judge.place(frames) == scene.place)
        for figure, sighting, boxes in zip(scene.figures, seen, clip.boxes, strict=True):
            right["figure"].append(sighting.character == figure.character)
            right["colour"].append(sighting.colour == figure.colour)
            right["motion"].append(judge.motion(frames, boxes) == figure.motion)
            right["motion in place"].append(judge.motion_in_place(frames, boxes) == figure.motion)
    return {what: sum(held) / len(held) for what, held in right.items()}


def export_judge(
    run: TrainingRun, folder: Path, *, clips: int = 200
) -> dict[str, dict[str, float]]:
    """Write the judge's weights, and a card of its accuracy on clean and on damaged clips."""
    judge = train_judge(run)
    state = {
        f"{name}.{key}": value.float()
        for name, net in judge.networks.items()
        for key, value in net.state_dict().items()
        if not key.endswith("num_batches_tracked")
    }
    save_small(state, folder / "judge.safetensors", {"licence": "Apache-2.0"})
    whole = MiniatureJudge.load(folder / "judge.safetensors")
    card = {
        "clean": accuracy(whole, clips=clips, harmed=False),
        "damaged": accuracy(whole, clips=clips, harmed=True),
    }
    (folder / "judge.json").write_text(json.dumps(card, indent=2) + "\n")
    return card
