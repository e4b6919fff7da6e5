"""Shots are made side by side, no more at once than the width, and the lowest turn goes first."""

from __future__ import annotations

import threading
import time

import pytest

from dreamrunner.agents.graph.run import make_film
from dreamrunner.agents.graph.slots import Slots
from dreamrunner.film import Clip
from dreamrunner.plan import ShotPlan

from .films import passes_on
from .scripted import CAPABILITIES, ScriptedCrew, Store, film_plan, shot_plan


class TestConcurrency:
    @pytest.mark.parametrize("width", [1, 2, 8])
    def test_sixty_shots_side_by_side_keep_their_own_takes(self, store: Store, width: int) -> None:
        plan = film_plan(*(shot_plan(f"s{i:02}", seed=i) for i in range(60)))
        crew = ScriptedCrew(store, passes_on(2))
        result = make_film(plan, CAPABILITIES, crew.crew(width), checkpoint=None, thread="t")
        assert [(t.shot, t.number) for t in result.takes] == [
            (f"s{i:02}", n) for i in range(60) for n in (1, 2)
        ]
        assert all(take.clip.shot == take.shot for take in result.takes)

    def test_no_more_than_the_width_are_at_work(self, store: Store) -> None:
        at_work: list[int] = []
        lock, now = threading.Lock(), [0]

        class Slow(ScriptedCrew):
            def measure(self, shot: ShotPlan, clip: Clip) -> object:  # type: ignore[override]
                with lock:
                    now[0] += 1
                    at_work.append(now[0])
                time.sleep(0.01)
                with lock:
                    now[0] -= 1
                return super().measure(shot, clip)

        plan = film_plan(*(shot_plan(f"s{i}") for i in range(10)))
        make_film(plan, CAPABILITIES, Slow(store).crew(3), checkpoint=None, thread="t")
        assert 2 <= max(at_work) <= 3

    def test_the_lowest_turn_is_served_first(self) -> None:
        slots, served = Slots(1), list[int]()

        def work(turn: int) -> None:
            with slots.slot(turn):
                served.append(turn)

        with slots.slot():
            threads = [threading.Thread(target=work, args=(turn,)) for turn in (5, 3, 9, 1)]
            for thread in threads:
                thread.start()
            while len(slots._waiting) < 4:
                time.sleep(0.001)
        for thread in threads:
            thread.join()
        assert served == [1, 3, 5, 9]
