"""A chain of shots -> their takes: render, measure, judge, re-plan, until one passes.

Each attempt is a langgraph task, so that its take is in the checkpoint before the next begins and
a resumed branch answers it from there. A task that raised would stop every other branch: what
stops an attempt is therefore returned in its outcome, and raised when the wave is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TypedDict

from langgraph.func import task

from ...errors import DreamRunnerError, TooFewClipsError
from ...film import Adapter, AdapterNeed, Clip, Measurement, Retrieval, Take
from ...plan import Capabilities, ShotPlan
from ..critic.attempts import Attempt, advised, next_attempt, stalled_note, with_kept
from ..critic.joins import has_join
from ..critic.remedies import LEAST_HEIGHT, ShotMeans
from ..critic.takes import Neighbour, kept, neighbour_of, place_frame
from ..critic.verdict import best, judge
from ..ports import Crew, LanguageModel
from .recall import Recall
from .slots import Slots
from .state import (
    FilmState,
    Json,
    ShootInput,
    dumped,
    dumped_adapter,
    dumped_take,
    read_nouns,
    read_takes,
)
from .teaching import (
    TeachPolicy,
    adapters_of,
    clips_for,
    learnable,
    motion_id,
    needs_of,
    nothing_kept,
    spare_clips,
)

log = logging.getLogger(__name__)


class AttemptResult(TypedDict, total=False):
    """What came of one attempt: a take, or the words of what stopped it."""

    take: Json
    failure: str
    # What was taught for this take, by the id of its need, and what it was learnt from.
    adapters: dict[str, object]
    retrievals: dict[str, object]
    note: str


@dataclass(frozen=True, slots=True)
class ShotContext:
    """A shot as the director planned it, and what an attempt at it goes by.

    `adapters` are those of the film and `found` what the library gave for them, by the id of the
    need; `taught` are the entities whose motion has an adapter; `neighbour` is the shot before,
    where this one may join it, and `place` the take of an earlier shot in the same place.
    """

    shot: ShotPlan
    capabilities: Capabilities
    adapters: Mapping[str, Adapter]
    found: Mapping[str, Retrieval]
    taught: frozenset[str]
    neighbour: Neighbour | None
    place: Neighbour | None
    means: ShotMeans

    def next(self, takes: Sequence[Take]) -> Attempt | None:
        """Return the next attempt at the shot, or None."""
        return next_attempt(
            self.shot, takes, taught=self.taught, neighbour=self.neighbour, means=self.means
        )

    def advised(
        self, attempt: Attempt, takes: Sequence[Take], model: LanguageModel
    ) -> tuple[Attempt, str]:
        """Return an attempt as a language model would have it, or as it is and why."""
        return advised(
            attempt, self.shot, takes, model, taught=self.taught, neighbour=self.neighbour,
            means=self.means,
        )  # fmt: skip

    def stalled(self, takes: Sequence[Take]) -> str | None:
        """Return why there is none although tries are left, or None."""
        return stalled_note(
            self.shot, takes, taught=self.taught, neighbour=self.neighbour, means=self.means
        )


@dataclass(frozen=True, slots=True)
class ShotResult:
    """The takes of a shot, the words of what stopped it, and why it is not tried again.

    `taught` is what came of attempts beside takes: adapters of further lessons.
    """

    takes: tuple[Take, ...]
    failure: str | None = None
    note: str | None = None
    taught: FilmState = field(default_factory=FilmState)


@task
def answered(make: Callable[[], AttemptResult]) -> AttemptResult:
    """Return what `make` makes, or what the checkpoint already has of it."""
    return make()


class ShootNode:
    """The node `shoot`, with the crew that it calls on."""

    def __init__(
        self, crew: Crew, recall: Recall, slots: Slots, lesson: AbstractContextManager[object],
        search: AbstractContextManager[object],
    ) -> None:  # fmt: skip
        self._crew = crew
        self._recall = recall
        self._slots = slots
        self._lesson = lesson
        self._search = search
        self._unlearnt: set[str] = set()  # what was told already

    def shoot(self, state: ShootInput) -> FilmState:
        """Shoot a chain in order; each shot after the first joins the kept take before it."""
        capabilities = Capabilities.model_validate(state["engine"])
        adapters = read_nouns(state["teaching"], Adapter)
        found = read_nouns(state["found"], Retrieval)
        before = Take.model_validate(state["before"]) if state["before"] else None
        place = Take.model_validate(state["place"]) if state["place"] else None
        awaited = state["place_awaited"]
        news: FilmState = {
            "takes": {}, "failures": {}, "notes": [], "adapters": {}, "retrievals": {}
        }  # fmt: skip
        with self._slots.slot(state["turn"]):
            for value in state["chain"]:
                shot = ShotPlan.model_validate(value)
                taught = taught_entities(shot, adapters, capabilities)
                made = read_takes(state["made"].get(shot.id))
                context = ShotContext(
                    shot, capabilities, adapters, found, taught, neighbour_of(before),
                    neighbour_of(place),
                    means_of(
                        shot, capabilities, found, place, policy=self._crew.teach, awaited=awaited
                    ),
                )  # fmt: skip
                place, awaited = None, False  # whoever goes on in a chain is in its place
                result = self._shot(context, made)
                news["adapters"] |= result.taught.get("adapters", {})
                news["retrievals"] |= result.taught.get("retrievals", {})
                news["notes"] += result.taught.get("notes", [])
                news["takes"][shot.id] = [dumped_take(take) for take in result.takes]
                if result.failure is not None:
                    news["failures"][shot.id] = result.failure
                if result.note is not None:
                    news["notes"].append(result.note)
                before = kept(result.takes)
                if before is None:
                    break  # it failed or was stopped, so the shot that continues it cannot begin
        return news

    def _shot(self, context: ShotContext, made: Sequence[Take]) -> ShotResult:
        """Return the shot's takes, one of them kept; none kept where the work was stopped."""
        takes = tuple(made)
        taught: FilmState = {"adapters": {}, "retrievals": {}, "notes": []}
        while attempt := context.next(takes):
            if self._slots.closed:
                return ShotResult(takes, taught=taught)
            if takes and (why := self._crew.spent()):
                said = f"shot {context.shot.id}: not tried again after take {len(takes)}: {why}"
                return ShotResult(with_kept(takes, best(takes)), note=said, taught=taught)
            outcome = answered(partial(self._attempted, attempt, takes, context)).result()
            taught["notes"] += [outcome["note"]] if outcome.get("note") else []
            taught["adapters"] |= outcome.get("adapters", {})
            taught["retrievals"] |= outcome.get("retrievals", {})
            self._recall.add_lessons(taught)
            if "failure" in outcome:
                return ShotResult(takes, failure=outcome["failure"], taught=taught)
            take = Take.model_validate(outcome["take"])
            self._recall.add_takes([take])
            takes = (*takes, take)
        note = context.stalled(takes)
        return ShotResult(with_kept(takes, best(takes)), note=note, taught=taught)

    def _attempted(
        self, attempt: Attempt, takes: Sequence[Take], context: ShotContext
    ) -> AttemptResult:
        news: AttemptResult = {}
        try:
            if self._crew.adviser is not None and takes:
                attempt, news["note"] = context.advised(attempt, takes, self._crew.adviser)
        except DreamRunnerError as error:
            self._slots.failed(context.shot.id, error)
            return {"failure": f"take {attempt.number}: {error}"}
        shot = attempt.shot
        # Whose last frame it goes on from, or in whose place it begins.
        carried = context.place if shot.settings.place_frame else None
        carried = context.neighbour if shot.settings.continue_from_previous else carried
        try:
            adapters = self._adapters(shot, context, news)
            clip, measurements = self._made(shot, adapters, context.neighbour, carried)
        except DreamRunnerError as error:
            self._slots.failed(shot.id, error)
            return {**news, "failure": f"take {attempt.number}: {error}"}
        take = Take(
            shot=shot.id,
            number=attempt.number,
            seed=shot.seed,
            clip=clip,
            verdict=judge(shot, measurements),
            remedies=attempt.remedies,
            plan=shot,
            adapters=tuple(adapter.name for adapter in adapters),
            before=carried.clip.key if carried else None,
        )
        log.info("shot %s take %d scores %.2f", shot.id, take.number, take.verdict.score)
        if self._crew.watch:
            self._crew.watch(take)
        return {**news, "take": dumped_take(take)}

    def _adapters(
        self, shot: ShotPlan, context: ShotContext, news: AttemptResult
    ) -> tuple[Adapter, ...]:
        """Return a take's adapters; what it needs another lesson for is taught and told in `news`.

        Raises:
            DreamRunnerError: there is too little to learn from, or it cannot be taught.
        """
        known = {**context.adapters, **self._recall.lessons(shot)}
        for need in needs_of(shot, context.capabilities, self._crew.teach):
            if not need.lesson or need.id in known:
                continue
            first = context.found.get(need.model_copy(update={"lesson": 0}).id)
            try:
                retrieval = clips_for(need, first) if first else self._searched(need)
                with self._lesson:
                    adapter = self._crew.trainer.adapt(need, retrieval)
            except TooFewClipsError as error:
                if first:
                    raise
                if need.id not in self._unlearnt:
                    self._unlearnt.add(need.id)
                    said = f"shot {shot.id}: {need.words} cannot be taught: {error}"
                    news["note"] = "; ".join(filter(None, (news.get("note"), said)))
                continue
            self._recall.add_adapter(need.id, retrieval, adapter)
            known[need.id] = adapter
            news.setdefault("adapters", {})[need.id] = dumped_adapter(adapter)
            news.setdefault("retrievals", {})[need.id] = dumped(retrieval)
        return adapters_of(shot, known, context.capabilities, self._crew.teach)

    def _searched(self, need: AdapterNeed) -> Retrieval:
        """Return clips of a motion that nobody has looked for yet.

        Raises:
            TooFewClipsError: there is none.
        """
        with self._search:
            found = self._crew.librarian.retrieve(need.name, ())
        if not found.kept:
            raise TooFewClipsError(nothing_kept(found))
        return found

    def _made(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        neighbour: Neighbour | None,
        carried: Neighbour | None,
    ) -> tuple[Clip, tuple[Measurement, ...]]:
        join_measurer = self._crew.join_measurer if has_join(shot) else None
        # Asked for only where it is used: it may have to be drawn again.
        before = self._recall.clip(neighbour.clip.key) if neighbour and join_measurer else None
        first = self._recall.clip(carried.clip.key) if carried else None
        shown = self._recall.adapters(adapters)
        clip = self._crew.renderer.render(shot, shown, first)
        self._recall.add_clip(clip)
        measured = {m.assertion: m for m in self._crew.measurer.measure(shot, clip)}
        if before and join_measurer:
            joins = join_measurer.measure_join(shot, before, clip)
            measured |= {m.assertion: m for m in joins}
        return clip, tuple(measured.values())


def taught_entities(
    shot: ShotPlan, adapters: Mapping[str, Adapter], capabilities: Capabilities
) -> frozenset[str]:
    """Return the entities of the shot one of whose motions has an adapter."""
    return frozenset(
        beat.entity
        for beat in shot.beats
        for motion in (f"motion {motion_id(beat.motion, capabilities)}",)
        if motion in adapters or f"{motion} of {beat.entity}" in adapters
    )


def means_of(
    shot: ShotPlan,
    capabilities: Capabilities,
    found: Mapping[str, Retrieval],
    place: Take | None,
    *,
    policy: TeachPolicy,
    awaited: bool = False,
) -> ShotMeans:
    """Return what there is to change a shot with.

    An engine with places of its own paints them, whatever a shot begins on.
    """
    free = not capabilities.places
    return ShotMeans(
        longest_s=capabilities.clip_s,
        least_height=stage.height if (stage := capabilities.stage) else LEAST_HEIGHT,
        spare=frozenset(
            beat.motion
            for beat in shot.beats
            for first in (found.get(f"motion {motion_id(beat.motion, capabilities)}"),)
            if beat.lora is None and first is not None and spare_clips(first)
        ),
        place_frame=place_frame(place) if place and free else None,
        place_awaited=awaited and free,
        learnable=learnable(shot, capabilities, policy),
        taught_height=capabilities.taught_heights[1] if capabilities.taught_heights else None,
        reads_style=capabilities.reads_style,
    )
