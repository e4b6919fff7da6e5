"""Who does the work: the ports of one production, joined, and how many are at work at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..film import Take
from .ports import CuttingRoom, JoinMeasurer, Librarian, Measurer, Renderer, Trainer


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody the graph calls on. They are called from several threads.

    Without a `join_measurer` cuts are not judged, and the notes say so. `watch` hears of every
    take once, when it is judged. `width` is how many branches are at work at once, so that one
    clip can be measured while the engine renders the next; the engine's lock is the renderer's.
    """

    librarian: Librarian
    trainer: Trainer
    renderer: Renderer
    measurer: Measurer
    cutting_room: CuttingRoom
    join_measurer: JoinMeasurer | None = None
    watch: Callable[[Take], None] | None = None
    width: int = 2
