"""One thing that failed -> a shot with one thing changed, or the pin that forbids it.

Each remedy is a function of a shot, of what failed, and of what there is to change it with; it
answers None where it has nothing to offer. Which of them answer which failure is `replan`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ...film import Measurement
from ...plan import Beat, Pin, PlaceFrame, ShotPlan
from . import box_remedies, shot_remedies
from .takes import Neighbour

MAX_GUIDANCE = 9.0
LEAST_GUIDANCE = 1.5
MAX_ADAPTER_SCALE = 1.75
FEWER_REGION_STEPS = 0.8
LEAST_HEIGHT = 0.32  # of those whom the director himself makes smallest
# Of what was seen instead, these say nothing that a picture could avoid.
_EMPTY_WORDS = frozenset("a an the of empty background place with nobody in it".split())


@dataclass(frozen=True, slots=True)
class ShotMeans:
    """What there is for a shot beside its plan.

    `longest_s` is how long a clip of the engine's may be, `least_height` how high a figure is at
    least of which a model has learnt anything, in frame heights. `spare` are the motions of which
    the library has clips that no adapter was learnt from, `learnable` those that the model may be
    taught although nobody has asked for it. `place_frame` is an earlier shot that is
    right in the same place, None where there is none or it is not finished; `place_awaited` says
    that there will be one. `taught_height` is the largest of somebody whom a taught motion moves,
    in frame heights, None for any. `reads_style` says that the engine's pictures follow the style.
    """

    longest_s: float = 0.0
    least_height: float = LEAST_HEIGHT
    spare: frozenset[str] = frozenset()
    learnable: frozenset[str] = frozenset()
    place_frame: PlaceFrame | None = None
    place_awaited: bool = False
    taught_height: float | None = None
    reads_style: bool = True


NO_MEANS = ShotMeans()


@dataclass(frozen=True, slots=True)
class ReplanContext:
    """What the re-planner must know beside the plan and the verdict.

    `take` counts the takes made so far. `taught` are the entities whose motion has an adapter.
    `neighbour` is the shot before, None where there is none or it is not finished. `tried` are
    the kinds of remedies that led to no better take of this shot. `underpainted` are the entities
    that the engine paints itself beneath the model's picture: nothing that only acts on the model
    changes them. `means` is what the engine, the library and the film have for a remedy.
    """

    take: int
    taught: frozenset[str] = frozenset()
    neighbour: Neighbour | None = None
    tried: frozenset[str] = frozenset()
    underpainted: frozenset[str] = frozenset()
    means: ShotMeans = NO_MEANS


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A shot with one thing changed, in words a writer reads."""

    shot: ShotPlan
    words: str


# What a remedy answers: done, forbidden by a pin, or None where it has nothing to offer.
Answer: TypeAlias = PlanChange | Pin | None
Attempt: TypeAlias = Callable[[ShotPlan, Measurement, ReplanContext], Answer]


def new_seed(shot: ShotPlan, take: int) -> PlanChange | Pin:
    """Return the shot with a seed made of its id, its seed and the number of takes so far."""
    digest = hashlib.sha256(f"{shot.id}\0{shot.seed}\0{take}".encode()).digest()
    seed = int.from_bytes(digest[:8], "big") % 1_000_000  # short, so that a writer can copy it
    if seed == shot.seed:
        seed += 1
    return _seeded(shot, seed)


def stronger_adapter(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if failed.subject not in setting.taught:
        return None
    scale = shot.settings.adapter_scale
    more = round(min(MAX_ADAPTER_SCALE, scale + 0.25), 2)
    if more <= scale:
        return None
    changed = _with_settings(shot, adapter_scale=more)
    return PlanChange(changed, f"adapter scale from {scale:g} to {more:g}")


def other_clips(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    """Learn a motion from other clips than its adapter was learnt from.

    A training takes longer than any other remedy: a stronger adapter is tried first.
    """
    if "stronger-adapter" not in setting.tried:
        return None
    beats = tuple(
        beat.model_copy(update={"lesson": beat.lesson + 1})
        if beat.entity == failed.subject and beat.motion in setting.means.spare and not beat.lesson
        else beat
        for beat in shot.beats
    )
    return _relearnt(shot, beats, "is learnt from other clips")


def first_lesson(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    """Teach a motion that the model was seen not to know, after something milder did not help."""
    if not setting.tried:
        return None
    beats = tuple(
        beat.model_copy(update={"lesson": 1})
        if beat.entity == failed.subject
        and beat.motion in setting.means.learnable
        and not beat.lesson
        else beat
        for beat in shot.beats
    )
    return _relearnt(shot, beats, "is learnt from clips of the library")


def _relearnt(shot: ShotPlan, beats: tuple[Beat, ...], how: str) -> Answer:
    taught = {new.motion for old, new in zip(shot.beats, beats, strict=True) if old != new}
    if not taught:
        return None
    changed = shot.model_copy(update={"beats": beats})
    return PlanChange(changed, f'"{", ".join(sorted(taught))}" {how}')


def longer_shot(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    changed = shot_remedies.longer(shot, setting.means.longest_s)
    if changed is None:
        return None
    words = f"the shot lasts {changed.duration_s:g} s instead of {shot.duration_s:g} s"
    return _pin(shot, "duration") or PlanChange(changed, words)


def two_parts(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    """Film a crowded shot in two parts."""
    changed = shot_remedies.in_two_parts(shot)
    if changed is None:
        return None
    fixed = (box_remedies.layout_pin(shot, entity.id) for entity in shot.entities)
    pin = _pin(shot, "camera") or next((pin for pin in fixed if pin), None)
    first, second = (" and ".join(part) for part in changed.parts)
    return pin or PlanChange(changed, f"filmed in two parts: {first}, then {second}")


def place_of_shot(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if setting.means.place_frame is None:
        return None
    changed = shot_remedies.in_place_of(shot, setting.means.place_frame)
    if changed is None:
        return None
    words = f"the place is that of shot {setting.means.place_frame.shot}"
    return _pin(shot, "join") or PlanChange(changed, words)


def more_guidance(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if not _drawn_by_model(shot, failed, setting):
        return None
    return _guided(shot, min(MAX_GUIDANCE, shot.settings.guidance * 1.25), up=True)


def less_guidance(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    return _guided(shot, max(LEAST_GUIDANCE, shot.settings.guidance * 0.8), up=False)


def not_the_rival(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    """Say what was seen instead as what must not be seen; a negative acts by guidance alone."""
    if shot.settings.guidance <= 1 or not _drawn_by_model(shot, failed, setting):
        return None
    own = " ".join(f"{e.look} {e.prompt}" for e in shot.entities).lower().split()
    said = [word for word in failed.rival.split() if word.lower() not in (*own, *_EMPTY_WORDS)]
    words = " ".join(said)
    if not words or words in (part.strip() for part in shot.negative.split(",")):
        return None
    negative = f"{shot.negative}, {words}" if shot.negative else words
    changed = shot.model_copy(update={"negative": negative})
    return PlanChange(changed, f'"{words}" must not be seen')


def without_style(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    """Leave out the words of the style: they stand in every region's text, and a model that does
    not know them draws somebody else."""
    if not shot.style or not setting.means.reads_style:
        return None
    changed = shot.model_copy(update={"style": ""})
    return _pin(shot, "style") or PlanChange(changed, f'without the style "{shot.style}"')


def soft_edge(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if shot.settings.soft_edge_tokens or not _drawn_by_model(shot, failed, setting):
        return None
    changed = _with_settings(shot, soft_edge_tokens=1)
    return PlanChange(changed, "regions fade over 1 token at their edges")


def fewer_region_steps(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    first, last = shot.settings.region_steps
    if last < 1 or not _drawn_by_model(shot, failed, setting):
        return None
    changed = _with_settings(shot, region_steps=(first, FEWER_REGION_STEPS))
    return PlanChange(changed, f"regions rule until {FEWER_REGION_STEPS:.0%} of the steps")


def _drawn_by_model(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> bool:
    """Say whether the model itself draws somebody of those who failed."""
    return bool(set(_who(shot, failed)) - setting.underpainted)


def _guided(shot: ShotPlan, guidance: float, *, up: bool) -> Answer:
    before, after = shot.settings.guidance, round(guidance, 2)
    if before <= 1:
        return None  # made without guidance; with it every step would take twice the work
    if after == before or (after > before) != up:
        return None
    changed = _with_settings(shot, guidance=after)
    return PlanChange(changed, f"guidance from {before:g} to {after:g}")


def longer_path(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    return _restaged(shot, failed, "path", lambda e: box_remedies.travelling(shot, e, 1.4))


def larger_box(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    def grown(entity: str) -> ShotPlan | None:
        most = setting.means.taught_height if entity in setting.taught else None
        least = setting.means.least_height
        return box_remedies.larger(shot, entity, 1.25, least, most or box_remedies.MAX_SIDE)

    return _restaged(shot, failed, "box", grown)


def _restaged(
    shot: ShotPlan,
    failed: Measurement,
    what: Literal["path", "box"],
    change: Callable[[str], ShotPlan | None],
) -> Answer:
    """Change the boxes of the first of those who failed whose boxes can and may change."""
    blocked: Pin | None = None
    for entity in _who(shot, failed):
        changed = change(entity)
        if changed is None:
            continue
        pin = box_remedies.layout_pin(shot, entity)
        if pin is None:
            words = (
                f"from {box_remedies.path(shot, entity)} to {box_remedies.path(changed, entity)}"
            )
            return PlanChange(changed, f"{what} of {entity} {words}")
        blocked = blocked or pin
    return blocked


def less_overlap(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    blocked: Pin | None = None
    for entity in _who(shot, failed):
        other = box_remedies.crowding(shot, entity)
        pairs = ((entity, other), (other, entity)) if other else ()
        for mover, still in pairs:
            changed = box_remedies.apart(shot, mover, still)
            pin = box_remedies.layout_pin(shot, mover)
            if changed and pin is None:
                words = (
                    f"from {box_remedies.path(shot, mover)} to {box_remedies.path(changed, mover)}"
                )
                return PlanChange(changed, f"{mover} off {still}: box {words}")
            blocked = blocked or (pin if changed else None)
    return blocked


def depth_order(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    for entity in _who(shot, failed):
        if box_remedies.crowding(shot, entity) is None:
            continue
        pin = box_remedies.layout_pin(shot, entity) or _pin(shot, "depth")
        changed = box_remedies.in_front(shot, entity)
        if changed:
            return pin or PlanChange(changed, f"{entity} in front of who overlaps it")
    return None


def _who(shot: ShotPlan, failed: Measurement) -> tuple[str, ...]:
    return (failed.subject,) if failed.subject else tuple(e.id for e in shot.entities)


def place_said_twice(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    pin = _pin(shot, "place")
    once = shot.background.rstrip(". ")
    sentences = once.split(". ")
    half = len(sentences) // 2
    if not once or (half and sentences[:half] == sentences[half:]):
        return None
    # The words stay those that the model was taught for this place; only their weight grows.
    twice = f"{once}. {once}"
    changed = shot.model_copy(update={"background": twice})
    return pin or PlanChange(changed, f'the place is said twice: "{twice}"')


def continued(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if setting.neighbour is None or shot.settings.continue_from_previous:
        return None
    changed = _with_settings(shot, continue_from_previous=True)
    words = f"begins on the last frame of shot {setting.neighbour.clip.shot}"
    return _pin(shot, "join") or PlanChange(changed, words)


def shared_seed(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if setting.neighbour is None or setting.neighbour.seed == shot.seed:
        return None
    return _seeded(shot, setting.neighbour.seed)


def _seeded(shot: ShotPlan, seed: int) -> PlanChange | Pin:
    changed = shot.model_copy(update={"seed": seed})
    return _pin(shot, "seed") or PlanChange(changed, f"seed from {shot.seed} to {seed}")


def _with_settings(shot: ShotPlan, **settings: float | bool | tuple[float, float]) -> ShotPlan:
    return shot.model_copy(update={"settings": shot.settings.model_copy(update=settings)})


def _pin(
    shot: ShotPlan, what: Literal["place", "join", "seed", "depth", "duration", "camera", "style"]
) -> Pin | None:
    return next((pin for pin in shot.pins if pin.what == what), None)
