"""A clip and boxes -> what the critic sees: who, where in the frame, doing what, in which place.

Every answer is a distribution over texts, or a box that was found; what it means for a shot is
decided in `tools/critic/measure.py`, and nothing here knows of a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ....story import Box
from ..world.vocabulary import CHARACTERS, MOTIONS, PLACES
from . import sentences, squares
from .model import CELL_PX, VIDEO_FRAMES, Critic
from .sentences import CaptionDeed

HEIGHT_PX = 96  # of the frames that the critic was trained on; others are resized to it
LEAST_PX = 64  # a found figure has at least so many pixels
STILL = 0.012  # mean change of a picture, in parts of its range, below which it stands still

Track = tuple[Box | None, ...]  # one for each frame that is looked at


@dataclass(frozen=True, slots=True)
class ContrastScores:
    """How likely the right text is against the wrong ones, frame by frame.

    `rival` is the wrong text that comes nearest, over all frames, and `rival_value` its part.
    """

    right: str
    values: tuple[float, ...]
    rival: str
    rival_value: float

    @property
    def mean(self) -> float:
        return sum(self.values) / len(self.values)

    @property
    def wins(self) -> bool:
        """Whether the right text is the likeliest of all."""
        return self.mean > self.rival_value


class CriticView:
    """A clip before the critic's eyes.

    Args:
        critic: frozen, in evaluation mode.
        frames: [T, h, w, 3] uint8, h about 96.
    """

    def __init__(self, critic: Critic, frames: NDArray[np.uint8]) -> None:
        self.critic = critic
        self.pixels = squares.to_pixels(frames)
        self.height, self.width = int(frames.shape[1]), int(frames.shape[2])

    def part(self, at: Sequence[int], others: Sequence[Track], spare: Track) -> CriticView:
        """Return a view of some frames in which others are painted over.

        Args:
            at: numbers of the frames.
            others: of everybody else, a box for each frame of this view.
            spare: the figure that is looked at, whose boxes are left as they are.
        """
        boxes = torch.tensor([[_numbers(t[i]) for i in at] for t in others])
        own = torch.tensor([_numbers(spare[i]) for i in at])
        view = copy(self)
        view.pixels = squares.cover(self.pixels[list(at)], boxes.reshape(-1, len(at), 4), own)
        return view

    @torch.inference_mode()
    def find(self, texts: Sequence[str]) -> list[Track]:
        """Return for each text the box of what fits it best in each frame, None where nothing."""
        if not texts:
            return []
        logits = self.critic.finds(self.pixels, self.critic.texts(texts))
        return [tuple(self._boxes(logits[:, i].sigmoid())) for i in range(len(texts))]

    @torch.inference_mode()
    def who(
        self, tracks: Sequence[Track], character: str, color: str | None
    ) -> ContrastScores | None:
        """Compare who is in the boxes with everybody else, a blob, and nothing.

        Args:
            tracks: of the same figure; in each frame the box that speaks best for it counts.
            character: id of the world, or words for a stranger.
            color: None if it does not matter.

        Returns:
            A value for each frame that has a box, or None where no frame has one.
        """
        colors: dict[str, str | None] = {c: a.colourways[0] for c, a in CHARACTERS.items()}
        wrong = sentences.other_subjects(character, color, colors)
        return self._closely(tracks, sentences.subject(character, color), wrong)

    @torch.inference_mode()
    def kind(self, tracks: Sequence[Track], character: str) -> ContrastScores | None:
        """The same for the animal in any colour; of the wrong texts none is the animal itself."""
        right = sentences.subject(character, None)
        return self._closely(tracks, right, sentences.other_subjects(character, None, {}))

    @torch.inference_mode()
    def motion(self, boxes: Sequence[Box], what: CaptionDeed) -> ContrastScores:
        """Compare what the figure in the boxes does with every other motion.

        Where a motion travels, the same motion the other way is one of the wrong texts.
        """
        said = (
            what
            if MOTIONS[what.motion].travels
            else CaptionDeed(what.character, what.color, what.motion)
        )
        square = self._square(boxes, squares.WIDE)
        at = squares.spread(len(self.pixels), VIDEO_FRAMES)
        seen = self.critic.movements(squares.crop(self.pixels[at], square.expand(len(at), 4))[None])
        return self._sight(seen, sentences.deed(said), sentences.other_motions(said))

    def change(self, boxes: Sequence[Box]) -> float:
        """Return how much the picture around the boxes moves: the greatest mean difference of any
        frame from the first, in parts of the whole range.
        """
        square = self._square(boxes, squares.WIDE)
        cut = squares.crop(self.pixels, square.expand(len(self.pixels), 4))
        cut = F.avg_pool2d(cut, 8)  # grain is no movement
        return float((cut - cut[:1]).abs().mean((1, 2, 3)).max()) / 2

    @torch.inference_mode()
    def place(self, place: str, tracks: Sequence[Track] = ()) -> ContrastScores:
        """Compare the place with all others, the boxes painted over."""
        at = squares.spread(len(self.pixels), 5)
        boxes = [[_numbers(track[i]) for i in at] for track in tracks]
        covered = squares.cover(self.pixels[at], torch.tensor(boxes).reshape(-1, len(at), 4))
        seen = self.critic.pictures(squares.whole(covered))
        if place not in PLACES:
            return self._sight(seen, place, [sentences.bare_view(p) for p in PLACES])
        wrong = [sentences.bare_view(p) for p in PLACES if p != place]
        return self._sight(seen, sentences.bare_view(place), wrong)

    @torch.inference_mode()
    def everything(self, right: str, wrong: Sequence[str]) -> ContrastScores:
        """Compare a sentence about the whole clip with others."""
        at = squares.spread(len(self.pixels), VIDEO_FRAMES)
        seen = self.critic.movements(squares.whole(self.pixels[at])[None])
        return self._sight(seen, right, wrong)

    @torch.inference_mode()
    def frame(self, index: int) -> Tensor:
        """Return the embedding [D] of one whole frame."""
        return self.critic.pictures(squares.whole(self.pixels[index][None]))[0]

    def _closely(
        self, tracks: Sequence[Track], right: str, wrong: list[str]
    ) -> ContrastScores | None:
        texts = self.critic.texts([right, *wrong])
        best: dict[int, Tensor] = {}
        for track in tracks:
            at = [i for i, box in enumerate(track) if box is not None]
            if not at:
                continue
            boxes = torch.tensor([_numbers(track[i]) for i in at])
            places = squares.squares(boxes, self.width, self.height)
            seen = self.critic.pictures(squares.crop(self.pixels[at], places))
            for i, row in zip(at, self.critic.likelihoods(seen, texts), strict=True):
                if i not in best or row[0] > best[i][0]:
                    best[i] = row
        if not best:
            return None
        return _summed(torch.stack([best[i] for i in sorted(best)]), right, wrong)

    def _sight(self, seen: Tensor, right: str, wrong: Sequence[str]) -> ContrastScores:
        texts = self.critic.texts([right, *wrong])
        return _summed(self.critic.likelihoods(seen, texts), right, wrong)

    def _square(self, boxes: Sequence[Box], scale: float) -> Tensor:
        around = squares.around(torch.tensor([_numbers(box) for box in boxes]))
        return squares.squares(around[None], self.width, self.height, scale)

    def _boxes(self, likely: Tensor) -> list[Box | None]:
        """Return the box of the best spot of each map: [T, H, W] likelihoods."""
        peak = likely.flatten(1).amax(1)
        region = _connected(likely)
        fine = F.interpolate(likely[:, None], scale_factor=CELL_PX, mode="bilinear")[:, 0] > 0.5
        near = F.interpolate(region[:, None].float(), scale_factor=CELL_PX)[:, 0] > 0
        found: list[Box | None] = []
        for top, mask in zip(peak.tolist(), (fine & near).unbind(), strict=True):
            if top < 0.5 or int(mask.sum()) < LEAST_PX:
                found.append(None)
                continue
            rows, columns = mask.any(1).nonzero()[:, 0], mask.any(0).nonzero()[:, 0]
            height, width = mask.shape
            found.append(
                Box(
                    int(columns[0]) / width, int(rows[0]) / height,
                    (int(columns[-1]) + 1) / width, (int(rows[-1]) + 1) / height,
                )
            )  # fmt: skip
        return found


def _connected(likely: Tensor) -> Tensor:
    """Return [T, H, W] bool: the spot around each map's peak, with a margin of one cell."""
    mask = (likely > 0.5).float()[:, None]
    spot = F.one_hot(likely.flatten(1).argmax(1), likely[0].numel()).float()
    spot = spot.unflatten(1, likely.shape[1:])[:, None]
    while True:
        grown = F.max_pool2d(spot, 3, 1, 1) * mask
        if torch.equal(grown, spot) or not grown.any():
            return F.max_pool2d(grown, 3, 1, 1)[:, 0] > 0
        spot = grown


def _summed(likely: Tensor, right: str, wrong: Sequence[str]) -> ContrastScores:
    """Sum up distributions [B, 1 + K] whose first text is the right one."""
    others = likely[:, 1:].mean(0)
    at = int(others.argmax())
    return ContrastScores(right, tuple(likely[:, 0].tolist()), wrong[at], float(others[at]))


def _numbers(box: Box | None) -> list[float]:
    return [box.left, box.top, box.right, box.bottom] if box else [0.0, 0.0, 0.0, 0.0]
