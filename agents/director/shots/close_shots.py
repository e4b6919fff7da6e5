"""A shot of people who talk -> how much of them it shows, and their boxes.

A dialogue looks like faces. The writer's own kind of shot decides; where there is none, one who
talks alone is seen close, two who talk to the waist. Whoever moves about is seen whole, and so is
everybody where the writer placed anybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....plan import Beat, Keyframe, PeopleWords, Placement
from ....story import Box
from ..casting import CastPart
from .passage_setup import PassageSetup

# What can be told of somebody of whom only the upper half is seen.
_IN_PLACE = frozenset("stand talk listen nod laugh look point give wave turn".split())
_MOST = 2
_TOP, _LOWER = 0.12, 0.16  # where a head begins, and how much lower a child's
_MIDDLES = {1: (0.5,), 2: (0.27, 0.73)}


def part_shown(
    setup: PassageSetup, parts: Sequence[CastPart], beats: Sequence[Beat], pinned: bool
) -> str | None:
    """Return the framing of a shot, "medium" or "close"; None where everybody is seen whole."""
    people = setup.capabilities.people
    if people is None or pinned or not 0 < len(parts) <= _MOST:
        return None
    if any(part.character != people.character for part in parts):
        return None
    # Who sits and talks is seen from the waist up, as who stands and talks.
    fitting = _IN_PLACE | {"sit"} if setup.passage.talk else _IN_PLACE
    if any(beat.motion not in fitting for beat in beats):
        return None
    kind = setup.shot.kind if setup.shot is not None else None
    if kind is None and setup.passage.talk:
        kind = "close" if len(parts) == 1 else "medium"
    if kind == "insert":
        kind = "close"
    if kind not in people.framings:
        return None
    return "medium" if len(parts) > 1 else kind


def seen_in_part(
    keyframes: Sequence[Keyframe], parts: Sequence[CastPart], framing: str, setup: PassageSetup
) -> tuple[Keyframe, ...]:
    """Return keyframes in which people are side by side, cut by the picture's lower edge."""
    people = setup.capabilities.people
    if people is None or not keyframes:
        return tuple(keyframes)
    first = {p.entity: p for p in keyframes[0].placements}
    order = sorted(first, key=lambda e: first[e].box.center[0])
    boxes = {
        entity: _box(part, _MIDDLES[len(order)][order.index(entity)], framing, people, setup)
        for part in parts
        if (entity := part.id) in first
    }

    def moved(placement: Placement) -> Placement:
        return placement.model_copy(update={"box": boxes[placement.entity]})

    return tuple(
        k.model_copy(update={"placements": tuple(map(moved, k.placements))})
        for k in (keyframes[0], keyframes[-1])
    )


def _box(
    part: CastPart, middle: float, framing: str, people: PeopleWords, setup: PassageSetup
) -> Box:
    world = setup.capabilities
    top = _TOP + (_LOWER if part.size < 1 else 0.0)
    half = (1 - top) * people.framings[framing][1] * world.height / world.width / 2
    return Box(max(0.0, middle - half), top, min(1.0, middle + half), 1.0)
