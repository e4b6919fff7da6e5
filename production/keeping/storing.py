"""Settings -> the upkeep of their store: what it holds, what is damaged, what can go, copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InputError

if TYPE_CHECKING:
    from ...tools.store.upkeep import Holding, Moved, Swept
    from ..settings import Settings

_DAY_S = 24 * 3600.0


def measure_store(settings: Settings) -> list[Holding]:
    """Return what a store holds: the folder's results by stage, then what is at its URL."""
    from ...tools.store.upkeep import holdings, remote_holdings
    from ..settings import store_of

    store = store_of(settings)
    found = holdings(store)
    if remote := getattr(store, "remote", None):
        there = remote_holdings(remote)
        found += [replace(one, stage=f"{one.stage} at {remote.url}") for one in there]
    return found


def verify_store(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every key that is damaged, which is made again when it is needed, and why."""
    from ...tools.store.shared import SharedStore
    from ...tools.store.upkeep import damaged, remote_damaged
    from ..settings import store_of

    store = store_of(settings)
    yield from damaged(store)
    if isinstance(store, SharedStore):
        yield from remote_damaged(store.remote)


def sweep_store(settings: Settings, days: float, keep: Sequence[Path], *, dry: bool) -> Swept:
    """Remove what nobody has asked for since so many days, but nothing that a kept film shows.

    Args:
        keep: folders of films; what their runs and locks name stays.
    """
    from ...tools.store.shared import SharedStore
    from ...tools.store.upkeep import Swept, remote_sweep, sweep
    from ..settings import store_of

    store, kept = store_of(settings), keys_of(keep)
    swept = sweep(store, kept, days * _DAY_S, dry=dry)
    if isinstance(store, SharedStore):
        there = remote_sweep(store.remote, kept, days * _DAY_S, dry=dry)
        swept = Swept(swept.results + there.results, swept.size + there.size)
    return swept


def push_store(settings: Settings, url: str, films: Sequence[Path]) -> Moved:
    """Copy results to a URL: all, or those that films name."""
    from ...tools.store.remote import Remote
    from ...tools.store.store import Store
    from ...tools.store.upkeep import push

    return push(Store(settings.store), Remote(url), keys_of(films) if films else None)


def pull_store(settings: Settings, url: str, films: Sequence[Path]) -> Moved:
    """Copy results from a URL into the folder of a store: all, or those that films name."""
    from ...tools.store.shared import SharedStore
    from ...tools.store.upkeep import pull

    keys = keys_of(films) if films else None
    return pull(SharedStore(settings.store, url), keys)


def keys_of(films: Sequence[Path]) -> set[str]:
    """Return all keys that the runs and locks of films name; each a lock, or a folder of films.

    Raises:
        InputError: a lock cannot be read.
    """
    from ...film import read_account
    from .story_lock import read_lock

    keys: set[str] = set()
    for path in films:
        locks = [path] if path.is_file() else [*path.glob("*/story.lock"), *path.glob("story.lock")]
        for lock in locks:
            keys.update(_named(read_lock(lock)["made"]))
        for account in (*path.glob("*/run.json"), *path.glob("run.json")):
            try:
                keys.update(_named(read_account(account)))
            except (OSError, ValueError) as error:
                raise InputError(f"{account} is no account of a run: {error}") from error
    return keys


def _named(value: object) -> Iterator[str]:
    """Yield every key in a record."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == "key" and isinstance(item, str):
                yield item
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)
