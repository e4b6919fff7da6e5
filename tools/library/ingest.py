"""A folder of videos and their captions -> a library, with a reason for each file left out.

Captions stand beside the videos in `captions.json` ({"walk.mp4": "a dog walking"}, or a list of
the records below) or `captions.jsonl` (one record a line):
{"file": "walk.mp4", "caption": "a dog walking", "licence": "CC-BY-4.0", "source": "https://..."}.
The videos stay where they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ...errors import InputError, VideoError
from ...plan import Record
from ..store.output import file_hash
from .probe import Footage, inspect_footage
from .records import LibraryClip, Manifest, Progress, Refusal, write_manifest

VIDEO_SUFFIXES = frozenset({".avi", ".gif", ".m4v", ".mkv", ".mov", ".mp4", ".webm"})
CAPTION_FILES = ("captions.json", "captions.jsonl")
UNKNOWN = "unknown"


class Caption(Record):
    """A user's caption of one video. `file` is relative to the folder of the captions."""

    file: str
    caption: str
    licence: str = UNKNOWN
    source: str = ""


@dataclass(frozen=True, slots=True)
class Admission:
    """What a video must be to enter a library. Levels are of 0..255 grey.

    The paper keeps clips of 2 s and 40 frames (of 8 a second or more) for a model of 48 frames;
    the embedded model has 25, and it is retrieval that asks for its own lengths.
    """

    least_s: float = 1.0
    least_frames: int = 8
    longest_s: float = 60.0
    least_side_px: int = 64
    # A film of one photograph measures 0 here; a sleeping cartoon, which only breathes, 0.3.
    least_change: float = 0.05
    least_contrast: float = 2.0


def ingest(
    source: Path, folder: Path, progress: Progress, admission: Admission | None = None
) -> Manifest:
    """Take a folder of captioned videos into the library at `folder`; return its manifest.

    Raises:
        InputError: there is no such folder, or its captions are missing or cannot be read.
        LibraryError: the library cannot be written.
    """
    captions = {one.file: one for one in _read_captions(source)}
    files = [p for p in sorted(source.rglob("*")) if p.suffix.lower() in VIDEO_SUFFIXES]
    videos = {path.relative_to(source).as_posix(): path for path in files if path.is_file()}
    clips: list[LibraryClip] = []
    refused = [
        Refusal(file=name, reason="the captions name it, but there is no such video")
        for name in captions
        if name not in videos
    ]
    first: dict[str, str] = {}
    for done, (name, path) in enumerate(videos.items()):
        progress("taking videos in", done, len(videos))
        outcome = _admitted(name, path, captions.get(name), first, admission or Admission())
        if isinstance(outcome, Refusal):
            refused.append(outcome)
        else:
            first[outcome.sha256] = name
            clips.append(outcome)
    progress("taking videos in", len(videos), len(videos))
    manifest = Manifest(name=source.name, clips=tuple(clips), refused=tuple(refused))
    write_manifest(folder, manifest)
    return manifest


def _admitted(
    name: str, path: Path, caption: Caption | None, first: dict[str, str], admission: Admission
) -> LibraryClip | Refusal:
    """Return a video's clip, or why it is none. `first` is the first file of each hash."""
    if caption is None or not caption.caption.strip():
        return Refusal(file=name, reason="it has no caption")
    try:
        digest = file_hash(path)
        if digest in first:
            return Refusal(file=name, reason=f"it is the same file as {first[digest]}")
        footage = inspect_footage(path, admission.longest_s)
    except (OSError, VideoError) as error:
        return Refusal(file=name, reason=f"it cannot be read: {error}")
    if reason := _unfit(footage, admission):
        return Refusal(file=name, reason=reason)
    return LibraryClip(
        id=f"{path.stem}-{digest[:8]}",
        file=str(path.resolve()),
        caption=" ".join(caption.caption.split()),
        frames=footage.frames,
        fps=footage.fps,
        width=footage.width,
        height=footage.height,
        size_bytes=path.stat().st_size,
        sha256=digest,
        licence=caption.licence,
        source=caption.source or name,
    )


def _unfit(footage: Footage, admission: Admission) -> str:
    """Return what keeps a video out, or nothing."""
    if footage.frames < admission.least_frames:
        return f"too short: {footage.frames} frames, at least {admission.least_frames}"
    if footage.duration_s < admission.least_s:
        return f"too short: {footage.duration_s:.2f} s, at least {admission.least_s:g} s"
    if footage.duration_s > admission.longest_s:
        return f"longer than {admission.longest_s:g} s: cut it into clips of one motion each"
    if min(footage.width, footage.height) < admission.least_side_px:
        return (
            f"too small: {footage.width}x{footage.height}, at least "
            f"{admission.least_side_px} pixels a side"
        )
    if footage.contrast < admission.least_contrast:
        return "nothing is to be seen: every frame is one colour"
    if footage.change < admission.least_change:
        return "nothing moves: it is a still picture"
    return ""


def _read_captions(source: Path) -> Sequence[Caption]:
    if not source.is_dir():
        raise InputError(f"there is no folder {source}")
    path = next((source / name for name in CAPTION_FILES if (source / name).is_file()), None)
    if path is None:
        raise InputError(
            f'{source} has no captions: write {CAPTION_FILES[0]}, such as {{"walk.mp4": "a dog '
            'walking in a park"}}'
        )
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            found = json.loads(text)
        if isinstance(found, dict):
            found = [{"file": name, "caption": caption} for name, caption in found.items()]
        return TypeAdapter(list[Caption]).validate_python(found)
    except (OSError, ValueError, RecursionError) as error:
        reason = _first_mistake(error) if isinstance(error, ValidationError) else error
        raise InputError(f"cannot read the captions in {path}: {reason}") from error


def _first_mistake(error: ValidationError) -> str:
    mistake = error.errors()[0]
    return f"entry {'.'.join(map(str, mistake['loc']))}: {mistake['msg']}"
