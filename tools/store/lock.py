"""A path -> the right of one process to do something there, until it is done or killed.

One lock serves three owners: a render's output folder, a library's folder, and the making of one
result of the store. The system frees the lock of a process that ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ...errors import BusyError, OutputError

_PAUSE_S = 0.05


class HeldError(Exception):
    """Another process holds the lock; `holder` is its number, or words where it is not known."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"process {holder} holds the lock")
        self.holder = holder


class FileLock:
    """An exclusive lock: one thread of one process has it at a time.

    The file is removed when the lock is released. A process that has locked a file therefore checks
    that this file is still the one at `path`: two processes could lock two files otherwise.
    """

    def __init__(
        self,
        path: Path,
        *,
        wait_s: float | None = 0.0,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        """Name a lock.

        Args:
            wait_s: how long to wait for another holder; None waits until it is done.
            on_wait: called once with the holder, before the waiting begins.
        """
        self._path = path
        self._wait_s = wait_s
        self._on_wait = on_wait
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            HeldError: somebody else held it for `wait_s` seconds.
            OSError: the file cannot be made or locked.
        """
        began, waits = time.monotonic(), False
        while (descriptor := self._try()) is None:
            if self._wait_s is not None and time.monotonic() - began >= self._wait_s:
                raise HeldError(self._holder())
            if not waits and self._on_wait is not None:
                self._on_wait(self._holder())
            waits = True
            time.sleep(_PAUSE_S)
        self._descriptor = descriptor

    def release(self) -> None:
        """Release the lock."""
        if self._descriptor is not None:
            with suppress(OSError):  # An empty file left behind harms nobody.
                self._path.unlink()  # while it is still locked: see the class
            os.close(self._descriptor)
            self._descriptor = None

    def _try(self) -> int | None:
        """Return the descriptor of the locked file; None where somebody else holds it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._is_at_path(descriptor):
                    os.truncate(descriptor, 0)
                    os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
                    return descriptor
            except BlockingIOError:
                os.close(descriptor)
                return None
            except OSError:
                os.close(descriptor)
                raise
            os.close(descriptor)

    def _is_at_path(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False

    def _holder(self) -> str:
        try:
            return self._path.read_text("ascii").strip() or "(starting)"
        except (OSError, ValueError):
            return "(ending)"


class RunLock:
    """Held by `with RunLock(folder):`: the right to be the only render that writes there."""

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)
        self._lock = FileLock(self._folder / ".render.lock")

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            BusyError: another process holds it.
            OutputError: the folder cannot be made or written.
        """
        try:
            self._lock.take()
        except HeldError as error:
            raise BusyError(
                f"process {error.holder} is rendering into {self._folder}; "
                "wait for it, stop it, or choose another folder with -o"
            ) from error
        except OSError as error:
            raise OutputError(f"cannot write in {self._folder}: {error.strerror}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()
