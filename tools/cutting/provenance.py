"""A film and what taught its motions -> `film.json`: of what each shot was made, with licences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import av

from ...errors import VideoError
from ...film import Adapter, CardClip, Film, Take
from ...plan import Plan, Record
from ..store.recipe import JSON
from .form import FilmModel
from .joining import FilmChapter
from .sequence import FilmTimes, in_order, lasts_s


class ClipSource(Record):
    """Where a clip that taught a motion comes from, and under which licence it is."""

    clip: str
    source: str
    licence: str


class AdapterSources(Record):
    """An adapter that a shot was drawn with, and the clips that it was trained on."""

    name: str
    kind: str
    key: str
    clips: tuple[ClipSource, ...]


class ShotSources(Record):
    """Of what the kept take of a shot was made."""

    shot: str
    key: str
    seed: int
    take: int
    adapters: tuple[AdapterSources, ...] = ()


class VoiceSource(Record):
    """Who said something with which voice, and under which key it is kept."""

    speaker: str
    voice: str
    key: str


# From when to when something of a film is seen, in seconds.
Stretch: TypeAlias = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class FilmMarks:
    """When the shots of a film are seen, by their ids, and when its cards are."""

    shots: Mapping[str, Stretch] = field(default_factory=dict)
    cards: tuple[Stretch, ...] = ()


class FilmSources(Record):
    """All that a film was made of. `model` is the fingerprint of the engine and its weights."""

    title: str
    duration_s: float
    director: str
    engine: str
    model: str
    licence: str
    shots: tuple[ShotSources, ...]
    voices: tuple[VoiceSource, ...] = ()


def shot_sources(
    plan: Plan, film: Film, adapters: Sequence[Adapter], sources: Mapping[str, ClipSource]
) -> tuple[ShotSources, ...]:
    """Return of what each shot of a film was made.

    Args:
        adapters: all that were trained for the film.
        sources: of the clips of the library, by their ids.
    """
    by_name = {adapter.name: adapter for adapter in adapters}
    kept = {take.shot: take for take in film.takes if take.kept}

    def taught(name: str) -> AdapterSources:
        adapter = by_name.get(name)
        if adapter is None:
            return AdapterSources(name=name, kind="", key="", clips=())
        clips = tuple(
            sources.get(clip) or ClipSource(clip=clip, source="", licence="not known")
            for clip in adapter.clips
        )
        return AdapterSources(name=name, kind=adapter.kind, key=adapter.key, clips=clips)

    return tuple(
        of_take(kept[shot.id]).model_copy(
            update={"adapters": tuple(map(taught, kept[shot.id].adapters))}
        )
        for shot in plan.shots
        if shot.id in kept
    )


def of_take(take: Take) -> ShotSources:
    """Return of what a take was made, in short."""
    return ShotSources(shot=take.shot, key=take.clip.key, seed=take.seed, take=take.number)


def metadata(
    plan: Plan,
    kept: Sequence[Take],
    times: FilmTimes,
    cards: Sequence[Stretch],
    model: FilmModel | None = None,
) -> dict[str, str]:
    """Return what a film's own file says of it: its title, and all the rest as JSON.

    Args:
        kept: the take that each shot shows, in the film's order.
        times: when each of these shots is seen.
        cards: when cards are.
    """
    shots: list[JSON] = [
        {
            **of_take(take).model_dump(exclude={"adapters"}),
            "adapters": list(take.adapters),
            "seen": [float(start_s), float(end_s)],
        }
        for take, (start_s, end_s) in zip(kept, times.shots, strict=True)
    ]
    made: dict[str, JSON] = {"made by": "dreamrunner", "director": plan.director, "shots": shots}
    if model:
        made |= {"engine": model.engine, "model": model.fingerprint, "licence": model.licence}
    if cards:
        made["cards"] = [[float(start_s), float(end_s)] for start_s, end_s in cards]
    return {"title": plan.title, "comment": json.dumps(made, ensure_ascii=False)}


def marks_in(video: Path) -> FilmMarks:
    """Return what a video says of its own shots and cards; nothing if it is not of this program.

    Raises:
        VideoError: the video cannot be read.
    """
    try:
        with av.open(str(video)) as film:
            said = json.loads(film.metadata.get("comment", "{}"))
        shots = {str(one["shot"]): _stretch(one["seen"]) for one in said["shots"]}
        return FilmMarks(shots, tuple(map(_stretch, said.get("cards", ()))))
    except (OSError, av.error.FFmpegError) as error:
        raise VideoError(f"cannot read {video}: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, AttributeError):
        return FilmMarks()  # somebody else's comment


def _stretch(said: Sequence[float]) -> Stretch:
    start_s, end_s = said
    return Fraction(start_s), Fraction(end_s)


def placed_cards(
    shots: Sequence[str], durations_s: Sequence[Fraction], cards: Sequence[CardClip]
) -> list[Stretch]:
    """Return when each card of a film is shown, in its order."""
    parts = in_order(shots, [(d, False) for d in durations_s], cards, lambda c: (lasts_s(c), True))
    found: list[Stretch] = []
    at_s = Fraction(0)
    for length_s, is_card in parts:
        if is_card:
            found.append((at_s, at_s + length_s))
        at_s += length_s
    return found


def chapters_of(plan: Plan, times: FilmTimes) -> Iterator[FilmChapter]:
    """Yield a chapter a scene, each to the next, the first from the film's beginning."""
    starts = {shot.id: start_s for shot, (start_s, _) in zip(plan.shots, times.shots, strict=True)}
    scenes = [scene for scene in plan.scenes if scene.shots]
    begins = [Fraction(0), *(starts[scene.shots[0].id] for scene in scenes[1:]), times.end_s]
    for scene, (start_s, end_s) in zip(scenes, pairwise(begins), strict=True):
        yield FilmChapter(scene.heading or scene.place, start_s, end_s)


def credits_of(film: FilmSources) -> Iterator[str]:
    """Yield the sources and licences of a film, a line each, every clip once."""
    yield f"{film.title}: drawn by {film.engine} ({film.licence}), planned by {film.director}"
    told = dict.fromkeys(
        f"{adapter.name}: clip {clip.clip}, {clip.source or 'source not known'}, {clip.licence}"
        for shot in film.shots
        for adapter in shot.adapters
        for clip in adapter.clips
    )
    yield from told or ["no clip of the library taught a motion in it"]
    yield from dict.fromkeys(f"{voice.speaker}: voice {voice.voice}" for voice in film.voices)
