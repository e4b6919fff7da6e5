"""A shot and its frames -> what is right of it, by the miniature's judge.

Text alignment alone is the critic's, because the judge reads no sentences: how likely the sentence
about the whole shot is among others that differ in one thing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.miniature.judge import LOOKED_AT, MiniatureJudge
from ..engine.miniature.world import HEIGHT, WIDTH
from ..plan import Entity, ShotPlan
from ..story import Box
from ..tools.critic.miniature import motion_of
from ..tools.critic.ports import CriticPorts, NotMeasurable, Region, SampledFrames

Frames = NDArray[np.uint8]  # [T, h, w, 3]


@dataclass(frozen=True, slots=True)
class FigureScore:
    """What is right of one figure.

    `character` is its animal and colour in its planned boxes; `motion` by crops that stand still.
    `iou` is that of the planned boxes with boxes of their size about where the judge finds this
    animal anywhere, 0 in frames in which it finds none; `found` in how many of the frames it does.
    """

    entity: str
    character: bool
    motion: bool
    iou: float
    found: float


@dataclass(frozen=True, slots=True)
class ShotScore:
    """What is right of one shot, and how much of its picture changes from frame to frame."""

    story: str
    shot: str
    row: str
    figures: tuple[FigureScore, ...]
    place: bool
    text: float
    dynamic: float
    takes: int = 1

    @property
    def character(self) -> float:
        """The share of the figures that are who they should be where they should be."""
        return float(np.mean([f.character for f in self.figures]))

    @property
    def motion(self) -> float:
        return float(np.mean([f.motion for f in self.figures]))

    @property
    def layout(self) -> float:
        return float(np.mean([f.iou for f in self.figures]))


@dataclass(frozen=True, slots=True)
class JoinScore:
    """How alike the frames at a cut between two shots of one place are: a cosine."""

    story: str
    shot: str
    row: str
    alike: float


class Scorer:
    """The judge, and the critic's ports for sentences and cuts."""

    def __init__(self, judge: MiniatureJudge, ports: CriticPorts) -> None:
        self._judge, self._ports = judge, ports

    def shot(self, story: str, row: str, shot: ShotPlan, frames: Frames, takes: int) -> ShotScore:
        """Score the clip of a shot against the plan, however it was asked for.

        Raises:
            ValueError: the frames are not of the world's size, which is all that the judge knows.
        """
        if frames.shape[1:3] != (HEIGHT, WIDTH):
            raise ValueError(f"the judge reads frames of {HEIGHT} x {WIDTH}, not {frames.shape}")
        tracks = {e.id: planned(shot, e.id, len(frames)) for e in shot.entities}
        seen = self._judge.found(frames, list(tracks.values()))
        figures = []
        for entity, sight in zip(shot.entities, seen, strict=True):
            right = (sight.character, sight.colour) == (entity.character, entity.color)
            overlaps = self._overlaps(frames, entity, tracks[entity.id])
            figures.append(
                FigureScore(
                    entity.id, right, self._moves(shot, entity, frames, tracks[entity.id]),
                    round(float(np.mean(overlaps)), 4), float(np.mean([o > 0 for o in overlaps])),
                )
            )  # fmt: skip
        place = self._judge.place(frames) == shot.place_id
        text = round(self._text(shot, frames), 4)
        return ShotScore(story, shot.id, row, tuple(figures), place, text,
                         round(dynamic_degree(frames), 5), takes)  # fmt: skip

    def join(
        self, story: str, row: str, shot: ShotPlan, before: Frames, after: Frames
    ) -> JoinScore:
        """Score the cut before a shot."""
        alike = self._ports.recogniser.alike([before[-1]], [after[0]])
        return JoinScore(story, shot.id, row, round(float(alike[0, 0]), 4))

    def _moves(
        self, shot: ShotPlan, entity: Entity, frames: Frames, boxes: NDArray[np.float32]
    ) -> bool:
        beat = shot.beat(entity.id)
        wanted = motion_of(beat) if beat else "stand"
        return self._judge.motion_in_place(frames, boxes) == wanted

    def _overlaps(self, frames: Frames, entity: Entity, boxes: NDArray[np.float32]) -> list[float]:
        """Return the overlap in each frame that the judge looks at."""
        middles = self._judge.track(frames, entity.character or "")
        found = []
        for middle, (left, top, right, bottom) in zip(middles, boxes[LOOKED_AT], strict=True):
            plan = Box(float(left), float(top), float(right), float(bottom))
            if middle is None:
                found.append(0.0)
                continue
            x, y = (
                middle[0] - (plan.left + plan.right) / 2,
                middle[1] - (plan.top + plan.bottom) / 2,
            )
            found.append(plan.iou(plan.moved(x, y)))
        return found

    def _text(self, shot: ShotPlan, frames: Frames) -> float:
        times = tuple(i * shot.duration_s / len(frames) for i in range(len(frames)))
        footage = SampledFrames(frames, tuple(range(len(frames))), times)
        try:
            texts = self._ports.wording.whole(shot).texts
        except NotMeasurable:
            return float("nan")
        return float(self._ports.comparer.movement(Region(footage), texts)[0])


def planned(shot: ShotPlan, entity: str, frames: int) -> NDArray[np.float32]:
    """Return an entity's planned boxes [T, 4]; the whole frame where it is absent."""
    found = np.tile(np.array([0, 0, 1, 1], np.float32), (frames, 1))
    for at in range(frames):
        box = shot.box_at(entity, at * shot.duration_s / frames)
        if box is not None:
            found[at] = (box.left, box.top, box.right, box.bottom)
    return found


def dynamic_degree(frames: Frames) -> float:
    """Return how much a pixel changes from one frame to the next, in parts of its range."""
    return float(np.abs(np.diff(frames.astype(np.int16), axis=0)).mean() / 255)
