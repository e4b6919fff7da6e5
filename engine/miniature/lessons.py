"""Library of clips -> batches: noisy latents to come, texts, masks and weights."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from transformers import T5EncoderModel, T5Tokenizer

from .captions import caption, region_texts
from .clips import SHAPE, LatentLibrary
from .text import embed
from .transformer import GATHERED, joint_mask, token_boxes, visible_texts
from .world import FRAMES, WorldScene

_DROPPED = 0.1  # of the texts, so that guidance has what it moves away from
_FIGURE = 2.5  # what a figure's latents weigh in the loss
_MASKED, _ALL_VISIBLE = 0.4, 0.3  # shares of region training; the rest has one caption


@dataclass(frozen=True, eq=False)
class LatentBatch:
    """Latents [B, T, C, H, W], texts [B, R * L, D], a mask or None, weights [B, T, 1, H, W].

    `first` is the frame of tokens that the latents begin with: runs of few frames keep the times
    that they have in their clips.
    """

    latents: Tensor
    texts: Tensor
    mask: Tensor | None
    weights: Tensor
    first: int


class Lessons:
    """An endless supply of batches from a library."""

    def __init__(
        self, library: LatentLibrary, tokenizer: T5Tokenizer, encoder: T5EncoderModel, *,
        patch: int, seed: int,
    ) -> None:  # fmt: skip
        self._library, self._tokenizer, self._encoder = library, tokenizer, encoder
        self._patch, self._chance = patch, random.Random(seed)
        self._seen: dict[str, Tensor] = {}
        self._kinds = {
            count: [n for n, scene in enumerate(library.scenes) if len(scene.figures) == count]
            for count in (1, 2)
        }

    def captioned(self, count: int, *, frames: bool) -> LatentBatch:
        """Return clips, or runs of one token's frames, with a caption each."""
        picks = [self._chance.randrange(len(self._library.scenes)) for _ in range(count)]
        texts = [[self._caption(self._library.scenes[n])] for n in picks]
        return self._batch(picks, texts, None, frames=frames)

    def regional(self, count: int) -> LatentBatch:
        """Return clips of equally many figures: under masks, one caption, or all texts visible."""
        kind = self._chance.random()
        if kind >= _MASKED + _ALL_VISIBLE:
            return self.captioned(count, frames=False)
        kinds = self._kinds[1 if self._chance.random() < 0.3 else 2]
        picks = [self._chance.choice(kinds) for _ in range(count)]
        texts, boxes = [], []
        for number in picks:
            scene, tracks = self._library.scenes[number], self._library.boxes[number]
            order = list(range(len(scene.figures)))
            self._chance.shuffle(order)
            shuffled = replace(scene, figures=tuple(scene.figures[i] for i in order))
            texts.append(region_texts(shuffled, self._chance))
            boxes.append(self._regions(shuffled, tracks[order]))
        visible = visible_texts(token_boxes(torch.from_numpy(np.stack(boxes)), self._patch))
        if kind >= _MASKED:
            # As the engine does where regions do not rule: texts see all video but no other text.
            visible = torch.ones_like(visible)
        return self._batch(picks, texts, joint_mask(visible), frames=False)

    def _caption(self, scene: WorldScene) -> str:
        return caption(scene, sides=self._chance.random() < 0.5, chance=self._chance)

    def _regions(self, scene: WorldScene, tracks: np.ndarray) -> np.ndarray:
        """Return boxes [A, F, 4] as a plan may state them: about the figures, or whole halves."""
        boxes = tracks[:, GATHERED // 2 :: GATHERED].copy()
        if self._chance.random() < 0.25 and len(scene.figures) == 2:
            for row, figure in enumerate(scene.figures):
                left = figure.x * 2 < sum(one.x for one in scene.figures)
                boxes[row] = (0, 0, 0.5, 1) if left else (0.5, 0, 1, 1)
            return boxes
        for row in range(len(boxes)):
            grown = [self._chance.uniform(-0.01, 0.07) for _ in range(4)]
            boxes[row] += np.array([-grown[0], -grown[1], grown[2], grown[3]], np.float32)
        return boxes.clip(0, 1)

    def _batch(
        self, picks: Sequence[int], texts: list[list[str]], mask: Tensor | None, *, frames: bool
    ) -> LatentBatch:
        texts = [[""] * len(row) if self._chance.random() < _DROPPED else row for row in texts]
        first = self._chance.randrange(FRAMES // GATHERED) if frames else 0
        times = slice(first * GATHERED, (first + 1) * GATHERED) if frames else slice(None)
        latents = np.stack([self._library.latents[n][times] for n in picks]).astype(np.float32)
        return LatentBatch(
            torch.from_numpy(latents),
            torch.stack([torch.cat([self._embedded(t) for t in row]) for row in texts]),
            mask,
            torch.stack([self._weights(self._library.boxes[n][:, times]) for n in picks]),
            first,
        )

    def _embedded(self, text: str) -> Tensor:
        if text not in self._seen:
            self._seen[text] = embed(self._tokenizer, self._encoder, [text])[0]
        return self._seen[text]

    @staticmethod
    def _weights(boxes: np.ndarray) -> Tensor:
        """Weigh figures: boxes [A, T, 4] to [T, 1, H, W] of mean about one."""
        height, width = SHAPE[2:]
        weights = torch.ones(boxes.shape[1], 1, height, width)
        edges = np.rint(boxes * np.array([width, height] * 2, np.float32)).astype(int)
        for track in edges:
            for frame, (left, top, right, bottom) in enumerate(track):
                weights[frame, 0, top:bottom, left:right] = _FIGURE
        return weights / weights.mean()
