"""Two plans of one shot -> the change as story directives that a writer can paste under the scene.

What the language has no directive for is written as Fountain notes `[[...]]`: they say what the
machine did and change nothing when they are pasted.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...film import DirectiveChange
from ...plan import RenderSettings, ShotPlan
from ...story import Box


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
    for entity in dict.fromkeys(p.entity for k in after.keyframes for p in k.placements):
        if _course(before, entity) != _course(after, entity):
            text = "\n".join(_layout(after, entity, start_s))
            found.append(DirectiveChange(name="layout", entity=entity, text=text))
        if _depths(before, entity) != _depths(after, entity):
            text = f"@depth {entity} front"
            found.append(DirectiveChange(name="depth", entity=entity, text=text))
    if before.seed != after.seed:
        found.append(DirectiveChange(name="seed", text=f"@seed {after.seed}"))
    found.extend(DirectiveChange(name="note", text=note) for note in _notes(before, after))
    return tuple(found)


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
        if old != new:
            yield f"[[{name.replace('_', ' ')}: {_value(old)} -> {_value(new)}]]"
    if before.negative != after.negative:
        yield f"[[negative: {_quiet(before.negative)} -> {_quiet(after.negative)}]]"
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
