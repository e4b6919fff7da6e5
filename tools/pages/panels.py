"""A shot -> the moments that stand for it, and who goes where between: a storyboard's panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...plan import Beat, Keyframe, ShotPlan
from ...story import Box
from .canvas import Rectangle

MOST_PANELS = 4
# Movements of less than this much of the frame are drawn as none.
_STILL = 0.02


@dataclass(frozen=True, slots=True)
class PanelPath:
    """Where somebody goes from one panel to the next, by their feet."""

    entity: str
    start: tuple[float, float]
    end: tuple[float, float]


def shown_keyframes(shot: ShotPlan) -> tuple[Keyframe, ...]:
    """Return the keyframes that stand for a shot: where something has changed, four at most.

    Where no box moves, one does: in the middle of the shot, when whatever is done is being done.
    """
    frames = shot.keyframes or (Keyframe(time_s=0.0, placements=()),)
    changed = [frames[0]]
    for frame in frames[1:]:
        if _differs(shot, changed[-1], frame):
            changed.append(frame)
    if len(changed) == 1:
        return (changed[0].model_copy(update={"time_s": round(shot.duration_s / 2, 2)}),)
    if len(changed) <= MOST_PANELS:
        return tuple(changed)
    last = len(changed) - 1
    return tuple(changed[round(i * last / (MOST_PANELS - 1))] for i in range(MOST_PANELS))


def beat_at(shot: ShotPlan, entity: str, time_s: float) -> Beat | None:
    """Return what somebody is doing at a time: the last of their beats that has begun."""
    own = [beat for beat in shot.beats if beat.entity == entity]
    return next((beat for beat in reversed(own) if beat.start_s <= time_s), None)


def ways(frame: Keyframe, after: Keyframe | None) -> list[PanelPath]:
    """Return who goes where from one panel to the next."""
    found = []
    for placed in frame.placements:
        goal = after.placement(placed.entity) if after else None
        if goal is not None and _moves(placed.box, goal.box):
            start, end = placed.box, goal.box
            feet = (start.center[0], start.bottom), (end.center[0], end.bottom)
            found.append(PanelPath(placed.entity, *feet))
    return found


def tab_above(
    box: Rectangle, size: tuple[float, float], area: Rectangle, taken: Sequence[Rectangle]
) -> Rectangle:
    """Return where a name stands: above its box, within the area, over none that is taken."""
    (width, height), (left, top, right, _) = size, area
    x = max(left + 3, min(box[0], right - width - 3))
    y = max(top + 3, box[1] - height - 3)
    for _ in taken:
        here = (x, y, x + width, y + height)
        hit = next((other for other in taken if _touch(other, here)), None)
        if hit is None:
            break
        above = hit[1] - height - 2
        y = above if above > top else hit[3] + 2
    return (x, y, x + width, y + height)


def _touch(one: Rectangle, other: Rectangle) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _differs(shot: ShotPlan, before: Keyframe, after: Keyframe) -> bool:
    """Say whether anybody has come, gone, moved, grown or begun something else."""
    if {p.entity for p in before.placements} != {p.entity for p in after.placements}:
        return True
    for placed in before.placements:
        goal = after.placement(placed.entity)
        assert goal is not None  # both have the same people
        sides = ("left", "top", "right", "bottom")
        if any(abs(getattr(placed.box, s) - getattr(goal.box, s)) > _STILL for s in sides):
            return True
        if beat_at(shot, placed.entity, before.time_s) != beat_at(
            shot, placed.entity, after.time_s
        ):
            return True
    return False


def _moves(before: Box, after: Box) -> bool:
    (x, y), (u, v) = before.center, after.center
    return abs(x - u) + abs(y - v) > _STILL
