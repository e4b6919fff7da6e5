"""A clip and boxes -> what the critic sees: who, where in the frame, doing what, in which place.

Every answer is a distribution over texts, or a box that was found; what it means for a shot is
decided in `tools/critic/metrics.py`, and nothing here knows of a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ....story import Box
from . import squares
from .model import CELL_PX, VIDEO_FRAMES, Critic

HEIGHT_PX = 96  # of the frames that the critic was trained on; others are resized to it
LEAST_PX = 64  # a found figure has at least so many pixels

Track = tuple[Box | None, ...]  # one for each frame that is looked at


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
    def close_pictures(self, texts: Sequence[str], track: Track) -> Tensor:
        """Return how likely each of K texts is of what is in each box: [n, K], n boxes."""
        at = [i for i, box in enumerate(track) if box is not None]
        boxes = torch.tensor([_numbers(track[i]) for i in at])
        places = squares.squares(boxes, self.width, self.height)
        seen = self.critic.pictures(squares.crop(self.pixels[at], places))
        return self.critic.likelihoods(seen, self.critic.texts(texts))

    @torch.inference_mode()
    def filled(self, text: str, track: Track) -> Tensor:
        """Return how much of each box what fits a text fills, by the finder: [n] in 0 to 1."""
        at = [i for i, box in enumerate(track) if box is not None]
        maps = self.critic.finds(self.pixels[at], self.critic.texts([text]))[:, 0].sigmoid()
        rows, columns = maps.shape[1:]
        shares = []
        for likely, frame in zip(maps, at, strict=True):
            left, top, right, bottom = _numbers(track[frame])
            across = _cells(left, right, columns)
            shares.append(likely[_cells(top, bottom, rows), across].mean())
        return torch.stack(shares) if shares else maps.new_zeros(0)

    @torch.inference_mode()
    def whole_pictures(self, texts: Sequence[str], hidden: Sequence[Track]) -> Tensor:
        """Return how likely each of K texts is of each whole frame: [T, K], tracks painted over."""
        boxes = torch.tensor([[_numbers(box) for box in track] for track in hidden])
        covered = squares.cover(self.pixels, boxes.reshape(-1, len(self.pixels), 4))
        seen = self.critic.pictures(squares.whole(covered))
        return self.critic.likelihoods(seen, self.critic.texts(texts))

    @torch.inference_mode()
    def movement(self, texts: Sequence[str], boxes: Sequence[Box]) -> Tensor:
        """Return how likely each of K texts is of the clip as one movement: [K].

        It is looked at through a square around all the boxes that stands still; without boxes,
        as whole frames.
        """
        at = squares.spread(len(self.pixels), VIDEO_FRAMES)
        if boxes:
            square = self._square(boxes, squares.WIDE)
            cut = squares.crop(self.pixels[at], square.expand(len(at), 4))
        else:
            cut = squares.whole(self.pixels[at])
        seen = self.critic.movements(cut[None])
        return self.critic.likelihoods(seen, self.critic.texts(texts))[0]

    @torch.inference_mode()
    def frame(self, index: int) -> Tensor:
        """Return the embedding [D] of one whole frame."""
        return self.critic.pictures(squares.whole(self.pixels[index][None]))[0]

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


def _cells(low: float, high: float, count: int) -> slice:
    """Return the cells of a row that lie between two parts of it, one at least."""
    first = min(max(0, round(low * count)), count - 1)
    return slice(first, max(first + 1, min(count, round(high * count))))


def _numbers(box: Box | None) -> list[float]:
    return [box.left, box.top, box.right, box.bottom] if box else [0.0, 0.0, 0.0, 0.0]
