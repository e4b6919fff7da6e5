"""What the critic sees of a clip -> the value of one assertion, with frames and a sentence.

One function a metric. Each compares the right answer with wrong ones and says in a writer's words
what came out; whether that is enough is decided by who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch.nn.functional as F

from ...engine.storybook.capabilities import SYNONYMS
from ...engine.storybook.critic import sentences
from ...engine.storybook.critic.sentences import CaptionDeed
from ...engine.storybook.critic.viewing import STILL, ContrastScores
from ...engine.storybook.world.vocabulary import CHARACTERS, MOTIONS, PLACES
from ...plan import Assertion, Beat, Entity, ShotPlan
from ...story import RELATIONS, Box
from .evidence import ClipView, NotMeasurable, Value, named

RESTING = ("stand", "sleep", "sit")  # motions that may look like a still picture


def present(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely this animal, in any colour, is where it was planned or was found."""
    return _worst_of(looked, wanted, _present)


def _present(looked: ClipView, entity: Entity) -> Value:
    character, _ = named(entity)
    sight = looked.viewing.kind(looked.tracks(entity.id), character)
    return _who_value(looked, entity, sight, sentences.subject(character, None))


def identity(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely it is this animal in this colour, and nobody else."""
    return _worst_of(looked, wanted, _identity)


def _identity(looked: ClipView, entity: Entity) -> Value:
    character, color = named(entity)
    sight = looked.viewing.who(looked.tracks(entity.id), character, color)
    return _who_value(looked, entity, sight, sentences.subject(character, color))


def _who_value(looked: ClipView, entity: Entity, sight: ContrastScores | None, right: str) -> Value:
    if sight is None:
        return Value(
            0.0, looked.worst([0.0] * len(looked.numbers)),
            f'{entity.id}: "{right}" is nowhere to be seen, and was planned nowhere',
        )  # fmt: skip
    seen = sum(value > 0.5 for value in sight.values)
    told = f"{entity.id}: {_contest(sight)}; seen in {seen} of {len(sight.values)} frames"
    at = [
        i
        for i in range(len(looked.numbers))
        if looked.planned[entity.id][i] is not None or looked.found[entity.id][i] is not None
    ]
    return Value(sight.mean, looked.worst(sight.values, at), told)


def absent(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely an animal is nowhere in the frame."""
    known = {e.id: e for e in looked.shot.entities}
    name = wanted.subject or ""
    if name in known:
        character, color = named(known[name])
    elif name.lower() in CHARACTERS:
        character, color = name.lower(), None
    else:
        raise NotMeasurable(f"nothing says what {name} looks like")
    text = sentences.subject(character, color)
    track = looked.viewing.find([text])[0]
    sight = looked.viewing.kind([track], character)
    if sight is None:
        return Value(1.0, (), f'{name}: "{text}" was found in no frame')
    at = [i for i, box in enumerate(track) if box is not None]
    values = [1.0 - value for value in sight.values]
    hidden = (sum(values) + len(track) - len(at)) / len(track)
    told = f'{name}: "{text}" was found in {len(at)} of {len(track)} frames'
    return Value(hidden, looked.worst(values, at), told)


def motion(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely an entity does what its beat says, against every other motion."""
    if wanted.subject is None:
        beats = looked.shot.beats
    else:
        looked.entity(wanted.subject)
        mine = [b for b in looked.shot.beats if b.entity == wanted.subject]
        beats = (_beat_of(looked.shot, wanted, mine),) if wanted.origin == "plan" else tuple(mine)
    if not beats:
        raise NotMeasurable(f"{wanted.subject or 'nobody'} has nothing to do in this shot's plan")
    return min((_motion(looked, beat) for beat in beats), key=lambda v: v.value)


def _beat_of(shot: ShotPlan, wanted: Assertion, beats: Sequence[Beat]) -> Beat:
    """Return the beat that a derived assertion is about: they are in the same order."""
    asking = [
        a.id for a in shot.assertions
        if a.metric == "motion" and a.origin == "plan" and a.subject == wanted.subject
    ]  # fmt: skip
    at = asking.index(wanted.id)
    if at >= len(beats):
        raise NotMeasurable(f"the plan has no beat for {wanted.id}")
    return beats[at]


def _motion(looked: ClipView, beat: Beat) -> Value:
    sight, still = motion_sight(looked, beat)
    at = _frames_of(looked, beat)
    evidence = tuple(looked.numbers[at[i]] for i in (0, len(at) // 2, -1))
    if still:
        told = f'{beat.entity}: should be "{beat.motion}", but the picture stands still'
        return Value(0.0, evidence, told)
    return Value(sight.mean, evidence, f"{beat.entity}: {_contest(sight)}")


def motion_sight(looked: ClipView, beat: Beat) -> tuple[ContrastScores, bool]:
    """Compare what an entity does during a beat with every other motion.

    Returns:
        What was seen, and whether the picture stands still where it should not.

    Raises:
        Unjudged: the critic does not know the motion, or the entity is not in the frame.
    """
    entity = looked.entity(beat.entity)
    name = SYNONYMS.get(beat.motion, beat.motion)
    if name not in MOTIONS:
        raise NotMeasurable(f'the critic was never shown "{beat.motion}"')
    at = _frames_of(looked, beat)
    boxes = [box for t in looked.tracks(entity.id) for i in at if (box := t[i]) is not None]
    if len(at) < 2 or not boxes:
        raise NotMeasurable(f"{entity.id} is in no frame of its beat")
    others = [track for who, track in looked.planned.items() if who != entity.id]
    view = looked.viewing.part(at, others, looked.planned[entity.id])
    sight = view.motion(boxes, CaptionDeed(*named(entity), name, beat.facing))
    return sight, name not in RESTING and view.change(boxes) < STILL


def _frames_of(looked: ClipView, beat: Beat) -> list[int]:
    return [i for i, t in enumerate(looked.times_s) if beat.start_s <= t <= beat.end_s + 1e-6]


def place(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely the shot is in its place, with everybody in it painted over."""
    shot = looked.shot
    setting = shot.place_id if shot.place_id in PLACES else shot.background
    sight = looked.viewing.place(setting, [*looked.planned.values(), *looked.found.values()])
    return Value(sight.mean, (looked.numbers[0], looked.numbers[-1]), _contest(sight))


def layout(looked: ClipView, wanted: Assertion) -> Value:
    """Measure the overlap (intersection over union) of found and planned boxes."""
    return _worst_of(looked, wanted, _layout)


def _layout(looked: ClipView, entity: Entity) -> Value:
    pairs = [
        (i, planned, looked.found[entity.id][i])
        for i, planned in enumerate(looked.planned[entity.id])
        if planned is not None
    ]
    if not pairs:
        raise NotMeasurable(f"the plan has no box for {entity.id}")
    overlaps = [found.iou(planned) if found else 0.0 for _, planned, found in pairs]
    lost = sum(found is None for _, _, found in pairs)
    mean = sum(overlaps) / len(overlaps)
    told = f"{entity.id}: found and planned boxes share {mean:.0%} of their area"
    if lost:
        told += f"; not found in {lost} of {len(pairs)} frames"
    return Value(mean, looked.worst(overlaps, [i for i, _, _ in pairs]), told)


def relation(looked: ClipView, wanted: Assertion) -> Value:
    """Measure in which part of the frames a relation holds between two found boxes."""
    first, second = looked.entity(wanted.subject), looked.entity(wanted.other)
    both = [
        (i, a, b)
        for i, (a, b) in enumerate(
            zip(looked.found[first.id], looked.found[second.id], strict=True)
        )
        if a is not None and b is not None
    ]
    if len(both) < max(1, len(looked.numbers) // 5):
        raise NotMeasurable(f"{first.id} and {second.id} were found together in {len(both)} frames")
    holds = [a.stands(RELATIONS[wanted.metric], b) for _, a, b in both]
    told = f"{first.id} is {wanted.metric} {second.id} in {sum(holds)} of {len(holds)} frames"
    return Value(
        sum(holds) / len(holds), looked.worst([float(h) for h in holds], [i for i, _, _ in both]),
        told,
    )  # fmt: skip


def text(looked: ClipView, wanted: Assertion) -> Value:
    """Measure one sentence about the whole clip against sentences with one thing changed."""
    shot = looked.shot
    deeds = [_deed(shot, entity) for entity in shot.entities]
    setting = shot.place_id if shot.place_id in PLACES else shot.background
    right = sentences.whole(deeds, setting)
    wrong = [sentences.whole(*other) for other in sentences.altered(deeds, setting)]
    sight = looked.viewing.everything(right, wrong)
    return Value(sight.mean, (looked.numbers[0], looked.numbers[-1]), _contest(sight))


def join(before: ClipView, after: ClipView) -> Value:
    """Measure how alike the last frame of one clip and the first of the next are."""
    whole = [Box(0.0, 0.0, 1.0, 1.0)]
    for looked, which in ((before, "before"), (after, "after")):
        if looked.viewing.change(whole) < STILL / 4:
            raise NotMeasurable(f"the shot {which} the cut stands still")
    last, first = before.viewing.frame(-1), after.viewing.frame(0)
    alike = float(F.cosine_similarity(last, first, dim=0))
    told = f"the frames at the cut are {max(0.0, alike):.0%} alike"
    return Value(max(0.0, alike), (after.numbers[0],), told)


def _worst_of(
    looked: ClipView, wanted: Assertion, measure: Callable[[ClipView, Entity], Value]
) -> Value:
    """Measure the subject, or everybody where none is named, and return the lowest value."""
    if wanted.subject is not None:
        return measure(looked, looked.entity(wanted.subject))
    if not looked.shot.entities:
        raise NotMeasurable("nobody is in this shot")
    return min((measure(looked, e) for e in looked.shot.entities), key=lambda v: v.value)


def _contest(sight: ContrastScores) -> str:
    verb = "beats" if sight.wins else "loses to"
    return f'"{sight.right}" {verb} "{sight.rival}", {sight.mean:.2f} to {sight.rival_value:.2f}'


def _deed(shot: ShotPlan, entity: Entity) -> CaptionDeed:
    beat = shot.beat(entity.id)
    name = SYNONYMS.get(beat.motion, beat.motion) if beat else "stand"
    if name not in MOTIONS:
        raise NotMeasurable(f'the critic was never shown "{name}"')
    return CaptionDeed(*named(entity), name, beat.facing if beat else None)


READINGS: Mapping[str, Callable[[ClipView, Assertion], Value]] = {
    "present": present,
    "absent": absent,
    "identity": identity,
    "motion": motion,
    "place": place,
    "layout": layout,
    "text": text,
}
