"""A worker -> a Ray actor that works in one thread and tells its news in another."""

from __future__ import annotations

from collections.abc import Sequence

import ray

from ...errors import DreamRunnerError
from ..stages.calls import Call
from ..stages.runner import Event
from .protocol import Done, Failed, MakeWorker, Worker


class StageActor:
    """Holds one worker; nothing is raised that a driver could not read."""

    def __init__(self, make_worker: MakeWorker) -> None:
        self._make_worker = make_worker
        self._worker: Worker | None = None

    def ready(self) -> str | Failed:
        """Make the worker, and return the name of its machine."""
        try:
            self._worker = self._make_worker()
        except DreamRunnerError as error:
            return Failed(type(error).__name__, str(error))
        return str(ray.util.get_node_ip_address())

    def perform(self, call: Call) -> Done | Failed:
        """Put a call's result into the store."""
        assert self._worker is not None  # no call is sent before `ready` has answered
        return self._worker.perform(call)

    @ray.method(concurrency_group="watch")  # type: ignore[untyped-decorator]  # ray says no types
    def news(self, stopped: bool) -> Sequence[Event]:
        """Return what has happened since the last question."""
        return self._worker.news(stopped=stopped) if self._worker else ()
