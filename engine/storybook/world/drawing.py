"""Scene specification -> frames, boxes and masks of one clip."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .actors import Actor, SceneSpec
from .motions import pose_at
from .places import draw_place
from .sprites import Sprite, draw_sprite


@dataclass(frozen=True, eq=False)
class DrawnClip:
    """A clip with its exact truth; boxes and masks follow the order of the spec's actors."""

    frames: NDArray[np.uint8]  # [T, h, w, 3]
    boxes: NDArray[np.float32]  # [A, T, 4], whole figures clipped to the frame
    masks: NDArray[np.bool_] | None  # [A, T, h, w], the pixels that are not hidden
    entity_ids: tuple[str, ...]


def draw_scene(spec: SceneSpec, *, with_masks: bool = False) -> DrawnClip:
    """The clip of a scene. The same spec always gives the same bits."""
    background = draw_place(spec.place, spec.seed, (spec.width, spec.height))
    frames = np.repeat(background[None], spec.frames, axis=0)
    boxes = np.zeros((len(spec.actors), spec.frames, 4), np.float32)
    shape = (len(spec.actors), spec.frames, spec.height, spec.width)
    masks = np.zeros(shape, np.bool_) if with_masks else None
    scale = np.array([spec.width, spec.height] * 2, np.float32)
    for row in sorted(range(len(spec.actors)), key=lambda i: spec.actors[i].depth):
        for index in range(spec.frames):
            sprite, left, top = _placed(spec, spec.actors[row], index)
            window = _paste(frames[index], sprite, left, top)
            if window is None:
                continue
            solid = sprite.solid[window.source]
            boxes[row, index] = _bounds(solid, window) / scale
            if masks is not None:
                masks[(slice(None), index, *window.target)] &= ~solid
                masks[(row, index, *window.target)] = solid
    return DrawnClip(frames, boxes, masks, tuple(a.entity_id for a in spec.actors))


@dataclass(frozen=True)
class _Window:
    """The part of a sprite that is in the frame, as indices into both."""

    source: tuple[slice, slice]
    target: tuple[slice, slice]


def _placed(spec: SceneSpec, actor: Actor, index: int) -> tuple[Sprite, int, int]:
    # A track may be shorter than the clip, as when a plan was made at another rate: hold its end.
    at = min(index, len(actor.track.x) - 1)
    x, y = actor.track.x[at] * spec.width, actor.track.y[at] * spec.height
    # Snapped to half pixels here, so that 0.99 becomes the next pixel's 0 and not this one's 1.
    x, y = round(x * 2) / 2, round(y * 2) / 2
    pose = pose_at(actor.motion, index, spec.frames, spec.fps)
    sprite = draw_sprite(
        actor.character,
        actor.colourway,
        pose,
        height=actor.track.height[at] * spec.height,
        facing=actor.facing,
        shift=(x - math.floor(x), y - math.floor(y)),
    )
    return sprite, math.floor(x) + sprite.left, math.floor(y) + sprite.top


def _paste(frame: NDArray[np.uint8], sprite: Sprite, left: int, top: int) -> _Window | None:
    height, width = frame.shape[:2]
    tall, wide = sprite.pixels.shape[:2]
    x0, x1 = max(0, left), min(width, left + wide)
    y0, y1 = max(0, top), min(height, top + tall)
    if x0 >= x1 or y0 >= y1:
        return None
    source = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    target = (slice(y0, y1), slice(x0, x1))
    colour, rest = sprite.weighted
    # 255 * 255 + 127 still fits sixteen bits.
    mixed = (colour[source] + frame[target] * rest[source] + np.uint16(127)) // np.uint16(255)
    frame[target] = mixed.astype(np.uint8)
    return _Window(source, target)


def _bounds(solid: NDArray[np.bool_], window: _Window) -> NDArray[np.float32]:
    """The tight pixel box of the solid part in the frame; all zero when nothing of it shows."""
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    if not len(rows):
        return np.zeros(4, np.float32)
    y, x = window.target[0].start, window.target[1].start
    return np.array(
        [x + columns[0], y + rows[0], x + columns[-1] + 1, y + rows[-1] + 1], np.float32
    )
