"""Jobs -> made by the workers of a Ray cluster; an `Executor`.

A job that can be sent as a call is sent to a worker, with models of its own, and the result comes
back through the store. What is no more than a moment's work is made here. What happens to a call
that ends badly hangs on why:

    the worker, its machine or its memory is gone    another worker has it, `_LOSSES` times
    the world says no (a file, weights, a disk)      the shot fails with that error, as here
    a bug                                            it is raised here, and ends the work
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import ray
from ray.exceptions import OutOfMemoryError, RayActorError, RayTaskError, WorkerCrashedError

from ...errors import ClusterError, WorkerLostError
from ..stages.calls import results_used
from ..stages.executor import Bench, InProcess, Made
from ..stages.job import Job, Make, words_of
from ..stages.runner import NoteAdded, StageAdvanced
from ..store.store import Store
from .pool import Lent, Pool, as_error, shape_of
from .protocol import Done, Failed, MakeWorker

_LOOK_S = 0.5
# A call that has taken so many workers with it is not sent to another.
_LOSSES = 4
# Enough for calls and answers: frames and weights never go through it.
_OBJECT_STORE_BYTES = 100 * 2**20
# So often a cluster is asked for a connection.
_CONNECTIONS = 3
_NO_MEMORY = ("OutOfMemoryError", "MemoryError")


class RayExecutor:
    """Sends jobs to workers, which are begun when the first job is sent; see `ray_executor`."""

    def __init__(self, connect: Callable[[], Pool], store: Store) -> None:
        self._connect = connect
        self._here = InProcess(store)
        self._store = store
        self._pool: Pool | None = None
        self._unreachable: ClusterError | None = None
        self._opening = threading.Lock()

    def submit(self, job: Job, make: Make, bench: Bench) -> Callable[[], Made]:
        """Queue a job for the next free worker; return what waits for its end."""
        if job.call is None:
            return self._here.submit(job, make, bench)
        for key in results_used(job.call):
            self._store.offer(key)
        pool = self._opened(bench)
        return partial(self._sent, job, bench, pool, pool.turn(job.call))

    def gather(self, pending: Callable[[], Made]) -> Made:
        """Wait until a job's result is in the store; raises what stopped it."""
        return pending()

    def close(self) -> None:
        """End the workers, if there are any."""
        if self._pool is not None:
            self._pool.close()

    def _opened(self, bench: Bench) -> Pool:
        """Return the workers; what is finished already needs none.

        Raises:
            ClusterError: there is no cluster, and no other job looks for it.
        """
        with self._opening:
            if self._unreachable is not None:
                raise self._unreachable
            if self._pool is None:
                try:
                    self._pool = self._connect()
                except ClusterError as error:
                    self._unreachable = error
                    raise
                self._pool.open()
                count = self._pool.shape.count
                bench.say(f"{count} worker{'s' * (count != 1)} on the cluster")
            return self._pool

    def _sent(self, job: Job, bench: Bench, pool: Pool, place: tuple[int, int]) -> Made:
        """Have a job made by one worker after another, until one has made it."""
        assert job.call is not None  # else it is made here
        for losses in range(1, _LOSSES + 1):
            with pool.lent(place, job.call, bench) as lent:
                outcome = self._performed(pool, lent, job, bench)
            if outcome is not None:
                return self._checked(job, outcome)
            words = f"the worker on {lent.where} was lost with the {words_of(job)}"
            if losses < _LOSSES:
                bench.say(f"{words}; another one begins it again")
                place = pool.turn(job.call)
        raise WorkerLostError(
            f"{words}, as {_LOSSES - 1} others were before it; it is too large for their memory, "
            "or breaks them"
        )

    def _performed(self, pool: Pool, lent: Lent, job: Job, bench: Bench) -> Done | Failed | None:
        """Return what a worker answers, while its news is passed on; None where it was lost."""
        bench.begin(job)
        began = time.monotonic()
        try:
            call = lent.actor.perform.remote(job.call)
            while not ray.wait([call], timeout=_LOOK_S)[0]:
                _tell(lent, job, bench)
            _tell(lent, job, bench)
            answer: Done | Failed = ray.get(call)
            return answer
        except (RayActorError, WorkerCrashedError, OutOfMemoryError):
            pool.lost(lent)
            return None
        except RayTaskError as error:
            if type(error.cause).__name__ not in _NO_MEMORY:
                raise
            pool.lost(lent)
            return None
        finally:
            bench.end(job, time.monotonic() - began)

    def _checked(self, job: Job, outcome: Done | Failed) -> Made:
        """Return how a job was made.

        Raises:
            ClusterError: it was another job, or its result lies where this machine cannot see it.
        """
        if isinstance(outcome, Failed):
            raise as_error(outcome)
        if outcome.key != job.recipe.key:
            raise ClusterError(
                f"a worker makes something else of the {words_of(job)}: its weights, its libraries "
                "or its dreamrunner are not those of this machine"
            )
        if self._store.get_dir(outcome.key) is None:
            raise ClusterError(
                f"a worker has made the {words_of(job)}, and it is not in the store at "
                f"{self._store.place}; choose one that all machines see, such as "
                "--store s3://BUCKET/PREFIX or a shared folder"
            )
        return Made(outcome.seconds, by="" if outcome.made else "another worker")


def _tell(lent: Lent, job: Job, bench: Bench) -> None:
    """Pass a worker's progress on, and let it know whether the user stops the work."""
    for event in ray.get(lent.actor.news.remote(bench.stopped)):
        if isinstance(event, NoteAdded):
            bench.say(event.text)
        elif isinstance(event, StageAdvanced) and event.stage == job.stage:
            bench.advance(job, event.done, event.total, event.note)


@contextmanager
def ray_executor(
    address: str, cores: int, make_worker: MakeWorker, store: Store
) -> Iterator[RayExecutor]:
    """Open an executor on a cluster, which is reached when the first job is sent.

    Args:
        address: "ray" for the cluster that `RAY_ADDRESS` names, else one of this machine alone,
            which ends with the work; or "ray://HOST[:PORT]", the address of Ray's client server.
        cores: of each worker, where the cluster has no GPU.

    A cluster that cannot be reached is a ClusterError of that job.
    """
    ours = False

    def connect() -> Pool:
        nonlocal ours
        if not ray.is_initialized():
            _connect(address)
            ours = True
        return Pool(shape_of(cores), make_worker)

    executor = RayExecutor(connect, store)
    try:
        yield executor
    finally:
        executor.close()
        if ours:
            ray.shutdown()


def _connect(address: str) -> None:
    # Ray reads this alone, and would tell its makers of every run.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}  # Any: as ray has
    if address != "ray":
        options["address"] = address
    elif not os.environ.get("RAY_ADDRESS"):
        options |= {"address": "local", "include_dashboard": False}
        options["object_store_memory"] = _OBJECT_STORE_BYTES
    for tries in range(_CONNECTIONS, 0, -1):
        try:
            ray.init(**options)
            return
        except (ConnectionError, TimeoutError, RuntimeError, ValueError) as error:
            # A client server forks for every driver, and now and then its child dies at once.
            if tries > 1 and "Ray client server failed" in str(error):
                ray.shutdown()
                continue
            why = str(error).strip().splitlines() or [type(error).__name__]
            raise ClusterError(f"no Ray cluster answers at {address}: {why[-1]}") from error
