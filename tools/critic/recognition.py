"""Crops of somebody and reference pictures -> whether it is who it should be, by likeness.

Others of the shot are the negatives: a likeness is enough only where it beats theirs.
"""

from __future__ import annotations

import numpy as np

from ...plan import Entity
from ...story import Box
from .contests import ContestScores
from .evidence import ClipView, Value
from .ports import NotMeasurable, Picture

_LOOKS = 8  # crops that are compared


def identity_by_pictures(looked: ClipView, entity: Entity) -> Value:
    """Measure how much somebody looks like its reference pictures, against everybody else's.

    The value is the best cosine with a reference, averaged over crops, from 0 on.

    Raises:
        NotMeasurable: it was found in no frame.
    """
    track = looked.found[entity.id]
    at = [i for i, box in enumerate(track) if box is not None][:: max(1, len(track) // _LOOKS)]
    if not at:
        raise NotMeasurable(f"{entity.id} was found in no frame")
    crops = [_crop(looked.footage.frames[i], box) for i in at if (box := track[i]) is not None]
    alike = looked.ports.recogniser.alike
    likeness = {
        name: alike(crops, pictures).max(1)
        for name, pictures in looked.ports.references.items()
        if pictures
    }
    own = likeness.pop(entity.id)
    numbers = tuple(looked.footage.numbers[i] for i in at)[:3]
    mean = max(0.0, float(own.mean()))
    if not likeness:
        said = f"{entity.id}: {mean:.0%} like its reference pictures; nobody else has any"
        return Value(mean, numbers, said)
    name = max(likeness, key=lambda other: float(likeness[other].mean()))
    others = np.stack(list(likeness.values())).max(0)
    scores = ContestScores(
        f"the references of {entity.id}", tuple(float(v) for v in own),
        f"the references of {name}", float(likeness[name].mean()), int((own > others).sum()),
    )  # fmt: skip
    said = f"{entity.id}: {scores.words}; likest in {scores.seen} of {len(at)} frames"
    return Value(mean, numbers, said, rival=scores.lost_to, contest=True)


def _crop(frame: Picture, box: Box) -> Picture:
    height, width = frame.shape[:2]
    left, right = int(box.left * width), max(int(box.left * width) + 1, round(box.right * width))
    top, bottom = int(box.top * height), max(int(box.top * height) + 1, round(box.bottom * height))
    return frame[top:bottom, left:right]
