"""Crew -> the LangGraph of the work: teach the motions, shoot, judge, shoot again, cut.

    announce -> approve_plan -> schedule <-> teach (a branch a motion)
                                | ^----> shoot (a branch a chain of shots)
                                v           ^
                                review_joins -> approve_shots -> cut

`schedule` is the barrier between waves: it sends what no adapter teaches yet, and beside it the
unfinished shots that need nothing of it; then the rest. When all are finished, `review_joins`
measures the cuts between them and sends the few shots that must be shot again. Where something
failed, `schedule` interrupts the graph, so that a later run goes on with just what is missing.
Shots that continue one another are one branch. Where a person has to approve the plan or the shots,
`approve_plan` and `approve_shots` interrupt the graph once for each word.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import Literal, TypeAlias

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, Send, interrupt

from ...errors import DreamRunnerError, ShotError, TooFewClipsError
from ...film import Adapter, AdapterNeed, Retrieval, Take
from ...plan import Capabilities, Plan, ShotPlan
from ..critic import joins
from ..critic.attempts import next_attempt
from ..critic.takes import Neighbour, kept, place_source, shares_place
from ..ports import Crew as Crew
from .recall import Recall
from .shoot import ShootNode, means_of, taught_entities
from .slots import Slots
from .state import (
    FilmState,
    ShootInput,
    TeachInput,
    awaited,
    chains,
    current_plans,
    dumped,
    dumped_adapter,
    dumped_take,
    read_nouns,
    read_takes,
)
from .teaching import needs_of, nothing_kept, to_teach, unknown_notes, untrained_sizes

# The parameters are the state, the context, and the schemas of input and output.
FilmGraph: TypeAlias = CompiledStateGraph[FilmState, None, FilmState, FilmState]


def build_graph(
    crew: Crew, recall: Recall, slots: Slots, checkpointer: BaseCheckpointSaver[str]
) -> FilmGraph:
    """Return the graph of the whole work; `run.make_film` is what runs it as it must be run.

    It needs durability "sync" and a `max_concurrency` above twice the number of branches (`slots`
    says why). Its input has `plan` and `capabilities`.
    """
    # Adapters are trained beside the slots, one at a time where there is one machine.
    lesson = threading.Semaphore(crew.lessons)
    search = threading.Lock()  # one library serves them all
    nodes = _Nodes(crew, recall, slots, lesson, search)
    graph: StateGraph[FilmState, None, FilmState, FilmState] = StateGraph(FilmState)
    graph.add_node("announce", nodes.announce)
    graph.add_node("approve_plan", nodes.approve_plan)
    graph.add_node("schedule", nodes.schedule)
    graph.add_node("teach", nodes.teach, input_schema=TeachInput)
    graph.add_node(
        "shoot", ShootNode(crew, recall, slots, lesson, search).shoot, input_schema=ShootInput
    )
    graph.add_node("review_joins", nodes.review_joins)
    graph.add_node("approve_shots", nodes.approve_shots)
    graph.add_node("cut", nodes.cut)
    graph.add_edge(START, "announce")
    graph.add_edge("announce", "approve_plan")
    graph.add_conditional_edges(
        "schedule", nodes.after_schedule, ["teach", "shoot", "review_joins"]
    )
    graph.add_edge("teach", "schedule")
    graph.add_edge("shoot", "schedule")
    graph.add_conditional_edges("review_joins", _after_review, ["shoot", "approve_shots"])
    graph.add_edge("cut", END)
    return graph.compile(checkpointer=checkpointer)


class _Nodes:
    """Every node but `shoot`."""

    def __init__(
        self, crew: Crew, recall: Recall, slots: Slots, lesson: AbstractContextManager[object],
        search: AbstractContextManager[object],
    ) -> None:  # fmt: skip
        self._crew = crew
        self._recall = recall
        self._slots = slots
        self._lesson = lesson
        self._search = search

    def announce(self, state: FilmState) -> FilmState:
        """Note what the film will not show as the page has it."""
        plan, capabilities = _read(state)
        notes = [*unknown_notes(plan, capabilities), *untrained_sizes(plan, capabilities)]
        notes.extend(
            f"shot {shot.id} shall continue the shot before it, but it is the first"
            for shot in plan.shots[:1]
            if shot.settings.continue_from_previous
        )
        if self._crew.join_measurer is None and any(map(joins.has_join, plan.shots[1:])):
            notes.append(f"the cuts between shots are not judged: {capabilities.name} cannot")
        return {"notes": notes}

    def teach(self, state: TeachInput) -> FilmState:
        """Retrieve what one motion or character is learnt from, and train its adapter."""
        need = AdapterNeed.model_validate(state["need"])
        retrieval: Retrieval | None = None
        found: dict[str, object] = {}
        with self._lesson:
            if self._slots.closed:
                return {}
            try:
                if need.kind == "motion" and not need.file:
                    # Nobody's looks are asked for: an adapter is the motion's, whoever performs it.
                    with self._search:
                        retrieval = self._crew.librarian.retrieve(need.name, ())
                    found = {need.id: dumped(retrieval)}
                    if not retrieval.kept:
                        raise TooFewClipsError(nothing_kept(retrieval))
                adapter = self._crew.trainer.adapt(need, retrieval)
            except TooFewClipsError as error:
                note = f"{need.words} is not taught and is drawn from the words alone: {error}"
                return {"unlearnt": {need.id: str(error)}, "retrievals": found, "notes": [note]}
            except DreamRunnerError as error:
                self._slots.failed(need.words, error)
                return {"untaught": {need.words: str(error)}}
        self._recall.add_adapter(need.id, retrieval, adapter)
        return {"retrievals": found, "adapters": {need.id: dumped_adapter(adapter)}}

    def after_schedule(self, state: FilmState) -> list[Send] | Literal["review_joins"]:
        """Send what no adapter teaches yet, and the shots of the wave that can do without it."""
        plan, capabilities = _read(state)
        policy = self._crew.teach
        known = state.get("adapters", {}).keys() | state.get("unlearnt", {}).keys()
        needs = to_teach(plan, capabilities, policy)
        missing = {one: need for one, need in needs.items() if one not in known}
        sends = [Send("teach", {"need": dumped(need)}) for need in missing.values()]
        waiting = {
            shot.id
            for shot in plan.shots
            if any(need.id in missing for need in needs_of(shot, capabilities, policy))
        }
        return [*sends, *_chains_to_shoot(state, waiting)] or "review_joins"

    def schedule(self, state: FilmState) -> FilmState:
        """Choose the shots of the next wave: those without a kept take."""
        failures, untaught = state.get("failures", {}), state.get("untaught", {})
        if failures or untaught or self._slots.closed:
            # This ends the run. The next run answers the interrupt, and the work goes on.
            interrupt([*untaught, *failures])
        plan, _ = _read(state)
        takes = _takes(plan, state)
        unfinished = [shot.id for shot in plan.shots if kept(takes[shot.id]) is None]
        return {
            "failures": dict.fromkeys(failures),
            "untaught": dict.fromkeys(untaught),
            "wave": chains(plan.shots, unfinished),
        }

    def review_joins(self, state: FilmState) -> FilmState:
        """Judge finished shots against those before them, and choose what is shot again for it."""
        reviewers = joins.Reviewers(self._crew.join_measurer, self._crew.identity_measurer)
        if reviewers == joins.Reviewers():
            return {"wave": []}
        plan, capabilities = _read(state)
        adapters = read_nouns(state.get("adapters", {}), Adapter)
        found = read_nouns(state.get("retrievals", {}), Retrieval)
        review = self._joins(plan, _takes(plan, state), adapters, found, capabilities, reviewers)
        return {
            "takes": {
                shot: [dumped_take(take) for take in judged]
                for shot, judged in review.takes.items()
            },
            # Each is a branch of its own: no two neighbours are in one wave.
            "wave": [[shot] for shot in review.chosen],
        }

    def approve_plan(self, state: FilmState) -> Command[Literal["approve_plan", "schedule"]]:
        """Wait for somebody's word on the plan, where it is wanted."""
        approver = self._crew.approver
        if approver is None or not approver.awaits_plan(_read(state)[0]):
            return Command(goto="schedule")
        # What was said is kept by the approver: a run that goes on looks for it, and asks again.
        interrupt(awaited("plan", ""))
        return Command(goto="approve_plan")

    def approve_shots(self, state: FilmState) -> Command[Literal["approve_shots", "cut"]]:
        """Wait for somebody's word on the first take that has none, where it is wanted."""
        approver, (plan, _) = self._crew.approver, _read(state)
        shot = approver and approver.awaited_shot(plan, self._recall.takes(all_takes(state)))
        if not shot:
            return Command(goto="cut")
        interrupt(awaited("shot", shot))
        return Command(goto="approve_shots")

    def cut(self, state: FilmState) -> FilmState:
        """Join the kept takes."""
        plan, _ = _read(state)
        film = self._crew.cutting_room.cut(plan, self._recall.takes(all_takes(state)))
        self._recall.film = film
        return {"film": [clip.key for clip in film.clips]}

    def _joins(
        self,
        plan: Plan,
        takes: Mapping[str, tuple[Take, ...]],
        adapters: Mapping[str, Adapter],
        found: Mapping[str, Retrieval],
        capabilities: Capabilities,
        reviewers: joins.Reviewers,
    ) -> joins.JoinReview:
        def wants(
            shot: ShotPlan,
            made: Sequence[Take],
            neighbour: Neighbour | None,
            place: Take | None,
        ) -> bool:
            if self._crew.spent():
                return False
            taught = taught_entities(shot, adapters, capabilities)
            means = means_of(shot, capabilities, found, place, policy=self._crew.teach)
            after = next_attempt(shot, made, taught=taught, neighbour=neighbour, means=means)
            return after is not None

        try:
            shown = {shot: self._recall.takes(made) for shot, made in takes.items()}
            return joins.review_joins(plan.shots, shown, reviewers, wants)
        except DreamRunnerError as error:
            shots = tuple(shot.id for shot in plan.shots if joins.is_reviewed(shot))
            raise ShotError(shots, f"the joins could not be measured: {error}") from error


def all_takes(state: FilmState) -> tuple[Take, ...]:
    """Return every take of the film, in the plan's order and then by number."""
    plan, _ = _read(state)
    return tuple(take for takes in _takes(plan, state).values() for take in takes)


def _read(state: FilmState) -> tuple[Plan, Capabilities]:
    plan = Plan.model_validate(state["plan"])
    return plan, Capabilities.model_validate(state["capabilities"])


def _takes(plan: Plan, state: FilmState) -> dict[str, tuple[Take, ...]]:
    """Return the takes of every shot of the plan, in its order."""
    return {shot.id: read_takes(state.get("takes", {}).get(shot.id)) for shot in plan.shots}


def _after_review(state: FilmState) -> list[Send] | Literal["approve_shots"]:
    """Send the shots that are shot again for their joins; when there are none, go on."""
    return _chains_to_shoot(state, set()) or "approve_shots"


def _chains_to_shoot(state: FilmState, waiting: AbstractSet[str]) -> list[Send]:
    """Send the chains of the wave none of whose shots waits for an adapter."""
    plan, _ = _read(state)
    takes = _takes(plan, state)
    order = list(takes)
    current = dict(zip(order, current_plans(plan, takes), strict=True))
    sends: list[Send] = []
    for chain in state["wave"]:
        if not waiting.isdisjoint(chain):
            continue
        first = order.index(chain[0])
        before = kept(takes[order[first - 1]]) if first else None
        # A first wave is shot side by side and joins nobody, unless the plan says so: what a shot
        # becomes must not depend on whether its neighbour happened to be finished.
        again = kept(takes[chain[0]])
        joining = current[chain[0]].settings.continue_from_previous or again
        place = place_source(plan.shots[:first], plan.shots[first], takes) if again else None
        shares = shares_place(plan.shots[:first], plan.shots[first])
        given: ShootInput = {
            "turn": first,
            "chain": [dumped(shot) for shot in plan.shots if shot.id in chain],
            "made": {shot: [dumped_take(take) for take in takes[shot]] for shot in chain},
            "teaching": state.get("adapters", {}),
            "engine": state["capabilities"],
            "found": state.get("retrievals", {}),
            "place": dumped_take(place) if place else None,
            "place_awaited": shares and not again,
            "before": dumped_take(before) if before and joining else None,
        }
        sends.append(Send("shoot", given))
    return sends
