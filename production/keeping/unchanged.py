"""A finished film + all that it was made from -> whether anything of it has changed since.

A render that made everything writes `.fresh.json` beside its film: the hashes of the story's files,
the settings, the signatures of the program's own files and of all that was written. Where every one
of them is as it was, the film of before is the answer and nothing is imported, drawn or written. In
any doubt there is no record, and the render looks at every stage.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import Diagnostic, OutputError, Severity, Span
from ...film import Film, Measurement, StageRecord, film_name
from ...plan import Assertion
from ...tools.sound.choice import who_is_here
from .outcome import RenderResult, UnmetAssertion

if TYPE_CHECKING:
    from ...dsl import ParsedStory
    from ..settings import Settings

RECORD = ".fresh.json"
_VERSION = 1
# What the program consists of, beside the modules at its root: code, grammar, weights.
_PARTS = ("agents", "commands", "dsl", "engine", "production", "tools")
# The families whose weights are part of the program, so that their files are looked at.
_OWN = ("animatic", "storybook")
# Disks count time in steps: a file written less than this before a look may change unseen.
_STEP_NS = 20_000_000


class UnchangedFilm:
    """A film that nothing has changed of, as the record beside it says."""

    def __init__(self, result: RenderResult, record: Mapping[str, Any]) -> None:
        self.result = result
        self._record = record

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings of the story."""
        return _diagnostics(self._record["warnings"])

    @property
    def stages(self) -> tuple[StageRecord, ...]:
        """The stages of the film, each kept from before."""
        return tuple(
            StageRecord.model_validate({**stage, "cached": True, "note": ""})
            for stage in self._record["stages"]
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of the run that made the film."""
        return tuple(self._record["notes"])


def unchanged_film(path: Path, settings: Settings) -> UnchangedFilm | None:
    """Return the film of a story if nothing has changed since it was made, else None."""
    folder = settings.out / film_name(path)
    try:
        record = json.loads((folder / RECORD).read_bytes())
        if record["made_of"] != _made_of(path, settings, record["made_of"]["story"]):
            return None
        if any(_signature(Path(name)) != seen for name, seen in record["written"].items()):
            return None
        return UnchangedFilm(_result(folder, record), record)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # no record, or none of this version's: the render looks for itself


def forget(folder: Path) -> None:
    """Remove the record of a folder, before anything in it is written."""
    from ...tools.store.output import clear

    clear(folder / RECORD)


def remember(
    path: Path,
    settings: Settings,
    parsed: ParsedStory,
    result: RenderResult,
    *,
    stages: Sequence[StageRecord],
    notes: Sequence[str],
    began_ns: int,
) -> None:
    """Write down what a finished film was made from, where all of that is known.

    Args:
        began_ns: the time before the story was read: what has changed since is not what was read.
    """
    from ...dsl import used_files
    from ...tools.store.output import write_whole

    if settings.engine not in _OWN or settings.llm is not None or settings.weights is not None:
        return  # what a model answers, and weights elsewhere, are looked at by their own stages
    if str(settings.lossy) or settings.clips or settings.qdrant or _names_files(parsed.story):
        return
    story = (path.resolve(), *sorted(used_files(path)))
    if any(_changed_ns(file) > began_ns - _STEP_NS for file in (*story, *_inputs(settings))):
        return
    written = [file for file in result.folder.rglob("*") if _is_output(file, result.folder)]
    written += [Path(take.clip.path) for take in result.film.takes]
    record = {
        "made_of": _made_of(path, settings, {str(file): "" for file in story}),
        "written": {str(file): _signature(file) for file in written},
        "result": {
            "film": result.film.model_dump(mode="json"),
            "engine": result.engine,
            "unmet": [
                {
                    "shot": unmet.shot,
                    "wanted": unmet.wanted.model_dump(mode="json"),
                    "found": unmet.found.model_dump(mode="json"),
                }
                for unmet in result.unmet
            ],
            "strict": result.strict,
            "shortfalls": [asdict(one) for one in result.shortfalls],
            "diagnostics": [asdict(one) for one in result.diagnostics],
            "source": result.source,
            "changed": list(result.changed),
            "story": result.story,
        },
        "warnings": [asdict(one) for one in parsed.warnings],
        "stages": [stage.model_dump(mode="json") for stage in stages],
        "notes": list(notes),
    }
    text = json.dumps(record, allow_nan=False)
    with suppress(OutputError):  # without a record the next render looks for itself
        write_whole(result.folder / RECORD, lambda part: part.write_text(text, encoding="utf-8"))


def _made_of(path: Path, settings: Settings, story: Iterable[str]) -> dict[str, Any]:
    """Return what a film is made from; `story` are the files of the story, by their whole paths."""
    program = hashlib.sha256()
    for file in _inputs(settings):
        program.update(f"{file} {_signature(file)}\n".encode("utf-8", "surrogateescape"))
    return {
        "version": _VERSION,
        "path": [os.getcwd(), str(path), str(path.resolve())],
        "story": {name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in story},
        "settings": repr(settings),
        "voices": who_is_here() if settings.voice else [],
        "takes": _signature(settings.out / film_name(path) / "takes.json"),
        "python": sys.version,
        "program": program.hexdigest(),
    }


def _inputs(settings: Settings) -> list[Path]:
    """Return the program's own files, and the list of the library's clips if there is one."""
    root = Path(__file__).parents[2]
    found = list(root.glob("*.py"))
    for part in _PARTS:
        for folder, folders, names in os.walk(root / part):
            folders[:] = [name for name in folders if name != "__pycache__"]
            found += [Path(folder, name) for name in names]
    return [*sorted(found), settings.library / "library.json"]


def _signature(file: Path) -> list[int] | None:
    """Return what tells a file from a changed one; None where it is not there."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _changed_ns(file: Path) -> int:
    seen = _signature(file)
    return max(seen[1:]) if seen else 0


def _is_output(file: Path, folder: Path) -> bool:
    """Say whether a file is for the reader: hidden ones are the program's own notes."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.is_file() and not hidden


def _names_files(value: object) -> bool:
    """Say whether a story names files beside those of its text: pictures, sounds, adapters."""
    from ...story import LoraReference, Reference, Sound

    if isinstance(value, Reference | LoraReference | Sound):
        return True
    if isinstance(value, tuple):
        return any(map(_names_files, value))
    if is_dataclass(value):
        return any(_names_files(getattr(value, field.name)) for field in fields(value))
    return False


def _result(folder: Path, record: Mapping[str, Any]) -> RenderResult:
    made = record["result"]
    return RenderResult(
        film=Film.model_validate(made["film"]),
        engine=made["engine"],
        folder=folder,
        unmet=tuple(
            UnmetAssertion(
                unmet["shot"],
                Assertion.model_validate(unmet["wanted"]),
                Measurement.model_validate(unmet["found"]),
            )
            for unmet in made["unmet"]
        ),
        strict=made["strict"],
        shortfalls=_diagnostics(made["shortfalls"]),
        diagnostics=_diagnostics(made["diagnostics"]),
        source=made["source"],
        changed=tuple(made["changed"]),
        story=made["story"],
    )


def _diagnostics(values: Iterable[Mapping[str, Any]]) -> tuple[Diagnostic, ...]:
    return tuple(
        Diagnostic(
            **{**value, "severity": Severity(value["severity"]), "span": Span(**value["span"])}
        )
        for value in values
    )
