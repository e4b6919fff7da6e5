"""A plan and a scripted crew -> a film, its takes, and the file of its checkpoint."""

from __future__ import annotations

from pathlib import Path

from dreamrunner.agents.graph.run import FilmResult, make_film
from dreamrunner.film import Take
from dreamrunner.plan import Assertion, Plan, ShotPlan

from .scripted import CAPABILITIES, Script, ScriptedCrew, Store


def make(crew: ScriptedCrew, plan: Plan, checkpoint: Path | None = None) -> FilmResult:
    return make_film(plan, CAPABILITIES, crew.crew(), checkpoint=checkpoint, thread="t")


def takes_of(result: FilmResult, shot: str) -> list[Take]:
    return [take for take in result.takes if take.shot == shot]


def kept_number(result: FilmResult, shot: str) -> int:
    (take,) = [take for take in takes_of(result, shot) if take.kept]
    return take.number


def passes_on(number: int) -> Script:
    """Return a script in which each shot passes on its take of this number and not before."""
    counts: dict[str, int] = {}

    def script(shot: ShotPlan, assertion: Assertion) -> float:
        counts[assertion.id] = counts.get(assertion.id, 0) + 1
        return 0.9 if counts[assertion.id] >= number else 0.2

    return script


def checkpoint(store: Store) -> Path:
    return store.folder / "film.sqlite"
