"""A lossy clip + the exact one -> how far apart they are in each region, in decibels. No torch."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...plan import ShotPlan
from ...story import Box
from ..protocol import Frames

FRAME, BACKGROUND = "frame", "background"


def region_psnr(exact: Frames, found: Frames, shot: ShotPlan, fps: float) -> dict[str, float]:
    """Compare a shot's frames with the exact ones, region by region.

    Args:
        exact, found: [T, h, w, 3] uint8, equal in shape.
        shot: whose boxes say where each entity is; they may overlap.
        fps: frames a second, for the time of each frame.

    Returns:
        the peak signal-to-noise ratio in dB by entity id, and for `background`, the pixels in no
        box, and `frame`, all of them; infinite for equal pixels. Who is never in the frame is left
        out, and so is a background of no pixel.
    """
    if exact.shape != found.shape:
        raise ValueError(f"clips of one size can be compared, not {exact.shape} and {found.shape}")
    error = np.square(exact.astype(np.float32) - found.astype(np.float32)).mean(-1)  # [T, h, w]
    covered = np.zeros(error.shape, bool)
    areas = {}
    for entity in shot.entities:
        inside = np.zeros(error.shape, bool)
        for frame in range(len(inside)):
            box = shot.box_at(entity.id, frame / fps)
            if box is not None:
                inside[frame][_pixels(box, *error.shape[1:])] = True
        covered |= inside
        areas[entity.id] = inside
    areas |= {BACKGROUND: ~covered, FRAME: np.ones(error.shape, bool)}
    return {name: _decibels(error[area]) for name, area in areas.items() if area.any()}


def _pixels(box: Box, height: int, width: int) -> tuple[slice, slice]:
    def span(start: float, stop: float, size: int) -> slice:
        return slice(max(0, round(start * size)), max(0, round(stop * size)))

    return span(box.top, box.bottom, height), span(box.left, box.right, width)


def _decibels(error: NDArray[np.float32]) -> float:
    mean = float(error.mean())
    return math.inf if mean == 0 else 10 * math.log10(255**2 / mean)
