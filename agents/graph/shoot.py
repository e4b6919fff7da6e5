"""A chain of shots -> their takes: render, measure, judge, re-plan, until one passes.

Each attempt is a langgraph task, so that its take is in the checkpoint before the next begins and
a resumed branch answers it from there. A task that raised would stop every other branch: what
stops an attempt is therefore returned in its outcome, and raised when the wave is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

from langgraph.func import task

from ...errors import DreamRunnerError
from ...film import Adapter, Clip, Measurement, Take
from ...plan import Capabilities, ShotPlan
from ..critic.attempts import Attempt, next_attempt, stalled_note, with_kept
from ..critic.joins import has_join
from ..critic.takes import Neighbour, kept, neighbour_of
from ..critic.verdict import best, judge
from ..ports import Crew
from .recall import Recall
from .slots import Slots
from .state import FilmState, Json, ShootInput, dumped_take, read_nouns, read_takes
from .teaching import adapters_of, motion_id

log = logging.getLogger(__name__)


class AttemptResult(TypedDict, total=False):
    """What came of one attempt: a take, or the words of what stopped it."""

    take: Json
    failure: str


@dataclass(frozen=True, slots=True)
class ShotContext:
    """A shot as the director planned it, and what an attempt at it goes by.

    `taught` are the entities whose motion has an adapter; `neighbour` is the shot before, where
    this one may join it.
    """

    shot: ShotPlan
    adapters: tuple[Adapter, ...]
    taught: frozenset[str]
    neighbour: Neighbour | None


@dataclass(frozen=True, slots=True)
class ShotResult:
    """The takes of a shot, the words of what stopped it, and why it is not tried again."""

    takes: tuple[Take, ...]
    failure: str | None = None
    note: str | None = None


@task
def answered(make: Callable[[], AttemptResult]) -> AttemptResult:
    """Return what `make` makes, or what the checkpoint already has of it."""
    return make()


class ShootNode:
    """The node `shoot`, with the crew that it calls on."""

    def __init__(self, crew: Crew, recall: Recall, slots: Slots) -> None:
        self._crew = crew
        self._recall = recall
        self._slots = slots

    def shoot(self, state: ShootInput) -> FilmState:
        """Shoot a chain in order; each shot after the first joins the kept take before it."""
        capabilities = Capabilities.model_validate(state["engine"])
        adapters = read_nouns(state["teaching"], Adapter)
        before = Take.model_validate(state["before"]) if state["before"] else None
        news: FilmState = {"takes": {}, "failures": {}, "notes": []}
        with self._slots.slot(state["turn"]):
            for value in state["chain"]:
                shot = ShotPlan.model_validate(value)
                taught = taught_entities(shot, adapters, capabilities)
                neighbour = neighbour_of(before)
                made = read_takes(state["made"].get(shot.id))
                shown = adapters_of(shot, adapters, capabilities, self._crew.teach)
                result = self._shot(ShotContext(shot, shown, taught, neighbour), made)
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
        shot, takes = context.shot, tuple(made)
        while attempt := next_attempt(
            shot, takes, taught=context.taught, neighbour=context.neighbour
        ):
            if self._slots.closed:
                return ShotResult(takes)
            made_by = partial(self._attempted, attempt, context.adapters, context.neighbour)
            outcome = answered(made_by).result()
            if "failure" in outcome:
                return ShotResult(takes, failure=outcome["failure"])
            take = Take.model_validate(outcome["take"])
            self._recall.add_takes([take])
            takes = (*takes, take)
        note = stalled_note(shot, takes, taught=context.taught, neighbour=context.neighbour)
        return ShotResult(with_kept(takes, best(takes)), note=note)

    def _attempted(
        self, attempt: Attempt, adapters: Sequence[Adapter], neighbour: Neighbour | None
    ) -> AttemptResult:
        shot = attempt.shot
        carried = neighbour if shot.settings.continue_from_previous else None
        try:
            clip, measurements = self._made(shot, adapters, neighbour)
        except DreamRunnerError as error:
            self._slots.failed(shot.id, error)
            return {"failure": f"take {attempt.number}: {error}"}
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
        return {"take": dumped_take(take)}

    def _made(
        self, shot: ShotPlan, adapters: Sequence[Adapter], neighbour: Neighbour | None
    ) -> tuple[Clip, tuple[Measurement, ...]]:
        goes_on = shot.settings.continue_from_previous
        join_measurer = self._crew.join_measurer if has_join(shot) else None
        # Asked for only where it is used: it may have to be drawn again.
        used = neighbour if goes_on or join_measurer else None
        before = self._recall.clip(used.clip.key) if used else None
        shown = self._recall.adapters(adapters)
        clip = self._crew.renderer.render(shot, shown, before if goes_on else None)
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
