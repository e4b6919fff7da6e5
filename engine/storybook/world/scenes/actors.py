"""Who stands where and does what -> plain actors and scene specifications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..additions import ALL_PLACES, CROWN, FRAMED, Framing
from ..figures.accessories import COLOURS
from ..figures.builds import PAINTS
from ..figures.cutouts import colour_of
from ..figures.motions import MOVEMENTS, natural_track
from ..figures.pose import FootTrack
from ..figures.sprites import default_colourway, resting_size
from ..others import is_other, paint_of
from ..people import PERSON, look_in, table
from ..places.camera import STILL, Camera, seen_track
from ..vocabulary import Accessory, Facing, Light, PlaceSetting, Weather

Size = tuple[int, int]  # width, height in pixels
Box = tuple[float, float, float, float]  # left, top, right, bottom as parts of the frame


@dataclass(frozen=True)
class ActorRole:
    """What an actor has to do with another: its role in an interaction, and with whom."""

    interaction: str
    role: int
    other: str  # the other's entity id


@dataclass(frozen=True)
class Actor:
    """One figure of a scene. Nearer figures have a greater depth and are drawn later.

    Its track is in parts of the picture, also where the camera moves. A character or colourway
    that the world does not know is drawn as a labelled paper doll.
    """

    character: str
    colourway: str
    motion: str
    facing: Facing
    track: FootTrack
    depth: float
    entity_id: str
    wear: Accessory | None = None
    tie: ActorRole | None = None
    framing: Framing = "wide"


@dataclass(frozen=True)
class SceneSpec:
    """Everything that decides a clip's pixels; `light` None is the place's own."""

    place: str
    seed: int
    actors: tuple[Actor, ...]
    width: int = 144
    height: int = 96
    frames: int = 25
    fps: float = 8
    light: Light | None = None
    weather: Weather = "clear"
    camera: Camera = STILL

    @property
    def setting(self) -> PlaceSetting:
        return PlaceSetting(self.place, self.light, self.weather)

    @property
    def lit(self) -> Light:
        """The light that is drawn."""
        known = ALL_PLACES.get(self.place)
        return self.light or (known.light if known else "day")


def filmed(spec: SceneSpec, camera: Camera) -> SceneSpec:
    """A scene seen by a still camera as another camera sees it."""
    actors = tuple(replace(a, track=seen_track(a.track, camera)) for a in spec.actors)
    return replace(spec, actors=actors, camera=camera)


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
    wear: Accessory | None = None,
    frames: int = 25,
    fps: float = 8,
) -> Actor:
    """An actor on its motion's natural track from a foot point on the ground."""
    track = natural_track(
        motion, x=x, y=y, height=height, facing=facing, extent=extent, frames=frames, fps=fps
    )
    colour = colourway or default_colourway(character)
    return Actor(character, colour, motion, facing, track, y, entity_id or character, wear)


def actor_from_boxes(
    character: str,
    boxes: Sequence[Box] | NDArray[np.floating],
    *,
    motion: str = "stand",
    colourway: str | None = None,
    facing: Facing = "right",
    depth: float | None = None,
    entity_id: str | None = None,
    wear: Accessory | None = None,
    size: Size = (144, 96),
    framing: Framing = "wide",
) -> Actor:
    """An actor that fills the given boxes, one per frame; only its poses come from the motion.

    The resting figure is fitted inside each box with its feet at the bottom centre; of one who is
    seen in part, that part. `size` is the frame's, which the fit needs because boxes are in parts
    of width and height.
    """
    colour = colourway or default_colourway(character)
    if framing != "wide":
        track = _framed_track(np.asarray(boxes, dtype=np.float64), framing, size)
        near = float(np.mean(track.y)) if depth is None else depth
        return Actor(
            character, colour, motion, facing, track, near, entity_id or character, wear,
            framing=framing,
        )  # fmt: skip
    wide, high = resting_size(character, colour, motion == "sleep", wear)
    width, height = size
    xs, ys, heights = [], [], []
    for left, top, right, bottom in np.asarray(boxes, dtype=np.float64).tolist():
        fit = min((bottom - top) / high, (right - left) * width / (wide * height))
        xs.append((left + right) / 2)
        ys.append(bottom)
        heights.append(max(0.0, fit))
    lifted = motion in MOVEMENTS and MOVEMENTS[motion].leaves_ground
    ground = (max(ys),) * len(ys) if lifted else tuple(ys)
    track = FootTrack(tuple(xs), tuple(ys), tuple(heights), ground)
    near = sum(ys) / len(ys) if depth is None else depth
    return Actor(character, colour, motion, facing, track, near, entity_id or character, wear)


def _framed_track(boxes: NDArray[np.float64], framing: Framing, size: Size) -> FootTrack:
    """The track of one of whom boxes [T, 4] show a part; one that a side of the frame cuts off
    is as wide as his height says."""
    low, wide = FRAMED[framing]
    left, top, right, bottom = boxes.T
    height = (bottom - top) * 100 / (low - CROWN)
    half = height * wide / 200 * size[1] / size[0]
    x = np.where(left <= 0, right - half, np.where(right >= 1, left + half, (left + right) / 2))
    foot = bottom + height * (100 - low) / 100
    xs, feet, tall = (tuple(float(v) for v in row) for row in (x, foot, height))
    return FootTrack(xs, feet, tall, feet)


def natural_boxes(actor: Actor, size: Size = (144, 96)) -> NDArray[np.float32]:
    """The boxes [T, 4] that `actor_from_boxes` turns back into this actor's track.

    Of one who is seen in part they are those of the part that its framing shows.
    """
    if actor.framing != "wide":
        return _framed_boxes(actor, size)
    wide, high = resting_size(actor.character, actor.colourway, actor.motion == "sleep", actor.wear)
    x, y, h = (np.asarray(v) for v in (actor.track.x, actor.track.y, actor.track.height))
    half = h * wide / 2 * size[1] / size[0]
    return np.stack([x - half, y - h * high, x + half, y], axis=1).astype(np.float32)


def _framed_boxes(actor: Actor, size: Size) -> NDArray[np.float32]:
    low, wide = FRAMED[actor.framing]
    x, y, h = (np.asarray(v) for v in (actor.track.x, actor.track.y, actor.track.height))
    half = h * wide / 200 * size[1] / size[0]
    top, bottom = (y - h * (100 - edge) / 100 for edge in (CROWN, low))
    return np.stack([x - half, top, x + half, bottom], axis=1).astype(np.float32)


def palette(actor: Actor) -> tuple[str, ...]:
    """The colours "#rrggbb" that an actor is drawn in, without ink and white; its coat first."""
    paint = PAINTS.get((actor.character, actor.colourway))
    if is_other(actor.character, actor.colourway):
        paint = paint_of(actor.character, actor.colourway)
    look = look_in(actor.colourway) if actor.character == PERSON else None
    if look is not None:
        t = table()
        return tuple(
            dict.fromkeys(
                (*t.paint[look.colour], *t.skin[look.skin], *t.hair[look.hair],
                 *(t.paint[look.head_colour] if look.headgear else ()))
            )
        )  # fmt: skip
    drawn = (
        (paint.coat, paint.shade, paint.light, paint.accent)
        if paint
        else (colour_of(actor.colourway, actor.character),)
    )
    return tuple(dict.fromkeys((*drawn, *(COLOURS[actor.wear.colour] if actor.wear else ()))))
