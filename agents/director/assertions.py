"""A shot and its scene's @expect lines -> what must hold of the shot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...errors import Span
from ...plan import Assertion, Beat, Entity
from ...story import Expectation


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the page says what a shot shows: whom, by their ids, in which box, in which place.

    An entity without a box of the writer's has the place where the page mentions it.
    """

    mentions: Mapping[str, Span]
    boxes: Mapping[str, Span]
    place: Span


def derived(
    shot_id: str, entities: Sequence[Entity], beats: Sequence[Beat], lines: Lines
) -> Iterator[Assertion]:
    """Yield what the plan itself asks: who is there, where, doing what, in which place."""
    for entity in entities:
        yield Assertion(
            id=f"{shot_id}/present.{entity.id}", metric="present", subject=entity.id,
            span=lines.mentions[entity.id],
        )  # fmt: skip
        if entity.references:
            yield Assertion(
                id=f"{shot_id}/identity.{entity.id}", metric="identity", subject=entity.id,
                span=lines.mentions[entity.id],
            )  # fmt: skip
    counts: dict[str, int] = {}
    for beat in beats:
        counts[beat.entity] = counts.get(beat.entity, 0) + 1
        number = f".{counts[beat.entity]}" if counts[beat.entity] > 1 else ""
        yield Assertion(
            id=f"{shot_id}/motion.{beat.entity}{number}", metric="motion", subject=beat.entity,
            span=beat.span or lines.mentions[beat.entity],
        )  # fmt: skip
    for entity in entities:
        yield Assertion(
            id=f"{shot_id}/layout.{entity.id}", metric="layout", subject=entity.id,
            span=lines.boxes.get(entity.id) or lines.mentions[entity.id],
        )  # fmt: skip
    yield Assertion(id=f"{shot_id}/place", metric="place", span=lines.place)


def expected(shot_id: str, expectations: Sequence[Expectation]) -> Iterator[Assertion]:
    """Yield what the writer asks of this shot."""
    counts: dict[str, int] = {}
    for wish in expectations:
        measured = wish.threshold is not None
        order = (wish.metric, wish.subject) if measured else (wish.subject, wish.metric, wish.other)
        words = [word for word in order if word]
        name = f"{shot_id}/expect.{'.'.join(words)}"
        counts[name] = counts.get(name, 0) + 1
        yield Assertion(
            id=name if counts[name] == 1 else f"{name}.{counts[name]}",
            metric=wish.metric,
            subject=wish.subject,
            other=wish.other,
            comparison=wish.comparison,
            threshold=wish.threshold,
            origin="expect",
            span=wish.span,
        )


def shared_out(
    expectations: Sequence[Expectation], casts: Sequence[Sequence[str]]
) -> list[list[Expectation]]:
    """Return the expectations that each shot must meet, given the ids of those in each shot.

    Each holds of every shot in which all whom it names are. One that names somebody who is in no
    shot holds of the first, where it fails and is seen to fail. Nobody need be there to be absent.
    """
    shares: list[list[Expectation]] = [[] for _ in casts]
    for wish in expectations:
        named = {e for e in (wish.subject, wish.other) if e}
        fitting = [
            i for i, cast in enumerate(casts) if wish.metric == "absent" or named <= set(cast)
        ]
        for index in fitting or [0]:
            shares[index].append(wish)
    return shares
