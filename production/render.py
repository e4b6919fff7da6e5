"""A parsed story + settings -> the film in its folder, with everything beside it.

One run: plan, crew, graph, report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, DreamRunnerError, OutputError, StoppedAtOnceError
from ..film import film_name
from .crew import ANIMATIC, crew_of, why_unmeasured
from .keeping.outcome import RenderResult, outcome_of

if TYPE_CHECKING:
    from ..agents.graph.run import FilmResult
    from ..agents.ports import Crew, LanguageModel
    from ..chat import Usage
    from ..dsl import ParsedStory
    from ..engine.protocol import Family
    from ..film import Film, Take
    from ..plan import Plan
    from ..tools.stages.ledger import Ledger
    from ..tools.stages.runner import StoreRunner
    from ..tools.store.recipe import JSON
    from .approval import Ask
    from .settings import Settings
    from .speaking import SpokenStory


@dataclass(frozen=True, slots=True)
class RenderRun:
    """One film in the making."""

    path: Path
    spoken: SpokenStory
    settings: Settings
    folder: Path
    family: Family
    bench: StoreRunner
    ledger: Ledger
    # What language models were asked for this film so far.
    asked: list[Callable[[], Usage]] = field(default_factory=list, kw_only=True)
    ask: Ask | None = None

    @property
    def parsed(self) -> ParsedStory:
        """The story, each line as long as it was spoken."""
        return self.spoken.parsed

    def make(self) -> RenderResult:
        """Make the film, and leave everything that belongs to it in the folder."""
        from ..agents.critic.attempts import remedy_notes
        from ..engine.protocol import ForecastingFamily
        from ..tools.stages.animatic import write_animatic
        from ..tools.stages.storyboard import draw_pictures
        from ..tools.storyboard.picture import unwritable_words
        from .accept import take_patches, write_patches
        from .keeping.story_lock import StoryLock, given_of

        lossy, sampling = self.settings.lossy, self.settings.sampling
        directed = sampling.applied(self._plan(), self.family.capabilities)
        plan = self.settings.retakes.shared(lossy.applied(directed))
        if str(sampling):
            self.bench.say(f"sampled with {sampling}")
        if str(lossy):
            self.bench.say(f"drawn with lossy levers of speed: {lossy}")
        if isinstance(self.family, ForecastingFamily):
            self.family.expect(plan.shots)
        given = given_of(self.parsed, plan, self.family, self.settings, self.spoken, self.path)
        lock = StoryLock(self.path, self.settings, given)
        if note := lock.compare():
            self.bench.say(note)
        self.bench.announce([shot.id for shot in plan.shots])
        self._write_plan(plan)
        if note := unwritable_words(plan):
            self.bench.say(note)
        draw_pictures(plan, self.folder / "storyboard.png", self.bench.observer)
        if self.settings.engine != ANIMATIC:
            write_animatic(plan, self.bench, self.folder / "animatic.mp4", film_name(self.path))
        done = {beat.motion for shot in directed.shots for beat in shot.beats}
        for motion in self.settings.teach.unknown:
            if motion not in done:
                self.bench.say(f'nobody does "{motion}" in this film, which --teach names')
        if not self.family.capabilities.metrics:
            self.bench.say(f"nothing is measured: {why_unmeasured(self.family.capabilities)}")
        with self._at_work(plan) as crew:
            result = self._filmed(plan, crew)
            lost = tuple(self._losses(directed, result))
        notes = (*result.notes, *remedy_notes(result.takes), *lost)
        for note in notes:
            self.bench.say(note)
        for usage in self.asked[1:] if self.settings.advice else ():
            self.bench.say(f"proposals for takes: {usage().words}")
        self._write_plan(result.plan)
        strict = self.settings.strict
        outcome = outcome_of(result, self.parsed, self.settings.engine, self.folder, strict=strict)
        self.ledger.finish(
            result.film,
            result.retrievals,
            result.adapters,
            resumed=result.resumed,
            diagnostics=outcome.diagnostics,
        )
        self._write_provenance(result)
        lock.write(result)
        patches = tuple(take_patches(self.parsed, plan, result.takes))
        write_patches(patches, self.folder)
        shown = {f"{patch.shot}/{patch.take}": patch.text for patch in patches}
        self._report(result.plan, result.film, result, shown, outcome.shortfalls)
        return replace(
            outcome,
            changed=tuple(patch.shot for patch in patches if patch.kept),
            story=str(self.path),
        )

    def _filmed(self, plan: Plan, crew: Crew) -> FilmResult:
        """Have the graph make the film; where it is stopped, leave a report of what there is."""
        from ..agents.graph.run import make_film

        try:
            return make_film(
                plan,
                self.settings.teach.known_of(self.family.capabilities),
                crew,
                checkpoint=self.folder / ".agent.sqlite",
                thread="film",
            )
        except StoppedAtOnceError:
            raise  # no report, which would take a while
        except (DreamRunnerError, KeyboardInterrupt):
            with suppress(OutputError):  # What stopped the work is what the writer shall hear of.
                self._report_so_far(plan)
            raise

    @contextmanager
    def _at_work(self, plan: Plan) -> Iterator[Crew]:
        """Have the film's stages made by this process, or by the workers of a cluster."""
        if self.settings.on is None:
            yield self._crew(plan)
            return
        from .cluster.executor import executor_on
        from .cluster.worker import order_of

        name, root = film_name(self.path), self.path.parent
        order = order_of(self.settings, name, root, plan, self.family.fingerprint)
        with executor_on(self.settings, order) as executor, self.bench.working_on(executor):
            # A branch a shot, and one an adapter: who waits for a worker is sorted where they are.
            width = max(2, len(plan.shots))
            yield replace(self._crew(plan), width=width, lessons=width)

    def _write_provenance(self, result: FilmResult) -> None:
        """Write of what the film was made, and under which licences, beside it."""
        from ..engine.family import licence_of
        from ..tools.cutting.provenance import FilmSources, VoiceSource, shot_sources
        from ..tools.store.output import write_whole
        from .libraries import clip_sources

        film = result.film
        sources = clip_sources(self.settings) if result.adapters else {}
        made = FilmSources(
            title=film.title,
            duration_s=film.duration_s,
            director=result.plan.director,
            engine=self.settings.engine,
            model=self.family.fingerprint,
            licence=licence_of(self.settings.engine),
            shots=shot_sources(result.plan, film, result.adapters, sources),
            voices=tuple(
                VoiceSource(speaker=one.speaker, voice=one.voice, key=one.key)
                for one in self.spoken.utterances
            ),
        )
        text = made.model_dump_json(indent=2) + "\n"
        path = self.folder / "film.json"
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))

    def _losses(self, directed: Plan, result: FilmResult) -> Iterator[str]:
        """Yield what the lossy levers did to each shot, where its exact clip is known."""
        if str(self.settings.lossy):
            from ..tools.stages.fidelity import decibels
            from ..tools.stages.render import StageRenderer

            renderer = StageRenderer(self.bench, self.family, film_name(self.path))
            yield from decibels(self.bench, renderer, directed, result.film.takes, result.adapters)

    def _plan(self) -> Plan:
        """Return the director's plan, kept from before where nothing has changed.

        What a language model answered is kept in its cassette, so that a plan in which it failed
        is never kept in the store.
        """
        from ..plan import Plan
        from ..tools.stages.job import Job
        from ..tools.store.recipe import STAGE_VERSIONS, as_json
        from .direct import direct_story

        if self.settings.llm is not None:
            directed = direct_story(self.parsed, self.settings, self.path)
            for note in self._own_notes(directed.plan):
                self.bench.say(note)
            if directed.usage is not None:
                self.asked.append(partial(_same, directed.usage))
                self.bench.say(f"{directed.plan.director}: {directed.usage.words}")
            return directed.plan
        # The story as it was parsed holds what every `@use` brought in. Its spans belong to the key
        # although they decide no pixel: the plan carries them, and what points at a line has to
        # point at where it is now. A plan by the rules is made anew in less than a second.
        job = Job(
            stage="plan",
            version=STAGE_VERSIONS["plan"],
            inputs={
                "director": "rules",
                "story": as_json(self.parsed.story),
                "engine": self.family.capabilities.model_dump(mode="json"),
                "seed": self.settings.seed,
            },
            label=str(self.path),
        )

        def make(_: Path) -> Mapping[str, JSON]:
            directed = direct_story(self.parsed, self.settings, self.path)
            return {"plan": directed.plan.model_dump(mode="json")}

        return Plan.model_validate(self.bench.once(job, make).fields["plan"])

    def _write_plan(self, plan: Plan) -> None:
        from ..tools.store.output import write_whole

        text = plan.model_dump_json(indent=2) + "\n"
        path = self.folder / "plan.json"
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))

    def _crew(self, plan: Plan) -> Crew:
        from ..tools.report.growing import GrowingReport
        from ..tools.stages.cut import StageCutter
        from ..tools.stages.runner import FileWritten
        from .approval import approving_crew
        from .speaking import film_form, sound_track
        from .takes import directed_crew, pinned_takes

        page = FileWritten("the report, which grows with every shot", self.folder / "report.html")
        report = GrowingReport(
            lambda: self._report_so_far(plan),
            written_first=lambda: self.bench.observer.report(page),
        )

        def judged(take: Take) -> None:
            self.bench.judged(take)
            # Where every shot is kept from before, the whole report is as near.
            if any(stage.stage == "render" and not stage.cached for stage in self.ledger.stages):
                report.add_take()

        name = film_name(self.path)
        cutter = StageCutter(
            self.bench,
            self.folder,
            name,
            sound_track(self.spoken, plan, self.settings, self.path),
            film_form(self.spoken, plan, self.settings, self.family.fingerprint),
        )
        crew = crew_of(self.family, self.settings, self.bench, cutter, name, plan, self.path.parent)
        crew = replace(
            crew,
            watch=judged,
            interrupted=self.bench.stopping,
            spent=self._spent,
            adviser=self._adviser(),
        )
        story = self.parsed.story
        pinned = pinned_takes(story, plan, self.bench.say) if story else {}
        world = self.family.capabilities
        crew = directed_crew(crew, world, self.folder, pinned, self.bench.say)
        if self.ask is None or not self.settings.approve:
            return crew
        wanted = self.settings.approve
        return approving_crew(crew, world, wanted, self.folder, plan, self.bench, self.ask)

    def _spent(self) -> str | None:
        """Return why no shot is tried again, None while it may be."""
        cost = sum(usage().cost or 0.0 for usage in self.asked)
        return self.settings.retakes.used_up(self.bench.made_s, cost)

    def _adviser(self) -> LanguageModel | None:
        """Return who proposes what is changed for a take that failed; None for the rules alone."""
        llm = self.settings.llm
        if llm is None or not self.settings.advice:
            return None
        from .direct import open_model

        sent = [usage() for usage in self.asked]
        left = self.settings.budget.without(
            calls=sum(one.sent for one in sent),
            tokens=sum(one.tokens_in + one.tokens_out for one in sent),
        )
        model = open_model(llm, replace(self.settings, budget=left), self.path)
        self.asked.append(lambda: model.usage)
        return model

    def _report_so_far(self, plan: Plan) -> None:
        """Write the report of a film that is not cut: the best take that each shot has so far."""
        from ..film import Film
        from ..tools.report.growing import best_so_far

        takes = best_so_far(self.ledger.takes)
        self._report(plan, Film(title=plan.title, path="", clips=(), takes=takes, duration_s=0.0))

    def _report(
        self,
        plan: Plan,
        film: Film,
        result: FilmResult | None = None,
        patches: Mapping[str, str] | None = None,
        shortfalls: tuple[Diagnostic, ...] = (),
    ) -> None:
        from ..dsl import render_diagnostics
        from ..tools.report.report import ReportInputs, write_report
        from ..tools.training.registry import AdapterRegistry
        from .settings import store_of

        inputs = ReportInputs(
            plan=plan.model_copy(update={"notes": self._own_notes(plan)}),
            film=film,
            engine=self.settings.engine,
            director=plan.director,
            retrievals=result.retrievals if result else (),
            adapters=result.adapters if result else (),
            trials={
                adapter.key: trial
                for adapter in (result.adapters if result else ())
                if (trial := AdapterRegistry(store_of(self.settings)).trial_of(adapter.key))
            },
            stages=self.ledger.stages,
            diagnostics=render_diagnostics(self.parsed.warnings, self.parsed.source),
            shortfalls=render_diagnostics(shortfalls, self.parsed.source),
            notes=self.ledger.notes,
            patches=patches or {},
        )
        write_report(inputs, self.folder / "report.html", single=self.settings.single_report)

    def _own_notes(self, plan: Plan) -> tuple[str, ...]:
        """Return what a plan notes beside what the checker has said of the page."""
        from .direct import page_notes

        said = {*page_notes(self.parsed), *self.ledger.notes}
        return tuple(note for note in plan.notes if note not in said)


def _same(usage: Usage) -> Usage:
    return usage
