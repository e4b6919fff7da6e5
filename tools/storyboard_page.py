"""Plan -> storyboard as one HTML page: panels as drawings, and why everything is where it is.

Like the report it has no script, forbids any, and asks no server for anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..plan import Keyframe, Origin, Plan, ScenePlan, ShotPlan
from .markup import Markup, join, tag
from .output import write_whole
from .palette import entity_colours
from .storyboard import shown_keyframes

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#23211e;background:#fbf8f2;margin:0 auto;
max-width:1100px;padding:2rem}
h1{margin-bottom:0}.soft{color:#6b645b}article{border-top:1px solid #ddd5c8;margin-top:2rem}
.panels{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;flex:1 1 230px;max-width:340px}
svg{width:100%;background:#eee8dc;border-radius:4px}figcaption{font-size:.85rem}
table{border-collapse:collapse;font-size:.9rem}td{padding:2px 14px 2px 0;vertical-align:top}
"""
# Widths of everything that is drawn, for a frame of this many units.
_WIDE = 300.0
_WHO = {
    "pin": "fixed by the writer",
    "text": "the page",
    "rule": "a rule",
    "llm": "the language model",
    "repair": "the language model, mended",
}


def write_storyboard_page(plan: Plan, path: Path) -> None:
    """Write a plan's storyboard as a page.

    Raises:
        OutputError: it cannot be written.
    """
    text = storyboard_html(plan)
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def storyboard_html(plan: Plan) -> str:
    """Return the page."""
    colours = entity_colours(plan)
    count = len(plan.shots)
    facts = (
        f"{count} shot{'s' * (count != 1)} · {plan.duration_s:.1f} s · director: {plan.director}"
    )
    body = join(
        tag("h1", plan.title),
        tag("p", facts, class_="soft"),
        [_article(plan, scene, shot, colours) for scene in plan.scenes for shot in scene.shots],
        [tag("p", f"Note: {note}", class_="soft") for note in plan.notes],
    )
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", f"{plan.title}: storyboard"),
        tag("style", Markup(_STYLE)),
    )
    page = tag("html", tag("head", head), tag("body", body), lang="en")
    return f"<!doctype html>\n{page}\n"


def _article(plan: Plan, scene: ScenePlan, shot: ShotPlan, colours: Mapping[str, str]) -> Markup:
    said = [tag("p", f"{line.speaker}: {line.text}") for line in shot.subtitles]
    return tag(
        "article",
        tag("h2", f"{shot.id}  {scene.heading}"),
        tag("p", shot.text),
        tag("div", [_panel(plan, k, colours) for k in shown_keyframes(shot)], class_="panels"),
        said,
        tag("p", f"{shot.duration_s:.1f} s · {shot.background} · camera {shot.camera}",
            class_="soft"),
        tag("details", tag("summary", "Why?"), tag("table", [_why(o) for o in shot.origins])),
    )  # fmt: skip


def _panel(plan: Plan, frame: Keyframe, colours: Mapping[str, str]) -> Markup:
    tall = _WIDE * plan.height / plan.width
    boxes = []
    for placed in sorted(frame.placements, key=lambda p: -p.depth):  # the nearest is drawn last
        colour, box = colours[placed.entity], placed.box
        left, top = box.left * _WIDE, box.top * tall
        boxes.append(
            tag("rect", x=round(left, 1), y=round(top, 1), width=round(box.width * _WIDE, 1),
                height=round(box.height * tall, 1), fill=colour, fill_opacity=0.2, stroke=colour,
                stroke_width=3 if placed.pinned else 1.5)
        )  # fmt: skip
        name = placed.entity + (" (fixed)" if placed.pinned else "")
        boxes.append(
            tag("text", name, x=round(left + 4, 1), y=round(top + 14, 1), fill=colour, font_size=12)
        )
    drawn = tag("svg", boxes, viewBox=f"0 0 {_WIDE:g} {tall:g}", role="img")
    return tag("figure", drawn, tag("figcaption", f"{frame.time_s:.2f} s", class_="soft"))


def _why(origin: Origin) -> Markup:
    return tag("tr", *(tag("td", words) for words in why(origin)))


def why(origin: Origin) -> tuple[str, str]:
    """Return what an origin is of, and why it is so, in words."""
    what = f"{origin.what} of {origin.entity}" if origin.entity else origin.what
    said = f'"{origin.words}"' if origin.by == "text" else origin.words
    line = f"line {origin.span.line}" if origin.span else ""
    return what, ", ".join(filter(None, (_WHO[origin.by], said, line)))
