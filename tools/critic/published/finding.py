"""Frames and words -> boxes by Grounding DINO on some frames, followed through all by SAM 2.1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from ....story import Box
from ..ports import FoundTrack, Mask, SampledFrames, Target, Track
from .visiting import VisitingModel, from_files

LOOKS = 8  # frames on which words are looked for
LEAST_SCORE = 0.3  # Grounding DINO's own default is 0.25 for boxes and 0.3 for words
LEAST_PART = 0.0005  # a mask of less of the frame is nothing


load_grounding = from_files("GroundingDinoForObjectDetection", "AutoProcessor")
load_tracker = from_files("Sam2VideoModel", "Sam2VideoProcessor")


class GroundedTracker:
    """Finds words on some frames, and follows what was found surest through all of them."""

    def __init__(self, grounding: VisitingModel[Any], tracker: VisitingModel[Any]) -> None:
        self._grounding, self._tracker = grounding, tracker

    def find(self, footage: SampledFrames, targets: Sequence[Target]) -> Sequence[FoundTrack]:
        """Return where each target is; what is found on no frame is nowhere."""
        count = len(footage.numbers)
        steps = np.linspace(0, count - 1, min(LOOKS, count))
        at = sorted({round(float(step)) for step in steps})
        with self._grounding.visit() as (model, processor):
            seen = [self._detected(model, processor, footage, at, t.text) for t in targets]
        nowhere = FoundTrack((None,) * count, (0.0,) * count)
        if not any(seen):
            return [nowhere for _ in targets]
        with self._tracker.visit() as (model, processor):
            return [
                self._followed(model, processor, footage, boxes) if boxes else nowhere
                for boxes in seen
            ]

    def _detected(
        self, model: Any, processor: Any, footage: SampledFrames, at: Sequence[int], text: str
    ) -> dict[int, tuple[Box, float]]:
        """Return the surest box of a text and its score, by frame."""
        # It wants lower case and a full stop.
        words = text.lower().strip().rstrip(".") + "."
        found: dict[int, tuple[Box, float]] = {}
        height, width = footage.frames.shape[1:3]
        for i in at:  # frame by frame: eight large ones at once fill what a card has
            picture = Image.fromarray(footage.frames[i])
            given = processor(images=picture, text=words, return_tensors="pt").to(model.device)
            output = model(**given)
            (result,) = processor.post_process_grounded_object_detection(
                output, given.input_ids, threshold=LEAST_SCORE, text_threshold=LEAST_SCORE,
                target_sizes=[(height, width)],
            )  # fmt: skip
            if len(result["scores"]):
                best = int(result["scores"].argmax())
                left, top, right, bottom = result["boxes"][best].tolist()
                box = _within(left / width, top / height, right / width, bottom / height)
                found[i] = box, float(result["scores"][best])
        return found

    def _followed(
        self,
        model: Any,
        processor: Any,
        footage: SampledFrames,
        seen: dict[int, tuple[Box, float]],
    ) -> FoundTrack:
        """Follow what was found surest, forwards and backwards from there."""
        start = max(seen, key=lambda i: seen[i][1])
        box, score = seen[start]
        height, width = footage.frames.shape[1:3]
        corners = [box.left * width, box.top * height, box.right * width, box.bottom * height]
        masks: dict[int, Mask] = {}
        for reverse in (False, True):
            if reverse and start == 0:
                continue
            session = processor.init_video_session(
                video=footage.frames, inference_device=model.device, dtype=model.dtype
            )
            processor.add_inputs_to_inference_session(
                inference_session=session, frame_idx=start, obj_ids=1, input_boxes=[[corners]]
            )
            model(inference_session=session, frame_idx=start)
            for output in model.propagate_in_video_iterator(
                session, start_frame_idx=start, reverse=reverse
            ):
                (found,) = processor.post_process_masks(
                    [output.pred_masks], original_sizes=[[height, width]], binarize=True
                )
                seen_here = found.reshape(-1, height, width)[0] > 0
                masks[output.frame_idx] = seen_here.cpu().numpy()
        track: Track = tuple(
            _around(masks[i]) if i in masks else None for i in range(len(footage.numbers))
        )
        return FoundTrack(
            track,
            tuple(score if box else 0.0 for box in track),
            tuple(masks[i] if box else None for i, box in enumerate(track)),
        )


def _around(mask: Mask) -> Box | None:
    """Return the box around a mask [h, w], None where it is next to nothing."""
    if not mask.any() or float(mask.mean()) < LEAST_PART:
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return _within(
        int(columns[0]) / width, int(rows[0]) / height,
        (int(columns[-1]) + 1) / width, (int(rows[-1]) + 1) / height,
    )  # fmt: skip


def _within(*edges: float) -> Box:
    return Box(*(min(1.0, max(0.0, edge)) for edge in edges))
