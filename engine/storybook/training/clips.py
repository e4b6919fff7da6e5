"""Drawn clips + the frozen codec -> latents with captions and boxes, in shards on disk.

Encoding costs as much as a training step, so each clip is encoded once. A clip keeps some sets of
captions and the true boxes of its actors on every frame; which part of it is used and how its
boxes are loosened is decided anew each time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKLCogVideoX
from torch import Tensor

from ....errors import WeightsError
from .. import models
from .drawn_clips import CaptionedClip, drawings
from .loop import Run, load_checkpoint

SHARD = 64


@dataclass(frozen=True, slots=True)
class LatentClip:
    """A clip as the models are taught it.

    Attributes:
        latents: [K, C, H, W] fp16, a latent frame a frame, scaled to unit variance.
        frames: [K] the number of each; all T of them unless only some were encoded.
        ground: [1 or K, C, H, W] fp16, the same place with nobody in it, one frame where it stands
            still; None where that was never seen.
        boxes: [A, T, 4] fp32, the box of what is seen of an actor, on each frame.
        planned: [A, T, 4] fp32, the boxes that a plan would state: the resting figure's, on the
            same path.
        regions: for each set of captions, a text an actor.
        backgrounds, joints: for each set of captions, the place's text and the whole caption.
        painted: [T, CHANNELS, H, W] fp32, its underpainting; None where it is painted anew.
    """

    latents: Tensor
    frames: tuple[int, ...]
    ground: Tensor | None
    boxes: Tensor
    planned: Tensor
    regions: tuple[tuple[str, ...], ...]
    backgrounds: tuple[str, ...]
    joints: tuple[str, ...]
    painted: Tensor | None = None

    @property
    def actors(self) -> int:
        return int(self.boxes.shape[0])


@torch.no_grad()
def encoded(vae: AutoencoderKLCogVideoX, clip: CaptionedClip, chosen: Sequence[int]) -> LatentClip:
    """Encode the chosen frames of a drawn clip, by the codec's device."""
    device = next(vae.parameters()).device
    at = list(chosen)
    ground = clip.ground[at] if len(clip.ground) > 1 else clip.ground
    frames = torch.cat([clip.frames[at], ground]).to(device)
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        latents = models.to_latents(vae, frames).half().cpu()
    return LatentClip(
        latents[: len(at)], tuple(at), latents[len(at) :], clip.boxes.clone(), clip.planned.clone(),
        tuple(c.regions for c in clip.said), tuple(c.background for c in clip.said),
        tuple(c.joint for c in clip.said),
    )  # fmt: skip


def save_shard(path: Path, shard: list[LatentClip]) -> None:
    """Write a shard to a temporary name and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    fields = ("latents", "frames", "ground", "boxes", "planned", "regions", "backgrounds", "joints")
    torch.save([{f: getattr(clip, f) for f in fields} for clip in shard], temporary)
    temporary.replace(path)


def load_shards(folder: Path, known: set[Path]) -> list[LatentClip]:
    """Read the shards that are not in `known` yet, and add them to it."""
    found = []
    for path in sorted(set(folder.glob("*.pt")) - known):
        found += [LatentClip(**row) for row in torch.load(path, weights_only=True)]
        known.add(path)
    return found


def make_clips(
    run: Run, *, count: int, split: str, frames: int = models.FRAMES, start: Path | None = None
) -> None:
    """Draw and encode clips into shards, and go on where it stopped.

    Of each clip so many frames are encoded, spread from a random one on: the underpainter looks
    at single ones and learns more from other clips than from more frames. The codec is the run's,
    or that exported to `start`; the latents' scale is measured on the first clips, or `start`'s,
    and kept beside them.
    """
    folder = run.work / "clips"
    vae = _codec(run, start)
    vae.register_to_config(scaling_factor=latent_scale(vae, folder, run.seed, split, start))
    rng = np.random.default_rng(run.seed)
    done = sum(1 for _ in shards(folder, split, count))
    clips = iter(drawings(run.seed, split, range(done * SHARD, count), run.workers))
    started, made = time.monotonic(), 0
    while shard := [encoded(vae, c, spread(frames, rng)) for c in islice(clips, SHARD)]:
        path = folder / f"{split}-{done * SHARD:06d}.pt"
        save_shard(path, shard)
        done, made = done + 1, made + len(shard)
        run.log(f"{path.name}: {made / (time.monotonic() - started):.1f} a second")


def spread(count: int, rng: np.random.Generator) -> list[int]:
    """Return `count` frames, evenly spread from a random one on."""
    first, step = int(rng.integers(models.FRAMES)), models.FRAMES / count
    return sorted(int(first + k * step) % models.FRAMES for k in range(count))


def _codec(run: Run, start: Path | None) -> AutoencoderKLCogVideoX:
    if start is not None:
        return models.load_vae(start).to(run.device)
    state = load_checkpoint(run.work / "codec.pt", run.device)
    if state is None:
        raise WeightsError(f"no codec at {run.work / 'codec.pt'}: run `codec` first")
    vae = models.new_vae().to(run.device)
    vae.load_state_dict(state["average"])
    return vae.requires_grad_(False).eval()


def shards(folder: Path, split: str, count: int) -> Iterable[Path]:
    """Yield the finished shards of a split up to the first that is missing."""
    for first in range(0, count, SHARD):
        path = folder / f"{split}-{first:06d}.pt"
        if not path.exists():
            return
        yield path


def latent_scale(
    vae: AutoencoderKLCogVideoX, folder: Path, seed: int, split: str, start: Path | None = None
) -> float:
    """Return one over the latents' standard deviation, measured once for a folder of shards."""
    path = folder / "scale.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if start is not None:
            path.write_text(json.dumps({"scaling_factor": models.scaling_factor(start)}))
            return models.scaling_factor(start)
        vae.register_to_config(scaling_factor=1.0)
        every = range(models.FRAMES)
        clips = [encoded(vae, clip, every) for clip in drawings(seed, split, range(24))]
        deviation = float(torch.stack([c.latents for c in clips]).float().std())
        path.write_text(json.dumps({"scaling_factor": 1 / deviation}))
    return float(json.loads(path.read_text())["scaling_factor"])
