"""A failed verdict -> remedies -> the shot's plan for its next take.

Each failed measurement asks for the remedies of its metric, in the order of the table; a remedy
is applied once however many measurements ask for it, and one that did not help is not tried again.
From the second failure on, or where nothing else could be changed, the next take also has a new
seed. A pin of the writer's forbids: the remedy is then recorded with the pin's place and nothing of
it is done. The outcome is a function of its arguments alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...film import Measurement, Remedy, Verdict
from ...plan import Pin, ShotPlan
from . import remedies as do
from .remedies import Attempt, PlanChange, ReplanContext, new_seed


@dataclass(frozen=True, slots=True)
class Replanned:
    """The next take's plan and what led to it; not `changed` where every remedy was blocked."""

    shot: ShotPlan
    remedies: tuple[Remedy, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy for something that failed, and what it would change, or the pin that forbids it."""

    kind: str
    failed: Measurement
    answer: PlanChange | Pin


def offers(shot: ShotPlan, verdict: Verdict, setting: ReplanContext) -> Iterator[Offer]:
    """Yield all that could be changed of a shot, each for itself, but for what did not help."""
    for failed in verdict.failed:
        for kind in _kinds_for(failed, verdict):
            answer = None if kind in setting.tried else _ATTEMPTS[kind](shot, failed, setting)
            if answer is not None:
                yield Offer(kind, failed, answer)
        parted = _parted(shot, failed, setting)
        if parted is not None:
            yield Offer("two-parts", failed, parted)


def replan(shot: ShotPlan, verdict: Verdict, setting: ReplanContext) -> Replanned:
    """Return the plan of the next take of `shot`, of which the best take had this verdict."""
    alone = _alone(shot, verdict, setting)
    if alone is not None:
        return alone
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
            remedies[name] = remedy_of(kind, failed, answer)
            if isinstance(answer, PlanChange):
                plan = answer.shot
                if failed.metric in _ONE_IS_ENOUGH:
                    break
    if plan == shot or (setting.take > 1 and plan.seed == shot.seed):
        worst = verdict.failed[0] if verdict.failed else None
        answer = new_seed(plan, setting.take)
        remedies["new-seed"] = remedy_of("new-seed", worst, answer)
        plan = answer.shot if isinstance(answer, PlanChange) else plan
    return Replanned(plan, tuple(remedies.values()), changed=plan != shot)


def _alone(shot: ShotPlan, verdict: Verdict, setting: ReplanContext) -> Replanned | None:
    """Return the shot filmed in two parts where nothing milder has helped: nothing else with it."""
    for failed in verdict.failed:
        answer = _parted(shot, failed, setting)
        if isinstance(answer, PlanChange):
            remedy = remedy_of("two-parts", failed, answer)
            return Replanned(answer.shot, (remedy,), changed=True)
    return None


def _parted(shot: ShotPlan, failed: Measurement, setting: ReplanContext) -> PlanChange | Pin | None:
    if failed.metric not in _CROWDED or not _MILDER & setting.tried:
        return None
    return None if "two-parts" in setting.tried else do.two_parts(shot, failed, setting)


def why(failed: Measurement) -> str:
    """Return a failed measurement in words: `layout of FOX is 0.31, should reach 0.50`."""
    what = f"{failed.metric} of {failed.subject}" if failed.subject else failed.metric
    if failed.value is None or failed.threshold is None:
        return f"{what} failed: {failed.explanation}"
    return f"{what} is {failed.value:.2f}, the threshold is {failed.threshold:.2f}"


def remedy_of(kind: str, failed: Measurement | None, answer: PlanChange | Pin) -> Remedy:
    """Return what a remedy did for something that failed, or the pin that forbade it."""
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


_ATTEMPTS: dict[str, Attempt] = {
    "stronger-adapter": do.stronger_adapter,
    "other-clips": do.other_clips,
    "first-lesson": do.first_lesson,
    "longer-shot": do.longer_shot,
    "place-of-shot": do.place_of_shot,
    "more-guidance": do.more_guidance,
    "less-guidance": do.less_guidance,
    "longer-path": do.longer_path,
    "larger-box": do.larger_box,
    "less-overlap": do.less_overlap,
    "depth-order": do.depth_order,
    "not-the-rival": do.not_the_rival,
    "without-style": do.without_style,
    "soft-edge": do.soft_edge,
    "fewer-region-steps": do.fewer_region_steps,
    "place-said-twice": do.place_said_twice,
    "continue-from-previous": do.continued,
    "shared-seed": do.shared_seed,
}

_OF_ENTITY = frozenset({"longer-path", "larger-box", "less-overlap", "depth-order"})

# What fails where too many are in a frame, and what is tried before fewer are.
_CROWDED = frozenset({"present", "layout", "identity"})
_MILDER = frozenset({"less-overlap", "larger-box", "depth-order", "not-the-rival"})

# Metrics whose remedies are alternatives: the first that can be done is the only one.
_ONE_IS_ENOUGH = frozenset({"join"})

_LAYOUT = (
    "less-overlap", "larger-box", "more-guidance", "depth-order", "soft-edge"
)  # fmt: skip
_PRESENT = (
    "less-overlap", "larger-box", "not-the-rival", "without-style",
    "more-guidance", "depth-order"
)  # fmt: skip

_REMEDIES: dict[str, tuple[str, ...]] = {
    "motion": (
        "stronger-adapter",
        "other-clips",
        "first-lesson",
        "longer-path",
        "longer-shot",
        "without-style",
        "more-guidance",
    ),  # fmt: skip
    "layout": _LAYOUT,
    "present": _PRESENT,
    "left-of": _LAYOUT,
    "right-of": _LAYOUT,
    "above": _LAYOUT,
    "below": _LAYOUT,
    "overlaps": ("larger-box", "more-guidance"),
    "inside": ("larger-box", "more-guidance"),
    "identity": ("not-the-rival", "without-style", "more-guidance", "larger-box"),
    "place": (
        "place-of-shot",
        "place-said-twice",
        "without-style",
        "fewer-region-steps",
        "less-guidance",
    ),
    "join": ("continue-from-previous", "shared-seed"),
}
