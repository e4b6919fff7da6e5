"""A job of a stage -> its result, from the store or made now, with every step reported.

Every stage of a film is a function of values. The runner looks a job's result up, has it made where
it is missing, by its executor, and records in the ledger which of the two it was and why.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from ...errors import BudgetError, Diagnostic, StoppedError, StoreError
from ...film import StageRecord, Take
from ..store.store import Freshness, Store
from .executor import Executor, InProcess
from .job import Job, Make, Result, read_result


@dataclass(frozen=True, slots=True)
class ShotsPlanned:
    """The film is planned: these shots will be made, in this order."""

    shots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageStarted:
    """The making of a stage's result has begun."""

    stage: str
    shot: str | None


@dataclass(frozen=True, slots=True)
class StageAdvanced:
    """A stage has done `done` of `total` steps; `note` is what else there is to say of it."""

    stage: str
    shot: str | None
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class StageFinished:
    """A stage's result is in the store, made now or kept from before."""

    record: StageRecord


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """Something that the user should know, such as a fallback."""

    text: str


@dataclass(frozen=True, slots=True)
class FileWritten:
    """A file can be looked at before the film is done; `what` says what it shows."""

    what: str
    path: Path


@dataclass(frozen=True, slots=True)
class TakeJudged:
    """A take was measured; a failed one is followed by another while the budget lasts."""

    take: Take


@dataclass(frozen=True, slots=True)
class StoryWarned:
    """The story has warnings; `source` is the text that their spans refer to."""

    diagnostics: tuple[Diagnostic, ...]
    source: str


Event = (
    ShotsPlanned
    | StageStarted
    | StageAdvanced
    | StageFinished
    | NoteAdded
    | FileWritten
    | TakeJudged
    | StoryWarned
)


class Observer(Protocol):
    """Receives the events of a run, from several threads."""

    def report(self, event: Event) -> None: ...


class _NoObserver:
    """Ignores every event."""

    def report(self, event: Event) -> None:
        """Ignore an event."""


silent: Observer = _NoObserver()


def tell_of_library(observer: Observer, what: str, done: int, total: int) -> None:
    """Report work on a library, which is no stage of a film: all films share it."""
    if done == 0:
        observer.report(NoteAdded(what))
        observer.report(StageStarted("library", None))
    observer.report(StageAdvanced("library", None, done, total))


class StageRunner(Protocol):
    """Returns the result of a job, and reports to an observer."""

    @property
    def observer(self) -> Observer: ...

    def once(self, job: Job, make: Make) -> Result: ...

    def kept(self, job: Job) -> Result | None: ...

    def advance(self, job: Job, done: int, total: int, note: str = "") -> None: ...

    @property
    def stopped(self) -> bool: ...


class Account(Protocol):
    """Where a run writes down what it does: a `Ledger`, or nothing."""

    def add_stage(self, record: StageRecord) -> None: ...

    def add_take(self, take: Take) -> None: ...

    def add_note(self, text: str) -> None: ...


class StoreRunner:
    """Makes each missing result once, and stores it."""

    def __init__(
        self, store: Store, ledger: Account, observer: Observer, *, most_s: float | None = None
    ) -> None:
        """Make a runner that begins nothing more after `most_s` seconds of making."""
        self._store = store
        self._ledger = ledger
        self.observer = observer
        # Any: what an executor hands out for a job is its own affair.
        self._executor: Executor[Any] = InProcess(store)
        self._stopping = threading.Event()
        self._at_work: dict[int, Job] = {}  # what is being made, by the thread that makes it
        self._steps: dict[int, int] = {}  # how far what can be broken off is
        self._in_work: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._missing: dict[str, tuple[str, ...]] = {}
        self._most_s, self._made_s = most_s, 0.0

    @property
    def made_s(self) -> float:
        """How long things were made so far, in seconds."""
        return self._made_s

    @contextmanager
    def working_on(self, executor: Executor[Any]) -> Iterator[None]:  # Any: as in __init__
        """Have jobs made by another executor for a while."""
        own, self._executor = self._executor, executor
        try:
            yield
        finally:
            self._executor = own

    def say(self, text: str) -> None:
        """Report a note, and write it into the ledger."""
        self._ledger.add_note(text)
        self.observer.report(NoteAdded(text))

    def announce(self, shots: Sequence[str]) -> None:
        """Report which shots the film will have."""
        self.observer.report(ShotsPlanned(tuple(shots)))

    def judged(self, take: Take) -> None:
        """Report a take and its verdict, and write them into the ledger."""
        self._ledger.add_take(take)
        self.observer.report(TakeJudged(take))

    def stopping(self) -> None:
        """Begin nothing more, for the user stopped the work, and tell what is being finished."""
        self._stopping.set()
        works = ", ".join(self._finishing(job) for job in list(self._at_work.values()))
        self.observer.report(
            NoteAdded(
                f"stopping; being finished first: {works or 'the account of the run'} "
                "(Ctrl-C again to stop now)"
            )
        )

    @property
    def stopped(self) -> bool:
        """Whether the user stopped the work."""
        return self._stopping.is_set()

    def _finishing(self, job: Job) -> str:
        """Say what of a job will be finished before the work ends."""
        step = f"step {self._steps.get(id(job), 0) + 1} of " if job.broken_off else ""
        return f"{step}{job.stage} {f'shot {job.shot}' if job.shot else job.note or job.label}"

    def advance(self, job: Job, done: int, total: int, note: str = "") -> None:
        self._steps[id(job)] = done
        self.observer.report(StageAdvanced(job.stage, job.shot, done, total, note))

    def once(self, job: Job, make: Make) -> Result:
        """Return a job's result from the store, or make it.

        Args:
            job: the work, with everything that decides what comes out.
            make: writes files into the empty folder that it is given and returns fields that
                describe them; called under the engine lock, only where the store has nothing. It
                may return a function instead that does the rest, such as decoding and encoding:
                that needs no engine, and runs beside the next job's making.

        Raises:
            BudgetError, StoppedError: nothing may be made any more.
        """
        began = time.monotonic()
        recipe = job.recipe
        found = self._store.look_up(recipe)
        seconds = time.monotonic() - began
        if not found.cached:
            found = replace(found, reasons=self._missing.pop(recipe.key, found.reasons))
            with self._in_work[recipe.key]:
                found, seconds = self._made(job, make, found)
        result = read_result(self._store, recipe.key)
        if result is None:
            raise StoreError(
                f"{recipe.key} vanished from the store at {self._store.place}; run again"
            )
        self._record(job, found, seconds)
        return result

    def _made(self, job: Job, make: Make, missing: Freshness) -> tuple[Freshness, float]:
        """Have a job made, if nobody has meanwhile; return where it came from, and its seconds."""
        now = self._store.look_up(job.recipe)
        if now.cached:  # another shot was made of the same
            return now, 0.0
        made = self._executor.gather(self._executor.submit(job, make, self))
        if not made.by:
            return missing, made.seconds
        return replace(now, cached=True, reasons=(f"made by {made.by} meanwhile",)), made.seconds

    def begin(self, job: Job) -> None:
        """Note that the making of a job begins.

        Raises:
            BudgetError, StoppedError: nothing may be made any more.
        """
        if self._stopping.is_set():
            raise StoppedError("stopped before it was begun")
        if self._most_s is not None and self._made_s >= self._most_s:
            raise BudgetError(
                f"--max-minutes {self._most_s / 60:g} are used up; what is finished is kept, and "
                "the same command goes on from there"
            )
        self._at_work[threading.get_ident()] = job
        self.observer.report(StageStarted(job.stage, job.shot))

    def end(self, job: Job, seconds: float) -> None:
        """Note that the making of a job has ended, well or not."""
        self._made_s += seconds
        self._at_work.pop(threading.get_ident(), None)
        self._steps.pop(id(job), None)

    def kept(self, job: Job) -> Result | None:
        """Return a job's result if the store has it; nothing is made.

        Why the store lacks it, such as a damage that it finds only once, is the reason that is
        given when it is made.
        """
        found = self._store.freshness(job.recipe)
        if not found.cached:
            self._missing[found.key] = found.reasons
            return None
        return read_result(self._store, found.key)

    def _record(self, job: Job, found: Freshness, seconds: float) -> None:
        record = StageRecord(
            stage=job.stage,
            shot=job.shot,
            key=found.key,
            cached=found.cached,
            seconds=round(seconds, 3),
            inputs=job.parents,
            note="; ".join(filter(None, (job.note, *_few(found.reasons)))),
        )
        self._ledger.add_stage(record)
        self.observer.report(StageFinished(record))


def _few(reasons: Sequence[str], most: int = 3) -> list[str]:
    """Return the first reasons, and how many more there are."""
    more = len(reasons) - most
    return [*reasons[:most], *([f"and {more} more"] if more > 0 else [])]
