"""A shot and its clip -> the clip as it is looked at: planned boxes, found boxes, and words.

What every reading of a clip starts from; nothing is measured here, and figures are searched for
once, when the first reading asks where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...engine.storybook.critic import sentences
from ...engine.storybook.critic.viewing import CriticView, Track
from ...engine.storybook.world.vocabulary import CHARACTERS
from ...plan import Entity, ShotPlan

WORST = 3  # frames shown as evidence


class NotMeasurable(Exception):
    """Something cannot be judged, which is no failure; the message says why."""


@dataclass(frozen=True, slots=True)
class Value:
    """A measured value in 0..1, the clip's frames that show it worst, and a sentence."""

    value: float
    frames: tuple[int, ...]
    explanation: str


class ClipView:
    """A clip as it was looked at for a shot.

    Args:
        shot: what was planned.
        viewing: the frames that are looked at.
        numbers: their numbers in the clip.
        times_s: their times in the shot.
    """

    def __init__(
        self, *, shot: ShotPlan, viewing: CriticView, numbers: tuple[int, ...],
        times_s: tuple[float, ...],
    ) -> None:  # fmt: skip
        self.shot, self.viewing, self.numbers, self.times_s = shot, viewing, numbers, times_s

    @cached_property
    def found(self) -> Mapping[str, Track]:
        """Where each entity of the shot was found, by id."""
        texts = [sentences.subject(*named(entity)) for entity in self.shot.entities]
        tracks = self.viewing.find(texts)
        return {e.id: track for e, track in zip(self.shot.entities, tracks, strict=True)}

    @cached_property
    def planned(self) -> Mapping[str, Track]:
        """Where each entity should be, by id."""
        return {
            e.id: tuple(self.shot.box_at(e.id, t) for t in self.times_s) for e in self.shot.entities
        }

    def tracks(self, entity_id: str) -> tuple[Track, Track]:
        """Return where an entity should be and where it was found."""
        return self.planned[entity_id], self.found[entity_id]

    def entity(self, entity_id: str | None) -> Entity:
        """Return an entity of the shot; who is in no shot cannot be judged."""
        for entity in self.shot.entities:
            if entity.id == entity_id:
                return entity
        raise NotMeasurable(f"{entity_id} is not in this shot's plan")

    def worst(self, values: Sequence[float], at: Sequence[int] | None = None) -> tuple[int, ...]:
        """Return the clip's numbers of the frames with the lowest values, in order."""
        places = list(range(len(values))) if at is None else list(at)
        lowest = sorted(zip(values, places, strict=True))[:WORST]
        return tuple(sorted(self.numbers[i] for _, i in lowest))


def named(entity: Entity) -> tuple[str, str | None]:
    """Return whom the critic knows, or the writer's words for whom it doesn't."""
    if entity.character in CHARACTERS:
        return entity.character, entity.color
    return entity.look or entity.prompt, None
