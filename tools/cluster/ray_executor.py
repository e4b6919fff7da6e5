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
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import ray
from ray.exceptions import OutOfMemoryError, RayActorError, RayTaskError, WorkerCrashedError

from ...errors import ClusterError, WorkerLostError
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
_NO_MEMORY = ("OutOfMemoryError", "MemoryError")


class RayExecutor:
    """Sends jobs to workers; open with `ray_executor`."""

    def __init__(self, pool: Pool, store: Store) -> None:
        self._pool = pool
        self._here = InProcess(store)
        self._store = store

    @property
    def workers(self) -> int:
        """How many workers the cluster has room for."""
        return self._pool.shape.count

    def submit(self, job: Job, make: Make, bench: Bench) -> Callable[[], Made]:
        """Queue a job for the next free worker; return what waits for its end."""
        if job.call is None:
            return self._here.submit(job, make, bench)
        return partial(self._sent, job, bench, self._pool.turn(job.call))

    def gather(self, pending: Callable[[], Made]) -> Made:
        """Wait until a job's result is in the store; raises what stopped it."""
        return pending()

    def _sent(self, job: Job, bench: Bench, place: tuple[int, int]) -> Made:
        """Have a job made by one worker after another, until one has made it."""
        assert job.call is not None  # else it is made here
        for losses in range(1, _LOSSES + 1):
            with self._pool.lent(place, job.call, lambda: bench.stopped) as lent:
                outcome = self._performed(lent, job, bench)
            if outcome is not None:
                return self._checked(job, outcome)
            words = f"the worker on {lent.where} was lost with the {words_of(job)}"
            if losses < _LOSSES:
                bench.say(f"{words}; another one begins it again")
                place = self._pool.turn(job.call)
        raise WorkerLostError(
            f"{words}, as {_LOSSES - 1} others were before it; it is too large for their memory, "
            "or breaks them"
        )

    def _performed(self, lent: Lent, job: Job, bench: Bench) -> Done | Failed | None:
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
            self._pool.lost(lent)
            return None
        except RayTaskError as error:
            if type(error.cause).__name__ not in _NO_MEMORY:
                raise
            self._pool.lost(lent)
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
    """Open an executor on a cluster.

    Args:
        address: "ray" for the cluster that `RAY_ADDRESS` names, else one of this machine alone,
            which ends with the work; or "ray://HOST[:PORT]", the address of Ray's client server.
        cores: of each worker, where the cluster has no GPU.

    Raises:
        ClusterError: it cannot be reached.
    """
    ours = not ray.is_initialized()
    if ours:
        _connect(address)
    pool = Pool(shape_of(cores), make_worker)
    try:
        pool.open()
        yield RayExecutor(pool, store)
    finally:
        pool.close()
        if ours:
            ray.shutdown()


def _connect(address: str) -> None:
    # Ray reads this alone, and would tell its makers of every run.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    known = {"log_to_driver": False, "logging_level": "ERROR"}
    try:
        if address != "ray":
            ray.init(address, **known)
        elif os.environ.get("RAY_ADDRESS"):
            ray.init(**known)
        else:
            ray.init(
                "local",
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE_BYTES,
                **known,
            )
    except (ConnectionError, TimeoutError, RuntimeError, ValueError) as error:
        raise ClusterError(f"no Ray cluster answers at {address}: {error}") from error
