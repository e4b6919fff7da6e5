"""Keyframes of stretches of time -> keyframes of a whole passage, and of the shots cut from it."""

from __future__ import annotations

from collections.abc import Sequence

from ....plan import Keyframe
from ....story import Box, Depth

Track = Sequence[tuple[float, Box]]
# Times are kept to the microsecond, so that what was shifted and shifted back compares equal.
_DIGITS = 6


def box_at(track: Sequence[tuple[float, Box]], time_s: float) -> Box:
    """Return the box of a track at a time, linear between its keys and still outside of them."""
    if time_s <= track[0][0]:
        return track[0][1]
    for (start, before), (end, after) in zip(track, track[1:], strict=False):
        if time_s == end:
            return after
        if time_s < end:
            return before.blend(after, (time_s - start) / (end - start))
    return track[-1][1]


def joined(stretches: Sequence[tuple[float, Sequence[Keyframe]]]) -> tuple[Keyframe, ...]:
    """Return the keyframes of stretches, each given with its start, laid end to end."""
    frames: list[Keyframe] = []
    for start_s, keyframes in stretches:
        shifted = [_shifted(k, start_s) for k in keyframes]
        # Where two stretches meet, the first one's end is the second one's beginning.
        frames += shifted[1:] if frames else shifted
    return tuple(frames)


def between(keyframes: Sequence[Keyframe], start_s: float, end_s: float) -> tuple[Keyframe, ...]:
    """Return the keyframes from one time to another, counted from the first of the two."""
    inside = [k for k in keyframes if start_s + 1e-4 < k.time_s < end_s - 1e-4]
    edges = (_at(keyframes, start_s), _at(keyframes, end_s))
    return tuple(_shifted(k, -start_s) for k in (edges[0], *inside, edges[1]))


def _shifted(keyframe: Keyframe, by_s: float) -> Keyframe:
    time_s = _exact(max(0.0, keyframe.time_s + by_s))
    # Most are where they were: a film has ten thousands of them.
    return keyframe if time_s == keyframe.time_s else keyframe.model_copy(update={"time_s": time_s})


def _at(keyframes: Sequence[Keyframe], time_s: float) -> Keyframe:
    """Return the keyframe at a time, made from its neighbours where there is none."""
    nearest = min(keyframes, key=lambda k: abs(k.time_s - time_s))
    if nearest.time_s == time_s:
        return nearest
    placements = tuple(
        p.model_copy(
            update={
                "box": box_at(
                    [(k.time_s, q.box) for k in keyframes if (q := k.placement(p.entity))], time_s
                )
            }
        )
        for p in nearest.placements
    )
    return Keyframe(time_s=time_s, placements=placements)


def _exact(time_s: float) -> float:
    return round(time_s, _DIGITS)


def in_order(keyframes: Sequence[Keyframe], depths: Sequence[Depth]) -> tuple[Keyframe, ...]:
    """Return the keyframes with the depths that the writer fixed; a smaller one is nearer.

    Orders of which somebody is not in the picture say nothing about it.
    """
    if not depths:
        return tuple(keyframes)
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
