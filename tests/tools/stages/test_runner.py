"""One engine, several shots: what needs no engine is done beside the next shot's making."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from dreamrunner.tools.stages.job import Fields, Job
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.runner import Event, NoteAdded, StoreRunner, silent
from dreamrunner.tools.store.store import Store

WAIT_S = 30.0


def bench(tmp_path: Path) -> StoreRunner:
    return StoreRunner(Store(tmp_path / "store"), Ledger(tmp_path / "run.json", {}), silent)


def job(name: str) -> Job:
    return Job(stage="render", version=1, inputs={"shot": name}, label=name)


def test_the_next_shot_is_denoised_while_the_last_one_is_decoded(tmp_path: Path) -> None:
    """Each waits for the other: were decoding under the engine's lock, neither would end."""
    decoding, denoising = threading.Event(), threading.Event()

    def first(folder: Path) -> Callable[[], Fields]:
        def decode() -> Fields:
            decoding.set()
            return {"beside": denoising.wait(WAIT_S)}

        return decode

    def second(folder: Path) -> Fields:
        denoising.set()
        return {"beside": decoding.wait(WAIT_S)}

    shared = bench(tmp_path)
    with ThreadPoolExecutor() as pool:
        one = pool.submit(shared.once, job("1"), first)
        assert decoding.wait(WAIT_S)
        two = pool.submit(shared.once, job("2"), second)
        assert one.result().fields == two.result().fields == {"beside": True}


def test_the_model_is_used_by_one_shot_at_a_time_and_equal_shots_are_made_once(
    tmp_path: Path,
) -> None:
    shared, inside, most, made = bench(tmp_path), 0, 0, 0

    def make(folder: Path) -> Callable[[], Fields]:
        nonlocal inside, most, made
        inside += 1
        most, made = max(most, inside), made + 1
        (folder / "clip").write_text("x")
        inside -= 1
        return lambda: {"made": True}

    with ThreadPoolExecutor(8) as pool:
        jobs = [job(name) for name in "12341234"]
        found = list(pool.map(lambda one: shared.once(one, make).fields, jobs))
    assert found == [{"made": True}] * 8
    assert (most, made) == (1, 4)


def test_a_training_beside_the_engine_does_not_wait_for_it(tmp_path: Path) -> None:
    """Each waits for the other: were the training under the engine's lock, neither would end."""
    training, drawing = threading.Event(), threading.Event()

    def learn(folder: Path) -> Fields:
        training.set()
        return {"beside": drawing.wait(WAIT_S)}

    def draw(folder: Path) -> Fields:
        drawing.set()
        return {"beside": training.wait(WAIT_S)}

    shared = bench(tmp_path)
    with ThreadPoolExecutor() as pool:
        one = pool.submit(shared.once, replace(job("spin"), stage="adapt", beside=True), learn)
        two = pool.submit(shared.once, job("1"), draw)
        assert one.result().fields == two.result().fields == {"beside": True}


def test_a_stopped_training_says_which_step_it_finishes(tmp_path: Path) -> None:
    heard: list[str] = []

    class Listener:
        def report(self, event: Event) -> None:
            if isinstance(event, NoteAdded):
                heard.append(event.text)

    ledger = Ledger(tmp_path / "run.json", {})
    shared = StoreRunner(Store(tmp_path / "store"), ledger, Listener())
    lesson = replace(job("spin"), stage="adapt", note="spin", broken_off=True)

    def learn(folder: Path) -> Fields:
        shared.advance(lesson, 11, 300, "loss 0.5")
        assert not shared.stopped
        shared.stopping()
        assert shared.stopped
        return {}

    shared.once(lesson, learn)
    assert heard == [
        "stopping; being finished first: step 12 of adapt spin (Ctrl-C again to stop now)"
    ]
