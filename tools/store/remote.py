"""A URL -> the part of a store that several machines share, on any file system that fsspec knows.

    entries/ab/KEY.json   what a result consists of; it is there or it is not, never half
    blobs/cd/SHA256       the files, by their hashes: equal files, one blob; who writes it is alike
    leases/KEY/N          who makes a result now, see `Lease`
    latest/HASH.json      the recipe that a stage and a label had last

An entry is created after its blobs, and only where there is none: that is all which is asked of a
file system, and S3, Google's and Azure's stores, local disks and many others have it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from ...errors import OutputError, StoreError
from .output import file_hash, write_whole

# Errors of the libraries behind fsspec that are no OSError.
_FOREIGN = ("aiobotocore", "aiohttp", "azure", "botocore", "gcsfs", "google", "s3fs")
_OBJECT_STORES = {"abfs", "az", "gcs", "gs", "s3", "s3a"}
_PAUSES_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
# A lease whose holder has not moved for so long is taken over.
LEASE_S = 60.0


class DamagedBlobError(Exception):
    """A blob is gone, or its bytes are not those of its name."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the shared store: its size, and when it was written, in seconds since 1970."""

    size: int
    written_s: float


class Remote:
    """The files of a shared store."""

    def __init__(self, url: str) -> None:
        """Name a place; nothing is asked of it yet.

        Raises:
            StoreError: no file system is known for such a URL.
        """
        self.url = url.rstrip("/")
        try:
            # Any: fsspec says no types. What another machine has just written must be seen.
            found: tuple[Any, str] = fsspec.url_to_fs(self.url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise StoreError(f"no store can be at {url}: {error}") from error
        self._fs, self._root = found
        # In an object store a file appears whole; on a disk that takes a second step.
        self._on_disk = "file" in self._fs.protocol

    def entry(self, key: str) -> bytes | None:
        """Return what a result consists of; None where there is none."""
        return self._read(self._entry(key))

    def publish(self, key: str, entry: bytes) -> bool:
        """Let a result be there, whose blobs are; False where there is one already."""
        return self._create(self._entry(key), entry)

    def withdraw(self, key: str) -> None:
        """Let a result be there no more; its blobs stay until `gc`."""
        self._remove(self._entry(key))

    def keys(self) -> dict[str, Held]:
        """Return all keys."""
        return {
            name.rsplit("/", 1)[-1].removesuffix(".json"): held
            for name, held in self._listed("entries").items()
            if name.endswith(".json")
        }

    def put_blob(self, file: Path, sha256: str) -> None:
        """Write a file under its hash."""
        with self._asked():
            path = self._path("blobs", sha256[:2], sha256)
            self._make_room(path)
            if self._on_disk:
                write_whole(Path(path), lambda part: shutil.copyfile(file, part))
            else:
                self._fs.put_file(str(file), path)

    def get_blob(self, sha256: str, file: Path) -> None:
        """Read a blob into a file.

        Raises:
            DamagedBlobError: it is gone, or is not what it was.
        """
        with self._asked():
            try:
                self._fs.get_file(self._path("blobs", sha256[:2], sha256), str(file))
            except FileNotFoundError as error:
                raise DamagedBlobError("is gone") from error
        if file_hash(file) != sha256:
            raise DamagedBlobError("has changed")

    def blobs(self) -> dict[str, Held]:
        """Return all blobs by their hashes."""
        found = self._listed("blobs").items()
        return {name.rsplit("/", 1)[-1]: held for name, held in found}

    def remove_blob(self, sha256: str) -> None:
        self._remove(self._path("blobs", sha256[:2], sha256))

    def latest(self, name: str) -> bytes | None:
        """Return a recipe that was used last."""
        return self._read(self._path("latest", name))

    def put_latest(self, name: str, recipe: bytes) -> None:
        self._write(self._path("latest", name), recipe)

    def leases(self, key: str) -> dict[int, bytes]:
        """Return the leases on a key, by their numbers."""
        found: dict[int, bytes] = {}
        for name in self._listed(f"leases/{key}"):
            number = name.rsplit("/", 1)[-1]
            if number.isdecimal() and (data := self._read(name)) is not None:
                found[int(number)] = data
        return found

    def create_lease(self, key: str, number: int, data: bytes) -> bool:
        """Have the lease of a number; False where somebody has it."""
        return self._create(self._path("leases", key, str(number)), data)

    def write_lease(self, key: str, number: int, data: bytes) -> None:
        self._write(self._path("leases", key, str(number)), data)

    def remove_lease(self, key: str, number: int) -> None:
        self._remove(self._path("leases", key, str(number)))

    def _make_room(self, path: str) -> None:
        """Make the folder of a file; an object store has none, and would make a bucket."""
        protocol = self._fs.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        if names.isdisjoint(_OBJECT_STORES):
            self._fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)

    def _entry(self, key: str) -> str:
        return self._path("entries", key[:2], f"{key}.json")

    def _path(self, *parts: str) -> str:
        return "/".join((self._root, *parts))

    def _read(self, path: str) -> bytes | None:
        with self._asked():
            try:
                return bytes(self._fs.cat_file(path))
            except FileNotFoundError:
                return None

    def _write(self, path: str, data: bytes) -> None:
        with self._asked():
            self._make_room(path)
            if self._on_disk:
                write_whole(Path(path), lambda part: part.write_bytes(data))
            else:
                self._fs.pipe_file(path, data)

    def _create(self, path: str, data: bytes) -> bool:
        with self._asked():
            self._make_room(path)
            try:
                if self._on_disk:
                    _linked(Path(path), data)
                else:
                    self._fs.pipe_file(path, data, mode="create")
            except FileExistsError:
                return False
            return True

    def _remove(self, path: str) -> None:
        with self._asked(), suppress(FileNotFoundError):
            self._fs.rm_file(path)

    def _listed(self, folder: str) -> dict[str, Held]:
        with self._asked():
            try:
                found = self._fs.find(self._path(folder), detail=True)
            except FileNotFoundError:
                return {}
        return {name: Held(int(one["size"] or 0), _written_s(one)) for name, one in found.items()}

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Turn what a file system refuses into a StoreError that says what to do."""
        try:
            yield
        except (StoreError, DamagedBlobError, OutputError):
            raise
        except Exception as error:
            foreign = type(error).__module__.split(".")[0] in _FOREIGN
            if not foreign and not isinstance(error, OSError):
                raise
            advice = "is it the right address, and may you write there?"
            if getattr(error, "errno", None) == errno.ENOSPC:
                advice = "free some space there"
            raise StoreError(f"cannot use the store at {self.url} ({error}): {advice}") from error


def _linked(path: Path, data: bytes) -> None:
    """Make a file with its content in one step, where there is none."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        part.write_bytes(data)
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def _written_s(found: dict[str, Any]) -> float:  # Any: what each file system calls it
    when = found.get("LastModified") or found.get("mtime") or found.get("created") or 0.0
    if hasattr(when, "timestamp"):
        return float(when.timestamp())
    return float(when) if isinstance(when, int | float) else 0.0


class Lease:
    """The right of one machine to make a result, until it is done or has not moved for long.

    Each lease on a key has a number; the highest holds. It is created only where there is none of
    that number, so one of two wins. Its holder rewrites it again and again; whoever waits looks
    whether it moves by a clock of his own, so that clocks need not agree. `owner` is a name of the
    folder in which the holder has the key's lock too: who has that lock and finds a lease of the
    same owner knows that its holder was killed.
    """

    def __init__(
        self, remote: Remote, key: str, owner: str, *, who: str, still_s: float = LEASE_S
    ) -> None:
        self._remote, self._key, self._owner, self._who = remote, key, owner, who
        self._still_s = still_s
        self._id = uuid.uuid4().hex
        self._number = 0
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._move, name=f"lease {key[:8]}", daemon=True)

    def take(self, on_wait: Callable[[str], None] | None = None) -> None:
        """Wait for the right, and have it; `on_wait` is told once who has it meanwhile."""
        seen, since = b"", time.monotonic()
        pauses = iter(_PAUSES_S)
        told = False
        while True:
            leases = self._remote.leases(self._key)
            top = max(leases, default=0)
            holder = _holder(leases.get(top, b""))
            if leases.get(top, b"") != seen:
                seen, since = leases.get(top, b""), time.monotonic()
            still = time.monotonic() - since > self._still_s
            if not top or holder.get("owner") == self._owner or still:
                if self._remote.create_lease(self._key, top + 1, self._data(0)):
                    self._number = top + 1
                    break
                continue
            if on_wait is not None and not told:
                on_wait(str(holder.get("who", "another machine")))
                told = True
            time.sleep(next(pauses, _PAUSES_S[-1]))
        for number in leases:
            self._remote.remove_lease(self._key, number)
        self._beat.start()

    def release(self) -> None:
        """Give the right back."""
        self._ended.set()
        self._beat.join()
        with suppress(StoreError):  # it is taken over when it has not moved for long
            self._remote.remove_lease(self._key, self._number)

    def _move(self) -> None:
        beats = 0
        while not self._ended.wait(self._still_s / 4):
            beats += 1
            with suppress(StoreError):  # the next one may be written
                self._remote.write_lease(self._key, self._number, self._data(beats))

    def _data(self, beats: int) -> bytes:
        said = {"owner": self._owner, "who": self._who, "id": self._id, "beats": beats}
        return json.dumps(said).encode("utf-8")


def _holder(data: bytes) -> dict[str, Any]:  # Any: as JSON comes back
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def place_name(url: str) -> str:
    """Return the name of the folder in which a machine keeps what it has of a shared store."""
    return hashlib.sha256(url.rstrip("/").encode("utf-8")).hexdigest()[:16]
