"""How many branches of the graph work at once, in which order, and whether any more may begin.

Every branch has a thread of its own, because langgraph writes its checkpoints through the same
pool of threads: in a pool full of waiting branches the finished ones would be written last, and
lost by a kill. So a branch waits for a slot, not for a thread.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import (
    BusyError,
    ClusterError,
    DreamRunnerError,
    OutputError,
    StoreError,
    WeightsError,
)

# These stop the whole work and not one shot: every other shot would fail for the same reason.
FATAL_ERRORS = (BusyError, ClusterError, OutputError, StoreError, WeightsError)


class Slots:
    """As many slots as branches may work at once; once closed, no branch begins anything new."""

    def __init__(self, width: int) -> None:
        self._free = max(1, width)
        self._waiting: list[int] = []
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._errors: dict[str, DreamRunnerError] = {}

    @contextmanager
    def slot(self, turn: int = 0) -> Iterator[None]:
        """Wait for a free slot and hold it; of the waiting branches the lowest turn comes first."""
        with self._changed:
            heapq.heappush(self._waiting, turn)
            self._changed.wait_for(lambda: self._free > 0 and self._waiting[0] == turn)
            heapq.heappop(self._waiting)
            self._free -= 1
            self._changed.notify_all()
        try:
            yield
        except BaseException:
            # A bug or Ctrl-C: langgraph raises it when all branches have ended, so none may begin.
            self.close()
            raise
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def close(self) -> None:
        """Let the takes at work be finished, and nothing more begin."""
        self._closed.set()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def failed(self, name: str, error: DreamRunnerError) -> None:
        """Remember what stopped a shot or a motion; a fatal error closes the slots."""
        self._errors[name] = error
        if isinstance(error, FATAL_ERRORS):
            self.close()

    def error(self, name: str) -> DreamRunnerError | None:
        """Return what stopped a shot or a motion in this process, or None."""
        return self._errors.get(name)
