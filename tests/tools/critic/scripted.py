"""Ports that see what a test says they see, and a shot to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dreamrunner.plan import Assertion, Beat, Entity, Keyframe, Placement, ShotPlan
from dreamrunner.story import Box
from dreamrunner.tools.critic.evidence import ClipView
from dreamrunner.tools.critic.ports import (
    Chances,
    Contest,
    CriticPorts,
    FoundTrack,
    Likeness,
    Mask,
    NotMeasurable,
    Picture,
    Region,
    SampledFrames,
    Target,
)

HERE, THERE = Box(0.1, 0.4, 0.3, 0.8), Box(0.6, 0.4, 0.8, 0.8)


@dataclass
class ScriptedEyes:
    """Sees tracks by text, and how likely each text is; what no script names is unlikely."""

    tracks: Mapping[str, tuple[Box | None, ...]] = field(default_factory=dict)
    likely: Mapping[str, float] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    masks: Mapping[str, Mask] = field(default_factory=dict)

    def find(self, footage: SampledFrames, targets: Sequence[Target]) -> Sequence[FoundTrack]:
        nowhere = (None,) * len(footage.numbers)
        boxes = [self.tracks.get(t.text, nowhere) for t in targets]
        return [
            FoundTrack(
                b,
                tuple(float(box is not None) for box in b),
                (self.masks[t.text],) * len(b) if t.text in self.masks else (),
            )
            for t, b in zip(targets, boxes, strict=True)
        ]

    def pictures(self, region: Region, texts: Sequence[str]) -> Chances:
        count = len([b for b in region.boxes if b]) if region.boxes else len(region.footage.numbers)
        return np.repeat(self.movement(region, texts)[None], count, axis=0)

    def movement(self, region: Region, texts: Sequence[str]) -> Chances:
        self.asked.append(tuple(texts))
        return np.array([self.likely.get(t, 0.01) for t in texts], np.float32)

    def alike(self, pictures: Sequence[Picture], references: Sequence[Picture]) -> Likeness:
        """Call pictures alike by their brightness."""
        one = np.array([p.mean() for p in pictures])[:, None]
        other = np.array([p.mean() for p in references])[None]
        return (1 - abs(one - other) / 255).astype(np.float32)


class PlainWording:
    """Says names and verbs as they are."""

    def target(self, entity: Entity) -> str:
        if entity.look == "nobody":
            raise NotMeasurable("nothing says what it looks like")
        return entity.look

    def absent(self, shot: ShotPlan, name: str) -> Entity:
        return Entity(id=name, look=name.lower(), prompt="")

    def kind(self, entity: Entity) -> Contest:
        return Contest(entity.look, ("a bear", "nothing"))

    def identity(self, entity: Entity) -> Contest:
        return Contest(f"red {entity.look}", (f"grey {entity.look}",))

    def motion(self, entity: Entity, beat: Beat) -> Contest:
        return Contest(beat.motion, ("standing still",))

    def place(self, shot: ShotPlan) -> Contest:
        return Contest(shot.place, ("a desert",))

    def whole(self, shot: ShotPlan) -> Contest:
        return Contest("all of it", ("another thing",))

    def rests(self, beat: Beat) -> bool:
        return beat.motion == "stand"

    def turns(self, beat: Beat) -> bool:
        return beat.motion == "somersault"

    def doubt(self, beat: Beat, rival: str) -> str:
        return "it lies down" if beat.motion == "sleep" and rival != "nothing" else ""


def shot(motion: str = "walk", *assertions: Assertion) -> ShotPlan:
    """Return a fox and an owl for a second, the fox doing something."""
    boxes = (("FOX", HERE), ("OWL", THERE))
    return ShotPlan(
        id="1.1", scene="1", duration_s=1.0, seed=1, place="a wood", background="a wood",
        entities=(
            Entity(id="FOX", look="a fox", prompt=""), Entity(id="OWL", look="an owl", prompt="")
        ),
        keyframes=(
            Keyframe(time_s=0, placements=tuple(Placement(entity=e, box=b) for e, b in boxes)),
        ),
        beats=(Beat(entity="FOX", motion=motion, start_s=0, end_s=1),),
        assertions=assertions,
    )  # fmt: skip


def footage(frames: np.ndarray | None = None) -> SampledFrames:
    """Return eight frames of noise, or these."""
    if frames is None:
        frames = np.random.default_rng(0).integers(0, 255, (8, 32, 48, 3), np.uint8)
    numbers = tuple(range(len(frames)))
    return SampledFrames(frames, numbers, tuple(i / 8 for i in numbers))


def looked(
    eyes: ScriptedEyes,
    motion: str = "walk",
    earlier: Mapping[str, tuple[Picture, ...]] | None = None,
    frames: np.ndarray | None = None,
    **ports: object,
) -> ClipView:
    """Return a clip as these eyes see it."""
    made = CriticPorts(eyes, eyes, eyes, PlainWording(), **ports)  # type: ignore[arg-type]
    return ClipView(shot(motion), footage(frames), made, earlier)
