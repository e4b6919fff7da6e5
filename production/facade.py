"""A story and settings -> what a command asks for: diagnostics, a plan, a storyboard, a film.

Nothing here prints or reads the environment; events are reported to an `Observer`. Heavy modules
are imported by the function that needs them, so that rendering an unchanged story, whose stages
all lie in the store, needs none of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BudgetError, InputError, Severity, StoryError
from ..film import film_name
from .checking import check_story as check_story
from .checking import parse_story as parse_story

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..plan import Capabilities, Plan
    from ..story import Story
    from ..tools.stages.runner import Observer
    from ..tools.store.recipe import JSON
    from .approval import Ask
    from .direct import Directed
    from .doctor import Finding
    from .forecast import Forecast
    from .keeping.outcome import RenderResult
    from .settings import Settings


def _known(settings: Settings) -> Capabilities:
    """Return what the engine can do with the critic that the user chose."""
    from ..engine.family import capabilities
    from .critics import with_critic

    return with_critic(capabilities(settings.engine), settings)


def direct(path: Path, settings: Settings) -> Directed:
    """Return what the director makes of a story, and what it took of a language model.

    Raises:
        InputError: the file cannot be read as text.
        StoryError: the story has errors.
        LanguageModelError, BudgetError: the model that was named cannot be used, or no more of it.
    """
    from .direct import direct_story, keep_parses

    keep_parses(settings)
    return direct_story(parse_story(path, settings.engine), settings, path)


def plan_story(path: Path, settings: Settings) -> Plan:
    """Return what the director makes of a story; raises as `direct`."""
    return direct(path, settings).plan


def export_story(path: Path, to: str, settings: Settings) -> str:
    """Return a story in another format; `plans` are what the director makes of it.

    Raises:
        InputError: the file cannot be read as text.
        StoryError: the story has errors; in the formats of scripts, errors of syntax.
    """
    from ..dsl import formats, read_story_text, shown_path

    if to == "plans":
        return formats.export_plans(plan_story(path, settings))
    if to == "outline":
        story = parse_story(path, settings.engine).story
        assert story is not None  # `parse_story` has refused one that is
        return formats.export_outline(story)
    write = {"fountain": formats.export_fountain, "fdx": formats.export_fdx}[to]
    return write(read_story_text(path), shown_path(path))


def draw_storyboard(
    path: Path, target: Path, settings: Settings, observer: Observer
) -> tuple[Path, ...]:
    """Draw a story's plan and return where: `target`, more where it is long, and one page.

    Raises:
        InputError, StoryError: as `plan_story`.
        OutputError: the picture cannot be written.
    """
    from ..tools.stages.runner import NoteAdded
    from ..tools.stages.storyboard import draw_pictures_and_page
    from ..tools.storyboard.picture import unwritable_words

    plan = plan_story(path, settings)
    if note := unwritable_words(plan):
        observer.report(NoteAdded(note))
    return draw_pictures_and_page(plan, target, observer)


def compare_plans(before: Path, after: Path, settings: Settings) -> list[str]:
    """Return what differs between two plans, a phrase a difference; each a story or a plan.json.

    Raises:
        InputError: a file cannot be read, or is no plan.
        StoryError: as `plan_story`.
    """
    from ..tools.store.freshness import explain_difference

    old, new = ({s.id: s for s in plan_at(p, settings).shots} for p in (before, after))
    changes: list[str] = []
    for shot in dict.fromkeys((*old, *new)):
        if shot not in old or shot not in new:
            changes.append(f"shot {shot} is {'new' if shot in new else 'gone'}")
            continue
        dumps = (s[shot].model_dump(mode="json", exclude=_UNCOMPARED) for s in (old, new))
        changes += [f"shot {shot}: {words}" for words in explain_difference(*dumps)]
    return changes


# Fields that record where a decision comes from and do not change what is drawn.
_UNCOMPARED = {"origins", "notes", "pins", "span"}


def plan_at(path: Path, settings: Settings) -> Plan:
    """Return the plan of a story, or the one in a plan.json; raises as `compare_plans`."""
    from ..plan import Plan

    if path.suffix != ".json":
        return plan_story(path, settings)
    try:
        return Plan.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} is no plan ({type(error).__name__}); "
            "`dreamrunner plan STORY --json` writes one"
        ) from error


def draw_animatic(path: Path, target: Path, settings: Settings, observer: Observer) -> Path:
    """Draw a story's plan as one moving picture, with no model and no store.

    Raises:
        InputError, StoryError: as `plan_story`.
        OutputError: the video cannot be written.
    """
    from ..tools.stages.animatic import sketch_film

    return sketch_film(plan_story(path, settings), target, observer)


def serve_editor(settings: Settings) -> None:
    """Answer an editor on standard input and output, as the language server protocol has it.

    Raises:
        InputError: the extra that it needs is not installed.
    """
    from .. import __version__
    from ..agents.director.remarks import remarks
    from ..dsl import format_story
    from ..engine.family import capabilities
    from .direct import keep_parses

    try:
        from ..dsl.lsp import Host, serve
    except ModuleNotFoundError as missing:
        if missing.name not in ("pygls", "lsprotocol"):
            raise
        raise InputError(
            "the language server needs pygls; install it with: pip install dreamrunner[lsp]"
        ) from missing

    known = capabilities(settings.engine)
    keep_parses(settings)
    host = Host(
        known,
        lambda story: _planned_seconds(story, known),
        format_story,
        settings.out,
        remarks=lambda story: remarks(story, known),
    )
    serve(host, __version__)


def _planned_seconds(story: Story, known: Capabilities) -> float:
    from ..agents.director.rules import direct

    return direct(story, known).duration_s


def examine(settings: Settings, director_url: str | None = None) -> Iterator[Finding]:
    """Yield what of this machine works, and what to do about the rest; see `doctor.examine`."""
    from . import doctor

    return doctor.examine(settings, director_url)


def find_report(path: Path, out: Path, *, single: bool = False) -> Path:
    """Return the report of a story's last render; `single` packs all that it shows into the page.

    Raises:
        InputError: there is none.
        OutputError: it cannot be packed.
    """
    page = out / film_name(path) / "report.html"
    if not page.is_file():
        raise InputError(f"there is no report at {page}; `dreamrunner render {path}` makes one")
    if single:
        from ..tools.report.media import pack_report

        pack_report(page)
    return page


def stage_seconds(settings: Settings) -> Mapping[str, float]:
    """Return how many seconds each stage took in earlier renders with the same engine."""
    from ..tools.stages.pace import pace_of

    return {stage: pace.seconds for stage, pace in pace_of(settings.out, settings.engine).items()}


def rehearse_story(path: Path, settings: Settings, observer: Observer) -> Forecast:
    """Return what a render of a story would make, ask and take; nothing of it is done.

    Raises:
        DreamRunnerError: what the render itself would stop at before it begins.
    """
    from ..engine.lazy import LazyFamily
    from .direct import keep_parses
    from .forecast import rehearse

    keep_parses(settings, write=False)
    known = _known(settings)
    parsed = parse_story(path, settings.engine, known)
    family = LazyFamily(settings.engine, settings.load_options, known)
    return rehearse(parsed, settings, path, family, observer)


def render_story(
    path: Path, settings: Settings, observer: Observer, ask: Ask | None = None
) -> RenderResult:
    """Make the film of a story in `settings.out/<story>`; what is finished is not made again.

    `ask` is who answers where `settings.approve` says that somebody must.

    Raises:
        PageEditedError: whoever was asked has edited the page; render it again.
        UnansweredError: nobody answers.
        InputError, StoryError: the story cannot be filmed as it is.
        BusyError: another process renders into the same folder.
        OutputError, StoreError: a folder cannot be written.
        WeightsError: the engine has no weights.
        BudgetError: it would take more minutes than are allowed.
        DreamRunnerError: a stage failed; all that was finished stays.
    """
    from ..engine.lazy import LazyFamily
    from ..tools.stages.ledger import Ledger
    from ..tools.stages.runner import StoreRunner, StoryWarned
    from ..tools.store.lock import RunLock
    from .direct import keep_parses
    from .forecast import rehearse
    from .keeping.unchanged import forget, remember
    from .libraries import with_clips_of
    from .render import RenderRun
    from .settings import Budget, store_of
    from .speaking import speak_story

    began_ns = time.time_ns()
    keep_parses(settings)
    known = _known(settings)
    parsed = parse_story(path, settings.engine, known)
    if settings.strict:
        _refuse_undrawable(parsed)
    family = LazyFamily(settings.engine, settings.load_options, known)
    minutes = settings.budget.minutes
    if minutes is not None:
        for words in rehearse(parsed, settings, path, family, observer).over(
            Budget(minutes=minutes)
        ):
            raise BudgetError(f"{words}; nothing was begun")
    if parsed.warnings:
        observer.report(StoryWarned(parsed.warnings, parsed.source))
    folder = settings.out / film_name(path)
    with RunLock(folder):
        forget(folder)
        with Ledger(folder / "run.json", _header(path, settings)) as ledger:
            most_s = None if minutes is None else minutes * 60
            store = store_of(settings)
            bench = StoreRunner(store, ledger, observer, most_s=most_s)
            family.announce = bench.say
            spoken = speak_story(parsed, settings, bench, path)
            for note in spoken.notes:
                bench.say(note)
            if spoken.diagnostics:
                observer.report(StoryWarned(spoken.diagnostics, parsed.source))
            using = with_clips_of(settings, parsed.story, path)
            result = RenderRun(path, spoken, using, folder, family, bench, ledger, ask).make()
        remember(
            path, settings, parsed, result,
            stages=ledger.stages, notes=ledger.notes, began_ns=began_ns,
        )  # fmt: skip
        return result


def _refuse_undrawable(parsed: ParsedStory) -> None:
    """Stop before anything is drawn where somebody would be a paper figure.

    Raises:
        StoryError: the engine cannot draw somebody of the story.
    """
    found = [
        replace(one, code=f"E{one.code[1:]}", severity=Severity.ERROR)
        for one in parsed.warnings
        if one.code == _UNDRAWABLE
    ]
    if found:
        raise StoryError(found, parsed.source)


_UNDRAWABLE = "W135"


def kept_film(path: Path, settings: Settings, observer: Observer) -> RenderResult | None:
    """Return the film of a story's last render if nothing has changed since, else None.

    The observer is told what a render would tell it that keeps every stage from before; nothing is
    read but the story, and nothing is written.
    """
    from ..tools.stages.runner import NoteAdded, StageFinished, StoryWarned, TakeJudged
    from .keeping.unchanged import unchanged_film

    found = unchanged_film(path, settings)
    if found is None:
        return None
    if found.warnings:
        observer.report(StoryWarned(found.warnings, found.result.source))
    for text in found.notes:
        observer.report(NoteAdded(text))
    for record in found.stages:
        observer.report(StageFinished(record))
    for take in found.result.film.takes:
        observer.report(TakeJudged(take))
    return found.result


def _header(path: Path, settings: Settings) -> Mapping[str, JSON]:
    from .. import __version__
    from ..dsl import visible

    return {
        "engine": settings.engine,
        "director": f"llm {settings.llm.model}" if settings.llm else "rules",
        "story": visible(str(path)),
        "strict": settings.strict,
        "dreamrunner": __version__,
    }
