"""Drawn clips, worn and spoiled -> the weights of the miniature's critic, and its accuracy."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from ..storybook.training.loop import load_checkpoint, save_checkpoint
from .critic import (
    NOBODY,
    SHAPELESS,
    MiniatureCritic,
    cover,
    crop,
    token_middles,
    unit,
)
from .running import ProcessorClock, TrainingRun
from .storing import save_small
from .world import (
    CHARACTERS,
    COLOURS,
    GROUND,
    HEIGHT,
    MOTIONS,
    PLACES,
    WIDTH,
    Figure,
    WorldClip,
    WorldScene,
    draw,
)

SEED = 31_415  # the critic's own
CARD_SEED = 27_183  # of the clips that its card is about
_UNKNOWN = -100
_MOST = 3
_APART = 20  # pixels between two figures, so that both are to be seen


@dataclass(frozen=True, eq=False)
class TrueClip:
    """A clip [T, 3, h, w] in 0..1 and the truth: boxes [A, T, 4], and which figures are spoiled."""

    scene: WorldScene
    frames: Tensor
    boxes: Tensor
    spoiled: tuple[bool, ...]


def scattered_scene(chance: random.Random, figures: int) -> WorldScene:
    """Return a scene of anything that the world can draw, wherever figures may stand."""
    found: list[Figure] = []
    for animal in chance.sample(CHARACTERS, figures):
        x = chance.randrange(18, WIDTH - 18)
        if any(abs(x - other.x) < _APART for other in found):
            continue
        ground = GROUND + chance.choice((-4, -2, 0, 0, 0, 2))
        found.append(Figure(animal, chance.choice(COLOURS), chance.choice(MOTIONS), x, ground))
    return WorldScene(chance.choice(PLACES), tuple(found))


def shapeless(
    frames: NDArray[np.uint8], boxes: NDArray[np.float32], rng: np.random.Generator
) -> None:
    """Make what is in boxes [T, 4] of frames [T, h, w, 3] a mosaic or a smear, in place."""
    block = int(rng.choice([4, 6, 8]))
    order, smear = rng.permutation(400), rng.random() < 0.4
    for frame, (left, top, right, bottom) in zip(frames, boxes, strict=True):
        x0, y0 = round(left * WIDTH), round(top * HEIGHT)
        across = max(1, int(right * WIDTH - x0) // block)
        down = max(1, int(bottom * HEIGHT - y0) // block)
        part = frame[y0 : y0 + down * block, x0 : x0 + across * block]
        if part.shape[:2] != (down * block, across * block):
            continue  # a box at the edge of the frame
        cut = part.reshape(down, block, across, block, 3).swapaxes(1, 2)
        cut = cut.reshape(-1, block, block, 3)
        mixed = cut[order[order < len(cut)]]
        if smear:
            mixed = np.broadcast_to(mixed.mean((1, 2), keepdims=True), mixed.shape)
        mixed = mixed.reshape(down, across, block, block, 3).swapaxes(1, 2)
        part[:] = mixed.reshape(part.shape).astype(np.uint8)


class TrueClips:
    """An endless supply of drawn clips, of which some figures are spoiled."""

    def __init__(self, seed: int, pool: int = 96) -> None:
        self.chance, self._rng = random.Random(seed), np.random.default_rng(seed)
        self._pool = [self._drawn() for _ in range(pool)]

    def _drawn(self) -> TrueClip:
        scene = scattered_scene(self.chance, self.chance.choice((0, 1, 1, 2, 2, _MOST)))
        clip: WorldClip = draw(scene)
        spoiled = tuple(self.chance.random() < 0.2 for _ in scene.figures)
        for bad, boxes in zip(spoiled, clip.boxes, strict=True):
            if bad:
                shapeless(clip.frames, boxes, self._rng)
        return TrueClip(scene, unit(clip.frames), torch.from_numpy(clip.boxes), spoiled)

    def next(self, count: int, fresh: int = 2) -> list[TrueClip]:
        """Return clips of the pool, of which `fresh` are exchanged before."""
        for _ in range(fresh):
            self._pool[self.chance.randrange(len(self._pool))] = self._drawn()
        return [self.chance.choice(self._pool) for _ in range(count)]


def worn(clip: Tensor, generator: torch.Generator) -> Tensor:
    """Wear a clip [T, 3, h, w] in 0..1 as a small model would: soft, bent, blotched, off-colour.

    All frames alike, but for noise: what a model gets wrong it gets wrong for a while.
    """

    def chance(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator)

    size = clip.shape[-2:]
    if chance(1) < 0.6:
        scale = 0.35 + 0.6 * float(chance(1))
        small = F.interpolate(clip, scale_factor=scale, mode="bilinear", antialias=True)
        clip = F.interpolate(small, size, mode="bilinear")
    if chance(1) < 0.4:
        clip = F.grid_sample(clip, _bent(normal(1, 2, 4, 6), len(clip), size), align_corners=False,
                             padding_mode="border")  # fmt: skip
    if len(clip) > 2 and chance(1) < 0.3:
        clip = torch.lerp(clip, (clip.roll(1, 0) + clip.roll(-1, 0)) / 2, 0.7 * float(chance(1)))
    mixing = torch.eye(3) + 0.06 * normal(3, 3)
    clip = torch.einsum("cd,tdhw->tchw", mixing, clip) + 0.05 * normal(3, 1, 1)
    if chance(1) < 0.5:
        blotches = F.interpolate(normal(1, 3, 8, 12), size, mode="bilinear")
        clip = clip + 0.12 * float(chance(1)) * blotches
    return (clip + 0.06 * float(chance(1)) * normal(*clip.shape)).clamp(0, 1)


def _bent(shift: Tensor, count: int, size: torch.Size) -> Tensor:
    """Return a grid [T, h, w, 2] that moves each point by a pixel or so, smoothly."""
    height, width = size
    plain = F.affine_grid(torch.eye(2, 3)[None], [1, 1, height, width], align_corners=False)
    moved = F.interpolate(shift, (height, width), mode="bicubic").movedim(1, -1)
    bend = plain + moved * torch.tensor([2 / width, 2 / height])
    return bend.expand(count, -1, -1, -1)


@dataclass(frozen=True, eq=False)
class TokenLabels:
    """Who and which colour is at each token [N], and from where to where [N, 4]."""

    who: Tensor
    colour: Tensor
    edges: Tensor


def token_labels(clip: TrueClip, frame: int) -> TokenLabels:
    """Return the truth of a frame; tokens at the rim of a figure may say either."""
    middles = token_middles()
    who = torch.full((len(middles),), NOBODY)
    colour = torch.full_like(who, _UNKNOWN)
    edges = torch.zeros(len(middles), 4)
    for figure, box, bad in zip(
        clip.scene.figures, clip.boxes[:, frame], clip.spoiled, strict=True
    ):
        from_middle = (middles - (box[:2] + box[2:]) / 2).abs() / (box[2:] - box[:2]).clamp(1e-6)
        rim, core = (from_middle < 0.5).all(1), (from_middle < 0.3).all(1)
        who[rim] = _UNKNOWN
        colour[rim] = _UNKNOWN
        who[core] = SHAPELESS if bad else CHARACTERS.index(figure.character)
        colour[core] = _UNKNOWN if bad else COLOURS.index(figure.colour)
        edges[core] = box
    return TokenLabels(who, colour, edges)


def viewer_loss(
    critic: MiniatureCritic, clips: TrueClips, count: int, generator: torch.Generator
) -> Tensor:
    """Return the loss on worn single frames."""
    frames, labels, places = [], [], []
    for clip in clips.next(count):
        at = clips.chance.randrange(len(clip.frames))
        frames.append(worn(clip.frames[at : at + 1], generator)[0])
        labels.append(token_labels(clip, at))
        places.append(PLACES.index(clip.scene.place))
    seen = critic.viewer(torch.stack(frames))
    who = torch.stack([one.who for one in labels]).flatten()
    colour = torch.stack([one.colour for one in labels]).flatten()
    edges = torch.stack([one.edges for one in labels]).flatten(0, 1)
    there = edges[:, 2] > 0
    weight = torch.ones(NOBODY + 1)
    weight[NOBODY] = 0.15  # most tokens have nobody
    loss = F.cross_entropy(seen.who.flatten(0, 1), who, weight, ignore_index=_UNKNOWN)
    loss = loss + 0.2 * F.cross_entropy(seen.place, torch.tensor(places))
    if there.any():
        loss = loss + 5 * F.l1_loss(seen.edges.flatten(0, 1)[there], edges[there])
    if (colour >= 0).any():
        hue = F.cross_entropy(seen.colour.flatten(0, 1), colour, ignore_index=_UNKNOWN)
        loss = loss + 0.5 * hue
    return loss


def crop_of(clip: TrueClip, row: int, frames: Tensor, shift: tuple[float, float]) -> Tensor:
    """Return the crop [T, 3, 56, 48] about all boxes of a figure, with the others painted over."""
    own = clip.boxes[row]
    others = torch.cat([clip.boxes[:row], clip.boxes[row + 1 :]])
    if len(others):
        frames = cover(frames, others)
    x = float(own[:, 0].min() + own[:, 2].max()) / 2 + shift[0]
    y = float(own[:, 1].min() + own[:, 3].max()) / 2 + shift[1]
    return crop(frames, x, y)


def reader_loss(
    critic: MiniatureCritic, clips: TrueClips, count: int, generator: torch.Generator
) -> Tensor | None:
    """Return the loss on crops of worn clips; None where nobody is in any of them."""
    crops, motions = [], []
    for clip in clips.next(count, fresh=0):
        rows = [row for row, bad in enumerate(clip.spoiled) if not bad]
        if not rows:
            continue
        row = clips.chance.choice(rows)
        shift = clips.chance.uniform(-0.05, 0.05), clips.chance.uniform(-0.05, 0.05)
        crops.append(worn(crop_of(clip, row, clip.frames, shift), generator))
        motions.append(MOTIONS.index(clip.scene.figures[row].motion))
    if not crops:
        return None
    return F.cross_entropy(critic.reader(torch.stack(crops)), torch.tensor(motions))


def train_critic(run: TrainingRun) -> MiniatureCritic:
    """Train both networks, a step of each in turn, resumably."""
    path = run.work / "critic.pt"
    torch.manual_seed(run.seed)
    critic = MiniatureCritic()
    optimizer = torch.optim.AdamW(critic.parameters(), lr=run.rate, weight_decay=1e-2)
    clock = ProcessorClock(run)
    if state := load_checkpoint(path):
        critic.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        clock = ProcessorClock(run, state["step"], state["spent_s"])
    clips = TrueClips(run.seed + clock.step)
    generator = torch.Generator().manual_seed(run.seed + clock.step)
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = clock.rate
        viewed = viewer_loss(critic, clips, run.batch, generator)
        read = reader_loss(critic, clips, max(1, run.batch // 2), generator)
        optimizer.zero_grad(set_to_none=True)
        (viewed if read is None else viewed + read).backward()
        nn.utils.clip_grad_norm_(critic.parameters(), 1.0)
        optimizer.step()
        clock.step += 1
        if clock.due():
            save_checkpoint(path, model=critic.state_dict(), optimizer=optimizer.state_dict(),
                            step=clock.step, spent_s=clock.spent_s)  # fmt: skip
            said = "nobody" if read is None else f"{read.item():.3f}"
            run.log(
                f"critic step {clock.step} loss of seeing {viewed.item():.3f}, of motions {said}, "
                f"{clock.spent_s / 60:.1f} minutes"
            )
    return critic.eval()


@torch.no_grad()
def accuracy(
    critic: MiniatureCritic, *, clips: int = 120, harmed: bool, seed: int = CARD_SEED
) -> dict[str, float]:
    """Return what the critic reads right of drawn clips that it never saw."""
    chance, generator = random.Random(seed), torch.Generator().manual_seed(seed)
    right: dict[str, list[float]] = {
        what: [] for what in ("figure", "colour", "place", "motion", "box iou")
    }
    for number in range(clips):
        scene = scattered_scene(chance, 1 + number % 2)
        drawn = draw(scene)
        clip = TrueClip(scene, unit(drawn.frames), torch.from_numpy(drawn.boxes),
                        (False,) * len(scene.figures))  # fmt: skip
        frames = worn(clip.frames, generator) if harmed else clip.frames
        middle = len(frames) // 2
        seen = critic.viewer(frames[middle : middle + 1])
        right["place"].append(int(seen.place[0].argmax()) == PLACES.index(scene.place))
        labels = token_labels(clip, middle)
        for row, figure in enumerate(scene.figures):
            own = (labels.edges == clip.boxes[row, middle]).all(1)
            if own.any():
                who, hue = seen.who[0, own].mean(0), seen.colour[0, own].mean(0)
                right["figure"].append(int(who.argmax()) == CHARACTERS.index(figure.character))
                right["colour"].append(int(hue.argmax()) == COLOURS.index(figure.colour))
                box = seen.edges[0, own].mean(0)
                right["box iou"].append(_iou(box, clip.boxes[row, middle]))
            said = critic.reader(crop_of(clip, row, frames, (0, 0))[None])
            right["motion"].append(int(said.argmax()) == MOTIONS.index(figure.motion))
    return {what: round(sum(held) / len(held), 4) for what, held in right.items()}


def _iou(one: Tensor, other: Tensor) -> float:
    across = (torch.minimum(one[2:], other[2:]) - torch.maximum(one[:2], other[:2])).clamp(min=0)
    both = float(across.prod())
    areas = float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod())
    return both / max(1e-6, areas - both)


def export_critic(run: TrainingRun, folder: Path, *, clips: int = 120) -> dict[str, object]:
    """Write the critic's weights, and a card of its accuracy on clean and on worn clips.

    Thresholds that a card had stay until `dreamrunner critic calibrate` measures new ones.
    """
    critic = train_critic(run)
    path = folder / "critic.safetensors"
    save_small(critic.state_dict(), path, {"licence": "Apache-2.0"})
    state = load_checkpoint(run.work / "critic.pt")
    assert state is not None  # it was saved when the run ended
    whole = MiniatureCritic.load(path)
    card: dict[str, object] = {
        "trained": {
            "steps": state["step"], "processor_minutes": round(state["spent_s"] / 60, 1),
            "seed": run.seed, "batch": run.batch,
        },
        "clean": accuracy(whole, clips=clips, harmed=False),
        "worn": accuracy(whole, clips=clips, harmed=True),
    }  # fmt: skip
    about = folder / "critic.json"
    kept = json.loads(about.read_text()) if about.is_file() else {}
    about.write_text(json.dumps(kept | card, indent=2) + "\n")
    return card
