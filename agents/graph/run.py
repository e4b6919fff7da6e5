"""Plan + capabilities + crew -> the film, by running the graph on its checkpoint.

A thread that was interrupted goes on where it was. One that was finished, that was begun for
another plan, or whose checkpoint cannot be read begins anew. What lies in the store is not made
again either way: the checkpoint keeps what the store does not know, such as which takes there
were and what the verdicts led to.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

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
    StoppedAtOnceError,
    StoreError,
)
from ...film import Adapter, Film, Retrieval, Take
from ...plan import Capabilities, Plan
from ..ports import Crew
from .graph import all_takes, build_graph
from .recall import Recall, StaleStateError
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
    film's order; `resumed` says whether the run went on with an interrupted thread.
    """

    film: Film
    plan: Plan
    takes: tuple[Take, ...]
    retrievals: tuple[Retrieval, ...]
    adapters: tuple[Adapter, ...]
    notes: tuple[str, ...]
    resumed: bool


@dataclass(frozen=True, slots=True)
class Awaited:
    """The word that the graph has stopped for."""

    what: Literal["plan", "shot"]
    name: str


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
        KeyboardInterrupt: the user stopped the work; what was being made is finished and kept.
        StoppedAtOnceError: the user did so twice; threads are still at work.
    """
    with _saver(checkpoint) as saver:
        notes: list[str] = []
        try:
            result = _Run(plan, capabilities, crew, saver, thread).resume()
        except (UnreadableStateError, StaleStateError) as error:
            result = None
            notes.append(
                f"the checkpoint {checkpoint} was dropped: {error}; nothing of it was used, and "
                "the work begins anew with what lies in the store"
            )
        if result is None:
            saver.delete_thread(thread)
            result = _Run(plan, capabilities, crew, saver, thread).begin(notes)
        while isinstance(result, Awaited):
            assert crew.approver is not None  # else the graph would not wait
            crew.approver.ask(result.what, result.name)
            result = _Run(plan, capabilities, crew, saver, thread).resume()
        assert result is not None  # what has just stopped can be gone on with
        saver.delete_thread(thread)  # what is finished need not be gone on with
        return result


class _Run:
    """One run of the graph on a thread, from its beginning or from where it was stopped."""

    def __init__(
        self,
        plan: Plan,
        capabilities: Capabilities,
        crew: Crew,
        saver: BaseCheckpointSaver[str],
        thread: str,
    ) -> None:
        self._start: FilmState = {"plan": dumped(plan), "capabilities": dumped(capabilities)}
        self._crew = crew
        self._slots = Slots(crew.width)
        self._recall = Recall(crew, plan, capabilities)
        self._graph = build_graph(crew, self._recall, self._slots, saver)
        branches = len(plan.shots) + len(to_teach(plan, capabilities, crew.teach))
        waves = sum(max(1, shot.tries) for shot in plan.shots)
        self._config: RunnableConfig = {
            "configurable": {"thread_id": thread},
            # A thread for each branch and its running task, and some to write the checkpoint.
            "max_concurrency": 2 * branches + 8,
            "recursion_limit": 3 * waves + 32,
        }

    def begin(self, notes: list[str]) -> FilmResult | Awaited:
        """Make the film from the beginning; `notes` stand first in its own."""
        return self._result(self._invoke({**self._start, "notes": notes}), resumed=False)

    def resume(self) -> FilmResult | Awaited | None:
        """Go on with the thread; None where there is none, or it was begun for another plan.

        Raises:
            UnreadableStateError: the checkpoint holds what this version did not write.
            StaleStateError: what it says was made would now be made otherwise.
        """
        found = self._graph.get_state(self._config)
        same = all(found.values.get(key) == value for key, value in self._start.items())
        if not found.next or not same:
            return None
        try:
            # langgraph types the values of every state alike.
            self._recall.read(cast(FilmState, found.values))
        except (ValueError, TypeError, AttributeError) as error:
            raise UnreadableStateError("it holds what is never written into it") from error
        return self._result(
            self._invoke(Command(resume="go on") if found.interrupts else None), resumed=True
        )

    def _invoke(self, given: FilmState | Command[str] | None) -> FilmState:
        """Run the graph to its end or its next interrupt and return its state.

        It runs beside this thread, so that Ctrl-C closes the slots at once: what is being made is
        finished and kept, and nothing more begins. A second Ctrl-C waits for nothing.
        """
        outcome: Future[FilmState] = Future()

        def work() -> None:
            try:
                state = self._graph.invoke(given, self._config, durability="sync")
            except BaseException as error:  # noqa: BLE001 (raised again with the outcome)
                outcome.set_exception(error)
            else:
                outcome.set_result(cast(FilmState, state))  # langgraph types all states alike

        beside = threading.Thread(target=work, name="film", daemon=True)
        beside.start()
        try:
            return outcome.result()
        except KeyboardInterrupt:
            try:
                self._slots.close()
                if self._crew.interrupted is not None:
                    self._crew.interrupted()
                beside.join()
            except KeyboardInterrupt:
                raise StoppedAtOnceError from None
            raise
        finally:
            self._slots.close()

    def _result(self, state: FilmState, *, resumed: bool) -> FilmResult | Awaited:
        """Return the film and how it came to be, or what it waits for; raise what stopped it."""
        film = self._recall.film
        if film is None:
            for stop in self._graph.get_state(self._config).interrupts:
                if isinstance(stop.value, dict):
                    return Awaited(**stop.value)
            raise _error(state, self._slots)
        plan = Plan.model_validate(state["plan"])
        takes = {shot.id: read_takes(state["takes"].get(shot.id)) for shot in plan.shots}
        shown = plan
        for shot in current_plans(plan, takes):
            shown = shown.with_shot(shot)
        return FilmResult(
            film=film,
            plan=shown,
            takes=self._recall.takes(all_takes(state)),
            retrievals=tuple(read_nouns(state.get("retrievals", {}), Retrieval).values()),
            adapters=self._recall.known(read_nouns(state.get("adapters", {}), Adapter).values()),
            notes=tuple(state.get("notes", ())),
            resumed=resumed,
        )


def _error(state: FilmState, slots: Slots) -> DreamRunnerError:
    """Return what stopped the work: every motion that could not be taught, else every shot."""
    untaught, failures = state.get("untaught", {}), state.get("failures", {})
    stopped = untaught or failures
    alike: dict[str, list[str]] = {}  # what stops many, such as a full disk, is said once
    for name, why in stopped.items():
        alike.setdefault(str(why), []).append(name)
    what = "{}: {}" if untaught else "shot {}, {}"
    words = "\n".join(what.format(", ".join(names), why) for why, names in alike.items())
    error = AdapterError(words) if untaught else ShotError(tuple(failures), words)
    error.__cause__ = next((e for name in stopped if (e := slots.error(name))), None)
    return error


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
