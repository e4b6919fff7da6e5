"""A shot's person + the figure painter -> its pictures, laid over frames.

The parts of each frame are filled with the look's colours and laid into the box as the world's
figures lie in theirs. A box of another shape than the figure's makes it smaller, never broader:
somebody keeps his proportions through a film. Pictures, not latents: the codec was taught animals,
and gives colours of people a cast and their small parts a blur.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...plan import Entity, ShotPlan
from . import models
from .figure_painting import FigurePainter, PersonWords, PlacedPose, codes_of, settled, whole_poses
from .turning import turned_pictures
from .world.additions import CROWN, FRAMED, Framing, framing_in
from .world.figures.parts import palette, placed, window_of
from .world.figures.sprites import FOOT, PERSON_LYING, PERSON_SIZE
from .world.people import look_in
from .world.scenes.drawing import SHADE_OPACITY
from .world.vocabulary import FACINGS, Facing
from .world.words.phrasing import carried_in

# A shadow's half width in box heights, its flatness, and how far it lies up in frame heights.
_SHADOW_WIDE, _SHADOW_FLAT, _SHADOW_UP = 0.19, 0.24, 0.006
_SHARPER = 1.6  # logits are multiplied by it: an edge between parts is no wider than a cell


def is_person(entity: Entity) -> bool:
    """Say whether an entity's words are those of a person, who is painted by parts."""
    return look_in(entity.prompt) is not None


@torch.no_grad()
def person_pictures(
    painter: FigurePainter, shot: ShotPlan, entity: Entity, boxes: Tensor, times_s: Tensor
) -> Tensor:
    """Return a person's pictures [T, 4, h, w]: colours 0..255 times coverage, and coverage."""
    look = look_in(entity.prompt)
    if look is None:
        raise ValueError(f"{entity.id} is no person: {entity.prompt}")
    framing, wear = framing_in(entity.prompt), carried_in(entity.prompt)
    deeds = [_deed(shot, entity, float(time)) for time in times_s]
    item = wear.item if wear else ""
    # Of one whose upper half is seen it does not show whether it sits.
    seen = [("stand" if framing != "wide" and motion == "sit" else motion) for motion, _ in deeds]
    words = [PersonWords(look, motion, framing, item) for motion in seen]
    codes, motions = (t.to(boxes.device) for t in codes_of(words))
    poses = settled(painter.posed(motions, times_s))
    with models.autocast(boxes.device):
        logits = painter(codes, poses).float()
    parts = (logits * _SHARPER).softmax(1)
    colours = torch.from_numpy(palette(look, wear)).to(parts)[1:]
    canvas = torch.cat([torch.einsum("mkhw,kc->mchw", parts[:, 1:], colours), 1 - parts[:, :1]], 1)
    facings = [facing for _, facing in deeds]
    grid = _grid(boxes, framing, whole_poses(poses), facings)
    return F.grid_sample(canvas, grid, align_corners=False)


def turned(pictures: Tensor, boxes: Tensor, turns: Tensor) -> Tensor:
    """Turn a person's pictures [T, 4, h, w] over in boxes [T, 4] by turns [T, 2, 3]."""
    there = ~boxes.isnan().any(-1)
    out = pictures.clone()
    out[there] = turned_pictures(pictures[there], boxes[there], turns[there])
    return out


def shadows(boxes: Tensor) -> Tensor:
    """Return how dark the ground is under whoever stands in boxes [T, 4]: [T, 1, h, w] in 0..1."""
    rows, columns = torch.arange(models.HEIGHT) + 0.5, torch.arange(models.WIDTH) + 0.5
    size = boxes.new_tensor([models.WIDTH, models.HEIGHT])
    middle = (boxes[:, 0] + boxes[:, 2]) / 2 * size[0]
    low = boxes[:, 3] * size[1] - _SHADOW_UP * models.HEIGHT
    half = (boxes[:, 3] - boxes[:, 1]) * size[1] * _SHADOW_WIDE
    across = (columns.to(boxes) - middle[:, None]) / half[:, None]
    down = (rows.to(boxes) - low[:, None]) / (half[:, None] * _SHADOW_FLAT)
    away = across[:, None, :].square() + down[:, :, None].square()
    edge = (half * _SHADOW_FLAT / 2)[:, None, None]
    inside = ((1 - away.sqrt()) * edge + 0.5).clamp(0, 1).nan_to_num(0.0)
    return SHADE_OPACITY * inside[:, None]


def laid_over(frames: Tensor, pictures: Tensor, shown: Tensor) -> Tensor:
    """Lay pictures [T, 4, h, w] over frames [T, 3, h, w], of which `shown` [T, 1, h, w] shows."""
    coverage = pictures[:, 3:] * shown
    return frames * (1 - coverage) + pictures[:, :3] * shown


def _deed(shot: ShotPlan, entity: Entity, time_s: float) -> tuple[str, Facing]:
    """Return what an entity does at a time, and which way it faces."""
    beats = [beat for beat in shot.beats if beat.entity == entity.id]
    now = [beat for beat in beats if beat.start_s <= time_s + 1e-6] or beats
    if not now:
        return "stand", FACINGS[1]
    return now[-1].motion, now[-1].facing


def _grid(
    boxes: Tensor, framing: Framing, poses: Sequence[PlacedPose], facings: Sequence[Facing]
) -> Tensor:
    """Return where on its canvas each pixel of a frame lies, [T, h, w, 2]."""
    x, y, half_x, half_y = window_of(framing)
    rows, columns = torch.arange(models.HEIGHT) + 0.5, torch.arange(models.WIDTH) + 0.5
    down, across = torch.meshgrid(rows, columns, indexing="ij")
    pixels = torch.stack([across, down, torch.ones_like(down)], -1)  # [h, w, 3]
    to_canvas = np.array([[1 / half_x, 0, -x / half_x], [0, 1 / half_y, -y / half_y]])
    grids = []
    for box, pose, facing in zip(boxes.tolist(), poses, facings, strict=True):
        if np.isnan(box).any():
            grids.append(torch.full((*down.shape, 2), 2.0))  # beyond the canvas: nothing
            continue
        units = _units(box, framing, pose.lying)
        if facing == "left":
            units[0] = -units[0]
        moves = np.vstack([placed(pose.lying, pose.angle, pose.turn, pose.stretch), [0, 0, 1]])
        back = to_canvas @ np.linalg.inv(moves) @ np.vstack([units, [0, 0, 1]])
        grids.append(pixels @ torch.from_numpy(back.T).float())
    return torch.stack(grids).to(boxes.device)


def _units(
    box: Sequence[float], framing: Framing, lying: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the map [2, 3] from pixels of a frame to figure units of one who stands in a box."""
    left, top, right, bottom = (
        edge * size for edge, size in zip(box, (models.WIDTH, models.HEIGHT) * 2, strict=True)
    )
    if framing == "wide":
        wide, high = (100 * side for side in (PERSON_LYING if lying else PERSON_SIZE))
        low = FOOT
    else:
        low, wide = FRAMED[framing]
        high = low - CROWN
    scale = max(high / max(bottom - top, 1.0), wide / max(right - left, 1.0))
    return np.array(
        [[scale, 0, -scale * (left + right) / 2], [0, scale, low - scale * bottom]], np.float64
    )
