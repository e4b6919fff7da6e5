"""Kept takes -> the film in the writer's folder: cut once into the store, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ...film import Film, Take
from ...plan import Plan
from ..cutting.film import FilmCutter
from ..cutting.form import PLAIN, FilmForm
from ..sound.tracks import Bed, SpokenTrack
from ..store.output import clear, write_whole
from ..store.recipe import JSON, STAGE_VERSIONS
from .job import Job
from .render import fragment
from .runner import StoreRunner
from .voice import Utterance


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """All that is heard of a film: what is spoken, and sounds with the hashes of their files."""

    lines: tuple[Utterance, ...] = ()
    beds: tuple[Bed, ...] = ()
    files: Mapping[Path, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.lines or self.beds)

    @property
    def tracks(self) -> tuple[SpokenTrack, ...]:
        return tuple(SpokenTrack(x.span, x.path, x.seconds, x.gain_db) for x in self.lines)

    def inputs(self, plan: Plan) -> JSON:
        """Return what is heard as a part of a key: no path, and no place on the page."""
        spans = [line.span for shot in plan.shots for line in shot.subtitles]
        heard: list[JSON] = [
            [spans.index(x.span), x.key, x.gain_db] for x in self.lines if x.span in spans
        ]
        under: list[JSON] = [
            [
                self.files[b.path], list(b.shots), b.loop, b.start_s, b.gain_db, b.fade_s,
                b.music, b.opens,
            ]
            for b in self.beds
        ]  # fmt: skip
        return {"mix": STAGE_VERSIONS["mix"], "lines": heard, "beds": under}


SILENCE = SoundTrack()


@dataclass(frozen=True, slots=True)
class StageCutter:
    """Cuts the film and copies it with its clips into `folder`, which the writer knows."""

    runner: StoreRunner
    folder: Path
    story: str
    sound: SoundTrack = SILENCE
    form: FilmForm = PLAIN

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        """Return the film of the kept takes; `takes` are all that were made."""
        job = cut_job(plan, takes, self.story, self.sound, self.form)

        def make(folder: Path) -> Mapping[str, JSON]:
            cutter = FilmCutter(folder, self.sound.tracks, self.sound.beds, self.form)
            film = cutter.cut(plan, takes)
            return _relative(film, folder).model_dump(mode="json", exclude={"takes"})

        cut = self.runner.once(job, make)
        film = Film.model_validate({**cut.fields, "takes": tuple(takes)})
        return self._lay_out(film, cut.folder)

    def _lay_out(self, film: Film, source: Path) -> Film:
        """Copy a film and its clips from the store, and clear away clips it has no more."""
        names = [film.path, *(clip.path for clip in film.clips)]
        names += [film.subtitles] if film.subtitles else []
        names += [*film.stems, *(card.path for card in film.cards)]
        for name in names:
            write_whole(self.folder / name, partial(shutil.copyfile, source / name))
        for old in (self.folder / "shots").glob("*.mp4"):
            made = old.name.startswith(("shot-", "card-"))
            if made and f"shots/{old.name}" not in names:
                clear(old)
        for name in {"film.srt", "dialogue.wav", "sounds.wav", "music.wav"}.difference(names):
            clear(self.folder / name)
        return _at(film, self.folder)


def cut_job(
    plan: Plan,
    takes: Sequence[Take],
    label: str,
    sound: SoundTrack = SILENCE,
    form: FilmForm = PLAIN,
) -> Job:
    """Return the cutting of a film as a job: it is made of clips, times, words, sounds."""
    kept = {take.shot: take.clip for take in takes if take.kept}
    keys = {shot.id: kept[shot.id].key for shot in plan.shots if shot.id in kept}
    return Job(
        stage="cut",
        version=STAGE_VERSIONS["cut"],
        inputs={
            "title": plan.title,
            "shots": [{"id": shot.id, "clip": keys.get(shot.id)} for shot in plan.shots],
            "subtitles": [[fragment(line) for line in shot.subtitles] for shot in plan.shots],
            # A film that nobody hears has the key that it had before films were heard.
            **({"sound": sound.inputs(plan)} if sound else {}),
            **form.inputs(),
        },
        label=label,
        parents=(*keys.values(), *(line.key for line in sound.lines)),
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
    cards = tuple(c.model_copy(update={"path": change(c.path)}) for c in film.cards)
    subtitles = change(film.subtitles) if film.subtitles else None
    stems = tuple(map(change, film.stems))
    changed = {
        "path": change(film.path), "clips": clips, "subtitles": subtitles, "stems": stems,
        "cards": cards,
    }  # fmt: skip
    return film.model_copy(update=changed)
