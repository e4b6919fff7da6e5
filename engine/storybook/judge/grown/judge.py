"""Frames of any clip -> a judgement of the grown world: find, follow, read looks and motions.

It needs no text and knows no plan. `judge.json` beside the weights says on which seed they were
trained and how often they are right on drawn clips that they have not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from .....errors import WeightsError
from .....story import Box
from ...models import load_weights
from ..crops import direction
from .crops import look_crops, motion_crops
from .judgement import GrownJudgement, GrownSighting
from .nets import (
    ATTRIBUTES,
    BLOB,
    HEIGHT,
    KINDS,
    MOTION_EVERY,
    MOTIONS,
    NOBODY,
    PLACES,
    UNIT,
    WIDTH,
    CellNet,
    DeedNet,
    LookNet,
)

FOLDER = Path(__file__).parent
WEIGHTS = FOLDER / "weights.safetensors"
CARD = FOLDER / "judge.json"
EVERY = 2  # every which frame figures are looked for in: those that motions are read from
SURE = 0.5  # the least certainty that there is a figure, in a frame and over all of them
LASTING = 0.4  # the part of the frames looked at in which a figure must be seen
REACH = 0.12  # how far, in frame widths, a figure may move between two frames that are looked at
SAME, MOST = 0.4, 4  # overlap from which two boxes are one figure; figures of a frame
INSIDE = 0.75  # the part of the smaller box that lies in the other from which they are one


@dataclass(frozen=True, eq=False)
class _Spot:
    """A figure in one frame: box (left, top, right, bottom), probabilities of kinds and of blob."""

    box: Tensor
    kinds: Tensor


class GrownJudge:
    """Three frozen networks that look at clips."""

    def __init__(self, nets: nn.ModuleDict) -> None:
        cells, looks, motions = nets["cells"], nets["looks"], nets["motions"]
        assert isinstance(cells, CellNet) and isinstance(looks, LookNet)
        assert isinstance(motions, DeedNet)
        nets.requires_grad_(False).eval()
        self._cells, self._looks, self._motions = cells, looks, motions

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> GrownJudge:
        """Return the judge with its frozen weights.

        Raises:
            WeightsError: the weights are missing or do not fit.
        """
        if not path.is_file():
            raise WeightsError(
                f"the judge of the grown world has no weights at {path}; "
                "`python -m dreamrunner.engine.storybook.judge.grown.train` trains them"
            )
        nets = new_nets()
        load_weights(nets, path)
        return cls(nets)

    @torch.no_grad()
    def judge(self, frames: NDArray[np.uint8]) -> GrownJudgement:
        """Say who is in a clip, where, how they look, what they do, and in which place.

        Args:
            frames: [T, h, w, 3] uint8 RGB, at the world's 8 frames a second.
        """
        pixels = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255
        if pixels.shape[-2:] != (HEIGHT, WIDTH):
            pixels = F.interpolate(pixels, (HEIGHT, WIDTH), mode="bilinear", antialias=True)
        at = tuple(range(0, len(pixels), EVERY))
        kinds, edges, places = self._cells(pixels[list(at)])
        found = [_spots(k, e) for k, e in zip(kinds.softmax(1), edges, strict=True)]
        sightings = (self._sighting(track, pixels, at) for track in _followed(found))
        sure = sorted((s for s in sightings if s is not None), key=lambda s: -s.confidence)
        place = PLACES[int(places.softmax(1).mean(0).argmax())]
        return GrownJudgement(tuple(sure), place, at)

    def _sighting(
        self, track: dict[int, _Spot], pixels: Tensor, at: Sequence[int]
    ) -> GrownSighting | None:
        """Name a followed figure; None where it is none of any kind for sure."""
        chances = (torch.stack([spot.kinds for spot in track.values()]).sum(0) / len(at))[:BLOB]
        if float(chances.sum()) < SURE:
            return None  # nobody, or a figure's colours without its shape
        seen = list(track)
        boxes = torch.stack([spot.box for spot in track.values()])
        crops = look_crops(pixels[[at[n] for n in seen]], boxes)
        looks = {n: v.log_softmax(1).mean(0).softmax(0) for n, v in self._looks(crops).items()}
        # Cells see that there is somebody and where; who it is stands in a crop as large as they.
        kind = int(looks.pop("kind").argmax())
        path = _every_frame([at[n] for n in seen], boxes, len(pixels))
        pace = slice(None, None, MOTION_EVERY)
        moves = self._motions(motion_crops(pixels[pace], path[pace])[None])[0].softmax(0)
        named = tuple(Box(*track[n].box.tolist()) if n in track else None for n in range(len(at)))
        return GrownSighting(
            KINDS[kind], named, float(chances.sum()),
            {n: ATTRIBUTES[n][int(v.argmax())] for n, v in looks.items()},
            {n: dict(zip(ATTRIBUTES[n], v.tolist(), strict=True)) for n, v in looks.items()},
            dict(zip(MOTIONS, moves.tolist(), strict=True)), direction(named),
        )  # fmt: skip


def new_nets() -> nn.ModuleDict:
    """Return the judge's networks, untrained."""
    return nn.ModuleDict({"cells": CellNet(), "looks": LookNet(), "motions": DeedNet()})


def _spots(kinds: Tensor, edges: Tensor) -> list[_Spot]:
    """Return the figures of a frame, the surest first.

    Args:
        kinds: [K, H, W], a distribution in each cell.
        edges: [4, H, W], logarithms of distances in `UNIT`.
    """
    rows, columns = kinds.shape[1:]
    y = ((torch.arange(rows) + 0.5) / rows)[:, None].expand(rows, columns)
    x = ((torch.arange(columns) + 0.5) / columns)[None].expand(rows, columns)
    size = torch.tensor([WIDTH, HEIGHT, WIDTH, HEIGHT])[:, None, None]
    ways = edges.clamp(-4, 3).exp() * UNIT / size
    boxes = torch.stack([x - ways[0], y - ways[1], x + ways[2], y + ways[3]], -1)
    boxes = boxes.clamp(0, 1).flatten(0, 1)
    chances = kinds.flatten(1).T
    sure = 1 - chances[:, NOBODY]
    spots: list[_Spot] = []
    while len(spots) < MOST and float(sure.max()) > SURE:
        same = _is_one(boxes, boxes[sure.argmax()])
        # Of all cells that find this figure the mean, weighted by how sure they are.
        weight = (sure * same)[:, None]
        spots.append(
            _Spot((boxes * weight).sum(0) / weight.sum(), (chances * weight).sum(0) / weight.sum())
        )
        sure = sure.masked_fill(same, 0.0)
    return spots


def _is_one(boxes: Tensor, one: Tensor) -> Tensor:
    """Return which of boxes [N, 4] are about the same figure as one [4]: [N] bool."""
    sides = torch.minimum(boxes[:, 2:], one[2:]) - torch.maximum(boxes[:, :2], one[:2])
    shared = sides.clamp(min=0).prod(1)
    areas, whole = (boxes[:, 2:] - boxes[:, :2]).prod(1), (one[2:] - one[:2]).prod()
    union = (areas + whole - shared).clamp(min=1e-6)
    return (shared > SAME * union) | (shared > INSIDE * torch.minimum(areas, whole))


def _followed(frames: Sequence[Sequence[_Spot]]) -> list[dict[int, _Spot]]:
    """Join figures from frame to frame: tracks by the number of the frame, those that last."""
    tracks: list[dict[int, _Spot]] = []
    for number, spots in enumerate(frames):
        ways = sorted(
            (_distance(track, number, spot), t, s)
            for t, track in enumerate(tracks)
            for s, spot in enumerate(spots)
        )
        joined: dict[int, int] = {}
        for way, t, s in ways:
            if way <= REACH and t not in joined.values() and s not in joined:
                joined[s] = t
        for s, spot in enumerate(spots):
            if s in joined:
                tracks[joined[s]][number] = spot
            else:
                tracks.append({number: spot})
    return [track for track in tracks if len(track) >= LASTING * len(frames)]


def _distance(track: dict[int, _Spot], number: int, spot: _Spot) -> float:
    """Return how far a figure would have gone a frame to be a spot; other kinds are farther."""
    last = max(track)
    old = track[last]
    way = (spot.box[:2] + spot.box[2:] - old.box[:2] - old.box[2:]) / 2
    far = float(way.square().sum().sqrt()) / (number - last)
    return far + (0.0 if int(spot.kinds.argmax()) == int(old.kinds.argmax()) else REACH / 2)


def _every_frame(seen: Sequence[int], boxes: Tensor, frames: int) -> Tensor:
    """Return boxes [T, 4] of all frames from those of some, in between on straight lines."""
    return torch.from_numpy(
        np.stack([np.interp(np.arange(frames), seen, column) for column in boxes.T.numpy()], 1)
    ).float()
