"""A parsed story + settings -> the film in its folder, with everything beside it.

One run: plan, crew, graph, report. Where the engine, the critic and the library come from is
decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, DreamRunnerError, OutputError, StoppedAtOnceError
from ..film import film_name

if TYPE_CHECKING:
    from ..agents.graph.run import FilmResult
    from ..agents.ports import Crew, CuttingRoom
    from ..dsl import ParsedStory
    from ..engine.protocol import Family
    from ..film import Film, Measurement, Take
    from ..plan import Assertion, Capabilities, Plan
    from ..tools.library import Library
    from ..tools.stages.ledger import Ledger
    from ..tools.stages.runner import Observer, StageRunner, StoreRunner
    from ..tools.store.recipe import JSON
    from .settings import Settings
    from .speaking import SpokenStory


# The engine that draws the plan itself: its films need no animatic beside them.
ANIMATIC = "animatic"


@dataclass(frozen=True, slots=True)
class UnmetAssertion:
    """Something that should hold of a shot and, by measurement, does not or is not known to."""

    shot: str
    wanted: Assertion
    found: Measurement


@dataclass(frozen=True, slots=True)
class RenderResult:
    """A finished render: the film, where everything is, and what is not as the page has it.

    `unmet` holds every assertion of a kept take that failed and, where the writer asked for it by
    `@expect`, every one that could not be judged; `shortfalls` say each at its line. `diagnostics`
    are these and the story's warnings, in the order of the text that is `source`.
    """

    film: Film
    engine: str
    folder: Path
    unmet: tuple[UnmetAssertion, ...]
    strict: bool
    shortfalls: tuple[Diagnostic, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    source: str = ""

    @property
    def run(self) -> Path:
        return self.folder / "run.json"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"


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

    @property
    def parsed(self) -> ParsedStory:
        """The story, each line as long as it was spoken."""
        return self.spoken.parsed

    def make(self) -> RenderResult:
        """Make the film, and leave everything that belongs to it in the folder."""
        from ..agents.graph.run import make_film
        from ..engine.protocol import ForecastingFamily
        from ..tools.stages.animatic import write_animatic
        from ..tools.stages.storyboard import draw_pictures
        from ..tools.storyboard.picture import unwritable_words

        lossy, directed = self.settings.lossy, self._plan()
        plan = lossy.applied(directed)
        if str(lossy):
            self.bench.say(f"drawn with lossy levers of speed: {lossy}")
        if isinstance(self.family, ForecastingFamily):
            self.family.expect(plan.shots)
        self.bench.announce([shot.id for shot in plan.shots])
        self._write_plan(plan)
        if note := unwritable_words(plan):
            self.bench.say(note)
        draw_pictures(plan, self.folder / "storyboard.png", self.bench.observer)
        if self.settings.engine != ANIMATIC:
            write_animatic(plan, self.bench, self.folder / "animatic.mp4", film_name(self.path))
        if not self.family.capabilities.metrics:
            self.bench.say(f"nothing is measured: {why_unmeasured(self.family.capabilities)}")
        try:
            result = make_film(
                plan,
                self.family.capabilities,
                self._crew(plan),
                checkpoint=self.folder / ".agent.sqlite",
                thread="film",
            )
        except StoppedAtOnceError:
            raise  # no report, which would take a while
        except (DreamRunnerError, KeyboardInterrupt):
            with suppress(OutputError):  # What stopped the work is what the writer shall hear of.
                self._report_so_far(plan)
            raise
        for note in (*result.notes, *self._losses(directed, result)):
            self.bench.say(note)
        self._write_plan(result.plan)
        outcome = self._outcome(result)
        self.ledger.finish(
            result.film,
            result.retrievals,
            resumed=result.resumed,
            diagnostics=outcome.diagnostics,
        )
        self._write_provenance(result)
        patches = dict(_patches(plan, result.takes))
        self._report(result.plan, result.film, result, patches, outcome.shortfalls)
        return outcome

    def _write_provenance(self, result: FilmResult) -> None:
        """Write of what the film was made, and under which licences, beside it."""
        from ..tools.cutting.provenance import FilmSources, VoiceSource, shot_sources
        from ..tools.library.records import sources_of
        from ..tools.store.output import write_whole

        film, library = result.film, self.settings.library
        sources = sources_of(library) if result.adapters else {}
        made = FilmSources(
            title=film.title,
            duration_s=film.duration_s,
            director=result.plan.director,
            engine=self.settings.engine,
            model=self.family.fingerprint,
            licence=_licence(self.settings.engine),
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
        from ..tools.stages.runner import Job
        from ..tools.store.recipe import STAGE_VERSIONS, as_json
        from .direct import direct_story

        if self.settings.llm is not None:
            directed = direct_story(self.parsed, self.settings, self.path)
            for note in directed.plan.notes:
                self.bench.say(note)
            if directed.usage is not None:
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
        from ..tools.cutting.transitions import transitions_of
        from ..tools.report.growing import GrowingReport
        from ..tools.stages.cut import StageCutter
        from ..tools.stages.runner import FileWritten
        from .speaking import sound_track
        from .takes import directed_crew

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

        sound = sound_track(self.spoken, plan, self.settings, self.path)
        story = self.parsed.story
        cutter = StageCutter(
            self.bench,
            self.folder,
            film_name(self.path),
            sound,
            transitions_of(story, plan) if story else (),
            self.settings.burn,
        )
        crew = crew_of(self.family, self.settings, self.bench, cutter, film_name(self.path))
        crew = replace(crew, watch=judged, interrupted=self.bench.stopping)
        return directed_crew(crew, self.family.capabilities, self.folder, self.bench.say)

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

        inputs = ReportInputs(
            plan=plan,
            film=film,
            engine=self.settings.engine,
            director=plan.director,
            retrievals=result.retrievals if result else (),
            adapters=result.adapters if result else (),
            stages=self.ledger.stages,
            diagnostics=render_diagnostics(self.parsed.warnings, self.parsed.source),
            shortfalls=render_diagnostics(shortfalls, self.parsed.source),
            notes=self.ledger.notes,
            patches=patches or {},
        )
        write_report(inputs, self.folder / "report.html", single=self.settings.single_report)

    def _outcome(self, result: FilmResult) -> RenderResult:
        from ..tools.shortfalls import shortfall

        parsed = self.parsed
        assert parsed.story is not None  # `parse_story` has refused one that is
        strict = self.settings.strict or parsed.story.strict
        unmet = tuple(_unmet(result))
        shots = {shot.id: shot for shot in result.plan.shots}
        shortfalls = tuple(
            shortfall(shots[u.shot], u.wanted, u.found, parsed.story.span, strict=strict)
            for u in unmet
        )
        return RenderResult(
            film=result.film,
            engine=self.settings.engine,
            folder=self.folder,
            unmet=unmet,
            strict=strict,
            shortfalls=shortfalls,
            diagnostics=parsed.with_more(shortfalls).diagnostics,
            source=parsed.source,
        )


def _licence(engine: str) -> str:
    """Return under which licence an engine's weights are; its own are the program's."""
    from ..engine.family import OWN, published

    if engine in OWN:
        return "Apache-2.0"
    checkpoint = published(engine)
    return checkpoint.licence.name if checkpoint else "not known"


def why_unmeasured(capabilities: Capabilities) -> str:
    """Say why nothing of a film is measured."""
    if "critic" in capabilities.unbuilt:
        return f"no critic knows the pictures of {capabilities.name} yet"
    return f"the {capabilities.name} engine draws the plan itself, with no model"


def _unmet(result: FilmResult) -> Iterator[UnmetAssertion]:
    """Yield what kept takes fail, and what the writer asked for that could not be judged."""
    wanted = {(shot.id, a.id): a for shot in result.plan.shots for a in shot.assertions}
    for take in result.film.takes:
        for found in take.verdict.measurements if take.kept else ():
            assertion = wanted[take.shot, found.assertion]
            unjudged = found.passed is None and assertion.origin == "expect"
            if found.passed is False or unjudged:
                yield UnmetAssertion(take.shot, assertion, found)


def _patches(directed: Plan, takes: Sequence[Take]) -> Iterator[tuple[str, str]]:
    """Yield each take that was not shot as directed, by its id, with the change as directives."""
    from ..agents.critic.patch import as_patch
    from ..tools.report.report import take_id

    for scene in directed.scenes:
        start_s = 0.0
        for shot in scene.shots:
            for take in takes:
                if take.shot == shot.id and take.plan is not None and take.plan != shot:
                    yield take_id(take), as_patch(shot, take.plan, start_s=start_s)
            start_s += shot.duration_s


def crew_of(
    family: Family, settings: Settings, bench: StageRunner, cutter: CuttingRoom, name: str
) -> Crew:
    """Return who works for an engine: one that measures has a library and a critic too.

    `name` is what the store remembers the film's stages by.
    """
    from ..agents.ports import Crew
    from ..engine.storybook import weights
    from ..tools.stages.absent import NoMeasurer, NoTraining
    from ..tools.stages.adapt import LazyTrainer, StageTrainer
    from ..tools.stages.measure import LazyCritic, StageMeasurer
    from ..tools.stages.render import StageRenderer
    from ..tools.stages.retrieve import StageLibrarian

    renderer = StageRenderer(bench, family, name)
    nobody = NoTraining(settings.engine)
    if not family.capabilities.metrics:
        blind = NoMeasurer(why_unmeasured(family.capabilities))
        return Crew(nobody, nobody, renderer, blind, cutter)
    critic = StageMeasurer(bench, LazyCritic(), weights.critic_fingerprint(), name)
    library = partial(open_library, settings, bench.observer)
    return Crew(
        librarian=StageLibrarian(bench, library, name),
        trainer=StageTrainer(bench, LazyTrainer(), library, weights.fingerprint(), name),
        renderer=renderer,
        measurer=critic,
        cutting_room=cutter,
        join_measurer=critic,
    )


def open_library(settings: Settings, observer: Observer) -> Library:
    """Return the default library, drawn on first use."""
    from ..tools import library
    from ..tools.stages.runner import tell_of_library

    tools = library.Tools(
        scorer=library.CriticScorer(), progress=partial(tell_of_library, observer)
    )
    return library.open_library(settings.library, tools)
