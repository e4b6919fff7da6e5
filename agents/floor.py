"""The studio floor: how many shots are shot at once, and whether any more may begin.

Every branch of the graph has a thread of its own, because langgraph writes its checkpoints through
the same pool of threads: in a pool that is full of waiting branches the finished ones would be
written last, and lost by a kill. So the branches wait here, not for a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import DreamRunnerError


class Floor:
    """Room for `width` branches at a time; once closed, nobody begins anything new on it."""

    def __init__(self, width: int) -> None:
        self._room = threading.BoundedSemaphore(max(1, width))
        self._closed = threading.Event()
        self._errors: dict[str, DreamRunnerError] = {}

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Wait for room and hold it."""
        with self._room:
            yield

    def close(self) -> None:
        """Let what is being made be finished, and nothing more begin."""
        self._closed.set()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def failed(self, shot: str, error: DreamRunnerError) -> None:
        """Remember what stopped a shot, for whoever wants the cause and not only its words."""
        self._errors[shot] = error

    def error(self, shot: str) -> DreamRunnerError | None:
        """Return what stopped a shot in this process, or None."""
        return self._errors.get(shot)
