"""Frames + the words for a motion -> how surely somebody in them does that, by the critic.

The library asks about "an animal"; the critic was taught about foxes and owls. So every animal
that it finds in the clip is asked for by its own name, and the one that fits best speaks for the
clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import torch

from ..engine.storybook import framing, wording
from ..engine.storybook.critic import VIDEO_FRAMES, Critic, load_critic
from ..engine.storybook.viewing import Viewing
from ..engine.storybook.weights import FOLDER, critic_fingerprint
from ..engine.storybook.world.vocabulary import CHARACTERS
from ..engine.video import Frames
from ..story import Box

# A figure counts as found where the critic sees it in this part of the frames.
_FOUND = 0.6


class CriticScorer:
    """Scores clips by the storybook critic, loaded when the first has to be looked at.

    Args:
        subject: the words by which the texts name whoever performs.
        folder: where the critic's weights are.
    """

    def __init__(self, subject: str = "an animal", folder: Path = FOLDER) -> None:
        self._subject = subject
        self._folder = folder

    @property
    def fingerprint(self) -> str:
        """The hash of the critic's weights."""
        return critic_fingerprint(self._folder)

    def score(self, frames: Frames, text: str, distractors: Sequence[str]) -> float:
        """Return how surely frames [T, h, w, 3] show `text` and no distractor, in 0..1.

        One that shows nobody whom the critic knows gives what chance would.
        """
        viewing = Viewing(self._critic, frames)
        at = framing.spread(len(viewing.pixels), VIDEO_FRAMES)
        few = viewing.part(at, [], (None,) * len(viewing.pixels))
        names = [wording.subject(character, None) for character in CHARACTERS]
        best = 1 / (1 + len(distractors))
        for name, track in zip(names, few.find(names), strict=True):
            boxes = [box for box in track if box is not None]
            if len(boxes) >= _FOUND * len(track):
                said = [self._named(t, name) for t in (text, *distractors)]
                best = max(best, self._likelihood(few, boxes, said))
        return best

    def _named(self, text: str, name: str) -> str:
        return text.replace(self._subject, name, 1)

    @torch.inference_mode()
    def _likelihood(self, viewing: Viewing, boxes: Sequence[Box], texts: Sequence[str]) -> float:
        """Return the share of the first text in the movement around the boxes."""
        sides = [[box.left, box.top, box.right, box.bottom] for box in boxes]
        around = framing.around(torch.tensor(sides))[None]
        square = framing.squares(around, viewing.width, viewing.height, framing.WIDE)
        cut = framing.crop(viewing.pixels, square.expand(len(viewing.pixels), 4))
        seen = self._critic.movements(cut[None])
        return float(self._critic.likelihoods(seen, self._critic.texts(texts))[0, 0])

    @cached_property
    def _critic(self) -> Critic:
        return load_critic(self._folder)
