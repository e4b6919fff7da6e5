"""Plan -> one colour for every entity, the same in the storyboard and on every frame.

The colours are told apart by the colour-blind as well, carry white text, and are seen on light
paper, on dark screens and on pictures.
"""

from __future__ import annotations

from ...plan import Plan

_COLOURS = (
    "#c8501e",  # burnt orange
    "#2b6cb0",  # blue
    "#2f7d4f",  # green
    "#8047b8",  # violet
    "#c02f73",  # magenta
    "#0b7f86",  # teal
    "#94680a",  # ochre
    "#56606f",  # slate
)


def entity_colours(plan: Plan) -> dict[str, str]:
    """Return a colour (#rrggbb) by entity id, in the order in which they enter the film."""
    ids = dict.fromkeys(entity.id for shot in plan.shots for entity in shot.entities)
    placed = (p.entity for s in plan.shots for k in s.keyframes for p in k.placements)
    ids.update(dict.fromkeys(placed))
    return {name: _COLOURS[number % len(_COLOURS)] for number, name in enumerate(ids)}
