"""A shot's figure that is painted by parts + its painter -> its pictures, laid over frames.

People, and the kinds of `others`. The parts of each frame are filled with colours and laid into the
box as the world's figures lie in theirs. A box of another shape than the figure's makes it smaller,
never broader: somebody keeps his proportions through a film. Pictures, not latents: the codec was
taught animals, and gives colours of people a cast and their small parts a blur.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ...plan import Entity, ShotPlan
from . import models
from .figure_painting import FigurePainter, PersonWords, PlacedPose, codes_of, settled, whole_poses
from .others_painting import codes_of_kind
from .turning import turned_pictures
from .world.additions import CROWN, FRAMED, Framing, framing_in
from .world.figures.motions import leaves_ground
from .world.figures.others.drawing import WINDOW, others_palette
from .world.figures.parts import palette, placed, window_of
from .world.figures.sprites import FOOT, PERSON_LYING, PERSON_SIZE, default_colourway, resting_size
from .world.others import is_other, kinds
from .world.people import look_in
from .world.scenes.drawing import SHADE_OPACITY
from .world.vocabulary import FACINGS, Facing
from .world.words.phrasing import carried_in

# A shadow's half width in box heights, its flatness, and how far it lies up in frame heights.
_SHADOW_WIDE, _SHADOW_FLAT, _SHADOW_UP = 0.19, 0.24, 0.006
_GROUND = 0.9  # where the ground is at least under one who flies, whose boxes may never touch it
_SHADOW_OTHERS = 0.42  # the same of the other kinds, in box widths: a car's is as long as the car
_ALIKE = 100  # poses whose numbers are equal to a hundredth are one shape
_SHARPER = 1.6  # logits are multiplied by it: an edge between parts is no wider than a cell


def is_person(entity: Entity) -> bool:
    """Say whether an entity's words are those of a person, who is painted by parts."""
    return look_in(entity.prompt) is not None


class PartPainters:
    """The painters by parts of one engine, for whom there are weights."""

    def __init__(self, people: FigurePainter | None, others: FigurePainter | None) -> None:
        self._people, self._others = people, others

    def paints(self, entity: Entity) -> bool:
        """Say whether an entity is painted by parts."""
        if entity.character in kinds():
            return self._others is not None
        return self._people is not None and is_person(entity)

    def pictures(self, shot: ShotPlan, entity: Entity, boxes: Tensor, times_s: Tensor) -> Tensor:
        """Return the pictures of one whom it paints in boxes [T, 4] at times [T]: [T, 4, h, w]."""
        if entity.character in kinds():
            assert self._others is not None
            return other_pictures(self._others, shot, entity, boxes, times_s)
        assert self._people is not None
        return person_pictures(self._people, shot, entity, boxes, times_s)

    @staticmethod
    def shadows(shot: ShotPlan, entity: Entity, boxes: Tensor) -> Tensor | None:
        """Return the shadow of an entity, [T, 1, h, w] in 0..1; None of one seen in part."""
        if framing_in(entity.prompt) != "wide":
            return None
        done = {beat.motion for beat in shot.beats if beat.entity == entity.id}
        ground = _GROUND if done & {"fly", "land"} else 0.0
        wide = (boxes[:, 2] - boxes[:, 0]) * models.WIDTH * _SHADOW_OTHERS
        half = wide if entity.character in kinds() else None
        if not any(leaves_ground(motion) for motion in done):
            return shadows(boxes, half=half)
        lowest = max(ground, float(boxes[:, 3].nan_to_num(0.0).max()))
        return shadows(boxes, ground=lowest, half=half)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How figures lie in their boxes, in figure units: wide, high, and where their lower edge is.

    `window` is what the canvas shows: middle x and y, half width and half height. `tipped` says
    that who lies is laid down as a whole, and has no drawing of its own.
    """

    standing: tuple[float, float]
    lying: tuple[float, float]
    low: float
    window: tuple[float, float, float, float]
    tipped: bool


@torch.no_grad()
def other_pictures(
    painter: FigurePainter, shot: ShotPlan, entity: Entity, boxes: Tensor, times_s: Tensor
) -> Tensor:
    """Return the pictures of one of the other kinds [T, 4, h, w], as `person_pictures` does."""
    kind = entity.character or ""
    known = entity.color is not None and is_other(kind, entity.color)
    colour = entity.color if known and entity.color else default_colourway(kind)
    deeds = [_deed(shot, entity, float(time)) for time in times_s]
    codes, motions = (t.to(boxes.device) for t in codes_of_kind(kind, [m for m, _ in deeds]))
    poses = settled(painter.posed(motions, times_s))
    sizes = [resting_size(kind, colour, lying) for lying in (False, True)]
    standing, lying = ((100 * wide, 100 * high) for wide, high in sizes)
    fit = _Fit(standing, lying, FOOT, WINDOW, tipped=False)
    canvas = _canvases(painter, codes, poses, others_palette(kind, colour))
    grid = _grid(boxes, fit, whole_poses(poses), [facing for _, facing in deeds])
    return F.grid_sample(canvas, grid, align_corners=False)


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
    canvas = _canvases(painter, codes, poses, palette(look, wear))
    grid = _grid(boxes, _fit_of(framing), whole_poses(poses), [facing for _, facing in deeds])
    return F.grid_sample(canvas, grid, align_corners=False)


def _canvases(
    painter: FigurePainter, codes: Tensor, poses: Tensor, colours: NDArray[np.uint8]
) -> Tensor:
    """Paint each shape once, [T, 4, h, w]: who stands or talks has a few in a whole clip."""
    shaped = poses.clone()
    shaped[:, list(painter.on.poses)] = (poses[:, list(painter.on.poses)] * _ALIKE).round() / _ALIKE
    shapes = torch.cat([codes, shaped[:, list(painter.on.poses)]], 1)
    _, which = torch.unique(shapes, dim=0, return_inverse=True)
    first = torch.stack([(which == k).nonzero()[0, 0] for k in range(int(which.max()) + 1)])
    with models.autocast(poses.device):
        logits = painter(codes[first], shaped[first])
    return _filled(logits, colours)[which]


def _filled(logits: Tensor, colours: NDArray[np.uint8]) -> Tensor:
    """Fill parts [M, K, h, w] with colours [K, 3]: [M, 4, h, w], premultiplied, and coverage."""
    parts = (logits.float() * _SHARPER).softmax(1)
    paints = torch.from_numpy(colours).to(parts)[1:]
    return torch.cat([torch.einsum("mkhw,kc->mchw", parts[:, 1:], paints), 1 - parts[:, :1]], 1)


def _fit_of(framing: Framing) -> _Fit:
    """Return how a person lies in its box, of which a framing shows a part."""
    if framing == "wide":
        standing, lying = ((100 * w, 100 * h) for w, h in (PERSON_SIZE, PERSON_LYING))
        return _Fit(standing, lying, FOOT, window_of(framing), tipped=True)
    low, wide = FRAMED[framing]
    part = (wide, low - CROWN)
    return _Fit(part, part, low, window_of(framing), tipped=True)


def turned(pictures: Tensor, boxes: Tensor, turns: Tensor) -> Tensor:
    """Turn a person's pictures [T, 4, h, w] over in boxes [T, 4] by turns [T, 2, 3]."""
    there = ~boxes.isnan().any(-1)
    out = pictures.clone()
    out[there] = turned_pictures(pictures[there], boxes[there], turns[there])
    return out


def shadows(boxes: Tensor, *, ground: float | None = None, half: Tensor | None = None) -> Tensor:
    """Return how dark the ground is under whoever stands in boxes [T, 4]: [T, 1, h, w] in 0..1.

    Of one who leaves the `ground`, in parts of the frame, the shadow stays there and shrinks;
    `half` [T] is half a shadow's width in pixels, a standing person's if None.
    """
    rows, columns = torch.arange(models.HEIGHT) + 0.5, torch.arange(models.WIDTH) + 0.5
    size = boxes.new_tensor([models.WIDTH, models.HEIGHT])
    middle = (boxes[:, 0] + boxes[:, 2]) / 2 * size[0]
    tall = (boxes[:, 3] - boxes[:, 1]) * size[1]
    feet = boxes[:, 3] * size[1]
    floor = feet if ground is None else torch.full_like(feet, ground * models.HEIGHT)
    near = (1 - 0.6 * (floor - feet) / tall).clamp(0.4, 1.0)
    half = (tall * _SHADOW_WIDE if half is None else half) * near
    low = floor - _SHADOW_UP * models.HEIGHT
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
    boxes: Tensor, fit: _Fit, poses: Sequence[PlacedPose], facings: Sequence[Facing]
) -> Tensor:
    """Return where on its canvas each pixel of a frame lies, [T, h, w, 2]."""
    x, y, half_x, half_y = fit.window
    rows, columns = torch.arange(models.HEIGHT) + 0.5, torch.arange(models.WIDTH) + 0.5
    down, across = torch.meshgrid(rows, columns, indexing="ij")
    pixels = torch.stack([across, down, torch.ones_like(down)], -1)  # [h, w, 3]
    to_canvas = np.array([[1 / half_x, 0, -x / half_x], [0, 1 / half_y, -y / half_y]])
    grids = []
    for box, pose, facing in zip(boxes.tolist(), poses, facings, strict=True):
        if np.isnan(box).any():
            grids.append(torch.full((*down.shape, 2), 2.0))  # beyond the canvas: nothing
            continue
        units = _units(box, fit, pose.lying)
        if facing == "left":
            units[0] = -units[0]
        tipped = pose.lying and fit.tipped
        moves = np.vstack([placed(tipped, pose.angle, pose.turn, pose.stretch), [0, 0, 1]])
        back = to_canvas @ np.linalg.inv(moves) @ np.vstack([units, [0, 0, 1]])
        grids.append(pixels @ torch.from_numpy(back.T).float())
    return torch.stack(grids).to(boxes.device)


def _units(box: Sequence[float], fit: _Fit, lying: bool) -> NDArray[np.float64]:
    """Return the map [2, 3] from pixels of a frame to figure units of one who stands in a box."""
    left, top, right, bottom = (
        edge * size for edge, size in zip(box, (models.WIDTH, models.HEIGHT) * 2, strict=True)
    )
    wide, high = fit.lying if lying else fit.standing
    scale = max(high / max(bottom - top, 1.0), wide / max(right - left, 1.0))
    return np.array(
        [[scale, 0, -scale * (left + right) / 2], [0, scale, fit.low - scale * bottom]], np.float64
    )
