"""A passage and its scene -> why each motion and each box of its shots is as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import Span
from ...plan import Origin, Pin
from ...speech import names_of_cue
from ...story import Location, Scene, Shot
from .assertions import Lines
from .beats import Act
from .passages import Passage


def lines_of(
    passage: Passage, scene: Scene, shot: Shot | None, entities: Sequence[str], acts: Sequence[Act]
) -> Lines:
    """Return where the page speaks of those in a shot, of their boxes and of its place."""
    return Lines(
        mentions={entity: _mention(entity, passage, scene, shot, acts) for entity in entities},
        boxes={layout.entity: layout.span for layout in scene.layouts},
        place=scene.heading.span,
    )


def _mention(
    entity: str, passage: Passage, scene: Scene, shot: Shot | None, acts: Sequence[Act]
) -> Span:
    """Return the first words of a shot that speak of an entity, else what else puts it there."""
    mine = [act for act in acts if act.entity == entity and act.span is not None]
    told = [act.span for act in mine if act.span is not None and not act.pinned]
    if told:
        return min(told, key=lambda span: span.start)
    places = passage.reading.places if passage.reading else {}
    reasons = (
        passage.span_of(places[entity]) if entity in places else None,
        next(
            (said.span for said in passage.dialogues if entity in names_of_cue(said.speaker)), None
        ),
        next((layout.span for layout in scene.layouts if layout.entity == entity), None),
        next((act.span for act in mine), None),
        shot.span if shot is not None and entity in shot.on else None,
        passage.span_of(None),
    )
    return next((span for span in reasons if span is not None), scene.heading.span)


def origins_of(
    passage: Passage, scene: Scene, acts: Sequence[Act], lines: Lines
) -> tuple[Origin, ...]:
    """Return the origin of every motion, box and background that the rules put into a shot."""
    layouts = (_layout(entity, lines) for entity in lines.mentions)
    heading = Origin(
        what="background", by="text", words=scene.heading.text, span=scene.heading.span
    )
    return (*_motions(passage, acts), *layouts, heading)


def _motions(passage: Passage, acts: Sequence[Act]) -> Iterator[Origin]:
    for act in acts:
        if act.pinned:
            yield Origin(what="motion", by="pin", entity=act.entity, words=act.motion,
                         span=act.span)  # fmt: skip
        elif act.verb:
            yield Origin(what="motion", by=passage.read_by, entity=act.entity,
                         words=act.verb, span=act.span)  # fmt: skip
        else:
            yield Origin(what="motion", by="rule", entity=act.entity,
                         words=f"the page says nothing of it: {act.motion}")  # fmt: skip


def _layout(entity: str, lines: Lines) -> Origin:
    if entity in lines.boxes:
        return Origin(what="layout", by="pin", entity=entity, span=lines.boxes[entity])
    return Origin(
        what="layout", by="rule", entity=entity, words="lanes from left to right",
        span=lines.mentions[entity],
    )  # fmt: skip


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
    return scene.replan is not None and scene.replan.releases(what)


def _fixed(scene: Scene, entities: Sequence[str], acts: Sequence[Act]) -> Iterator[Pin]:
    for layout in scene.layouts:
        if layout.entity in entities:
            yield Pin(what="layout", entity=layout.entity, span=layout.span)
    for depth in scene.depths:
        if depth.entity in entities:
            yield Pin(what="depth", entity=depth.entity, span=depth.span)
    for act in acts:
        if act.pinned and act.span is not None:
            yield Pin(what="motion", entity=act.entity, span=act.span)
    if scene.seed is not None:
        yield Pin(what="seed", span=scene.seed.span)
    if scene.duration_s is not None:
        yield Pin(what="duration", span=scene.duration_s.span)
    if scene.camera is not None:
        yield Pin(what="camera", span=scene.camera.span)
