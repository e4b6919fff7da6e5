"""Behind the door: settings and a story in, a film out. Joins agents, tools and engine.

Nothing here prints, and nothing reads the environment: what happens is told to an `Observer`.
What is heavy is imported by the function that needs it, so that an unchanged story, whose stages
all lie in the store, ends without any of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import DreamRunnerError, InputError, OutputError, StoryError

if TYPE_CHECKING:
    from .agents.crew import Crew
    from .agents.studio import FilmResult
    from .dsl import ParsedStory
    from .engine.family import Family
    from .film import Film, Measurement, Take
    from .plan import Assertion, Plan
    from .tools.ledger import Ledger
    from .tools.library import Hit, Holdings, Library
    from .tools.recipe import JSON
    from .tools.workbench import Observer, Workbench


@dataclass(frozen=True, slots=True)
class Settings:
    """What the writer chose. `seed` is for a story that names none."""

    store: Path
    engine: str = "storybook"
    out: Path = Path("out")
    seed: int | None = None
    strict: bool = False

    @property
    def library(self) -> Path:
        """Where the clips are that motions are learnt from."""
        return self.store / "library"


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something that should hold of a shot and, by measurement, does not or is not known to."""

    shot: str
    wanted: Assertion
    found: Measurement


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished render: the film, where everything is, and what is not as the page has it.

    `unmet` holds every assertion of a kept take that failed and, where the writer asked for it by
    `@expect`, every one that could not be judged.
    """

    film: Film
    engine: str
    folder: Path
    unmet: tuple[Unmet, ...]
    strict: bool

    @property
    def run(self) -> Path:
        return self.folder / "run.json"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"


def default_store() -> Path:
    """Return where finished work is kept if nobody says otherwise: the user's cache."""
    from platformdirs import user_cache_path

    return user_cache_path("dreamrunner") / "store"


def check_story(path: Path, engine: str) -> ParsedStory:
    """Parse and check a story for an engine; every mistake is in the result.

    Raises:
        InputError: the file cannot be read as text.
    """
    from .dsl import load_story
    from .engine.family import capabilities

    return load_story(path, capabilities=capabilities(engine))


def parse_story(path: Path, engine: str) -> ParsedStory:
    """Return a story that can be filmed, with its warnings.

    Raises:
        InputError: the file cannot be read as text.
        StoryError: the story has errors.
    """
    parsed = check_story(path, engine)
    if parsed.errors or parsed.story is None:
        raise StoryError(parsed.diagnostics, parsed.source)
    return parsed


def plan_story(path: Path, settings: Settings) -> Plan:
    """Return what the director makes of a story.

    Raises:
        InputError: the file cannot be read as text.
        StoryError: the story has errors.
    """
    return _direct(parse_story(path, settings.engine), settings)


def _direct(parsed: ParsedStory, settings: Settings) -> Plan:
    from .agents.director import DEFAULT_SEED, direct
    from .engine.family import capabilities

    if parsed.story is None:
        raise StoryError(parsed.diagnostics, parsed.source)
    seed = DEFAULT_SEED if settings.seed is None else settings.seed
    return direct(parsed.story, capabilities(settings.engine), default_seed=seed)


def draw_storyboard(path: Path, target: Path, settings: Settings) -> tuple[Path, ...]:
    """Draw a story's plan as pictures and return them: `target`, then more where it is long.

    Raises:
        InputError, StoryError: as `plan_story`.
        OutputError: the picture cannot be written.
    """
    from .tools import storyboard

    return storyboard.draw_storyboard(plan_story(path, settings), path=target)


def draw_animatic(path: Path, target: Path, settings: Settings, observer: Observer) -> Path:
    """Draw a story's plan as one moving picture, with no model and no store.

    Raises:
        InputError, StoryError: as `plan_story`.
        OutputError: the video cannot be written.
    """
    from .tools.sketch import sketch_film

    return sketch_film(plan_story(path, settings), target, observer)


def search_library(query: str, limit: int, settings: Settings, observer: Observer) -> list[Hit]:
    """Return the library's clips that a text describes best, best first.

    Raises:
        LibraryError: the library cannot be drawn, indexed or read.
    """
    return _open_library(settings, observer).search(query, limit)


def describe_library(settings: Settings, observer: Observer) -> Holdings:
    """Return what the library holds.

    Raises:
        LibraryError: the library cannot be drawn or read.
    """
    return _open_library(settings, observer).describe()


def find_report(path: Path, out: Path) -> Path:
    """Return the report of a story's last render.

    Raises:
        InputError: there is none.
    """
    page = out / path.stem / "report.html"
    if not page.is_file():
        raise InputError(f"there is no report at {page}; `dreamrunner render {path}` makes one")
    return page


def render_story(path: Path, settings: Settings, observer: Observer) -> Outcome:
    """Make the film of a story in `settings.out/<story>`, or what of it is not made yet.

    Raises:
        InputError, StoryError: the story cannot be filmed as it is.
        BusyError: somebody else renders into the same folder.
        OutputError, StoreError: a folder cannot be written.
        WeightsError: the engine has no weights.
        DreamRunnerError: a stage failed; all that was finished stays.
    """
    from .engine.lazy import LazyFamily
    from .tools.ledger import Ledger
    from .tools.lock import RunLock
    from .tools.store import Store
    from .tools.workbench import Warned, Workbench

    parsed = parse_story(path, settings.engine)
    family = LazyFamily(settings.engine)
    if parsed.warnings:
        observer.report(Warned(parsed.warnings, parsed.source))
    folder = settings.out / path.stem
    with RunLock(folder), Ledger(folder / "run.json", _header(path, settings)) as ledger:
        bench = Workbench(Store(settings.store), ledger, observer)
        return _Production(path, parsed, settings, folder, family, bench, ledger).make()


def _header(path: Path, settings: Settings) -> Mapping[str, JSON]:
    from . import __version__

    return {
        "engine": settings.engine,
        "director": "rules",
        "story": str(path),
        "strict": settings.strict,
        "dreamrunner": __version__,
    }


@dataclass(frozen=True, slots=True)
class _Production:
    """One film in the making."""

    path: Path
    parsed: ParsedStory
    settings: Settings
    folder: Path
    family: Family
    bench: Workbench
    ledger: Ledger

    def make(self) -> Outcome:
        """Make the film, and leave everything that belongs to it in the folder."""
        from .agents.studio import make_film
        from .tools.storyboard import draw_storyboard

        plan = self._plan()
        self.bench.announce([shot.id for shot in plan.shots])
        self._write_plan(plan)
        draw_storyboard(plan, path=self.folder / "storyboard.png")
        if not self.family.capabilities.metrics:
            self.bench.say(
                f"drawn by the {self.settings.engine} engine from the plan itself: "
                "no model was used, and nothing is measured"
            )
        try:
            result = make_film(
                plan,
                self.family.capabilities,
                self._crew(),
                checkpoint=self.folder / ".agent.sqlite",
                thread="film",
            )
        except (DreamRunnerError, KeyboardInterrupt):
            with suppress(OutputError):  # What stopped the work is what the writer shall hear of.
                self._report(plan, _unfinished(plan, self.ledger.takes))
            raise
        for note in result.notes:
            self.bench.say(note)
        self._write_plan(result.plan)
        self.ledger.finish(result.film, result.retrievals, resumed=result.resumed)
        self._report(result.plan, result.film, result, dict(_patches(plan, result.takes)))
        return self._outcome(result)

    def _plan(self) -> Plan:
        """Return the director's plan, kept from before where nothing has changed."""
        from . import agents
        from .engine.sources import sources_hash
        from .plan import Plan
        from .tools.workbench import Job

        job = Job(
            stage="plan",
            version=1,
            inputs={
                "director": "rules",
                "rules": sources_hash(Path(agents.__file__).parent),
                "story": self.parsed.source,
                "path": str(self.path),
                "engine": self.family.capabilities.model_dump(mode="json"),
                "seed": self.settings.seed,
            },
            label=str(self.path),
        )
        made = self.bench.once(
            job, lambda _: {"plan": _direct(self.parsed, self.settings).model_dump(mode="json")}
        )
        return Plan.model_validate(made.fields["plan"])

    def _write_plan(self, plan: Plan) -> None:
        from .tools.output import write_whole

        text = plan.model_dump_json(indent=2) + "\n"
        path = self.folder / "plan.json"
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))

    def _crew(self) -> Crew:
        """Return who works for this engine: one that measures has a library and a critic too."""
        from .agents.crew import Crew
        from .tools import stages

        name, engine = self.path.stem, self.settings.engine
        renderer = stages.StageRenderer(self.bench, self.family, name)
        cutter = stages.StageCutter(self.bench, self.folder, name)
        nobody = stages.NothingToLearn(engine)
        if not self.family.capabilities.metrics:
            blind = stages.NothingMeasured(engine)
            return Crew(nobody, nobody, renderer, blind, cutter, watch=self.bench.judged)
        critic = stages.StageMeasurer(
            self.bench, stages.LazyCritic(), stages.critic_fingerprint(), name
        )
        return Crew(
            librarian=stages.StageLibrarian(self.bench, _open_library(self.settings, self.bench.observer), name),
            trainer=nobody,
            renderer=renderer,
            measurer=critic,
            cutting_room=cutter,
            join_measurer=critic,
            watch=self.bench.judged,
        )

    def _report(
        self,
        plan: Plan,
        film: Film,
        result: FilmResult | None = None,
        patches: Mapping[str, str] | None = None,
    ) -> None:
        from .dsl import render_diagnostics
        from .tools.report import ReportInputs, write_report

        inputs = ReportInputs(
            plan=plan,
            film=film,
            engine=self.settings.engine,
            director=plan.director,
            retrievals=result.retrievals if result else (),
            adapters=result.adapters if result else (),
            stages=self.ledger.stages,
            diagnostics=render_diagnostics(self.parsed.warnings, self.parsed.source),
            notes=self.ledger.notes,
            patches=patches or {},
        )
        write_report(inputs, self.folder / "report.html")

    def _outcome(self, result: FilmResult) -> Outcome:
        return Outcome(
            film=result.film,
            engine=self.settings.engine,
            folder=self.folder,
            unmet=tuple(_unmet(result)),
            strict=self.settings.strict
            or (self.parsed.story is not None and self.parsed.story.strict),
        )


def _open_library(settings: Settings, observer: Observer) -> Library:
    """Return the default library, drawn on first use."""
    from .tools.library import Tools, open_library
    from .tools.workbench import tell_of_library

    return open_library(settings.library, Tools(progress=partial(tell_of_library, observer)))


def _unfinished(plan: Plan, takes: tuple[Take, ...]) -> Film:
    """Return what there is of a film that could not be cut."""
    from .film import Film

    return Film(title=plan.title, path="", clips=(), takes=takes, duration_s=0.0)


def _unmet(result: FilmResult) -> Iterator[Unmet]:
    """Yield what kept takes fail, and what the writer asked for that could not be judged."""
    wanted = {(shot.id, a.id): a for shot in result.plan.shots for a in shot.assertions}
    for take in result.film.takes:
        for found in take.verdict.measurements if take.kept else ():
            assertion = wanted[take.shot, found.assertion]
            unjudged = found.passed is None and assertion.origin == "expect"
            if found.passed is False or unjudged:
                yield Unmet(take.shot, assertion, found)


def _patches(directed: Plan, takes: Sequence[Take]) -> Iterator[tuple[str, str]]:
    """Yield each take that was not shot as directed, by its id, with the change as directives."""
    from .agents.patch import as_patch
    from .tools.report import take_id

    for scene in directed.scenes:
        start_s = 0.0
        for shot in scene.shots:
            for take in takes:
                if take.shot == shot.id and take.plan is not None and take.plan != shot:
                    yield take_id(take), as_patch(shot, take.plan, start_s=start_s)
            start_s += shot.duration_s
