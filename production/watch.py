"""A story that is being written -> its storyboard and animatic, drawn anew at every save.

A round checks, plans and draws. Clips are kept in the store, so that only changed shots are drawn
again. After a save that cannot be filmed the page shows the mistakes and the pictures of the last
save that could.
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

from ..dsl import render_diagnostics, summary_line, used_files, visible
from ..engine.lazy import LazyFamily
from ..errors import DreamRunnerError
from ..film import film_name
from ..tools.stages.animatic import join_clips
from ..tools.stages.ledger import Ledger
from ..tools.stages.render import StageRenderer
from ..tools.stages.runner import Event as WorkEvent
from ..tools.stages.runner import StoreRunner
from ..tools.storyboard.picture import draw_storyboard, unwritable_words
from ..tools.storyboard.preview import Preview, PreviewState
from .direct import direct_story, keep_parses
from .facade import check_story
from .settings import store_of

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..plan import Plan
    from .settings import Settings

ENGINE = "animatic"
# Editors save in several steps: a save ends after a pause, and after the longest time in any case.
_PAUSE_MS, _LONGEST_SAVE_MS = 60, 400
_POLL_MS = 1000


@dataclass(frozen=True, slots=True)
class WatchRound:
    """The outcome of one save. `errors` is True where it could not be drawn."""

    summary: str
    errors: bool
    seconds: float


class _NoProgress:
    """An observer that shows no stage: a round is reported as a whole."""

    def report(self, event: WorkEvent) -> None:
        """Ignore the event."""


class Watcher:
    """Draws one story and shows it on a preview."""

    def __init__(self, path: Path, settings: Settings, folder: Path, preview: Preview) -> None:
        self._path, self._settings, self._folder = path, settings, folder
        self._preview = preview
        self._family, self._store = LazyFamily(ENGINE), store_of(settings)

    def draw(self) -> WatchRound:
        """Check, plan and draw the story as it now is, and show the outcome."""
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
        shown = self._preview.state
        self._preview.show(replace(shown, summary=summary, diagnostics=text, stale=True))
        return WatchRound(summary, True, time.monotonic() - began)

    def _drawn(self, parsed: ParsedStory, began: float) -> WatchRound:
        plan = direct_story(parsed, self._settings, self._path).plan
        pictures = draw_storyboard(plan, path=self._folder / "storyboard.png")
        warnings = render_diagnostics(parsed.diagnostics, parsed.source)
        if note := unwritable_words(plan):
            warnings = f"{warnings}\n{note}".strip()
        count = len(plan.shots)
        summary = f"{count} shot{'s' * (count != 1)}, {plan.duration_s:.1f} s"
        before = self._preview.state
        state = PreviewState(plan.title, pictures, before.film, warnings, summary)
        self._preview.show(replace(state, versions=_versions(state)))
        state = replace(state, film=self._film(plan))
        self._preview.show(replace(state, versions=_versions(state)))
        return WatchRound(summary, False, time.monotonic() - began)

    def _film(self, plan: Plan) -> Path:
        ledger = Ledger(
            self._folder / "run.json", {"engine": ENGINE, "story": visible(str(self._path))}
        )
        with ledger:
            bench = StoreRunner(self._store, ledger, _NoProgress())
            renderer = StageRenderer(bench, self._family, film_name(self._path))
            clips = [renderer.render(shot, (), None) for shot in plan.shots]
            return join_clips(plan, clips, self._folder / "animatic.mp4")


def _versions(state: PreviewState) -> dict[str, str]:
    """Return a hash of each file: an address that changes when the file does."""
    found = state.files.items()
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
            step=_PAUSE_MS,
            stop_event=stop,
            recursive=False,
            # For a save before the folders were watched, or on a disk that reports no changes.
            yield_on_timeout=True,
            rust_timeout=_POLL_MS,
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
    on_open: Callable[[str], None],
    on_round: Callable[[WatchRound], None],
    stop: Event | None = None,
) -> None:
    """Draw a story now and at every save, until `stop` is set or the user interrupts.

    Args:
        port: where the page is, on this machine alone; 0 takes a free one.
        on_open: called with the page's address once it is served.
        on_round: called with the outcome of each save.

    Raises:
        BusyError: the port is taken.
    """
    with (
        TemporaryDirectory(prefix="dreamrunner-watch-") as folder,
        Preview(visible(path.name), port) as preview,
    ):
        watcher = Watcher(path, settings, Path(folder), preview)
        on_open(preview.address)
        for _ in saves(path, stop):
            on_round(watcher.draw())
