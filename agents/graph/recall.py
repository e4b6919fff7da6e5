"""The keys in the graph's state -> clips and adapters with their files, found or made again.

The state says what was made and holds no path. What a resumed work goes on with is asked of the
store by the crew, once in a process; what the store has lost is made again by the plan and the
seed that made it, under the same key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...film import Adapter, Clip, Film, Retrieval, Take
from ...plan import Capabilities, Plan, ShotPlan
from ..ports import Crew
from .state import FilmState, read_nouns, read_takes
from .teaching import adapters_of, clips_for, needs_of, to_teach


class StaleStateError(Exception):
    """What the state says was made would now be made otherwise; the message says what."""


class Recall:
    """What this process knows of the files behind the keys. Its methods are called from threads.

    `film` is the film once it is cut: a finished work is never resumed, so no state needs it.
    """

    def __init__(self, crew: Crew, plan: Plan, capabilities: Capabilities) -> None:
        self.film: Film | None = None
        self._crew = crew
        self._capabilities = capabilities
        self._needs = to_teach(plan, capabilities, crew.teach)
        self._takes: dict[str, Take] = {}
        self._retrievals: dict[str, Retrieval] = {}
        self._taught: dict[str, Adapter] = {}
        # Those whose files are known, by key.
        self._clips: dict[str, Clip] = {}
        self._adapters: dict[str, Adapter] = {}

    def read(self, state: FilmState) -> None:
        """Take over what a state says was made, whose files are not known yet.

        Raises:
            ValueError, TypeError: the state is not one that the graph has written.
        """
        for takes in state.get("takes", {}).values():
            self.add_takes(read_takes(takes))
        self.add_lessons(state)

    def add_lessons(self, state: FilmState) -> None:
        """Take over what a state says was taught."""
        self._retrievals |= read_nouns(state.get("retrievals", {}), Retrieval)
        self._taught |= read_nouns(state.get("adapters", {}), Adapter)

    def lessons(self, shot: ShotPlan) -> dict[str, Adapter]:
        """Return the adapters of further lessons that a shot needs and that were taught already."""
        needs = needs_of(shot, self._capabilities, self._crew.teach)
        return {n.id: self._taught[n.id] for n in needs if n.lesson and n.id in self._taught}

    def add_takes(self, takes: Iterable[Take]) -> None:
        """Remember how takes were made, and what was taught for them."""
        for take in takes:
            self._takes[take.clip.key] = take
            if take.plan is not None:
                needs = needs_of(take.plan, self._capabilities, self._crew.teach)
                self._needs |= {need.id: need for need in needs}

    def add_clip(self, clip: Clip) -> None:
        """Remember a clip that this process has from the store."""
        self._clips[clip.key] = clip

    def add_adapter(self, need: str, retrieval: Retrieval | None, adapter: Adapter) -> None:
        """Remember an adapter that this process has from the store, by the id of its need."""
        if retrieval is not None:
            self._retrievals[need] = retrieval
        self._taught[need] = adapter
        self._adapters[adapter.key] = adapter

    def clip(self, key: str) -> Clip:
        """Return the clip of a take with its file.

        Raises:
            StaleStateError: it would not be the same clip any more.
            DreamRunnerError: it is gone and cannot be made again.
        """
        if key not in self._clips:
            self._clips[key] = self._found_clip(self._takes[key])
        return self._clips[key]

    def takes(self, takes: Sequence[Take]) -> tuple[Take, ...]:
        """Return takes with the files of their clips; raises as `clip`."""
        return tuple(take.model_copy(update={"clip": self.clip(take.clip.key)}) for take in takes)

    def adapters(self, adapters: Sequence[Adapter]) -> tuple[Adapter, ...]:
        """Return adapters with their files; raises as `clip`."""
        needs = {adapter.key: need for need, adapter in self._taught.items()}
        for adapter in adapters:
            if adapter.key not in self._adapters:
                self._adapters[adapter.key] = self._found_adapter(needs[adapter.key])
        return tuple(self._adapters[adapter.key] for adapter in adapters)

    def known(self, adapters: Iterable[Adapter]) -> tuple[Adapter, ...]:
        """Return adapters, those that this process has from the store with their files."""
        return tuple(self._adapters.get(adapter.key, adapter) for adapter in adapters)

    def _found_clip(self, take: Take) -> Clip:
        renderer = self._crew.renderer
        assert take.plan is not None  # every take in the state has one
        shown = adapters_of(take.plan, self._taught, self._capabilities, self._crew.teach)
        before = self._takes[take.before].clip if take.before else None
        # By their keys alone: a clip that lies in the store needs none of what it was made from.
        clip = renderer.kept_clip(take.plan, shown, before)
        if clip is None:
            before = self.clip(take.before) if take.before else None
            clip = renderer.render(take.plan, self.adapters(shown), before)
        if clip.key != take.clip.key:
            raise StaleStateError(
                f"take {take.number} of shot {take.shot} would now be drawn otherwise"
            )
        return clip

    def _found_adapter(self, need_id: str) -> Adapter:
        crew, need = self._crew, self._needs[need_id]
        retrieval = self._retrievals.get(need_id)
        adapter = crew.trainer.kept_adapter(need, retrieval)
        if adapter is None:
            if retrieval is not None:
                retrieval = crew.librarian.retrieve(need.name, ())
                if need.model_copy(update={"lesson": 0}).id in self._taught:
                    retrieval = clips_for(need, retrieval)
            adapter = crew.trainer.adapt(need, retrieval)
        if adapter.key != self._taught[need_id].key:
            raise StaleStateError(f"the {need.words} would now be taught otherwise")
        return adapter
