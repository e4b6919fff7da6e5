"""A passage and its scene -> why each motion and each box of its shots is as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import Span
from ...plan import Origin, Pin
from ...story import Location, Scene
from .beats import Act
from .passages import Passage


def origins_of(
    passage: Passage, scene: Scene, entities: Sequence[str], acts: Sequence[Act]
) -> tuple[Origin, ...]:
    """Return the origin of every motion, box and background that the rules put into a shot."""
    where = passage.action.span if passage.action else scene.heading.span
    layouts = (_layout(scene, entity, where) for entity in entities)
    heading = Origin(
        what="background", by="text", words=scene.heading.text, span=scene.heading.span
    )
    return (*_motions(passage, acts, where), *layouts, heading)


def _motions(passage: Passage, acts: Sequence[Act], where: Span) -> Iterator[Origin]:
    for act in acts:
        if act.pinned is not None:
            yield Origin(what="motion", by="pin", entity=act.entity, words=act.motion,
                         span=act.pinned)  # fmt: skip
        elif act.verb:
            yield Origin(what="motion", by=passage.read_by, entity=act.entity,
                         words=act.verb, span=where)  # fmt: skip
        else:
            yield Origin(what="motion", by="rule", entity=act.entity,
                         words=f"the page says nothing of it: {act.motion}")  # fmt: skip


def _layout(scene: Scene, entity: str, where: Span) -> Origin:
    for layout in scene.layouts:
        if layout.entity == entity:
            return Origin(what="layout", by="pin", entity=entity, span=layout.span)
    return Origin(
        what="layout", by="rule", entity=entity, words="lanes from left to right", span=where
    )


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
