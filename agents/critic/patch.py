"""Two plans of one shot -> the change as story directives that a writer can paste under the scene.

What the language has no directive for is written as Fountain notes `[[...]]`: they say what the
machine did and change nothing when they are pasted.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...film import DirectiveChange
from ...plan import RenderSettings, ShotPlan
from ...story import Box
from .shot_remedies import in_two_parts, stretched


def as_patch(before: ShotPlan, after: ShotPlan, *, start_s: float = 0.0) -> str:
    """Return the change from one plan of a shot to another, empty where there is none.

    `start_s` is when the shot begins within its scene, whose time the directives speak in.
    """
    return "".join(f"{change.text}\n" for change in changes(before, after, start_s=start_s))


def changes(
    before: ShotPlan, after: ShotPlan, *, start_s: float = 0.0
) -> tuple[DirectiveChange, ...]:
    """Return the same directive by directive."""
    found: list[DirectiveChange] = []
    if before.duration_s != after.duration_s:
        found.append(DirectiveChange(name="duration", text=f"@duration {after.duration_s:g}s"))
    base = _as_the_page_will_have_it(before, after)
    for entity in dict.fromkeys(p.entity for k in after.keyframes for p in k.placements):
        if _course(base, entity) != _course(after, entity):
            lines = list(_layout(after, entity, start_s))
            if after.parts:  # no directive says that somebody is in a part of a shot alone
                said = " ".join(line.strip() for line in lines[1:-1])
                note = f"[[{entity} in its part of the shot: {said}]]"
                found.append(DirectiveChange(name="note", entity=entity, text=note))
            else:
                text = "\n".join(lines)
                found.append(DirectiveChange(name="layout", entity=entity, text=text))
        if _depths(before, entity) != _depths(after, entity):
            text = f"@depth {entity} front"
            found.append(DirectiveChange(name="depth", entity=entity, text=text))
    if before.seed != after.seed:
        found.append(DirectiveChange(name="seed", text=f"@seed {after.seed}"))
    found.extend(DirectiveChange(name="note", text=note) for note in _notes(before, after))
    return tuple(found)


def _as_the_page_will_have_it(before: ShotPlan, after: ShotPlan) -> ShotPlan:
    """Return what the other changes alone make of a shot's boxes, so that no box is said twice."""
    if before.duration_s != after.duration_s:
        before = stretched(before, after.duration_s)
    return in_two_parts(before) or before if after.parts else before


def _layout(shot: ShotPlan, entity: str, start_s: float) -> Iterator[str]:
    yield f"@layout {entity} {{"
    for time_s, box in _course(shot, entity):
        edges = ", ".join(_number(edge) for edge in (box.left, box.top, box.right, box.bottom))
        yield f"  {round(start_s + time_s, 4):g}s: box ({edges})"
    yield "}"


def _course(shot: ShotPlan, entity: str) -> tuple[tuple[float, Box], ...]:
    return tuple((k.time_s, p.box) for k in shot.keyframes if (p := k.placement(entity)))


def _depths(shot: ShotPlan, entity: str) -> tuple[int, ...]:
    return tuple(p.depth for k in shot.keyframes if (p := k.placement(entity)))


def _notes(before: ShotPlan, after: ShotPlan) -> Iterator[str]:
    for name in RenderSettings.model_fields:
        old, new = getattr(before.settings, name), getattr(after.settings, name)
        if name == "place_frame" and new is not None:
            yield f"[[place: as in shot {new.shot}]]"
        elif old != new:
            yield f"[[{name.replace('_', ' ')}: {_value(old)} -> {_value(new)}]]"
    if before.negative != after.negative:
        yield f"[[negative: {_quiet(before.negative)} -> {_quiet(after.negative)}]]"
    if before.style != after.style:
        yield f"[[style: {_quiet(before.style)} -> {_quiet(after.style) or 'none'}]]"
    if before.parts != after.parts:
        parts = ", then ".join(" and ".join(part) for part in after.parts)
        yield f"[[filmed in parts: {parts}]]"
    for old_beat, new_beat in zip(before.beats, after.beats, strict=False):
        if old_beat.lesson != new_beat.lesson:
            yield f"[[{new_beat.motion}: an adapter is trained for this take]]"
    if before.background != after.background:
        yield f"[[background: {_quiet(before.background)} -> {_quiet(after.background)}]]"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _quiet(text: str) -> str:
    """Return the text without what would end a note or open another."""
    return " ".join(text.replace("[[", "").replace("]]", "").split())


def _number(edge: float) -> str:
    """Return an edge with two to four decimals, so that columns stand under one another."""
    text = f"{edge:.4f}".rstrip("0")
    return text.ljust(text.index(".") + 3, "0")
