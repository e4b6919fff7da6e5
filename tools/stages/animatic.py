"""Plan -> one moving picture drawn from the plan itself, with subtitles, by no model."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ...engine.animatic import FPS, HEIGHT_PX, WIDTH_PX, draw_shot, unwritable_names
from ...engine.protocol import OnStep
from ...engine.typefaces import fingerprint
from ...engine.video import write_video
from ...film import Clip, StageRecord, Take, Verdict
from ...plan import Plan, ShotPlan
from ..cutting.film import FilmCutter
from ..store.output import write_whole
from ..store.recipe import STAGE_VERSIONS
from .job import Fields, Job
from .render import fragment
from .runner import (
    FileWritten,
    NoteAdded,
    Observer,
    StageAdvanced,
    StageFinished,
    StageStarted,
    StoreRunner,
)

# Fields of a shot that neither the picture nor its subtitles depend on.
_NOT_DRAWN = frozenset(
    {"id", "scene", "assertions", "pins", "tries", "text", "notes", "origins", "page_shot", "span"}
)


def sketch_film(plan: Plan, target: Path, observer: Observer) -> Path:
    """Draw every shot of a plan, join them into `target`, and return it.

    Raises:
        OutputError: the video cannot be written.
    """
    if note := unwritable_names(plan.shots):
        observer.report(NoteAdded(note))
    with TemporaryDirectory(prefix="dreamrunner-animatic-") as spare:
        clips = [
            _sketch(shot, Path(spare) / f"{number}.mp4", observer)
            for number, shot in enumerate(plan.shots)
        ]
        return join_clips(plan, clips, target)


def write_animatic(plan: Plan, bench: StoreRunner, target: Path, story: str) -> None:
    """Write the animatic of a plan to `target`, drawn where the store has none; and say where.

    Args:
        story: the name by which the store remembers it.

    Raises:
        OutputError, StoreError: it cannot be written.
    """
    job = Job(
        stage="animatic",
        version=STAGE_VERSIONS["animatic"],
        inputs={
            "drawn": STAGE_VERSIONS["render animatic"],
            "typefaces": fingerprint(),
            "shots": [fragment(shot, without=_NOT_DRAWN) for shot in plan.shots],
        },
        label=story,
    )

    def make(folder: Path) -> Fields:
        with TemporaryDirectory(prefix="dreamrunner-animatic-") as spare:
            clips: list[Clip] = []
            for number, shot in enumerate(plan.shots):
                clips.append(_draw(shot, Path(spare) / f"{number}.mp4"))
                bench.advance(job, number + 1, len(plan.shots))
            join_clips(plan, clips, folder / target.name)
        return {}

    drawn = bench.kept(job) is None
    made = bench.once(job, make)
    write_whole(target, lambda part: shutil.copyfile(made.folder / target.name, part))
    if drawn:
        bench.observer.report(FileWritten("the plan as a moving picture", target))


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
    clip = _draw(
        shot,
        path,
        lambda done, total: observer.report(StageAdvanced("render", shot.id, done, total)),
    )
    seconds = round(time.monotonic() - began, 3)
    record = StageRecord(stage="render", shot=shot.id, key="", cached=False, seconds=seconds)
    observer.report(StageFinished(record))
    return clip


def _draw(shot: ShotPlan, path: Path, on_step: OnStep | None = None) -> Clip:
    frames = draw_shot(shot, fps=FPS, size=(WIDTH_PX, HEIGHT_PX), on_step=on_step)
    write_video(path, frames, FPS)
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
