"""Drawn clips + the frozen codec -> latents with captions and boxes, in shards on disk.

Encoding costs as much as a training step, so each clip is encoded once. A clip keeps two sets of
captions and the true boxes of its actors on every frame; which part of it is used and how its
boxes are loosened is decided anew each time.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKLCogVideoX
from torch import Tensor

from ....errors import WeightsError
from .. import models
from ..world.captions import captions
from ..world.sampling import sample_scene
from ..world.scene import draw_scene
from .running import Run, load_checkpoint

SHARD = 64
CAPTIONS = 2


@dataclass(frozen=True, slots=True)
class LatentClip:
    """A clip as the models are taught it.

    Attributes:
        latents: [T, C, H, W] fp16, a latent frame a frame, scaled to unit variance.
        ground: [C, H, W] fp16, the same place with nobody in it; None where that was never seen.
        boxes: [A, T, 4] fp32, the box of what is seen of an actor, on each frame.
        planned: [A, T, 4] fp32, the boxes that a plan would state: the resting figure's, on the
            same path.
        regions: for each set of captions, a text an actor.
        backgrounds, joints: for each set of captions, the place's text and the whole caption.
    """

    latents: Tensor
    ground: Tensor | None
    boxes: Tensor
    planned: Tensor
    regions: tuple[tuple[str, ...], ...]
    backgrounds: tuple[str, ...]
    joints: tuple[str, ...]

    @property
    def actors(self) -> int:
        return int(self.boxes.shape[0])


@torch.no_grad()
def encode_shard(
    vae: AutoencoderKLCogVideoX, seed: int, count: int, split: str
) -> list[LatentClip]:
    """Draw and encode `count` clips of a split."""
    rng = np.random.default_rng(seed)
    device = next(vae.parameters()).device
    shard = []
    for _ in range(count):
        spec = sample_scene(rng, split=split)
        drawn = draw_scene(spec)
        empty = draw_scene(replace(spec, actors=(), frames=1))
        frames = torch.from_numpy(np.concatenate([drawn.frames, empty.frames])).to(device)
        latents = models.to_latents(vae, frames).half().cpu()
        said = [captions(spec, rng) for _ in range(CAPTIONS)]
        shard.append(
            LatentClip(
                latents[:-1],
                latents[-1],
                torch.from_numpy(drawn.boxes),
                torch.from_numpy(drawn.planned),
                tuple(c.regions for c in said),
                tuple(c.background for c in said),
                tuple(c.joint for c in said),
            )
        )
    return shard


def save_shard(path: Path, shard: list[LatentClip]) -> None:
    """Write a shard to a temporary name and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    fields = ("latents", "ground", "boxes", "planned", "regions", "backgrounds", "joints")
    torch.save([{f: getattr(clip, f) for f in fields} for clip in shard], temporary)
    temporary.replace(path)


def load_shards(folder: Path, known: set[Path]) -> list[LatentClip]:
    """Read the shards that are not in `known` yet, and add them to it."""
    found = []
    for path in sorted(set(folder.glob("*.pt")) - known):
        found += [LatentClip(**row) for row in torch.load(path, weights_only=True)]
        known.add(path)
    return found


def make_clips(run: Run, *, count: int, split: str) -> None:
    """Draw and encode clips into shards, and go on where it stopped.

    The latents' scale is measured on the first shard and kept beside them.
    """
    vae = models.new_vae().to(run.device)
    state = load_checkpoint(run.work / "codec.pt", run.device)
    if state is None:
        raise WeightsError(f"no codec at {run.work / 'codec.pt'}: run `codec` first")
    vae.load_state_dict(state["average"])
    vae.requires_grad_(False).eval()
    folder = run.work / "clips"
    vae.register_to_config(scaling_factor=latent_scale(vae, folder, run.seed, split))
    started, made = time.monotonic(), 0
    for first in range(0, count, SHARD):
        path = folder / f"{split}-{first:06d}.pt"
        if not path.exists():
            size = min(SHARD, count - first)
            save_shard(path, encode_shard(vae, run.seed * 1_000_003 + first, size, split))
            made += size
            run.log(f"{path.name}: {made / (time.monotonic() - started):.1f} a second")


def latent_scale(vae: AutoencoderKLCogVideoX, folder: Path, seed: int, split: str) -> float:
    """Return one over the latents' standard deviation, measured once for a folder of shards."""
    path = folder / "scale.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        vae.register_to_config(scaling_factor=1.0)
        shard = encode_shard(vae, seed, 24, split)
        deviation = float(torch.stack([c.latents for c in shard]).float().std())
        path.write_text(json.dumps({"scaling_factor": 1 / deviation}))
    return float(json.loads(path.read_text())["scaling_factor"])
