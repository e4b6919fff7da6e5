"""Jobs -> which of them would have to be made, and why; nothing is made.

A key is a hash of what a result is made of, so what depends on something that is not there yet
can be looked up all the same. In its place stands an empty result of the right shape.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...film import Film, Retrieval, RetrievedClip, Take
from ...plan import Capabilities, Plan
from ..store.recipe import JSON
from ..store.store import Store
from .job import Job, Make, Result, read_result
from .runner import Observer, StageRunner


@dataclass(frozen=True, slots=True)
class PendingJob:
    """A job that has no result yet: its stage, its shot, what it is about, and why it is due."""

    stage: str
    shot: str | None
    about: str
    reasons: tuple[str, ...]


class DryRunner:
    """A runner that makes nothing: it answers from the store, and notes what the store lacks."""

    def __init__(self, store: Store, capabilities: Capabilities, observer: Observer) -> None:
        self._store = store
        self.observer = observer
        self._capabilities = capabilities
        self._lock = threading.Lock()
        self._pending: dict[str, PendingJob] = {}

    @property
    def pending(self) -> tuple[PendingJob, ...]:
        """What would be made, each once, in the order in which it was asked for."""
        with self._lock:
            return tuple(self._pending.values())

    def once(self, job: Job, make: Make) -> Result:
        """Return a job's result from the store, or one that only has its key and its shape."""
        found = self._store.freshness(job.recipe)
        if found.cached and (result := read_result(self._store, found.key)) is not None:
            return result
        self.note(found.key, PendingJob(job.stage, job.shot, job.note, found.reasons))
        return Result(found.key, Path(), self._empty(job), 0.0)

    def kept(self, job: Job) -> Result | None:
        """Return a job's result if the store has it."""
        return read_result(self._store, job.recipe.key)

    def advance(self, job: Job, done: int, total: int, note: str = "") -> None:
        """Ignore progress: nothing is made."""

    @property
    def stopped(self) -> bool:
        """Whether the user stopped the work: there is none."""
        return False

    def note(self, key: str, pending: PendingJob) -> None:
        with self._lock:
            self._pending.setdefault(key, pending)

    def _empty(self, job: Job) -> Mapping[str, Any]:  # Any: as JSON comes back, as in `Result`
        """Return the fields that a result of a stage has, saying nothing."""
        if job.stage == "retrieve":
            return _no_retrieval(job.note).model_dump(mode="json")
        if job.stage == "adapt":
            return {"file": "none", "step": 0, "loss": 0.0}
        if job.stage == "voice":
            return {}
        if job.stage == "measure":
            return {"found": [_unmeasured(wanted) for wanted in _assertions(job)]}
        world = self._capabilities
        size = {"width": world.width, "height": world.height}
        return {"frames": world.clip_frames, "fps": world.fps, **size}


def _no_retrieval(motion: str) -> Retrieval:
    """Return what a search would bring: one clip that nobody has seen."""
    clip = RetrievedClip(
        id="none", path="", caption="", motion=motion, kept=True, reason="not looked for yet"
    )
    return Retrieval(motion=motion, query="", key="", clips=(clip,))


def _assertions(job: Job) -> Sequence[Mapping[str, Any]]:
    shot = job.inputs["shot"]
    assert isinstance(shot, Mapping)  # `stages.StageMeasurer` put a shot there
    found = shot["assertions"]
    assert isinstance(found, Sequence)
    return [wanted for wanted in found if isinstance(wanted, Mapping)]


def _unmeasured(wanted: Mapping[str, Any]) -> Mapping[str, JSON]:
    nothing = {"value": None, "threshold": None, "passed": None, "explanation": "not made yet"}
    return {"assertion": wanted["id"], "metric": wanted["metric"], **nothing}


@dataclass(frozen=True, slots=True)
class NoLibrary:
    """The librarian where nobody knows yet what the library will hold: every motion is due."""

    runner: DryRunner
    reason: str

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        due = PendingJob("retrieve", None, motion, (self.reason,))
        self.runner.note(f"retrieve {motion}", due)
        return _no_retrieval(motion)


@dataclass(frozen=True, slots=True)
class DryCutter:
    """The cutting room of a dry run: notes whether the film would have to be cut."""

    runner: StageRunner
    job: Callable[[Plan, Sequence[Take]], Job]

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        self.runner.once(self.job(plan, takes), _never)
        return Film(title=plan.title, path="", clips=(), takes=tuple(takes), duration_s=0.0)


def _never(folder: Path) -> Mapping[str, JSON]:
    raise AssertionError(f"a dry run makes nothing, not even in {folder}")
