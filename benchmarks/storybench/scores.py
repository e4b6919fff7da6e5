"""Shot + judgement -> what is right in a clip. A clip that failed to render is wrong throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dreamrunner.engine.storybook.judge import Judgement, Sighting
from dreamrunner.engine.storybook.world.vocabulary import MOTIONS
from dreamrunner.plan import ShotPlan
from dreamrunner.story import Box

INSIDE = 0.5  # the part of the frames in which a figure's middle must lie in its planned box


@dataclass(frozen=True, slots=True)
class RoleScore:
    """One figure of a shot.

    Attributes:
        entity: its id.
        seen: the right character was seen, wherever.
        in_region: it was seen with its middle inside its planned box half of the time or more.
        motion: it was seen doing what was asked, in the asked direction where the motion travels.
        own_half: it was seen on the side of the frame where it was planned.
        layout_iou: mean overlap with its planned box over all frames; 0 in a frame without it.
        judged_motion: what it was seen doing, None where it was not seen or did nothing known.
    """

    entity: str
    seen: bool
    in_region: bool
    motion: bool
    own_half: bool
    layout_iou: float
    judged_motion: str | None


@dataclass(frozen=True, slots=True)
class ClipScore:
    """One clip. `error` says why there is none, and is empty where there is one."""

    shot: str
    roles: tuple[RoleScore, ...]
    place: bool
    judged_place: str | None
    shapeless: float
    error: str = ""

    @property
    def each_in_own_half(self) -> bool:
        return all(role.own_half for role in self.roles)


def score(shot: ShotPlan, judgement: Judgement, fps: float) -> ClipScore:
    """Compare what was asked with what was seen."""
    roles = []
    for entity in shot.entities:
        assert entity.character is not None  # the prompts know only the world's characters
        seen = judgement.of(entity.character)
        if not seen:
            roles.append(RoleScore(entity.id, False, False, False, False, 0.0, None))
            continue
        planned = [shot.box_at(entity.id, k / fps) for k in range(len(seen[0].boxes))]
        best = max(seen, key=lambda s, planned=planned: _overlap(planned, s.boxes))
        roles.append(
            RoleScore(
                entity.id,
                seen=True,
                in_region=_inside(planned, best.boxes) >= INSIDE,
                motion=_moves(shot, entity.id, best),
                # A second one on the wrong side is no merit: only the most certain counts.
                own_half=_side(seen[0].boxes) == _side(planned),
                layout_iou=_overlap(planned, best.boxes),
                judged_motion=best.motion,
            )
        )
    return ClipScore(
        shot.id, tuple(roles), judgement.place == shot.place_id, judgement.place,
        judgement.shapeless,
    )  # fmt: skip


def failed(shot: ShotPlan, error: str) -> ClipScore:
    """Return the score of a shot without a clip."""
    roles = (RoleScore(e.id, False, False, False, False, 0.0, None) for e in shot.entities)
    return ClipScore(shot.id, tuple(roles), False, None, 0.0, error)


def _moves(shot: ShotPlan, entity_id: str, sighting: Sighting) -> bool:
    beat = shot.beat(entity_id)
    if beat is None or sighting.motion != beat.motion:
        return False
    return not MOTIONS[beat.motion].travels or sighting.direction == beat.facing


def _inside(planned: Sequence[Box | None], found: Sequence[Box | None]) -> float:
    """Return the part of the frames in which the found middle lies in the planned box."""
    held = 0
    for plan, box in zip(planned, found, strict=True):
        if plan is not None and box is not None:
            x, y = box.center
            held += plan.left <= x <= plan.right and plan.top <= y <= plan.bottom
    return held / len(planned)


def _overlap(planned: Sequence[Box | None], found: Sequence[Box | None]) -> float:
    pairs = zip(planned, found, strict=True)
    return sum(a.iou(b) for a, b in pairs if a is not None and b is not None) / len(planned)


def _side(boxes: Sequence[Box | None]) -> str:
    """Return the half of the frame in which most of a track's middles lie."""
    left = [box.center[0] < 0.5 for box in boxes if box is not None]
    return "left" if 2 * sum(left) > len(left) else "right"
