"""The seam between productions and model families: shot plan + adapters -> frames.

A family is chosen by name from a small table; what it needs (torch, weights) is imported when it
is loaded and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..film import Adapter, Clip
from ..plan import Capabilities, ShotPlan

Frames = NDArray[np.uint8]  # [T, h, w, 3] RGB
OnStep = Callable[[int, int], None]  # steps done, steps in all


class Family(Protocol):
    """Draws shots. Everything that decides its pixels is in its fingerprint and its arguments."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def fingerprint(self) -> str:
        """A hash of the family's weights and of the version of its code."""
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


@dataclass(frozen=True, slots=True)
class Record:
    """Where a family lives: its class, and the function that tells what it can draw."""

    module: str
    family: str
    capabilities_module: str
    capabilities: str


FAMILIES = {
    "storybook": Record(
        "storybook.family", "StorybookFamily", "storybook.capabilities", "storybook_capabilities"
    ),
    "animatic": Record("animatic", "Animatic", "animatic", "animatic_capabilities"),
}


def _record(name: str) -> Record:
    if name not in FAMILIES:
        raise EngineError(f"no engine is called {name!r}; there are {', '.join(FAMILIES)}")
    return FAMILIES[name]


def capabilities(name: str) -> Capabilities:
    """Return what a family can draw, without loading its model.

    Raises:
        EngineError: no family has this name.
    """
    record = _record(name)
    module = import_module(f".{record.capabilities_module}", __package__)
    return cast(Capabilities, getattr(module, record.capabilities)())  # by the table above


def load_family(name: str) -> Family:
    """Return a family ready to draw.

    Raises:
        EngineError: no family has this name.
        WeightsError: its weights are missing or wrong.
    """
    record = _record(name)
    module = import_module(f".{record.module}", __package__)
    return cast(Family, getattr(module, record.family)())  # by the table above
