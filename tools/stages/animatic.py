"""Plan -> one moving picture drawn from the plan itself, with subtitles: no model, no store."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ...engine.animatic import FPS, HEIGHT_PX, WIDTH_PX, draw_shot
from ...engine.video import write_video
from ...film import Clip, StageRecord, Take, Verdict
from ...plan import Plan, ShotPlan
from ..cutting.film import FilmCutter
from ..store.output import write_whole
from .runner import Observer, StageAdvanced, StageFinished, StageStarted


def sketch_film(plan: Plan, target: Path, observer: Observer) -> Path:
    """Draw every shot of a plan, join them into `target`, and return it.

    Raises:
        OutputError: the video cannot be written.
    """
    with TemporaryDirectory(prefix="dreamrunner-animatic-") as spare:
        clips = [
            _sketch(shot, Path(spare) / f"{number}.mp4", observer)
            for number, shot in enumerate(plan.shots)
        ]
        return join_clips(plan, clips, target)


def join_clips(plan: Plan, clips: Sequence[Clip], target: Path) -> Path:
    """Join a clip a shot, which nobody judged, into `target` with subtitles, and return it.

    Raises:
        OutputError: the video cannot be written.
    """
    with TemporaryDirectory(prefix="dreamrunner-animatic-") as spare:
        takes = [_take(shot, clip) for shot, clip in zip(plan.shots, clips, strict=True)]
        film = FilmCutter(Path(spare)).cut(plan, takes)
        write_whole(target, lambda part: shutil.copyfile(film.path, part))
    return target


def _sketch(shot: ShotPlan, path: Path, observer: Observer) -> Clip:
    began = time.monotonic()
    observer.report(StageStarted("render", shot.id))
    frames = draw_shot(
        shot,
        fps=FPS,
        size=(WIDTH_PX, HEIGHT_PX),
        on_step=lambda done, total: observer.report(StageAdvanced("render", shot.id, done, total)),
    )
    write_video(path, frames, FPS)
    seconds = round(time.monotonic() - began, 3)
    record = StageRecord(stage="render", shot=shot.id, key="", cached=False, seconds=seconds)
    observer.report(StageFinished(record))
    return Clip(
        shot=shot.id,
        path=str(path),
        key="",
        frames=len(frames),
        fps=FPS,
        width=WIDTH_PX,
        height=HEIGHT_PX,
    )


def _take(shot: ShotPlan, clip: Clip) -> Take:
    unjudged = Verdict(shot=shot.id, measurements=(), score=0.0)
    return Take(shot=shot.id, number=1, seed=shot.seed, clip=clip, verdict=unjudged, kept=True)
