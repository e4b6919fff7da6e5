"""One engine, several shots: what needs no engine is done beside the next shot's making."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.runner import Fields, Job, StoreRunner, silent
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
