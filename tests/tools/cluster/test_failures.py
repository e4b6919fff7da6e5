"""Given calls that end badly in every way, expect another worker, the shot's error, or the bug."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dreamrunner.errors import ClusterError, DreamRunnerError, VideoError, WorkerLostError
from dreamrunner.plan import ShotPlan
from dreamrunner.tools.cluster.pool import Pool, Shape
from dreamrunner.tools.cluster.protocol import Done, Failed
from dreamrunner.tools.cluster.ray_executor import RayExecutor
from dreamrunner.tools.stages.calls import Call, DrawShot
from dreamrunner.tools.stages.job import Job
from dreamrunner.tools.stages.runner import Event, NoteAdded, StoreRunner
from dreamrunner.tools.store.store import Store

from .node_kills import Nodes


@dataclass
class Script:
    """A worker whose shots say how they end; each death leaves a mark in `folder`."""

    folder: Path

    def __call__(self) -> Script:
        return self

    def perform(self, call: Call) -> Done | Failed:
        assert isinstance(call, DrawShot)
        name = call.shot.id
        if name.startswith("dies"):
            marks = list(self.folder.glob(f"{name}-*"))
            if len(marks) < int(name[-1]):
                (self.folder / f"{name}-{len(marks)}").touch()
                os._exit(1)
        if name.startswith("memory") and not (self.folder / name).exists():
            (self.folder / name).touch()
            raise MemoryError("4 GB are missing")
        if name == "world":
            return Failed("VideoError", "the file is torn")
        if name == "bug":
            raise KeyError("a bug")
        key = job(name).recipe.key
        if name == "other":
            return Done("0" * 64, True, 0.1)
        if name != "unseen":
            _put(Store(self.folder / "store"), key)
        return Done(key, True, 0.1)

    def news(self, *, stopped: bool) -> Sequence[Event]:
        return ()


def _put(store: Store, key: str) -> None:
    account = '{"fields": {"by": "a worker"}, "seconds": 0.1}'
    store.put_dir(key, lambda folder: (folder / "result.json").write_text(account))


def job(name: str) -> Job:
    shot = ShotPlan.model_construct(id=name)
    call = DrawShot(shot, (), None)
    return Job(stage="render", version=1, inputs={"shot": name}, label=name, shot=name, call=call)


class Listener:
    def __init__(self) -> None:
        self.notes: list[str] = []

    def report(self, event: Event) -> None:
        if isinstance(event, NoteAdded):
            self.notes.append(event.text)


class _NoAccount:
    def add_stage(self, record: object) -> None: ...

    def add_take(self, take: object) -> None: ...

    def add_note(self, text: str) -> None: ...


@pytest.fixture(scope="module")
def bench(
    nodes: Nodes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[StoreRunner, Listener]]:
    import ray

    from dreamrunner.tools.cluster.ray_executor import ray_executor

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    folder = tmp_path_factory.mktemp("failures")
    store, listener = Store(folder / "store"), Listener()
    runner = StoreRunner(store, _NoAccount(), listener)
    with ray_executor("ray", 1, Script(folder), store) as executor, runner.working_on(executor):
        yield runner, listener


def made_here(folder: Path) -> dict[str, str]:
    return {"by": "this process"}


def test_a_worker_makes_it_and_a_job_without_a_call_is_made_here(
    bench: tuple[StoreRunner, Listener],
) -> None:
    runner, _ = bench
    assert runner.once(job("plain"), made_here).fields == {"by": "a worker"}
    own = Job(stage="cut", version=1, inputs={}, label="cut")
    assert runner.once(own, made_here).fields == {"by": "this process"}


@pytest.mark.parametrize("name", ["dies1", "memory"])
def test_a_lost_worker_is_replaced_and_another_makes_it(
    bench: tuple[StoreRunner, Listener], name: str
) -> None:
    runner, listener = bench
    assert runner.once(job(name), made_here).fields == {"by": "a worker"}
    assert f"the render of shot {name}; another one begins it again" in listener.notes[-1]


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("world", VideoError, "the file is torn"),
        ("other", ClusterError, "makes something else of the render of shot other"),
        ("unseen", ClusterError, "it is not in the store at"),
        ("dies9", WorkerLostError, "as 3 others were before it"),
    ],
)
def test_what_the_world_stops_is_the_shots_error(
    bench: tuple[StoreRunner, Listener], name: str, error: type[DreamRunnerError], words: str
) -> None:
    runner, _ = bench
    with pytest.raises(error, match=words):
        runner.once(job(name), made_here)


def test_a_bug_stays_a_bug(bench: tuple[StoreRunner, Listener]) -> None:
    runner, _ = bench
    with pytest.raises(KeyError, match="a bug"):
        runner.once(job("bug"), made_here)


class Waiting:
    """A run whose user waits, and hears what is said."""

    stopped = False

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


def test_a_cluster_without_room_is_told_of_once_and_waited_for_no_longer_than_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dreamrunner.tools.cluster.pool._SILENCE_S", 0.0)
    monkeypatch.setattr("dreamrunner.tools.cluster.pool._PATIENCE_S", 1.2)
    pool = Pool(Shape(1, 1, 0), Script(Path()))
    run, call = Waiting(), job("any").call
    assert call is not None
    with pytest.raises(ClusterError, match="add a machine"), pool.lent(pool.turn(call), call, run):
        pass
    assert [text for text in run.said if "no worker of the cluster is ready" in text] == run.said
    assert len(run.said) == 1


def test_a_cluster_that_cannot_be_reached_is_looked_for_once(tmp_path: Path) -> None:
    asked: list[int] = []

    def connect() -> Pool:
        asked.append(1)
        raise ClusterError("no Ray cluster answers")

    store = Store(tmp_path)
    runner = StoreRunner(store, _NoAccount(), Listener())
    with runner.working_on(RayExecutor(connect, store)):
        for name in ("one", "another"):
            with pytest.raises(ClusterError, match="no Ray cluster answers"):
                runner.once(job(name), made_here)
    assert asked == [1]
