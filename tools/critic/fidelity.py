"""A clip as it is looked at -> whether somebody in it is itself, on which all else depends.

Where somebody is, what it does and whether it looks as before count only where it is somebody: a
mosaic in the right box is in no layout, and is like nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...plan import Entity
from .contests import ContestScores, summed
from .evidence import ClipView
from .ports import Chances, Contest, NotMeasurable, Region, Track


def kind_of(looked: ClipView, entity: Entity) -> ContestScores | None:
    """Compare who is in an entity's boxes with others; None where it has no box at all."""
    if entity.id not in looked.kinds:
        contest = looked.ports.wording.kind(entity)
        looked.kinds[entity.id] = closely(looked, looked.tracks(entity.id), contest)
    return looked.kinds[entity.id]


def require_seen(looked: ClipView, entity: Entity) -> None:
    """Stop where somebody is not itself: what it does and where it is says nothing then.

    Raises:
        NotMeasurable: it is not; `present` says so as a failure of its own.
    """
    scores = kind_of(looked, entity)
    if scores is None or not scores.wins:
        why = scores.words if scores else "it has no box"
        raise NotMeasurable(f"{entity.id} itself is not seen: {why}")


def closely(looked: ClipView, tracks: Sequence[Track], contest: Contest) -> ContestScores | None:
    """Look closely where somebody should be and was found; what speaks best for it counts."""
    best: dict[int, Chances] = {}
    for track in tracks:
        at = [i for i, box in enumerate(track) if box is not None]
        if not at:
            continue
        rows = looked.ports.comparer.pictures(Region(looked.footage, track), contest.texts)
        for i, row in zip(at, rows, strict=True):
            if i not in best or row[0] > best[i][0]:
                best[i] = row
    return summed(np.stack([best[i] for i in sorted(best)]), contest) if best else None
