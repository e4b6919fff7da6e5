"""The seam between productions and model families: what a family is asked and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..film import Adapter, Clip
from ..plan import Capabilities, ShotPlan

Frames = NDArray[np.uint8]  # [T, h, w, 3] RGB
OnStep = Callable[[int, int], None]  # steps done, steps in all
Announce = Callable[[str], None]  # called with what the run should remember


@dataclass(frozen=True, slots=True)
class TrainingWatch:
    """Who looks on while an adapter is learnt.

    `on_clip` is called with clips or pictures that are made ready, and how many there are;
    `on_step` with steps done, steps at most, and the loss (NaN where a step has none);
    `stopped` says whether the user wants it to end; `folder` is where a stopped training is kept,
    None for nowhere.
    """

    on_step: Callable[[int, int, float], None] = lambda done, total, loss: None
    on_clip: Callable[[int, int], None] = lambda done, total: None
    stopped: Callable[[], bool] = lambda: False
    folder: Path | None = None


class Family(Protocol):
    """Draws shots. Its fingerprint, its arguments and its code decide every pixel."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def fingerprint(self) -> str:
        """A hash of the family's weights, and what was done to them when they were loaded."""
        ...

    def render(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        before: Clip | None,
        on_step: OnStep,
    ) -> Frames:
        """Draw a shot; `before` is the clip of the shot that it continues, if it does."""
        ...


@runtime_checkable
class PipelinedFamily(Protocol):
    """A family that can begin the next shot while the last one is being decoded."""

    def denoised(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        before: Clip | None,
        on_step: OnStep,
    ) -> Callable[[], Frames]:
        """Do what needs the model; what is returned does the rest, once, on any thread."""
        ...


@runtime_checkable
class ForecastingFamily(Protocol):
    """A family that works better when it knows a film's shots beforehand."""

    def expect(self, shots: Sequence[ShotPlan]) -> None: ...


@runtime_checkable
class ReleasableFamily(Protocol):
    """A family that can leave its device to somebody else, and come back for the next shot."""

    def release(self) -> None: ...


@runtime_checkable
class UnderpaintingFamily(Protocol):
    """A family that paints figures beneath a picture before its model draws over them."""

    def underpainted(self, shot: ShotPlan) -> tuple[str, ...]:
        """Return the ids of the entities that are painted beneath a shot."""
        ...


def underpainted(family: Family, shot: ShotPlan) -> tuple[str, ...]:
    """Return the ids of the entities that a family paints beneath a shot; most paint none."""
    return family.underpainted(shot) if isinstance(family, UnderpaintingFamily) else ()


@runtime_checkable
class DrawingFamily(Protocol):
    """A family that lays over its model's picture what it draws by hand."""

    def drawn(self, shot: ShotPlan) -> tuple[str, ...]:
        """Return what of a shot is drawn and not modelled, as "rain"."""
        ...


def drawn(family: Family, shot: ShotPlan) -> tuple[str, ...]:
    """Return what a family draws over its model's picture of a shot; most draw nothing."""
    return family.drawn(shot) if isinstance(family, DrawingFamily) else ()


def begun(
    family: Family,
    shot: ShotPlan,
    adapters: Sequence[Adapter],
    before: Clip | None,
    on_step: OnStep,
) -> Callable[[], Frames]:
    """Draw as much of a shot as needs the family; what is returned gives its frames."""
    if isinstance(family, PipelinedFamily):
        return family.denoised(shot, adapters, before, on_step)
    frames = family.render(shot, adapters, before, on_step)
    return lambda: frames
