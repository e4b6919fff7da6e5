"""A library's folder -> the same with clips added or removed, under its lock, and indexed."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ...errors import InputError
from .intake.admission import Admission
from .intake.ingest import Addition, Request, add
from .intake.shelf import COPY, remove_unused
from .library import VECTORS, Tools, turn
from .records import LibraryClip, Manifest, read_manifest, write_manifest


def add_clips(
    request: Request,
    folder: Path,
    tools: Tools,
    *,
    name: str = "",
    admission: Admission | None = None,
) -> Addition:
    """Take videos into the library at `folder`, and index their captions.

    Raises:
        InputError: there is no such file or folder, or captions cannot be read.
        BusyError: other processes kept the library in use for too long.
        LibraryError, OutputError: the library cannot be written, or is broken.
    """
    with turn(folder, tools.wait_s):
        made = add(request, folder, name or folder.name, tools.progress, admission or Admission())
        _index(folder, made.manifest, tools)
    return made


def remove_clips(names: Sequence[str], folder: Path, tools: Tools) -> tuple[LibraryClip, ...]:
    """Remove clips by their ids, patterns of ids (`fox-*`) or the files that they come from.

    The videos stay where they are. Returns the removed clips.

    Raises:
        InputError: there is no library, or a name fits no clip; then nothing is removed.
        BusyError, LibraryError: as `add_clips`.
    """
    with turn(folder, tools.wait_s):
        manifest = read_manifest(folder)
        if manifest is None:
            raise InputError(f"there is no motion library in {folder}")
        removed = [clip for name in names for clip in _named(name, manifest, folder)]
        gone = {clip.id for clip in removed}
        stays = tuple(clip for clip in manifest.clips if clip.id not in gone)
        # A file of which clips were removed, or that was left out as a copy, is new again.
        anew = {clip.origin for clip in removed} | {
            refusal.file for refusal in manifest.refused if refusal.stage == COPY
        }
        kept = {clip.origin for clip in stays}
        left = manifest.model_copy(
            update={
                "clips": stays,
                "refused": tuple(r for r in manifest.refused if r.file not in anew - kept),
                "sources": tuple(s for s in manifest.sources if s.file not in anew - kept),
            }
        )
        write_manifest(folder, left)
        remove_unused(folder, left)
        _index(folder, left, tools)
    return tuple(clip for clip in manifest.clips if clip.id in gone)


def _named(name: str, manifest: Manifest, folder: Path) -> list[LibraryClip]:
    place = str(Path(name).resolve())
    found = [
        clip
        for clip in manifest.clips
        if clip.id == name or clip.origin == place or fnmatchcase(clip.id, name)
    ]
    if not found:
        raise InputError(
            f'there is no clip "{name}" in {folder}; `dreamrunner library list --clips` shows all'
        )
    return found


def _index(folder: Path, manifest: Manifest, tools: Tools) -> None:
    """Embed the captions that are new, and drop what nobody says any more."""
    from .vectors import caption_vectors, compact

    captions = [clip.caption for clip in manifest.clips]
    caption_vectors(captions, tools.embedder, tools.progress, folder / VECTORS)
    if (folder / VECTORS).is_dir():
        compact(folder / VECTORS, captions, tools.embedder)
