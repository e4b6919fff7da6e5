"""Everything that a passage is filmed from, as one record."""

from __future__ import annotations

from dataclasses import dataclass

from ....plan import Capabilities
from ....story import Location as Declared
from ....story import Scene, Shot
from ..framing import Framing
from ..locations import ShotLocation
from ..passages import Passage
from ..reading.glossary import Glossary


@dataclass(frozen=True, slots=True)
class PassageSetup:
    """Everything that a passage is filmed from.

    `shot` is the writer's own `@shot` if there is one, `named` the `@location` of the heading.
    """

    scene: Scene
    passage: Passage
    frame: Framing
    location: ShotLocation
    glossary: Glossary
    capabilities: Capabilities
    shot: Shot | None = None
    named: Declared | None = None
