"""A stage's inputs + how to make it -> its result, made at most once: the store, told aloud.

Every stage of a film is a function of values. The workbench looks its result up, makes it where it
is missing, stores it, and records in the ledger which of the two it was and why. The agent works on
several shots at once and the machine has one model: there is one engine lock, and what of a job
needs no model is done outside it, beside the next one.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ...errors import BudgetError, Diagnostic, StoreError
from ...film import StageRecord, Take
from ..store.recipe import JSON, Recipe
from ..store.store import Freshness, Store
from .ledger import Ledger

_RESULT = "result.json"


@dataclass(frozen=True, slots=True)
class ShotsPlanned:
    """The plan is there: these shots will be made, in this order."""

    shots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A stage begins to be made."""

    stage: str
    shot: str | None


@dataclass(frozen=True, slots=True)
class StageAdvanced:
    """A stage has done `done` of `total` steps."""

    stage: str
    shot: str | None
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StageFinished:
    """A stage is there, made now or kept from before."""

    record: StageRecord


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """Something that whoever runs this should know, such as a fallback."""

    text: str


@dataclass(frozen=True, slots=True)
class FileWritten:
    """A file can be looked at before the film is done; `what` says what it shows."""

    what: str
    path: Path


@dataclass(frozen=True, slots=True)
class TakeJudged:
    """A take was measured; what failed in it leads to another where there may be one."""

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
    """Whoever watches a run. Events come from several threads."""

    def report(self, event: Event) -> None: ...


class _NoObserver:
    """Nobody watches."""

    def report(self, event: Event) -> None:
        """Take no notice."""


silent: Observer = _NoObserver()


def tell_of_library(observer: Observer, what: str, done: int, total: int) -> None:
    """Tell of work on a library: no stage of a film, for all films share it."""
    if done == 0:
        observer.report(NoteAdded(what))
        observer.report(StageStarted("library", None))
    observer.report(StageAdvanced("library", None, done, total))


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: which stage, from what. `parents` are the keys that it is made from."""

    stage: str
    version: int
    inputs: Mapping[str, JSON]
    label: str
    shot: str | None = None
    parents: tuple[str, ...] = ()
    note: str = ""

    @property
    def recipe(self) -> Recipe:
        return Recipe(self.stage, self.version, self.inputs, self.label)


Fields = Mapping[str, JSON]
# What makes a job's files: all of it, or as much as needs the engine, returning what does the rest.
Make = Callable[[Path], Fields | Callable[[], Fields]]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job: files in a folder of the store and fields that describe them.

    `seconds` is how long it took to make, now or whenever that was.
    """

    key: str
    folder: Path
    fields: Mapping[str, Any]  # whatever `make` returned, as it comes back from JSON
    seconds: float


class StageRunner(Protocol):
    """Whoever answers a job with its result, and tells an observer."""

    @property
    def observer(self) -> Observer: ...

    def once(self, job: Job, make: Make) -> Result: ...

    def advance(self, job: Job, done: int, total: int) -> None: ...


class StoreRunner:
    """Makes what is missing, once, and says so."""

    def __init__(
        self, store: Store, ledger: Ledger, observer: Observer, *, most_s: float | None = None
    ) -> None:
        """Make a bench; after `most_s` seconds of making, nothing more is begun."""
        self._store = store
        self._ledger = ledger
        self.observer = observer
        self._engine = threading.Lock()
        self._in_work: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._most_s, self._made_s = most_s, 0.0

    def say(self, text: str) -> None:
        """Tell whoever watches, and write it down."""
        self._ledger.add_note(text)
        self.observer.report(NoteAdded(text))

    def announce(self, shots: Sequence[str]) -> None:
        """Tell which shots the film will have."""
        self.observer.report(ShotsPlanned(tuple(shots)))

    def judged(self, take: Take) -> None:
        """Tell of a take and its verdict, and write them down."""
        self._ledger.add_take(take)
        self.observer.report(TakeJudged(take))

    def advance(self, job: Job, done: int, total: int) -> None:
        self.observer.report(StageAdvanced(job.stage, job.shot, done, total))

    def once(self, job: Job, make: Make) -> Result:
        """Return a job's result from the store, or make it.

        Args:
            job: the work, with everything that decides what comes out.
            make: writes files into the empty folder that it is given and returns fields that
                describe them; called under the engine lock, only where the store has nothing. It
                may return a function instead that does the rest, such as decoding and encoding:
                that needs no engine, and runs beside the next job's making.

        Raises:
            BudgetError: nothing may be made any more.
        """
        began = time.monotonic()
        recipe = job.recipe
        found = self._store.look_up(recipe)
        if not found.cached:
            with self._in_work[recipe.key]:
                # Another shot may have made the same while this one waited.
                found = self._store.look_up(recipe)
                if not found.cached:
                    began = self._make(job, recipe, make)
        result = read_result(self._store, recipe.key)
        if result is None:
            raise StoreError(
                f"{recipe.key} vanished from the store at {self._store.root}; run again"
            )
        self._record(job, found, time.monotonic() - began)
        return result

    def kept(self, job: Job) -> Result | None:
        """Return a job's result if the store has it; nothing is made, and nothing remembered."""
        return read_result(self._store, job.recipe.key)

    def _make(self, job: Job, recipe: Recipe, make: Make) -> float:
        """Make a job's files and return when that began: not before the engine was free."""
        began = time.monotonic()

        def write(folder: Path) -> None:
            nonlocal began
            with self._engine:
                self._check_budget()
                self.observer.report(StageStarted(job.stage, job.shot))
                began = time.monotonic()
                try:
                    made = make(folder)
                finally:
                    self._made_s += time.monotonic() - began
            fields = dict(made() if callable(made) else made)
            account = {"fields": fields, "seconds": round(time.monotonic() - began, 3)}
            (folder / _RESULT).write_text(json.dumps(account, allow_nan=False), encoding="utf-8")

        self._store.put_dir(recipe.key, write, recipe=recipe)
        return began

    def _check_budget(self) -> None:
        if self._most_s is not None and self._made_s >= self._most_s:
            raise BudgetError(
                f"--max-minutes {self._most_s / 60:g} are used up; what is finished is kept, and "
                "the same command goes on from there"
            )

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


def read_result(store: Store, key: str) -> Result | None:
    """Return what the store has under a key; None where it has nothing."""
    folder = store.get_dir(key)
    if folder is None:
        return None
    made = json.loads((folder / _RESULT).read_text(encoding="utf-8"))
    return Result(key, folder, made["fields"], made["seconds"])


def _few(reasons: Sequence[str], most: int = 3) -> list[str]:
    """Return the first reasons, and how many more there are."""
    more = len(reasons) - most
    return [*reasons[:most], *([f"and {more} more"] if more > 0 else [])]
