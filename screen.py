"""Events and results -> what a person sees: progress rows, tables, verdicts in words.

A terminal gets one live row a stage and a shot with the time left; a pipe or a log gets plain
lines, one a finished piece of work. Only the door (`cli.py`) opens a screen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from .film import Measurement, StageRecord
from .plan import Plan, ShotPlan
from .production import Advanced, Event, Finished, Said, Started

_VERBS = {
    "plan": "planning",
    "retrieve": "searching clips",
    "adapt": "training",
    "render": "rendering",
    "measure": "measuring",
    "cut": "cutting",
}


class Screen:
    """An `Observer` that shows a run while it happens; open with `with`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: dict[str, TaskID] = {}
        self._live = console.is_terminal
        self._progress = Progress(
            _Mark(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[doing]}"),
            _TimeLeft(),
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
            case Said(text=text):
                self._console.print(f"[yellow]note[/]  {_plain(text)}", highlight=False)
            case Started() if self._live:
                self._start(event)
            case Advanced() if self._live:
                self._advance(event)
            case Finished(record=record) if self._live:
                self._finish(record)
            case Finished(record=record):
                self._console.print(_line(record), highlight=False, soft_wrap=True)
            case Started() | Advanced():
                pass  # A log keeps what is done, not how far along it was.

    def _start(self, event: Started) -> None:
        row = self._row(event.stage, event.shot)
        self._progress.reset(row, total=None, doing=_VERBS[event.stage], outcome="")

    def _advance(self, event: Advanced) -> None:
        row = self._row(event.stage, event.shot)
        self._progress.update(row, completed=event.done, total=event.total)

    def _finish(self, record: StageRecord) -> None:
        row = self._row(record.stage, record.shot)
        doing = f"{_PAST[record.stage]} {_how(record)}"
        self._progress.update(row, completed=1, total=1, doing=doing, outcome="done")

    def _row(self, stage: str, shot: str | None) -> TaskID:
        name = f"shot {shot}" if shot else stage
        if name not in self._rows:
            self._rows[name] = self._progress.add_task(name, total=None, doing="", outcome="")
        return self._rows[name]


_PAST = {
    "plan": "planned",
    "retrieve": "found",
    "adapt": "trained",
    "render": "rendered",
    "measure": "measured",
    "cut": "cut",
}


class _Mark(ProgressColumn):
    """A tick for what is done, a dot for what is going on."""

    def render(self, task: Task) -> Text:
        return Text("✓", "green") if task.fields["outcome"] == "done" else Text("·", "cyan")


class _TimeLeft(ProgressColumn):
    """The time left of a row whose length is known, else how long it has taken so far."""

    def render(self, task: Task) -> Text:
        if task.fields["outcome"] == "done":
            return Text("")
        if task.time_remaining is not None:
            return Text(f"{_clock(task.time_remaining)} left", "cyan")
        return Text(_clock(task.elapsed or 0.0), "dim")


def _clock(seconds: float) -> str:
    return time.strftime("%M:%S" if seconds < 3600 else "%H:%M:%S", time.gmtime(seconds))


def _how(record: StageRecord) -> str:
    return "before" if record.cached else f"in {record.seconds:.1f} s"


def _line(record: StageRecord) -> str:
    what = f"shot {record.shot}" if record.shot else ""
    note = f"  ({_plain(record.note)})" if record.note else ""
    made = "kept from before" if record.cached else f"made in {record.seconds:.1f} s"
    return f"{record.stage:<9}{what:<10}{made}{note}".rstrip()


def _plain(text: str) -> str:
    """Return text that Rich shows as it is: a writer's [brackets] are no markup."""
    return text.replace("[", r"\[")


def plan_table(plan: Plan) -> Table:
    """Return a plan as a table, a row a shot."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("shot", "length", "place", "who does what", "seed"):
        table.add_column(name, justify="right" if name in ("length", "seed") else "left")
    for shot in plan.shots:
        table.add_row(
            shot.id,
            f"{shot.duration_s:.1f} s",
            Text(shot.place.lower()),
            Text(_action(shot)),
            str(shot.seed),
        )
    return table


def _action(shot: ShotPlan) -> str:
    """Return who does what in a shot, in the order in which they begin."""
    said = [
        f"{beat.entity} {beat.motion}" + (f" to the {beat.facing}" if beat.facing == "left" else "")
        for beat in sorted(shot.beats, key=lambda b: b.start_s)
    ]
    idle = [e.id for e in shot.entities if shot.beat(e.id) is None]
    return ", ".join(said + idle) or "nobody"


def unmet_lines(unmet: Sequence[tuple[str, Measurement]]) -> list[str]:
    """Return what was expected and did not come out, one line each: shot, what, value, where."""
    lines = []
    for shot, found in unmet:
        subject = f" of {found.subject}" if found.subject else ""
        if found.value is None:
            value = f"not measured: {found.explanation}"
        else:
            value = f"{found.value:.2f}, wanted {found.threshold:.2f}" if (
                found.threshold is not None
            ) else f"{found.value:.2f}"
        place = f"  ({found.span})" if found.span else ""
        lines.append(f"shot {shot}: {found.metric}{subject} {value}{place}")
    return lines
