"""A failed take -> what a language model would change of its shot, held to the policy's own rules.

The model chooses among the remedies that the policy offers, and may draw other boxes. Both pass the
checks that the policy's own changes pass: pins, what was tried, how large a figure may be, and what
the page says of two boxes. An answer that does not is told why and asked for again; where none
holds, the policy's own change is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.resources import files

from ...chat import Question, Turn
from ...film import Remedy, Verdict
from ...plan import Keyframe, Pin, Placement, ShotPlan
from ...story import Box
from ..director.llm.ask import AskResult, CheckedAnswer, ask_for_parts
from ..director.llm.prompts import Data, fenced
from ..director.llm.repair import repair_track
from ..director.llm.schemas import Form, KeyForm
from ..ports import LanguageModel
from .box_remedies import MAX_SIDE, boxes_of, layout_pin, relations_held
from .remedies import PlanChange, ReplanContext, new_seed
from .replan import Offer, Replanned, offers, remedy_of, why

_PART = "take"


class BoxForm(Form):
    """Other boxes of one entity."""

    entity: str
    keys: tuple[KeyForm, ...]


class AdviceForm(Form):
    """What shall be changed for the next take."""

    reasoning: str
    remedies: tuple[str, ...]
    boxes: tuple[BoxForm, ...]


def advise(
    model: LanguageModel, shot: ShotPlan, verdict: Verdict, setting: ReplanContext
) -> Replanned | str:
    """Return the plan of the next take as a model would have it, or why it has none.

    Raises:
        LanguageModelError, BudgetError: the model cannot be used, or no more of it.
    """
    asked = ask_for_parts(
        model, advice_question(shot, verdict, setting), AdviceForm, [_PART],
        partial(_checked, shot, verdict, setting, model.name),
    )  # fmt: skip
    return _outcome(asked)


def _outcome(asked: AskResult[Replanned]) -> Replanned | str:
    return asked.parts[_PART] if _PART in asked.parts else asked.lost[_PART]


def advice_question(shot: ShotPlan, verdict: Verdict, setting: ReplanContext) -> Question:
    """Return the question about a failed take."""
    offered = tuple(offers(shot, verdict, setting))
    data: Data = {
        "shot": shot.id,
        "seconds": shot.duration_s,
        "place": shot.background,
        "people": [
            {"entity": e.id, "look": e.look, "does": e.prompt, "keys": list(_keys(shot, e.id))}
            for e in shot.entities
        ],
        "failed": [
            {"check": m.metric, "of": m.subject or "", "why": why(m), "seen": m.explanation}
            for m in verdict.failed
        ],
        "remedies": [
            {"name": one.kind, "does": one.answer.words, "for": why(one.failed)}
            for one in offered
            if isinstance(one.answer, PlanChange)
        ],
        "fixed": [f"{p.what}{f' of {p.entity}' if p.entity else ''}" for p in shot.pins],
        "tried": sorted(setting.tried),
        "must_hold": [
            f"{a.subject} {a.metric} {a.other}" for a in shot.assertions if a.other is not None
        ],
        "longest_side": MAX_SIDE,
    }
    text = files(__package__).joinpath("prompts/advice.md").read_text(encoding="utf-8")
    return Question(
        about=f"shot {shot.id} after take {setting.take}",
        turns=(Turn(role="system", text=text), Turn(role="user", text=fenced(data))),
        form_name="advice",
        form=AdviceForm.model_json_schema(),
    )


def _keys(shot: ShotPlan, entity: str) -> Iterator[dict[str, float]]:
    for key in shot.keyframes:
        if placed := key.placement(entity):
            box = placed.box
            yield {
                "time_s": key.time_s, "left": box.left, "top": box.top, "right": box.right,
                "bottom": box.bottom,
            }  # fmt: skip


def _checked(
    shot: ShotPlan, verdict: Verdict, setting: ReplanContext, name: str, form: AdviceForm
) -> CheckedAnswer[Replanned]:
    """Return the plan that an answer makes of a shot, or all that is wrong with it."""
    plan, remedies, faults = shot, list[Remedy](), list[str]()
    for kind in dict.fromkeys(form.remedies):
        offer = _offer(plan, verdict, setting, kind)
        if isinstance(offer, str):
            faults.append(offer)
        elif isinstance(offer.answer, PlanChange):
            plan = offer.answer.shot
            remedies.append(_by(name, remedy_of(kind, offer.failed, offer.answer)))
    for boxes in form.boxes:
        changed = with_boxes(plan, boxes)
        if isinstance(changed, str):
            faults.append(changed)
            continue
        plan = changed.shot
        worst = verdict.failed[0] if verdict.failed else None
        remedies.append(_by(name, remedy_of("other-boxes", worst, changed)))
    if not faults and plan == shot:
        faults.append("nothing is changed; choose a remedy, or give other boxes")
    if faults:
        return CheckedAnswer(faults={_PART: tuple(faults)})
    if setting.take > 1 and plan.seed == shot.seed:
        seeded = new_seed(plan, setting.take)
        remedies.append(remedy_of("new-seed", None, seeded))
        plan = seeded.shot if isinstance(seeded, PlanChange) else plan
    return CheckedAnswer({_PART: Replanned(plan, tuple(remedies), changed=True)})


def _by(name: str, remedy: Remedy) -> Remedy:
    return remedy.model_copy(update={"reason": f"{remedy.reason}; proposed by {name}"})


def _offer(shot: ShotPlan, verdict: Verdict, setting: ReplanContext, kind: str) -> Offer | str:
    """Return what the policy offers under a name, or why it does not."""
    if kind in setting.tried:
        return f"{kind} was tried and did not help"
    mine = [one for one in offers(shot, verdict, setting) if one.kind == kind]
    free = next((one for one in mine if isinstance(one.answer, PlanChange)), None)
    if free is not None:
        return free
    pin = next((one.answer for one in mine if isinstance(one.answer, Pin)), None)
    if pin is not None:
        return f"{kind} would change the {pin.what}, which line {pin.span.line} fixes"
    return f"{kind!r} is none of the remedies for this take"


def with_boxes(shot: ShotPlan, form: BoxForm) -> PlanChange | str:
    """Return a shot with other boxes of one entity, or why it may not have them."""
    old = boxes_of(shot, form.entity)
    if not old:
        return f"{form.entity} is not in the frame of this shot"
    pin = layout_pin(shot, form.entity)
    if pin is not None:
        return f"the boxes of {form.entity} are fixed at line {pin.span.line}"
    if shot.parts:
        return "the shot is filmed in parts, whose boxes stay as they are"
    track = repair_track(form.keys, shot.duration_s)
    if isinstance(track, str):
        return f"the boxes of {form.entity}: {track}"
    longest = max(MAX_SIDE, *(max(box.width, box.height) for box in old))
    if any(max(box.width, box.height) > longest + 1e-6 for _, box in track.track):
        return f"a box of {form.entity} has a side longer than {longest:g}"
    changed = _placed(shot, form.entity, dict(track.track))
    times = [key.time_s for key in changed.keyframes]
    stayed = {t: box for t in times if (box := shot.box_at(form.entity, t)) is not None}
    if not relations_held(_placed(shot, form.entity, stayed)) <= relations_held(changed):
        return f"with these boxes of {form.entity} something of `must_hold` is no longer true"
    return PlanChange(changed, f"other boxes of {form.entity}")


def _placed(shot: ShotPlan, entity: str, track: dict[float, Box]) -> ShotPlan:
    """Return the shot with an entity on a track; who else is in the frame stays where it is."""
    times = sorted({key.time_s for key in shot.keyframes} | track.keys())
    course = shot.model_copy(
        update={
            "keyframes": tuple(
                Keyframe(time_s=t, placements=(Placement(entity=entity, box=box),))
                for t, box in sorted(track.items())
            )
        }
    )
    keyframes = []
    for time_s in times:
        placements = []
        for other in dict.fromkeys(p.entity for k in shot.keyframes for p in k.placements):
            source = course if other == entity else shot
            box = source.box_at(other, time_s)
            if box is not None:
                placements.append(_nearest(shot, other, time_s).model_copy(update={"box": box}))
        keyframes.append(Keyframe(time_s=time_s, placements=tuple(placements)))
    return shot.model_copy(update={"keyframes": tuple(keyframes)})


def _nearest(shot: ShotPlan, entity: str, time_s: float) -> Placement:
    placed = [(abs(k.time_s - time_s), p) for k in shot.keyframes for p in k.placements]
    return min(((away, p) for away, p in placed if p.entity == entity), key=lambda one: one[0])[1]
