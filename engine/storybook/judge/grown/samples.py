"""The drawn grown world -> labelled samples for its judge, damaged and with decoys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ...world.people import PERSON, look_in
from ...world.scene import Actor, SceneSpec, draw_scene
from ..damage import degrade
from ..decoys import heap, scramble, smear
from .crops import look_crops, motion_crops
from .nets import (
    BLOB,
    CELL,
    HEIGHT,
    KINDS,
    MOTION_EVERY,
    MOTIONS,
    NOBODY,
    PLACES,
    READ,
    UNIT,
    WIDTH,
)
from .scenes import sample_grown_scene

UNKNOWN = -100  # a label that teaches nothing
STRENGTH = 0.5  # of damage, at most
LEAST = 0.4  # of a figure's own box that no other may cover for its look to be read
DECOYS = 0.15
LARGE = 2500  # pixels of a figure from which it is filled with grey rather than smeared
COVERING = ("helmet", "hood")  # under them no hair is drawn
NEAR = 0.5  # the part of the scenes that teach looks in which somebody is seen in part
CENTRE = 0.4  # the part of a box, about its middle, whose cells name the figure


@dataclass(frozen=True, eq=False)
class GrownClip:
    """A drawn clip with what is true of it: boxes [A, T, 4] of what is seen, masks [A, T, h, w]."""

    spec: SceneSpec
    frames: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    masks: NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class FrameSample:
    """A batch of single frames."""

    frames: Tensor  # [B, 3, h, w]
    kinds: Tensor  # [B, h/8, w/8]
    edges: Tensor  # [B, 4, h/8, w/8], NaN where no figure is named
    places: Tensor  # [B]


def read_look(character: str, colourway: str, worn: str | None) -> dict[str, str]:
    """Return what can be read of somebody, attribute by attribute; what is unsaid is left out.

    `worn` is a scarf or what is carried, as an id without its colour.
    """
    if character != PERSON:
        return {"colour": colourway}
    look = look_in(colourway)
    assert look is not None
    said = {
        "age": look.age, "sex": "female" if look.female else "male", "build": look.build,
        "skin": look.skin, "hair style": look.hair_style,
        "beard": "beard" if look.beard else "none",
        "glasses": "glasses" if look.glasses else "none", "garment": look.garment,
        "colour": look.colour, "headgear": look.headgear or "none", "worn": worn or "none",
    }  # fmt: skip
    covered = look.headgear in COVERING
    if covered:
        del said["hair style"]
    if look.beard or not (covered or look.hair_style == "bald"):
        said["hair"] = look.hair
    if look.headgear:
        said["head colour"] = look.head_colour
    return said


def look_of(actor: Actor) -> dict[str, str]:
    """Return what can be read of an actor."""
    worn = actor.wear.item if actor.wear else None
    return read_look(actor.character, actor.colourway, worn)


def draw_grown(
    rng: np.random.Generator, *, frame: int | None = None, every: int = 1, near: float = 0.0
) -> GrownClip:  # fmt: skip
    """Draw a scene, or one of its frames with its masks, or `every` second or third of them."""
    spec = sample_grown_scene(rng, near=near)
    at = range(0, spec.frames, every) if frame is None else (frame,)
    clip = draw_scene(spec, with_masks=frame is not None, at=at)
    return GrownClip(spec, clip.frames, clip.boxes[:, list(at)], clip.masks)


def as_unit(frames: NDArray[np.uint8]) -> Tensor:
    """Turn frames [T, h, w, 3] into [T, 3, h, w] fp32 in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255


class FrameSamples:
    """An endless supply of single frames.

    A part of each batch is drawn anew, and stays in a pool of which the rest is taken.
    """

    def __init__(self, seed: int, pool: int = 256) -> None:
        self._rng = np.random.default_rng(seed)
        self._pool = [self._drawn() for _ in range(pool)]

    def _drawn(self) -> GrownClip:
        return draw_grown(self._rng, frame=int(self._rng.integers(25)))

    def next(self, count: int, renew: int) -> FrameSample:
        """Return `count` frames of the pool, after so many were drawn anew."""
        rng = self._rng
        frames, kinds, edges, places = [], [], [], []
        new = rng.permutation(len(self._pool))[:renew]
        for k in new:
            self._pool[int(k)] = self._drawn()
        for k in (*new, *rng.integers(len(self._pool), size=count - len(new))):
            clip = self._pool[int(k)]
            pixels, kind, edge = self._labelled(clip)
            frames.append(pixels)
            kinds.append(kind)
            edges.append(edge)
            places.append(PLACES.index(clip.spec.place))
        return FrameSample(
            torch.stack(frames), torch.stack(kinds), torch.stack(edges), torch.tensor(places)
        )

    def _labelled(self, clip: GrownClip) -> tuple[Tensor, Tensor, Tensor]:
        """Return a frame [3, h, w], the kind of each of its cells, and the figures' edges."""
        rng, pixels = self._rng, as_unit(clip.frames)
        height, width = pixels.shape[-2:]
        kinds = torch.full((height // CELL, width // CELL), NOBODY)
        edges = torch.full((4, *kinds.shape), torch.nan)
        ruined = None
        if clip.masks is not None and rng.random() < DECOYS:
            ruined = int(rng.integers(len(clip.masks)))
        for row in sorted(range(len(clip.boxes)), key=lambda r: clip.spec.actors[r].depth):
            kind = KINDS.index(clip.spec.actors[row].character)
            _name_cells(kinds, edges, clip.boxes[row, 0], BLOB if row == ruined else kind)
        if clip.masks is not None and ruined is not None:
            pixels = self._ruined(pixels, torch.from_numpy(clip.masks[ruined]))
        elif clip.masks is not None and rng.random() < DECOYS:
            pixels, where = heap(pixels, torch.from_numpy(clip.masks), rng)
            _name_cells(kinds, edges, _around(where[0].numpy()), BLOB)
        if rng.random() < 0.7:
            pixels = degrade(pixels, rng, float(rng.uniform(0, STRENGTH)))
        return pixels[0], kinds, edges

    def _ruined(self, pixels: Tensor, mask: Tensor) -> Tensor:
        """Cut a figure into tiles that lie in another order, or smear it."""
        tiled = scramble(pixels, mask, self._rng) if self._rng.random() < 0.6 else None
        if tiled is not None:
            return tiled[0]
        # Means over a large figure's size would cost more than all else.
        small = 0 < int(mask.sum()) < LARGE
        return smear(pixels, mask) if small else pixels.masked_fill(mask[:, None], 0.5)


class LookSamples:
    """An endless supply of crops of single figures, from a pool that is renewed bit by bit."""

    def __init__(self, seed: int, pool: int = 1200, most: int = 60_000) -> None:
        self._rng = np.random.default_rng(seed)
        self._most = most  # crops that the pool grows to, before what is new replaces the oldest
        self._pool: list[tuple[Tensor, dict[str, str]]] = []  # crops [3, s, s] uint8, what is true
        while len(self._pool) < pool:
            self._pool += self._drawn()

    def _drawn(self) -> list[tuple[Tensor, dict[str, str]]]:
        """Draw a frame and return the crops of all in it that are seen well enough."""
        rng, found = self._rng, []
        clip = draw_grown(rng, frame=int(rng.integers(25)), near=NEAR)
        pixels = as_unit(clip.frames)
        if rng.random() < 0.6:
            pixels = degrade(pixels, rng, float(rng.uniform(0, STRENGTH)))
        for row, actor in enumerate(clip.spec.actors):
            if _readable(clip, row):
                crop = look_crops(pixels, shaken(clip.boxes[row], rng))[0]
                said = {"kind": actor.character, **look_of(actor)}
                found.append(((crop * 255).round().byte(), said))
        return found

    def next(self, count: int, renew: int) -> tuple[Tensor, dict[str, Tensor]]:
        """Return crops [B, 3, s, s] and, for the kind and each attribute, labels [B].

        All are moved, turned and scaled a little, half are mirrored, and brightness and colours
        change: else what is learnt is the pool.
        """
        rng = self._rng
        new = [sample for _ in range(renew) for sample in self._drawn()]
        self._pool = (self._pool + new)[-self._most :]
        some = [self._pool[int(k)] for k in rng.integers(len(self._pool), size=count - len(new))]
        batch = [*new, *some]
        crops = moved(torch.stack([crop for crop, _ in batch]).float() / 255, rng)
        crops = varied(crops, rng)
        labels = {
            name: torch.tensor(
                [values.index(said[name]) if name in said else UNKNOWN for _, said in batch]
            )
            for name, values in READ.items()
        }
        return crops, labels


def moved(crops: Tensor, rng: np.random.Generator) -> Tensor:
    """Scale crops [B, C, s, s] by a tenth at most, move them by a twentieth, and turn them."""
    count = len(crops)
    scale, turn = rng.uniform(0.9, 1.1, count), rng.uniform(-0.1, 0.1, count)
    theta = np.empty((count, 2, 3))
    theta[:, 0, 0] = theta[:, 1, 1] = scale * np.cos(turn)
    theta[:, 0, 1] = scale * np.sin(turn)
    theta[:, 1, 0] = -theta[:, 0, 1]
    theta[:, :, 2] = rng.uniform(-0.1, 0.1, (count, 2))  # of half a side
    where = F.affine_grid(torch.from_numpy(theta).float(), list(crops.shape), align_corners=False)
    return F.grid_sample(crops, where, padding_mode="border", align_corners=False)


def varied(crops: Tensor, rng: np.random.Generator) -> Tensor:
    """Mirror half of crops [B, ..., C, s, s], and change the colours of all a little."""
    mirrored = torch.from_numpy(rng.random(len(crops)) < 0.5)
    crops[mirrored] = crops[mirrored].flip(-1)
    between = (1,) * (crops.ndim - 4)
    gain = 1 + 0.05 * rng.normal(size=(len(crops), *between, 3, 1, 1))
    gain = gain * (1 + 0.08 * rng.normal(size=(len(crops), *between, 1, 1, 1)))
    colours = crops[..., :3, :, :] * torch.from_numpy(gain).float()
    return torch.cat([colours.clamp(0, 1), crops[..., 3:, :, :]], -3)


class MotionSamples:
    """An endless supply of crops of motions, from a pool of them that is renewed bit by bit."""

    def __init__(self, seed: int, pool: int = 200) -> None:
        self._rng = np.random.default_rng(seed)
        self._pool: list[tuple[Tensor, int]] = []  # crops [T, 4, s, s] uint8, and the motion
        while len(self._pool) < pool:
            self._pool += self._drawn()

    def _drawn(self) -> list[tuple[Tensor, int]]:
        """Draw a scene and return the crops of everybody in it."""
        rng, found = self._rng, []
        clip = draw_grown(rng, every=MOTION_EVERY)
        for row, actor in enumerate(clip.spec.actors):
            if not seen_throughout(clip.boxes[row]):
                continue
            steady = smoothed(clip.boxes[row], float(rng.random()))
            cut = motion_crops(as_unit(clip.frames), shaken(steady, rng))
            if rng.random() < 0.6:
                harmed = degrade(cut[:, :3], rng, float(rng.uniform(0, STRENGTH)))
                cut = torch.cat([harmed, cut[:, 3:]], 1)
            found.append(((cut * 255).round().byte(), MOTIONS.index(actor.motion)))
        return found

    def next(self, count: int, renew: int) -> tuple[Tensor, Tensor]:
        """Return crops [B, T, 4, s, s] and motions [B], after so many scenes were drawn anew.

        Half are mirrored, and all have their brightness and colours changed a little.
        """
        rng = self._rng
        new = [sample for _ in range(renew) for sample in self._drawn()]
        self._pool = self._pool[len(new) :] + new
        some = [self._pool[int(k)] for k in rng.integers(len(self._pool), size=count - len(new))]
        crops = varied(torch.stack([crop for crop, _ in (*new, *some)]).float() / 255, rng)
        return crops, torch.tensor([motion for _, motion in (*new, *some)])


def smoothed(boxes: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
    """Return boxes [T, 4] drawn towards their means over five frames.

    Boxes that are found know little of an arm that is raised: a motion must not be read from that.
    """
    wide = np.pad(boxes, ((2, 2), (0, 0)), mode="edge")
    means = np.mean([wide[k : k + len(boxes)] for k in range(5)], 0)
    return (boxes + amount * (means - boxes)).astype(np.float32)


def shaken(boxes: NDArray[np.float32], rng: np.random.Generator) -> Tensor:
    """Return boxes [T, 4] as roughly as they may be found."""
    size = (boxes[:, 2:] - boxes[:, :2]).mean(0)
    noise = rng.normal(size=boxes.shape) * (1.2 / np.array([WIDTH, HEIGHT, WIDTH, HEIGHT]))
    noise += rng.normal(size=4) * np.tile(size, 2) * 0.03
    return torch.from_numpy((boxes + noise).astype(np.float32))


def _around(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the box about a mask [h, w], in parts of the frame; zeros about none."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return np.zeros(4)
    edges = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
    return edges / (np.tile(mask.shape[::-1], 2))


def seen_throughout(boxes: NDArray[np.float32]) -> bool:
    """Say whether a figure is in most frames of its boxes [T, 4]; those without it are zero."""
    return bool(((boxes[:, 2] - boxes[:, 0]) > 0.02).mean() > 0.8)


def _readable(clip: GrownClip, row: int) -> bool:
    """Say whether enough of a figure is seen in a clip's one frame for its look to be read."""
    left, top, right, bottom = clip.boxes[row, 0]
    if right - left < 0.03 or bottom - top < 0.05:
        return False
    nearer = [
        other for n, other in enumerate(clip.boxes[:, 0])
        if n != row and clip.spec.actors[n].depth > clip.spec.actors[row].depth
    ]  # fmt: skip
    shared = sum(
        max(0.0, min(right, o[2]) - max(left, o[0])) * max(0.0, min(bottom, o[3]) - max(top, o[1]))
        for o in nearer
    )
    return bool(shared <= (1 - LEAST) * (right - left) * (bottom - top))


def _name_cells(kinds: Tensor, edges: Tensor, box: NDArray[np.floating], kind: int) -> None:
    """Write a figure into the cells about its middle; those around may say either."""
    rows, columns = kinds.shape
    left, top, right, bottom = (float(v) for v in box)
    if right - left < 0.01 or bottom - top < 0.01:
        return
    y = ((torch.arange(rows) + 0.5) / rows)[:, None].expand(rows, columns)
    x = ((torch.arange(columns) + 0.5) / columns)[None].expand(rows, columns)
    within = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    kinds[within & (kinds == NOBODY)] = UNKNOWN
    across, down = abs(x - (left + right) / 2), abs(y - (top + bottom) / 2)
    inner = (across <= CENTRE / 2 * (right - left)) & (down <= CENTRE / 2 * (bottom - top))
    nearest = torch.zeros_like(inner)
    nearest[
        min(rows - 1, int((top + bottom) / 2 * rows)),
        min(columns - 1, int((left + right) / 2 * columns)),
    ] = True
    inner |= nearest
    kinds[inner] = kind
    size = torch.tensor([columns, rows, columns, rows])[:, None, None] * CELL
    ways = torch.stack([x - left, y - top, right - x, bottom - y]) * size
    edges[:, inner] = (ways.clamp(min=2.0) / UNIT).log()[:, inner]
