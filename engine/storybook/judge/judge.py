"""Frames of any clip -> a judgement: segment, follow, and name what the figures do.

The clip is looked at in the world's own size. The weights are frozen: `judge.json` beside them
says on which seed they were trained and how often they are right.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from ....errors import WeightsError
from .crops import crop, direction, steady, track_features
from .judgement import Judgement, Sighting
from .nets import (
    BLOB,
    CHARACTER_IDS,
    HEIGHT,
    MOTION_IDS,
    NO_MOTION,
    NO_PLACE,
    PLACE_IDS,
    WIDTH,
    MotionNet,
    PlaceNet,
    Segmenter,
)
from .tracking import FollowedFigure, follow

FOLDER = Path(__file__).parent
WEIGHTS = FOLDER / "weights.safetensors"
CARD = FOLDER / "judge.json"
SURE = 0.5  # the least certainty, averaged over the frames, that a figure is a character


class Judge:
    """Three frozen networks that look at clips. They need no text and know no plan."""

    def __init__(self, segmenter: Segmenter, places: PlaceNet, motions: MotionNet) -> None:
        self._segmenter, self._places, self._motions = segmenter, places, motions
        for net in (segmenter, places, motions):
            net.requires_grad_(False).eval()

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Judge:
        """Return the judge with its frozen weights.

        Raises:
            WeightsError: the weights are missing or do not fit.
        """
        if not path.is_file():
            raise WeightsError(
                f"the judge has no weights at {path}; "
                "`python -m dreamrunner.engine.storybook.judge.train` trains them"
            )
        nets = {"segmenter": Segmenter(), "places": PlaceNet(), "motions": MotionNet()}
        state = load_file(path)
        try:
            for name, net in nets.items():
                start = f"{name}."
                net.load_state_dict(
                    {k.removeprefix(start): v for k, v in state.items() if k.startswith(start)}
                )
        except RuntimeError as error:
            raise WeightsError(f"{path} does not fit this version's judge: {error}") from error
        return cls(nets["segmenter"], nets["places"], nets["motions"])  # type: ignore[arg-type]  # the table's order

    @torch.no_grad()
    def judge(self, frames: NDArray[np.uint8]) -> Judgement:
        """Say who is in a clip, where, doing what, and in which place.

        Args:
            frames: [T, h, w, 3] uint8 RGB, at the world's 8 frames a second.
        """
        pixels = as_pixels(frames)
        chances = torch.cat([self._segmenter(part) for part in pixels.split(16)]).softmax(1)
        sightings = [self._sighting(track, pixels) for track in follow(chances)]
        sure = sorted((s for s in sightings if s.confidence >= SURE), key=lambda s: -s.confidence)
        named = chances.argmax(1)
        figures, blobs = int((named > 0).sum()), int((named == BLOB).sum())
        place = self._places(pixels).mean(0).softmax(0)
        best = int(place.argmax())
        return Judgement(
            tuple(sure),
            None if best == NO_PLACE else PLACE_IDS[best],
            dict(zip(PLACE_IDS, place.tolist(), strict=False)),
            blobs / figures if figures else 0.0,
        )

    def _sighting(self, track: FollowedFigure, pixels: Tensor) -> Sighting:
        boxes = track.boxes(len(pixels))
        where = torch.zeros(len(pixels), 1, *track.patches[0].pixels.shape)
        for patch in track.patches:
            where[patch.frame, 0] = torch.from_numpy(patch.pixels)
        where = F.interpolate(where, size=pixels.shape[-2:], mode="bilinear")
        path = steady(boxes)
        seen = torch.tensor([box is not None for box in boxes])
        logits = self._motions(
            crop(torch.cat([pixels, where], 1), path)[None], track_features(path, seen)[None]
        )
        chances = logits[0].softmax(0)
        best = int(chances.argmax())
        return Sighting(
            CHARACTER_IDS[track.label - 1],
            boxes,
            sum(p.certainty for p in track.patches) / len(pixels),
            None if best == NO_MOTION else MOTION_IDS[best],
            dict(zip(MOTION_IDS, chances.tolist(), strict=False)),
            direction(boxes),
        )


def as_pixels(frames: NDArray[np.uint8]) -> Tensor:
    """Turn frames [T, h, w, 3] into what the networks look at: [T, 3, 96, 144] fp32 in [0, 1]."""
    pixels = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255
    if pixels.shape[-2:] != (HEIGHT, WIDTH):
        pixels = F.interpolate(pixels, size=(HEIGHT, WIDTH), mode="bilinear", antialias=True)
    return pixels
