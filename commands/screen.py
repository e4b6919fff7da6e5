"""Events and a film -> what a person sees: progress rows, and verdicts in words.

A terminal gets one live row for the film and one for each stage and shot, with the time left. A
pipe or a log gets plain lines: one for each finished piece of work, and one after every ten seconds
in which there was none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, RLock, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.progress_bar import ProgressBar
from rich.text import Text

from ..dsl import render_diagnostics, visible
from ..errors import Diagnostic
from ..film import StageRecord, Take
from ..tools.shortfalls import what_was_found
from ..tools.stages.runner import Event as WorkEvent
from ..tools.stages.runner import (
    FileWritten,
    NoteAdded,
    ShotsPlanned,
    StageAdvanced,
    StageFinished,
    StageStarted,
    StoryWarned,
    TakeJudged,
)
from .output import styled
from .progress import ENDS_WITH_ITS_STEPS, STAGE_WORDS, RunProgress, clock_words

if TYPE_CHECKING:
    from ..production.keeping.outcome import RenderResult

# A pipe hears of long work after so many seconds without a line, and that is looked for so often.
_SILENCE_S, _LOOK_S = 10.0, 1.0
_FILM = "film"


class Screen:
    """An `Observer` that shows a run while it happens; open with `with`."""

    def __init__(
        self,
        console: Console,
        *,
        paces: Callable[[], Mapping[str, float]] = dict,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a screen; `paces` returns the seconds that stages took in earlier runs."""
        self._console = console
        self._clock = clock
        self._run = RunProgress(clock, paces)
        self._last_line_s = clock()
        self._closed = Event()
        self._lock = RLock()
        self._look = Thread(target=self._look_for_silence, name="progress", daemon=True)
        self._rows: dict[str, TaskID] = {}
        self._live = console.is_terminal
        self._progress = Progress(
            _Mark(),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[doing]}", markup=False),
            _Bar(),
            _TimeLeft(self._run),
            console=console,
        )

    def __enter__(self) -> Self:
        if self._live:
            self._progress.start()
        else:
            self._look.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        if self._live:
            self._progress.stop()
        else:
            self._look.join()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to a question."""
        if self._live:
            self._progress.stop()
        try:
            yield
        finally:
            if self._live:
                self._progress.start()

    def report(self, event: WorkEvent) -> None:
        """Show one event."""
        with self._lock:
            self._run.report(event)
            self._show(event)

    def tick(self) -> None:
        """Write what is going on if nothing was written for long."""
        with self._lock:
            line = self._run.line()
            if line and self._clock() - self._last_line_s >= _SILENCE_S:
                self._say(f"{'working':<9}{line}")

    def _look_for_silence(self) -> None:
        while not self._closed.wait(_LOOK_S):
            self.tick()

    def _show(self, event: WorkEvent) -> None:
        match event:
            case NoteAdded(text=text):
                self._say(("note", "cyan"), f"   {text}")
            case FileWritten(what=what, path=path):
                self._say(("look", "cyan"), f"   {what}: {path}")
            case TakeJudged(take=take):
                for words in _shortcomings(take):
                    self._say(("short", "yellow"), f"  {words}")
            case StoryWarned(diagnostics=diagnostics, source=source):
                shown = diagnostics_text(diagnostics, source)
                self._console.print(shown, end="\n", soft_wrap=True)
            case _ if self._live:
                self._move(event)
            case StageFinished(record=record):
                self._say(_line(record))

    def _say(self, *parts: str | tuple[str, str]) -> None:
        self._console.print(styled(*parts), soft_wrap=True)
        self._last_line_s = self._clock()

    def _move(self, event: WorkEvent) -> None:
        """Bring the rows of a terminal up to date."""
        match event:
            case ShotsPlanned(shots=shots):
                film = self._row(_FILM, None)
                for shot in shots:
                    self._row("render", shot)
                self._restart(film, _FILM, None, self._run.film_words(), total=len(shots))
            case StageStarted(stage=stage, shot=shot):
                row = self._row(stage, shot)
                self._restart(row, stage, shot, STAGE_WORDS[stage][0])
            case StageAdvanced(stage=stage, shot=shot, done=done, total=total, note=note):
                row = self._row(stage, shot)
                self._progress.update(row, completed=done, total=total)
                if note:
                    self._progress.update(row, doing=f"{STAGE_WORDS[stage][0]}, {note}")
                if stage in ENDS_WITH_ITS_STEPS and done == total:
                    self._progress.update(row, doing=STAGE_WORDS[stage][1], state="done")
            case StageFinished(record=record):
                row = self._row(record.stage, record.shot)
                doing = f"{STAGE_WORDS[record.stage][1]} {_when(record)}"
                self._progress.update(row, completed=1, total=1, doing=doing, state="done")
                if _FILM in self._rows:
                    state = "done" if record.stage == "cut" else "going"
                    self._progress.update(
                        self._rows[_FILM],
                        completed=self._run.drawn,
                        doing=self._run.film_words(),
                        state=state,
                    )

    def _restart(
        self, row: TaskID, stage: str, shot: str | None, doing: str, *, total: int | None = None
    ) -> None:
        self._progress.reset(row, total=total, doing=doing, state="going", stage=stage, shot=shot)

    def _row(self, stage: str, shot: str | None) -> TaskID:
        name = visible(f"shot {shot}" if shot else stage)
        if name not in self._rows:
            self._rows[name] = self._progress.add_task(
                name, total=None, doing="", state="waiting", stage=stage, shot=shot, start=False
            )
        return self._rows[name]


class _Mark(ProgressColumn):
    """A tick for what is done, a dot for what is going on."""

    def render(self, task: Task) -> Text:
        marks = {"done": Text("✓", "green"), "going": Text("•", "cyan")}
        return marks.get(task.fields["state"], Text("·", "dim"))


class _Bar(ProgressColumn):
    """A bar for what is going on and nobody else."""

    def render(self, task: Task) -> ProgressBar | Text:
        if task.fields["state"] != "going":
            return Text("")
        pulse, now = task.total is None, task.get_time()
        return ProgressBar(task.total, task.completed, 24, pulse=pulse, animation_time=now)


class _TimeLeft(ProgressColumn):
    """The time left of what is going on; where nothing tells it, the time that it has taken."""

    def __init__(self, run: RunProgress) -> None:
        self._run = run
        super().__init__()

    def render(self, task: Task) -> Text:
        if task.fields["state"] != "going":
            return Text("")
        stage, shot = task.fields["stage"], task.fields["shot"]
        left_s = self._run.film_left_s() if stage == _FILM else self._run.left_s(stage, shot)
        if left_s is not None:
            return Text(f"{clock_words(left_s)} left", "cyan")
        if stage == _FILM:
            return Text("")
        return Text(f"{clock_words(self._run.elapsed_s(stage, shot))} so far", "dim")


def _when(record: StageRecord) -> str:
    return "before" if record.cached else f"in {record.seconds:.1f} s"


def _line(record: StageRecord) -> str:
    what = f"shot {record.shot}" if record.shot else ""
    note = f"  ({record.note})" if record.note else ""
    made = "kept from before" if record.cached else f"made in {record.seconds:.1f} s"
    return f"{record.stage:<9}{what:<10}{made}{note}".rstrip()


def _shortcomings(take: Take) -> list[str]:
    """Return what a take fell short of; a good one needs no words."""
    wanted = {a.id: a for a in take.plan.assertions} if take.plan else {}
    return [
        f"shot {take.shot}, take {take.number}: {what_was_found(wanted[found.assertion], found)}"
        for found in take.verdict.failed
        if found.assertion in wanted
    ]


def diagnostics_text(diagnostics: Sequence[Diagnostic], source: str) -> Text:
    """Return diagnostics with their carets, coloured by severity."""
    text = Text(render_diagnostics(diagnostics, source))
    text.highlight_regex(r"(?m)^error\[\w+\]", "bold red")
    text.highlight_regex(r"(?m)^warning\[\w+\]", "bold yellow")
    text.highlight_regex(r"(?m)^ *\| +\^+$", "cyan")
    text.highlight_regex(r"(?m)^ *= help:", "bold")
    return text


def show_outcome(out: Console, outcome: RenderResult) -> None:
    """Show where the film is and what of it is not as the page has it."""
    film, count = outcome.film, len(outcome.film.clips)
    length = f"{count} shot{'s' * (count != 1)}, {film.duration_s:.1f} s"
    out.print(styled((film.title, "bold"), f"  {length}, drawn by {outcome.engine}"))
    for name, path in (("film", Path(film.path)), ("report", outcome.report)):
        out.print(f"  {name:<8}{path}", soft_wrap=True)
    if outcome.changed:
        shots = ", ".join(outcome.changed)
        kept = "their changes" if len(outcome.changed) > 1 else "its change"
        out.print(
            f"  changed {shots}; `dreamrunner accept {outcome.story} [SHOT]` writes {kept} into "
            f"the story, {outcome.folder / 'patches'} shows them",
            soft_wrap=True,
        )
    if outcome.shortfalls:
        out.print(styled("\n", ("not as the page has it", "red")))
        out.print(diagnostics_text(outcome.shortfalls, outcome.source), end="", soft_wrap=True)
