"""Files of captions, texts beside the videos, or the videos' names -> what each video shows.

A list of captions is a CSV file with a head, JSON ({"walk.mp4": "a dog walking"}, or a list of
records) or JSONL (a record a line). A record names its video and says what it shows, in the words
that are usual: file, file_name, path or video; caption, text, prompt or description; licence or
license; source or url; motion and place are labels for counting. Other columns are left alone.

Where several say something of one video, the file that the user named is believed before a text
beside the video, that before the list in its folder, and its own name last.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ....errors import InputError
from ....plan import Record

LISTS = tuple(
    f"{name}.{kind}" for name in ("captions", "metadata") for kind in ("csv", "jsonl", "json")
)
UNKNOWN = "unknown"

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("file", "file_name", "filename", "path", "video", "name"),
    "caption": ("caption", "text", "prompt", "description"),
    "licence": ("licence", "license"),
    "source": ("source", "url"),
    "motion": ("motion", "motions", "action"),
    "place": ("place", "location"),
}
# "-8450300", "_02", " (3)", and hashes: what cameras, downloads and copies add to a name.
_COUNTERS = re.compile(r"[\s_\-.]*(\(?\d+\)?|(?=[a-f]*\d)[0-9a-f]{8,})$", re.IGNORECASE)
# What cameras, screens and editors call their files: it says nothing of what is seen.
_NAMES_OF_MACHINES = re.compile(
    r"(img|vid|mov|mvi|dsc|dscn|dscf|gopr|gx|pxl|video|clip|movie|film|shot|scene|take|output|"
    r"untitled|screen|recording|screenrecording|final|render|sample|test|download|whatsapp)+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")


class CaptionRecord(Record):
    """What a list says of one video. `file` is relative to the folder of the list."""

    file: str
    caption: str = ""
    licence: str = ""
    source: str = ""
    motion: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a video before it is looked at; `by` is who wrote the caption.

    Licence and source are empty where nobody says them.
    """

    caption: str
    by: str
    licence: str
    source: str
    motions: tuple[str, ...] = ()
    place: str = ""


class CaptionLists:
    """All that is said of the videos of one folder, or of some files."""

    def __init__(self, named: Path | None, folder: Path | None) -> None:
        """Read the list that the user named, and the one in the folder.

        Raises:
            InputError: a list cannot be read.
        """
        own = None
        if folder is not None:
            own = next((folder / name for name in LISTS if (folder / name).is_file()), None)
        if own is not None and named is not None and own.samefile(named):
            own = None
        self._named = _List.read(named)
        self._own = _List.read(own)

    def missing(self, files: Iterable[Path]) -> list[str]:
        """Return the videos that a list names and that are not among the files."""
        there = {path.resolve() for path in files}
        both = (*self._named.records.items(), *self._own.records.items())
        return [record.file for path, record in both if path not in there]

    def of(self, video: Path, licence: str, source: str) -> Told:
        """Return what is said of a video; `licence` and `source` hold where nothing else is said.

        The caption is empty where nobody says one and the name says nothing.

        Raises:
            InputError: what stands beside the video cannot be read.
        """
        place = video.resolve()
        said = [
            (record, by)
            for record, by in (
                (self._named.records.get(place), self._named.name),
                _beside(video),
                (self._own.records.get(place), self._own.name),
            )
            if record is not None
        ]
        caption, who = next(((r.caption, by) for r, by in said if r.caption.strip()), ("", ""))
        if not caption:
            caption, who = caption_of_name(video.stem), "its name"
        motions = next((r.motion for r, _ in said if r.motion), "")
        return Told(
            caption=" ".join(caption.split()),
            by=who if caption else "",
            licence=next((r.licence for r, _ in said if r.licence), licence),
            source=next((r.source for r, _ in said if r.source), source),
            motions=tuple(motion.strip() for motion in motions.split(";") if motion.strip()),
            place=next((r.place for r, _ in said if r.place), ""),
        )


@dataclass(frozen=True, slots=True)
class _List:
    """One list of captions: its name, and what it says of each video by the video's place."""

    name: str
    records: Mapping[Path, CaptionRecord]

    @classmethod
    def read(cls, path: Path | None) -> _List:
        if path is None:
            return cls("", {})
        try:
            records = _records(path)
        except (OSError, ValueError, RecursionError, csv.Error) as error:
            raise InputError(f"cannot read the captions in {path}: {_mistake(error)}") from error
        return cls(path.name, {(path.parent / r.file).resolve(): r for r in records})


def caption_of_name(stem: str) -> str:
    """Return a file's name as a caption: "a-fox_leaps-0042" -> "a fox leaps"; "" if it is none."""
    shorter = _COUNTERS.sub("", stem)
    while shorter != stem:
        stem, shorter = shorter, _COUNTERS.sub("", shorter)
    words = re.sub(r"[\s_\-.+]+", " ", stem).strip().split()
    speaks = any(_WORD.fullmatch(w) and not _NAMES_OF_MACHINES.fullmatch(w) for w in words)
    return " ".join(words) if speaks else ""


def _beside(video: Path) -> tuple[CaptionRecord | None, str]:
    """Return what stands in `walk.txt` (a caption) or `walk.json` (a record) beside `walk.mp4`.

    Raises:
        InputError: the file beside the video cannot be read.
    """
    text, record = video.with_suffix(".txt"), video.with_suffix(".json")
    try:
        if record.is_file():
            found = json.loads(record.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return _record({**found, "file": record.name}), record.name
        if text.is_file():
            caption = text.read_text(encoding="utf-8")
            return CaptionRecord(file=text.name, caption=caption), text.name
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"cannot read the caption beside {video}: {_mistake(error)}") from error
    return None, ""


def _records(path: Path) -> Sequence[CaptionRecord]:
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".csv":
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        found: object = [dict(row) for row in rows]
        if rows.fieldnames is None or not _column(rows.fieldnames, "file"):
            raise ValueError(f"its first line has no column {' or '.join(_COLUMNS['file'])}")
    elif path.suffix.lower() == ".jsonl":
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        found = json.loads(text)
        if isinstance(found, dict):
            found = [{"file": name, "caption": caption} for name, caption in found.items()]
    records = []
    for number, row in enumerate(TypeAdapter(list[dict[object, object]]).validate_python(found)):
        try:
            records.append(_record(row))
        except ValidationError as error:
            raise ValueError(f"entry {number}.{_mistake(error)}") from error
    return records


def _record(row: Mapping[object, object]) -> CaptionRecord:
    """Return the record of a row, whose columns may have any of their usual names."""
    names = [name for name in row if isinstance(name, str)]
    found = {field: row[column] for field in _COLUMNS if (column := _column(names, field))}
    return CaptionRecord.model_validate(
        {field: value for field, value in found.items() if value is not None}
    )


def _column(names: Iterable[str], field: str) -> str | None:
    folded = {name.strip().casefold(): name for name in names}
    return next((folded[name] for name in _COLUMNS[field] if name in folded), None)


def _mistake(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
