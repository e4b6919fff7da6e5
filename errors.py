"""Where something is in a story, what is wrong with it, and what stops the work.

A writer's mistakes are values (`Diagnostic`), collected and shown together; failures of the
world are exceptions (`DreamRunnerError` and its children) whose message says what happened,
with which value, and what to do. Only the command line prints and exits.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a story's text.

    `start` and `end` are offsets in code points, `end` exclusive; `line` and `column` count from 1.
    """

    file: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Severity(StrEnum):
    """How bad a diagnostic is: an error stops the work, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake of the writer's, at its place, with what to do about it.

    `code` is a stable name such as E142, whose letter is the severity and whose digits are the
    family. `help` is one sentence, or None where there is nothing useful to add.
    """

    code: str
    severity: Severity
    span: Span
    message: str
    help: str | None = None


class DreamRunnerError(Exception):
    """Something stopped the work; the message tells a writer what and what to do."""


class StoppedAtOnceError(KeyboardInterrupt):
    """The user interrupted twice: threads are still at work, and nobody shall wait for them."""


class StoryError(DreamRunnerError):
    """The story has errors. Carries every diagnostic of the run and the text they refer to."""

    def __init__(self, diagnostics: Sequence[Diagnostic], source: str = "") -> None:
        self.diagnostics = tuple(diagnostics)
        self.source = source
        errors = sum(d.severity is Severity.ERROR for d in self.diagnostics)
        super().__init__(f"the story has {errors} error{'s' * (errors != 1)}")


class InputError(DreamRunnerError):
    """A file that the user named is missing, unreadable or not what it should be."""


class OutputError(DreamRunnerError):
    """The place where results go cannot be written."""


class StoreError(DreamRunnerError):
    """The content-addressed store cannot be read or written (full, forbidden, corrupt)."""


def why_not_written(error: OSError) -> str:
    """Return what the system said of a file that could not be written, and what to do about it."""
    advice = {
        errno.ENOSPC: "free some space on the disk",
        errno.EDQUOT: "free some space of your share of the disk",
        errno.EFBIG: "the system allows no larger file here",
        errno.EISDIR: "a folder stands in its place; move it away",
        errno.ENOTDIR: "a file stands where its folder should be; move it away",
        errno.EACCES: "choose a folder in which you may write",
        errno.EPERM: "choose a folder in which you may write",
        errno.EROFS: "choose a folder on a disk that is not read-only",
        errno.ENAMETOOLONG: "choose a folder with a shorter path",
    }.get(error.errno or 0)
    said = error.strerror or str(error)
    return f"{said}; {advice}" if advice else said


class BusyError(DreamRunnerError):
    """Another process holds what this one needs."""


class WeightsError(DreamRunnerError):
    """A model's weights are missing or are not the ones expected."""


class EngineError(DreamRunnerError):
    """An engine cannot render what the plan asks for."""


class LibraryError(DreamRunnerError):
    """The motion library cannot be built or searched."""


class AdapterError(DreamRunnerError):
    """An adapter cannot be trained, loaded or applied."""


class TooFewClipsError(AdapterError):
    """There is too little to learn an adapter from; what needs it can be drawn without."""


class VideoError(DreamRunnerError):
    """A video file cannot be read or written."""


class SoundError(DreamRunnerError):
    """A sound cannot be read, written or spoken."""


class LanguageModelError(DreamRunnerError):
    """The language model cannot be used at all: its key, its name, its address."""


class NoAnswer(LanguageModelError):
    """One question got no answer: busy, too slow, broken, too long. Others may get theirs."""


class CassetteError(LanguageModelError):
    """A cassette cannot be read, or does not hold the answer that a replay needs."""


class BudgetError(DreamRunnerError):
    """The work would take more than the writer allows."""


class StoppedError(DreamRunnerError):
    """The user stopped the work before this part of it had begun."""


class FrozenError(DreamRunnerError):
    """A render that must not differ from its lock would, or does."""


class ClusterError(DreamRunnerError):
    """The cluster cannot be reached, has no worker, or works on something else."""


class WorkerLostError(DreamRunnerError):
    """One piece of work has lost every worker that had it; the others go on."""


class PageEditedError(DreamRunnerError):
    """The page was edited while its film was made; the work begins anew with what is finished."""


class UnansweredError(DreamRunnerError):
    """Nobody has said the word that the work waits for; it goes on from there."""


class ShotError(DreamRunnerError):
    """Shots could not be made; `shots` are their ids. What was finished is kept."""

    def __init__(self, shots: Sequence[str], message: str) -> None:
        self.shots = tuple(shots)
        super().__init__(message)
