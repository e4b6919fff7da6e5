"""A clip and texts -> how surely the storybook critic sees the right one: a `ClipScorer`.

A figure fills a small part of a frame, so the critic first looks for every animal it knows and
then watches each one closely; the figure that shows the text best speaks for the clip. Where it
finds nobody it watches the whole frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image

from ...engine.storybook.weights import FOLDER, critic_fingerprint
from ...engine.storybook.world.vocabulary import CHARACTERS
from ...engine.video import Frames
from .choice import around as held
from .retrieval import Sight

if TYPE_CHECKING:
    from torch import Tensor

    from ...engine.storybook.critic.model import Critic
    from ...engine.storybook.critic.viewing import CriticView, Track

# A figure is watched where it was found in at least this part of the frames.
_FOUND = 0.5
# As many frames of a clip as the paper's image-text model sees.
_PICTURES = 8

Boxes: TypeAlias = list[tuple[float, float, float, float]]


class CriticScorer:
    """The storybook critic, loaded when it first has to look.

    Raises:
        WeightsError: from every use, where the critic's weights or its card are missing.
    """

    def __init__(self, folder: Path = FOLDER, *, pictures: bool = False) -> None:
        """Name the critic's folder; `pictures` also asks it as an image-text model."""
        self._folder = folder
        self._pictures = pictures

    @property
    def fingerprint(self) -> str:
        """The hash of the critic's weights and card."""
        return critic_fingerprint(self._folder) + " with pictures" * self._pictures

    @cached_property
    def _critic(self) -> Critic:
        # A key must cost no torch: an unchanged story asks for nothing else.
        from ...engine.storybook.critic.model import load_critic

        return load_critic(self._folder)

    def score(self, frames: Frames, text: str, distractors: Sequence[str]) -> Sight:
        """Return the share of `text` among all texts for the figure that shows it best."""
        return self.sights(frames, [text, *distractors])[0]

    def sights(self, frames: Frames, texts: Sequence[str]) -> list[Sight]:
        """Return the same for each of several texts, each against the others."""
        import torch

        from ...engine.storybook.critic.model import VIDEO_FRAMES
        from ...engine.storybook.critic.squares import spread
        from ...engine.storybook.critic.viewing import HEIGHT_PX, CriticView

        at = spread(len(frames), VIDEO_FRAMES)
        viewing = CriticView(self._critic, _resized(frames[at], HEIGHT_PX))
        with torch.inference_mode():
            read = self._critic.texts(texts)
            seen = [self._sights(viewing, boxes, read) for boxes in self._watched(viewing)]
        return [max(each, key=lambda sight: sight.mean) for each in zip(*seen, strict=True)]

    def _watched(self, viewing: CriticView) -> Sequence[Boxes | None]:
        """Return the boxes of each figure, or None for the whole frame where there is nobody."""
        from ...engine.storybook.critic.sentences import subject

        tracks = viewing.find([subject(character, None) for character in CHARACTERS])
        found = [boxes for track in tracks if len(boxes := _boxes(track)) >= _FOUND * len(track)]
        return found or [None]

    def _sights(self, viewing: CriticView, boxes: Boxes | None, texts: Tensor) -> list[Sight]:
        """Return how surely a figure does what each text [K, D] says."""
        import torch

        from ...engine.storybook.critic.squares import WIDE, around, crop, spread, squares, whole

        if boxes is None:
            pixels = whole(viewing.pixels)
        else:
            place = squares(around(torch.tensor(boxes))[None], viewing.width, viewing.height, WIDE)
            pixels = crop(viewing.pixels, place.expand(len(viewing.pixels), 4))
        moving = self._critic.likelihoods(self._critic.movements(pixels[None]), texts)[0].tolist()
        still: Sequence[float | None] = [None] * len(moving)
        if self._pictures:
            some = self._critic.pictures(pixels[spread(len(pixels), _PICTURES)])
            still = self._critic.likelihoods(some, texts).mean(dim=0).tolist()
        place_of = held(boxes) if boxes is not None else None
        return [Sight(p, m, place_of) for p, m in zip(still, moving, strict=True)]


def _boxes(track: Track) -> Boxes:
    return [(box.left, box.top, box.right, box.bottom) for box in track if box is not None]


def _resized(frames: Frames, height_px: int) -> Frames:
    """Return frames [T, h, w, 3] at the height that the critic was trained on, w kept even."""
    if frames.shape[1] == height_px:
        return frames
    width_px = round(frames.shape[2] * height_px / frames.shape[1] / 2) * 2
    return np.stack([np.asarray(Image.fromarray(f).resize((width_px, height_px))) for f in frames])
