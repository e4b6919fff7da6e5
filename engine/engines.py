"""An engine's name -> what it can draw, and the engine itself.

What an engine can draw is known without loading it: checking, planning and an unchanged render
need no model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..film import Adapter, Clip
from ..plan import Capabilities, ShotPlan

NAMES = ("storybook", "animatic")


class Engine(Protocol):
    """Whoever draws shots. `fingerprint` stands for all that decides the pixels of a shot."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def fingerprint(self) -> str: ...

    def render(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        before: Clip | None,
        on_step: Callable[[int, int], None],
    ) -> NDArray[np.uint8]:
        """Draw a shot: [T, h, w, 3] uint8 RGB. `on_step` is told steps done and steps in all."""
        ...


def capabilities_of(name: str) -> Capabilities:
    """Return what an engine can draw.

    Raises:
        EngineError: there is no engine of this name.
    """
    if name == "animatic":
        from .animatic import animatic_capabilities

        return animatic_capabilities()
    if name == "storybook":
        from .storybook.capabilities import storybook_capabilities

        return storybook_capabilities()
    raise EngineError(f'there is no engine "{name}"; there are {", ".join(NAMES)}')


def open_engine(name: str) -> Engine:
    """Return an engine, ready to be asked; a model is loaded when it first has to draw.

    Raises:
        EngineError: there is no engine of this name.
        WeightsError: its weights are missing or not the ones expected.
    """
    if name == "animatic":
        from .animatic import Animatic

        return Animatic()
    if name == "storybook":
        from .family import load_family

        return load_family(name)
    raise EngineError(f'there is no engine "{name}"; there are {", ".join(NAMES)}')
