"""A file -> its place in a folder, whole or not at all, and its hash."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ...errors import OutputError, why_not_written


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside `path`, then put it in its place in one step.

    Raises:
        OutputError: the file cannot be written; what was at `path` is still there.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {why_not_written(error)}") from error
    finally:
        with suppress(OSError):  # What went wrong first is what the user shall hear of.
            part.unlink()


def clear(path: Path) -> None:
    """Remove a file of the output if it is there.

    Raises:
        OutputError: it cannot be removed, as where a folder stands in its place.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        # Some systems call the removal of a folder by this name not permitted.
        known = IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        said = why_not_written(known if path.is_dir() else error)
        raise OutputError(f"cannot remove {path}: {said}") from error


def file_hash(path: Path) -> str:
    """Return the sha256 of a file as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
