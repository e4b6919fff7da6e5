"""What a run does, as it does it -> `run.json`: a true account at every moment, even of a crash.

The account is written whole when a run begins and when it ends, under a temporary name and renamed.
In between each stage, take and note is one line that is appended to the journal `run.jsonl`, so
that a film of many shots costs no more a shot than a short one. A killed run leaves both, and
`film.read_account` reads them as one. Its status is then still "running"; that of a run which its
user stopped is "stopped", and "failed" where an error ended it.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from ...dsl import diagnostic_records
from ...errors import Diagnostic, OutputError, why_not_written
from ...film import Adapter, Film, Retrieval, StageRecord, Take, journal_of, read_account
from ..store.output import write_whole
from ..store.recipe import JSON

log = logging.getLogger(__name__)


class Ledger:
    """The account of one run, open while it goes on. Shots may write to it from their threads."""

    def __init__(self, path: Path, header: Mapping[str, JSON]) -> None:
        self._path = path
        self._id = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._header = dict(header)
        self._status = "running"
        self._error: str | None = None
        self._stages: list[StageRecord] = []
        self._retrievals: tuple[Retrieval, ...] = ()
        self._adapters: tuple[Adapter, ...] = ()
        self._takes: list[Take] = []
        self._film: Film | None = None
        self._diagnostics: tuple[Diagnostic, ...] = ()
        self._notes: list[str] = []
        self._started = _now()
        self._stopped = _stages_of_stopped_run(path)
        self._write()
        opening = json.dumps(self._account(), ensure_ascii=False) + "\n"
        write_whole(journal_of(path), lambda part: part.write_text(opening, encoding="utf-8"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write why there is no film; what was finished stays in the account."""
        if error is None:
            return
        with self._lock, suppress(OutputError):  # The error on its way is the one to hear of.
            if isinstance(error, KeyboardInterrupt):
                self._status = "stopped"
            else:
                self._status = "failed"
                self._error = str(error) or type(error).__name__
            self._end()

    @property
    def stages(self) -> tuple[StageRecord, ...]:
        with self._lock:
            return tuple(self._stages)

    @property
    def takes(self) -> tuple[Take, ...]:
        """Every take judged in this run so far."""
        with self._lock:
            return tuple(self._takes)

    @property
    def notes(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._notes)

    def add_stage(self, record: StageRecord) -> None:
        with self._lock:
            self._stages.append(record)
            self._append("stages", record.model_dump(mode="json"))

    def add_take(self, take: Take) -> None:
        with self._lock:
            self._takes.append(take)
            self._append("takes", take.model_dump(mode="json"))

    def add_note(self, text: str) -> None:
        with self._lock:
            if text not in self._notes:
                self._notes.append(text)
                self._append("notes", text)

    def finish(
        self,
        film: Film,
        retrievals: Sequence[Retrieval],
        adapters: Sequence[Adapter] = (),
        *,
        resumed: bool,
        diagnostics: Sequence[Diagnostic] = (),
    ) -> None:
        """Write that the film is done, with every take, clip and adapter that led to it.

        A run that went on where another was stopped takes over the stages of that one.
        `diagnostics` are what is wrong with the story and what of it the film lacks.
        """
        with self._lock:
            self._status, self._film, self._takes = "done", film, list(film.takes)
            self._diagnostics = tuple(diagnostics)
            self._retrievals, self._adapters = tuple(retrievals), tuple(adapters)
            if resumed:
                done = {(record.stage, record.shot, record.key) for record in self._stages}
                before = [r for r in self._stopped if (r.stage, r.shot, r.key) not in done]
                kept = [record.model_copy(update={"cached": True}) for record in before]
                self._stages = kept + self._stages
            self._end()

    def _append(self, name: str, item: JSON) -> None:
        """Add an item to one of the account's lists, on the disk too."""
        if self._status != "running":
            self._write()
            return
        path = journal_of(self._path)
        line = json.dumps({name: item}, ensure_ascii=False) + "\n"
        try:
            with path.open("a", encoding="utf-8") as journal:
                journal.write(line)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {why_not_written(error)}") from error

    def _end(self) -> None:
        """Write the account of a run that is over; its journal has nothing to add any more."""
        self._write()
        with suppress(OSError):  # It is not read: the account says that the run is over.
            journal_of(self._path).unlink()

    def _write(self) -> None:
        text = json.dumps(self._account(), indent=2, ensure_ascii=False) + "\n"
        write_whole(self._path, lambda part: part.write_text(text, encoding="utf-8"))

    def _account(self) -> dict[str, JSON]:
        clips = [(r.motion, clip) for r in self._retrievals for clip in r.clips]
        return {
            "status": self._status,
            "run": self._id,
            **self._header,
            "started": self._started,
            "updated": _now(),
            "seconds": round(time.monotonic() - self._began, 3),
            "error": self._error,
            "notes": list(self._notes),
            "stages": [record.model_dump(mode="json") for record in self._stages],
            "retrieved": [
                {**c.model_dump(mode="json"), "for": motion} for motion, c in clips if c.kept
            ],
            "rejected": [
                {**c.model_dump(mode="json"), "for": motion} for motion, c in clips if not c.kept
            ],
            "adapters": [
                a.model_dump(mode="json", exclude={"path", "strip"}) for a in self._adapters
            ],
            "diagnostics": cast(  # a record is plain values
                list[JSON], diagnostic_records(self._diagnostics)
            ),
            "takes": [take.model_dump(mode="json") for take in self._takes],
            "film": self._film.model_dump(mode="json", exclude={"takes"}) if self._film else None,
        }


def _stages_of_stopped_run(path: Path) -> tuple[StageRecord, ...]:
    """Return the stages of the run before this one if it ended without a film, else none."""
    try:
        account = read_account(path)
        if account["status"] == "done":
            return ()
        return tuple(StageRecord.model_validate(record) for record in account["stages"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s is no account of a run (%s); written anew", path, error)
        return ()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
