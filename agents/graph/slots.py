"""The studio floor: how many branches work at once, in which order, and whether any more may begin.

Every branch of the graph has a thread of its own, because langgraph writes its checkpoints through
the same pool of threads: in a pool that is full of waiting branches the finished ones would be
written last, and lost by a kill. So the branches wait here, not for a thread.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import BusyError, DreamRunnerError, OutputError, StoreError, WeightsError

# These stop the house and not a shot: every other shot would only fail for the same reason.
HOUSE_ERRORS = (BusyError, OutputError, StoreError, WeightsError)


class Slots:
    """Room for `width` branches at a time; once closed, nobody begins anything new on it."""

    def __init__(self, width: int) -> None:
        self._free = max(1, width)
        self._waiting: list[int] = []
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._errors: dict[str, DreamRunnerError] = {}

    @contextmanager
    def unit(self, turn: int = 0) -> Iterator[None]:
        """Wait for room and hold it; of those who wait, the lowest turn comes first."""
        with self._changed:
            heapq.heappush(self._waiting, turn)
            self._changed.wait_for(lambda: self._free > 0 and self._waiting[0] == turn)
            heapq.heappop(self._waiting)
            self._free -= 1
            self._changed.notify_all()
        try:
            yield
        except BaseException:
            # A bug or Ctrl-C: it is heard when all branches have ended, so none may begin.
            self.close()
            raise
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def close(self) -> None:
        """Let what is being made be finished, and nothing more begin."""
        self._closed.set()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def failed(self, what: str, error: DreamRunnerError) -> None:
        """Remember what stopped a shot or a motion; what stops the house closes the floor."""
        self._errors[what] = error
        if isinstance(error, HOUSE_ERRORS):
            self.close()

    def error(self, what: str) -> DreamRunnerError | None:
        """Return what stopped a shot or a motion in this process, or None."""
        return self._errors.get(what)
