"""A shot -> the adapters of its held-out motions, found and trained as a film has it done.

Clips and adapters lie in the user's store under the hash of what they are made of: a motion is
learnt once, whoever does it in whichever story.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dreamrunner.agents.critic.remedies import ShotMeans
from dreamrunner.agents.graph.shoot import means_of, taught_entities
from dreamrunner.agents.graph.teaching import adapters_of, clips_for, needs_of
from dreamrunner.bench.studio import TEACHERS, write_library
from dreamrunner.engine.protocol import Family
from dreamrunner.errors import TooFewClipsError
from dreamrunner.film import Adapter, AdapterNeed, Retrieval
from dreamrunner.plan import ShotPlan
from dreamrunner.production.crew import teachers_of
from dreamrunner.production.settings import Settings, store_of
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.runner import StoreRunner, silent

from .pages import World


class Lessons:
    """The library and the trainer of one world."""

    def __init__(self, world: World, family: Family, settings: Settings) -> None:
        self._family, self._world = family, world
        folder = settings.store.parent / "loop"
        folder.mkdir(parents=True, exist_ok=True)
        clips: tuple[Path, ...] = ()
        if world == "miniature":
            write_library(folder / "library")
            clips = (folder / "library",)
        settings = Settings(
            store=settings.store, engine=settings.engine, lossy=settings.lossy, clips=clips
        )
        self._runner = StoreRunner(
            store_of(settings), Ledger(folder / f"{world}.json", {"engine": world}), silent
        )
        self._librarian, self._trainer = teachers_of(family, settings, self._runner, "loop", Path())
        self._found: dict[str, Retrieval] = {}
        self._adapters: dict[str, Adapter] = {}

    def of(self, shot: ShotPlan) -> Sequence[Adapter]:
        """Return the adapters of a shot; what is missing is taught."""
        known = self._family.capabilities
        for need in needs_of(shot, known, "needed"):
            if need.id not in self._adapters:
                self._teach(need)
        return adapters_of(shot, self._adapters, known, "needed")

    def taught(self, shot: ShotPlan) -> frozenset[str]:
        """Return who of a shot does something that was taught."""
        return taught_entities(shot, self._adapters, self._family.capabilities)

    def means(self, shot: ShotPlan) -> ShotMeans:
        """Return what there is to change a shot with.

        The miniature learns nothing a second time: that takes minutes for each of its motions.
        """
        found = {} if self._world == "miniature" else self._found
        return means_of(shot, self._family.capabilities, found, None, policy="needed")

    def _teach(self, need: AdapterNeed) -> None:
        first = need.model_copy(update={"lesson": 0})
        if first.id not in self._found:
            subjects = TEACHERS if self._world == "miniature" else ()
            self._found[first.id] = self._librarian.retrieve(need.name, subjects)
        try:
            clips = clips_for(need, self._found[first.id])
            self._adapters[need.id] = self._trainer.adapt(need, clips)
        except TooFewClipsError:
            if not need.lesson:
                raise  # else it goes on with what the first lesson gave
