"""Folders and files of videos -> clips of a library, with a reason for all that is left out.

Each file is finished on its own and written into a journal, so that a killed run goes on with the
next file; a file that has not changed since is not decoded again. The videos stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ....errors import InputError
from ..records import LibraryClip, Manifest, Progress, Refusal, read_manifest
from .admission import Admission
from .captions import CaptionLists, Told
from .shelf import FILE, Shelf

VIDEO_SUFFIXES = frozenset(
    {".avi", ".gif", ".m4v", ".mkv", ".mov", ".mp4", ".mpg", ".mpeg", ".ogv", ".webm", ".wmv"}
)
_WORK = "taking clips in"


@dataclass(frozen=True, slots=True)
class Request:
    """What a user wants to add; `licence` and `source` hold where no list of captions says them."""

    paths: tuple[Path, ...]
    captions: Path | None = None
    licence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """What came of a request: new clips, how many stayed as they were, and what was left out."""

    manifest: Manifest
    added: tuple[LibraryClip, ...]
    unchanged: int
    refused: tuple[Refusal, ...]
    gone: tuple[LibraryClip, ...]


def add(
    request: Request, folder: Path, name: str, progress: Progress, admission: Admission
) -> Addition:
    """Take videos into the library at `folder`; whoever calls holds its lock.

    Raises:
        InputError: there is no such file or folder, or captions cannot be read.
        LibraryError: the library cannot be written, or is broken.
    """
    told, missing = _told(request)
    shelf = Shelf(folder, read_manifest(folder) or Manifest(name=name, clips=()), admission)
    before = {clip.id for clip in shelf.clips}
    due = [path for path, about in told.items() if not shelf.keeps(path, about)]
    try:
        gone = shelf.forget_gone(request.paths, frozenset(map(str, told)))
        for done, path in enumerate(due):
            progress(_WORK, done, len(due))
            shelf.take(path, told[path])
        if due:
            progress(_WORK, len(due), len(due))
    finally:
        manifest = shelf.close(missing)  # also what an interrupted run has finished
    files = {str(path) for path in told} | {refusal.file for refusal in missing}
    return Addition(
        manifest=manifest,
        added=tuple(clip for clip in manifest.clips if clip.id not in before),
        unchanged=len(told) - len(due),
        refused=tuple(r for r in manifest.refused if r.file in files),
        gone=gone,
    )


def count_due(request: Request, folder: Path, admission: Admission | None = None) -> int:
    """Return how many videos `add` would have to look at; nothing is written.

    Raises:
        InputError, LibraryError: as `add`.
    """
    told, _ = _told(request)
    manifest = read_manifest(folder) or Manifest(name="", clips=())
    shelf = Shelf(folder, manifest, admission or Admission())
    return sum(not shelf.keeps(path, about) for path, about in told.items())


def _told(request: Request) -> tuple[dict[Path, Told], list[Refusal]]:
    """Return every video that is asked for, by its whole path, and what is said of it."""
    told: dict[Path, Told] = {}
    missing: list[Refusal] = []
    for path in request.paths:
        if not path.exists():
            raise InputError(f"there is no file or folder {path}")
        folder = path if path.is_dir() else path.parent
        files = sorted(_videos(path)) if path.is_dir() else [path]
        captions = CaptionLists(request.captions, folder)
        for file in files:
            told[file.resolve()] = captions.of(file, request.licence, request.source)
        if path.is_dir():
            missing += [
                Refusal(
                    file=str((folder / named).resolve()),
                    reason="the captions name it, but there is no such video",
                    stage=FILE,
                )
                for named in captions.missing(files)
            ]
    return told, missing


def _videos(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file() and not hidden:
            yield path
