"""An engine without library, trainer or critic -> stand-ins that say why they do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import AdapterError, LibraryError
from ...film import Adapter, Clip, Measurement, Retrieval
from ...plan import ShotPlan


@dataclass(frozen=True, slots=True)
class NoMeasurer:
    """The critic of an engine that has none: it judges nothing, and says why."""

    reason: str

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        """Return each of the shot's assertions as not measured, which is never a pass."""
        return [
            Measurement(
                assertion=wanted.id,
                metric=wanted.metric,
                subject=wanted.subject,
                value=None,
                threshold=wanted.threshold,
                threshold_origin="asked by the "
                + ("page" if wanted.origin == "expect" else "plan"),
                passed=None,
                explanation=f"not measured: {self.reason}",
                span=wanted.span,
            )
            for wanted in shot.assertions
        ]


@dataclass(frozen=True, slots=True)
class NoTraining:
    """The library and the trainer of an engine that knows every motion it can draw."""

    engine: str

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        raise LibraryError(f"the {self.engine} engine needs no clips of {motion}")

    def kept_adapter(self, retrieval: Retrieval) -> None:
        """Return nothing: no adapter was ever trained."""

    def adapt(self, retrieval: Retrieval) -> Adapter:
        raise AdapterError(
            f"the {self.engine} engine takes no adapters, so none for {retrieval.motion}"
        )
