"""Behind the door: settings and a story in, a film out.

Nothing here prints, and nothing reads the environment: what happens is told to an `Observer`.
What is heavy is imported by the function that needs it, so that an unchanged story, whose stages
all lie in the store, ends without any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError, StoryError

if TYPE_CHECKING:
    from .dsl import ParsedStory
    from .filming import Outcome
    from .plan import Plan
    from .settings import Settings
    from .tools.library import Hit, Holdings
    from .tools.recipe import JSON
    from .tools.workbench import Observer


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
    from .filming import direct_story

    return direct_story(parse_story(path, settings.engine), settings)


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
    from .filming import open_library

    return open_library(settings, observer).search(query, limit)


def describe_library(settings: Settings, observer: Observer) -> Holdings:
    """Return what the library holds.

    Raises:
        LibraryError: the library cannot be drawn or read.
    """
    from .filming import open_library

    return open_library(settings, observer).describe()


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
    from .filming import Filming
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
        return Filming(path, parsed, settings, folder, family, bench, ledger).make()


def _header(path: Path, settings: Settings) -> Mapping[str, JSON]:
    from . import __version__

    return {
        "engine": settings.engine,
        "director": "rules",
        "story": str(path),
        "strict": settings.strict,
        "dreamrunner": __version__,
    }
