"""A shot, its takes and its verdict -> its part of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...film import Remedy, Take
from ...plan import Keyframe, ScenePlan, ShotPlan
from ...story import Box
from ..pages.html import Content, Markup, join, tag
from ..pages.panels import shown_keyframes
from .media import ReportMedia
from .stills import Stills, stills_of
from .verdict import badge_of, name_of, verdict_table


@dataclass(frozen=True, slots=True)
class ShotPart:
    """All that is shown of one shot. `takes` are its own, in the order they were made."""

    scene: ScenePlan
    shot: ShotPlan
    takes: Sequence[Take]
    colours: Mapping[str, str]
    patch_of: Callable[[Take], str]
    media: ReportMedia

    @property
    def kept(self) -> Take | None:
        return next((take for take in self.takes if take.kept), None)

    @property
    def anchor(self) -> str:
        return "shot-" + "".join(c if c.isalnum() else "-" for c in self.shot.id)


def shot_article(part: ShotPart) -> tuple[Markup, Markup]:
    """Return a shot's article, and its tile in the strip at the head of the page."""
    shot, kept = part.shot, part.kept
    stills = (
        stills_of(kept.clip, part.media)
        if kept
        else Stills(None, 1.0, part.media, "no take of this shot was kept")
    )
    article = tag(
        "article",
        _head(part),
        _prose(shot),
        _frames(part, stills),
        _who(part),
        verdict_table(shot, kept, stills) if kept else "",
        _takes(part),
        class_="shot",
        id=part.anchor,
    )
    return article, _tile(part, stills)


def _tile(part: ShotPart, stills: Stills) -> Markup:
    frames = shown_keyframes(part.shot)
    middle = frames[len(frames) // 2]
    return tag(
        "a",
        _picture(part, stills, middle, still=stills.at(middle.time_s)),
        tag("span", tag("b", part.shot.id), f" {part.shot.duration_s:.1f} s", class_="tile-name"),
        badge_of(part.kept),
        class_="tile",
        href=f"#{part.anchor}",
    )


def _head(part: ShotPart) -> Markup:
    shot, kept = part.shot, part.kept
    facts = [f"{shot.duration_s:.1f} s", f"seed {kept.seed if kept else shot.seed}"]
    facts += [shot.camera] if shot.camera != "static" else []
    facts += [f"take {kept.number} of {len(part.takes)}"] if kept else []
    return tag(
        "header",
        tag("h3", tag("span", "Shot ", class_="soft"), shot.id),
        tag("span", part.scene.heading, class_="heading"),
        tag("span", " · ".join(facts), class_="soft"),
        badge_of(kept),
    )


def _prose(shot: ShotPlan) -> Content:
    """Show the story's own words, with the line where they stand."""
    where = tag("cite", f"line {shot.span.line}", title=str(shot.span)) if shot.span else ""
    spoken = [
        tag("p", tag("b", line.speaker), " ", line.text, class_="spoken") for line in shot.subtitles
    ]
    return tag("blockquote", tag("p", shot.text, " ", where), spoken)


def _frames(part: ShotPart, stills: Stills) -> Markup:
    """Show the frames at the shot's keyframes, each with the boxes that were planned there."""
    figures = [
        tag(
            "figure",
            _picture(part, stills, frame, still=stills.at(frame.time_s)),
            tag("figcaption", f"{frame.time_s:.1f} s"),
        )
        for frame in shown_keyframes(part.shot)
    ]
    problem = tag("p", stills.problem, class_="problem") if stills.problem else ""
    return join(problem, tag("div", figures, class_="frames"))


def _picture(part: ShotPart, stills: Stills, frame: Keyframe, *, still: str | None) -> Markup:
    name = f"shot {part.shot.id} at {frame.time_s:.1f} s"
    shown = tag("img", src=still, alt=name, loading="lazy") if still else ""
    height = 667
    if part.kept:
        height = round(1000 * part.kept.clip.height / part.kept.clip.width)
    ordered = sorted(frame.placements, key=lambda p: -p.depth)
    boxes = [_drawn(p.entity, p.box, part.colours[p.entity], height) for p in ordered]
    plan = tag("svg", boxes, class_="plan", viewBox=f"0 0 1000 {height}", aria_hidden="true")
    return tag("span", shown, plan, class_="picture" if still else "picture empty")


def _drawn(entity: str, box: Box, colour: str, height: int) -> Markup:
    """Draw a planned box with its name, in units of a thousandth of the frame's width."""
    left, top = 1000 * box.left, height * box.top
    name_width = 26 + 23 * len(entity)
    name_left = max(4.0, min(left, 996.0 - name_width))
    name_top = max(4.0, top - 22)
    outline = tag(
        "rect",
        x=round(left),
        y=round(top),
        width=max(0, round(1000 * box.width)),
        height=max(0, round(height * box.height)),
        rx=10,
        fill="none",
        stroke=colour,
        stroke_width=7,
    )
    tab = tag(
        "rect",
        x=round(name_left),
        y=round(name_top),
        width=name_width,
        height=46,
        rx=8,
        fill=colour,
    )
    name = tag("text", entity, x=round(name_left + 13), y=round(name_top + 34))
    return join(outline, tab, name)


def _who(part: ShotPart) -> Markup:
    """Show the prompts: one for each entity's region, and the background's."""
    shot = part.shot
    rows: list[Content] = []
    for entity in shot.entities:
        beats = ", ".join(
            f"{b.motion} {b.start_s:g}–{b.end_s:g}\u00a0s"
            for b in shot.beats
            if b.entity == entity.id
        )
        dot = tag("i", class_="dot", style=f"background:{part.colours[entity.id]}")
        doing = tag("span", f" · {beats}", class_="soft") if beats else ""
        rows.append((tag("dt", dot, entity.id), tag("dd", entity.prompt, doing)))
    others = {"Place": shot.background, "Style": shot.style, "Negative": shot.negative}
    rows += [(tag("dt", name), tag("dd", text)) for name, text in others.items() if text]
    notes = [tag("p", note, class_="soft") for note in shot.notes]
    return join(tag("dl", rows, class_="prompts"), notes)


def _takes(part: ShotPart) -> Content:
    if not part.takes:
        return ""
    takes = [_take(part, take) for take in part.takes]
    title = "The take" if len(takes) == 1 else f"{len(takes)} takes"
    return tag("section", tag("h4", title), tag("div", takes, class_="takes"))


def _take(part: ShotPart, take: Take) -> Markup:
    source = part.media.video(Path(take.clip.path))
    first = stills_of(take.clip, part.media, most_frames=1).frame(0) if source else None
    playing = dict.fromkeys(("controls", "loop", "muted", "playsinline"), True)
    video = (
        tag("video", src=source, poster=first, preload="none", loading="lazy", **playing)
        if source
        else tag("p", f"The video is gone: {take.clip.path}", class_="problem")
    )
    failed = [name_of(m, None) for m in take.verdict.failed]
    facts = f"seed {take.seed} · score {take.verdict.score:.2f} · {take.clip.seconds:.1f} s to make"
    patch = part.patch_of(take)
    pasted = join(
        tag("p", "The change as a patch of the story (dreamrunner accept applies a kept take's):"),
        tag("pre", patch, class_="patch"),
    )
    return tag(
        "div",
        video,
        tag("p", tag("b", f"Take {take.number}"), " — kept" if take.kept else ""),
        tag("p", facts, class_="soft"),
        tag("p", "Failed: " + ", ".join(failed)) if failed else "",
        tag("ul", [_remedy(remedy) for remedy in take.remedies]) if take.remedies else "",
        pasted if patch else "",
        class_="take kept" if take.kept else "take",
    )


def _remedy(remedy: Remedy) -> Markup:
    done = f" — {remedy.change}" if remedy.change else ""
    blocked = (
        tag("span", f" blocked by line {remedy.blocked_by.line}", class_="blocked")
        if remedy.blocked_by
        else ""
    )
    return tag("li", tag("b", remedy.kind), f": {remedy.reason}{done}", blocked)
