"""A clip and texts -> how surely the storybook critic sees the right one: a `ClipScorer`.

A figure fills a small part of a frame, so the critic first looks for every animal it knows and
then watches each one closely; the figure that shows the text best speaks for the clip. Where it
finds nobody it watches the whole frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ...engine.storybook.weights import FOLDER, critic_fingerprint
from ...engine.storybook.world.vocabulary import CHARACTERS
from ...engine.video import Frames

if TYPE_CHECKING:
    from torch import Tensor

    from ...engine.storybook.critic.model import Critic
    from ...engine.storybook.critic.viewing import CriticView, Track

# A figure is watched where it was found in at least this part of the frames.
_FOUND = 0.5


class CriticScorer:
    """The storybook critic, loaded when it first has to look.

    Raises:
        WeightsError: from every use, where the critic's weights or its card are missing.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @property
    def fingerprint(self) -> str:
        """The hash of the critic's weights and card."""
        return critic_fingerprint(self._folder)

    @cached_property
    def _critic(self) -> Critic:
        # A key must cost no torch: an unchanged story asks for nothing else.
        from ...engine.storybook.critic.model import load_critic

        return load_critic(self._folder)

    def score(self, frames: Frames, text: str, distractors: Sequence[str]) -> float:
        """Return the share of `text` among all texts for the figure that shows it best, 0..1."""
        import torch

        from ...engine.storybook.critic.model import VIDEO_FRAMES
        from ...engine.storybook.critic.squares import spread
        from ...engine.storybook.critic.viewing import HEIGHT_PX, CriticView

        at = spread(len(frames), VIDEO_FRAMES)
        viewing = CriticView(self._critic, _resized(frames[at], HEIGHT_PX))
        with torch.inference_mode():
            texts = self._critic.texts([text, *distractors])
            seen = [self._critic.likelihoods(each, texts) for each in self._watched(viewing)]
        return max(float(likely[0, 0]) for likely in seen)

    def _watched(self, viewing: CriticView) -> Iterator[Tensor]:
        """Yield what is seen [1, D] of each figure, or of the whole frame where there is none."""
        import torch

        from ...engine.storybook.critic.sentences import subject
        from ...engine.storybook.critic.squares import WIDE, around, crop, squares, whole

        tracks = viewing.find([subject(character, None) for character in CHARACTERS])
        found = [boxes for track in tracks if len(boxes := _boxes(track)) >= _FOUND * len(track)]
        if not found:
            yield self._critic.movements(whole(viewing.pixels)[None])
        for boxes in found:
            place = squares(around(torch.tensor(boxes))[None], viewing.width, viewing.height, WIDE)
            yield self._critic.movements(
                crop(viewing.pixels, place.expand(len(viewing.pixels), 4))[None]
            )


def _boxes(track: Track) -> list[tuple[float, float, float, float]]:
    return [(box.left, box.top, box.right, box.bottom) for box in track if box is not None]


def _resized(frames: Frames, height_px: int) -> Frames:
    """Return frames [T, h, w, 3] at the height that the critic was trained on, w kept even."""
    if frames.shape[1] == height_px:
        return frames
    width_px = round(frames.shape[2] * height_px / frames.shape[1] / 2) * 2
    return np.stack([np.asarray(Image.fromarray(f).resize((width_px, height_px))) for f in frames])
