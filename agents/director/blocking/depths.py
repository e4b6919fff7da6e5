"""Keyframes + what `@depth` says -> keyframes with everyone in that order, near to far."""

from __future__ import annotations

from collections.abc import Sequence

from ....plan import Keyframe
from ....story import Depth


def in_order(keyframes: Sequence[Keyframe], depths: Sequence[Depth]) -> tuple[Keyframe, ...]:
    """Return the keyframes with the depths that the writer fixed; a smaller one is nearer.

    Orders of which somebody is not in the picture say nothing about it.
    """
    return tuple(_ordered(keyframe, depths) for keyframe in keyframes)


def _ordered(keyframe: Keyframe, depths: Sequence[Depth]) -> Keyframe:
    found = {p.entity: p.depth for p in keyframe.placements}
    here = [d for d in depths if d.entity in found and (d.other is None or d.other in found)]
    # As often as there are orders: enough for a chain of them, whatever order it is written in.
    for _ in here:
        for depth in here:
            _apply(depth, found)
    placements = tuple(p.model_copy(update={"depth": found[p.entity]}) for p in keyframe.placements)
    return keyframe.model_copy(update={"placements": placements})


def _apply(depth: Depth, found: dict[str, int]) -> None:
    others = [value for entity, value in found.items() if entity != depth.entity]
    mine = found[depth.entity]
    match depth.order:
        case "front" if others:
            found[depth.entity] = min(mine, min(others) - 1)
        case "back" if others:
            found[depth.entity] = max(mine, max(others) + 1)
        case "before" if depth.other is not None:
            found[depth.entity] = min(mine, found[depth.other] - 1)
        case "behind" if depth.other is not None:
            found[depth.entity] = max(mine, found[depth.other] + 1)
