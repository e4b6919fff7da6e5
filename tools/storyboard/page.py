"""Plan -> storyboard as one HTML page: panels as drawings, and why everything is where it is.

Like the report it has no script, forbids any, and asks no server for anything: pictures are in it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from ...engine.animatic import draw_still
from ...engine.protocol import OnStep
from ...plan import Keyframe, Origin, Placement, Plan, ScenePlan, ShotPlan
from ...story import Box
from ..pages.canvas import Rectangle
from ..pages.html import Markup, join, tag
from ..pages.palette import entity_colours
from ..pages.panels import PanelPath, beat_at, shown_keyframes, tab_above, ways
from ..store.output import write_whole

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
:root{color-scheme:light dark;--paper:#fbf8f2;--ink:#23211e;--soft:#6b645b;--line:#ddd5c8}
@media(prefers-color-scheme:dark){:root{--paper:#1d1b19;--ink:#ece6dc;--soft:#a89f92;--line:#3b3732}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;
max-width:1240px;padding:2.5rem 2rem}
h1{font-weight:600;font-size:2rem;margin:0}header p{margin:.2rem 0 0}
.soft,figcaption{color:var(--soft)}
article{border-top:1px solid var(--line);margin-top:1.5rem;padding-top:1.2rem;display:grid;
grid-template-columns:11rem minmax(0,1fr);gap:0 1.5rem}
h2{font-size:1.6rem;font-weight:600;line-height:1;margin:0 0 .5rem}
aside{font-size:.875rem}aside p{margin:.15rem 0}
.panels{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:14px}
figure{margin:0}figcaption{font-size:.8rem}
svg{display:block;width:100%;border-radius:4px}
svg text{font:600 13px system-ui,sans-serif;fill:#fff}
.said{margin:.7rem 0 0}.said+.said{margin-top:.2rem}
details{margin-top:.6rem;font-size:.9rem}summary{cursor:pointer;color:var(--soft)}
table{border-collapse:collapse;margin-top:.4rem}
td{padding:2px 1.2rem 2px 0;vertical-align:top}td:first-child{white-space:nowrap}
i{display:inline-block;width:.65rem;height:.65rem;border-radius:50%;margin-right:.45rem}
@media(max-width:800px){article{display:block}.panels{grid-template-columns:1fr 1fr}}
@media print{article{break-inside:avoid}}
"""
# The width of a panel's picture in pixels, and the unit of everything drawn over it.
_WIDE = 420
_QUALITY = 82
_TAB, _LETTER = 18, 7.6
_WHO = {
    "pin": "fixed by the writer",
    "text": "the page",
    "rule": "a rule",
    "llm": "the language model",
    "repair": "the language model, mended",
}


def write_storyboard_page(plan: Plan, path: Path, on_shot: OnStep | None = None) -> None:
    """Write a plan's storyboard as a page; `on_shot` is told the shots done and those in all.

    Raises:
        OutputError: it cannot be written.
    """
    text = storyboard_html(plan, on_shot)
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def storyboard_html(plan: Plan, on_shot: OnStep | None = None) -> str:
    """Return the page; `on_shot` is told the shots done and those in all."""
    colours = entity_colours(plan)
    articles: list[Markup] = []
    for scene in plan.scenes:
        for shot in scene.shots:
            articles.append(_article(plan, scene, shot, colours))
            if on_shot:
                on_shot(len(articles), len(plan.shots))
    count = len(plan.shots)
    facts = (
        f"{count} shot{'s' * (count != 1)} · {plan.duration_s:.1f} s · director: {plan.director}"
    )
    body = join(
        tag("header", tag("h1", plan.title), tag("p", facts, class_="soft")),
        articles,
        [tag("p", f"Note: {note}", class_="soft") for note in plan.notes],
    )
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", f"{plan.title}: storyboard"),
        tag("style", Markup(_STYLE)),
    )
    page = tag("html", tag("head", head), tag("body", body), lang="en")
    return f"<!doctype html>\n{page}\n"


def _article(plan: Plan, scene: ScenePlan, shot: ShotPlan, colours: Mapping[str, str]) -> Markup:
    frames = shown_keyframes(shot)
    panels = [
        _panel(plan, shot, frame, ways(frame, after), colours)
        for frame, after in zip(frames, [*frames[1:], None], strict=True)
    ]
    said = [tag("p", line.caption, class_="said") for line in shot.subtitles]
    reasons = tag("table", [_why(origin, colours) for origin in shot.origins])
    return tag(
        "article",
        _side(scene, shot, colours),
        tag(
            "div",
            tag("div", panels, class_="panels"),
            tag("p", shot.text, class_="said"),
            said,
            tag("details", tag("summary", "Why it is so"), reasons),
        ),
        id=f"shot-{shot.id}",
    )


def _side(scene: ScenePlan, shot: ShotPlan, colours: Mapping[str, str]) -> Markup:
    """Return what is true of the whole shot."""
    camera = f" · {shot.camera}" if shot.camera != "static" else ""
    doing = []
    for entity in shot.entities:
        motions = dict.fromkeys(beat.motion for beat in shot.beats if beat.entity == entity.id)
        words = f"{entity.id} {', '.join(motions)}"
        doing.append(tag("p", _dot(colours[entity.id]), words))
    return tag(
        "aside",
        tag("h2", shot.id),
        tag("p", scene.heading),
        tag("p", f"{shot.duration_s:.1f} s{camera}", class_="soft"),
        tag("p", shot.background, class_="soft"),
        doing,
    )


def _dot(colour: str) -> Markup:
    return tag("i", style=f"background:{colour}")


def _panel(
    plan: Plan,
    shot: ShotPlan,
    frame: Keyframe,
    going: Sequence[PanelPath],
    colours: Mapping[str, str],
) -> Markup:
    tall = round(_WIDE * plan.height / plan.width)
    picture = _picture(shot, frame.time_s, tall)
    drawn = [tag("image", href=picture, width=_WIDE, height=tall)]
    for placed in sorted(frame.placements, key=lambda p: -p.depth):  # the nearest is drawn last
        drawn.append(_box(placed, colours[placed.entity], tall))
    drawn += [_arrow(way, colours[way.entity], tall) for way in going]
    taken: list[Rectangle] = []
    for placed in frame.placements:
        words = _words(shot, frame, placed)
        width = len(words) * _LETTER + 12
        tab = tab_above(_on_panel(placed.box, tall), (width, _TAB), (0, 0, _WIDE, tall), taken)
        drawn.append(_name(words, tab, colours[placed.entity]))
        taken.append(tab)
    return tag(
        "figure",
        tag("svg", drawn, viewBox=f"0 0 {_WIDE} {tall}", role="img"),
        tag("figcaption", f"{frame.time_s:.1f} s"),
    )


def _picture(shot: ShotPlan, time_s: float, tall: int) -> str:
    """Return the animatic at a time as an address that holds the picture itself."""
    data = BytesIO()
    draw_still(shot, time_s, size=(_WIDE, tall)).save(data, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{b64encode(data.getvalue()).decode('ascii')}"


def _box(placed: Placement, colour: str, tall: int) -> Markup:
    left, top, right, bottom = (round(side, 1) for side in _on_panel(placed.box, tall))
    where = {
        "x": left, "y": top, "rx": 5,
        "width": round(right - left, 1), "height": round(bottom - top, 1),
    }  # fmt: skip
    halo = tag("rect", **where, fill="none", stroke="#fff", stroke_opacity=0.7, stroke_width=4)
    line = tag("rect", **where, fill="none", stroke=colour, stroke_width=2)
    return join(halo, line)


def _arrow(way: PanelPath, colour: str, tall: int) -> Markup:
    (x, y), (u, v) = ((px * _WIDE, py * tall) for px, py in (way.start, way.end))
    length = max(1e-6, ((u - x) ** 2 + (v - y) ** 2) ** 0.5)
    along, down = (u - x) / length, (v - y) / length
    head = min(14.0, length)
    neck = (u - along * head, v - down * head)
    tip = [(u, v), (neck[0] - down * 6, neck[1] + along * 6),
           (neck[0] + down * 6, neck[1] - along * 6)]  # fmt: skip
    ends = {"x1": round(x, 1), "y1": round(y, 1), "x2": round(neck[0], 1), "y2": round(neck[1], 1)}
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in tip)
    return join(
        tag("line", **ends, stroke="#fff", stroke_width=7),
        tag("polygon", points=points, fill=colour, stroke="#fff", stroke_width=3),
        tag("line", **ends, stroke=colour, stroke_width=4),
        tag("polygon", points=points, fill=colour),
    )


def _words(shot: ShotPlan, frame: Keyframe, placed: Placement) -> str:
    """Return a name with what it does."""
    beat = beat_at(shot, placed.entity, frame.time_s)
    words = placed.entity + (f" · {beat.motion}" if beat else "")
    return words + (" (fixed)" if placed.pinned else "")


def _name(words: str, tab: Rectangle, colour: str) -> Markup:
    left, top = round(tab[0], 1), round(tab[1], 1)
    width = round(tab[2] - tab[0], 1)
    return join(
        tag("rect", x=left, y=top, width=width, height=_TAB, rx=4, fill=colour),
        tag("text", words, x=left + 6, y=top + 13),
    )


def _on_panel(box: Box, tall: int) -> Rectangle:
    return box.left * _WIDE, box.top * tall, box.right * _WIDE, box.bottom * tall


def _why(origin: Origin, colours: Mapping[str, str]) -> Markup:
    what, because = why(origin)
    colour = colours.get(origin.entity or "")
    dot = _dot(colour) if colour else ""
    return tag("tr", tag("td", dot, what), tag("td", because))


def why(origin: Origin) -> tuple[str, str]:
    """Return what an origin is of, and why it is so, in words."""
    what = f"{origin.what} of {origin.entity}" if origin.entity else origin.what
    said = f'"{origin.words}"' if origin.by == "text" else origin.words
    line = f"line {origin.span.line}" if origin.span else ""
    return what, ", ".join(filter(None, (_WHO[origin.by], said, line)))
