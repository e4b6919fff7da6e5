"""What a worker is asked and what it answers: values that go from process to process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..stages.calls import Call
from ..stages.runner import Event


@dataclass(frozen=True, slots=True)
class Done:
    """A call's result is in the store; `made` says whether this worker made it, and how long."""

    key: str
    made: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """The world stopped a call; `kind` is the name of the error's class in `errors`."""

    kind: str
    message: str


class Worker(Protocol):
    """Makes the results of calls with models that it keeps, on one device."""

    def perform(self, call: Call) -> Done | Failed:
        """Put a call's result into the store, if it is not there."""
        ...

    def news(self, *, stopped: bool) -> Sequence[Event]:
        """Return what has happened since the last question; `stopped` if the user stops."""
        ...


# Makes a worker in the process that will be it.
MakeWorker = Callable[[], Worker]
