"""What a run does, as it does it -> `run.json`: a true account at every moment, even of a crash.

The file is written anew after every finished stage, under a temporary name and renamed, so that
a reader never sees half of it and a killed run leaves "running" with all that was finished.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from ..film import Film, Retrieval, StageRecord, Take
from .output import write_whole
from .recipe import JSON


class Ledger:
    """The account of one run. Safe to write from the threads of several shots."""

    def __init__(self, path: Path, header: Mapping[str, JSON]) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._header = dict(header)
        self._status = "running"
        self._error: str | None = None
        self._stages: list[StageRecord] = []
        self._retrievals: dict[str, Retrieval] = {}
        self._takes: tuple[Take, ...] = ()
        self._film: Film | None = None
        self._notes: list[str] = []
        self._started = _now()
        self._write()

    @property
    def stages(self) -> tuple[StageRecord, ...]:
        with self._lock:
            return tuple(self._stages)

    @property
    def retrievals(self) -> tuple[Retrieval, ...]:
        with self._lock:
            return tuple(self._retrievals.values())

    @property
    def notes(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._notes)

    def describe(self, **fields: JSON) -> None:
        """Add to what is said about the whole run, such as who directed it."""
        with self._lock:
            self._header.update(fields)
            self._write()

    def add_stage(self, record: StageRecord) -> None:
        with self._lock:
            self._stages.append(record)
            self._write()

    def add_retrieval(self, retrieval: Retrieval) -> None:
        with self._lock:
            self._retrievals[retrieval.motion] = retrieval
            self._write()

    def add_note(self, text: str) -> None:
        with self._lock:
            if text not in self._notes:
                self._notes.append(text)
                self._write()

    def finish(self, film: Film) -> None:
        """Write that the film is done, with every take that led to it."""
        with self._lock:
            self._status, self._film, self._takes = "done", film, film.takes
            self._write()

    def fail(self, reason: str) -> None:
        """Write that the run ended without a film; what was finished stays in the account."""
        with self._lock:
            self._status, self._error = "failed", reason
            self._write()

    def _write(self) -> None:
        clips = [(r.motion, clip) for r in self._retrievals.values() for clip in r.clips]
        account: dict[str, JSON] = {
            "status": self._status,
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
            "takes": [take.model_dump(mode="json") for take in self._takes],
            "film": self._film.model_dump(mode="json", exclude={"takes"}) if self._film else None,
        }
        text = json.dumps(account, indent=2, ensure_ascii=False) + "\n"
        write_whole(self._path, lambda part: part.write_text(text, encoding="utf-8"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
