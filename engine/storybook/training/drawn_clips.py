"""Seeds -> drawn clips with their captions, by as many processes as there are to spare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from .. import models
from ..world.scene import draw_background, draw_scene
from ..world.scenes.actors import SceneSpec
from ..world.scenes.sampling import sample_scene
from ..world.words.captions import Captions, background_prompt, captions, joint_prompt, tied_prompt

PARAPHRASES = 2  # sets of captions a clip, beside those in a plan's own words


@dataclass(frozen=True, slots=True)
class CaptionedClip:
    """A drawn clip.

    Attributes:
        frames: [T, h, w, 3] uint8.
        ground: [1 or T, h, w, 3] uint8, the place with nobody in it; one frame where it stands
            still.
        boxes, planned: [A, T, 4] fp32, of what is seen and of what a plan would state.
        said: sets of captions, the first in a plan's own words.
    """

    frames: Tensor
    ground: Tensor
    boxes: Tensor
    planned: Tensor
    said: tuple[Captions, ...]


class Drawings(Dataset[CaptionedClip]):
    """Clips by their number: equal seeds, splits and numbers give equal clips."""

    def __init__(self, seed: int, split: str, numbers: range) -> None:
        self._seed, self._split, self._numbers = seed, split, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, at: int) -> CaptionedClip:
        rng = np.random.default_rng([self._seed, self._numbers[at]])
        spec = sample_scene(rng, split=self._split, width=models.WIDTH, height=models.HEIGHT)
        drawn = draw_scene(spec)
        still = spec.camera.move == "static" and spec.weather == "clear"
        empty = draw_background(replace(spec, actors=(), frames=1) if still else spec)
        return CaptionedClip(
            torch.from_numpy(drawn.frames), torch.from_numpy(empty),
            torch.from_numpy(drawn.boxes), torch.from_numpy(drawn.planned),
            (planned(spec), *(captions(spec, rng) for _ in range(PARAPHRASES))),
        )  # fmt: skip


def planned(spec: SceneSpec) -> Captions:
    """Return a scene in the words that plans use, which leave no colour and no side open."""
    return Captions(
        joint_prompt(spec),
        tuple(tied_prompt(spec, actor) for actor in spec.actors),
        background_prompt(spec.setting),
    )


def drawings(seed: int, split: str, numbers: range, workers: int = 0) -> Iterator[CaptionedClip]:
    """Yield clips in the order of their numbers; without workers they are drawn when asked for."""
    loader: DataLoader[CaptionedClip] = DataLoader(
        Drawings(seed, split, numbers), batch_size=None, num_workers=workers, collate_fn=_as_it_is
    )
    yield from loader


def _as_it_is(drawn: Any) -> Any:  # without a batch size the loader hands over single samples
    return drawn
