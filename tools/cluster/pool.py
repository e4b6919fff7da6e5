"""A Ray cluster -> its workers, lent to one call after another; the lost ones are replaced.

Every worker is an actor on a GPU of its own or, where there is none, on so many cores. A call goes
to a free worker that has its adapters loaded, if there is one; what finishes a shot goes first.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ray
from ray.exceptions import RayActorError

from ... import errors
from ...errors import ClusterError, DreamRunnerError, StoppedError
from ..stages.calls import Call, TrainAdapter, adapter_keys, urgency
from ..stages.executor import Bench
from .actor import StageActor
from .protocol import Failed, MakeWorker

log = logging.getLogger(__name__)

_LOOK_S = 0.5
# Without one worker for so long the user is told, and for so long nobody waits any more: a machine
# that a cluster adds when it is needed takes minutes to come.
_SILENCE_S = 60.0
_PATIENCE_S = 600.0
# A worker that does not even begin is replaced so often.
_FALSE_STARTS = 5


@dataclass(eq=False)
class Lent:
    """A worker: its actor, its machine, how many calls it has, and its adapters."""

    actor: Any  # Any: ray makes the methods of a handle up
    where: str
    calls: int = 0
    adapters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shape:
    """What each worker takes of a machine, how many fit, and how many calls each has at once."""

    count: int
    cores: int
    gpus: int

    @property
    def depth(self) -> int:
        """On a GPU one clip is written and measured beside the drawing of the next."""
        return 2 if self.gpus else 1


def shape_of(cores: int) -> Shape:
    """Return the workers that a cluster has room for: one a GPU, else one for so many cores.

    Raises:
        ClusterError: there is no room for one.
    """
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    gpus = sum(int(node.get("GPU", 0)) for node in nodes)
    if gpus:
        return Shape(gpus, 1, 1)
    count = sum(int(node.get("CPU", 0)) // cores for node in nodes)
    if not count:
        raise ClusterError(
            f"no machine of the cluster has {cores} cores for a worker; --worker-cores takes fewer"
        )
    return Shape(count, cores, 0)


@dataclass(eq=False)
class Pool:
    """Workers of one shape, each begun as soon as the cluster has room for it."""

    shape: Shape
    make_worker: MakeWorker
    _free: list[Lent] = field(default_factory=list)
    _begun: dict[Any, Any] = field(default_factory=dict)  # Any: references and handles of ray
    _waiting: list[tuple[int, int]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _error: DreamRunnerError | None = None
    _closed: bool = False
    _false_starts: int = 0
    _calls: int = 0
    _last_seen_s: float = field(default_factory=time.monotonic)
    _told: bool = False
    _look: threading.Thread | None = None

    def open(self) -> None:
        """Begin all workers; they are lent as soon as they are ready."""
        for _ in range(self.shape.count):
            self._begin()
        self._look = threading.Thread(target=self._look_for_ready, name="workers", daemon=True)
        self._look.start()

    def close(self) -> None:
        """End all workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._look is not None:
            self._look.join()  # Ray would connect anew for whoever asks it after its end
        for actor in [lent.actor for lent in self._free] + list(self._begun.values()):
            ray.kill(actor)

    def turn(self, call: Call) -> tuple[int, int]:
        """Return a call's place among those that wait; it has to be `lent` a worker."""
        with self._changed:
            self._calls += 1
            place = (urgency(call), self._calls)
            heapq.heappush(self._waiting, place)
            self._changed.notify_all()
            return place

    @contextmanager
    def lent(self, place: tuple[int, int], call: Call, bench: Bench) -> Iterator[Lent]:
        """Wait for a worker and have it for one call of a run's.

        Raises:
            StoppedError: the user stopped the work meanwhile.
            ClusterError: there has been no worker for minutes.
        """
        with self._changed:
            try:
                while not (self._waiting[0] == place and (lent := self._best_for(call))):
                    self._check(bench)
                    self._changed.wait(_LOOK_S)
            finally:
                self._waiting.remove(place)
                heapq.heapify(self._waiting)
                self._changed.notify_all()
            lent.calls += self._weight(call)
            lent.adapters = adapter_keys(call) or lent.adapters
        try:
            yield lent
        finally:
            with self._changed:
                lent.calls -= self._weight(call)
                self._changed.notify_all()

    def lost(self, lent: Lent) -> None:
        """Lend a worker no more, and begin another in its place where there will be room."""
        with self._changed:
            if lent not in self._free or self._closed:
                return  # another call has told of it
            self._free.remove(lent)
            self._last_seen_s, self._told = time.monotonic(), False
        log.info("a worker on %s was lost", lent.where)
        ray.kill(lent.actor)  # where its process is there still, and only its memory is not
        self._begin()

    def _check(self, bench: Bench) -> None:
        if bench.stopped:
            raise StoppedError("stopped before it was begun")
        if self._error is not None:
            raise self._error
        if self._closed:
            raise ClusterError("the cluster was left before the work was done")
        waited_s = 0.0 if self._free else time.monotonic() - self._last_seen_s
        if waited_s > _PATIENCE_S:
            raise ClusterError(
                f"the cluster has had no worker for {_PATIENCE_S:.0f} s; add a machine to it, and "
                "run again: what is finished is kept"
            )
        if waited_s > _SILENCE_S and not self._told:
            self._told = True
            bench.say(f"no worker of the cluster is ready yet; waiting {_PATIENCE_S:.0f} s at most")

    def _best_for(self, call: Call) -> Lent | None:
        """Return a worker with room: one with the call's adapters, else the one least at work."""
        wanted = adapter_keys(call)
        most = self.shape.depth - self._weight(call)
        rooms = [lent for lent in self._free if lent.calls <= most]
        return min(rooms, key=lambda lent: (lent.calls, -len(lent.adapters & wanted)), default=None)

    def _weight(self, call: Call) -> int:
        """Return for how many calls one counts: a training leaves no room for others."""
        return self.shape.depth if isinstance(call, TrainAdapter) else 1

    def _begin(self) -> None:
        options = {
            "num_cpus": self.shape.cores,
            "num_gpus": self.shape.gpus,
            "max_restarts": 0,  # a call must know that its worker was lost
            "max_concurrency": self.shape.depth,
            "concurrency_groups": {"watch": 1},
            "scheduling_strategy": "SPREAD",
            # A shot's bytes hang on the number of threads, so it is said and not left to chance.
            "runtime_env": {"env_vars": {"OMP_NUM_THREADS": str(self.shape.cores)}},
        }
        actor = ray.remote(**options)(StageActor).remote(self.make_worker)
        with self._changed:
            self._begun[actor.ready.remote()] = actor
            self._changed.notify_all()

    def _look_for_ready(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._begun)
                if self._closed:
                    return
                begun = list(self._begun)
            ready, _ = ray.wait(begun, timeout=_LOOK_S)
            for reference in ready:
                self._welcome(reference)

    def _welcome(self, reference: Any) -> None:  # Any: a reference of ray
        try:
            where = ray.get(reference)
        except RayActorError as lost:
            self._false_starts += 1
            where = Failed("ClusterError", f"no worker can be begun: {lost}")
            if self._false_starts < _FALSE_STARTS:
                self._begin()
                where = ""
        except Exception as bug:  # noqa: BLE001 (whoever waits for a worker shall see it)
            where = Failed("ClusterError", f"no worker can be begun: {bug}")
        with self._changed:
            actor = self._begun.pop(reference, None)
            if isinstance(where, Failed):
                self._error = as_error(where)
            elif actor is not None and where:
                self._free.append(Lent(actor, where))
            self._changed.notify_all()


def as_error(failed: Failed) -> DreamRunnerError:
    """Return the error that stopped a worker, of the class that it had there."""
    kind = getattr(errors, failed.kind, DreamRunnerError)
    # Few are made of more than a message; those are raised for a page, which no worker reads.
    made = kind(failed.message) if "__init__" not in vars(kind) else None
    return made if isinstance(made, DreamRunnerError) else DreamRunnerError(failed.message)
