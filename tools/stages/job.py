"""One piece of work with all that decides it -> its key, and its result in the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import StoreError
from ..store.recipe import JSON, Recipe
from ..store.store import Store
from .calls import Call

# The file of an entry that describes its other files.
RESULT = "result.json"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: which stage, from what. `parents` are the keys that it is made from.

    One that is made `beside` the engine has models of its own and does not wait for it; one that
    is `broken_off` ends after the step at which the user stops the work, and goes on from there.
    `call` is the work as another process can be given it; None where it is made here only.
    """

    stage: str
    version: int
    inputs: Mapping[str, JSON]
    label: str
    shot: str | None = None
    parents: tuple[str, ...] = ()
    note: str = ""
    beside: bool = False
    broken_off: bool = False
    call: Call | None = None

    @property
    def recipe(self) -> Recipe:
        return Recipe(self.stage, self.version, self.inputs, self.label)


Fields = Mapping[str, JSON]
# What makes a job's files: all of it, or as much as needs the engine, returning what does the rest.
Make = Callable[[Path], Fields | Callable[[], Fields]]


@dataclass(frozen=True, slots=True)
class Result:
    """A job's result: files in a folder of the store and fields that describe them.

    `seconds` is how long it took to make, now or whenever that was.
    """

    key: str
    folder: Path
    fields: Mapping[str, Any]  # whatever `make` returned, as it comes back from JSON
    seconds: float


def read_result(store: Store, key: str) -> Result | None:
    """Return what the store has under a key; None where it has nothing.

    Raises:
        StoreError: what the store has is no result of a stage.
    """
    folder = store.get_dir(key)
    if folder is None:
        return None
    try:
        made = json.loads((folder / RESULT).read_bytes())
        return Result(key, folder, made["fields"], made["seconds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{folder} is no result of a stage ({error}); remove that folder, and it is made again"
        ) from error


def words_of(job: Job) -> str:
    """Return what a job is called in messages: "render of shot 2"."""
    about = f"shot {job.shot}" if job.shot else job.note
    return f"{job.stage} of {about}" if about else job.stage
