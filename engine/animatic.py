"""Shot plan -> frames drawn from the plan itself, with no model: the moving storyboard.

Who the storybook world knows is drawn as its animal, anybody else as a labelled paper doll; a
place that it doesn't know is a quiet paper stage. Positions are the plan's boxes at each frame's
time, poses follow the beats. It shows what was planned, never what a model would make of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..film import Adapter, Clip
from ..plan import Beat, Capabilities, Entity, Placement, ShotPlan
from ..story import Box
from . import typefaces
from .lettering import unwritable
from .protocol import Frames, OnStep
from .storybook.capabilities import world_capabilities
from .storybook.world.figures.motions import MOVEMENTS, pose_at
from .storybook.world.figures.pose import Pose
from .storybook.world.figures.sprites import (
    Sprite,
    default_colourway,
    draw_sprite,
    is_drawn,
    resting_size,
)
from .storybook.world.figures.stamps import place_oval
from .storybook.world.places.places import WHOLE, draw_place, draw_plain
from .storybook.world.places.weather import falling
from .storybook.world.scenes.drawing import SHADE, SHADE_OPACITY
from .storybook.world.vocabulary import PLACES, Accessory, PlaceSetting
from .storybook.world.words.phrasing import setting_in, wear_in

WIDTH_PX, HEIGHT_PX = 576, 384
FPS = 24
# As long as a clip of the storybook model, so that both cut a story into the same shots.
CLIP_FRAMES = 75
MAX_ENTITIES = 8
_PLACE_SEED = 0

# A figure without a beat that the world can draw, but whose box moves this much of the frame a
# second, is drawn walking: to slide about upright would say something else.
_SLIDE = 0.03


@dataclass(frozen=True, slots=True)
class _Figure:
    """An entity as it is drawn: whom or what in the world, in which colour, wearing what."""

    entity: Entity
    character: str
    colour: str
    wear: Accessory | None


class Animatic:
    """The engine that draws plans. It needs no weights and is as fast as a pencil."""

    @property
    def capabilities(self) -> Capabilities:
        return animatic_capabilities()

    @property
    def fingerprint(self) -> str:
        """It has no weights, but typefaces, for the names of paper figures."""
        return f"no weights, typefaces {typefaces.fingerprint()[:16]}"

    def render(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        before: Clip | None,
        on_step: OnStep,
    ) -> Frames:
        """Draw a shot: [T, h, w, 3] uint8. Adapters and the shot before change nothing here."""
        return draw_shot(shot, fps=FPS, size=(WIDTH_PX, HEIGHT_PX), on_step=on_step)


@lru_cache(maxsize=1)
def animatic_capabilities() -> Capabilities:
    """Return what can be drawn: every word is drawn somehow, and nothing is measured."""
    return world_capabilities(
        "animatic",
        clip_frames=CLIP_FRAMES,
        fps=FPS,
        width=WIDTH_PX,
        height=HEIGHT_PX,
        max_entities=MAX_ENTITIES,
        trained=False,
    )


def draw_shot(
    shot: ShotPlan, *, fps: int, size: tuple[int, int], on_step: OnStep | None = None
) -> Frames:
    """Draw a shot frame by frame.

    Args:
        shot: what to draw; boxes are taken at each frame's own time.
        fps: frames a second.
        size: width and height in pixels.
        on_step: called with the frames done and the frames in all.

    Returns:
        [T, h, w, 3] uint8 RGB, T = the shot's duration times `fps`, at least 1.
    """
    count = max(1, round(shot.duration_s * fps))
    stage = Image.fromarray(_stage(shot, size))
    figures = [_figure(entity) for entity in shot.entities]
    frames = np.empty((count, size[1], size[0], 3), np.uint8)
    for index in range(count):
        picture = stage.copy()
        time_s = index / fps
        _draw_weather(picture, shot, time_s)
        placed = _back_to_front(shot, figures, time_s)
        for figure, box in placed:
            _draw_shadow(picture, shot, figure, box, time_s)
        for figure, box in placed:
            _draw(picture, shot, figure, box, time_s, fps)
        frames[index] = np.asarray(picture)
        if on_step:
            on_step(index + 1, count)
    return frames


def draw_still(shot: ShotPlan, time_s: float, *, size: tuple[int, int]) -> Image.Image:
    """Draw a shot as it is at one time, as a picture of a width and a height in pixels."""
    picture = Image.fromarray(_stage(shot, size))
    for figure, box in _back_to_front(shot, [_figure(e) for e in shot.entities], time_s):
        _draw(picture, shot, figure, box, time_s, FPS)
    return picture


def unwritable_names(shots: Sequence[ShotPlan]) -> str | None:
    """Return a note on the names of figures that cannot be written here; None where all can."""
    figures = (_figure(entity) for shot in shots for entity in shot.entities)
    return unwritable(f.character for f in figures if not is_drawn(f.character, f.colour))


def _stage(shot: ShotPlan, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the empty place: [h, w, 3]."""
    setting = _setting(shot)
    if setting is None:
        return draw_plain(f"{shot.place} {shot.background}".lower(), size)
    # One drawing of a place for the whole film: shots of one scene are in the same forest.
    return draw_place(
        setting.place, _PLACE_SEED, size, light=setting.light, weather=setting.weather
    )


def _setting(shot: ShotPlan) -> PlaceSetting | None:
    """Return the world's place of a shot, in the light and weather that its words name."""
    known = shot.place_id if shot.place_id in PLACES else None
    return setting_in(known, shot.background) if known else None


def _draw_weather(picture: Image.Image, shot: ShotPlan, time_s: float) -> None:
    setting = _setting(shot)
    if setting is None:
        return
    light = setting.light or PLACES[setting.place].light
    for fallen in falling(setting.weather, light, _PLACE_SEED, time_s, picture.size, WHOLE):
        _put(picture, *fallen)


def _draw_shadow(
    picture: Image.Image, shot: ShotPlan, figure: _Figure, box: Box, time_s: float
) -> None:
    """Lay a shadow under a figure: where it will come down, if its motion leaves the ground."""
    width, height = picture.size
    motion = _motion(shot, figure.entity.id, _beat(shot, figure.entity.id, time_s))
    ground = box.bottom
    if MOVEMENTS[motion].leaves_ground:
        placed = (k.placement(figure.entity.id) for k in shot.keyframes)
        ground = max([box.bottom, *(p.box.bottom for p in placed if p)])
    near = max(0.4, 1 - 0.6 * (ground - box.bottom) / max(box.height, 0.01))
    half = min(box.width * width, box.height * height) * 0.44 * near
    x, y = box.center[0] * width, (ground - 0.006) * height
    _put(picture, *place_oval(x, y, half, half * 0.24, SHADE, SHADE_OPACITY))


def _figure(entity: Entity) -> _Figure:
    character = entity.character or entity.id
    known = default_colourway(character)
    colour = entity.color or (known if entity.character else entity.look)
    return _Figure(entity, character, colour, wear_in(entity.look))


def _back_to_front(
    shot: ShotPlan, figures: Sequence[_Figure], time_s: float
) -> list[tuple[_Figure, Box]]:
    """Return who is in the frame at a time, the farthest first."""
    placed = [(f, box) for f in figures if (box := shot.box_at(f.entity.id, time_s)) is not None]

    def nearness(item: tuple[_Figure, Box]) -> tuple[int, float]:
        placement = _placement(shot, item[0].entity.id, time_s)
        return -placement.depth if placement else 0, item[1].bottom

    return sorted(placed, key=nearness)


def _placement(shot: ShotPlan, entity_id: str, time_s: float) -> Placement | None:
    """Return an entity's placement at the keyframe nearest to a time."""
    nearest = sorted(shot.keyframes, key=lambda k: abs(k.time_s - time_s))
    return next((p for k in nearest if (p := k.placement(entity_id)) is not None), None)


def _draw(
    picture: Image.Image, shot: ShotPlan, figure: _Figure, box: Box, time_s: float, fps: int
) -> None:
    """Put a figure into its box, feet at the bottom centre."""
    width, height = picture.size
    beat = _beat(shot, figure.entity.id, time_s)
    motion = _motion(shot, figure.entity.id, beat)
    wide, high = resting_size(figure.character, figure.colour, motion == "sleep", figure.wear)
    fit = min(box.height * height / high, box.width * width / wide)
    x, y = box.center[0] * width, box.bottom * height
    sprite = draw_sprite(
        figure.character,
        figure.colour,
        _pose(motion, beat, shot, time_s, fps),
        height=max(1.0, fit),
        facing=beat.facing if beat else "right",
        shift=(x - math.floor(x), y - math.floor(y)),
        wear=figure.wear,
    )
    _put(picture, sprite, math.floor(x) + sprite.left, math.floor(y) + sprite.top)


def _put(picture: Image.Image, sprite: Sprite, left: int, top: int) -> None:
    tall, broad = sprite.pixels.shape[:2]
    # Small "a": the sprite's colours are multiplied by their opacity.
    image = Image.frombytes("RGBa", (broad, tall), sprite.pixels.tobytes()).convert("RGBA")
    picture.paste(image, (left, top), image)


def _beat(shot: ShotPlan, entity_id: str, time_s: float) -> Beat | None:
    """Return what an entity is doing at a time: the last of its beats that has begun."""
    begun = [b for b in shot.beats if b.entity == entity_id and b.start_s <= time_s + 1e-6]
    return max(begun, key=lambda b: b.start_s, default=shot.beat(entity_id))


def _motion(shot: ShotPlan, entity_id: str, beat: Beat | None) -> str:
    """Return the world's word for a beat; a stranger to it walks if its box does, else stands."""
    named = beat.motion if beat else "stand"
    known = animatic_capabilities().synonyms.get(named, named)
    if known in MOVEMENTS and (beat is not None):
        return known
    start, end = (beat.start_s, beat.end_s) if beat else (0.0, shot.duration_s)
    before, after = shot.box_at(entity_id, start), shot.box_at(entity_id, end)
    if before is None or after is None or end <= start:
        return "stand"
    speed = abs(after.center[0] - before.center[0]) / (end - start)
    return "walk" if speed > _SLIDE else "stand"


def _pose(motion: str, beat: Beat | None, shot: ShotPlan, time_s: float, fps: int) -> Pose:
    start, end = (beat.start_s, beat.end_s) if beat else (0.0, shot.duration_s)
    frames = max(1, round((end - start) * fps))
    return pose_at(motion, min(frames - 1, max(0, round((time_s - start) * fps))), frames, fps)
