"""True boxes -> boxes as a director states them: straight between keyframes, or loose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def keyed(boxes: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return tracks [A, T, 4], a quarter of them straight between three to six of their boxes."""
    out = boxes.copy()
    at = np.arange(boxes.shape[1])
    for track in out:
        if rng.random() < 0.25:
            keys = np.unique(np.linspace(0, len(at) - 1, rng.integers(3, 7)).round().astype(int))
            track[:] = np.stack([np.interp(at, keys, side[keys]) for side in track.T], -1)
    return out


def loosened(boxes: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Widen true boxes [A, T, 4] the way plans are loose: half of them not at all, some by up
    to a fifth a side, and some to the envelope of the whole path."""
    out = boxes.copy()
    for track in out:
        chance = rng.random()
        if chance < 0.2:
            track[:] = [*track[:, :2].min(0), *track[:, 2:].max(0)]
        if 0.1 < chance < 0.5:
            size = np.tile((track[:, 2:] - track[:, :2]).mean(0), 2)
            track += rng.uniform(0, 0.2, 4).astype(np.float32) * size * [-1, -1, 1, 1]
    return out
