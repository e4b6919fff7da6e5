"""A library's folder -> one process at a time, each waiting its turn.

The embedded Qdrant lets one process in and turns the others away at once. Two renders shall both
finish, so whoever builds, indexes or searches waits here first, for as short as its work takes.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import BusyError
from .records import cannot_write

_PAUSE_S = 0.05


@contextmanager
def turn(folder: Path, wait_s: float) -> Iterator[None]:
    """Be the only one to use a library's folder; the system ends the turn of a killed process.

    The lock's file stays behind: removing it would let two waiting processes lock two files.

    Raises:
        BusyError: others kept the folder for `wait_s` seconds.
        LibraryError: the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        _take(descriptor, folder, wait_s)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path, wait_s: float) -> None:
    end = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= end:
                raise BusyError(
                    f"the motion library in {folder} has been in use by another process for "
                    f"{wait_s:g} s; wait for it, or stop it"
                ) from error
            time.sleep(_PAUSE_S)
        else:
            return
