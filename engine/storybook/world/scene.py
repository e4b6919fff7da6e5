"""The world's scenes in one place: sample or build a specification, then draw it."""

from __future__ import annotations

from .scenes.actors import Actor, Box, SceneSpec, Size, actor_from_boxes, make_actor, natural_boxes
from .scenes.drawing import DrawnClip, draw_background, draw_scene
from .scenes.sampling import sample_scene

__all__ = [
    "Actor",
    "Box",
    "DrawnClip",
    "SceneSpec",
    "Size",
    "actor_from_boxes",
    "draw_background",
    "draw_scene",
    "make_actor",
    "natural_boxes",
    "sample_scene",
]
