"""The machine's takes + what the director wants -> the takes that a film is cut from.

More takes are made when the film is cut: with other seeds, from the plan of the take that is kept.
They are results of stages as all are, so that a second cut takes seconds. A `@take` of the story
comes before what lies beside its film.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    from ..story import PinnedTake, Story
    from ..tools.cutting.preferred import PreferredTakes

_SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class DirectedCut:
    """A cutting room that first makes the takes that are wanted, and shows those preferred.

    `pinned` are the numbers of takes that the story itself lets the film show, by shot: what else
    is preferred of these shots counts no more. `crew` is who draws and measures takes, `wanted`
    tells what is preferred by now, and `say` hears of a preferred take that is not there.
    """

    room: CuttingRoom
    crew: Crew
    capabilities: Capabilities
    wanted: Callable[[], PreferredTakes]
    pinned: Mapping[str, int]
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
        shown: dict[str, Clip] = {}
        for shot in plan.shots:
            own = [take for take in takes if take.shot == shot.id]
            more = self._more(preferred, own, before, shown)
            number = self.pinned.get(shot.id)
            if any(take.number == number for take in (*own, *more)):
                own, more = ([_kept(t, t.number == number) for t in ts] for ts in (own, more))
            elif more and shot.id not in preferred.shown:
                # Whoever asks for another take wants to see it.
                own = [_kept(take, False) for take in own]
                more[-1] = _kept(more[-1], True)
            made += [*own, *more]
            before = next((take.clip for take in (*own, *more) if take.kept), None)
            if before is not None:
                shown[shot.id] = before
        wanted = {
            shot: key
            for shot, key in preferred.shown.items()
            if shot not in self.pinned and any(s.id == shot for s in plan.shots)
        }
        chosen, lost = as_preferred(made, wanted)
        for shot_id in lost:
            self.say(
                f"the take that was preferred of shot {shot_id} is of an earlier plan; the film "
                "shows the one that scored best"
            )
        return chosen

    def _more(
        self,
        preferred: PreferredTakes,
        own: Sequence[Take],
        before: Clip | None,
        shown: Mapping[str, Clip],
    ) -> list[Take]:
        """Return the takes that a shot shall have beside its own; `before` is the shot before."""
        kept = next((take for take in own if take.kept), None)
        if kept is None or kept.plan is None:
            return []
        missing = self.pinned.get(kept.shot, 0) - own[-1].number
        count = max(preferred.more.get(kept.shot, 0), missing)
        if count <= 0:
            return []
        adapters = self._adapters(kept.plan)
        frame = kept.plan.settings.place_frame
        if frame is not None:
            before = shown.get(frame.shot, before)
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
        joined = before if shot.settings.needs_clip else None
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
        from ..agents.graph.teaching import adapters_of, clips_for, needs_of
        from ..errors import TooFewClipsError

        taught: dict[str, Adapter] = {}
        for need in needs_of(shot, self.capabilities, self.crew.teach):
            retrieval = None
            if need.kind == "motion" and not need.file:
                retrieval = clips_for(need, self.crew.librarian.retrieve(need.name, ()))
            with suppress(TooFewClipsError):  # of which the graph told with the first take
                taught[need.id] = self.crew.trainer.adapt(need, retrieval)
        return adapters_of(shot, taught, self.capabilities, self.crew.teach)


def _kept(take: Take, kept: bool) -> Take:
    return take.model_copy(update={"kept": kept})


def pinned_takes(
    story: Story, plan: Plan, say: Callable[[str], None] | None = None
) -> dict[str, PinnedTake]:
    """Return which takes a story lets its film show, by shot; `say` hears of shots that are not."""
    found: dict[str, PinnedTake] = {}
    scenes = {scene.id: scene for scene in plan.scenes}
    for scene in story.scenes:
        shots = scenes[scene.id].shots if scene.id in scenes else ()
        for take in scene.takes:
            if take.shot <= len(shots):
                found[shots[take.shot - 1].id] = take
            elif say is not None:
                say(
                    f"line {take.span.line}: scene {scene.id} has no shot {take.shot} of which a "
                    f"take could be shown; it has {len(shots)}"
                )
    return found


def directed_crew(
    crew: Crew,
    capabilities: Capabilities,
    folder: Path,
    pinned: Mapping[str, PinnedTake],
    say: Callable[[str], None],
) -> Crew:
    """Return a crew whose film shows what the director prefers, as story and folder say.

    Raises:
        InputError: what is preferred cannot be read.
    """
    from ..tools.cutting.preferred import PreferredTakes, read_preferred

    if read_preferred(folder) == PreferredTakes() and not pinned:
        return crew
    room = directed_cut(crew, capabilities, folder, pinned, say)
    return replace(crew, cutting_room=room)


def directed_cut(
    crew: Crew,
    capabilities: Capabilities,
    folder: Path,
    pinned: Mapping[str, PinnedTake],
    say: Callable[[str], None],
) -> DirectedCut:
    """Return the cutting room that shows what is preferred when it cuts."""
    from ..tools.cutting.preferred import read_preferred

    numbers = {shot: take.number for shot, take in pinned.items()}
    wanted = partial(read_preferred, folder)
    return DirectedCut(crew.cutting_room, crew, capabilities, wanted, numbers, say)


def _other_seed(seed: int, number: int) -> int:
    """Return the seed of a further take: the same for the same take, and unlike all others."""
    digest = sha256(f"take {number} of {seed}".encode()).digest()
    return int.from_bytes(digest[:8]) % _SEEDS
