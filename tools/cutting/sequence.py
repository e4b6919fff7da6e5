"""Cards and shots of a film -> the order in which it shows them, and when each shot is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from ...film import CardClip

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class FilmTimes:
    """When each shot of a film begins and ends, and when the film ends, in seconds."""

    shots: tuple[tuple[Fraction, Fraction], ...]
    end_s: Fraction


def times_of(
    durations_s: Sequence[Fraction], shots: Sequence[str] = (), cards: Sequence[CardClip] = ()
) -> FilmTimes:
    """Return the times of a film.

    Args:
        durations_s: of its clips, one a shot.
        shots: the ids of these shots; needed where there are cards.
        cards: what is shown between them.
    """
    found: list[tuple[Fraction, Fraction]] = []
    at_s = Fraction(0)
    for number, duration_s in enumerate(durations_s):
        at_s += sum(map(lasts_s, _before(number, shots, cards)), Fraction(0))
        found.append((at_s, at_s + duration_s))
        at_s += duration_s
    at_s += sum(map(lasts_s, _before(len(durations_s), shots, cards)), Fraction(0))
    return FilmTimes(tuple(found), at_s)


def in_order(
    shots: Sequence[str],
    parts: Sequence[_Part],
    cards: Sequence[CardClip],
    part_of: Callable[[CardClip], _Part],
) -> list[_Part]:
    """Return what is of the shots, a part each, with what is of the cards between them."""
    made: list[_Part] = []
    for number, part in enumerate(parts):
        made += [*map(part_of, _before(number, shots, cards)), part]
    return [*made, *map(part_of, _before(len(parts), shots, cards))]


def lasts_s(card: CardClip) -> Fraction:
    """Return how long a card is shown."""
    return Fraction(card.seconds).limit_denominator(1_000_000)


def _before(number: int, shots: Sequence[str], cards: Sequence[CardClip]) -> Iterator[CardClip]:
    """Yield the cards before the shot of a number, or after the last one."""
    yield from (card for card in cards if _place(card, shots) == number)


def _place(card: CardClip, shots: Sequence[str]) -> int:
    if card.shot is None:
        return 0 if card.kind == "title" else len(shots)
    return shots.index(card.shot) + card.after
