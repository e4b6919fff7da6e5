"""Regions of frames and texts -> how likely each text is, by SigLIP 2 and X-CLIP; and likeness.

Softmax over the texts that are given: nothing here says whether a text fits at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from ....story import Box
from ..ports import Chances, Likeness, Picture, Region
from .visiting import VisitingModel, from_files

_CLOSE = 1.2  # a figure is looked at in its box with this much around it
_WIDE = 1.3  # and its movement in the box around all its boxes
_GREY = 128


def load_pictures(folder: Path) -> tuple[Any, Any]:
    """Return an open_clip model, and its transform and tokenizer."""
    import open_clip

    model, transform = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    return model, (transform, open_clip.get_tokenizer(f"local-dir:{folder}"))


load_movement = from_files("XCLIPModel", "XCLIPProcessor")
load_recogniser = from_files("Dinov2Model", "AutoImageProcessor")


class ContrastiveComparer:
    """Compares pictures by an open_clip model and movement by X-CLIP."""

    def __init__(self, pictures: VisitingModel[Any], movement: VisitingModel[Any]) -> None:
        self._pictures, self._movement = pictures, movement

    def pictures(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [n, K]: how likely each text is in each frame that is looked at."""
        shown = seen_in(region, around=False)
        with self._pictures.visit() as (model, (transform, tokenizer)):
            device = next(model.parameters()).device
            images = torch.stack([transform(Image.fromarray(p)) for p in shown]).to(device)
            one = model.encode_image(images, normalize=True).float()
            other = model.encode_text(tokenizer(list(texts)).to(device), normalize=True).float()
            likely = (model.logit_scale.exp().float() * one @ other.T).softmax(-1)
            return _numbers(likely)

    def movement(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [K]: how likely each text is of the frames as one movement."""
        shown = seen_in(region, around=True)
        with self._movement.visit() as (model, processor):
            count = model.config.vision_config.num_frames
            at = [round(float(i)) for i in np.linspace(0, len(shown) - 1, count)]
            given = processor(
                text=list(texts), images=[[Image.fromarray(shown[i]) for i in at]],
                return_tensors="pt", padding=True, truncation=True,
            ).to(model.device)  # fmt: skip
            return _numbers(model(**given).logits_per_video.float().softmax(-1)[0])


class FeatureRecogniser:
    """Compares pictures by DINOv2's own token of the whole picture."""

    def __init__(self, model: VisitingModel[Any]) -> None:
        self._model = model

    def alike(self, pictures: Sequence[Picture], references: Sequence[Picture]) -> Likeness:
        """Return [n, m]: the cosine of each picture with each reference."""
        with self._model.visit() as (model, processor):
            images = [Image.fromarray(p) for p in (*pictures, *references)]
            given = processor(images=images, return_tensors="pt").to(model.device)
            seen = F.normalize(model(**given).pooler_output.float(), dim=-1)
            return _numbers(seen[: len(pictures)] @ seen[len(pictures) :].T)


def seen_in(region: Region, *, around: bool) -> list[Picture]:
    """Return the pictures that a region shows, [h, w, 3] each, with what is hidden painted grey.

    Args:
        around: look at every frame in the one box around all boxes, which keeps still.
    """
    frames = region.footage.frames.copy()
    height, width = frames.shape[1:3]
    for track in region.hidden:
        for i, box in enumerate(track):
            if box is None:
                continue
            spare = region.spare[i] if region.spare is not None else None
            own = _cut(frames[i], spare, 1.0).copy() if spare is not None else None
            left, top, right, bottom = _pixels(box, width, height, 1.0)
            frames[i, top:bottom, left:right] = _GREY
            if spare is not None and own is not None:
                left, top, right, bottom = _pixels(spare, width, height, 1.0)
                frames[i, top:bottom, left:right] = own
    if region.boxes is None:
        return list(frames)
    boxes = [box for box in region.boxes if box is not None]
    if around:
        union = Box(
            min(b.left for b in boxes), min(b.top for b in boxes),
            max(b.right for b in boxes), max(b.bottom for b in boxes),
        )  # fmt: skip
        return [_cut(frame, union, _WIDE) for frame in frames]
    return [
        _cut(frame, box, _CLOSE)
        for frame, box in zip(frames, region.boxes, strict=True)
        if box is not None
    ]


def _cut(frame: Picture, box: Box, room: float) -> Picture:
    left, top, right, bottom = _pixels(box, frame.shape[1], frame.shape[0], room)
    return frame[top:bottom, left:right]


def _pixels(box: Box, width: int, height: int, room: float) -> tuple[int, int, int, int]:
    """Return a box in whole pixels of the frame, at least one wide and high."""
    x, y = box.center
    across, down = box.width * room / 2, box.height * room / 2
    left = min(width - 1, max(0, int((x - across) * width)))
    top = min(height - 1, max(0, int((y - down) * height)))
    right = min(width, max(left + 1, round((x + across) * width)))
    bottom = min(height, max(top + 1, round((y + down) * height)))
    return left, top, right, bottom


def _numbers(values: torch.Tensor) -> Chances:
    numbers: Chances = values.cpu().numpy().astype(np.float32)
    return numbers
