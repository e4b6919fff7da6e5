"""A store of several machines: results in a folder of this one, and at a URL for all of them.

What is made here is written there before it counts as made; what others have made is read from
there when it is asked for, and its hashes are checked. Whoever makes a result has the key's lock in
the folder and its lease at the URL.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .output import write_whole
from .recipe import Recipe, canonical_json
from .remote import LEASE_S, DamagedBlobError, Lease, Remote
from .store import ENTRY, Store

log = logging.getLogger(__name__)


class SharedStore(Store):
    """Results by key in a folder that is a cache of those at a URL."""

    def __init__(self, root: Path | str, url: str, *, still_s: float = LEASE_S) -> None:
        """Name a store; a maker that has not moved for `still_s` seconds is taken for dead."""
        super().__init__(root)
        self.remote = Remote(url)
        self._still_s = still_s

    @property
    def place(self) -> str:
        return self.remote.url

    def _find(self, key: str) -> tuple[Path | None, str]:
        folder, damage = self.found_here(key)
        if folder is not None:
            return folder, ""
        return self._pulled(key, damage)

    def _pulled(self, key: str, damage: str) -> tuple[Path | None, str]:
        """Return a key's folder, brought from the URL; else None and what is wrong with it."""
        data = self.remote.entry(key)
        if data is None:
            return None, damage
        part = self.root / "part" / f"{key}-{uuid.uuid4().hex}"
        try:
            part.mkdir(parents=True)
            for name, written in entry_files(data, key).items():
                file = part / name
                file.parent.mkdir(parents=True, exist_ok=True)
                try:
                    self.remote.get_blob(written, file)
                except DamagedBlobError as error:
                    raise DamagedBlobError(f"{name} {error}") from error
            (part / ENTRY).write_bytes(data)
            self._place(part, key)
        except DamagedBlobError as error:
            # Whoever makes it again publishes it anew.
            self.remote.withdraw(key)
            log.warning("%s at %s is broken (%s)", key, self.remote.url, error)
            return None, f"it was damaged in the store: {error}"
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return self.found_here(key)

    def offer(self, key: str) -> None:
        """Publish what this machine has of a key and the URL has no more, or has not yet."""
        folder = self.found_here(key)[0]
        if folder is not None and self.remote.entry(key) is None:
            publish(self.remote, folder, key)

    def _share(self, part: Path, key: str) -> None:
        if not publish(self.remote, part, key):
            self._pulled(key, "")  # of two makers the first one's is everybody's

    def put_dir(
        self, key: str, writer: Callable[[Path], object], *, recipe: Recipe | None = None
    ) -> Path:
        folder = super().put_dir(key, writer, recipe=recipe)
        if recipe is not None:
            self.remote.put_latest(_latest_name(recipe), canonical_json(recipe.as_json()))
        return folder

    @contextmanager
    def making(self, key: str, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        who = f"process {os.getpid()} on {platform.node()}"
        with super().making(key, on_wait):
            lease = Lease(self.remote, key, self._owner(), who=who, still_s=self._still_s)
            lease.take(on_wait)
            try:
                yield
            finally:
                lease.release()

    def latest(self, stage: str, label: str) -> Recipe | None:
        own = super().latest(stage, label)
        if own is not None:
            return own
        data = self.remote.latest(_latest_name(Recipe(stage, 0, {}, label)))
        try:
            found = json.loads(data) if data else None
            return found and Recipe(
                found["stage"], found["version"], found["inputs"], found["label"]
            )
        except (ValueError, KeyError, TypeError):
            return None  # it says no more than why something is made again

    def keys_of(self, stage: str) -> Iterator[str]:
        own = list(super().keys_of(stage))
        yield from own
        for key in sorted(self.remote.keys().keys() - set(own)):
            data = self.remote.entry(key)
            try:
                if data and json.loads(data)["recipe"]["stage"] == stage:
                    yield key
            except (ValueError, KeyError, TypeError):
                continue  # whoever asks for it by its key hears of the damage

    def remove(self, key: str) -> None:
        self.remove_here(key)
        self.remote.withdraw(key)

    def _owner(self) -> str:
        """Return the name of this folder among all folders of the same store."""
        path = self.root / "owner"
        try:
            return path.read_text("ascii")
        except FileNotFoundError:
            write_whole(path, lambda part: part.write_text(uuid.uuid4().hex, "ascii"))
        return path.read_text("ascii")


def publish(remote: Remote, folder: Path, key: str) -> bool:
    """Write the result in a folder to a URL; False where there is one already."""
    data = (folder / ENTRY).read_bytes()
    for name, sha256 in entry_files(data, key).items():
        remote.put_blob(folder / name, sha256)
    return remote.publish(key, data)


def entry_files(entry: bytes, key: str) -> dict[str, str]:
    """Return the files of an entry: their names and their hashes.

    Raises:
        DamagedBlobError: the entry is none, or names files outside its folder.
    """
    try:
        found = json.loads(entry)
        files = {str(name): str(one["sha256"]) for name, one in found["files"].items()}
        if found["key"] != key:
            raise ValueError("it is that of another key")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedBlobError(f"{ENTRY} is no list of files: {error}") from error
    for name, sha256 in files.items():
        # What stands at the URL was written by others.
        outside = Path(name).is_absolute() or ".." in Path(name).parts
        if outside or len(sha256) != 64 or not sha256.isalnum():
            raise DamagedBlobError(f"{ENTRY} names {name!r}")
    return files


def _latest_name(recipe: Recipe) -> str:
    digest = hashlib.sha256(canonical_json([recipe.stage, recipe.label])).hexdigest()
    return f"{digest}.json"
