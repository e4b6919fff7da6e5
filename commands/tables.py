"""A plan, a library, a machine, a forecast -> the lines and tables that a person reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..dsl import visible
from ..film import Take
from ..plan import Plan, ShotPlan
from .output import styled

if TYPE_CHECKING:
    from ..film import Adapter, TrialRecord
    from ..production.doctor import Finding
    from ..production.forecast import Forecast
    from ..tools.library import Addition, Credit, Hit, Holdings, LibraryClip
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


def takes_table(takes: Sequence[Take]) -> Table:
    """Return the takes of a film as a table, a row a take; a star stands at those it shows."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("shot", "take", "shown", "score", "seed", "what failed"):
        table.add_column(name, justify="right" if name in ("take", "score", "seed") else "left")
    for take in takes:
        failed = ", ".join(f"{m.metric} {m.subject or ''}".strip() for m in take.verdict.failed)
        judged = any(m.passed is not None for m in take.verdict.measurements)
        verdict = failed or ("nothing" if judged else "not measured")
        score, seed = f"{take.verdict.score:.2f}", str(take.seed)
        table.add_row(take.shot, str(take.number), "*" if take.kept else "", score, seed, verdict)
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
        left = name in ("caption", "clip")
        table.add_column(name, justify="left" if left else "right", overflow="fold")
    for hit in hits:
        scores = (f"{score:.2f}" for score in (hit.fused, hit.bm25, hit.dense))
        table.add_row(str(hit.rank), *scores, hit.clip.caption, hit.clip.id)
    return table


def clips_table(clips: Sequence[LibraryClip]) -> Table:
    """Return clips as a table, a row a clip."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("clip", "length", "size", "caption", "licence"):
        table.add_column(name, justify="right" if name == "length" else "left", overflow="fold")
    for clip in clips:
        size = f"{clip.width}x{clip.height}"
        table.add_row(clip.id, f"{clip.duration_s:.1f} s", size, clip.caption, clip.licence)
    return table


def clip_table(clip: LibraryClip, path: Path) -> Table:
    """Return all that is known of a clip as a table, a row a fact."""
    facts = [
        ("clip", clip.id),
        ("caption", f"{clip.caption}  (by {clip.captioned_by or 'unknown'})"),
        ("video", str(path)),
        ("from", f"{clip.origin} at {clip.start_s:.1f} s" if clip.origin else ""),
        ("length", f"{clip.frames} frames, {clip.duration_s:.2f} s at {clip.fps:.4g} a second"),
        ("size", f"{clip.width}x{clip.height}"),
        ("mended", "; ".join(clip.mended)),
        ("movement", _amount(clip.motion_amount, "levels of 255 in an eighth of a second")),
        ("sharpness", _amount(clip.sharpness, "levels at its edges")),
        ("motions", ", ".join(clip.motions)),
        ("characters", ", ".join(clip.characters)),
        ("place", clip.place),
        ("licence", clip.licence),
        ("source", clip.source),
        ("sha256", clip.sha256),
    ]
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in facts:
        if value:
            table.add_row(styled((name, "bold")), value)
    return table


def _amount(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.1f} {unit}"


_MOST_ALIKE = 5


def show_addition(out: Console, made: Addition, folder: Path) -> None:
    """Show what was taken into a library, what was left out and why, and what may be missing."""
    added = made.added
    out.print(
        styled(
            (f"{len(added)} clip{'s' * (len(added) != 1)} added", "bold"),
            f"  {len(made.manifest.clips)} are in the library now, {made.unchanged} videos were "
            f"known; {folder}",
        ),
        soft_wrap=True,
    )
    shots = sum("it is one of" in " ".join(clip.mended) for clip in added)
    mended = Counter(reason for clip in added for reason in clip.mended if "one of" not in reason)
    named = sum(clip.captioned_by == "its name" for clip in added)
    bare = sum(clip.licence == "unknown" for clip in added)
    for count, words in (
        (shots, "are shots of longer films"),
        *((count, f"were mended: {reason}") for reason, count in mended.most_common()),
        (named, "are captioned by their files' names"),
        (bare, "have no known licence: --licence says one"),
        (len(made.gone), "are gone from the folder, and from the library"),
    ):
        if count:
            out.print(styled(("note", "cyan"), f"   {count} {words}"), soft_wrap=True)
    alike: dict[str, int] = {}
    for refusal in made.refused:
        alike[refusal.reason] = alike.get(refusal.reason, 0) + 1
        if alike[refusal.reason] <= _MOST_ALIKE:
            words = f"  {Path(refusal.file).name}: {refusal.reason}"
            out.print(styled(("left out", "yellow"), words), soft_wrap=True)
    for reason, count in alike.items():
        if count > _MOST_ALIKE:
            words = f"  {count - _MOST_ALIKE} more: {reason} (--json names them)"
            out.print(styled(("left out", "yellow"), words), soft_wrap=True)


def credit_lines(owed: Sequence[Credit]) -> Iterator[str]:
    """Yield credits as plain lines: a licence, and under it its sources."""
    for number, one in enumerate(owed):
        if number == 0 or one.licence != owed[number - 1].licence:
            yield f"{one.licence}"
        count = len(one.clips)
        yield f"  {one.source}  ({count} clip{'s' * (count != 1)})"


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
