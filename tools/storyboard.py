"""Plan -> storyboard: a row a shot, a panel a keyframe, who is where and goes where, in PNG.

Panels show what was decided, not what a model makes of it. A long film takes several pages.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ..plan import Beat, Keyframe, Plan, ScenePlan, ShotPlan
from ..story import Box
from .canvas import Canvas, Point, Rectangle, shortened, text_width, wrapped
from .output import write_whole
from .palette import entity_colours

MOST_PANELS = 6
SHOTS_A_PAGE = 12

_WIDTH = 1680
_MARGIN = 56
_HEADER = 150
_SIDE = 232  # The column left of the panels.
_GAP = 18
_TEXT = 17
_PROSE_LINES = 4
_PAPER, _INK, _GREY, _FAINT = "#fbf8f2", "#23211e", "#7b746a", "#ddd5c8"

# Movements of less than this much of the frame are drawn as none.
_STILL = 0.02


@dataclass(frozen=True, slots=True)
class _Row:
    """A shot with the panels and the lines of text that are drawn for it."""

    scene: ScenePlan
    shot: ShotPlan
    frames: tuple[Keyframe, ...]
    prose: tuple[str, ...]
    background: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """The sizes that all rows share."""

    panel_width: float
    panel_height: float

    def height(self, row: _Row) -> float:
        lines = len(row.prose) + len(row.background)
        return self.panel_height + 34 + lines * (_TEXT + 7) + 40


def draw_storyboard(plan: Plan, *, path: Path) -> tuple[Path, ...]:
    """Draw a plan as PNG and return its pages: `path`, then `-2`, `-3` ... beside it.

    Raises:
        OutputError: a page cannot be written.
    """
    colours = entity_colours(plan)
    shots = [(scene, shot) for scene in plan.scenes for shot in scene.shots]
    panels = max((min(MOST_PANELS, len(shot.keyframes)) for _, shot in shots), default=1)
    layout = _layout(plan, panels)
    rows = [_row(scene, shot, layout) for scene, shot in shots]
    pages: list[Path] = []
    for first in range(0, max(1, len(rows)), SHOTS_A_PAGE):
        number = first // SHOTS_A_PAGE + 1
        page = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        shown = rows[first : first + SHOTS_A_PAGE]
        image = _page(plan, shown, colours, layout, number).finished()
        write_whole(page, lambda part, image=image: image.save(part, format="PNG"))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        pages.append(page)
    return tuple(pages)


def shown_keyframes(shot: ShotPlan) -> tuple[Keyframe, ...]:
    """Return the keyframes that stand for a shot: at most six, with the first and the last."""
    frames = shot.keyframes or (Keyframe(time_s=0.0, placements=()),)
    if len(frames) <= MOST_PANELS:
        return frames
    steps = range(MOST_PANELS)
    return tuple(frames[round(i * (len(frames) - 1) / (MOST_PANELS - 1))] for i in steps)


def _layout(plan: Plan, panels: int) -> _Layout:
    columns = max(3, panels)
    width = (_WIDTH - 2 * _MARGIN - _SIDE - (columns - 1) * _GAP) / columns
    return _Layout(width, width * plan.height / plan.width)


def _row(scene: ScenePlan, shot: ShotPlan, layout: _Layout) -> _Row:
    room = _WIDTH - 2 * _MARGIN - _SIDE
    return _Row(
        scene,
        shot,
        shown_keyframes(shot),
        tuple(wrapped(shot.text, _TEXT, room, _PROSE_LINES)),
        tuple(wrapped(shot.background, _TEXT - 2, room, 2)),
    )


def _page(
    plan: Plan, rows: Sequence[_Row], colours: Mapping[str, str], layout: _Layout, number: int
) -> Canvas:
    height = _HEADER + sum(layout.height(row) for row in rows) + _MARGIN
    canvas = Canvas(_WIDTH, round(height), _PAPER)
    _draw_header(canvas, plan, number)
    top: float = _HEADER
    for row in rows:
        canvas.line((_MARGIN, top - 22), (_WIDTH - _MARGIN, top - 22), _FAINT)
        _draw_side(canvas, row, top, layout)
        for place, frame in enumerate(row.frames):
            left = _MARGIN + _SIDE + place * (layout.panel_width + _GAP)
            area = (left, top, left + layout.panel_width, top + layout.panel_height)
            _draw_panel(canvas, row, frame, area, colours)
        _draw_words(canvas, row, top + layout.panel_height + 34)
        top += layout.height(row)
    return canvas


def _draw_header(canvas: Canvas, plan: Plan, number: int) -> None:
    title = shortened(plan.title, 40, _WIDTH - 2 * _MARGIN - 160)
    canvas.text((_MARGIN, 78), title, 40, _INK, anchor="ls")
    count = len(plan.shots)
    facts = f"Storyboard  ·  {count} shot{'s' * (count != 1)}  ·  {plan.duration_s:.1f} s"
    facts += f"  ·  director: {plan.director}" + (f"  ·  {plan.style}" if plan.style else "")
    canvas.text(
        (_MARGIN, 108), shortened(facts, 17, _WIDTH - 2 * _MARGIN - 200), 17, _GREY, anchor="ls"
    )
    if number > 1 or count > SHOTS_A_PAGE:
        canvas.text((_WIDTH - _MARGIN, 78), f"page {number}", 17, _GREY, anchor="rs")
    if any(p.pinned for shot in plan.shots for k in shot.keyframes for p in k.placements):
        words = "fixed by the writer"
        canvas.text((_WIDTH - _MARGIN, 108), words, 15, _GREY, anchor="rs")
        canvas.circle((_WIDTH - _MARGIN - text_width(words, 15) - 12, 103), 4, _GREY)


def _draw_side(canvas: Canvas, row: _Row, top: float, layout: _Layout) -> None:
    """Write what is true of the whole shot into the column at its left."""
    shot, width = row.shot, _SIDE - 24
    canvas.text((_MARGIN, top - 4), shortened(shot.id, 34, width), 34, _INK)
    facts = [f"{shot.duration_s:.1f} s", f"seed {shot.seed}"]
    facts += [shot.camera] if shot.camera != "static" else []
    y = top + 50
    for line in wrapped(row.scene.heading, 15, width, 3):
        canvas.text((_MARGIN, y), line, 15, _INK)
        y += 21
    for line in wrapped("  ·  ".join(facts), 15, width, 2):
        canvas.text((_MARGIN, y + 4), line, 15, _GREY)
        y += 21
    y += 12
    for entity in shot.entities:
        beat = shot.beat(entity.id)
        words = f"{entity.id}: {beat.motion}" if beat else entity.id
        if y + 20 > top + layout.panel_height + 30:
            break
        canvas.text((_MARGIN, y), shortened(words, 15, width), 15, _GREY)
        y += 21


def _draw_panel(
    canvas: Canvas, row: _Row, frame: Keyframe, area: Rectangle, colours: Mapping[str, str]
) -> None:
    left, top, right, bottom = area
    sky, ground = _tints(row.shot.place_id or row.shot.place)
    canvas.rectangle(area, fill=sky)
    canvas.rectangle((left, top + (bottom - top) * 0.68, right, bottom), fill=ground)
    after = next((k for k in row.shot.keyframes if k.time_s > frame.time_s), None)
    for placement in sorted(frame.placements, key=lambda p: -p.depth):
        colour = colours[placement.entity]
        box = _on_page(placement.box, area)
        canvas.rectangle(box, fill=f"{colour}38", outline=colour, line=2.5, radius=5)
        if placement.pinned:
            canvas.circle((box[2] - 10, box[1] + 10), 4, colour)
    for placement in frame.placements:
        beat = _beat_at(row.shot, placement.entity, frame.time_s)
        _draw_name(canvas, placement.entity, beat, _on_page(placement.box, area), area, colours)
        goal = after.placement(placement.entity) if after else None
        if goal and _moves(placement.box, goal.box):
            start, end = _point(placement.box.center, area), _point(goal.box.center, area)
            canvas.circle(start, 4, colours[placement.entity])
            canvas.arrow(start, end, colours[placement.entity], 3)
    canvas.rectangle(area, outline="#00000030", line=1)
    canvas.text((left, bottom + 8), f"{frame.time_s:.1f} s", 14, _GREY)


def _draw_name(
    canvas: Canvas,
    entity: str,
    beat: Beat | None,
    box: Rectangle,
    area: Rectangle,
    colours: Mapping[str, str],
) -> None:
    """Write an entity's name, and what it does, on a tab at the top of its box."""
    words = f"{entity} · {beat.motion}" if beat else entity
    words = shortened(words, 14, area[2] - area[0] - 20)
    width = text_width(words, 14) + 14
    left = max(area[0] + 2, min(box[0], area[2] - width - 2))
    top = max(area[1] + 2, min(box[1] - 11, area[3] - 24))
    canvas.rectangle((left, top, left + width, top + 22), fill=colours[entity], radius=4)
    canvas.text((left + 7, top + 11), words, 14, "#ffffff", anchor="lm")


def _draw_words(canvas: Canvas, row: _Row, top: float) -> None:
    """Write the story's own words below the panels, and the prompt of the place."""
    for line in row.prose:
        canvas.text((_MARGIN + _SIDE, top), line, _TEXT, _INK)
        top += _TEXT + 7
    for line in row.background:
        canvas.text((_MARGIN + _SIDE, top), line, _TEXT - 2, _GREY)
        top += _TEXT + 7


def _beat_at(shot: ShotPlan, entity: str, time_s: float) -> Beat | None:
    own = [beat for beat in shot.beats if beat.entity == entity]
    return next((beat for beat in reversed(own) if beat.start_s <= time_s), None)


def _moves(before: Box, after: Box) -> bool:
    (x, y), (u, v) = before.center, after.center
    return abs(x - u) + abs(y - v) > _STILL


def _point(at: Point, area: Rectangle) -> Point:
    left, top, right, bottom = area
    return left + at[0] * (right - left), top + at[1] * (bottom - top)


def _on_page(box: Box, area: Rectangle) -> Rectangle:
    """Return a box as it is seen: what lies outside of the frame is cut off."""
    left, top = _point((max(0.0, box.left), max(0.0, box.top)), area)
    right, bottom = _point((min(1.0, box.right), min(1.0, box.bottom)), area)
    return left, top, right, bottom


def _tints(place: str) -> tuple[str, str]:
    """Return two quiet colours, sky and ground, that are a place's own."""
    hue = sha256(place.encode("utf-8", "replace")).digest()[0] / 255
    sky, ground = (colorsys.hls_to_rgb(hue, light, 0.30) for light in (0.93, 0.86))
    return _hex(sky), _hex(ground)


def _hex(colour: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(value * 255):02x}" for value in colour)
