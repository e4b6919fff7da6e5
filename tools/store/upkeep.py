"""A store -> what it holds by stage, what is damaged, what nobody needs; copies of results."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .remote import DamagedBlobError, Remote
from .shared import SharedStore, entry_files, publish
from .store import ENTRY, Store

log = logging.getLogger(__name__)

# A blob may be there before its entry: that of a result which is being published is younger.
_YOUNG_S = 24 * 3600.0
_REST = ("broken", "part", "locks")


@dataclass(frozen=True, slots=True)
class Holding:
    """How many results of a stage a store has, and their bytes."""

    stage: str
    results: int
    size: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed, or would be."""

    results: int
    size: int


@dataclass(frozen=True, slots=True)
class Moved:
    """How many results were copied, and how many were there already."""

    copied: int
    there: int


def holdings(store: Store) -> list[Holding]:
    """Return what a folder holds, the largest first; "other" is what is no result."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for folder in _entries(store.root):
        counted = counts[_stage(folder)]
        counted[0] += 1
        counted[1] += size_of(folder)
    results = sum(size for _, size in counts.values())
    other = size_of(store.root) - results
    found = [Holding(stage, n, size) for stage, (n, size) in counts.items()]
    return [*sorted(found, key=lambda one: -one.size), Holding("other", 0, other)]


def remote_holdings(remote: Remote) -> list[Holding]:
    """Return what is at a URL: its results, without their files, and its blobs."""
    keys, blobs = remote.keys(), remote.blobs()
    return [
        Holding("results", len(keys), sum(held.size for held in keys.values())),
        Holding("blobs", len(blobs), sum(held.size for held in blobs.values())),
    ]


def damaged(store: Store) -> Iterator[tuple[str, str]]:
    """Yield each key of a folder whose files are not as they were written, moved aside, and why."""
    for folder in list(_entries(store.root)):
        found, why = store.found_here(folder.name)
        if found is None:
            yield folder.name, why


def remote_damaged(remote: Remote) -> Iterator[tuple[str, str]]:
    """Yield each key at a URL whose blobs are not what they were, withdrawn, and why."""
    sound: set[str] = set()
    with TemporaryDirectory(prefix="dreamrunner-verify-") as spare:
        for key in sorted(remote.keys()):
            try:
                for name, sha256 in entry_files(remote.entry(key) or b"", key).items():
                    if sha256 not in sound:
                        _looked(remote, sha256, Path(spare) / "blob", name)
                    sound.add(sha256)
            except DamagedBlobError as error:
                remote.withdraw(key)
                yield key, str(error)


def sweep(store: Store, keep: Collection[str], older_s: float, *, dry: bool) -> Swept:
    """Remove results that nobody has asked for since `older_s` seconds, and what kills have left.

    Args:
        keep: keys that stay however old they are.
        dry: remove nothing, and only say what would be.
    """
    results = size = 0
    before = time.time() - older_s
    for folder in list(_entries(store.root)):
        if folder.name in keep or folder.stat().st_mtime > before:
            continue
        results, size = results + 1, size + size_of(folder)
        if not dry:
            store.remove_here(folder.name)
    for name in _REST:
        for left in _children(store.root / name):
            if left.stat().st_mtime > time.time() - _YOUNG_S:
                continue
            size += size_of(left)
            if not dry and left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            elif not dry:
                left.unlink(missing_ok=True)
    return Swept(results, size)


def remote_sweep(remote: Remote, keep: Collection[str], older_s: float, *, dry: bool) -> Swept:
    """Remove results that were published `older_s` seconds ago or earlier, and unneeded blobs."""
    now = time.time()
    old = [
        key
        for key, held in remote.keys().items()
        if key not in keep and held.written_s < now - older_s
    ]
    needed = _needed(remote, set(remote.keys()) - set(old))
    size = 0
    for key in () if dry else old:
        remote.withdraw(key)
    for sha256, held in remote.blobs().items():
        if sha256 not in needed and held.written_s < now - min(_YOUNG_S, older_s):
            size += held.size
            if not dry:
                remote.remove_blob(sha256)
    return Swept(len(old), size)


def push(store: Store, remote: Remote, keys: Collection[str] | None) -> Moved:
    """Copy a folder's sound results to a URL; of all keys, or of some."""
    there = remote.keys()
    mine = [folder.name for folder in _entries(store.root) if keys is None or folder.name in keys]
    copied = 0
    for key in mine:
        folder = store.found_here(key)[0]
        if key not in there and folder is not None:
            copied += publish(remote, folder, key)
    return Moved(copied, len(mine) - copied)


def pull(store: SharedStore, keys: Collection[str] | None) -> Moved:
    """Copy results from a store's URL into its folder; of all keys, or of some."""
    there = set(store.remote.keys())
    wanted = sorted(there if keys is None else there & set(keys))
    copied = 0
    for key in wanted:
        if store.found_here(key)[0] is None:
            copied += store.get_dir(key) is not None
    return Moved(copied, len(wanted) - copied)


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder."""
    if not path.is_dir():
        return path.stat().st_size if path.is_file() else 0
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _looked(remote: Remote, sha256: str, spare: Path, name: str) -> None:
    try:
        remote.get_blob(sha256, spare)
    except DamagedBlobError as error:
        raise DamagedBlobError(f"{name} {error}") from error


def _needed(remote: Remote, keys: Collection[str]) -> set[str]:
    needed: set[str] = set()
    for key in keys:
        try:
            needed.update(entry_files(remote.entry(key) or b"", key).values())
        except DamagedBlobError as error:
            log.warning("%s is broken (%s); `store verify` withdraws it", key, error)
    return needed


def _entries(root: Path) -> Iterator[Path]:
    return (folder for folder in sorted(root.glob("??/*")) if folder.is_dir())


def _children(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _stage(folder: Path) -> str:
    try:
        return str(json.loads((folder / ENTRY).read_bytes())["recipe"]["stage"])
    except (OSError, ValueError, KeyError, TypeError):
        return "other results"
