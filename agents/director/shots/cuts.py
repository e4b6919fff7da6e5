"""A passage and its acts -> the shots it is cut into, each no longer than a clip of the engine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ....plan import Capabilities
from ..beats import Act
from ..passages import Passage
from .passage_setup import PassageSetup
from .talk import SpokenLine

_LEAST_SHOT_S = 1.0


def cut_into_shots(setup: PassageSetup, acts: Sequence[Act]) -> list[tuple[float, float]]:
    """Return the shots of a passage as stretches, each no longer than a clip.

    No line of dialogue is cut through: a cut that would fall into one moves to where it begins or
    ends.
    """
    passage, capabilities = setup.passage, setup.capabilities
    pieces: list[tuple[float, float]] = []
    # The writer's own shot is cut nowhere but where a clip ends.
    own = setup.shot is not None
    marks = [0.0, passage.length_s] if own else _cuts(passage, acts, capabilities)
    for start, end in pairwise(marks):
        ends = list(_clip_ends(start, end, passage, capabilities))
        pieces += pairwise([start, *ends])
    return pieces


def _clip_ends(
    start_s: float, end_s: float, passage: Passage, capabilities: Capabilities
) -> Iterator[float]:
    """Yield where the clips of a stretch end, alike long; inner cuts fall on whole frames."""
    clip_s, fps = capabilities.clip_s, capabilities.fps
    while (clips := math.ceil((end_s - start_s) / clip_s - 1e-6)) > 1:
        cut_s = round((start_s + (end_s - start_s) / clips) * fps) / fps
        line = _line_at(cut_s, passage)
        if line is not None:
            fits = line.end_s - start_s <= clip_s + 1e-6
            cut_s = line.end_s if fits else max(line.start_s, start_s + 1 / fps)
        yield cut_s
        start_s = cut_s
    yield end_s


def _line_at(time_s: float, passage: Passage) -> SpokenLine | None:
    """Return the line that is being spoken at a time, and not just beginning or ending then."""
    return next(
        (x for x in passage.lines if x.start_s + 1e-6 < time_s < x.end_s - 1e-6),
        None,
    )


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
        if _line_at(change, passage) is not None:
            continue
        if change - marks[-1] >= _LEAST_SHOT_S and length - change >= _LEAST_SHOT_S:
            marks.append(change)
    return [*marks, length]
