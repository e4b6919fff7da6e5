"""A clip's file <-> what is known of who is where in it, in a file beside the video.

A library that was drawn knows the boxes of its figures; an ingested one may bring them. An
adapter learns from such clips region by region, from others by their captions alone.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from ...errors import LibraryError
from ...plan import Record
from ...story import Box
from ..store.output import write_whole

BoxTrack = tuple[tuple[float, float, float, float], ...]  # a box a frame


class FigureTrack(Record):
    """One figure of a clip: what it is and does, and its box on each frame.

    `planned` are the boxes that a plan would state, of the resting figure on the same path; None
    where nobody knows them.
    """

    text: str
    boxes: BoxTrack
    planned: BoxTrack | None = None


class ClipTracks(Record):
    """All figures of a clip and the words for the rest of its picture."""

    background: str
    figures: tuple[FigureTrack, ...]


def hull(boxes: BoxTrack) -> Box:
    """Return the least box that holds all of a track, inside the frame."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(max(0.0, min(left)), max(0.0, min(top)), min(1.0, max(right)), min(1.0, max(bottom)))


def tracks_path(video: Path) -> Path:
    """Return where the tracks of a video lie."""
    return video.with_suffix(".tracks.json")


def ground_path(video: Path) -> Path:
    """Return where the picture of a video's place lies with nobody in it, if there is one."""
    return video.with_suffix(".ground.png")


def write_tracks(video: Path, tracks: ClipTracks) -> None:
    """Write the tracks of a video beside it, whole or not at all."""
    text = tracks.model_dump_json() + "\n"
    write_whole(tracks_path(video), lambda part: part.write_text(text, encoding="utf-8"))


def read_tracks(video: Path) -> ClipTracks | None:
    """Return the tracks of a video; None where nothing is known.

    Raises:
        LibraryError: the file beside the video cannot be read as tracks.
    """
    path = tracks_path(video)
    try:
        return ClipTracks.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise LibraryError(f"{path} holds no tracks that can be read; remove it") from error
