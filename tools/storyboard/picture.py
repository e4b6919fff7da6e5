"""Plan -> storyboard: a row a shot, a panel a moment, who is where and goes where, in PNG.

Panels are drawn by the animatic, with the plan's boxes over it: they show what was decided, not
what a model makes of it. A shot in which nothing moves is one panel; a long film takes several
pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...engine.animatic import draw_still
from ...engine.lettering import unwritable
from ...engine.protocol import OnStep
from ...plan import Keyframe, Plan, ScenePlan, ShotPlan
from ...story import Box
from ..pages.canvas import FINE, Canvas, Point, Rectangle, shortened, text_width, wrapped
from ..pages.palette import entity_colours
from ..pages.panels import MOST_PANELS, PanelPath, beat_at, shown_keyframes, tab_above, ways
from ..store.output import write_whole

SHOTS_A_PAGE = 12

_WIDTH = 1680
_MARGIN = 56
_HEADER = 156
_SIDE = 232  # The column left of the panels.
_GAP = 18
_TEXT, _SMALL, _TAB = 18, 15, 13
_PANEL = (_WIDTH - 2 * _MARGIN - _SIDE - (MOST_PANELS - 1) * _GAP) / MOST_PANELS
# The words stand beside so many panels, and beneath more.
_BESIDE = MOST_PANELS - 2
_PROSE_LINES = 6
_PAPER, _INK, _GREY, _FAINT = "#fbf8f2", "#23211e", "#7b746a", "#ddd5c8"


@dataclass(frozen=True, slots=True)
class _Row:
    """A shot with its panels, the lines of text drawn for it, and how high its panels are."""

    scene: ScenePlan
    shot: ShotPlan
    frames: tuple[Keyframe, ...]
    words: tuple[tuple[str, bool], ...]  # a line, and whether it is the writer's own
    panel_height: float

    @property
    def is_beside(self) -> bool:
        return len(self.frames) <= _BESIDE

    @property
    def words_height(self) -> float:
        return len(self.words) * (_TEXT + 8)

    @property
    def height(self) -> float:
        panels = self.panel_height + 30
        below = panels + self.words_height + 6
        return max(panels, self.words_height, 150) + 44 if self.is_beside else below + 44


def draw_storyboard(plan: Plan, *, path: Path, on_page: OnStep | None = None) -> tuple[Path, ...]:
    """Draw a plan as PNG and return its pages: `path`, then `-2`, `-3` ... beside it.

    Args:
        plan: what to draw.
        path: the first page.
        on_page: told after each page how many of the shots are drawn, and how many there are.

    Raises:
        OutputError: a page cannot be written.
    """
    colours = entity_colours(plan)
    rows = [_row(plan, scene, shot) for scene in plan.scenes for shot in scene.shots]
    pages: list[Path] = []
    for first in range(0, max(1, len(rows)), SHOTS_A_PAGE):
        number = first // SHOTS_A_PAGE + 1
        page = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        image = _page(plan, rows[first : first + SHOTS_A_PAGE], colours, number).finished()
        write_whole(page, lambda part, image=image: image.save(part, format="PNG"))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        pages.append(page)
        if on_page:
            on_page(min(len(rows), first + SHOTS_A_PAGE), len(rows))
    return tuple(pages)


def unwritable_words(plan: Plan) -> str | None:
    """Return a note on what of a plan's words the pictures cannot write; None where they can."""
    words = [plan.title, plan.style, *(scene.heading for scene in plan.scenes)]
    for shot in plan.shots:
        words += shot.id, shot.text, shot.background, shot.camera
        words += [word for line in shot.subtitles for word in (line.speaker, line.text)]
        words += [word for beat in shot.beats for word in (beat.entity, beat.motion)]
        words += [entity.id for entity in shot.entities]
    return unwritable(words)


def _row(plan: Plan, scene: ScenePlan, shot: ShotPlan) -> _Row:
    frames = shown_keyframes(shot)
    taken = len(frames) if len(frames) <= _BESIDE else 0
    room = _WIDTH - 2 * _MARGIN - _SIDE - taken * (_PANEL + _GAP) - 12
    said = [line.caption for line in shot.subtitles]
    words = [(line, True) for line in wrapped(shot.text, _TEXT, room, _PROSE_LINES)]
    words += [(line, True) for text in said[:2] for line in wrapped(text, _TEXT, room, 2)]
    words += [(line, False) for line in wrapped(shot.background, _SMALL, room, 2)]
    return _Row(scene, shot, frames, tuple(words), _PANEL * plan.height / plan.width)


def _page(plan: Plan, rows: Sequence[_Row], colours: Mapping[str, str], number: int) -> Canvas:
    height = _HEADER + sum(row.height for row in rows) + 12
    canvas = Canvas(_WIDTH, round(height), _PAPER)
    _draw_header(canvas, plan, number)
    top: float = _HEADER
    for row in rows:
        canvas.line((_MARGIN, top - 22), (_WIDTH - _MARGIN, top - 22), _FAINT)
        _draw_side(canvas, row, top, colours)
        for place, frame in enumerate(row.frames):
            left = _MARGIN + _SIDE + place * (_PANEL + _GAP)
            after = row.frames[place + 1] if place + 1 < len(row.frames) else None
            area = (left, top, left + _PANEL, top + row.panel_height)
            _draw_panel(canvas, row.shot, frame, ways(frame, after), area, colours)
        _draw_words(canvas, row, top)
        top += row.height
    return canvas


def _draw_header(canvas: Canvas, plan: Plan, number: int) -> None:
    title = shortened(plan.title, 42, _WIDTH - 2 * _MARGIN - 160)
    canvas.text((_MARGIN, 78), title, 42, _INK, anchor="ls")
    count = len(plan.shots)
    facts = f"{count} shot{'s' * (count != 1)}  ·  {plan.duration_s:.1f} s"
    facts += f"  ·  directed by {_director(plan)}" + (f"  ·  {plan.style}" if plan.style else "")
    canvas.text(
        (_MARGIN, 110), shortened(facts, 17, _WIDTH - 2 * _MARGIN - 200), 17, _GREY, anchor="ls"
    )
    if number > 1 or count > SHOTS_A_PAGE:
        canvas.text((_WIDTH - _MARGIN, 78), f"page {number}", 17, _GREY, anchor="rs")
    if any(p.pinned for shot in plan.shots for k in shot.keyframes for p in k.placements):
        words = "fixed by the writer"
        canvas.text((_WIDTH - _MARGIN, 110), words, _SMALL, _GREY, anchor="rs")
        canvas.circle((_WIDTH - _MARGIN - text_width(words, _SMALL) - 12, 105), 4, _GREY)


def _director(plan: Plan) -> str:
    return "the rules" if plan.director == "rules" else plan.director.removeprefix("llm ")


def _draw_side(canvas: Canvas, row: _Row, top: float, colours: Mapping[str, str]) -> None:
    """Write what is true of the whole shot into the column at its left."""
    shot, width = row.shot, _SIDE - 28
    canvas.text((_MARGIN, top - 4), shortened(shot.id, 34, width), 34, _INK)
    y = top + 46.0
    for line in wrapped(row.scene.heading, _SMALL, width, 2):
        canvas.text((_MARGIN, y), line, _SMALL, _INK)
        y += 21
    facts = [f"{shot.duration_s:.1f} s"] + ([shot.camera] if shot.camera != "static" else [])
    for line in wrapped("  ·  ".join(facts), _SMALL, width, 2):
        canvas.text((_MARGIN, y + 2), line, _SMALL, _GREY)
        y += 21
    y += 12
    for entity in shot.entities:
        doing = [beat.motion for beat in shot.beats if beat.entity == entity.id]
        words = f"{entity.id}  {', '.join(dict.fromkeys(doing))}"
        if y + 20 > top + row.height - 30:
            break
        canvas.circle((_MARGIN + 5, y + 9), 5, colours[entity.id])
        canvas.text((_MARGIN + 18, y), shortened(words, _SMALL, width - 18), _SMALL, _INK)
        y += 22


def _draw_panel(
    canvas: Canvas,
    shot: ShotPlan,
    frame: Keyframe,
    going: Sequence[PanelPath],
    area: Rectangle,
    colours: Mapping[str, str],
) -> None:
    left, top, right, bottom = area
    size = (round((right - left) * FINE), round((bottom - top) * FINE))
    canvas.picture(draw_still(shot, frame.time_s, size=size), area)
    for placement in sorted(frame.placements, key=lambda p: -p.depth):
        colour, box = colours[placement.entity], _on_page(placement.box, area)
        canvas.rectangle(box, outline="#ffffffb0", line=3.5, radius=5)
        canvas.rectangle(box, fill=f"{colour}14", outline=colour, line=1.5, radius=5)
        if placement.pinned:
            canvas.circle((box[2] - 9, box[1] + 9), 5, "#ffffff")
            canvas.circle((box[2] - 9, box[1] + 9), 3.5, colour)
    for way in going:
        start, end = _point(way.start, area), _point(way.end, area)
        canvas.arrow(start, end, colours[way.entity], 3.5)
    taken: list[Rectangle] = []
    for placement in frame.placements:
        beat = beat_at(shot, placement.entity, frame.time_s)
        words = f"{placement.entity} · {beat.motion}" if beat else placement.entity
        words = shortened(words, _TAB, right - left - 20)
        size_of_tab = (text_width(words, _TAB) + 12, 20.0)
        tab = tab_above(_on_page(placement.box, area), size_of_tab, area, taken)
        canvas.rectangle(tab, fill=colours[placement.entity], radius=4)
        canvas.text((tab[0] + 6, (tab[1] + tab[3]) / 2), words, _TAB, "#ffffff", anchor="lm")
        taken.append(tab)
    canvas.rectangle(area, outline="#00000038", line=1)
    canvas.text((left, bottom + 7), f"{frame.time_s:.1f} s", 14, _GREY)


def _draw_words(canvas: Canvas, row: _Row, top: float) -> None:
    """Write the story's own words, and under them the place, beside the panels or beneath them."""
    left = float(_MARGIN + _SIDE)
    if row.is_beside:
        left += len(row.frames) * (_PANEL + _GAP) + 6
    else:
        top += row.panel_height + 34
    for line, is_own in row.words:
        size, colour = (_TEXT, _INK) if is_own else (_SMALL, _GREY)
        canvas.text((left, top), line, size, colour)
        top += _TEXT + 8


def _point(at: Point, area: Rectangle) -> Point:
    left, top, right, bottom = area
    return left + at[0] * (right - left), top + at[1] * (bottom - top)


def _on_page(box: Box, area: Rectangle) -> Rectangle:
    """Return a box as it is seen: what lies outside of the frame is cut off."""
    left, top = _point((max(0.0, box.left), max(0.0, box.top)), area)
    right, bottom = _point((min(1.0, box.right), min(1.0, box.bottom)), area)
    return left, top, right, bottom
