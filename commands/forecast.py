"""What a render would take -> lines for a person, or a record for another program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from .screen import plain

if TYPE_CHECKING:
    from ..production.forecast import Forecast
    from ..tools.stages.dry_run import PendingJob

# What a stage does, in the words of the table; measuring follows from drawing and is not listed.
_DOES = {"retrieve": "search", "adapt": "train", "render": "draw", "cut": "cut"}
_MOST_REASONS = 3


def show_forecast(out: Console, forecast: Forecast, over: Sequence[str]) -> None:
    """Show what would be made and why, what would be asked, how long it takes, what is too much."""
    plan, due = forecast.plan, len(forecast.due)
    count = len(plan.shots)
    out.print(
        f"[bold]{plain(plan.title)}[/]  {count} shot{'s' * (count != 1)}, {count - due} kept from "
        f"before, {due} to be drawn",
        highlight=False,
    )
    rows = [pending for pending in forecast.pending if pending.stage in _DOES]
    if rows:
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for name in ("do", "what", "because"):
            table.add_column(name)
        for pending in rows:
            table.add_row(*(plain(words) for words in _row(pending)))
        out.print()
        out.print(table)
    out.print()
    for name, words in _totals(forecast):
        out.print(f"[bold]{name:<10}[/]{plain(words)}", soft_wrap=True, highlight=False)
    for words in over:
        out.print(f"[red]too much[/]  {plain(words)}", soft_wrap=True, highlight=False)


def forecast_record(forecast: Forecast, over: Sequence[str]) -> Mapping[str, object]:
    """Return a forecast for another program."""
    from dataclasses import asdict

    return {
        "title": forecast.plan.title,
        "shots": [shot.id for shot in forecast.plan.shots],
        "pending": [asdict(pending) for pending in forecast.pending],
        "counts": dict(forecast.counts),
        "seconds": round(forecast.seconds, 1),
        "seconds_each": {stage: asdict(pace) for stage, pace in forecast.pace.items()},
        "untimed": list(forecast.untimed),
        "further_takes": forecast.tries,
        "asking": asdict(forecast.asking) if forecast.asking else None,
        "over": list(over),
    }


def _row(pending: PendingJob) -> tuple[str, str, str]:
    what = f"shot {pending.shot}" if pending.shot else pending.about or "the film"
    more = len(pending.reasons) - _MOST_REASONS
    reasons = [*pending.reasons[:_MOST_REASONS], *([f"and {more} more"] if more > 0 else [])]
    return _DOES[pending.stage], what, "; ".join(reasons)


def _totals(forecast: Forecast) -> Iterator[tuple[str, str]]:
    asked = forecast.asking
    if asked is None:
        yield "director", "the rules; nobody is asked"
    elif not asked.calls:
        yield "director", f"all {asked.remembered} answers are on the cassette; nobody is asked"
    else:
        cost = f", cost {asked.cost:.4f}" if asked.cost is not None else ""
        yield (
            "director",
            f"{asked.calls} question{'s' * (asked.calls != 1)} or more, about "
            f"{asked.tokens_in:,} tokens in and {asked.tokens_out:,} out{cost}; "
            f"{asked.remembered} answered by the cassette. Until they are answered, the shots "
            "above are those of the rules",
        )
    yield "time", "; ".join(_times(forecast)) or "nothing is to be made"
    if forecast.tries:
        yield "at most", f"{forecast.tries} further takes, where shots fail"


def _times(forecast: Forecast) -> Iterator[str]:
    from ..production.forecast import how_long

    counts = {stage: n for stage, n in forecast.counts.items() if stage in forecast.pace}
    if counts:
        yield f"about {how_long(forecast.seconds)} on this machine"
    for stage, count in counts.items():
        pace = forecast.pace[stage]
        if stage in ("render", "adapt"):
            yield f"{stage} {count} x {pace.seconds:.1f} s, {pace.known_by}"
    if forecast.untimed:
        yield f"not known yet how long: {', '.join(forecast.untimed)}"
