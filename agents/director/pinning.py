"""A scene's directives -> pins: what no remedy may change in a shot, and the line that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...plan import Pin
from ...story import Location, Scene
from .beats import Act


def pins_of(
    scene: Scene, entities: Sequence[str], acts: Sequence[Act], place: Location | None = None
) -> tuple[Pin, ...]:
    """Return the pins of one shot: what is fixed and not released, and what is to be kept."""
    kept = scene.replan.keep if scene.replan else frozenset()
    released = scene.replan.allow - kept if scene.replan else frozenset()
    pins = [pin for pin in _fixed(scene, entities, acts) if pin.what not in released]
    if place is not None and "place" not in released:
        pins.append(Pin(what="place", span=place.span))
    if scene.replan is not None:
        fixed = {pin.what for pin in pins}
        pins += [Pin(what=w, span=scene.replan.span) for w in sorted(kept - fixed)]
    return tuple(pins)


def is_released(scene: Scene, what: str) -> bool:
    """Say whether `@replan` lets the machine change what is otherwise fixed."""
    return scene.replan is not None and what in scene.replan.allow - scene.replan.keep


def _fixed(scene: Scene, entities: Sequence[str], acts: Sequence[Act]) -> Iterator[Pin]:
    for layout in scene.layouts:
        if layout.entity in entities:
            yield Pin(what="layout", entity=layout.entity, span=layout.span)
    for depth in scene.depths:
        if depth.entity in entities:
            yield Pin(what="depth", entity=depth.entity, span=depth.span)
    for act in acts:
        if act.pinned is not None:
            yield Pin(what="motion", entity=act.entity, span=act.pinned)
    if scene.seed is not None:
        yield Pin(what="seed", span=scene.seed.span)
    if scene.duration_s is not None:
        yield Pin(what="duration", span=scene.duration_s.span)
    if scene.camera is not None:
        yield Pin(what="camera", span=scene.camera.span)
