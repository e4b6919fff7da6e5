"""Crew -> the LangGraph of the work: retrieve and adapt, shoot, judge, shoot again, cut.

    open -> call <-> retrieve_and_adapt (a branch a motion)
             | ^---> shoot (a branch a chain of shots)
            cut

`call` is the barrier between waves: it calls the motions that are not taught, then the shots that
are not finished, measures the joins, and calls the few shots that must be shot again. Where
something failed it interrupts the graph, so that a later run goes on with just what is missing.
Shots that continue one another are one branch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send, interrupt

from ...errors import DreamRunnerError, LibraryError, ShotError
from ...film import Adapter, Retrieval, Take
from ...plan import Capabilities, Plan, ShotPlan
from ..critic.attempts import next_attempt
from ..critic.joins import JoinReview, has_join, review_joins
from ..critic.takes import Neighbour, kept
from ..ports import Crew as Crew
from .recall import Recall
from .shoot import ShootNode, taught_entities
from .slots import Slots
from .state import (
    ChainCall,
    FilmState,
    MotionCall,
    chains,
    current_plans,
    dumped,
    dumped_adapter,
    dumped_take,
    read_nouns,
    read_takes,
)
from .teaching import to_teach, unknown_notes

# The parameters are the state, the context, and the schemas of input and output.
FilmGraph: TypeAlias = CompiledStateGraph[FilmState, None, FilmState, FilmState]


def build_graph(
    crew: Crew, recall: Recall, slots: Slots, checkpointer: BaseCheckpointSaver[str]
) -> FilmGraph:
    """Return the graph of the whole work; `run.make_film` is what runs it as it must be run.

    It needs durability "sync" and a `max_concurrency` above twice the number of branches (`slots`
    says why). Its input has `plan` and `capabilities`.
    """
    nodes = _Nodes(crew, recall, slots)
    graph: StateGraph[FilmState, None, FilmState, FilmState] = StateGraph(FilmState)
    graph.add_node("open", nodes.open)
    graph.add_node("retrieve_and_adapt", nodes.retrieve_and_adapt, input_schema=MotionCall)
    graph.add_node("call", nodes.call)
    graph.add_node("shoot", ShootNode(crew, recall, slots).shoot, input_schema=ChainCall)
    graph.add_node("cut", nodes.cut)
    graph.add_edge(START, "open")
    graph.add_edge("open", "call")
    graph.add_conditional_edges("call", _called, ["retrieve_and_adapt", "shoot", "cut"])
    graph.add_edge("retrieve_and_adapt", "call")
    graph.add_edge("shoot", "call")
    graph.add_edge("cut", END)
    return graph.compile(checkpointer=checkpointer)


class _Nodes:
    """Every node but `shoot`."""

    def __init__(self, crew: Crew, recall: Recall, slots: Slots) -> None:
        self._crew = crew
        self._recall = recall
        self._slots = slots

    def open(self, state: FilmState) -> FilmState:
        """Say what will not be as the page has it."""
        plan, capabilities = _read(state)
        notes = unknown_notes(plan, capabilities)
        notes.extend(
            f"shot {shot.id} shall continue the shot before it, but it is the first"
            for shot in plan.shots[:1]
            if shot.settings.continue_from_previous
        )
        if self._crew.join_measurer is None and any(map(has_join, plan.shots[1:])):
            notes.append(f"the cuts between shots are not judged: {capabilities.name} cannot")
        return {"notes": notes}

    def retrieve_and_adapt(self, state: MotionCall) -> FilmState:
        """Teach one motion."""
        motion = state["motion"]
        with self._slots.unit():
            if self._slots.closed:
                return {}
            try:
                retrieval = self._crew.librarian.retrieve(motion, state["subjects"])
                if not retrieval.kept:
                    raise LibraryError(_nothing_kept(retrieval))
                adapter = self._crew.trainer.adapt(retrieval)
            except DreamRunnerError as error:
                self._slots.failed(motion, error)
                return {"untaught": {motion: str(error)}}
        self._recall.add_adapter(motion, retrieval, adapter)
        return {
            "retrievals": {motion: dumped(retrieval)},
            "adapters": {motion: dumped_adapter(adapter)},
        }

    def call(self, state: FilmState) -> FilmState:
        """Call the shots that are not finished; when all are, those whose join failed."""
        failures, untaught = state.get("failures", {}), state.get("untaught", {})
        if failures or untaught or self._slots.closed:
            # Ends this run. Asked again by the next one, it answers and the work goes on.
            interrupt([*untaught, *failures])
        plan, capabilities = _read(state)
        takes = {shot.id: read_takes(state.get("takes", {}).get(shot.id)) for shot in plan.shots}
        news: FilmState = {
            "failures": dict.fromkeys(failures),
            "untaught": dict.fromkeys(untaught),
            "calls": [],
        }
        unfinished = [shot.id for shot in plan.shots if kept(takes[shot.id]) is None]
        if unfinished:
            news["calls"] = chains(plan.shots, unfinished)
        elif self._crew.join_measurer:
            adapters = read_nouns(state.get("adapters", {}), Adapter)
            review = self._joins(plan, takes, adapters, capabilities)
            news["takes"] = {
                shot: [dumped_take(take) for take in judged]
                for shot, judged in review.takes.items()
            }
            # Who is shot again is a branch of its own: no two neighbours are in one wave.
            news["calls"] = [[shot] for shot in review.chosen]
        return news

    def cut(self, state: FilmState) -> FilmState:
        """Join what was kept."""
        plan, _ = _read(state)
        film = self._crew.cutting_room.cut(plan, self._recall.takes(all_takes(state)))
        self._recall.film = film
        return {"film": [clip.key for clip in film.clips]}

    def _joins(
        self,
        plan: Plan,
        takes: Mapping[str, tuple[Take, ...]],
        adapters: Mapping[str, Adapter],
        capabilities: Capabilities,
    ) -> JoinReview:
        assert self._crew.join_measurer is not None

        def wants(shot: ShotPlan, made: Sequence[Take], neighbour: Neighbour | None) -> bool:
            taught = taught_entities(shot, adapters, capabilities)
            return next_attempt(shot, made, taught=taught, neighbour=neighbour) is not None

        try:
            shown = {shot: self._recall.takes(made) for shot, made in takes.items()}
            return review_joins(plan.shots, shown, self._crew.join_measurer, wants)
        except DreamRunnerError as error:
            shots = tuple(shot.id for shot in plan.shots if has_join(shot))
            raise ShotError(shots, f"the joins could not be measured: {error}") from error


def all_takes(state: FilmState) -> tuple[Take, ...]:
    """Return every take of the film, in the plan's order and then by number."""
    plan, _ = _read(state)
    takes = state.get("takes", {})
    return tuple(take for shot in plan.shots for take in read_takes(takes.get(shot.id)))


def _read(state: FilmState) -> tuple[Plan, Capabilities]:
    plan = Plan.model_validate(state["plan"])
    return plan, Capabilities.model_validate(state["capabilities"])


def _called(state: FilmState) -> list[Send] | Literal["cut"]:
    """Send the motions that no adapter teaches yet; when there are none, the shots called."""
    return _motion_calls(state) or _chain_calls(state) or "cut"


def _motion_calls(state: FilmState) -> list[Send]:
    sends: list[Send] = []
    for motion, subjects in to_teach(*_read(state)).items():
        if motion not in state.get("adapters", {}):
            call: MotionCall = {"motion": motion, "subjects": list(subjects)}
            sends.append(Send("retrieve_and_adapt", call))
    return sends


def _chain_calls(state: FilmState) -> list[Send]:
    plan, _ = _read(state)
    takes = {shot.id: read_takes(state.get("takes", {}).get(shot.id)) for shot in plan.shots}
    order = [shot.id for shot in plan.shots]
    current = dict(zip(order, current_plans(plan, takes), strict=True))
    sends: list[Send] = []
    for chain in state["calls"]:
        first = order.index(chain[0])
        before = kept(takes[order[first - 1]]) if first else None
        # A first wave is shot side by side and joins nobody, unless the plan says so: what a shot
        # becomes must not depend on whether its neighbour happened to be finished.
        joins = current[chain[0]].settings.continue_from_previous or kept(takes[chain[0]])
        call: ChainCall = {
            "turn": first,
            "chain": [dumped(shot) for shot in plan.shots if shot.id in chain],
            "made": {shot: [dumped_take(take) for take in takes[shot]] for shot in chain},
            "teaching": state.get("adapters", {}),
            "engine": state["capabilities"],
            "before": dumped_take(before) if before and joins else None,
        }
        sends.append(Send("shoot", call))
    return sends


def _nothing_kept(retrieval: Retrieval) -> str:
    reasons = sorted({clip.reason for clip in retrieval.rejected})
    why = f"; of {len(retrieval.rejected)} found: {', '.join(reasons)}" if reasons else ""
    return f"the library has no clip that can teach it{why}; add clips or choose another motion"
