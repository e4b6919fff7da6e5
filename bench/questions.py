"""Scenes of the miniature's world -> what the paper leaves open: leaks between regions, occlusion.

Both are asked of scenes of two figures, by regions, with the drawn figures' boxes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..engine.miniature.captions import random_scene, region_text
from ..engine.miniature.judge import MiniatureJudge
from ..engine.miniature.world import SPOTS, WIDTH, Figure, WorldScene, draw
from ..plan import RenderSettings, ShotPlan
from ..tools.critic.miniature_clips import shot_of
from .scoring import Frames, planned

Draw = Callable[[ShotPlan], Frames]

SEED = 6_028
LAYERS = (1.0, 0.5, 0.0)  # the share of the layers in which regions rule
OVERLAPS = (0.0, 0.2, 0.4, 0.6, 0.8)
DRAWN = "drawn"  # the world itself, which shows what can be seen at all
MODES = ("union", "depth", "soft edge", DRAWN)
_RING = 1  # tokens of a soft edge


@dataclass(frozen=True, slots=True)
class Leak:
    """How much pixels change where one region's words do, in parts of their range, by where."""

    layers: float
    own: float
    other: float
    rest: float


@dataclass(frozen=True, slots=True)
class Occluded:
    """Whether both of two figures that overlap are there, and the one in front in its own box."""

    overlap: float
    mode: str
    both: bool
    front: bool


def pairs(count: int) -> list[WorldScene]:
    """Return scenes of two figures that training could have shown."""
    chance = random.Random(SEED)
    return [random_scene(chance, 2) for _ in range(count)]


def shot_by_regions(scene: WorldScene, steps: int, guidance: float, **more: object) -> ShotPlan:
    """Return a scene's shot, which the regions' own boxes are planned for."""
    settings = {"steps": steps, "guidance": guidance, **more}
    shot = shot_of(scene)
    return shot.model_copy(update={"settings": RenderSettings.model_validate(settings), "seed": 7})


def leaks(draw_shot: Draw, count: int, steps: int, guidance: float) -> Iterator[Leak]:
    """Yield how far a change of one region's words reaches, by the layers in which regions rule."""
    chance = random.Random(SEED + 1)
    for scene in pairs(count):
        first, second = scene.figures
        other = random_scene(chance, 1).figures[0]
        for layers in LAYERS:
            more = {"region_layers": (0.0, layers)}
            shot = shot_by_regions(scene, steps, guidance, **more)
            said = shot.entities[0].model_copy(
                update={"prompt": region_text(replace(other, x=first.x))}
            )
            changed = shot.model_copy(update={"entities": (said, *shot.entities[1:])})
            before, after = draw_shot(shot), draw_shot(changed)
            yield _leak(layers, shot, before, after)


def _leak(layers: float, shot: ShotPlan, before: Frames, after: Frames) -> Leak:
    change = np.abs(before.astype(np.int16) - after).mean(3) / 255  # [T, h, w]
    own, other = (_inside(shot, e.id, change.shape) for e in shot.entities)
    rest = ~(own | other)
    parts = (own & ~other, other & ~own, rest)
    return Leak(layers, *(round(float(change[part].mean()), 5) for part in parts))


def _inside(shot: ShotPlan, entity: str, size: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which pixels [T, h, w] lie in an entity's planned boxes."""
    frames, height, width = size
    y = (np.arange(height) + 0.5)[:, None] / height
    x = (np.arange(width) + 0.5)[None] / width
    left, top, right, bottom = planned(shot, entity, frames).T[:, :, None, None]
    inside: NDArray[np.bool_] = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return inside


def overlapping(scene: WorldScene, overlap: float) -> WorldScene:
    """Return two standing figures of which the second hides a part of the first's box."""
    back, front = (replace(f, motion="stand") for f in scene.figures)
    (left, right), (front_left, front_right) = _edges(back), _edges(front)
    shared = overlap * min(right - left, front_right - front_left)
    start = (WIDTH - (right - left) - (front_right - front_left) + shared) / 2
    x = round(start - left)
    return WorldScene(
        scene.place,
        (replace(back, x=x), replace(front, x=round(x + right - shared - front_left))),
    )


def _edges(figure: Figure) -> tuple[float, float]:
    """Return how many pixels a figure reaches to the left and to the right of its feet."""
    box = draw(WorldScene("snow", (replace(figure, x=SPOTS[1]),))).boxes[0, 0]
    return float(box[0]) * WIDTH - SPOTS[1], float(box[2]) * WIDTH - SPOTS[1]


def occlusion(
    draw_shot: Draw, judge: MiniatureJudge, count: int, steps: int, guidance: float
) -> Iterator[Occluded]:
    """Yield what is seen of two figures by how far their boxes overlap: three ways and drawn."""
    settings: dict[str, dict[str, object]] = {
        "union": {}, "depth": {"overlap": "depth"}, DRAWN: {},
        "soft edge": {"overlap": "depth", "soft_edge_tokens": _RING},
    }  # fmt: skip
    for overlap in OVERLAPS:
        for scene in pairs(count):
            placed = overlapping(scene, overlap)
            for mode in MODES:
                shot = shot_by_regions(placed, steps, guidance, **settings[mode])
                frames = draw(placed).frames if mode == DRAWN else draw_shot(shot)
                there = [any(judge.track(frames, f.character)) for f in placed.figures]
                front = planned(shot, shot.entities[1].id, len(frames))
                seen = judge.found(frames, [front])[0]
                yield Occluded(overlap, mode, all(there),
                               seen.character == placed.figures[1].character)  # fmt: skip
