"""What a stage is asked, as a value -> work that another process can be given.

A `Call` is what a method of the crew is called with; paths in it are those of whoever sends it, and
whoever receives it looks clips and adapters up by their keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...film import Adapter, AdapterNeed, Clip, Retrieval
from ...plan import ShotPlan


@dataclass(frozen=True, slots=True)
class DrawShot:
    """Draw a shot; `before` is the clip that it goes on from."""

    shot: ShotPlan
    adapters: tuple[Adapter, ...]
    before: Clip | None


@dataclass(frozen=True, slots=True)
class MeasureClip:
    """Measure a clip against its shot."""

    shot: ShotPlan
    clip: Clip


@dataclass(frozen=True, slots=True)
class MeasureJoin:
    """Measure the cut between two clips."""

    shot: ShotPlan
    before: Clip
    clip: Clip


@dataclass(frozen=True, slots=True)
class MeasureIdentity:
    """Measure a clip's people against those of earlier shots, each with its clip."""

    shot: ShotPlan
    clip: Clip
    earlier: tuple[tuple[ShotPlan, Clip], ...]


@dataclass(frozen=True, slots=True)
class TrainAdapter:
    """Train an adapter from the clips of a motion, or from a character's pictures."""

    need: AdapterNeed
    retrieval: Retrieval | None


Call = DrawShot | MeasureClip | MeasureJoin | MeasureIdentity | TrainAdapter


def adapter_keys(call: Call) -> frozenset[str]:
    """Return the keys of the adapters that a call needs loaded."""
    return (
        frozenset(one.key for one in call.adapters) if isinstance(call, DrawShot) else frozenset()
    )


def results_used(call: Call) -> frozenset[str]:
    """Return the keys of all results that a call is made from, clips and adapters."""
    match call:
        case DrawShot(before=before):
            return adapter_keys(call) | ({before.key} if before else set())
        case MeasureClip(clip=clip):
            return frozenset({clip.key})
        case MeasureJoin(before=before, clip=clip):
            return frozenset({before.key, clip.key})
        case MeasureIdentity(clip=clip, earlier=earlier):
            return frozenset({clip.key, *(one.key for _, one in earlier)})
        case TrainAdapter():
            return frozenset()


def urgency(call: Call) -> int:
    """Return a rank by which waiting calls are sent: what finishes a shot comes first."""
    return {TrainAdapter: 1, DrawShot: 2}.get(type(call), 0)


def relocated(
    call: Call, clip: Callable[[Clip], Clip], adapter: Callable[[Adapter], Adapter]
) -> Call:
    """Return a call with its clips and adapters where they lie on this machine."""
    match call:
        case DrawShot(adapters=adapters, before=before):
            there = clip(before) if before else None
            return replace(call, adapters=tuple(map(adapter, adapters)), before=there)
        case MeasureClip():
            return replace(call, clip=clip(call.clip))
        case MeasureJoin():
            return replace(call, before=clip(call.before), clip=clip(call.clip))
        case MeasureIdentity():
            earlier = tuple((shot, clip(one)) for shot, one in call.earlier)
            return replace(call, clip=clip(call.clip), earlier=earlier)
        case TrainAdapter():
            return call
