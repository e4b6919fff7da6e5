"""Actors and the bonds between them -> who stands left of whom, and which way each one goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ....plan import Stage
from ....story import Box
from ..reading.complements import EntityRelation
from ..reading.lexicon import Direction, Path, Spot

Facing = Literal["left", "right"]
_SPOTS: dict[Spot, float] = {"left": 0.12, "middle": 0.5, "right": 0.88}
_CENTER = 0.5
TRAVELS: frozenset[Path] = frozenset({"walk", "run", "hop", "glide"})


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """A box that the writer fixed, at a time of the stretch that is blocked."""

    time_s: float
    box: Box


@dataclass(frozen=True, slots=True)
class LastPosition:
    """How an actor was left: the middle and foot of its body, its standing height, its box."""

    x: float
    feet: float
    height: float
    box: Box
    facing: Facing


@dataclass(frozen=True, slots=True)
class BlockedActor:
    """Somebody to place. `aspect` is width / height standing, in pixels.

    `share` is the part of its way that falls into this stretch, where a deed spans several;
    `size` is its height beside others'. `stage` is how all are blocked where an engine's model
    knows one size and one pace; `heights` are the least and the largest standing one of somebody
    whom a taught motion moves, None for any.
    """

    entity: str
    path: Path
    aspect: float
    direction: Direction | None = None
    spot: Spot | None = None
    before: LastPosition | None = None
    pinned: tuple[PinnedKey, ...] = ()
    share: float = 1.0
    size: float = 1.0
    stage: Stage | None = None
    heights: tuple[float, float] | None = None

    @property
    def travels(self) -> bool:
        return self.path in TRAVELS


@dataclass(frozen=True, slots=True)
class Lineup:
    """Everyone from left to right with the way each faces and goes."""

    order: tuple[str, ...]
    facing: Mapping[str, Facing]


def stage(actors: Sequence[BlockedActor], ties: Sequence[EntityRelation]) -> Lineup:
    """Return the order and the facings of a shot."""
    ties = [t for t in ties if set(t.entities) <= {a.entity for a in actors}]
    facing: dict[str, Facing] = {a.entity: way for a in actors if (way := _stated(a))}
    _share_ways(actors, ties, facing)
    order = _ordered(actors, ties, facing)
    for actor in actors:
        if actor.entity not in facing:
            facing[actor.entity] = _turned(actor, actors, ties, order)
    return Lineup(tuple(order), facing)


def _stated(actor: BlockedActor) -> Facing | None:
    """Return the way that the writer gives, by words or by pinned boxes."""
    if actor.pinned:
        moved = actor.pinned[-1].box.center[0] - actor.pinned[0].box.center[0]
        if abs(moved) > 0.02:
            return "right" if moved > 0 else "left"
    if actor.direction == "left":
        return "left"
    return "right" if actor.direction == "right" else None


def _share_ways(
    actors: Sequence[BlockedActor], ties: Sequence[EntityRelation], facing: dict[str, Facing]
) -> None:
    """Give those who chase, follow, lead or carry one another the same way."""
    by_id = {a.entity: a for a in actors}
    for tie in ties:
        if tie.bond in ("chase", "follow", "lead", "carry"):
            ahead = by_id[tie.subject if tie.bond in ("lead", "carry") else tie.other]
            way = facing.get(tie.subject) or facing.get(tie.other) or _roomier(ahead)
            facing[tie.subject] = facing[tie.other] = way
        both = (by_id[tie.subject], by_id[tie.other])
        if tie.bond in ("above", "below") and all(a.travels for a in both):
            way = facing.get(tie.subject) or facing.get(tie.other) or _roomier(both[0])
            facing[tie.subject] = facing[tie.other] = way


def _roomier(actor: BlockedActor) -> Facing:
    """Return the way in which an actor has more of the frame before it; right if in doubt."""
    x = _wish(actor)
    return "left" if x is not None and x > _CENTER + 0.05 else "right"


def _wish(actor: BlockedActor) -> float | None:
    """Return where an actor's middle wants to begin, or None if it has no wish."""
    if actor.pinned:
        return actor.pinned[0].box.center[0]
    if actor.spot in _SPOTS:
        return _SPOTS[actor.spot]
    return actor.before.x if actor.before else None


def _ordered(
    actors: Sequence[BlockedActor], ties: Sequence[EntityRelation], facing: Mapping[str, Facing]
) -> list[str]:
    known = [x for a in actors if (x := _wish(a)) is not None]
    free = sum(_wish(a) is None for a in actors)
    keys: dict[str, float] = {}
    index = 0
    for actor in actors:
        wish = _wish(actor)
        if wish is None:
            index += 1
            way = facing.get(actor.entity) if actor.travels else None
            wish = _newcomer(index, free, known, way)
        keys[actor.entity] = wish
    order = sorted(keys, key=lambda e: keys[e])  # stable: equals stay in order of mention
    # As often as there are pairs: enough to settle any set of bonds that can be settled.
    for _ in range(len(actors) ** 2):
        for first, second in _precedences(actors, ties, facing):
            if order.index(first) > order.index(second):
                order.remove(first)
                order.insert(order.index(second), first)
    return _between(order, ties)


def _newcomer(index: int, count: int, known: Sequence[float], way: Facing | None) -> float:
    """Return where somebody begins who was nowhere before: away from those who were."""
    if known:
        aside = 0.95 if sum(known) / len(known) <= _CENTER else 0.05
        return aside + index * 1e-3
    if way is not None and count > 1:
        return 0.3 if way == "right" else 0.7
    return (index - 0.5) / count


def _precedences(
    actors: Sequence[BlockedActor], ties: Sequence[EntityRelation], facing: Mapping[str, Facing]
) -> list[tuple[str, str]]:
    """Return pairs of which the first stands left of the second; what comes later is stronger."""
    pairs: list[tuple[str, str]] = []
    by_id = {a.entity: a for a in actors}
    for tie in ties:
        a, b = tie.subject, tie.other
        if tie.bond in ("chase", "follow"):
            pairs.append((a, b) if facing.get(a, "right") == "right" else (b, a))
        elif tie.bond == "lead":
            pairs.append((b, a) if facing.get(a, "right") == "right" else (a, b))
        elif tie.bond in ("toward", "meet", "cross") and by_id[a].travels and a in facing:
            pairs.append((a, b) if facing[a] == "right" else (b, a))
        elif tie.bond == "away-from" and by_id[a].travels and a in facing:
            pairs.append((b, a) if facing[a] == "right" else (a, b))
    for tie in ties:
        if tie.bond == "left-of":
            pairs.append((tie.subject, tie.other))
        elif tie.bond == "right-of":
            pairs.append((tie.other, tie.subject))
    return pairs


def _between(order: list[str], ties: Sequence[EntityRelation]) -> list[str]:
    for tie in ties:
        if tie.bond == "between" and tie.third is not None:
            order.remove(tie.subject)
            sides = sorted((order.index(tie.other), order.index(tie.third)))
            order.insert(sides[0] + 1, tie.subject)
    return order


def _turned(
    actor: BlockedActor,
    actors: Sequence[BlockedActor],
    ties: Sequence[EntityRelation],
    order: Sequence[str],
) -> Facing:
    """Return which way somebody faces of whom nothing is said: toward whom it deals with."""
    me = actor.entity
    here = order.index(me)
    for tie in ties:
        if me not in (tie.subject, tie.other):
            continue
        other = tie.other if tie.subject == me else tie.subject
        ahead: Facing = "right" if order.index(other) > here else "left"
        if tie.bond == "away-from" and tie.subject == me:
            return "left" if ahead == "right" else "right"
        mine = tie.subject == me or tie.bond in ("meet", "cross", "face")
        if mine and tie.bond in ("toward", "meet", "cross", "face", "beside"):
            return ahead
    if actor.travels:
        return _roomier(actor)
    if len(order) > 1:
        return "right" if here < len(order) / 2 else "left"
    if actor.before is not None:
        return actor.before.facing
    return "right"
