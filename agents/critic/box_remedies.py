"""Boxes of a shot that failed -> boxes that are larger, further apart, or travel further.

Each function changes what one entity may change and returns the new shot, or None where nothing
can be gained: the frame ends, a relation between two entities would turn false, or no box moves.
`layout_pin` returns the pin of an entity that the writer fixed, and the caller asks for it first; a
fixed neighbour is never moved here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...plan import Keyframe, Pin, Placement, ShotPlan
from ...story import RELATIONS, Box

# A box grows to this much of a side at most: no larger figure is filmed whole, and a background
# stays to be seen. What the director or the writer made larger is left as it is.
MAX_SIDE = 0.65
# Less than this share of the box's own longer side is no gain, and no travel either. A share of the
# frame would leave the smallest boxes, which need it most, as they are.
LEAST_CHANGE = 0.05


def layout_pin(shot: ShotPlan, entity: str) -> Pin | None:
    """Return the pin that fixes where the entity is, or None where it may be moved."""
    return next(
        (p for p in shot.pins if p.what == "layout" and p.entity in (None, entity)),
        None,
    )


def boxes_of(shot: ShotPlan, entity: str) -> tuple[Box, ...]:
    """Return the entity's boxes in the order of the keyframes that place it."""
    placements = (keyframe.placement(entity) for keyframe in shot.keyframes)
    return tuple(placement.box for placement in placements if placement)


def larger(
    shot: ShotPlan, entity: str, factor: float, least_height: float = 0.0, most: float = MAX_SIDE
) -> ShotPlan | None:
    """Return the shot with every box of the entity `factor` times as wide and high, up to `most`.

    Where the highest is under `least_height`, it becomes as high as that at once: under what a
    model was trained on, no small step shows anything. Feet stay where they are. One factor holds
    for all keyframes, so that an entity that keeps its size while it moves still does.
    """
    boxes = boxes_of(shot, entity)
    if not boxes:
        return None
    room = min(most / max(box.width, box.height, 1e-6) for box in boxes)
    tallest = max(box.height for box in boxes)
    scale = min(max(factor, least_height / max(tallest, 1e-6)), room)
    if scale < 1.0 + LEAST_CHANGE:
        return None
    return _accepted(shot, _moved(shot, entity, lambda box: _inside(_scaled(box, scale))))


def travelling(shot: ShotPlan, entity: str, factor: float) -> ShotPlan | None:
    """Return the shot with the entity's path `factor` times as long, about the path's middle.

    An entity that stands still stays where it is: where to go is the director's to say.
    """
    boxes = boxes_of(shot, entity)
    if len(boxes) < 2:
        return None
    xs = [box.center[0] for box in boxes]
    ys = [box.center[1] for box in boxes]
    if max(max(xs) - min(xs), max(ys) - min(ys)) < LEAST_CHANGE * _longer_side(boxes):
        return None
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    def stretched(box: Box) -> Box:
        dx = (box.center[0] - middle[0]) * (factor - 1.0)
        dy = (box.center[1] - middle[1]) * (factor - 1.0)
        return _inside(box.moved(dx, dy))

    return _accepted(shot, _moved(shot, entity, stretched))


def crowding(shot: ShotPlan, entity: str) -> str | None:
    """Return the entity that covers this one most at any keyframe, or None.

    An overlap that the page asks for is no crowding.
    """
    shares: dict[str, float] = {}
    for keyframe in shot.keyframes:
        own = keyframe.placement(entity)
        for other in keyframe.placements:
            if own is None or other.entity == entity or _asked_for(shot, entity, other.entity):
                continue
            if own.box.stands("overlaps", other.box):
                share = own.box.shared(other.box)
                shares[other.entity] = max(share, shares.get(other.entity, 0.0))
    return min(shares, key=lambda name: (-shares[name], name)) if shares else None


def apart(shot: ShotPlan, mover: str, other: str) -> ShotPlan | None:
    """Return the shot with `mover` moved sideways, by one step for all keyframes, off `other`."""
    pairs = [
        (own.box, its.box)
        for keyframe in shot.keyframes
        if (own := keyframe.placement(mover)) and (its := keyframe.placement(other))
    ]
    if not pairs:
        return None
    left_of = sum(own.center[0] - its.center[0] for own, its in pairs) <= 0
    steps = [(its.left - own.right) if left_of else (its.right - own.left) for own, its in pairs]
    step = min(steps) if left_of else max(steps)
    return _accepted(shot, _moved(shot, mover, lambda box: _inside(box.moved(step, 0.0))))


def in_front(shot: ShotPlan, entity: str) -> ShotPlan | None:
    """Return the shot with the entity nearest to the camera and overlaps settled by depth."""
    depths = [p.depth for k in shot.keyframes for p in k.placements if p.entity != entity]
    own = [p.depth for k in shot.keyframes for p in k.placements if p.entity == entity]
    if not own or not depths:
        return None
    front = min(depths) - 1
    settings = shot.settings.model_copy(update={"overlap": "depth"})
    if max(own) <= front and settings == shot.settings:
        return None
    depth = min(front, *own)
    keyframes = tuple(
        _with(k, entity, lambda p: p.model_copy(update={"depth": depth})) for k in shot.keyframes
    )
    return shot.model_copy(update={"keyframes": keyframes, "settings": settings})


def path(shot: ShotPlan, entity: str) -> str:
    """Return the entity's first and last box in words: `0.30 x 0.42 at (0.25, 0.71)`."""
    boxes = boxes_of(shot, entity)
    ends = dict.fromkeys(_words(box) for box in (boxes[0], boxes[-1])) if boxes else {}
    return " to ".join(ends) or "nowhere"


def _words(box: Box) -> str:
    x, y = box.center
    return f"{box.width:.2f} x {box.height:.2f} at ({x:.2f}, {y:.2f})"


def _scaled(box: Box, scale: float) -> Box:
    x, half_width = box.center[0], box.width * scale / 2
    return Box(x - half_width, box.bottom - box.height * scale, x + half_width, box.bottom)


def _inside(box: Box) -> Box:
    """Return the box moved into the frame, with coordinates a writer can read."""
    dx = max(0.0, -box.left) - max(0.0, box.right - 1.0)
    dy = max(0.0, -box.top) - max(0.0, box.bottom - 1.0)
    moved = box.moved(dx, dy)
    edges = (moved.left, moved.top, moved.right, moved.bottom)
    return Box(*(round(min(1.0, max(0.0, edge)), 4) for edge in edges))


def _moved(shot: ShotPlan, entity: str, change: Callable[[Box], Box]) -> ShotPlan:
    def moved(placement: Placement) -> Placement:
        return placement.model_copy(update={"box": change(placement.box)})

    keyframes = tuple(_with(k, entity, moved) for k in shot.keyframes)
    return shot.model_copy(update={"keyframes": keyframes})


def _with(keyframe: Keyframe, entity: str, change: Callable[[Placement], Placement]) -> Keyframe:
    placements = tuple(change(p) if p.entity == entity else p for p in keyframe.placements)
    return keyframe.model_copy(update={"placements": placements})


def _accepted(before: ShotPlan, after: ShotPlan) -> ShotPlan | None:
    """Return `after` unless nothing moved enough or a relation that the page asks for was lost."""
    old = [p.box for k in before.keyframes for p in k.placements]
    new = [p.box for k in after.keyframes for p in k.placements]
    pairs = list(zip(old, new, strict=True))
    # An edge moves by half of what its side grows.
    if all(_distance(a, b) < LEAST_CHANGE / 2 * _longer_side((a,)) for a, b in pairs):
        return None
    return after if relations_held(before) <= relations_held(after) else None


def _longer_side(boxes: Sequence[Box]) -> float:
    return max((max(box.width, box.height) for box in boxes), default=0.0)


def _distance(one: Box, other: Box) -> float:
    return max(
        abs(one.left - other.left),
        abs(one.top - other.top),
        abs(one.right - other.right),
        abs(one.bottom - other.bottom),
    )


def relations_held(shot: ShotPlan) -> set[tuple[str, float]]:
    """Return the asserted relations that hold, each with the time of the keyframe."""
    holding: set[tuple[str, float]] = set()
    for assertion in shot.assertions:
        relation = RELATIONS.get(assertion.metric)
        if relation is None or assertion.subject is None or assertion.other is None:
            continue
        for keyframe in shot.keyframes:
            one = keyframe.placement(assertion.subject)
            other = keyframe.placement(assertion.other)
            if one and other and one.box.stands(relation, other.box):
                holding.add((assertion.id, keyframe.time_s))
    return holding


def _asked_for(shot: ShotPlan, one: str, other: str) -> bool:
    return any(
        a.metric in ("overlaps", "inside") and {a.subject, a.other} == {one, other}
        for a in shot.assertions
    )
