"""A planned shot -> the ways in which it is asked for: the rows of the table.

Every row has the same shot, the same seed and the same steps; what a row adds is the only thing
that differs from the row that it is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..plan import Entity, ShotPlan

Takes = Literal["one", "re-planned", "other seeds", "drawn"]


@dataclass(frozen=True, slots=True)
class Row:
    """How shots are asked for.

    Attributes:
        regions: whether each text has its own region; else all are one caption.
        sides: whether the caption names where everybody is.
        adapters: whether motions that the model was not taught have an adapter.
        takes: one; as many as the re-planner wants; so many of other seeds, the best kept; or
            none, because the world itself is drawn, which is the ceiling of what is measured.
    """

    name: str
    regions: bool = False
    sides: bool = False
    adapters: bool = False
    takes: Takes = "one"


PLAIN = Row("plain caption")
BEST = Row("best caption", sides=True)
REGIONS = Row("+ SR3AI", regions=True)
RETRIEVED = Row("+ retrieval adapters", sides=True, adapters=True)
BOTH = Row("+ both", regions=True, adapters=True)
REPLANNED = Row("+ critic and re-planner", regions=True, adapters=True, takes="re-planned")
RESEEDED = Row("as many takes, other seeds", regions=True, adapters=True, takes="other seeds")
DRAWN = Row("the drawn world", takes="drawn")
ROWS = (PLAIN, BEST, REGIONS, RETRIEVED, BOTH, REPLANNED, RESEEDED, DRAWN)


def asked(shot: ShotPlan, row: Row) -> ShotPlan:
    """Return a shot as a row asks for it."""
    if row.regions:
        return shot
    entities = shot.entities
    if row.sides:
        entities = tuple(_with_side(shot, entity) for entity in entities)
    settings = shot.settings.model_copy(update={"regions": False})
    return shot.model_copy(update={"entities": entities, "settings": settings})


def _with_side(shot: ShotPlan, entity: Entity) -> Entity:
    """Return an entity whose text says where it is in the middle of the shot."""
    box = shot.box_at(entity.id, shot.duration_s / 2)
    if box is None:
        return entity
    middle = (box.left + box.right) / 2
    side = "on the left" if middle < 0.4 else "on the right" if middle > 0.6 else "in the middle"
    return entity.model_copy(update={"prompt": f"{entity.prompt} {side}"})
