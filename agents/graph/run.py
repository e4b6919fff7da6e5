"""Plan + capabilities + crew -> the film, by running the graph on its checkpoint.

A thread that was interrupted goes on where it was; one that was finished, or that was begun for
another plan, begins anew. What lies in the store is not made again either way: the checkpoint
keeps what the store does not know, such as which takes there were and what the verdicts led to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from ...errors import (
    AdapterError,
    BusyError,
    DreamRunnerError,
    OutputError,
    ShotError,
    StoreError,
)
from ...film import Adapter, Film, Retrieval, Take
from ...plan import Capabilities, Plan
from ..ports import Crew
from .graph import FilmGraph, all_takes, build_graph
from .serializer import StateSerializer, UnreadableStateError
from .slots import Slots
from .state import FilmState, current_plans, dumped, read_nouns, read_takes
from .teaching import to_teach

# How long to wait for another process that is writing the checkpoint.
_LOCK_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class FilmResult:
    """The film and how it came to be.

    `plan` has every shot as its kept take was rendered; `takes` are all that were made, in the
    film's order; `resumed` says whether an interrupted thread was gone on with.
    """

    film: Film
    plan: Plan
    takes: tuple[Take, ...]
    retrievals: tuple[Retrieval, ...]
    adapters: tuple[Adapter, ...]
    notes: tuple[str, ...]
    resumed: bool


def make_film(
    plan: Plan,
    capabilities: Capabilities,
    crew: Crew,
    *,
    checkpoint: Path | None,
    thread: str,
) -> FilmResult:
    """Make the film of a plan, or go on with the making of it.

    Args:
        plan: what the director decided.
        capabilities: of the engine behind the crew's renderer.
        crew: who does the work.
        checkpoint: SQLite file that keeps the agent's state, made where it is missing; None keeps
            it in memory, so that a kill loses it.
        thread: the work's name within the checkpoint; the same name goes on with the same work.

    Raises:
        ShotError: shots could not be made; all others are finished and kept.
        AdapterError: motions could not be found or taught; no shot was begun.
        BusyError, StoreError, OutputError: the checkpoint is locked, corrupt or cannot be written.
    """
    floor = Slots(crew.width)
    with _saver(checkpoint) as saver:
        graph = build_graph(crew, checkpointer=saver, floor=floor)
        config = _config(plan, capabilities, thread)
        start: FilmState = {
            "plan": dumped(plan),
            "capabilities": dumped(capabilities),
        }
        try:
            command = _continuation(graph, config, start)
        except UnreadableStateError as error:
            command = None
            start["notes"] = [_unread_note(checkpoint, error)]
        if command is None:
            saver.delete_thread(thread)
        state = _run(graph, start if command is None else command, config, floor)
        if "film" not in state:
            raise _error(state, floor)
        result = _result(state, resumed=command is not None)
        saver.delete_thread(thread)  # what is finished need not be gone on with
        return result


def _config(plan: Plan, capabilities: Capabilities, thread: str) -> RunnableConfig:
    branches = len(plan.shots) + len(to_teach(plan, capabilities))
    waves = sum(max(1, shot.tries) for shot in plan.shots)
    return {
        "configurable": {"thread_id": thread},
        # A thread for each branch and its running task, and some to write the checkpoint.
        "max_concurrency": 2 * branches + 8,
        "recursion_limit": 2 * waves + 32,
    }


def _unread_note(checkpoint: Path | None, error: UnreadableStateError) -> str:
    return (
        f"the checkpoint {checkpoint} was dropped: {error}; nothing of it was used, and the work "
        "begins anew with what lies in the store"
    )


@dataclass(frozen=True, slots=True)
class _Resume:
    """The input that makes langgraph go on with a thread."""

    input: Command[str] | None


def _continuation(graph: FilmGraph, config: RunnableConfig, start: FilmState) -> _Resume | None:
    """Return how to go on with the thread, or None where it must begin anew."""
    found = graph.get_state(config)
    same = all(found.values.get(key) == value for key, value in start.items())
    if not found.next or not same:
        return None
    return _Resume(Command(resume="go on") if found.interrupts else None)


def _run(
    graph: FilmGraph, start: FilmState | _Resume, config: RunnableConfig, floor: Slots
) -> FilmState:
    """Run the graph to its end or its next interrupt and return its state.

    It runs beside this thread, so that Ctrl-C closes the floor at once: what is being made is
    finished and kept, and nothing more begins.
    """

    def work() -> FilmState:
        given = start.input if isinstance(start, _Resume) else start
        state = graph.invoke(given, config, durability="sync")
        return cast(FilmState, state)  # langgraph types the output of every schema alike

    with ThreadPoolExecutor(1, thread_name_prefix="studio") as beside:
        run = beside.submit(work)
        try:
            return run.result()
        finally:
            floor.close()


def _error(state: FilmState, floor: Slots) -> DreamRunnerError:
    """Return what stopped the work: every motion that could not be taught, else every shot."""
    untaught, failures = state.get("untaught", {}), state.get("failures", {})
    stopped = untaught or failures
    what = 'motion "{}": {}' if untaught else "shot {}, {}"
    words = "\n".join(what.format(name, why) for name, why in stopped.items())
    error = AdapterError(words) if untaught else ShotError(tuple(failures), words)
    error.__cause__ = next((e for name in stopped if (e := floor.error(name))), None)
    return error


def _result(state: FilmState, *, resumed: bool) -> FilmResult:
    plan = Plan.model_validate(state["plan"])
    takes = {shot.id: read_takes(state["takes"].get(shot.id)) for shot in plan.shots}
    shown = plan
    for shot in current_plans(plan, takes):
        shown = shown.with_shot(shot)
    return FilmResult(
        film=Film.model_validate(state["film"]),
        plan=shown,
        takes=all_takes(state),
        retrievals=tuple(read_nouns(state.get("retrievals", {}), Retrieval).values()),
        adapters=tuple(read_nouns(state.get("adapters", {}), Adapter).values()),
        notes=tuple(state.get("notes", ())),
        resumed=resumed,
    )


@contextmanager
def _saver(checkpoint: Path | None) -> Iterator[BaseCheckpointSaver[str]]:
    if checkpoint is None:
        yield InMemorySaver(serde=StateSerializer())
        return
    try:
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(checkpoint, timeout=_LOCK_WAIT_S, check_same_thread=False)
        with closing(connection):
            yield SqliteSaver(connection, serde=StateSerializer())
    except OSError as error:
        raise OutputError(f"cannot write the checkpoint {checkpoint}: {error}") from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BusyError(
                f"another process holds the checkpoint {checkpoint}; wait for it or stop it"
            ) from error
        raise StoreError(
            f"the checkpoint {checkpoint} cannot be used ({error}); delete it and run again:"
            " finished shots lie in the store and are not made again"
        ) from error
