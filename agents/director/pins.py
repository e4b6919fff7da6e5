"""A passage and its scene -> why each motion and each box of its shots is as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import Span
from ...plan import Origin
from ...story import Scene
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
