"""A library's folder <-> its manifest `library.json`: every clip, its caption, hash and licence.

The labels of a clip (motions, characters, place) are for counting and for tests. No search ever
reads them: a clip is found by its caption and its frames.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from ...errors import LibraryError
from ...plan import Record
from ..store.recipe import canonical_json

MANIFEST = "library.json"

# What is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


class LibraryClip(Record):
    """One clip. `file` is relative to the library's folder, or absolute where it lies elsewhere.

    A clip that was taken in knows the file that it comes from (`origin`), where in it the shot
    begins, what was mended on the way, who wrote its caption ("captions.csv", "its name"), how
    much moves in it and how sharp it is (see `probe`), and its perceptual hash. A clip of the drawn
    library is drawn when it is first needed: its `sha256` is of all that it is drawn from.
    """

    id: str
    file: str
    caption: str
    frames: int
    fps: float
    width: int
    height: int
    size_bytes: int
    sha256: str
    licence: str
    source: str
    motions: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    place: str = ""
    origin: str = ""
    start_s: float = 0.0
    captioned_by: str = ""
    mended: tuple[str, ...] = ()
    motion_amount: float | None = None
    sharpness: float | None = None
    look: str = ""

    @property
    def duration_s(self) -> float:
        return self.frames / self.fps

    def path(self, folder: Path) -> Path:
        """Return where the clip lies, given its library's folder."""
        return folder / self.file


class Refusal(Record):
    """A file, or a shot of one, that was not taken into the library: which filter, and why."""

    file: str
    reason: str
    stage: str = ""


class SourceFile(Record):
    """A file that was looked at, as it was then; one that has not changed is not decoded again.

    `filters` is the hash of what it was held against.
    """

    file: str
    size_bytes: int
    modified_ns: int
    sha256: str
    filters: str


class Manifest(Record):
    """All that is in a library. `name` is what a user calls it.

    Clips stand in the order in which they came, so that what is made of them grows at its end.
    """

    version: int = 1
    name: str
    clips: tuple[LibraryClip, ...]
    refused: tuple[Refusal, ...] = ()
    sources: tuple[SourceFile, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The hash of what the clips show and say: equal libraries are equal wherever they lie."""
        held = sorted([clip.id, clip.sha256, clip.caption] for clip in self.clips)
        return hashlib.sha256(b"dreamrunner library\n" + canonical_json(held)).hexdigest()


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much a library holds; a clip of two characters counts for both."""

    name: str
    clips: int
    refused: int
    duration_s: float
    motions: dict[str, int]
    characters: dict[str, int]
    places: dict[str, int]
    licences: dict[str, int]
    unlabelled: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What is owed to one source under one licence: the ids of its clips."""

    licence: str
    source: str
    clips: tuple[str, ...]


def credits_of(manifest: Manifest) -> list[Credit]:
    """Return to whom a library's clips are owed, by licence and then by source."""
    owed: dict[tuple[str, str], list[str]] = {}
    for clip in manifest.clips:
        # The drawn library names each clip's number; who draws them is one.
        source = clip.source.rsplit(", clip ", 1)[0]
        owed.setdefault((clip.licence, source), []).append(clip.id)
    return [Credit(*who, tuple(clips)) for who, clips in sorted(owed.items())]


def holdings(manifest: Manifest) -> Holdings:
    """Count what a library holds, most first."""
    clips = manifest.clips
    return Holdings(
        name=manifest.name,
        clips=len(clips),
        refused=len(manifest.refused),
        duration_s=sum(clip.duration_s for clip in clips),
        motions=dict(Counter(m for clip in clips for m in set(clip.motions)).most_common()),
        characters=dict(Counter(c for clip in clips for c in set(clip.characters)).most_common()),
        places=dict(Counter(clip.place for clip in clips if clip.place).most_common()),
        licences=dict(Counter(clip.licence for clip in clips).most_common()),
        unlabelled=sum(not clip.motions for clip in clips),
    )


def read_manifest(folder: Path) -> Manifest | None:
    """Return a library's manifest; None where there is none yet.

    Raises:
        LibraryError: the manifest cannot be read or is none.
    """
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LibraryError(f"cannot read the motion library at {path}: {error.strerror}") from error
    except ValidationError as error:
        raise LibraryError(
            f"{path} is broken ({error.error_count()} mistakes); "
            f"remove {folder} and the motion library is made again"
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a library's manifest, whole or not at all."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"
    part = folder / f".{MANIFEST}.{uuid.uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / MANIFEST)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        with suppress(OSError):  # What went wrong first is what the caller shall hear of.
            part.unlink()


def append_line(path: Path, line: str) -> None:
    """Write a line at the end of a journal; one that a kill cut off stays a line of its own.

    Raises:
        LibraryError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                cut_off = file.read(1) != b"\n"
            else:
                cut_off = False
            file.write(b"\n" * cut_off + line.encode() + b"\n")
    except OSError as error:
        raise cannot_write(path.parent, error) from error


def cannot_write(folder: Path, error: OSError) -> LibraryError:
    """Return what to tell somebody whose library cannot be written."""
    return LibraryError(
        f"cannot write the motion library in {folder}: {error.strerror or error}; "
        "free some space or choose another folder"
    )


@dataclass(frozen=True, slots=True)
class Server:
    """A Qdrant server or cluster by URL, such as http://localhost:6333."""

    url: str
    api_key: str | None = field(default=None, repr=False)
