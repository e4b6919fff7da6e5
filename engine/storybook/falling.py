"""A shot's words -> the rain or snow that is laid over its place: drawn drops, no model's.

The transformer was shown rain and draws none, and what it draws of a wet place is a smear: at
sixteen pixels a token a drop is lost. So it is asked for the place in clear weather, which is given
the colours of clouds; what falls is drawn as the world draws it, behind everybody, under the sky or
behind the panes of a room (docs/decisions/0061-places-stand-still.md).
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...plan import ShotPlan
from . import models
from .world.additions import ALL_PLACES
from .world.places.places import WHOLE
from .world.places.scenery import OWN_NIGHT
from .world.places.stage import grade
from .world.places.weather import falling
from .world.vocabulary import Light, PlaceSetting, Weather
from .world.words.phrasing import falls_in, setting_in, view

_SEEDS = 1000


def weather_of(shot: ShotPlan) -> Weather:
    """Return what falls in a shot by the words for its place."""
    return falls_in(shot.background)


def light_of(shot: ShotPlan) -> Light:
    """Return the light of a shot's place: what its words say, or the place's own."""
    place = shot.place_id or ""
    own = ALL_PLACES[place].light if place in ALL_PLACES else "day"
    return setting_in(place, shot.background).light or own


def clear_words(shot: ShotPlan) -> str:
    """Return the words for a shot's place in clear weather, in which a model is asked for it."""
    if weather_of(shot) == "clear" or shot.place_id not in ALL_PLACES:
        return shot.background
    return view(PlaceSetting(shot.place_id, setting_in(shot.place_id, shot.background).light))


def graded(frames: Tensor, shot: ShotPlan) -> Tensor:
    """Give frames [T, 3, h, w] in 0..255 of a clear place the colours of a shot's weather."""
    light: Light = "day" if shot.place_id in OWN_NIGHT else light_of(shot)
    scale, lift = (frames.new_tensor(v)[:, None, None] for v in grade(light, weather_of(shot)))
    return frames * scale + lift


def fallen(shot: ShotPlan) -> Tensor:
    """Draw what falls in a shot, [T, 4, h, w]: colours 0..255 times coverage, and coverage."""
    canvas = torch.zeros(models.FRAMES, models.HEIGHT, models.WIDTH, 4)
    size, weather, light = (models.WIDTH, models.HEIGHT), weather_of(shot), light_of(shot)
    for frame, picture in enumerate(canvas):
        time_s = frame / models.FPS
        for sprite, left, top in falling(weather, light, shot.seed % _SEEDS, time_s, size, WHOLE):
            drop = torch.from_numpy(sprite.pixels.copy()).float()
            high, wide = drop.shape[:2]
            first_row, first_column = max(0, -top), max(0, -left)
            inside = picture[max(0, top) : max(0, top + high), max(0, left) : max(0, left + wide)]
            rows, columns = inside.shape[:2]
            shown = drop[first_row : first_row + rows, first_column : first_column + columns]
            inside.copy_(shown + inside * (1 - shown[..., 3:] / 255))
    return torch.cat([canvas[..., :3], canvas[..., 3:] / 255], -1).permute(0, 3, 1, 2)
