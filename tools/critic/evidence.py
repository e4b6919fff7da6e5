"""A shot, its clip and a critic's ports -> the clip as it is looked at: planned and found boxes.

What every reading of a clip starts from; nothing is measured here, and figures are searched for
once, when the first reading asks where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...plan import Entity, ShotPlan
from .contests import ContestScores
from .ports import CriticPorts, FoundTrack, NotMeasurable, Picture, SampledFrames, Target, Track

WORST = 3  # frames shown as evidence


@dataclass(frozen=True, slots=True)
class Value:
    """A measured value in 0..1, the clip's frames that show it worst, and a sentence.

    `rival` is the text that a contest was lost to, empty where it was won or is none. A `close`
    contest is one whose loss by little says nothing; any other loss is a failure. `doubt` is why a
    loss of this one says nothing, empty where it does.
    """

    value: float
    frames: tuple[int, ...]
    explanation: str
    rival: str = ""
    contest: bool = False
    close: bool = False
    doubt: str = ""


class ClipView:
    """A clip as it is looked at for a shot.

    `earlier` are pictures of entities in shots before this one, by id.
    """

    def __init__(
        self,
        shot: ShotPlan,
        footage: SampledFrames,
        ports: CriticPorts,
        earlier: Mapping[str, tuple[Picture, ...]] | None = None,
    ) -> None:
        self.shot, self.footage, self.ports = shot, footage, ports
        self.earlier = earlier or {}
        self.kinds: dict[str, ContestScores | None] = {}  # who was seen, by id, once it is known

    @cached_property
    def found(self) -> Mapping[str, Track]:
        """The boxes in which each entity of the shot was found, by id."""
        return {name: track.boxes for name, track in self.sightings.items()}

    @cached_property
    def sightings(self) -> Mapping[str, FoundTrack]:
        """Where each entity of the shot was found, by id; nowhere for whom nothing names."""
        count = len(self.footage.numbers)
        nowhere = FoundTrack((None,) * count, (0.0,) * count)
        targets: dict[str, Target] = {}
        for entity in self.shot.entities:
            try:
                text = self.ports.wording.target(entity)
            except NotMeasurable:
                continue
            targets[entity.id] = Target(text, self.ports.references.get(entity.id, ()))
        tracks = self.ports.finder.find(self.footage, list(targets.values())) if targets else ()
        seen = dict(zip(targets, tracks, strict=True))
        return {e.id: seen.get(e.id, nowhere) for e in self.shot.entities}

    @cached_property
    def planned(self) -> Mapping[str, Track]:
        """Where each entity should be, by id."""
        times = self.footage.times_s
        return {e.id: tuple(self.shot.box_at(e.id, t) for t in times) for e in self.shot.entities}

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
        return tuple(sorted(self.footage.numbers[i] for _, i in lowest))
