"""Scenes -> latents on disk: every clip is encoded once, so that training never runs the codec."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKLCogVideoX
from numpy.typing import NDArray
from torch import Tensor

from .captions import random_scene
from .codec import CHANNELS, SHRINK, pixels, single_frames
from .running import Log
from .world import FRAMES, HEIGHT, WIDTH, WorldClip, WorldScene, draw

SHAPE = (FRAMES, CHANNELS, HEIGHT // SHRINK, WIDTH // SHRINK)
_FILE, _SCALE, _SEED = "latents.f16", "scale.json", "seed.json"


@dataclass(frozen=True, eq=False)
class LatentLibrary:
    """Encoded clips: latents [K, T, C, H, W] fp16 of unit variance, and what is in each."""

    latents: NDArray[np.float16]
    scenes: tuple[WorldScene, ...]
    boxes: tuple[NDArray[np.float32], ...]  # [A, T, 4] a clip
    scaling_factor: float


@torch.no_grad()
def encode(vae: AutoencoderKLCogVideoX, clip: WorldClip) -> Tensor:
    """Encode a clip, frame by frame, to unscaled latents [T, C, H, W] fp32; equal frames once."""
    frames, which = np.unique(clip.frames, axis=0, return_inverse=True)
    with single_frames(vae), torch.autocast("cpu", torch.bfloat16):
        latents = vae.encode(pixels(frames)[:, :, None]).latent_dist.mean[:, :, 0]
    return latents[torch.from_numpy(which.reshape(-1))].float()


def scene_of(number: int, seed: int) -> WorldScene:
    """Return the scene of a clip in the library: one figure in two of five, else two."""
    chance = random.Random(seed * 1_000_003 + number)
    return random_scene(chance, 1 if number % 5 < 2 else 2)


def encode_library(
    vae: AutoencoderKLCogVideoX, folder: Path, *, count: int, seed: int, log: Log
) -> None:
    """Encode `count` clips into a folder; one that was stopped goes on where it was."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _FILE
    if not (folder / _SCALE).exists():
        some = torch.stack([encode(vae, draw(scene_of(n, seed))) for n in range(16)])
        fix_scale(folder, 1 / float(some.std()))
    scale = json.loads((folder / _SCALE).read_text())["scaling_factor"]
    (folder / _SEED).write_text(json.dumps({"seed": seed}))
    size = int(np.prod(SHAPE)) * 2
    done = path.stat().st_size // size if path.exists() else 0
    with path.open("r+b" if done else "wb") as file:
        file.truncate(done * size)
        file.seek(done * size)
        for number in range(done, count):
            latents = encode(vae, draw(scene_of(number, seed))) * scale
            file.write(latents.numpy().astype(np.float16).tobytes())
            if number % 50 == 49:
                log(f"{number + 1} clips encoded")


def fix_scale(folder: Path, scaling_factor: float) -> None:
    """Say by what latents are multiplied for unit variance, before any clip is encoded."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _SCALE).write_text(json.dumps({"scaling_factor": scaling_factor}))


def read_library(folder: Path) -> LatentLibrary:
    """Return what `encode_library` wrote by now; its latents stay on the disk."""
    seed = json.loads((folder / _SEED).read_text())["seed"]
    count = (folder / _FILE).stat().st_size // (int(np.prod(SHAPE)) * 2)
    scale = json.loads((folder / _SCALE).read_text())["scaling_factor"]
    latents = np.memmap(folder / _FILE, np.float16, "r", shape=(count, *SHAPE))
    scenes = tuple(scene_of(number, seed) for number in range(count))
    return LatentLibrary(latents, scenes, tuple(boxes_of(scene) for scene in scenes), scale)


def boxes_of(scene: WorldScene) -> NDArray[np.float32]:
    """Return the boxes [A, T, 4] of a scene's figures."""
    return draw(scene).boxes
