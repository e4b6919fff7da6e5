"""A finished run -> report.html, a page that asks no server for anything.

The page has no script, a policy that forbids any, and every word in it is escaped. The pictures and
videos of up to 20 shots lie in it, those of a longer film in `report/` beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from string import Template

from ...film import Adapter, Film, Retrieval, StageRecord, Take, TrialRecord
from ...plan import Plan
from ..cutting.subtitles import web_subtitles
from ..pages.html import Content, Markup, join, tag
from ..pages.palette import entity_colours
from ..store.output import write_whole
from .adapters import adapters_section
from .media import ReportMedia, data_uri, pack_report
from .sections import (
    library_section,
    notes_section,
    settings_section,
    stages_section,
    words_section,
)
from .shot import ShotPart, shot_article
from .stills import stills_of

# More shots than this make a page that is slow to open when it holds them all.
MOST_SHOTS_INSIDE = 20


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """All that a report shows. `film.path` may be empty where no film could be cut.

    `trials` are of the adapters, by their keys.
    `diagnostics` is the text of the story's warnings, `shortfalls` that of what the film lacks of
    the page, each at its line, `notes` what the run had to say, and
    `patches` what the writer may paste into the story to keep a take, by `take_id`.
    """

    plan: Plan
    film: Film
    engine: str
    director: str
    retrievals: tuple[Retrieval, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    trials: Mapping[str, TrialRecord] = field(default_factory=dict)
    stages: tuple[StageRecord, ...] = ()
    diagnostics: str = ""
    shortfalls: str = ""
    notes: tuple[str, ...] = ()
    patches: Mapping[str, str] = field(default_factory=dict)


def take_id(take: Take) -> str:
    """Return a take's id: "2.1/3" is the third take of shot 2.1."""
    return f"{take.shot}/{take.number}"


def write_report(inputs: ReportInputs, path: Path, *, single: bool = False) -> None:
    """Write a run's report to `path`; `single` puts all that it shows into that one file.

    Raises:
        OutputError: the page, or the folder beside it, cannot be written.
    """
    media = ReportMedia(path, beside=len(inputs.plan.shots) > MOST_SHOTS_INSIDE)
    text = report_html(inputs, media)
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    media.remove_unused()
    if single:
        pack_report(path)


def report_html(inputs: ReportInputs, media: ReportMedia) -> str:
    """Return the page, whose pictures and videos go where `media` puts them."""
    parts = _parts(inputs, media)
    shown = [shot_article(part) for part in parts]
    body = join(
        _header(inputs, parts),
        _film(inputs.film, media),
        tag("nav", [tile for _, tile in shown], class_="strip", aria_label="Shots"),
        _shots([article for article, _ in shown]),
        notes_section([*inputs.plan.notes, *inputs.notes]),
        words_section("Not as the page has it", inputs.shortfalls),
        words_section("What the checker says", inputs.diagnostics),
        stages_section(inputs.stages),
        settings_section(inputs.plan),
        library_section(inputs.retrievals),
        adapters_section(inputs.adapters, inputs.trials, media),
        tag("footer", "Made by dreamrunner. This page asks no server for anything."),
    )
    template = files(__package__).joinpath("report.html").read_text(encoding="utf-8")
    return Template(template).substitute(title=join(inputs.film.title), body=body)


def _parts(inputs: ReportInputs, media: ReportMedia) -> list[ShotPart]:
    colours = entity_colours(inputs.plan)
    takes = sorted(inputs.film.takes, key=lambda take: take.number)
    return [
        ShotPart(
            scene=scene,
            shot=shot,
            takes=[take for take in takes if take.shot == shot.id],
            colours=colours,
            patch_of=lambda take: inputs.patches.get(take_id(take), ""),
            media=media,
        )
        for scene in inputs.plan.scenes
        for shot in scene.shots
    ]


def _header(inputs: ReportInputs, parts: list[ShotPart]) -> Markup:
    plan = inputs.plan
    count = len(plan.shots)
    facts = [
        f"{count} shot{'s' * (count != 1)}",
        f"{inputs.film.duration_s:.1f} s",
        f"director: {inputs.director}",
        f"engine: {inputs.engine}",
        f"{plan.width}×{plan.height} at {plan.fps} frames a second",
    ]
    return tag(
        "header",
        tag("h1", inputs.film.title),
        tag("p", " · ".join(facts), class_="soft"),
        tag("p", _summary(parts), class_="summary"),
        class_="top",
    )


def _summary(parts: list[ShotPart]) -> str:
    """Return one sentence on what of the film passed, failed or is missing."""
    kept = [part.kept for part in parts]
    failed = sum(take is not None and not take.verdict.passed for take in kept)
    missing = sum(take is None for take in kept)
    checks = [m for take in kept if take for m in take.verdict.measurements]
    unjudged = sum(m.passed is None for m in checks)
    passed = sum(m.passed is True for m in checks)
    said = [f"{passed} of {len(checks)} checks passed"] if checks else ["nothing was measured"]
    said += [f"{unjudged} could not be judged"] if unjudged else []
    said += [f"{failed} shot{'s' * (failed != 1)} failed a check"] if failed else []
    said += [f"{missing} shot{'s' * (missing != 1)} without a clip"] if missing else []
    sentence = "; ".join(said)
    return sentence[0].upper() + sentence[1:] + "."


def _film(film: Film, media: ReportMedia) -> Content:
    source = media.video(Path(film.path)) if film.path else None
    if source is None:
        return tag("p", "There is no film.", class_="problem")
    subtitles: Content = ""
    if film.subtitles and Path(film.subtitles).is_file():
        words = web_subtitles(Path(film.subtitles).read_text("utf-8")).encode("utf-8")
        source_of_words = data_uri("text/vtt", words)
        subtitles = tag("track", src=source_of_words, kind="subtitles", default=True)
    # The film itself may begin black, and what a browser shows of it unplayed with it.
    first = next((take.clip for take in film.takes if take.kept), None)
    poster = stills_of(first, media, most_frames=1).frame(0) if first else None
    playing = dict.fromkeys(("controls", "playsinline"), True)
    video = tag("video", subtitles, src=source, poster=poster, preload="metadata", **playing)
    return tag("div", video, class_="film")


def _shots(articles: list[Markup]) -> Markup:
    switch = tag("label", tag("input", type="checkbox", id="boxes", checked=True), " planned boxes")
    title = tag("div", tag("h2", "Shots"), switch, class_="title")
    return tag("section", title, articles)
