"""A library while clips are taken in: what became of each file, kept in a journal and at the end.

A file that has not changed since is not decoded again, and neither is one that was only moved.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from ....errors import VideoError
from ....plan import Record
from ...store.output import file_hash
from ..records import (
    LibraryClip,
    Manifest,
    Refusal,
    SourceFile,
    append_line,
    read_manifest,
    write_manifest,
)
from .admission import Admission, unfit
from .captions import UNKNOWN, Told
from .extract import MOST_SIDE_PX, write_shots
from .likeness import nearest_copy
from .probe import SourceShot, SourceVideo, inspect_footage

log = logging.getLogger(__name__)

JOURNAL, CLIPS = "adding.jsonl", "clips"
# What kept a file out: no words for it; being a copy, which is looked at again when a clip is
# removed; the file itself.
CAPTION, COPY, FILE = "caption", "copy", "file"


class Outcome(Record):
    """What became of one file, as the journal keeps it."""

    source: SourceFile
    clips: tuple[LibraryClip, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(slots=True)
class Shelf:
    """A library while clips are taken in: what became of each file, by the file's whole path."""

    folder: Path
    manifest: Manifest
    admission: Admission
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    loose: list[LibraryClip] = field(default_factory=list)  # clips of no known file

    def __post_init__(self) -> None:
        clips: dict[str, list[LibraryClip]] = {}
        refused: dict[str, list[Refusal]] = {}
        for clip in self.manifest.clips:
            clips.setdefault(clip.origin, []).append(clip)
        for refusal in self.manifest.refused:
            refused.setdefault(refusal.file, []).append(refusal)
        for source in self.manifest.sources:
            self.outcomes[source.file] = Outcome(
                source=source,
                clips=tuple(clips.pop(source.file, ())),
                refused=tuple(refused.pop(source.file, ())),
            )
        self.loose = [clip for rest in clips.values() for clip in rest]
        for outcome in _journal(self.folder):
            self.outcomes[outcome.source.file] = outcome

    @property
    def clips(self) -> list[LibraryClip]:
        return [*self.loose, *(clip for one in self.outcomes.values() for clip in one.clips)]

    def forget_gone(self, paths: Sequence[Path], there: frozenset[str]) -> tuple[LibraryClip, ...]:
        """Drop and return the clips of files that lay in the given folders and are no more."""
        folders = [path.resolve() for path in paths if path.is_dir()]
        gone = [
            file
            for file in self.outcomes
            if file not in there and any(Path(file).is_relative_to(one) for one in folders)
        ]
        return tuple(clip for file in gone for clip in self.outcomes.pop(file).clips)

    def keeps(self, path: Path, about: Told) -> bool:
        """Say whether a file would become again what it became, and write anew what is said of it.

        What is said is only kept in mind; `close` writes it.
        """
        kept = self.outcomes.get(str(path))
        if kept is None:
            return False
        try:
            status = path.stat()
        except OSError:
            return False
        if not self._same(kept, status.st_size, status.st_mtime_ns, about):
            return False
        self.outcomes[str(path)] = _renewed(kept, about)
        return True

    def take(self, path: Path, about: Told) -> None:
        """Take a file in, or note why not."""
        file, filters = str(path), self.admission.fingerprint
        try:
            status, digest = path.stat(), file_hash(path)
        except OSError as error:
            unknown = SourceFile(file=file, size_bytes=0, modified_ns=0, sha256="", filters=filters)
            reason = f"it cannot be read: {error.strerror or error}"
            refused = Refusal(file=file, reason=reason, stage=FILE)
            self._note(Outcome(source=unknown, refused=(refused,)))
            return
        source = SourceFile(
            file=file,
            size_bytes=status.st_size,
            modified_ns=status.st_mtime_ns,
            sha256=digest,
            filters=filters,
        )
        self._note(self._moved(source, about) or self._new(path, source, about))

    def close(self, missing: Sequence[Refusal]) -> Manifest:
        """Write the library with all that is finished, and return it."""
        lost = {refusal.file: refusal for refusal in missing}
        stays = [
            refusal
            for refusal in self.manifest.refused
            if refusal.file not in self.outcomes and refusal.file not in lost
            and not Path(refusal.file).exists()
        ]  # fmt: skip
        manifest = Manifest(
            name=self.manifest.name,
            clips=tuple(self.clips),
            refused=(
                *(r for one in self.outcomes.values() for r in one.refused),
                *stays,
                *lost.values(),
            ),
            sources=tuple(one.source for one in self.outcomes.values()),
        )
        if manifest != self.manifest or read_manifest(self.folder) is None:
            write_manifest(self.folder, manifest)
        (self.folder / JOURNAL).unlink(missing_ok=True)
        remove_unused(self.folder, manifest)
        return manifest

    def _same(self, kept: Outcome, size: int, modified_ns: int, about: Told) -> bool:
        """Say whether a file would become again what it became."""
        source = kept.source
        as_before = (source.size_bytes, source.modified_ns) == (size, modified_ns)
        speechless = any(refusal.stage == CAPTION for refusal in kept.refused)
        return (
            as_before
            and source.filters == self.admission.fingerprint
            and speechless == (not about.caption)
            and all(clip.path(self.folder).is_file() for clip in kept.clips)
        )

    def _moved(self, source: SourceFile, about: Told) -> Outcome | None:
        """Return the outcome of an equal file: one that was moved here, or one it is a copy of."""
        for file, other in self.outcomes.items():
            if other.source.sha256 != source.sha256 or file == source.file:
                continue
            if Path(file).exists():
                reason = f"it is the same file as {file}"
                if not other.clips:
                    continue
                return Outcome(
                    source=source, refused=(Refusal(file=source.file, reason=reason, stage=COPY),)
                )
            if other.source.filters != source.filters:
                continue
            del self.outcomes[file]
            clips = tuple(
                clip.model_copy(
                    update={"origin": source.file}
                    | ({"file": source.file} if clip.file == file else {})
                )
                for clip in other.clips
            )
            refused = tuple(r.model_copy(update={"file": source.file}) for r in other.refused)
            return _renewed(Outcome(source=source, clips=clips, refused=refused), about)
        return None

    def _new(self, path: Path, source: SourceFile, about: Told) -> Outcome:
        def refusal(stage: str, reason: str) -> Refusal:
            return Refusal(file=source.file, reason=reason, stage=stage)

        if not about.caption:
            words = "it has no caption, and its name says nothing of what it shows"
            return Outcome(source=source, refused=(refusal(CAPTION, words),))
        try:
            footage = inspect_footage(path, self.admission.longest_s)
            clips, refused = self._admit(path, source, footage, about)
        except VideoError as error:
            return Outcome(source=source, refused=(refusal(FILE, f"it cannot be read: {error}"),))
        return Outcome(source=source, clips=clips, refused=refused)

    def _admit(
        self, path: Path, source: SourceFile, footage: SourceVideo, about: Told
    ) -> tuple[tuple[LibraryClip, ...], tuple[Refusal, ...]]:
        """Return the clips that a file's shots become, and why the others do not.

        Raises:
            VideoError: a shot cannot be cut out.
        """
        count = len(footage.shots)
        others = [clip for clip in self.clips if clip.look and clip.origin != source.file]
        looks, names = [clip.look for clip in others], [clip.id for clip in others]
        good: list[tuple[int, SourceShot]] = []
        refused = []
        for number, shot in enumerate(footage.shots, start=1):
            where = f"shot {number} at {shot.start_s:.1f} s: " if count > 1 else ""
            found = unfit(shot, footage, self.admission)
            copy = None if found else nearest_copy(looks, shot.look)
            if found:
                refused.append(Refusal(file=source.file, reason=where + found.reason,
                                       stage=found.stage))  # fmt: skip
            elif copy is not None:
                reason = f"{where}its pictures and movement are those of {names[copy]}"
                refused.append(Refusal(file=source.file, reason=reason, stage=COPY))
            else:
                good.append((number, shot))
                looks.append(shot.look)
                names.append(_id(path, source, number, count))
        return self._cut(path, source, footage, about, good), tuple(refused)

    def _cut(
        self,
        path: Path,
        source: SourceFile,
        footage: SourceVideo,
        about: Told,
        good: Sequence[tuple[int, SourceShot]],
    ) -> tuple[LibraryClip, ...]:
        ids = [_id(path, source, number, len(footage.shots)) for number, _ in good]
        if footage.plain:
            return tuple(self._clip(ids[0], path, source, footage, about, shot) for _, shot in good)
        places = [self.folder / CLIPS / f"{name}.mp4" for name in ids]
        shots = [(shot, place) for (_, shot), place in zip(good, places, strict=True)]
        mended = [*footage.oddities]
        if len(footage.shots) > 1:
            mended.append(f"it is one of {len(footage.shots)} shots")
        if min(footage.width, footage.height) > MOST_SIDE_PX:
            mended.append(f"it was {footage.width}x{footage.height}")
        clips = []
        for name, (shot, place), written in zip(
            ids, shots, write_shots(path, footage, shots), strict=True
        ):
            clip = self._clip(name, place, source, footage, about, shot)
            became = {
                "file": f"{CLIPS}/{place.name}", "frames": written.frames,
                "width": written.width, "height": written.height,
                "sha256": file_hash(place), "mended": tuple(mended),
            }  # fmt: skip
            clips.append(clip.model_copy(update=became))
        return tuple(clips)

    def _clip(
        self,
        name: str,
        place: Path,
        source: SourceFile,
        footage: SourceVideo,
        about: Told,
        shot: SourceShot,
    ) -> LibraryClip:
        return LibraryClip(
            id=name,
            file=source.file,
            caption=about.caption,
            frames=shot.frames,
            fps=float(footage.fps),
            width=footage.width,
            height=footage.height,
            size_bytes=place.stat().st_size,
            sha256=source.sha256,
            licence=about.licence or UNKNOWN,
            source=about.source or Path(source.file).name,
            motions=about.motions,
            place=about.place,
            origin=source.file,
            start_s=round(shot.start_s, 3),
            captioned_by=about.by,
            motion_amount=round(shot.motion, 3),
            sharpness=round(shot.sharpness, 1),
            look=shot.look,
        )

    def _note(self, outcome: Outcome) -> None:
        """Keep what became of a file, here and in the journal."""
        self.outcomes[outcome.source.file] = outcome
        append_line(self.folder / JOURNAL, outcome.model_dump_json())


def _renewed(outcome: Outcome, about: Told) -> Outcome:
    """Return an outcome with what is said of the file now; what nobody says any more stays."""
    said: dict[str, object] = {
        "caption": about.caption, "captioned_by": about.by, "licence": about.licence,
        "source": about.source, "motions": about.motions, "place": about.place,
    }  # fmt: skip
    said = {name: value for name, value in said.items() if value}
    clips = tuple(clip.model_copy(update=said) for clip in outcome.clips)
    return outcome.model_copy(update={"clips": clips})


def _id(path: Path, source: SourceFile, number: int, count: int) -> str:
    stem = re.sub(r"[^\w.-]+", "-", path.stem).strip("-.")[:32].strip("-.") or "clip"
    shot = f"-{number:03}" if count > 1 else ""
    return f"{stem}-{source.sha256[:8]}{shot}"


def _journal(folder: Path) -> Iterator[Outcome]:
    """Yield what an earlier, killed run finished."""
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Outcome.model_validate_json(line)
        except ValidationError:
            log.info("a line of %s was cut off by a kill; its file is looked at again", folder)


def remove_unused(folder: Path, manifest: Manifest) -> None:
    """Remove the clips that lie in the library's own folder and that it does not list."""
    listed = {clip.file for clip in manifest.clips}
    for path in (folder / CLIPS).glob("*.mp4") if (folder / CLIPS).is_dir() else ():
        if f"{CLIPS}/{path.name}" not in listed:
            with suppress(OSError):  # it may be looked at; the next run removes it
                path.unlink()
