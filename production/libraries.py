"""Settings -> the motion libraries of a command: opened, added to, removed from, credited.

What is searched is one library of several folders: the clips that the user added, the folders that
a story or `--library` names, and for engines of the drawn world the clips that it draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, LibraryError

if TYPE_CHECKING:
    from ..story import Story
    from ..tools.cutting.provenance import ClipSource
    from ..tools.library import Addition, Library, LibraryClip, Part, Refusal, Request, Tools
    from ..tools.stages.runner import Observer
    from .settings import Settings

_FOLDERS = "folders"
_MOST_REASONS = 3


def with_clips_of(settings: Settings, story: Story | None, path: Path) -> Settings:
    """Return settings with the folders of clips that a story names, `path` being its file."""
    named = story.motion_libraries if story is not None else ()
    return replace(settings, clips=(*settings.clips, *(path.parent / n.path for n in named)))


@dataclass(frozen=True)
class LibraryOpener:
    """Opens the libraries of a run once, when it is first asked, and says what is left out."""

    settings: Settings
    observer: Observer

    def __call__(self) -> Library:
        return self._library

    @cached_property
    def _library(self) -> Library:
        return open_library(self.settings, self.observer)


def open_library(settings: Settings, observer: Observer) -> Library:
    """Return all that is searched for clips, taking in what is new in the folders that are named.

    Raises:
        InputError: a folder is not there, or its captions cannot be read.
        LibraryError: a library cannot be read or written, or there is not one clip.
    """
    from ..tools import library

    tools = tools_of(settings, observer)
    parts = [_named(folder, settings, tools, observer) for folder in settings.clips]
    own = library.own_part(settings.library)
    if own is not None and own.manifest.clips:
        parts.append(own)
    if _draws_its_world(settings) or not parts:
        parts.insert(0, library.drawn_part(settings.library))
    return library.joined(parts, tools)


def open_one(folder: Path, settings: Settings, observer: Observer) -> Library:
    """Return the library in one folder that was made by adding clips.

    Raises:
        InputError: there is none.
        LibraryError: it cannot be read, or there is not one clip.
    """
    from ..tools.library import load_library

    return load_library(folder, tools_of(settings, observer))


def has_own_clips(settings: Settings) -> bool:
    """Say whether there are clips that were not drawn by the storybook world.

    Raises:
        LibraryError: a library is broken.
    """
    from ..tools.library import own_part

    own = own_part(settings.library)
    return bool(settings.clips) or (own is not None and bool(own.manifest.clips))


def clip_sources(settings: Settings) -> dict[str, ClipSource]:
    """Return where each clip of a run's libraries comes from, by its id; nothing is opened."""
    from ..tools.cutting.provenance import ClipSource
    from ..tools.library import drawn_part, own_part

    folders = [f if _is_library(f) else _place(f, settings) for f in settings.clips]
    parts = [drawn_part(settings.library), *map(own_part, (settings.library, *folders))]
    return {
        clip.id: ClipSource(clip=clip.id, source=clip.source, licence=clip.licence)
        for part in parts
        if part is not None
        for clip in part.manifest.clips
    }


def library_snapshot(settings: Settings) -> str:
    """Return the hash of all clips that a run's libraries hold; nothing is opened."""
    from ..tools.library import drawn_part, own_part

    folders = [f if _is_library(f) else _place(f, settings) for f in settings.clips]
    parts = [drawn_part(settings.library), *map(own_part, (settings.library, *folders))]
    clips = sorted(
        f"{clip.id} {clip.sha256}"
        for part in parts
        if part is not None
        for clip in part.manifest.clips
    )
    return hashlib.sha256("\n".join(clips).encode()).hexdigest()


def untaken(settings: Settings) -> int:
    """Return how many videos of the folders that are named are not taken in yet.

    Raises:
        InputError: a folder is not there, or its captions cannot be read.
    """
    from ..tools.library import Request, count_due

    return sum(
        count_due(Request((folder,)), _place(folder, settings))
        for folder in settings.clips
        if not _is_library(folder)
    )


def add_to_library(
    request: Request, folder: Path, settings: Settings, observer: Observer
) -> Addition:
    """Take videos into the library at `folder`.

    Raises:
        InputError: there is no such file or folder, or captions cannot be read.
        BusyError: other processes kept the library in use for too long.
        LibraryError, OutputError: the library cannot be written, or is broken.
    """
    from ..tools.library import add_clips

    return add_clips(request, folder, tools_of(settings, observer))


def remove_from_library(
    names: Sequence[str], folder: Path, settings: Settings, observer: Observer
) -> tuple[LibraryClip, ...]:
    """Remove clips from the library at `folder`; the videos stay where they are.

    Raises:
        InputError: there is no library, or a name fits no clip.
        BusyError, LibraryError: as `add_to_library`.
    """
    from ..tools.library import remove_clips

    return remove_clips(names, folder, tools_of(settings, observer))


def tools_of(settings: Settings, observer: Observer) -> Tools:
    """Return what an engine's library is searched with.

    An engine of a drawn world has its words, and the storybook's its critic's eyes; any other has
    open words.
    """
    from ..engine.family import capabilities
    from ..tools import library
    from ..tools.stages.runner import tell_of_library

    drawn = _draws_its_world(settings)
    world = capabilities(settings.engine).world
    server = library.Server(settings.qdrant, settings.qdrant_key) if settings.qdrant else None
    return library.Tools(
        scorer=library.CriticScorer() if drawn else None,
        server=server,
        phrasing=library.PHRASINGS.get(world, library.open_phrasing)(),
        progress=partial(tell_of_library, observer),
    )


def _draws_its_world(settings: Settings) -> bool:
    from ..engine.family import capabilities

    return capabilities(settings.engine).world == "storybook"


def _named(folder: Path, settings: Settings, tools: Tools, observer: Observer) -> Part:
    """Return the library of a folder that is named: its own, or one that is made of its videos."""
    from ..tools.library import Request, add_clips, own_part
    from ..tools.stages.runner import NoteAdded

    if not folder.is_dir():
        raise InputError(f"there is no folder of clips {folder}")
    place = folder
    if not _is_library(folder):
        place = _place(folder, settings)
        made = add_clips(Request((folder,)), place, tools, name=folder.name)
        if made.refused:
            observer.report(NoteAdded(left_out(folder, made.refused, len(made.manifest.clips))))
    part = own_part(place)
    if part is None or not part.manifest.clips:
        raise LibraryError(f"no clip of the folder {folder} can be used; see the notes above")
    return part


def left_out(folder: Path, refused: Sequence[Refusal], clips: int) -> str:
    """Return what to say of a folder of which not all can be used."""
    reasons = dict.fromkeys(f"{Path(r.file).name}: {r.reason}" for r in refused)
    shown = "; ".join(list(reasons)[:_MOST_REASONS])
    more = len(reasons) - _MOST_REASONS
    rest = f"; and {more} more" if more > 0 else ""
    return f"{folder}: {clips} clips are used, {len(refused)} left out: {shown}{rest}"


def _is_library(folder: Path) -> bool:
    from ..tools.library.records import MANIFEST

    return (folder / MANIFEST).is_file()


def _place(folder: Path, settings: Settings) -> Path:
    """Return where the library of a folder of videos lies, which stays as it is."""
    whole = str(folder.resolve())
    digest = hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return settings.library / _FOLDERS / f"{folder.resolve().name[:40]}-{digest}"
