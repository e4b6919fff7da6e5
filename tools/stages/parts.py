"""A shot that is filmed in parts -> a shot for each, and their clips as one clip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ...engine.video import read_video, write_video
from ...film import Clip
from ...plan import Beat, Keyframe, ShotPlan
from .job import Fields, Job, Result
from .runner import StageRunner

CLIP = "clip.mp4"
_EPSILON_S = 1e-6


def parts_of(shot: ShotPlan) -> tuple[ShotPlan, ...]:
    """Return the parts of a shot as shots of their own, equally long, whose times begin at nought.

    Only the first goes on from another shot.
    """
    length_s = shot.duration_s / len(shot.parts)
    return tuple(
        _part(shot, number, members, number * length_s, length_s)
        for number, members in enumerate(shot.parts)
    )


def _part(
    shot: ShotPlan, number: int, members: Sequence[str], start_s: float, length_s: float
) -> ShotPlan:
    settings = shot.settings
    if number:
        settings = settings.model_copy(
            update={"continue_from_previous": False, "place_frame": None}
        )
    return shot.model_copy(
        update={
            "id": f"{shot.id}-{number + 1}",
            "duration_s": round(length_s, 6),
            "entities": tuple(e for e in shot.entities if e.id in members),
            "keyframes": tuple(_keyframes(shot, members, start_s, length_s)),
            "beats": tuple(_beats(shot, members, start_s, length_s)),
            "settings": settings,
            "assertions": (),
            "subtitles": (),
            "parts": (),
        }
    )


def _keyframes(
    shot: ShotPlan, members: Sequence[str], start_s: float, length_s: float
) -> Iterator[Keyframe]:
    for key in shot.keyframes:
        if start_s - _EPSILON_S <= key.time_s <= start_s + length_s - _EPSILON_S or (
            start_s + length_s >= shot.duration_s - _EPSILON_S and key.time_s >= start_s
        ):
            placed = tuple(p for p in key.placements if p.entity in members)
            yield Keyframe(time_s=round(max(0.0, key.time_s - start_s), 6), placements=placed)


def _beats(
    shot: ShotPlan, members: Sequence[str], start_s: float, length_s: float
) -> Iterator[Beat]:
    for beat in shot.beats:
        first, last = beat.start_s - start_s, beat.end_s - start_s
        if beat.entity in members and last > _EPSILON_S and first < length_s - _EPSILON_S:
            within = {"start_s": round(max(0.0, first), 6), "end_s": round(min(length_s, last), 6)}
            yield beat.model_copy(update=within)


def joined(runner: StageRunner, job: Job, parts: Sequence[Clip]) -> Result:
    """Return the clips of a shot's parts as one, joined at most once."""

    def make(folder: Path) -> Fields:
        frames = np.concatenate([read_video(part.path).frames for part in parts])
        first = parts[0]
        # As they lie on disk: no screen size is made of them again.
        write_video(folder / CLIP, frames, first.fps, scale=1)
        painted = [name for part in parts for name in part.underpainted or ()]
        drawn = [*dict.fromkeys(what for part in parts for what in part.drawn)]
        count = sum(part.frames for part in parts)
        size = {"width": first.width, "height": first.height}
        made_of = {"underpainted": painted, "drawn": drawn}
        return {"frames": count, "fps": first.fps, **size, **made_of}

    return runner.once(job, make)
