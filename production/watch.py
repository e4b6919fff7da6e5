"""A story that is being written -> its storyboard and animatic, drawn anew at every save.

A round checks, plans and draws; what is drawn lies in the store, so only what changed is drawn
again. A save that cannot be filmed shows its mistakes and keeps the pictures of the last that
could.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING

import watchfiles

from ..dsl import render_diagnostics, summary_line, used_files
from ..engine.lazy import LazyFamily
from ..errors import DreamRunnerError
from ..film import film_name
from ..tools.stages.animatic import join_clips
from ..tools.stages.ledger import Ledger
from ..tools.stages.render import StageRenderer
from ..tools.stages.runner import Event as WorkEvent
from ..tools.stages.runner import StoreRunner
from ..tools.store.store import Store
from ..tools.storyboard.picture import draw_storyboard
from ..tools.storyboard.preview import Preview, PreviewState
from .direct import direct_story, keep_parses
from .facade import check_story

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..plan import Plan
    from .settings import Settings

ENGINE = "animatic"
# Editors save in several steps: so much silence ends a save, and so much noise is one anyway.
_SETTLED_MS, _LONGEST_SAVE_MS = 60, 400
_LOOK_MS = 1000


@dataclass(frozen=True, slots=True)
class WatchRound:
    """What one save came to. `errors` is True where it could not be drawn."""

    summary: str
    errors: bool
    seconds: float


class _NoProgress:
    """Watches the stages: a round is told of as a whole."""

    def report(self, event: WorkEvent) -> None:
        """Pass it over."""


class Watcher:
    """Follows one story: every `turn` is a round."""

    def __init__(self, path: Path, settings: Settings, folder: Path, preview: Preview) -> None:
        self._path, self._settings, self._folder = path, settings, folder
        self._preview = preview
        self._family, self._store = LazyFamily(ENGINE), Store(settings.store)

    def turn(self) -> WatchRound:
        """Check, plan and draw the story as it now is, and show what came of it."""
        began = time.monotonic()
        keep_parses(self._settings)
        try:
            parsed = check_story(self._path, self._settings.engine, deep=True)
            if parsed.errors or parsed.story is None:
                text = render_diagnostics(parsed.diagnostics, parsed.source)
                return self._failed(summary_line(parsed.diagnostics), text, began)
            return self._drawn(parsed, began)
        except DreamRunnerError as error:
            return self._failed("this save could not be drawn", str(error), began)

    def _failed(self, summary: str, text: str, began: float) -> WatchRound:
        shown = self._preview.scenery
        self._preview.show(replace(shown, summary=summary, diagnostics=text, stale=True))
        return WatchRound(summary, True, time.monotonic() - began)

    def _drawn(self, parsed: ParsedStory, began: float) -> WatchRound:
        plan = direct_story(parsed, self._settings, self._path).plan
        pictures = draw_storyboard(plan, path=self._folder / "storyboard.png")
        warnings = render_diagnostics(parsed.diagnostics, parsed.source)
        count = len(plan.shots)
        summary = f"{count} shot{'s' * (count != 1)}, {plan.duration_s:.1f} s"
        before = self._preview.scenery
        scenery = PreviewState(plan.title, pictures, before.film, warnings, summary)
        self._preview.show(replace(scenery, versions=_versions(scenery)))
        scenery = replace(scenery, film=self._film(plan))
        self._preview.show(replace(scenery, versions=_versions(scenery)))
        return WatchRound(summary, False, time.monotonic() - began)

    def _film(self, plan: Plan) -> Path:
        ledger = Ledger(self._folder / "run.json", {"engine": ENGINE, "story": str(self._path)})
        with ledger:
            bench = StoreRunner(self._store, ledger, _NoProgress())
            renderer = StageRenderer(bench, self._family, film_name(self._path))
            clips = [renderer.render(shot, (), None) for shot in plan.shots]
            return join_clips(plan, clips, self._folder / "animatic.mp4")


def _versions(scenery: PreviewState) -> dict[str, str]:
    """Return a hash of each file: an address that changes when the file does."""
    found = scenery.files.items()
    return {name: sha256(path.read_bytes()).hexdigest()[:16] for name, path in found}


def saves(path: Path, stop: Event | None = None) -> Iterator[None]:
    """Yield at once, and at every save of the story, of one beside it or of one that it uses."""
    seen = _signatures(path)
    yield
    while stop is None or not stop.is_set():
        folders = {file.parent for file in seen}
        for changes in watchfiles.watch(
            *folders,
            watch_filter=lambda _, name: Path(name).suffix in {path.suffix, ".story"},
            debounce=_LONGEST_SAVE_MS,
            step=_SETTLED_MS,
            stop_event=stop,
            recursive=False,
            # What was saved before the folders were watched, or on a disk that tells of nothing.
            yield_on_timeout=True,
            rust_timeout=_LOOK_MS,
        ):
            now = _signatures(path) if changes else {file: _signature(file) for file in seen}
            if changes or now != seen:
                seen = now
                yield
            if {file.parent for file in seen} != folders:
                break
        else:
            return


def _signatures(path: Path) -> dict[Path, tuple[int, int] | None]:
    """Return what tells a save of the story, and of each file that it uses, from the one before."""
    return {file: _signature(file) for file in (path.resolve(), *used_files(path))}


def _signature(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def watch_story(
    path: Path,
    settings: Settings,
    *,
    port: int,
    opened: Callable[[str], None],
    told: Callable[[WatchRound], None],
    stop: Event | None = None,
) -> None:
    """Draw a story now and at every save, until `stop` is set or the user interrupts.

    Args:
        port: where the page is, on this machine alone; 0 takes a free one.
        opened: told the page's address once it is there.
        told: told what each save came to.

    Raises:
        BusyError: the port is taken.
    """
    with (
        TemporaryDirectory(prefix="dreamrunner-watch-") as folder,
        Preview(path.name, port) as preview,
    ):
        watcher = Watcher(path, settings, Path(folder), preview)
        opened(preview.address)
        for _ in saves(path, stop):
            told(watcher.turn())
