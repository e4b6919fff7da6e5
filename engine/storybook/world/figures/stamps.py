"""An oval and a colour -> a small sprite: shadows, raindrops, snowflakes."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from .sprites import Sprite

_FINER = 4  # samples a pixel, each way


def place_oval(
    x: float, y: float, half_width: float, half_height: float, colour: str, opacity: float
) -> tuple[Sprite, int, int]:
    """An oval about (x, y) as a sprite and its corner; everything in pixels, to half of one."""
    x, y = round(x * 2) / 2, round(y * 2) / 2
    size = max(1.0, round(half_width * 2) / 2), max(0.5, round(half_height * 2) / 2)
    left, top = math.floor(x), math.floor(y)
    sprite = _oval(size, colour, round(opacity, 2), (x - left, y - top))
    return sprite, left + sprite.left, top + sprite.top


@lru_cache(maxsize=4096)
def _oval(
    size: tuple[float, float], colour: str, opacity: float, shift: tuple[float, float]
) -> Sprite:
    reach = [math.ceil(half) + 1 for half in size]
    across, down = ((np.arange(2 * r * _FINER) + 0.5) / _FINER - r for r in reach)
    u, v = (across - shift[0]) / size[0], (down - shift[1]) / size[1]
    inside = (u[None] ** 2 + v[:, None] ** 2 <= 1).astype(np.float32)
    covered = inside.reshape(2 * reach[1], _FINER, 2 * reach[0], _FINER).mean((1, 3)) * opacity
    tint = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    pixels = covered[..., None] * np.array([*tint, 255], np.float32)
    return Sprite(np.rint(pixels).astype(np.uint8), -reach[0], -reach[1])
