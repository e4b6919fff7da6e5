"""A finished film -> a timeline for other editors: OpenTimelineIO, and an EDL by its adapter.

Every shot is a clip whose takes are its media, the kept one active; what a take fails is a marker
on it. The film's stems are tracks of their own. Paths are relative to where the timeline is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...film import CardClip, Clip, Measurement, Take
from ...plan import ShotPlan
from .sequence import in_order

if TYPE_CHECKING:
    import opentimelineio as otio

    from .finished import FinishedFilm

# The rates that a timecode can count, the usual one first.
_TIMECODES = (24, 25, 30, 48, 50, 60)
_ABOUT = "dreamrunner"


def as_otio(film: FinishedFilm, beside: Path) -> str:
    """Return a film as OpenTimelineIO's JSON; `beside` is the folder that it will lie in.

    Raises:
        InputError: the extra that it needs is not installed.
    """
    return str(_library().adapters.write_to_string(timeline(film, beside), "otio_json"))


def as_edl(film: FinishedFilm, beside: Path) -> str:
    """Return a film's picture as a CMX 3600 EDL, at a rate that a timecode can count.

    Raises:
        InputError: the extra is not installed, or no timecode counts the film's frames whole.
    """
    rate = edl_rate(film.film.clips[0].fps)
    picture = timeline(film, beside, rate=rate)
    for track in list(picture.audio_tracks()):
        picture.tracks.remove(track)
    return str(_library().adapters.write_to_string(picture, "cmx_3600", rate=rate))


def edl_rate(fps: int) -> int:
    """Return the rate of an EDL: the usual one in which each frame is a whole number of frames.

    Raises:
        InputError: there is none.
    """
    for rate in _TIMECODES:
        if rate % fps == 0:
            return rate
    raise InputError(f"no timecode counts {fps} frames a second whole; use --to otio")


def timeline(film: FinishedFilm, beside: Path, *, rate: int | None = None) -> otio.schema.Timeline:
    """Return a film as a timeline; at another `rate` each frame is several.

    Raises:
        InputError: the extra that it needs is not installed.
    """
    otio = _library()
    schema = otio.schema
    fps = film.film.clips[0].fps
    times = (rate or fps) // fps
    made = schema.Timeline(film.plan.title)
    made.metadata[_ABOUT] = {"engine": film.engine, "director": film.plan.director}
    picture = schema.Track("picture", kind=schema.TrackKind.Video)
    made.tracks.append(picture)
    shots = {shot.id: shot for shot in film.plan.shots}
    clips = [_clip(film, shots[clip.shot], clip, beside, times) for clip in film.film.clips]
    picture.extend(
        in_order(
            [clip.shot for clip in film.film.clips],
            clips,
            film.film.cards,
            lambda card: _card(card, beside, fps * times),
        )
    )
    frames = round(picture.duration().value)
    for stem in map(Path, film.film.stems):
        track = schema.Track(stem.stem, kind=schema.TrackKind.Audio)
        track.append(
            schema.Clip(
                stem.stem, _media(stem, frames, fps * times, beside), _range(frames, fps * times)
            )
        )
        made.tracks.append(track)
    return made


def _card(card: CardClip, beside: Path, rate: int) -> otio.schema.Clip:
    """Return a card as a clip of the timeline."""
    frames = round(card.seconds * rate)
    media = _media(Path(card.path), frames, rate, beside)
    name = card.kind if card.kind == "intertitle" else f"{card.kind} card"
    made = _library().schema.Clip(name, media, _range(frames, rate))
    made.metadata[_ABOUT] = {"card": card.kind, "words": "\n".join(card.words)}
    made.metadata["cmx_3600"] = {"reel": card.kind.upper()[:8]}
    return made


def _clip(
    film: FinishedFilm, shot: ShotPlan, clip: Clip, beside: Path, times: int
) -> otio.schema.Clip:
    """Return a shot as a clip of the timeline, with all its takes."""
    otio = _library()
    kept = film.kept(shot.id)
    frames, rate = clip.frames * times, clip.fps * times
    takes = {
        f"take {take.number}": _media(
            Path(clip.path if take.kept else take.clip.path), take.clip.frames * times, rate, beside
        )
        for take in film.film.takes
        if take.shot == shot.id
    }
    made = otio.schema.Clip(f"shot {shot.id}", source_range=_range(frames, rate))
    made.set_media_references(takes, f"take {kept.number}")
    made.metadata[_ABOUT] = {
        "shot": shot.id,
        "scene": shot.scene,
        "key": clip.key,
        "seed": kept.seed,
        "take": kept.number,
        "adapters": list(kept.adapters),
        "words": shot.text,
    }
    # An EDL knows eight characters of a reel.
    made.metadata["cmx_3600"] = {"reel": f"S{shot.id}"[:8]}
    made.markers.extend(_markers(kept, clip, times))
    return made


def _markers(take: Take, clip: Clip, times: int) -> Iterator[otio.schema.Marker]:
    """Yield a marker for each check that a take failed, at the frames that show it."""
    otio = _library()
    for failed in take.verdict.failed:
        first, last = _shown(failed, clip.frames)
        made = otio.schema.Marker(
            f"{failed.metric} {failed.subject or ''}".strip(),
            marked_range=_range((last - first) * times, clip.fps * times, first * times),
            color=otio.schema.MarkerColor.RED,
        )
        line = failed.span.line if failed.span else None
        made.metadata[_ABOUT] = {"explanation": failed.explanation, "line": line}
        yield made


def _shown(failed: Measurement, frames: int) -> tuple[int, int]:
    inside = [frame for frame in failed.frames if 0 <= frame < frames]
    return (min(inside), max(inside) + 1) if inside else (0, frames)


def _media(path: Path, frames: int, rate: int, beside: Path) -> otio.schema.ExternalReference:
    where = Path(os.path.relpath(path.resolve(), beside.resolve())).as_posix()
    reference = _library().schema.ExternalReference(where, _range(frames, rate))
    reference.name = path.stem
    return reference


def _range(frames: int, rate: int, start: int = 0) -> otio.opentime.TimeRange:
    opentime = _library().opentime
    return opentime.TimeRange(
        opentime.RationalTime(start, rate), opentime.RationalTime(frames, rate)
    )


def _library() -> Any:  # Any: a module, which has no name as a type
    try:
        import opentimelineio
    except ModuleNotFoundError as missing:
        raise InputError(
            "timelines need OpenTimelineIO; install it with: pip install 'dreamrunner[timeline]'"
        ) from missing
    return opentimelineio
