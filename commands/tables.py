"""A plan, a library, a machine, a forecast -> the lines and tables that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..dsl import visible
from ..plan import Plan, ShotPlan
from .output import styled

if TYPE_CHECKING:
    from ..film import Adapter, TrialRecord
    from ..production.doctor import Finding
    from ..production.forecast import Forecast
    from ..tools.library import Hit, Holdings
    from ..tools.stages.dry_run import PendingJob

# A figure that moves less than this much of the frame's width is not said to go anywhere.
_STANDS = 0.05


def finding_lines(finding: Finding) -> list[Text]:
    """Return what the doctor found, and under it what to do about it."""
    colour = {"ok": "green", "absent": "yellow", "broken": "red"}[finding.state]
    lines = [styled((f"{finding.state:<6}", colour), f"  {finding.name:<17} {finding.text}")]
    if finding.remedy:
        lines.append(styled((f"        {finding.remedy}", "dim")))
    return lines


def adapters_table(adapters: Sequence[Adapter]) -> Table:
    """Return adapters as a table, a row an adapter."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("name", "kind", "key", "for", "steps", "loss", "what it is"):
        table.add_column(name)
    for one in adapters:
        table.add_row(
            visible(one.name), one.kind, one.key[:10], one.base[:10], str(one.steps),
            f"{one.loss:.4f}", one.means,
        )  # fmt: skip
    return table


def adapter_lines(adapter: Adapter) -> Iterator[Text]:
    """Yield what is known of an adapter, a line a fact."""
    facts = {
        "teaches": f"{adapter.kind} {adapter.name}",
        "is": adapter.means,
        "called by": adapter.trigger,
        "for": adapter.base,
        "step": str(adapter.steps),
        "loss": f"{adapter.loss:.4f}, {adapter.checks[0][1]:.4f} before" if adapter.checks else "",
        "learnt from": ", ".join(adapter.clips),
        "key": adapter.key,
        "file": adapter.path,
    }
    for name, words in facts.items():
        if words:
            yield styled((f"{name:<12}", "bold"), visible(words))


def trial_table(trial: TrialRecord) -> Table:
    """Return what an adapter changes, a row whom it was given to and a column a region."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    regions = list(next(iter(trial.change.values())))
    table.add_column("given to")
    for region in regions:
        table.add_column(f"change in {region}", justify="right")
    for own, row in trial.change.items():
        table.add_row(own, *(f"{row[region]:.2f}" for region in regions))
    return table


def plan_table(plan: Plan) -> Table:
    """Return a plan as a table, a row a shot."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("shot", "length", "place", "who does what", "seed"):
        table.add_column(name, justify="right" if name in ("length", "seed") else "left")
    for shot in plan.shots:
        length, seed = f"{shot.duration_s:.1f} s", str(shot.seed)
        table.add_row(shot.id, length, shot.place.lower(), _action(shot), seed)
    return table


def why_table(plan: Plan) -> Table:
    """Return where each motion, box and prompt of a plan came from, a row a decision."""
    from ..tools.storyboard.page import why

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("shot", "what", "because of"):
        table.add_column(name)
    for shot in plan.shots:
        for origin in shot.origins:
            table.add_row(shot.id, *why(origin))
    return table


def _action(shot: ShotPlan) -> str:
    """Return who does what in a shot, in the order in which they begin."""
    said = [
        f"{beat.entity} {beat.motion}{_heading(shot, beat.entity, beat.start_s, beat.end_s)}"
        for beat in sorted(shot.beats, key=lambda b: b.start_s)
    ]
    idle = [e.id for e in shot.entities if shot.beat(e.id) is None]
    return ", ".join(said + idle) or "nobody"


def _heading(shot: ShotPlan, entity: str, start_s: float, end_s: float) -> str:
    """Return where an entity goes, as an arrow."""
    before, after = shot.box_at(entity, start_s), shot.box_at(entity, end_s)
    if before is None or after is None:
        return ""
    along = after.center[0] - before.center[0]
    down = after.center[1] - before.center[1]
    if max(abs(along), abs(down)) < _STANDS:
        return ""
    if abs(along) >= abs(down):
        return " →" if along > 0 else " ←"
    return " ↓" if down > 0 else " ↑"


def hits_table(hits: Sequence[Hit]) -> Table:
    """Return what a search found as a table, a row a clip, best first."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("", "score", "words", "meaning", "caption", "clip"):
        table.add_column(name, justify="left" if name in ("caption", "clip") else "right")
    for hit in hits:
        scores = (f"{score:.2f}" for score in (hit.fused, hit.bm25, hit.dense))
        table.add_row(str(hit.rank), *scores, hit.clip.caption, hit.clip.id)
    return table


def holdings_table(held: Holdings) -> Table:
    """Return what a library holds as a table, a row a kind of thing."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_row(styled(("clips", "bold")), f"{held.clips}, {held.duration_s / 60:.0f} minutes")
    for name, counts in (
        ("motions", held.motions),
        ("characters", held.characters),
        ("places", held.places),
        ("licences", held.licences),
    ):
        counted = ", ".join(f"{thing} {count}" for thing, count in counts.items())
        table.add_row(styled((name, "bold")), counted)
    if held.refused:
        table.add_row(styled(("refused", "bold")), str(held.refused))
    return table


# What a stage does, in the words of the table; measuring follows from drawing and is not listed.
_DOES = {"retrieve": "search", "adapt": "train", "render": "draw", "cut": "cut"}
_MOST_REASONS = 3


def show_forecast(out: Console, forecast: Forecast, over: Sequence[str]) -> None:
    """Show what would be made and why, what would be asked, how long it takes, what is too much."""
    plan, due = forecast.plan, len(forecast.due)
    count = len(plan.shots)
    shots = f"{count} shot{'s' * (count != 1)}, {count - due} kept from before, {due} to be drawn"
    out.print(styled((plan.title, "bold"), f"  {shots}"))
    rows = [pending for pending in forecast.pending if pending.stage in _DOES]
    if rows:
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for name in ("do", "what", "because"):
            table.add_column(name)
        for pending in rows:
            table.add_row(*_row(pending))
        out.print()
        out.print(table)
    out.print()
    for name, words in _totals(forecast):
        out.print(styled((f"{name:<10}", "bold"), words), soft_wrap=True)
    for words in over:
        out.print(styled(("too much", "red"), f"  {words}"), soft_wrap=True)


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
