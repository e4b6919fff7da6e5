"""A plan, a library, a machine -> tables and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from ..plan import Plan, ShotPlan
from .screen import plain

if TYPE_CHECKING:
    from ..production.doctor import Finding
    from ..tools.library import Hit, Holdings

# A figure that moves less than this much of the frame's width is not said to go anywhere.
_STANDS = 0.05


def finding_lines(finding: Finding) -> list[str]:
    """Return what the doctor found, and under it what to do about it."""
    mark = {"ok": "[green]ok    [/]", "absent": "[yellow]absent[/]", "broken": "[red]broken[/]"}
    lines = [f"{mark[finding.state]}  {finding.name:<17} {plain(finding.text)}"]
    if finding.remedy:
        lines.append(f"        [dim]{plain(finding.remedy)}[/]")
    return lines


def plan_table(plan: Plan) -> Table:
    """Return a plan as a table, a row a shot."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("shot", "length", "place", "who does what", "seed"):
        table.add_column(name, justify="right" if name in ("length", "seed") else "left")
    for shot in plan.shots:
        length, seed = f"{shot.duration_s:.1f} s", str(shot.seed)
        place, action = plain(shot.place.lower()), plain(_action(shot))
        table.add_row(plain(shot.id), length, place, action, seed)
    return table


def why_table(plan: Plan) -> Table:
    """Return where each motion, box and prompt of a plan came from, a row a decision."""
    from ..tools.storyboard.page import why

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("shot", "what", "because of"):
        table.add_column(name)
    for shot in plan.shots:
        for origin in shot.origins:
            table.add_row(plain(shot.id), *(plain(words) for words in why(origin)))
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
        table.add_row(str(hit.rank), *scores, plain(hit.clip.caption), plain(hit.clip.id))
    return table


def holdings_table(held: Holdings) -> Table:
    """Return what a library holds as a table, a row a kind of thing."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("[bold]clips[/]", f"{held.clips}, {held.duration_s / 60:.0f} minutes")
    for name, counts in (
        ("motions", held.motions),
        ("characters", held.characters),
        ("places", held.places),
        ("licences", held.licences),
    ):
        counted = ", ".join(f"{thing} {count}" for thing, count in counts.items())
        table.add_row(f"[bold]{name}[/]", plain(counted))
    if held.refused:
        table.add_row("[bold]refused[/]", str(held.refused))
    return table
