"""`--approve plan|shots` -> an approver: whoever is asked answers, and the film's folder keeps it.

An answer is kept as `keep` and `redo` keep theirs, in `takes.json`: it holds for later renders, a
killed one asks for no word twice, and a page that was edited keeps the approvals of all shots that
it did not change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from ..errors import PageEditedError
from .takes import DirectedCut, directed_cut

if TYPE_CHECKING:
    from ..agents.ports import Crew
    from ..film import Take
    from ..plan import Capabilities, Plan
    from ..tools.stages.runner import StoreRunner


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """Shall this plan be drawn?"""

    plan: Plan
    storyboard: Path


@dataclass(frozen=True, slots=True)
class ShotQuestion:
    """Shall the film show this take of a shot? `takes` are all that there are."""

    shot: str
    kept: Take
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One word: accept, keep another take, make one more, or make it by the page as it is now."""

    do: Literal["accept", "keep", "redo", "edited"]
    take: int = 0


class Ask(Protocol):
    """Asks a person, who may edit the page meanwhile."""

    def __call__(self, question: PlanQuestion | ShotQuestion) -> Reply:
        """Return an answer.

        Raises:
            DreamRunnerError: nobody answers; the work stops, and goes on from there.
        """
        ...


class FilmApprover:
    """An `Approver` of the agent's for one film, which asks by `ask`."""

    def __init__(
        self, wanted: Sequence[str], folder: Path, plan: Plan, room: DirectedCut, ask: Ask
    ) -> None:
        self._wanted = frozenset(wanted)
        self._folder, self._plan, self._room, self._ask = folder, plan, room, ask
        self._takes: tuple[Take, ...] = ()

    def awaits_plan(self, plan: Plan) -> bool:
        """Say whether the plan is to be approved and is not yet."""
        from ..tools.cutting.preferred import read_preferred

        return "plan" in self._wanted and read_preferred(self._folder).plan != _hash(plan)

    def awaited_shot(self, plan: Plan, takes: Sequence[Take]) -> str | None:
        """Return the first shot whose kept take nobody has approved or chosen."""
        from ..tools.cutting.preferred import read_preferred

        if "shots" not in self._wanted:
            return None
        self._takes = self._room.directed(plan, takes)
        preferred = read_preferred(self._folder)
        known = {*preferred.approved, *preferred.shown.values()}
        kept = {take.shot: take for take in self._takes if take.kept}
        waiting = (shot.id for shot in plan.shots if kept[shot.id].clip.key not in known)
        return next(waiting, None)

    def ask(self, what: Literal["plan", "shot"], name: str) -> None:
        """Ask for one word and keep it.

        Raises:
            PageEditedError: the page is another one now, and so is the work.
        """
        from ..tools.cutting.preferred import read_preferred, write_preferred

        before = read_preferred(self._folder)
        if what == "plan":
            answer = self._ask(PlanQuestion(self._plan, self._folder / "storyboard.png"))
            after = before.model_copy(update={"plan": _hash(self._plan)})
        else:
            takes = tuple(take for take in self._takes if take.shot == name)
            kept = next(take for take in takes if take.kept)
            answer = self._ask(ShotQuestion(name, kept, takes))
            if answer.do == "keep":
                chosen = next(take for take in takes if take.number == answer.take)
                after = before.showing(chosen)
            else:
                after = (
                    before.with_one_more(name) if answer.do == "redo" else before.approving(kept)
                )
        if answer.do == "edited":
            raise PageEditedError("the page was edited; what is finished is kept")
        write_preferred(self._folder, after)


def approving_crew(
    crew: Crew,
    capabilities: Capabilities,
    wanted: Sequence[str],
    folder: Path,
    plan: Plan,
    bench: StoreRunner,
    ask: Ask,
) -> Crew:
    """Return a crew that waits for a person's word, and whose film shows what was chosen."""
    room = crew.cutting_room
    if not isinstance(room, DirectedCut):
        room = directed_cut(crew, capabilities, folder, {}, bench.say)
    approver = FilmApprover(wanted, folder, plan, room, ask)
    return replace(crew, cutting_room=room, approver=approver)


def _hash(plan: Plan) -> str:
    from ..tools.stages.render import fragment
    from ..tools.store.recipe import canonical_json

    return hashlib.sha256(canonical_json([fragment(shot) for shot in plan.shots])).hexdigest()
