"""A shot of the miniature and its adapters -> its frames, each drawn once and kept in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dreamrunner.engine.diffusion.family import DiffusionFamily
from dreamrunner.film import Adapter
from dreamrunner.plan import ShotPlan


def kept_frames(
    family: DiffusionFamily, shot: ShotPlan, adapters: Sequence[Adapter], folder: Path
) -> NDArray[np.uint8]:
    """Return the frames [T, h, w, 3] of a shot, from `folder` where it was drawn before."""
    keys = " ".join(one.key for one in adapters)
    name = sha256(f"{shot.model_dump_json()} {keys}".encode()).hexdigest()[:24]
    path = folder / f"{name}.npz"
    if path.is_file():
        with np.load(path) as kept:
            frames: NDArray[np.uint8] = kept["frames"]
            return frames
    frames = family.render(shot, adapters, None, lambda done, total: None)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, frames=frames)
    return frames
