"""An engine without library, trainer or critic -> stand-ins that say why they do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import AdapterError, LibraryError, TooFewClipsError
from ...film import Adapter, AdapterNeed, Clip, Measurement, Retrieval
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

    def kept_adapter(self, need: AdapterNeed, retrieval: Retrieval | None) -> None:
        """Return nothing: no adapter was ever trained."""

    def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
        if need.file:
            raise TooFewClipsError(f"the {self.engine} engine takes no adapters: {need.file}")
        raise AdapterError(f"the {self.engine} engine takes no adapters, so none for {need.name}")


@dataclass(frozen=True, slots=True)
class NoClips:
    """The library of a published model where nobody has brought any clips."""

    engine: str

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        raise TooFewClipsError(
            f"{self.engine} learns motions from clips of your own, and the library has none"
        )
