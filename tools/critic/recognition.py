"""Crops of somebody, reference pictures and earlier shots -> whether it is who it should be.

A crop shows the figure alone where the finder knows its pixels, else its box. Others are the
negatives: their references, how they looked before, and how they look in this very shot; a
likeness is enough only where it beats theirs. Nobody who is not itself is compared with anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...plan import Entity
from ...story import Box
from .contests import ContestScores
from .evidence import ClipView, Value
from .fidelity import require_seen
from .ports import Mask, NotMeasurable, Picture

LOOKS = 8  # crops that are compared
_GREY = 128


def identity_by_pictures(looked: ClipView, entity: Entity) -> Value:
    """Measure how much somebody looks like its reference pictures and its earlier shots.

    The value is the best cosine with a picture, averaged over crops, from 0 on; of references and
    earlier shots the one that it is less like.

    Raises:
        NotMeasurable: it was found in no frame.
    """
    at, crops = crops_of(looked, entity)
    if not crops:
        raise NotMeasurable(f"{entity.id} was found in no frame")
    sources = {
        "reference pictures": looked.ports.references.get(entity.id, ()),
        "earlier shots": looked.earlier.get(entity.id, ()),
    }
    others = _others(looked, entity)
    values = [
        _likened(looked, entity.id, words, (at, crops), own, others)
        for words, own in sources.items()
        if own
    ]
    return min(values, key=lambda v: (not v.rival, v.value))


def _likened(
    looked: ClipView,
    name: str,
    words: str,
    shown: tuple[Sequence[int], Sequence[Picture]],
    pictures: Sequence[Picture],
    others: Mapping[str, Sequence[Picture]],
) -> Value:
    at, crops = shown
    alike = looked.ports.recogniser.alike
    own = alike(crops, pictures).max(1)
    mean = max(0.0, float(own.mean()))
    evidence = looked.worst([float(v) for v in own], at)
    if not others:
        said = f"{name}: {mean:.0%} like its {words}; there is nobody else to compare with"
        return Value(mean, evidence, said)
    likeness = {other: alike(crops, theirs).max(1) for other, theirs in others.items()}
    rival = max(likeness, key=lambda other: float(likeness[other].mean()))
    most = np.stack(list(likeness.values())).max(0)
    scores = ContestScores(
        f"{name} in its {words}", tuple(float(v) for v in own),
        rival, float(likeness[rival].mean()), int((own > most).sum()),
    )  # fmt: skip
    said = f"{name}: {scores.words}; likest in {scores.seen} of {len(crops)} frames"
    lost_to = _look_of(looked, rival) if scores.lost_to else ""
    return Value(mean, evidence, said, rival=lost_to, contest=True)


def _look_of(looked: ClipView, name: str) -> str:
    """Return how somebody looks in words, by which a model can be told to avoid it."""
    entity = next((e for e in looked.shot.entities if e.id == name), None)
    try:
        return looked.ports.wording.target(entity or looked.ports.wording.absent(looked.shot, name))
    except NotMeasurable:
        return name


def _others(looked: ClipView, entity: Entity) -> dict[str, tuple[Picture, ...]]:
    """Return pictures of everybody else, by id, who has any."""
    found: dict[str, tuple[Picture, ...]] = {}
    for pictures in (looked.ports.references, looked.earlier, _beside(looked, entity)):
        for name, theirs in pictures.items():
            if name != entity.id and theirs:
                found[name] = (*found.get(name, ()), *theirs)
    return found


def _beside(looked: ClipView, entity: Entity) -> dict[str, tuple[Picture, ...]]:
    """Return how others look in the same shot; not of whom words cannot tell from this one."""
    target = looked.ports.wording.target
    return {
        other.id: pictures_of(looked, other)
        for other in looked.shot.entities
        if other.id != entity.id and target(other) != target(entity)
    }


def pictures_of(looked: ClipView, entity: Entity) -> tuple[Picture, ...]:
    """Return crops of somebody to compare others with; none where it is not itself, or is lost."""
    try:
        require_seen(looked, entity)
    except NotMeasurable:
        return ()
    return tuple(crops_of(looked, entity)[1])


def crops_of(looked: ClipView, entity: Entity) -> tuple[list[int], list[Picture]]:
    """Return the places of some frames in which somebody was found, and its crop in each."""
    track = looked.sightings[entity.id]
    found = [i for i, box in enumerate(track.boxes) if box is not None]
    at = found[:: max(1, len(found) // LOOKS)][:LOOKS]
    masks = track.masks or (None,) * len(track.boxes)
    frames = looked.footage.frames
    return at, [_crop(frames[i], box, masks[i]) for i in at if (box := track.boxes[i]) is not None]


def _crop(frame: Picture, box: Box, mask: Mask | None) -> Picture:
    """Cut a box out of a frame, grey where the mask says that it is something else."""
    height, width = frame.shape[:2]
    left, right = int(box.left * width), max(int(box.left * width) + 1, round(box.right * width))
    top, bottom = int(box.top * height), max(int(box.top * height) + 1, round(box.bottom * height))
    crop: Picture = frame[top:bottom, left:right]
    if mask is None:
        return crop
    masked: Picture = np.where(mask[top:bottom, left:right, None], crop, np.uint8(_GREY))
    return masked
