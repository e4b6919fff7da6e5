"""A passage and its acts -> the shots it is cut into, each no longer than a clip of the engine."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...plan import Capabilities
from .beats import Act
from .passage_setup import PassageSetup
from .passages import Passage

_LEAST_SHOT_S = 1.0


def cut_into_shots(setup: PassageSetup, acts: Sequence[Act]) -> list[tuple[float, float]]:
    """Return the shots of a passage as stretches, each no longer than a clip."""
    passage, capabilities = setup.passage, setup.capabilities
    pieces: list[tuple[float, float]] = []
    # The writer's own shot is cut nowhere but where a clip ends.
    own = setup.shot is not None
    marks = [0.0, passage.length_s] if own else _cuts(passage, acts, capabilities)
    for start, end in zip(marks, marks[1:], strict=False):
        clips = max(1, math.ceil((end - start) / capabilities.clip_s - 1e-6))
        inner = [start + (end - start) * i / clips for i in range(clips + 1)]
        # Cuts fall on whole frames; the ends stay where they are.
        inner[1:-1] = [round(m * capabilities.fps) / capabilities.fps for m in inner[1:-1]]
        pieces += zip(inner, inner[1:], strict=False)
    return pieces


def _cuts(passage: Passage, acts: Sequence[Act], capabilities: Capabilities) -> list[float]:
    """Return where a passage is best cut: between phases, or where a fixed beat ends.

    What is timed by the writer and fits one clip stays one shot.
    """
    length = passage.length_s
    if any(act.pinned for act in acts):
        changes = sorted({a.start_s for a in acts}) if length > capabilities.clip_s else []
    else:
        changes = [length * i / len(passage.phases) for i in range(len(passage.phases))]
    marks = [0.0]
    for change in changes:
        if change - marks[-1] >= _LEAST_SHOT_S and length - change >= _LEAST_SHOT_S:
            marks.append(change)
    return [*marks, length]
