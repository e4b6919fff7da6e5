"""A job whose result is missing -> its result in the store, made by whoever an executor finds.

`InProcess` makes everything here: one lock guards the machine's one engine, and what of a job needs
no model is done outside that lock, beside the next job. Others send a job's `call` elsewhere. A
lock a key keeps two processes from making the same, wherever they are.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from ..store.store import Store
from .job import RESULT, Job, Make, words_of

PendingT = TypeVar("PendingT")


@dataclass(frozen=True, slots=True)
class Made:
    """A result that is in the store now: how long it took, and who else made it, if not we."""

    seconds: float
    by: str = ""


class Bench(Protocol):
    """The run that work is done for, as an executor sees it."""

    def begin(self, job: Job) -> None:
        """Note that the making of a job begins.

        Raises:
            BudgetError, StoppedError: nothing may be made any more.
        """
        ...

    def end(self, job: Job, seconds: float) -> None:
        """Note that it has ended, well or not, and how long it had the engine."""
        ...

    def say(self, text: str) -> None: ...

    def advance(self, job: Job, done: int, total: int, note: str = "") -> None: ...

    @property
    def stopped(self) -> bool: ...


class Executor(Protocol[PendingT]):
    """Has jobs made: `submit` hands one in, `gather` waits until its result is in the store.

    `make` is for whoever works in this process; elsewhere the job's `call` says the same.
    """

    def submit(self, job: Job, make: Make, bench: Bench) -> PendingT: ...

    def gather(self, pending: PendingT) -> Made: ...


class InProcess:
    """Makes jobs in the thread that gathers them, with one engine."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._engine = threading.Lock()

    def submit(self, job: Job, make: Make, bench: Bench) -> Callable[[], Made]:
        """Return what makes a job; nothing is begun yet."""
        return lambda: self._made(job, make, bench)

    def gather(self, pending: Callable[[], Made]) -> Made:
        """Make a job, and return how long it took; raises what the making raises."""
        return pending()

    def _made(self, job: Job, make: Make, bench: Bench) -> Made:
        key, makers = job.recipe.key, list[str]()

        def on_wait(maker: str) -> None:
            makers.append(maker)
            bench.say(f"{maker} is making {words_of(job)}; waiting for its result")

        with self._store.making(key, on_wait):
            began = time.monotonic()
            # Another process may have made the same while this one waited.
            if self._store.look_up(job.recipe).cached:
                return Made(time.monotonic() - began, by=makers[0] if makers else "somebody")
            began = self._make(job, make, bench)
            return Made(time.monotonic() - began)

    def _make(self, job: Job, make: Make, bench: Bench) -> float:
        """Make a job's files and return when that began: not before the engine was free."""
        began = ended = time.monotonic()
        begun = False

        def write(folder: Path) -> None:
            nonlocal began, ended, begun
            with nullcontext() if job.beside else self._engine:
                bench.begin(job)
                begun, began = True, time.monotonic()
                try:
                    made = make(folder)
                finally:
                    ended = time.monotonic()
            fields = dict(made() if callable(made) else made)
            account = {"fields": fields, "seconds": round(time.monotonic() - began, 3)}
            (folder / RESULT).write_text(json.dumps(account, allow_nan=False), encoding="utf-8")

        try:
            self._store.put_dir(job.recipe.key, write, recipe=job.recipe)
        finally:
            if begun:
                bench.end(job, ended - began)
        return began
