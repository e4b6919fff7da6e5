"""Kept takes -> the film in the writer's folder: cut once into the store, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...film import Film, Take
from ...plan import Plan
from ..cutting.film import FilmCutter
from ..store.output import clear, write_whole
from ..store.recipe import JSON, STAGE_VERSIONS
from .render import fragment
from .runner import Job, StoreRunner


@dataclass(frozen=True, slots=True)
class StageCutter:
    """Cuts the film and copies it with its clips into `folder`, which the writer knows."""

    runner: StoreRunner
    folder: Path
    story: str

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        """Return the film of the kept takes; `takes` are all that were made."""
        job = cut_job(plan, takes, self.story)

        def make(folder: Path) -> Mapping[str, JSON]:
            film = FilmCutter(folder).cut(plan, takes)
            return _relative(film, folder).model_dump(mode="json", exclude={"takes"})

        cut = self.runner.once(job, make)
        film = Film.model_validate({**cut.fields, "takes": tuple(takes)})
        return self._lay_out(film, cut.folder)

    def _lay_out(self, film: Film, source: Path) -> Film:
        """Copy a film and its clips from the store, and clear away clips it has no more."""
        names = [film.path, *(clip.path for clip in film.clips)]
        names += [film.subtitles] if film.subtitles else []
        for name in names:
            write_whole(self.folder / name, partial(shutil.copyfile, source / name))
        for old in (self.folder / "shots").glob("shot-*.mp4"):
            if f"shots/{old.name}" not in names:
                clear(old)
        if film.subtitles is None:
            clear(self.folder / "film.srt")
        return _at(film, self.folder)


def cut_job(plan: Plan, takes: Sequence[Take], label: str) -> Job:
    """Return the cutting of a film as a job: it is made of clips, times and words."""
    kept = {take.shot: take.clip for take in takes if take.kept}
    keys = {shot.id: kept[shot.id].key for shot in plan.shots if shot.id in kept}
    return Job(
        stage="cut",
        version=STAGE_VERSIONS["cut"],
        inputs={
            "title": plan.title,
            "shots": [{"id": shot.id, "clip": keys.get(shot.id)} for shot in plan.shots],
            "subtitles": [[fragment(line) for line in shot.subtitles] for shot in plan.shots],
        },
        label=label,
        parents=tuple(keys.values()),
    )


def _relative(film: Film, folder: Path) -> Film:
    """Return the film with its paths as seen from a folder."""

    def seen(path: str) -> str:
        return Path(path).relative_to(folder).as_posix()

    return _with_paths(film, seen)


def _at(film: Film, folder: Path) -> Film:
    """Return the film with its paths in a folder."""
    return _with_paths(film, lambda path: str(folder / path))


def _with_paths(film: Film, change: Callable[[str], str]) -> Film:
    clips = tuple(c.model_copy(update={"path": change(c.path)}) for c in film.clips)
    subtitles = change(film.subtitles) if film.subtitles else None
    changed = {"path": change(film.path), "clips": clips, "subtitles": subtitles}
    return film.model_copy(update=changed)
