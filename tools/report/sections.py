"""How a film came to be (stages, settings, library) -> its part of the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...film import Retrieval, RetrievedClip, StageRecord
from ...plan import Plan
from ..pages.html import Content, Markup, join, tag

_MOST_REJECTED = 12


def table(names: Sequence[str], rows: Iterable[Sequence[Content]]) -> Markup:
    """Return a table whose cells know their column's name, for narrow screens."""
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in names]))
    body = [
        tag("tr", [tag("td", c, data_name=n) for n, c in zip(names, row, strict=True)])
        for row in rows
    ]
    return tag("div", tag("table", head, tag("tbody", body)), class_="wide")


def stages_section(stages: Sequence[StageRecord]) -> Content:
    """Show what was made, what was there already, and why."""
    if not stages:
        return ""
    kept = sum(stage.cached for stage in stages)
    seconds = sum(stage.seconds for stage in stages)
    rows = [
        (
            stage.stage,
            stage.shot or "—",
            tag("span", "kept" if stage.cached else "made", class_="kept" if stage.cached else ""),
            f"{stage.seconds:.1f} s",
            stage.note or "—",
            tag("code", stage.key[:10]),
        )
        for stage in stages
    ]
    return _section(
        "What was made",
        tag(
            "p",
            f"{kept} of {len(stages)} results were there already; "
            f"the others took {_duration(seconds)}.",
        ),
        table(("Stage", "Shot", "Result", "Time", "Why", "Key"), rows),
    )


def settings_section(plan: Plan) -> Content:
    """Show what every shot was sampled with."""
    rows = [
        (
            shot.id,
            str(shot.seed),
            str(shot.settings.steps),
            f"{shot.settings.guidance:g}",
            f"on, {shot.settings.overlap}" if shot.settings.regions else "off",
            f"{shot.settings.adapter_scale:g}",
            "the shot before" if shot.settings.continue_from_previous else "noise",
            str(shot.tries),
        )
        for shot in plan.shots
    ]
    names = ("Shot", "Seed", "Steps", "Guidance", "Regions", "Adapter scale", "Begins as", "Tries")
    return _section("Settings", table(names, rows))


def library_section(retrievals: Sequence[Retrieval]) -> Content:
    """Show which clips of the motion library were taken and which were not, with reasons."""
    if not retrievals:
        return ""
    return _section("From the motion library", [_retrieval(found) for found in retrievals])


def _retrieval(found: Retrieval) -> Markup:
    rejected = found.rejected
    more = len(rejected) - _MOST_REJECTED
    shown = [*found.kept, *rejected[:_MOST_REJECTED]]
    rows = [
        (
            tag("b", clip.id),
            clip.caption,
            tag("span", "taken" if clip.kept else "left out", class_="kept" if clip.kept else ""),
            clip.reason,
            _scores(clip),
        )
        for clip in shown
    ]
    return join(
        tag("h4", found.motion, tag("span", f" “{found.query}”", class_="soft")),
        table(("Clip", "Caption", "", "Reason", "Scores"), rows),
        tag("p", f"… and {more} more were left out.", class_="soft") if more > 0 else "",
    )


def _scores(clip: RetrievedClip) -> str:
    return ", ".join(f"{name} {score:.2f}" for name, score in clip.scores.items())


def words_section(title: str, text: str) -> Content:
    """Show text as it is, such as the diagnostics."""
    return _section(title, tag("pre", text)) if text.strip() else ""


def notes_section(notes: Sequence[str]) -> Content:
    """Show the notes of the director and of the run."""
    if not notes:
        return ""
    return _section("Notes", tag("ul", [tag("li", note) for note in notes]))


def _section(title: str, *content: Content) -> Markup:
    return tag("section", tag("h2", title), content)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
