"""Pairs of before and behind, left and right -> whether they can all hold at once."""

from __future__ import annotations

# Nobody orders more in one picture, and looking for a circle costs their square.
_MOST_PAIRS = 1000


class PartialOrder:
    """Pairs of names of which one comes before the other, without a circle among them."""

    def __init__(self) -> None:
        self._after: dict[str, set[str]] = {}
        self._pairs = 0

    def add(self, first: str, second: str) -> bool:
        """Add that one comes before another; return False, and do not, where it closes a circle."""
        self._pairs += 1
        if self._pairs > _MOST_PAIRS:
            return True
        if first == second or first in self._reached(second):
            return False
        self._after.setdefault(first, set()).add(second)
        return True

    def _reached(self, start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            for other in self._after.get(waiting.pop(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return found
