"""Behind the door: settings and a story in, a film out. Joins agents, tools and engine.

Nothing here prints, and nothing reads the environment: what happens is told to an `Observer`.
What is heavy is imported by the function that needs it, so that an unchanged story, whose stages
all lie in the store, ends without any of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import DreamRunnerError, InputError, OutputError, StoryError

if TYPE_CHECKING:
    from .dsl import ParsedStory
    from .engine.family import Family
    from .film import Film, Measurement
    from .plan import Capabilities, Plan
    from .story import Story
    from .tools.ledger import Ledger
    from .tools.workbench import Observer, Workbench

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the writer chose. `seed` stands in for a story that names none."""

    store: Path
    engine: str = "storybook"
    out: Path = Path("out")
    seed: int | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished render: the film, where everything is, and what is not as planned.

    `unmet` holds the shot and the measurement of every assertion of a kept take that failed or,
    where the writer asked for it with `@expect`, could not be judged.
    """

    film: Film
    engine: str
    folder: Path
    unmet: tuple[tuple[str, Measurement], ...]
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

    return load_story(path, capabilities=capabilities_of(engine))


def capabilities_of(engine: str) -> Capabilities:
    """Return what an engine can draw, without loading its model."""
    from .engine.family import capabilities

    return capabilities(engine)
