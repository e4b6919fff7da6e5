"""Results of stages <-> a content-addressed folder: what is there need not be made again.

An entry is a folder `ab/<key>/` of files with an `entry.json` that lists their sizes and hashes
and the recipe they were made from. It is made under a temporary name beside the entries and
renamed, so nobody ever sees half of one, and of two writers of one key both succeed. An entry
that no longer is what was written is moved aside and counts as absent.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ...errors import StoreError
from .freshness import explain_difference
from .lock import FileLock, RunLock
from .output import file_hash
from .recipe import JSON, Recipe, canonical_json, stage_key

__all__ = ["Freshness", "Recipe", "RunLock", "Store", "explain_difference", "stage_key"]

log = logging.getLogger(__name__)

_STALE_S = 24 * 3600.0
_SETTLED_S = 1.0
ENTRY = "entry.json"
_VALUE = "value.json"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether a recipe's result is there, and where not, why the one before does not do."""

    key: str
    cached: bool
    reasons: tuple[str, ...] = ()


class Store:
    """Results by key under a root folder, which is made by the first write."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._swept = False
        self._hashes: dict[Path, tuple[tuple[int, ...], str]] = {}

    @property
    def place(self) -> str:
        """Where the store is, in messages."""
        return str(self.root)

    def offer(self, key: str) -> None:
        """See to it that others have what this machine has of a key: here there are none."""

    def get_json(self, key: str) -> JSON:
        """Return the value stored under a key; None where there is none."""
        folder = self.get_dir(key)
        if folder is None:
            return None
        with _failing_as_store_error(folder):
            # The file's hash has just been found to be the one that was written.
            return cast("JSON", json.loads((folder / _VALUE).read_bytes()))

    def put_json(self, key: str, value: JSON, *, recipe: Recipe | None = None) -> None:
        """Store a value under a key; an entry that is there already is left as it is."""
        data = canonical_json(value)
        self.put_dir(key, lambda folder: (folder / _VALUE).write_bytes(data), recipe=recipe)

    def get_dir(self, key: str) -> Path | None:
        """Return the folder of a key's files, checked to be as they were written, or None."""
        return self._find(key)[0]

    def _find(self, key: str) -> tuple[Path | None, str]:
        """Return a key's folder, or None and what is wrong with the entry that was there."""
        return self.found_here(key)

    def found_here(self, key: str) -> tuple[Path | None, str]:
        """Return the same, looking nowhere but on this machine."""
        folder = self._folder(key)
        with _failing_as_store_error(folder):
            try:
                folder.stat()
            except (FileNotFoundError, NotADirectoryError):
                return None, ""
            damage = self._damage(folder, key)
            if damage is None:
                return folder, ""
            aside = self.root / "broken" / f"{key}-{uuid.uuid4().hex[:8]}"
            log.warning("%s in the store is broken (%s); moved to %s", key, damage, aside)
            aside.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # Another process may have moved it too.
                folder.rename(aside)
            return None, f"it was damaged in the store: {damage}"

    def _damage(self, folder: Path, key: str) -> str | None:
        """Return what of an entry is not as it was written, or None where it is sound."""
        try:
            entry = json.loads((folder / ENTRY).read_bytes())
            if entry["key"] != key:
                return f"{ENTRY} is that of another key"
            for name, written in entry["files"].items():
                path = folder / name
                size = path.stat().st_size
                if size != written["size"] or self._hash_of(path) != written["sha256"]:
                    return f"{name} has changed"
        except FileNotFoundError as error:
            return f"{Path(error.filename).name} is missing"
        except (IsADirectoryError, NotADirectoryError) as error:
            return f"{Path(error.filename).name} is no file"
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return f"{ENTRY} is no list of files: {error}"
        return None

    def _hash_of(self, path: Path) -> str:
        """Return a file's hash; read once as long as the file stays the same by its status."""
        status = path.stat()
        seen = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = self._hashes.get(path)
        if known is not None and known[0] == seen:
            return known[1]
        found = file_hash(path)
        # Disks count time in steps: two writes right after one another may carry the same time.
        if time.time() - status.st_ctime > _SETTLED_S:
            self._hashes[path] = (seen, found)
        return found

    def put_file(
        self, key: str, name: str, writer: Callable[[Path], object], *, recipe: Recipe | None = None
    ) -> Path:
        """Store the one file that `writer` writes to the path it is given; return where it is."""
        if not name or Path(name).name != name or name == ENTRY:
            raise ValueError(f"{name!r} cannot be the name of a file in the store")
        return self.put_dir(key, lambda folder: writer(folder / name), recipe=recipe) / name

    def put_dir(
        self, key: str, writer: Callable[[Path], object], *, recipe: Recipe | None = None
    ) -> Path:
        """Store the files that `writer` writes into the empty folder it is given.

        Returns:
            The entry's folder; that of an equal entry where another writer was faster.

        Raises:
            StoreError: the store cannot be written. What `writer` raises passes through.
        """
        folder, part = self._folder(key), self.root / "part" / f"{key}-{uuid.uuid4().hex}"
        with _failing_as_store_error(folder):
            self._sweep()
            try:
                part.mkdir(parents=True)
                writer(part)
                _seal(part, key, recipe)
                self._share(part, key)
                self._place(part, key)
            finally:
                shutil.rmtree(part, ignore_errors=True)
            if recipe is not None:
                self._remember(recipe)
        return folder

    @contextmanager
    def making(self, key: str, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the right to make a key's result, in one process at a time; wait for another maker.

        Ask for the key again inside: another process may have made it while this one waited. The
        system frees the right of a process that is killed.

        Args:
            on_wait: called with who is making the result, such as "process 12".
        """
        path = self.root / "locks" / self._folder(key).name
        tell = None if on_wait is None else lambda holder: on_wait(f"process {holder}")
        lock = FileLock(path, wait_s=None, on_wait=tell)
        with _failing_as_store_error(path):
            lock.take()
        try:
            yield
        finally:
            lock.release()

    def look_up(self, recipe: Recipe) -> Freshness:
        """Say whether a recipe's result is there, and remember that it was asked for."""
        found = self.freshness(recipe)
        if found.cached:
            try:
                self._remember(recipe)
                os.utime(self._folder(recipe.key))  # what is used is not swept
            except OSError as error:
                # What lies in a store that cannot be written can still be used.
                log.info("%s does not remember %r: %s", self.root, recipe.label, error)
        return found

    def freshness(self, recipe: Recipe) -> Freshness:
        """Say whether a recipe's result is there; where not, why it must be made (again)."""
        folder, damage = self._find(recipe.key)
        if folder is not None:
            return Freshness(recipe.key, cached=True)
        if damage:
            return Freshness(recipe.key, cached=False, reasons=(damage,))
        before = self.latest(recipe.stage, recipe.label)
        if before is None:
            return Freshness(recipe.key, cached=False, reasons=("made for the first time",))
        if before.key == recipe.key:
            return Freshness(recipe.key, cached=False, reasons=("it is gone from the store",))
        reasons = explain_difference(before.inputs, recipe.inputs)
        if before.version != recipe.version:
            reasons = [f"{recipe.stage} works differently in this version", *reasons]
        # Where a line stands is never a difference of its own.
        reasons = reasons or ["lines have moved"]
        return Freshness(recipe.key, cached=False, reasons=tuple(reasons))

    def latest(self, stage: str, label: str) -> Recipe | None:
        """Return the recipe last used for a stage and a label, or None if there was none."""
        path = self._latest_path(stage, label)
        with _failing_as_store_error(path):
            try:
                found = json.loads(path.read_bytes())
                return Recipe(found["stage"], found["version"], found["inputs"], found["label"])
            except FileNotFoundError:
                return None
            except (ValueError, KeyError, TypeError, IsADirectoryError) as error:
                log.warning("%s is broken (%s); ignored", path, error)
                return None

    def keys_of(self, stage: str) -> Iterator[str]:
        """Yield the keys of a stage's results, in the order of their keys."""
        for folder in sorted(self.root.glob("??/*")):
            try:
                recipe = json.loads((folder / ENTRY).read_bytes())["recipe"]
                if recipe["stage"] == stage:
                    yield folder.name
            except (OSError, ValueError, KeyError, TypeError):
                continue  # whoever asks for it by its key hears of the damage

    def remove(self, key: str) -> None:
        """Remove a key's files, if there are any."""
        self.remove_here(key)

    def remove_here(self, key: str) -> None:
        """Remove what this machine has of a key."""
        folder = self._folder(key)
        with _failing_as_store_error(folder):
            aside = self.root / "part" / f"{key}-{uuid.uuid4().hex[:8]}"
            aside.parent.mkdir(parents=True, exist_ok=True)
            try:
                folder.rename(aside)
            except FileNotFoundError:
                return
            shutil.rmtree(aside)

    def _folder(self, key: str) -> Path:
        if len(key) < 8 or not key.isalnum():
            raise ValueError(f"{key!r} is no key of the store")
        return self.root / key[:2] / key

    def _latest_path(self, stage: str, label: str) -> Path:
        name = hashlib.sha256(canonical_json([stage, label])).hexdigest()
        return self.root / "latest" / f"{name}.json"

    def _remember(self, recipe: Recipe) -> None:
        path = self._latest_path(recipe.stage, recipe.label)
        part = self.root / "part" / uuid.uuid4().hex
        path.parent.mkdir(parents=True, exist_ok=True)
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(canonical_json(recipe.as_json()))
        try:
            part.replace(path)
        except IsADirectoryError:  # damage, as a broken file there would be
            shutil.rmtree(path)
            part.replace(path)

    def _share(self, part: Path, key: str) -> None:
        """Let others have a sealed folder, before it counts as made: here there are none."""

    def _place(self, part: Path, key: str) -> None:
        """Rename a sealed folder to its place, unless a sound entry has taken it meanwhile."""
        folder = self._folder(key)
        folder.parent.mkdir(parents=True, exist_ok=True)
        while self.found_here(key)[0] is None:
            try:
                part.rename(folder)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
            else:
                _sync(folder.parent)
                return

    def _sweep(self) -> None:
        """Remove what killed processes left more than a day ago; once for each Store."""
        if self._swept:
            return
        self._swept = True
        for left in _children(self.root / "part"):
            try:
                newest = max(path.stat().st_mtime for path in (left, *left.rglob("*")))
            except FileNotFoundError:
                continue  # Its process has just finished, or another one is sweeping too.
            if time.time() - newest < _STALE_S:
                continue
            log.info("removing %s, left behind by an earlier run", left)
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _seal(part: Path, key: str, recipe: Recipe | None) -> None:
    """Write down what the folder holds, last, and bring it all to the disk."""
    files: dict[str, JSON] = {}
    for path in sorted(path for path in part.rglob("*") if path.is_file()):
        files[path.relative_to(part).as_posix()] = {
            "size": path.stat().st_size,
            "sha256": file_hash(path),
        }
        _sync(path)
    entry: JSON = {"key": key, "files": files, "recipe": recipe.as_json() if recipe else None}
    (part / ENTRY).write_bytes(canonical_json(entry))
    _sync(part / ENTRY)
    _sync(part)


def _sync(path: Path) -> None:
    """Bring a file or a folder's list of names to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _children(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


@contextmanager
def _failing_as_store_error(path: Path) -> Iterator[None]:
    """Turn the system's refusals into a StoreError that says what to do."""
    advice = {
        errno.ENOSPC: "the disk is full: free some space or move the store to another disk",
        errno.EDQUOT: "your quota is used up: free some space or move the store",
        errno.EFBIG: "files there may not be as large: raise the limit or move the store",
        errno.EROFS: "the disk is read-only: choose another place for the store",
        errno.ENAMETOOLONG: "that path is too long: choose a shorter one for the store",
        errno.ELOOP: "a link in that path leads back to itself: choose another place for the store",
        errno.EISDIR: "a folder is where a file should be: choose another place for the store",
        errno.ENOTDIR: "a part of that path is a file: choose another place for the store",
        errno.EEXIST: "a file is where a folder should be: choose another place for the store",
        errno.ENOLCK: "files there cannot be locked: choose another place for the store",
        errno.EOPNOTSUPP: "files there cannot be locked: choose another place for the store",
        errno.EIO: "the disk fails to read or write: check it",
        errno.EACCES: "access is denied: choose another place for the store or change its rights",
        errno.EPERM: "access is denied: choose another place for the store or change its rights",
    }
    try:
        yield
    except OSError as error:
        if error.errno not in advice:
            raise
        raise StoreError(f"cannot use the store at {path}: {advice[error.errno]}") from error
