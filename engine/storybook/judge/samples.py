"""The drawn world -> samples for the judge's networks, damaged and with decoys.

Every character, colour and motion is in them, those that base training never sees as well. The
seed is the judge's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ....story import Box
from ..world.scene import SceneSpec, draw_scene
from ..world.scenes.sampling import sample_scene
from .crops import crop, steady, track_features
from .damage import degrade, recolour
from .decoys import heap, scramble, smear
from .nets import (
    BLOB,
    CHARACTER_IDS,
    FINENESS,
    HEIGHT,
    MOTION_IDS,
    NO_MOTION,
    NO_PLACE,
    PLACE_IDS,
    WIDTH,
)

UNKNOWN = -100  # a pixel that teaches nothing
LEAST_PIXELS = 120  # of a figure in a frame, for it to be followed


@dataclass(frozen=True, eq=False)
class TruthClip:
    """A drawn clip with its truth."""

    spec: SceneSpec
    frames: NDArray[np.uint8]  # [T, h, w, 3]
    masks: NDArray[np.bool_]  # [A, T, h, w]

    def pixels(self, part: slice = slice(None)) -> Tensor:
        """Return frames [T, 3, h, w] fp32 in [0, 1]."""
        return torch.from_numpy(self.frames[part]).permute(0, 3, 1, 2).float() / 255


def draw(rng: np.random.Generator) -> TruthClip:
    """Draw any scene of the world, held-out characters and motions among them."""
    spec = sample_scene(rng, split="library")
    clip = draw_scene(spec, with_masks=True)
    assert clip.masks is not None
    return TruthClip(spec, clip.frames, clip.masks)


class JudgeSamples:
    """An endless supply of samples from a pool of clips that is renewed bit by bit."""

    def __init__(self, seed: int, pool: int = 256) -> None:
        self._rng = np.random.default_rng(seed)
        self._clips = [draw(self._rng) for _ in range(pool)]

    def renew(self, count: int) -> None:
        """Replace some clips by new ones."""
        for k in self._rng.integers(len(self._clips), size=count):
            self._clips[int(k)] = draw(self._rng)

    def _pick(self) -> TruthClip:
        return self._clips[int(self._rng.integers(len(self._clips)))]

    def frames(self, samples: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return two frames a sample: pixels [B, 3, h, w], classes [B, h/2, w/2], places [B]."""
        batch = [self._frame_sample() for _ in range(samples)]
        pixels, labels, places = zip(*batch, strict=True)
        return torch.cat(pixels), torch.cat(labels), torch.cat(places)

    def _frame_sample(self) -> tuple[Tensor, Tensor, Tensor]:
        rng, clip = self._rng, self._pick()
        start = int(rng.integers(len(clip.frames) - 1))
        part = slice(start, start + 2)
        pixels, masks = clip.pixels(part), torch.from_numpy(clip.masks[:, part])
        pixels = recolour(pixels, masks, rng)
        labels = torch.zeros(2, HEIGHT, WIDTH, dtype=torch.int64)
        for actor, mask in zip(clip.spec.actors, masks, strict=True):
            labels[mask] = 1 + CHARACTER_IDS.index(actor.character)
        place = PLACE_IDS.index(clip.spec.place)
        fate = rng.random()
        if fate < 0.22:
            pixels, mask = heap(pixels, masks, rng)
            labels = torch.where(mask, BLOB, labels)
        elif fate < 0.36:
            pixels, labels = self._ruined(pixels, labels, masks)
        elif fate < 0.45:
            pixels, labels = self._nowhere(pixels)
            place = NO_PLACE
        pixels = degrade(pixels, rng, float(rng.uniform(0, 1)))
        return pixels, labels[:, ::FINENESS, ::FINENESS], torch.tensor([place, place])

    def _ruined(self, pixels: Tensor, labels: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
        """Smear or scramble one of the figures."""
        mask = masks[int(self._rng.integers(len(masks)))]
        if self._rng.random() < 0.5:
            return smear(pixels, mask), torch.where(mask, BLOB, labels)
        tiled = scramble(pixels, mask, self._rng)
        if tiled is None:
            return pixels, labels
        pixels, where, window = tiled
        labels = labels.clone()
        inside = labels[:, window[0], window[1]]
        # Others that stood in the window were cut up as well.
        inside[(inside > 0) | where[:, window[0], window[1]]] = BLOB
        return pixels, labels

    def _nowhere(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return no place of the world: tiles of one in disorder, clouds of colour, or one tone."""
        rng = self._rng
        nothing = torch.zeros(2, HEIGHT, WIDTH, dtype=torch.int64)
        kind = int(rng.integers(3))
        if kind == 0:
            everything = torch.ones(2, HEIGHT, WIDTH, dtype=torch.bool)
            tiled = scramble(pixels, everything, rng)
            assert tiled is not None
            return tiled[0], nothing + UNKNOWN
        coarse = torch.tensor(rng.random((1, 3, 1, 1)), dtype=torch.float32)
        if kind == 1:
            coarse = torch.tensor(rng.random((1, 3, 4, 6)), dtype=torch.float32)
        clouds = torch.nn.functional.interpolate(coarse, size=(HEIGHT, WIDTH), mode="bicubic")
        return clouds.clamp(0, 1).expand(2, 3, HEIGHT, WIDTH), nothing

    def motions(self, samples: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return crops [B, T, 4, s, s], track features [B, T, D] and motions [B]."""
        found: list[tuple[Tensor, Tensor, int]] = []
        while len(found) < samples:
            clip = self._pick()
            for row in range(len(clip.spec.actors)):
                sample = self._motion_sample(clip, row)
                if sample is not None:
                    found.append(sample)
        crops, features, labels = zip(*found[:samples], strict=True)
        return torch.stack(crops), torch.stack(features), torch.tensor(labels)

    def _motion_sample(self, clip: TruthClip, row: int) -> tuple[Tensor, Tensor, int] | None:
        rng = self._rng
        mask = clip.masks[row]
        boxes = mask_boxes(mask, rng)
        if sum(box is not None for box in boxes) < 0.6 * len(boxes):
            return None
        path = steady(boxes)
        seen = torch.tensor([box is not None for box in boxes])
        window = crop(torch.cat([clip.pixels(), torch.from_numpy(mask)[:, None].float()], 1), path)
        pixels = recolour(window[:, :3], (window[:, 3] > 0.5)[None], rng)
        pixels = degrade(pixels, rng, float(rng.uniform(0, 1)))
        where = _rough(window[:, 3:], rng) * seen[:, None, None, None]
        features = track_features(path, seen)
        label = MOTION_IDS.index(clip.spec.actors[row].motion)
        crops = torch.cat([pixels, where], 1)
        if rng.random() < 0.06:  # frames in disorder show no motion, whatever they show
            order = torch.from_numpy(rng.permutation(len(crops)))
            return crops[order], track_features(path[order], seen[order]), NO_MOTION
        return crops, features, label


def mask_boxes(mask: NDArray[np.bool_], rng: np.random.Generator | None = None) -> list[Box | None]:
    """Return the boxes of a figure's mask [T, h, w]; with `rng` as roughly as it may be found."""
    height, width = mask.shape[1:]
    shaky = rng is not None and rng.random() < 0.8
    missing = 0.15 * rng.random() if rng is not None and rng.random() < 0.3 else 0.0
    boxes: list[Box | None] = []
    for frame in mask:
        rows, columns = np.flatnonzero(frame.any(1)), np.flatnonzero(frame.any(0))
        if frame.sum() < LEAST_PIXELS or (rng is not None and rng.random() < missing):
            boxes.append(None)
            continue
        edges = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float64)
        if rng is not None and shaky:
            edges += rng.normal(size=4) * 0.9
        left, top, right, bottom = (edges / [width, height, width, height]).tolist()
        boxes.append(Box(left, top, right, bottom))
    return boxes


def _rough(where: Tensor, rng: np.random.Generator) -> Tensor:
    """Make a mask [T, 1, s, s] as coarse as the segmenter's."""
    pooled = torch.nn.functional.avg_pool2d(where, 3, 1, 1)
    level = torch.tensor(rng.uniform(0.25, 0.75, size=(len(where), 1, 1, 1)), dtype=torch.float32)
    return (pooled > level).float()
