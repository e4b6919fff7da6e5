"""A planned shot -> the miniature's own world drawn as planned: what no model can do better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..engine.miniature.world import FRAMES, GROUND, HEIGHT, WIDTH, Figure, WorldScene, draw
from ..plan import Entity, ShotPlan
from ..tools.critic.miniature import motion_of
from .scoring import Frames, planned

_MARGIN = round(0.03 * HEIGHT)  # pixels of a planned box under its figure's feet
_NEAR = 4  # pixels


def scene_of(shot: ShotPlan) -> WorldScene:
    """Return the scene that keeps to a plan: who, what, where each one stands, who is in front."""
    figures = [_figure(shot, entity) for entity in shot.entities]
    depths = [_depth(shot, entity.id) for entity in shot.entities]
    order = sorted(range(len(figures)), key=lambda row: -depths[row])
    return WorldScene(shot.place_id or "meadow", tuple(figures[row] for row in order))


def drawn(shot: ShotPlan) -> Frames:
    """Return the frames [T, h, w, 3] of a shot as the world draws it."""
    return draw(scene_of(shot)).frames


def _figure(shot: ShotPlan, entity: Entity) -> Figure:
    """Return the figure whose drawn boxes are the nearest to the planned ones."""
    beat = shot.beat(entity.id)
    motion = (motion_of(beat) if beat else None) or "stand"
    boxes = planned(shot, entity.id, FRAMES)
    guess = Figure(entity.character or "", entity.color or "", motion, WIDTH // 2)
    found = _boxes(guess)
    lower = round(float(boxes[:, 3].max() - found[:, 3].max()) * HEIGHT)
    if abs(lower - _MARGIN) > _MARGIN:  # else it stands on the ground's line, as sprites do
        guess = replace(guess, ground=min(GROUND + lower - _MARGIN, HEIGHT))
    x = guess.x + round((_middle(boxes) - _middle(found)) * WIDTH)
    # What a box loses at the frame's edge moves its middle.
    near = [replace(guess, x=x + shift) for shift in range(-_NEAR, _NEAR + 1)]
    return min(near, key=lambda figure: float(np.abs(_boxes(figure) - boxes).mean()))


def _boxes(figure: Figure) -> NDArray[np.float32]:
    """Return the boxes [T, 4] of a figure that is drawn alone."""
    boxes: NDArray[np.float32] = draw(WorldScene("snow", (figure,))).boxes[0]
    return boxes


def _middle(boxes: NDArray[np.float32]) -> float:
    """Return the middle of all boxes' way [T, 4] from left to right."""
    return float(boxes[:, 0].min() + boxes[:, 2].max()) / 2


def _depth(shot: ShotPlan, entity: str) -> float:
    found = [p.depth for k in shot.keyframes for p in k.placements if p.entity == entity]
    return float(np.mean(found)) if found else 0.0
