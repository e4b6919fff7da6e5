"""A work that is killed in one of its nodes, and gone on with in another process.

Processes are forked, so that thirty kills take seconds. The script is a function of the plan
alone: what a shot becomes must not depend on which process measures it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dreamrunner.agents.graph.run import make_film
from dreamrunner.film import Adapter, AdapterNeed, Clip, Film, Measurement, Retrieval, Take
from dreamrunner.plan import Assertion, Plan, ShotPlan

try:
    from .scripted import CAPABILITIES, ScriptedCrew, Store, film_plan, shot_plan
except ImportError:  # a program that has this folder on its path
    from scripted import (  # type: ignore[no-redef]
        CAPABILITIES,
        ScriptedCrew,
        Store,
        film_plan,
        shot_plan,
    )

NODES = ("teach", "render", "measure", "join", "cut")
# How often each is called in the whole work, so that a kill at a later call is none.
CALLS = {"teach": 2, "render": 8, "measure": 8, "join": 2, "cut": 1}


def second_take(shot: ShotPlan, assertion: Assertion) -> float:
    """Fail a shot until its guidance was raised."""
    return 0.9 if shot.settings.guidance > 2.5 else 0.2


def plan() -> Plan:
    """Return four shots of two takes each, two motions to teach, and a join."""
    return film_plan(
        shot_plan("s0", motion="spin"), shot_plan("s1", motion="somersault"),
        shot_plan("s2", metrics=("layout", "join")), shot_plan("s3"),
    )  # fmt: skip


class KilledCrew(ScriptedCrew):
    """A crew whose process ends at the nth call of a node, before or after the call's work."""

    node: str = ""
    number: int = 0
    after: bool = False

    def _at(self, node: str, work: Callable[[], object]) -> object:
        counts: Counter[str] = self.__dict__.setdefault("counts", Counter())
        counts[node] += 1
        due = node == self.node and counts[node] == self.number
        if due and not self.after:
            os._exit(9)
        made = work()
        if due:
            os._exit(9)
        return made

    def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
        return self._at(  # type: ignore[return-value]
            "teach", lambda: super(KilledCrew, self).adapt(need, retrieval)
        )

    def render(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> Clip:
        return self._at(  # type: ignore[return-value]
            "render", lambda: super(KilledCrew, self).render(shot, adapters, before)
        )

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        return self._at("measure", lambda: super(KilledCrew, self).measure(shot, clip))  # type: ignore[return-value]

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        return self._at("join", lambda: super(KilledCrew, self).measure_join(shot, before, clip))  # type: ignore[return-value]

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        return self._at("cut", lambda: super(KilledCrew, self).cut(plan, takes))  # type: ignore[return-value]


@dataclass(frozen=True)
class KillOutcome:
    """Where a work was killed, what it had made, what it made after, and the film."""

    node: str
    number: int
    after: bool
    killed: bool
    made_before: tuple[str, ...]
    made: tuple[str, ...]
    takes: tuple[tuple[str, int, bool, str], ...]

    @property
    def repeated(self) -> tuple[str, ...]:
        return tuple(key for key, count in Counter(self.made).items() if count > 1)

    @property
    def lost(self) -> tuple[str, ...]:
        return tuple(key for key in self.made_before if key not in self.made)


def outcome_of(seed: int | None, folder: Path) -> KillOutcome:
    """Kill a work at a seeded point, go on with it, and say what came of it; None kills nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(seed)
    node = chance.choice(NODES)
    number, after = chance.randint(1, CALLS[node]), chance.random() < 0.5
    killed = seed is not None and _forked(lambda: _work(folder, node, number, after)) == 9
    before = tuple(Store(folder).made)
    _forked(lambda: _work(folder, "", 0, False))
    takes = json.loads((folder / "takes.json").read_text())
    return KillOutcome(
        node, number, after, killed, before, tuple(Store(folder).made),
        tuple((shot, count, kept, key) for shot, count, kept, key in takes),
    )  # fmt: skip


def _work(folder: Path, node: str, number: int, after: bool) -> None:
    crew = KilledCrew(Store(folder), script=second_take, join_script=lambda *_: 0.9)
    crew.node, crew.number, crew.after = node, number, after
    result = make_film(
        plan(), CAPABILITIES, crew.crew(), checkpoint=folder / "film.sqlite", thread="t"
    )
    takes = [(t.shot, t.number, t.kept, t.clip.key) for t in result.takes]
    (folder / "takes.json").write_text(json.dumps(takes))


def _forked(work: Callable[[], None]) -> int:
    """Run work in a process of its own and return how it ended."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            if status:
                traceback.print_exc()  # a child that is not killed should say why it ended
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
