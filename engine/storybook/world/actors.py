"""Who stands where and does what -> plain actors and scene specifications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .motions import natural_track
from .pose import Track
from .sprites import default_colourway, resting_size
from .vocabulary import Facing

Size = tuple[int, int]  # width, height in pixels
Box = tuple[float, float, float, float]  # left, top, right, bottom as parts of the frame


@dataclass(frozen=True)
class Actor:
    """One figure of a scene. Nearer figures have a greater depth and are drawn later.

    A character or colourway that the world does not know is drawn as a labelled paper doll.
    """

    character: str
    colourway: str
    motion: str
    facing: Facing
    track: Track
    depth: float
    entity_id: str


@dataclass(frozen=True)
class SceneSpec:
    """Everything that decides a clip's pixels."""

    place: str
    seed: int
    actors: tuple[Actor, ...]
    width: int = 144
    height: int = 96
    frames: int = 25
    fps: float = 8


def make_actor(
    character: str,
    *,
    x: float,
    y: float,
    height: float,
    motion: str = "stand",
    colourway: str | None = None,
    facing: Facing = "right",
    extent: float | None = None,
    entity_id: str | None = None,
    frames: int = 25,
    fps: float = 8,
) -> Actor:
    """An actor on its motion's natural track from a foot point on the ground."""
    track = natural_track(
        motion, x=x, y=y, height=height, facing=facing, extent=extent, frames=frames, fps=fps
    )
    colour = colourway or default_colourway(character)
    return Actor(character, colour, motion, facing, track, y, entity_id or character)


def actor_from_boxes(
    character: str,
    boxes: Sequence[Box] | NDArray[np.floating],
    *,
    motion: str = "stand",
    colourway: str | None = None,
    facing: Facing = "right",
    depth: float | None = None,
    entity_id: str | None = None,
    size: Size = (144, 96),
) -> Actor:
    """An actor that fills the given boxes, one per frame; only its poses come from the motion.

    The resting figure is fitted inside each box with its feet at the bottom centre. `size` is
    the frame's, which the fit needs because boxes are in parts of width and height.
    """
    colour = colourway or default_colourway(character)
    wide, high = resting_size(character, colour, motion == "sleep")
    width, height = size
    xs, ys, heights = [], [], []
    for left, top, right, bottom in np.asarray(boxes, dtype=np.float64).tolist():
        fit = min((bottom - top) / high, (right - left) * width / (wide * height))
        xs.append((left + right) / 2)
        ys.append(bottom)
        heights.append(max(0.0, fit))
    track = Track(tuple(xs), tuple(ys), tuple(heights))
    near = sum(ys) / len(ys) if depth is None else depth
    return Actor(character, colour, motion, facing, track, near, entity_id or character)


def natural_boxes(actor: Actor, size: Size = (144, 96)) -> NDArray[np.float32]:
    """The boxes [T, 4] that `actor_from_boxes` turns back into this actor's track."""
    wide, high = resting_size(actor.character, actor.colourway, actor.motion == "sleep")
    x, y, h = (np.asarray(v) for v in (actor.track.x, actor.track.y, actor.track.height))
    half = h * wide / 2 * size[1] / size[0]
    return np.stack([x - half, y - h * high, x + half, y], axis=1).astype(np.float32)
