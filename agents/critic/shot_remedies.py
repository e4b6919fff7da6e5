"""A shot that failed -> one that lasts longer, is filmed in two parts, or takes another's place.

Each function changes the shot as a whole and returns the new one, or None where nothing can be
gained. Pins are the caller's to ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...plan import Beat, Keyframe, PlaceFrame, ShotPlan
from ...story import RELATIONS

LONGER = 1.5  # a shot lasts at most this many times as long as before
LEAST_LONGER_S = 0.25  # less is no gain
LEAST_PART_S = 1.0  # what is shorter shows nobody doing anything


def longer(shot: ShotPlan, longest_s: float) -> ShotPlan | None:
    """Return the shot with more time for all that happens in it, within what an engine draws.

    Everybody's path and deeds take longer in the same proportion; lines keep their time.
    """
    duration_s = min(LONGER * shot.duration_s, longest_s)
    if shot.parts or duration_s < shot.duration_s + LEAST_LONGER_S:
        return None
    return stretched(shot, round(duration_s, 6))


def stretched(shot: ShotPlan, duration_s: float) -> ShotPlan:
    """Return the shot with another duration, everybody's path and deeds in proportion to it."""
    scale = duration_s / shot.duration_s
    keyframes = tuple(
        key.model_copy(update={"time_s": round(key.time_s * scale, 6)}) for key in shot.keyframes
    )
    beats = tuple(
        beat.model_copy(
            update={
                "start_s": round(beat.start_s * scale, 6),
                "end_s": round(beat.end_s * scale, 6),
            }
        )
        for beat in shot.beats
    )
    return shot.model_copy(
        update={"duration_s": duration_s, "keyframes": keyframes, "beats": beats}
    )


def in_two_parts(shot: ShotPlan) -> ShotPlan | None:
    """Return a crowded shot filmed in two parts, some of its people in each.

    Who has to do with somebody else by the page stays with them. The shot lasts as long as before;
    in each part its people go their whole way, and nobody else is in the frame.
    """
    groups = _groups(shot)
    half_s = round(shot.duration_s / 2, 6)
    if shot.parts or len(groups) < 2 or half_s < LEAST_PART_S:
        return None
    parts = _halves(groups)
    # Just before the cut the first are still there, and with it the others are.
    stretches = ((0.0, round(half_s - 1e-3, 6)), (half_s, shot.duration_s))
    return shot.model_copy(
        update={
            "parts": parts,
            "keyframes": tuple(
                key
                for members, stretch in zip(parts, stretches, strict=True)
                for key in _keyframes(shot, members, *stretch)
            ),
            "beats": tuple(
                beat
                for members, stretch in zip(parts, stretches, strict=True)
                for beat in _beats(shot, members, *stretch)
            ),
        }
    )


def in_place_of(shot: ShotPlan, frame: PlaceFrame) -> ShotPlan | None:
    """Return the shot in the place of an earlier one, None where it is there already."""
    if shot.parts or shot.settings.needs_clip:
        return None
    settings = shot.settings.model_copy(update={"place_frame": frame})
    return shot.model_copy(update={"settings": settings})


def _groups(shot: ShotPlan) -> list[tuple[str, ...]]:
    """Return who must be together, of those who are in the frame, in the order of the shot."""
    placed = {p.entity for key in shot.keyframes for p in key.placements}
    here = [entity for entity in shot.entities if entity.id in placed]
    of = {entity.id: {entity.id} for entity in here}
    pairs = [
        (a.subject, a.other) for a in shot.assertions if a.metric in RELATIONS
    ]  # fmt: skip
    # A deed that is done to somebody says so in the words of its region.
    pairs += [(e.id, o.id) for e in here for o in here if e.id != o.id and o.look in e.prompt]
    for one, other in pairs:
        if one in of and other in of:
            joined = of[one] | of[other]
            for name in joined:
                of[name] = joined
    return list(dict.fromkeys(tuple(n for n in of if n in of[name]) for name in of))


def _halves(groups: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups in two halves, as even as their order lets them be."""
    total = sum(map(len, groups))
    at = min(range(1, len(groups)), key=lambda i: abs(2 * sum(map(len, groups[:i])) - total))
    return tuple(tuple(n for g in part for n in g) for part in (groups[:at], groups[at:]))


def _keyframes(
    shot: ShotPlan, members: Sequence[str], start_s: float, end_s: float
) -> Iterator[Keyframe]:
    """Yield the whole course of some of a shot's people within a stretch of it."""
    scale = (end_s - start_s) / shot.duration_s
    for key in shot.keyframes:
        placed = tuple(p for p in key.placements if p.entity in members)
        yield Keyframe(time_s=round(start_s + key.time_s * scale, 6), placements=placed)


def _beats(shot: ShotPlan, members: Sequence[str], start_s: float, end_s: float) -> Iterator[Beat]:
    """Yield what some of a shot's people do, all of it within a stretch of the shot."""
    scale = (end_s - start_s) / shot.duration_s
    for beat in shot.beats:
        if beat.entity in members:
            times = {
                "start_s": round(start_s + beat.start_s * scale, 6),
                "end_s": round(start_s + beat.end_s * scale, 6),
            }
            yield beat.model_copy(update=times)
