"""Judged takes -> a report that is there from the first on, and is written anew as more come.

A page of a long film takes a while to write. It is written again only when the time since the last
writing is ten times what that took, so that no render is a tenth slower for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Lock

from ...film import Take

_SHARE = 10.0


class GrowingReport:
    """Decides when a page is written; takes are judged in several threads."""

    def __init__(
        self,
        write: Callable[[], None],
        *,
        written_first: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make one that has written nothing.

        Args:
            write: writes the page with every take that was judged so far.
            written_first: called once, when the page is there.
            clock: the time in seconds, as it passes.
        """
        self._write, self._written_first, self._clock = write, written_first, clock
        self._writing = Lock()
        self._due_s: float | None = None

    def add_take(self) -> None:
        """Write the page if it is time to; another thread that is writing it is not waited for."""
        if not self._writing.acquire(blocking=False):
            return
        try:
            began_s = self._clock()
            if self._due_s is not None and began_s < self._due_s:
                return
            first = self._due_s is None
            self._write()
            ended_s = self._clock()
            self._due_s = ended_s + _SHARE * (ended_s - began_s)
        finally:
            self._writing.release()
        if first:
            self._written_first()


def best_so_far(takes: Sequence[Take]) -> tuple[Take, ...]:
    """Return takes with the best of each shot marked as the kept one, the first where equal."""
    best: dict[str, Take] = {}
    for take in takes:
        if take.shot not in best or take.verdict.score > best[take.shot].verdict.score:
            best[take.shot] = take
    return tuple(take.model_copy(update={"kept": take is best[take.shot]}) for take in takes)
