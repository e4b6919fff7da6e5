"""Events and a film -> what a person sees: progress rows, and verdicts in words.

A terminal gets one live row a stage and a shot with the time left; a pipe or a log gets plain
lines, one a finished piece of work. Only the door opens a screen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
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
from ..tools.stages.runner import (
    Event,
    NoteAdded,
    ShotsPlanned,
    StageAdvanced,
    StageFinished,
    StageStarted,
    StoryWarned,
    TakeJudged,
)
from .output import styled

if TYPE_CHECKING:
    from ..production.render import RenderResult

# Stage -> what is going on, and what is done.
_WORDS = {
    "plan": ("planning", "planned"),
    "library": ("preparing", "ready"),
    "retrieve": ("searching the library", "found"),
    "adapt": ("training", "trained"),
    "render": ("rendering", "rendered"),
    "measure": ("measuring", "measured"),
    "cut": ("cutting", "cut"),
}


class Screen:
    """An `Observer` that shows a run while it happens; open with `with`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: dict[str, TaskID] = {}
        self._live = console.is_terminal
        self._progress = Progress(
            _Mark(),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[doing]}", markup=False),
            _Bar(),
            _Clock(),
            console=console,
        )

    def __enter__(self) -> Self:
        if self._live:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._progress.stop()

    def report(self, event: Event) -> None:
        """Show one event."""
        match event:
            case NoteAdded(text=text):
                self._say(("note", "cyan"), f"   {text}")
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

    def _move(self, event: Event) -> None:
        """Bring the rows of a terminal up to date."""
        match event:
            case ShotsPlanned(shots=shots):
                for shot in shots:
                    self._row("render", shot)
            case StageStarted(stage=stage, shot=shot):
                row = self._row(stage, shot)
                self._progress.reset(row, total=None, doing=_WORDS[stage][0], state="going")
            case StageAdvanced(stage=stage, shot=shot, done=done, total=total):
                row = self._row(stage, shot)
                self._progress.update(row, completed=done, total=total)
                if stage == "library" and done == total:  # No stage of the film: nobody ends it.
                    self._progress.update(row, doing=_WORDS[stage][1], state="done")
            case StageFinished(record=record):
                row = self._row(record.stage, record.shot)
                doing = f"{_WORDS[record.stage][1]} {_when(record)}"
                self._progress.update(row, completed=1, total=1, doing=doing, state="done")

    def _row(self, stage: str, shot: str | None) -> TaskID:
        name = visible(f"shot {shot}" if shot else stage)
        if name not in self._rows:
            self._rows[name] = self._progress.add_task(
                name, total=None, doing="", state="waiting", start=False
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


class _Clock(ProgressColumn):
    """The time left of a row whose length is known, else how long it has taken so far."""

    def render(self, task: Task) -> Text:
        if task.fields["state"] != "going":
            return Text("")
        if task.time_remaining is not None:
            return Text(f"{_clock(task.time_remaining)} left", "cyan")
        return Text(_clock(task.elapsed or 0.0), "dim")


def _clock(seconds: float) -> str:
    return time.strftime("%M:%S" if seconds < 3600 else "%H:%M:%S", time.gmtime(seconds))


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
    if outcome.shortfalls:
        out.print(styled("\n", ("not as the page has it", "red")))
        out.print(diagnostics_text(outcome.shortfalls, outcome.source), end="", soft_wrap=True)
