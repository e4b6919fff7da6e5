"""A failed verdict -> remedies -> the shot's plan for its next take.

Each failed measurement asks for the remedies of its metric, in the order of the table; a remedy
is applied once however many measurements ask for it, and one that did not help is not tried again.
From the second failure on, or where nothing else could be changed, the next take also has a new
seed. A pin of the writer's forbids: the remedy is then recorded with the pin's place and nothing of
it is done. The outcome is a function of its arguments alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ...film import Measurement, Remedy, Verdict
from ...plan import Pin, ShotPlan
from . import box_remedies
from .takes import Neighbour

MAX_GUIDANCE = 9.0
LEAST_GUIDANCE = 1.5
MAX_ADAPTER_SCALE = 1.75
FEWER_REGION_STEPS = 0.8
# Of what was seen instead, these say nothing that a picture could avoid.
_EMPTY_WORDS = frozenset("a an the of empty background place with nobody in it".split())


@dataclass(frozen=True, slots=True)
class Replanned:
    """The next take's plan and what led to it; not `changed` where every remedy was blocked."""

    shot: ShotPlan
    remedies: tuple[Remedy, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class ReplanContext:
    """What the re-planner must know beside the plan and the verdict.

    `take` counts the takes made so far. `taught` are the entities whose motion has an adapter.
    `neighbour` is the shot before, None where there is none or it is not finished. `tried` are
    the kinds of remedies that led to no better take of this shot. `underpainted` are the entities
    that the engine paints itself beneath the model's picture: nothing that only acts on the model
    changes them.
    """

    take: int
    taught: frozenset[str] = frozenset()
    neighbour: Neighbour | None = None
    tried: frozenset[str] = frozenset()
    underpainted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A shot with one thing changed, in words a writer reads."""

    shot: ShotPlan
    words: str


# What a remedy answers: done, forbidden by a pin, or None where it has nothing to offer.
Answer: TypeAlias = PlanChange | Pin | None
Attempt: TypeAlias = Callable[[ShotPlan, Measurement, ReplanContext], Answer]


def replan(shot: ShotPlan, verdict: Verdict, setting: ReplanContext) -> Replanned:
    """Return the plan of the next take of `shot`, of which the best take had this verdict."""
    plan = shot
    remedies: dict[str, Remedy] = {}
    for failed in verdict.failed:
        for kind in _kinds_for(failed, verdict):
            name = f"{kind} of {failed.subject}" if kind in _OF_ENTITY else kind
            if name in remedies or kind in setting.tried:
                continue
            answer = _ATTEMPTS[kind](plan, failed, setting)
            if answer is None:
                continue
            remedies[name] = _remedy(kind, failed, answer)
            if isinstance(answer, PlanChange):
                plan = answer.shot
                if failed.metric in _ONE_IS_ENOUGH:
                    break
    if plan == shot or (setting.take > 1 and plan.seed == shot.seed):
        worst = verdict.failed[0] if verdict.failed else None
        answer = new_seed(plan, setting.take)
        remedies["new-seed"] = _remedy("new-seed", worst, answer)
        plan = answer.shot if isinstance(answer, PlanChange) else plan
    return Replanned(plan, tuple(remedies.values()), changed=plan != shot)


def new_seed(shot: ShotPlan, take: int) -> PlanChange | Pin:
    """Return the shot with a seed made of its id, its seed and the number of takes so far."""
    digest = hashlib.sha256(f"{shot.id}\0{shot.seed}\0{take}".encode()).digest()
    seed = int.from_bytes(digest[:8], "big") % 1_000_000  # short, so that a writer can copy it
    if seed == shot.seed:
        seed += 1
    return _seeded(shot, seed)


def why(failed: Measurement) -> str:
    """Return a failed measurement in words: `layout of FOX is 0.31, should reach 0.50`."""
    what = f"{failed.metric} of {failed.subject}" if failed.subject else failed.metric
    if failed.value is None or failed.threshold is None:
        return f"{what} failed: {failed.explanation}"
    return f"{what} is {failed.value:.2f}, the threshold is {failed.threshold:.2f}"


def _remedy(kind: str, failed: Measurement | None, answer: PlanChange | Pin) -> Remedy:
    reason = why(failed) if failed else "the take before did not pass"
    if isinstance(answer, Pin):
        who = f" of {answer.entity}" if answer.entity else ""
        fixed = f"{answer.what}{who} is fixed at line {answer.span.line}"
        return Remedy(kind=kind, reason=f"{reason}; {fixed}", blocked_by=answer.span)
    return Remedy(kind=kind, reason=reason, change=answer.words)


def _kinds_for(failed: Measurement, verdict: Verdict) -> tuple[str, ...]:
    kinds = _REMEDIES.get(failed.metric, ())
    if failed.metric == "place":
        # Guidance is one knob: who asks for less of it yields to whoever needs more.
        others = {m.metric for m in verdict.failed}
        if any("more-guidance" in _REMEDIES.get(metric, ()) for metric in others):
            kinds = tuple(kind for kind in kinds if kind != "less-guidance")
    return kinds


def _stronger_adapter(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if failed.subject not in setting.taught:
        return None
    scale = shot.settings.adapter_scale
    more = round(min(MAX_ADAPTER_SCALE, scale + 0.25), 2)
    if more <= scale:
        return None
    changed = _with_settings(shot, adapter_scale=more)
    return PlanChange(changed, f"adapter scale from {scale:g} to {more:g}")


def _more_guidance(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if not _drawn_by_model(shot, failed, setting):
        return None
    return _guided(shot, min(MAX_GUIDANCE, shot.settings.guidance * 1.25), up=True)


def _less_guidance(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    return _guided(shot, max(LEAST_GUIDANCE, shot.settings.guidance * 0.8), up=False)


def _not_the_rival(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
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


def _soft_edge(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if shot.settings.soft_edge_tokens or not _drawn_by_model(shot, failed, setting):
        return None
    changed = _with_settings(shot, soft_edge_tokens=1)
    return PlanChange(changed, "regions fade over 1 token at their edges")


def _fewer_region_steps(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
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


def _longer_path(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    return _restaged(shot, failed, "path", lambda e: box_remedies.travelling(shot, e, 1.4))


def _larger_box(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    return _restaged(shot, failed, "box", lambda e: box_remedies.larger(shot, e, 1.25))


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


def _less_overlap(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
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


def _depth_order(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
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


def _place_said_twice(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
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


def _continued(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if setting.neighbour is None or shot.settings.continue_from_previous:
        return None
    changed = _with_settings(shot, continue_from_previous=True)
    words = f"begins on the last frame of shot {setting.neighbour.clip.shot}"
    return _pin(shot, "join") or PlanChange(changed, words)


def _shared_seed(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> Answer:
    if setting.neighbour is None or setting.neighbour.seed == shot.seed:
        return None
    return _seeded(shot, setting.neighbour.seed)


def _seeded(shot: ShotPlan, seed: int) -> PlanChange | Pin:
    changed = shot.model_copy(update={"seed": seed})
    return _pin(shot, "seed") or PlanChange(changed, f"seed from {shot.seed} to {seed}")


def _with_settings(shot: ShotPlan, **settings: float | bool | tuple[float, float]) -> ShotPlan:
    return shot.model_copy(update={"settings": shot.settings.model_copy(update=settings)})


def _pin(shot: ShotPlan, what: Literal["place", "join", "seed", "depth"]) -> Pin | None:
    return next((pin for pin in shot.pins if pin.what == what), None)


_ATTEMPTS: dict[str, Attempt] = {
    "stronger-adapter": _stronger_adapter,
    "more-guidance": _more_guidance,
    "less-guidance": _less_guidance,
    "longer-path": _longer_path,
    "larger-box": _larger_box,
    "less-overlap": _less_overlap,
    "depth-order": _depth_order,
    "not-the-rival": _not_the_rival,
    "soft-edge": _soft_edge,
    "fewer-region-steps": _fewer_region_steps,
    "place-said-twice": _place_said_twice,
    "continue-from-previous": _continued,
    "shared-seed": _shared_seed,
}

_OF_ENTITY = frozenset({"longer-path", "larger-box", "less-overlap", "depth-order"})

# Metrics whose remedies are alternatives: the first that can be done is the only one.
_ONE_IS_ENOUGH = frozenset({"join"})

_LAYOUT = ("less-overlap", "larger-box", "more-guidance", "depth-order", "soft-edge")
_PRESENT = ("less-overlap", "larger-box", "not-the-rival", "more-guidance", "depth-order")

_REMEDIES: dict[str, tuple[str, ...]] = {
    "motion": ("stronger-adapter", "longer-path", "more-guidance"),
    "layout": _LAYOUT,
    "present": _PRESENT,
    "left-of": _LAYOUT,
    "right-of": _LAYOUT,
    "above": _LAYOUT,
    "below": _LAYOUT,
    "overlaps": ("larger-box", "more-guidance"),
    "inside": ("larger-box", "more-guidance"),
    "identity": ("not-the-rival", "more-guidance", "larger-box"),
    "place": ("place-said-twice", "fewer-region-steps", "less-guidance"),
    "join": ("continue-from-previous", "shared-seed"),
}
