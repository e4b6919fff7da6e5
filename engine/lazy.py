"""A family's name -> a family that answers what it can without its model.

An unchanged film asks for an engine's fingerprint and nothing else: the model, and torch with it,
is loaded when the first shot has to be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..film import Adapter, Clip
from ..plan import Capabilities, ShotPlan
from .family import Family, Frames, OnStep, capabilities, load_family


class LazyFamily:
    """The family called `name`, loaded by the first `render`.

    Raises:
        EngineError: no family has this name.
        WeightsError: its weights are missing.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._capabilities = capabilities(name)
        self._fingerprint = _fingerprint(name)
        self._family: Family | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def render(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> Frames:
        """Draw a shot: [T, h, w, 3] uint8."""
        if self._family is None:
            self._family = load_family(self._name)
        return self._family.render(shot, adapters, before, on_step)


def _fingerprint(name: str) -> str:
    """Return a family's fingerprint; one with weights has a module that hashes them."""
    if name == "storybook":
        from .storybook.weights import fingerprint

        return fingerprint()
    return load_family(name).fingerprint
