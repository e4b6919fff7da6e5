"""The machine's takes + what the director wants -> the takes that a film is cut from.

More takes are made when the film is cut: with other seeds, from the plan of the take that is kept.
They are results of stages as all are, so that a second cut takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ..film import Film, Take
from ..plan import Capabilities, Plan

if TYPE_CHECKING:
    from ..agents.ports import Crew, CuttingRoom
    from ..film import Adapter, Clip
    from ..plan import ShotPlan
    from ..tools.cutting.preferred import PreferredTakes

_SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class DirectedCut:
    """A cutting room that first makes the takes that are wanted, and shows those preferred.

    `crew` is who draws and measures them, `wanted` tells what is preferred by now, and `say` hears
    of a preferred take that is not there.
    """

    room: CuttingRoom
    crew: Crew
    capabilities: Capabilities
    wanted: Callable[[], PreferredTakes]
    say: Callable[[str], None]
    _made: dict[tuple[str, int, int], Take] = field(default_factory=dict)

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        """Return the film of the takes that are preferred, else of those that were kept."""
        return self.room.cut(plan, self.directed(plan, takes))

    def directed(self, plan: Plan, takes: Sequence[Take]) -> tuple[Take, ...]:
        """Return all takes, with those that are wanted beside the machine's, as preferred."""
        from ..tools.cutting.preferred import as_preferred

        preferred = self.wanted()
        made: list[Take] = []
        before: Clip | None = None
        for shot in plan.shots:
            own = [take for take in takes if take.shot == shot.id]
            more = self._more(preferred, own, before)
            if more and shot.id not in preferred.shown:
                # Whoever asks for another take wants to see it.
                own = [take.model_copy(update={"kept": False}) for take in own]
                more[-1] = more[-1].model_copy(update={"kept": True})
            made += [*own, *more]
            before = next((take.clip for take in (*own, *more) if take.kept), None)
        wanted = {
            shot: key
            for shot, key in preferred.shown.items()
            if any(s.id == shot for s in plan.shots)
        }
        chosen, lost = as_preferred(made, wanted)
        for shot_id in lost:
            self.say(
                f"the take that was preferred of shot {shot_id} is of an earlier plan; the film "
                "shows the one that scored best"
            )
        return chosen

    def _more(
        self, preferred: PreferredTakes, own: Sequence[Take], before: Clip | None
    ) -> list[Take]:
        """Return the takes that a shot shall have beside its own; `before` is the shot before."""
        kept = next((take for take in own if take.kept), None)
        count = preferred.more.get(kept.shot, 0) if kept else 0
        if kept is None or kept.plan is None or not count:
            return []
        adapters = self._adapters(kept.plan)
        numbers = range(own[-1].number + 1, own[-1].number + 1 + count)
        takes = [(number, (kept.shot, kept.plan.seed, number)) for number in numbers]
        for number, known in takes:
            if known not in self._made:  # it is asked for at every word that is waited for
                self._made[known] = self._take(kept.plan, number, adapters, before)
        return [self._made[known] for _, known in takes]

    def _take(
        self, plan: ShotPlan, number: int, adapters: Sequence[Adapter], before: Clip | None
    ) -> Take:
        from ..agents.critic.verdict import judge

        shot = plan.model_copy(update={"seed": _other_seed(plan.seed, number)})
        joined = before if shot.settings.continue_from_previous else None
        clip = self.crew.renderer.render(shot, adapters, joined)
        take = Take(
            shot=shot.id,
            number=number,
            seed=shot.seed,
            clip=clip,
            verdict=judge(shot, self.crew.measurer.measure(shot, clip)),
            plan=shot,
            adapters=tuple(adapter.name for adapter in adapters),
            before=joined.key if joined else None,
        )
        if self.crew.watch is not None:
            self.crew.watch(take)
        return take

    def _adapters(self, shot: ShotPlan) -> tuple[Adapter, ...]:
        """Return a shot's adapters, which the store has from its first take."""
        from ..agents.graph.teaching import adapters_of, needs_of
        from ..errors import TooFewClipsError

        taught: dict[str, Adapter] = {}
        for need in needs_of(shot, self.capabilities, self.crew.teach):
            retrieval = None
            if need.kind == "motion" and not need.file:
                retrieval = self.crew.librarian.retrieve(need.name, ())
            with suppress(TooFewClipsError):  # of which the graph told with the first take
                taught[need.id] = self.crew.trainer.adapt(need, retrieval)
        return adapters_of(shot, taught, self.capabilities, self.crew.teach)


def directed_crew(
    crew: Crew, capabilities: Capabilities, folder: Path, say: Callable[[str], None]
) -> Crew:
    """Return a crew whose film shows what the director prefers, as the film's folder says.

    Raises:
        InputError: what is preferred cannot be read.
    """
    from ..tools.cutting.preferred import PreferredTakes, read_preferred

    if read_preferred(folder) == PreferredTakes():
        return crew
    return replace(crew, cutting_room=directed_cut(crew, capabilities, folder, say))


def directed_cut(
    crew: Crew, capabilities: Capabilities, folder: Path, say: Callable[[str], None]
) -> DirectedCut:
    """Return the cutting room that shows what is preferred when it cuts."""
    from ..tools.cutting.preferred import read_preferred

    wanted = partial(read_preferred, folder)
    return DirectedCut(crew.cutting_room, crew, capabilities, wanted, say)


def _other_seed(seed: int, number: int) -> int:
    """Return the seed of a further take: the same for the same take, and unlike all others."""
    digest = sha256(f"take {number} of {seed}".encode()).digest()
    return int.from_bytes(digest[:8]) % _SEEDS
