"""Scene specification -> frames, boxes and masks of one clip."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..figures.motions import pose_at
from ..figures.sprites import Sprite, draw_sprite, resting_size
from ..figures.stamps import place_oval
from ..places.places import draw_window
from ..places.weather import falling
from .actors import Actor, SceneSpec, natural_boxes, palette

SHADE, SHADE_OPACITY = "#1B1E3A", 0.2  # the colour of a shadow on the ground


@dataclass(frozen=True)
class Truth:
    """What is true of one figure: its motion class, how near it is (0 is nearest), its colours."""

    entity_id: str
    motion: str
    depth: int
    palette: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class DrawnClip:
    """A clip with its exact truth; boxes, masks and truths follow the order of the spec's actors.

    `boxes` are those of whole figures, clipped to the frame, as if nobody stood before them;
    `planned` those that a plan would state: the resting figure's, on the same path.
    """

    frames: NDArray[np.uint8]  # [T, h, w, 3]
    boxes: NDArray[np.float32]  # [A, T, 4]
    planned: NDArray[np.float32]  # [A, T, 4]
    masks: NDArray[np.bool_] | None  # [A, T, h, w], the pixels that are not hidden
    truths: tuple[Truth, ...]

    @property
    def entity_ids(self) -> tuple[str, ...]:
        return tuple(truth.entity_id for truth in self.truths)


def draw_scene(
    spec: SceneSpec, *, with_masks: bool = False, at: Sequence[int] | None = None
) -> DrawnClip:
    """The clip of a scene, or its frames `at` alone. The same spec always gives the same bits.

    Boxes are those of all frames; what is not drawn has none of what is seen.
    """
    shown = range(spec.frames) if at is None else at
    frames = draw_background(spec, at=at)
    count = len(spec.actors)
    boxes = np.zeros((count, spec.frames, 4), np.float32)
    planned = np.zeros((count, spec.frames, 4), np.float32)
    masks = np.zeros((count, *frames.shape[:3]), np.bool_) if with_masks else None
    scale = np.array([spec.width, spec.height] * 2, np.float32)
    for actor in spec.actors:
        _draw_shadow(frames, spec, actor, shown)
    farthest_first = sorted(range(count), key=lambda i: spec.actors[i].depth)
    for row in farthest_first:
        whole = natural_boxes(spec.actors[row], (spec.width, spec.height))
        planned[row] = whole[[min(i, len(whole) - 1) for i in range(spec.frames)]]
        for place, index in enumerate(shown):
            sprite, left, top = _placed(spec, spec.actors[row], index)
            window = _paste(frames[place], sprite, left, top)
            if window is None:
                continue
            solid = sprite.solid[window.source]
            boxes[row, index] = _bounds(solid, window) / scale
            if masks is not None:
                masks[(slice(None), place, *window.target)] &= ~solid
                masks[(row, place, *window.target)] = solid
    truths = tuple(
        Truth(actor.entity_id, actor.motion, count - 1 - farthest_first.index(row), palette(actor))
        for row, actor in enumerate(spec.actors)
    )
    return DrawnClip(frames, boxes, planned, masks, truths)


def draw_background(spec: SceneSpec, *, at: Sequence[int] | None = None) -> NDArray[np.uint8]:
    """The scene without its figures, [T, h, w, 3]: what the camera sees, and what falls."""
    shown = range(spec.frames) if at is None else at
    size = (spec.width, spec.height)
    frames = np.empty((len(shown), spec.height, spec.width, 3), np.uint8)
    for place, index in enumerate(shown):
        window = spec.camera.window(index, spec.frames)
        frames[place] = draw_window(spec.place, spec.seed, size, spec.light, spec.weather, window)
        time_s = index / spec.fps
        for sprite, left, top in falling(spec.weather, spec.lit, spec.seed, time_s, size, window):
            _paste(frames[place], sprite, left, top)
    return frames


def _draw_shadow(
    frames: NDArray[np.uint8], spec: SceneSpec, actor: Actor, shown: Sequence[int]
) -> None:
    """Lay a flat oval on the ground; it shrinks under one who rises."""
    track = actor.track
    if not track.ground or actor.framing != "wide":
        return
    wide, _ = resting_size(actor.character, actor.colourway, actor.motion == "sleep")
    for index, frame in zip(shown, frames, strict=True):
        at = min(index, len(track.x) - 1)
        tall = track.height[at]
        near = max(0.4, 1 - 0.6 * max(0.0, track.ground[at] - track.y[at]) / max(tall, 0.01))
        half = tall * spec.height * min(wide, 1.0) * 0.46 * near
        x, y = track.x[at] * spec.width, (track.ground[at] - 0.006) * spec.height
        _paste(frame, *place_oval(x, y, half, half * 0.24, SHADE, SHADE_OPACITY))


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
        wear=actor.wear,
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
