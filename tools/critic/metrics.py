"""What a critic's ports see of a clip -> the value of one assertion, with frames and a sentence.

One function a metric. Each compares the right answer with wrong ones and says in a writer's words
what came out; whether that is enough is decided by who asked. What is said of how somebody moves
or where somebody is counts only where it is somebody: a mosaic in the right box is in no layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from ...plan import Assertion, Beat, Entity, ShotPlan
from ...story import RELATIONS, Box
from . import movement
from .contests import ContestScores, summed
from .evidence import ClipView, Value
from .fidelity import closely, kind_of, require_seen
from .ports import Contest, NotMeasurable, Region, Target, Track
from .recognition import identity_by_pictures


def present(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely somebody, in any colour, is where it was planned or was found."""
    return _worst_of(looked, wanted, _present)


def _present(looked: ClipView, entity: Entity) -> Value:
    contest = looked.ports.wording.kind(entity)
    return _who_value(looked, entity, contest, kind_of(looked, entity))


def identity(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely it is who it should be, and nobody else."""
    return _worst_of(looked, wanted, _identity)


def _identity(looked: ClipView, entity: Entity) -> Value:
    shown = bool(looked.ports.references.get(entity.id))
    if not shown and not looked.earlier.get(entity.id):
        return _identity_by_words(looked, entity)
    require_seen(looked, entity)
    if not shown:
        with suppress(NotMeasurable):  # nobody else to be confused with: the pictures say enough
            by_words = _identity_by_words(looked, entity)
            if by_words.rival:
                return by_words
    return identity_by_pictures(looked, entity)


def _identity_by_words(looked: ClipView, entity: Entity) -> Value:
    contest = looked.ports.wording.identity(entity)
    scores = closely(looked, looked.tracks(entity.id), contest)
    return _who_value(looked, entity, contest, scores)


def _who_value(
    looked: ClipView, entity: Entity, contest: Contest, scores: ContestScores | None
) -> Value:
    if scores is None:
        return Value(
            0.0, looked.worst([0.0] * len(looked.footage.numbers)),
            f'{entity.id}: "{contest.right}" is nowhere to be seen, and was planned nowhere',
        )  # fmt: skip
    said = f"{entity.id}: {scores.words}; seen in {scores.seen} of {len(scores.values)} frames"
    at = [
        i
        for i, pair in enumerate(zip(*looked.tracks(entity.id), strict=True))
        if any(box is not None for box in pair)
    ]
    shown = looked.worst(scores.values, at)
    doubts = (
        looked.ports.wording.doubt(beat, scores.lost_to)
        for beat in looked.shot.beats
        if beat.entity == entity.id and scores.lost_to
    )
    doubt = next(filter(None, doubts), "")
    return Value(scores.mean, shown, said, rival=scores.lost_to, contest=True, doubt=doubt)


def absent(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely somebody is nowhere in the frame."""
    name = wanted.subject or ""
    entity = next((e for e in looked.shot.entities if e.id == name), None)
    entity = entity or looked.ports.wording.absent(looked.shot, name)
    track = _sought(looked, entity)
    scores = closely(looked, [track], looked.ports.wording.kind(entity))
    text = looked.ports.wording.target(entity)
    if scores is None:
        return Value(1.0, (), f'{name}: "{text}" was found in no frame')
    at = [i for i, box in enumerate(track) if box is not None]
    values = [1.0 - value for value in scores.values]
    hidden = (sum(values) + len(track) - len(at)) / len(track)
    said = f'{name}: "{text}" was found in {len(at)} of {len(track)} frames'
    return Value(hidden, looked.worst(values, at), said)


def _sought(looked: ClipView, entity: Entity) -> Track:
    if entity.id in looked.found:
        return looked.found[entity.id]
    target = Target(looked.ports.wording.target(entity))
    return looked.ports.finder.find(looked.footage, [target])[0].boxes


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
    entity = looked.entity(beat.entity)
    scores, still = motion_scores(looked, beat)
    require_seen(looked, entity)
    at = _frames_of(looked, beat)
    evidence = tuple(looked.footage.numbers[at[i]] for i in (0, len(at) // 2, -1))
    if still:
        said = f'{beat.entity}: should be "{beat.motion}", but the picture stands still'
        return Value(0.0, evidence, said)
    said = f"{beat.entity}: {scores.words}"
    return Value(scores.mean, evidence, said, rival=scores.lost_to, contest=True, close=True)


def motion_scores(looked: ClipView, beat: Beat) -> tuple[ContestScores, bool]:
    """Compare what an entity does during a beat with every other motion.

    Returns:
        What was seen, and whether the picture stands still where it should not.

    Raises:
        NotMeasurable: the critic does not know the motion, or the entity is not in the frame.
    """
    entity = looked.entity(beat.entity)
    contest = looked.ports.wording.motion(entity, beat)
    at = _frames_of(looked, beat)
    boxes = [box for t in looked.tracks(entity.id) for i in at if (box := t[i]) is not None]
    if len(at) < 2 or not boxes:
        raise NotMeasurable(f"{entity.id} is in no frame of its beat")
    around = _around(boxes)
    others = tuple(track for who, track in looked.planned.items() if who != entity.id)
    region = Region(
        looked.footage, (around,) * len(looked.footage.numbers), others, looked.planned[entity.id]
    ).part(at)
    likely = looked.ports.comparer.movement(region, contest.texts)
    still = not looked.ports.wording.rests(beat) and movement.change(region) < movement.STILL
    return summed(likely[None], contest), still


def _frames_of(looked: ClipView, beat: Beat) -> list[int]:
    times = looked.footage.times_s
    return [i for i, t in enumerate(times) if beat.start_s <= t <= beat.end_s + 1e-6]


def place(looked: ClipView, wanted: Assertion) -> Value:
    """Measure how surely the shot is in its place, with everybody in it painted over."""
    contest = looked.ports.wording.place(looked.shot)
    hidden = (*looked.planned.values(), *looked.found.values())
    at = _spread(len(looked.footage.numbers), 5)
    region = Region(looked.footage, hidden=hidden).part(at)
    scores = summed(looked.ports.comparer.pictures(region, contest.texts), contest)
    return _whole_value(looked, scores)


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
    require_seen(looked, entity)
    turned = _turned(looked, entity)
    counted = [(i, planned, found) for i, planned, found in pairs if found or i not in turned]
    over = len(pairs) - len(counted)
    if len(counted) * 2 < len(pairs):
        raise NotMeasurable(
            f"{entity.id} turns over in this shot and was found in {len(counted)} frames"
        )
    overlaps = [found.iou(planned) if found else 0.0 for _, planned, found in counted]
    lost = sum(found is None for _, _, found in counted)
    mean = sum(overlaps) / len(overlaps)
    said = f"{entity.id}: found and planned boxes share {mean:.0%} of their area"
    if lost:
        said += f"; not found in {lost} of {len(counted)} frames"
    if over:
        said += f"; {over} frames in which it turns over and was not found are not counted"
    return Value(mean, looked.worst(overlaps, [i for i, _, _ in counted]), said)


def _turned(looked: ClipView, entity: Entity) -> set[int]:
    """Return the frames in which an entity turns over, so that no finder need know it."""
    beats = [b for b in looked.shot.beats if b.entity == entity.id]
    turning = [b for b in beats if looked.ports.wording.turns(b)]
    return {i for beat in turning for i in _frames_of(looked, beat)}


def relation(looked: ClipView, wanted: Assertion) -> Value:
    """Measure in which part of the frames a relation holds between two found boxes."""
    first, second = looked.entity(wanted.subject), looked.entity(wanted.other)
    tracks = zip(looked.found[first.id], looked.found[second.id], strict=True)
    both = [
        (i, a, b) for i, (a, b) in enumerate(tracks) if a is not None and b is not None
    ]  # fmt: skip
    if len(both) < max(1, len(looked.footage.numbers) // 5):
        raise NotMeasurable(f"{first.id} and {second.id} were found together in {len(both)} frames")
    for entity in (first, second):
        require_seen(looked, entity)
    holds = [a.stands(RELATIONS[wanted.metric], b) for _, a, b in both]
    said = f"{first.id} is {wanted.metric} {second.id} in {sum(holds)} of {len(holds)} frames"
    shown = looked.worst([float(h) for h in holds], [i for i, _, _ in both])
    return Value(sum(holds) / len(holds), shown, said)


def text(looked: ClipView, wanted: Assertion) -> Value:
    """Measure one sentence about the whole clip against sentences with one thing changed."""
    contest = looked.ports.wording.whole(looked.shot)
    likely = looked.ports.comparer.movement(Region(looked.footage), contest.texts)
    return _whole_value(looked, summed(likely[None], contest))


def join(before: ClipView, after: ClipView) -> Value:
    """Measure how alike the last frame of one clip and the first of the next are.

    How much each of them moves stands beside it: two still pictures join all too well.
    """
    moves = []
    for looked, which in ((before, "before"), (after, "after")):
        moved = movement.change(Region(looked.footage))
        if moved < movement.STILL / 4:
            raise NotMeasurable(f"the shot {which} the cut stands still")
        moves.append(moved)
    last, first = before.footage.frames[-1], after.footage.frames[0]
    alike = float(after.ports.recogniser.alike([last], [first])[0, 0])
    said = (
        f"the frames at the cut are {max(0.0, alike):.0%} alike; the shots move by "
        f"{moves[0]:.0%} and {moves[1]:.0%} of the range"
    )
    return Value(max(0.0, alike), (after.footage.numbers[0],), said)


def _worst_of(
    looked: ClipView, wanted: Assertion, measure: Callable[[ClipView, Entity], Value]
) -> Value:
    """Measure the subject, or everybody where none is named, and return the lowest value."""
    if wanted.subject is not None:
        return measure(looked, looked.entity(wanted.subject))
    if not looked.shot.entities:
        raise NotMeasurable("nobody is in this shot")
    values = [measure(looked, e) for e in looked.shot.entities]
    return min(values, key=lambda v: (not v.rival, v.value))


def _whole_value(looked: ClipView, scores: ContestScores) -> Value:
    ends = (looked.footage.numbers[0], looked.footage.numbers[-1])
    return Value(
        scores.mean, ends, scores.words, rival=scores.lost_to, contest=True, close=True
    )  # fmt: skip


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.left for b in boxes), min(b.top for b in boxes),
        max(b.right for b in boxes), max(b.bottom for b in boxes),
    )  # fmt: skip


def _spread(frames: int, count: int) -> list[int]:
    """Return `count` frame numbers, evenly from the first to the last of `frames`."""
    return [round(i * (frames - 1) / max(1, count - 1)) for i in range(count)]


METRICS_OF_A_CLIP: Mapping[str, Callable[[ClipView, Assertion], Value]] = {
    "present": present,
    "absent": absent,
    "identity": identity,
    "motion": motion,
    "place": place,
    "layout": layout,
    "text": text,
}
