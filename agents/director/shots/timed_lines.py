"""Lines that the writer lets begin at a time -> passages that hold them, over cuts if need be.

A line is said when the page lets it begin, whatever is seen meanwhile: where it begins before its
own passage, or goes on after it, the passages beside show it too, each its part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .talk import SpokenLine

if TYPE_CHECKING:
    from ..passages import Passage

_INSTANT_S = 1e-6
# A shorter part of a line is not shown: nobody could read it.
_LEAST_S = 0.125


def at_their_starts(lines: Sequence[SpokenLine], origin_s: float) -> list[SpokenLine]:
    """Return the lines of a passage with those of a stated start there, and what follows after it.

    `origin_s` is when the passage begins, in seconds of the scene. What came after a line and would
    now be said during it comes later; nothing comes earlier for it.
    """
    moved: list[SpokenLine] = []
    shift_s, own_s, stated = 0.0, 0.0, None
    for line in lines:
        start_s = line.dialogue.start_s
        if start_s is not None and line.dialogue is not stated:
            stated = line.dialogue
            own_s = start_s - origin_s - line.start_s
            shift_s = max(0.0, own_s)
        moved.append(line.later(own_s if line.dialogue is stated else shift_s))
    return moved


def over_cuts(passages: Sequence[Passage]) -> list[Passage]:
    """Return passages in which every line is within one, or is in parts over several."""
    loose = [
        (passage.start_s, line)
        for passage in passages
        for line in passage.lines
        if line.start_s < -_INSTANT_S or line.end_s > passage.length_s + _INSTANT_S
    ]
    if not loose or not any(line.dialogue.start_s is not None for _, line in loose):
        return list(passages)
    moved = {id(line) for _, line in loose}
    parts = [(line.start_s + origin_s, line.end_s + origin_s, line) for origin_s, line in loose]
    found: list[Passage] = []
    for passage in passages:
        own = [line for line in passage.lines if id(line) not in moved]
        lines = sorted([*own, *_parts_in(passage, parts)], key=lambda line: line.start_s)
        found.append(replace(passage, lines=tuple(lines)))
    return found


def _parts_in(
    passage: Passage, lines: Sequence[tuple[float, float, SpokenLine]]
) -> Iterator[SpokenLine]:
    """Yield what of some lines, in seconds of the scene, is said during a passage."""
    for start_s, end_s, line in lines:
        first_s = max(0.0, start_s - passage.start_s)
        last_s = min(passage.length_s, end_s - passage.start_s)
        if last_s - first_s >= min(_LEAST_S, end_s - start_s):
            yield replace(line, start_s=first_s, end_s=last_s)
