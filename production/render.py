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
    from ..agents.ports import Crew, CuttingRoom, Librarian, Trainer
    from ..dsl import ParsedStory
    from ..engine.protocol import Family
    from ..film import Film, Measurement, Take
    from ..plan import Assertion, Capabilities, Plan
    from ..tools.library import Library
    from ..tools.stages.ledger import Ledger
    from ..tools.stages.runner import Observer, StageRunner, StoreRunner
    from ..tools.store.recipe import JSON
    from .settings import Settings


# The engine that draws the plan itself: its films need no animatic beside them.
ANIMATIC = "animatic"
_DRAWN = "drawn by dreamrunner"  # what the library of the storybook world says of its clips


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
    parsed: ParsedStory
    settings: Settings
    folder: Path
    family: Family
    bench: StoreRunner
    ledger: Ledger

    def make(self) -> RenderResult:
        """Make the film, and leave everything that belongs to it in the folder."""
        from ..agents.graph.run import make_film
        from ..engine.protocol import ForecastingFamily
        from ..tools.stages.animatic import write_animatic
        from ..tools.stages.storyboard import draw_pictures
        from ..tools.storyboard.picture import unwritable_words

        lossy, sampling = self.settings.lossy, self.settings.sampling
        directed = sampling.applied(self._plan(), self.family.capabilities)
        plan = lossy.applied(directed)
        if str(sampling):
            self.bench.say(f"sampled with {sampling}")
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
            result.adapters,
            resumed=result.resumed,
            diagnostics=outcome.diagnostics,
        )
        patches = dict(_patches(plan, result.takes))
        self._report(result.plan, result.film, result, patches, outcome.shortfalls)
        return outcome

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
        from ..tools.report.growing import GrowingReport
        from ..tools.stages.cut import StageCutter
        from ..tools.stages.runner import FileWritten

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

        cutter = StageCutter(self.bench, self.folder, film_name(self.path))
        crew = crew_of(
            self.family, self.settings, self.bench, cutter, film_name(self.path), self.path.parent
        )
        return replace(crew, watch=judged, interrupted=self.bench.stopping)

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
        from ..tools.store.store import Store
        from ..tools.training.registry import AdapterRegistry

        inputs = ReportInputs(
            plan=plan,
            film=film,
            engine=self.settings.engine,
            director=plan.director,
            retrievals=result.retrievals if result else (),
            adapters=result.adapters if result else (),
            trials={
                adapter.key: trial
                for adapter in (result.adapters if result else ())
                if (trial := AdapterRegistry(Store(self.settings.store)).trial_of(adapter.key))
            },
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
    family: Family,
    settings: Settings,
    bench: StageRunner,
    cutter: CuttingRoom,
    name: str,
    root: Path,
) -> Crew:
    """Return who works for an engine.

    `name` is what the store remembers the film's stages by, `root` the story's folder.
    """
    from ..agents.ports import Crew
    from ..engine.family import published
    from ..engine.storybook import weights
    from ..tools.stages.absent import NoMeasurer, NoTraining
    from ..tools.stages.measure import LazyCritic, StageMeasurer
    from ..tools.stages.render import StageRenderer

    renderer = StageRenderer(bench, family, name)
    if settings.engine == ANIMATIC:
        nobody = NoTraining(settings.engine)
        blind = NoMeasurer(why_unmeasured(family.capabilities))
        return Crew(nobody, nobody, renderer, blind, cutter)
    librarian, trainer = teachers_of(family, settings, bench, name, root)
    if published(settings.engine) is not None:
        blind = NoMeasurer(why_unmeasured(family.capabilities))
        return Crew(librarian, trainer, renderer, blind, cutter, teach=settings.teach)
    critic = StageMeasurer(bench, LazyCritic(), weights.critic_fingerprint(), name)
    return Crew(
        librarian=librarian,
        trainer=trainer,
        renderer=renderer,
        measurer=critic,
        cutting_room=cutter,
        join_measurer=critic,
        teach=settings.teach,
    )


def teachers_of(
    family: Family, settings: Settings, bench: StageRunner, name: str, root: Path
) -> tuple[Librarian, Trainer]:
    """Return who finds clips for an engine and who trains its adapters.

    The embedded model has a library of its own, and is small enough to learn beside the one that
    draws. A published model learns from clips that somebody brought, and has its device to itself.
    """
    from ..engine.family import published
    from ..engine.protocol import ReleasableFamily
    from ..engine.storybook import weights
    from ..tools.stages.absent import NoClips
    from ..tools.stages.adapt import LazyPublishedTrainer, LazyTrainer, StageTrainer
    from ..tools.stages.retrieve import StageLibrarian

    checkpoint = published(settings.engine)
    opened = open_library if checkpoint is None else own_library
    library = partial(opened, settings, bench.observer)
    librarian = StageLibrarian(bench, library, name)
    if checkpoint is None:
        base = weights.fingerprint()
        return librarian, StageTrainer(bench, LazyTrainer(), library, base, name, root, beside=True)
    teacher = LazyPublishedTrainer(checkpoint, settings.load_options, partial(_say, bench))
    # What changes how a model is drawn with does not change what it is taught from.
    base = family.fingerprint.split()[0]
    release = family.release if isinstance(family, ReleasableFamily) else _nothing
    trainer = StageTrainer(
        bench, teacher, library, base, name, root, settings.trainings, release=release
    )
    brought = has_own_clips(settings.library)
    return librarian if brought else NoClips(settings.engine), trainer


def _say(bench: StageRunner, text: str) -> None:
    from ..tools.stages.runner import NoteAdded, StoreRunner

    if isinstance(bench, StoreRunner):
        bench.say(text)
    else:
        bench.observer.report(NoteAdded(text))


def _nothing() -> None:
    """Let a family keep its device: it holds none."""


def has_own_clips(folder: Path) -> bool:
    """Say whether a library holds clips that were not drawn by the storybook world."""
    from ..tools.library.records import read_manifest

    manifest = read_manifest(folder)
    return manifest is not None and any(
        not clip.source.startswith(_DRAWN) for clip in manifest.clips
    )


def open_library(settings: Settings, observer: Observer) -> Library:
    """Return the default library, drawn on first use."""
    from ..tools import library
    from ..tools.stages.runner import tell_of_library

    tools = library.Tools(
        scorer=library.CriticScorer(), progress=partial(tell_of_library, observer)
    )
    return library.open_library(settings.library, tools)


def own_library(settings: Settings, observer: Observer) -> Library:
    """Return the library that somebody brought, looked through by captions alone.

    The embedded critic knows the drawn world and no other pictures.
    """
    from ..tools import library
    from ..tools.stages.runner import tell_of_library

    tools = library.Tools(progress=partial(tell_of_library, observer))
    return library.load_library(settings.library, tools)
