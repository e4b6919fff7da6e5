"""An order -> a worker that makes the calls of one film, with the crew that this machine has.

It is made in a process of its own, on any machine of a cluster, from values alone: settings, plan
and the name of the film. What it makes goes into the store; what it is given by key it takes from
there.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from ...errors import DreamRunnerError, StoreError, WeightsError
from ..settings import Settings, default_cache

if TYPE_CHECKING:
    from ...agents.ports import Crew
    from ...film import Adapter, Clip, Film, StageRecord, Take
    from ...plan import Plan
    from ...tools.cluster.protocol import Done, Failed
    from ...tools.stages.calls import Call
    from ...tools.stages.runner import Event


@dataclass(frozen=True, slots=True)
class Order:
    """All that a worker of a film must know; called where the worker shall be.

    `fingerprint` is that of the engine where the film is planned: a worker with other weights would
    make another film.
    """

    settings: Settings
    name: str
    root: Path
    plan: Plan
    fingerprint: str

    def __call__(self) -> StageWorker:
        """Return the worker.

        Raises:
            WeightsError: this machine's engine is another one.
        """
        return StageWorker(self)


def order_of(settings: Settings, name: str, root: Path, plan: Plan, fingerprint: str) -> Order:
    """Return the order of a film; no key of anybody's leaves this process."""
    bare = replace(settings, llm=None, voice=None, qdrant_key=None, store=settings.store.absolute())
    return Order(bare, name, root.absolute(), plan, fingerprint)


class StageWorker:
    """Makes calls by the same stages as any render, with no account of its own."""

    def __init__(self, order: Order) -> None:
        from ...engine.family import capabilities
        from ...engine.lazy import LazyFamily
        from ...tools.stages.runner import StoreRunner
        from ..crew import crew_of
        from ..critics import with_critic
        from ..settings import store_of

        settings = order.settings
        if settings.remote is not None:
            # A worker's machine has a cache of its own; the same one where it is the same machine.
            settings = replace(settings, store=default_cache(settings.remote))
        known = with_critic(capabilities(settings.engine), settings)
        family = LazyFamily(settings.engine, settings.load_options, known)
        if family.fingerprint != order.fingerprint:
            raise WeightsError(
                f"a worker's {settings.engine} has other weights ({family.fingerprint[:12]}) than "
                f"the machine that directs ({order.fingerprint[:12]})"
            )
        self._store = store_of(settings)
        self._news = _News()
        self._bench = StoreRunner(self._store, _NoAccount(), self._news)
        family.announce = self._bench.say
        family.expect(order.plan.shots)
        self._crew: Crew = crew_of(
            family, settings, self._bench, _NoCutting(), order.name, order.plan, order.root
        )

    def perform(self, call: Call) -> Done | Failed:
        """Put a call's result into the store, if it is not there."""
        from ...tools.cluster.protocol import Done, Failed
        from ...tools.stages.calls import relocated

        try:
            self._do(relocated(call, self._clip_here, self._adapter_here))
        except DreamRunnerError as error:
            return Failed(type(error).__name__, str(error))
        record = self._news.finished()
        return Done(record.key, not record.cached, record.seconds)

    def news(self, *, stopped: bool) -> Sequence[Event]:
        """Return what has happened since the last question."""
        taken = self._news.taken()
        if stopped and not self._bench.stopped:
            self._bench.stopping()
            self._news.taken()  # the machine that directs has said the same
        return taken

    def _do(self, call: Call) -> None:
        from ...tools.stages.calls import (
            DrawShot,
            MeasureClip,
            MeasureIdentity,
            MeasureJoin,
            TrainAdapter,
        )

        match call:
            case DrawShot(shot, adapters, before):
                self._crew.renderer.render(shot, adapters, before)
            case MeasureClip(shot, clip):
                self._crew.measurer.measure(shot, clip)
            case MeasureJoin(shot, before, clip):
                assert self._crew.join_measurer is not None  # else nobody would ask
                self._crew.join_measurer.measure_join(shot, before, clip)
            case MeasureIdentity(shot, clip, earlier):
                assert self._crew.identity_measurer is not None  # else nobody would ask
                self._crew.identity_measurer.measure_identity(shot, clip, earlier)
            case TrainAdapter(need, retrieval):
                self._crew.trainer.adapt(need, retrieval)
            case _:
                assert_never(call)

    def _clip_here(self, clip: Clip) -> Clip:
        return clip.model_copy(update={"path": self._here(clip.key, clip.path)})

    def _adapter_here(self, adapter: Adapter) -> Adapter:
        path = Path(adapter.path)
        if path.parent.name != adapter.key:  # a file of the writer's own, where all see it
            return adapter
        return adapter.model_copy(update={"path": self._here(adapter.key, adapter.path)})

    def _here(self, key: str, path: str) -> str:
        """Return where a file of a result lies on this machine.

        Raises:
            StoreError: this machine's store has nothing under that key.
        """
        folder = self._store.get_dir(key)
        if folder is None:
            raise StoreError(f"{key} is not in the store that a worker sees, {self._store.place}")
        return str(folder / Path(path).name)


class _News:
    """An observer that keeps what happens until somebody asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._records: dict[int, StageRecord] = {}

    def report(self, event: Event) -> None:
        from ...tools.stages.runner import StageFinished

        with self._lock:
            if isinstance(event, StageFinished):
                self._records[threading.get_ident()] = event.record
            else:
                self._events.append(event)

    def taken(self) -> Sequence[Event]:
        with self._lock:
            taken, self._events = self._events, []
            return taken

    def finished(self) -> StageRecord:
        """Return the record of what this thread has finished last."""
        with self._lock:
            return self._records.pop(threading.get_ident())


class _NoAccount:
    """Writes nothing down: the run that asks has an account."""

    def add_stage(self, record: StageRecord) -> None: ...

    def add_take(self, take: Take) -> None: ...

    def add_note(self, text: str) -> None: ...


class _NoCutting:
    """A cutting room where nobody cuts: the film is cut where it is directed."""

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        raise AssertionError("a worker cuts no film")
