"""A parsed story + settings -> what a render would make, ask and take, before any of it is done.

The agent's own graph is run with a crew that makes nothing: what lies in the store is used, with
its verdicts and what they led to, and what does not is noted with the reason. What has not been
made is taken to pass the first time, so all of it is "at least".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..film import film_name

if TYPE_CHECKING:
    from ..agents.ports import Crew
    from ..dsl import ParsedStory
    from ..engine.lazy import LazyFamily
    from ..plan import Plan
    from ..tools.llm.estimate import QuestionEstimate
    from ..tools.stages.dry_run import DryCutter, DryRunner, PendingJob
    from ..tools.stages.pace import Pace
    from ..tools.stages.runner import Observer
    from .settings import Budget, Settings


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a render would take.

    `pending` is what would be made; `pace` is what one job of a stage takes, where it is known;
    `asking` is None where no language model is asked; `tries` are the further takes that shots
    may need if they fail.
    """

    plan: Plan
    pending: tuple[PendingJob, ...]
    pace: Mapping[str, Pace]
    asking: QuestionEstimate | None
    tries: int

    @property
    def counts(self) -> Mapping[str, int]:
        """How many jobs of each stage would be made."""
        return Counter(pending.stage for pending in self.pending)

    @property
    def due(self) -> frozenset[str]:
        """The shots that would be drawn."""
        return frozenset(p.shot for p in self.pending if p.stage == "render" and p.shot)

    @property
    def seconds(self) -> float:
        """How long the stages take whose pace is known."""
        return sum(self.pace[s].seconds * n for s, n in self.counts.items() if s in self.pace)

    @property
    def untimed(self) -> tuple[str, ...]:
        """The stages of which nobody knows how long they take here."""
        return tuple(stage for stage in self.counts if stage not in self.pace)

    def over(self, budget: Budget) -> Iterator[str]:
        """Yield each limit that would be passed, in words."""
        asked = self.asking
        if asked and budget.calls is not None and asked.calls > budget.calls:
            yield f"--max-calls {budget.calls}: {asked.calls} questions or more would be sent"
        if asked and budget.tokens is not None and asked.tokens > budget.tokens:
            yield f"--max-tokens {budget.tokens:,}: about {asked.tokens:,} would be used"
        if budget.minutes is not None and self.seconds / 60 > budget.minutes:
            yield f"--max-minutes {budget.minutes:g}: about {how_long(self.seconds)} would be taken"


def how_long(seconds: float) -> str:
    """Return a time as text, in seconds or in minutes."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.1f} min"


def rehearse(
    parsed: ParsedStory, settings: Settings, path: Path, family: LazyFamily, observer: Observer
) -> Forecast:
    """Return what a render of a story would make and take. Nothing is made and nobody is asked.

    Raises:
        StoryError, CassetteError, WeightsError, StoreError: as the render itself would.
    """
    from ..agents.graph.run import make_film
    from ..tools.stages.cut import cut_job
    from ..tools.stages.dry_run import DryCutter, DryRunner
    from .direct import rehearse_directing
    from .libraries import with_clips_of
    from .settings import store_of
    from .speaking import film_form, sound_track, speak_story
    from .takes import directed_crew, pinned_takes

    settings = with_clips_of(settings, parsed.story, path)
    rehearsal = DryRunner(store_of(settings), family.capabilities, observer)
    # Lines that nobody has spoken yet are as long as they take to read.
    spoken = speak_story(parsed, settings, rehearsal, path)
    directed, asking = rehearse_directing(spoken.parsed, settings, path)
    plan = settings.lossy.applied(settings.sampling.applied(directed, family.capabilities))
    sound = sound_track(spoken, plan, settings, path)
    cut = partial(
        cut_job,
        label=film_name(path),
        sound=sound,
        form=film_form(spoken, plan, settings, family.fingerprint),
    )
    crew = _dry_crew(family, settings, rehearsal, path, plan, DryCutter(rehearsal, cut))
    folder = settings.out / film_name(path)
    story = spoken.parsed.story
    pinned = pinned_takes(story, plan) if story else {}
    crew = directed_crew(crew, family.capabilities, folder, pinned, _hears_nothing)
    known = settings.teach.known_of(family.capabilities)
    made = make_film(plan, known, crew, checkpoint=None, thread="film")
    order = {shot.id: number for number, shot in enumerate(plan.shots, start=1)}
    last = len(order) + 1
    pending = tuple(
        sorted(rehearsal.pending, key=lambda p: order.get(p.shot or "", last * (p.stage == "cut")))
    )
    due = {p.shot for p in pending if p.stage == "render"}
    takes = Counter(take.shot for take in made.takes)
    pace = _pace(settings, observer, drawing=bool(due))
    tries = sum(max(0, shot.tries - takes[shot.id]) for shot in plan.shots if shot.id in due)
    return Forecast(plan, pending, pace, asking, tries if family.capabilities.metrics else 0)


def _hears_nothing(text: str) -> None:
    """Ignore a note: nothing is made, and the render itself will say it."""


def _dry_crew(
    family: LazyFamily,
    settings: Settings,
    rehearsal: DryRunner,
    path: Path,
    plan: Plan,
    cutter: DryCutter,
) -> Crew:
    from ..tools.stages.dry_run import NoLibrary
    from .crew import crew_of
    from .libraries import untaken

    crew = crew_of(family, settings, rehearsal, cutter, film_name(path), plan, path.parent)
    due = untaken(settings)
    if due:
        return replace(
            crew, librarian=NoLibrary(rehearsal, f"{due} clips are to be taken in first")
        )
    return crew


def _pace(settings: Settings, observer: Observer, *, drawing: bool) -> Mapping[str, Pace]:
    """Return how long stages take: by earlier runs, and for drawing else by a measurement."""
    from ..tools.stages.pace import pace_of
    from ..tools.stages.runner import NoteAdded

    known = pace_of(settings.out, settings.engine)
    if not drawing or "render" in known or settings.engine == "animatic":
        return known
    observer.report(
        NoteAdded(f"{settings.engine} was never run here; looking how long a shot takes")
    )
    measured = _measured(settings.engine)
    return {**known, "render": measured} if measured else known


def _measured(engine: str) -> Pace | None:
    """Return how long a shot takes to draw, as `doctor` finds it; None where it does not look."""
    from ..engine.family import published
    from ..tools.stages.pace import Pace

    if engine == "storybook":
        from ..engine.diffusion.devices import storybook_seconds

        return Pace(storybook_seconds(), "measured just now on a shot")
    checkpoint = published(engine)
    if checkpoint is not None:
        from ..engine.diffusion.devices import devices, shot_operations

        device = devices()[-1]
        seconds = shot_operations(checkpoint) / device.rate
        return Pace(seconds, f"by arithmetic for {device.name}")
    return None
