"""A clip, or two that are joined -> measurements, made by the critic at most once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...engine.libraries import importing_alone
from ...film import Clip, Measurement
from ...plan import ShotPlan
from ..store.recipe import JSON, STAGE_VERSIONS
from .calls import MeasureClip, MeasureIdentity, MeasureJoin
from .job import Job
from .render import UNSEEN, fragment
from .runner import StageRunner

if TYPE_CHECKING:
    from ..critic.measure import CriticSetup


_TOLD = {False: " join", True: " likeness"}
_NOTES = {False: "the join with the shot before", True: "the likeness to earlier shots"}


class ClipMeasurer(Protocol):
    """A critic, as the measuring stage calls it."""

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]: ...

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]: ...

    def measure_identity(
        self, shot: ShotPlan, clip: Clip, earlier: Sequence[tuple[ShotPlan, Clip]]
    ) -> Sequence[Measurement]: ...


class LazyCritic:
    """A critic that is loaded when it first has to look."""

    def __init__(self, load: Callable[[], CriticSetup]) -> None:
        self._load = load

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        return self._critic.measure(shot, clip)

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        return self._critic.measure_join(shot, before, clip)

    def measure_identity(
        self, shot: ShotPlan, clip: Clip, earlier: Sequence[tuple[ShotPlan, Clip]]
    ) -> Sequence[Measurement]:
        return self._critic.measure_identity(shot, clip, earlier)

    @cached_property
    def _critic(self) -> ClipMeasurer:
        with importing_alone():
            from ..critic.measure import CriticMeasurer

        return CriticMeasurer(self._load)


@dataclass(frozen=True, slots=True)
class StageMeasurer:
    """Measures clips with a critic; `fingerprint` is the hash of its weights and its card."""

    runner: StageRunner
    critic: ClipMeasurer
    fingerprint: str
    story: str

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        """Return one measurement for each of the shot's assertions, in their order."""
        call = MeasureClip(shot, clip)
        return self._once(call, (clip,), lambda: self.critic.measure(shot, clip))

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        """Return one measurement for each `join` assertion of the shot, in their order."""
        call = MeasureJoin(shot, before, clip)
        return self._once(
            call, (before, clip), lambda: self.critic.measure_join(shot, before, clip)
        )

    def measure_identity(
        self, shot: ShotPlan, clip: Clip, earlier: Sequence[tuple[ShotPlan, Clip]]
    ) -> Sequence[Measurement]:
        """Return one measurement for each `identity` assertion of the shot, in their order."""
        call = MeasureIdentity(shot, clip, tuple(earlier))
        return self._once(
            call,
            (*(one for _, one in earlier), clip),
            lambda: self.critic.measure_identity(shot, clip, earlier),
            likeness=True,
        )

    def _once(
        self,
        call: MeasureClip | MeasureJoin | MeasureIdentity,
        clips: Sequence[Clip],
        look: Callable[[], Sequence[Measurement]],
        *,
        likeness: bool = False,
    ) -> Sequence[Measurement]:
        shot = call.shot
        keys = [clip.key for clip in clips]
        job = Job(
            stage="measure",
            version=STAGE_VERSIONS["measure"],
            inputs={
                "critic": self.fingerprint,
                "shot": fragment(shot, without=UNSEEN - {"assertions"}),
                "clips": list(keys),
                **({"likeness": True} if likeness else {}),
            },
            label=f"{self.story} shot {shot.id}" + _TOLD[likeness] * (len(clips) > 1),
            shot=shot.id,
            parents=tuple(keys),
            note=_NOTES[likeness] if len(clips) > 1 else "",
            call=call,
        )

        def make(_: Path) -> Mapping[str, JSON]:
            return {"found": [found.model_dump(mode="json") for found in look()]}

        made = self.runner.once(job, make).fields["found"]
        found = [Measurement.model_validate(value) for value in made]
        # A line that moved since it was measured is still the line to point at.
        spans = {wanted.id: wanted.span for wanted in shot.assertions}
        return [m.model_copy(update={"span": spans.get(m.assertion, shot.span)}) for m in found]
