"""A family's name -> a family that answers what it can without its model.

An unchanged film asks for an engine's fingerprint and nothing else: the model, and torch with it,
is loaded when the first shot has to be drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..film import Adapter, Clip
from ..plan import Capabilities, ShotPlan
from .diffusion.weights import DEFAULTS, LoadOptions, find_weights, fingerprint_of
from .family import capabilities, load_family, published
from .protocol import Announce, Family, ForecastingFamily, Frames, OnStep, begun, underpainted


class LazyFamily:
    """The family called `name`, loaded by the first `render`; `announce` is called with
    what it chose.

    Raises:
        EngineError: no family has this name.
        WeightsError: its weights are missing.
    """

    def __init__(
        self, name: str, options: LoadOptions = DEFAULTS, known: Capabilities | None = None
    ) -> None:
        """Remember a family's name.

        Args:
            known: what may be known of it, where that is more than the family's own word, such as
                what a critic from elsewhere measures of it.
        """
        self._name = name
        self._options = options
        self._capabilities = known or capabilities(name)
        self._fingerprint = _fingerprint(name, options)
        self._family: Family | None = None
        self._expected: tuple[ShotPlan, ...] = ()
        self.announce: Announce | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def expect(self, shots: Sequence[ShotPlan]) -> None:
        """Note which shots are to come; nothing is loaded for it."""
        self._expected = tuple(shots)
        self._pass_on()

    def render(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> Frames:
        """Draw a shot: [T, h, w, 3] uint8."""
        return self.denoised(shot, adapters, before, on_step)()

    def denoised(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> Callable[[], Frames]:
        """Do what needs the model; what is returned does the rest."""
        if self._family is None:
            self._family = load_family(self._name, self._options, self.announce)
            self._pass_on()
        return begun(self._family, shot, adapters, before, on_step)

    def release(self) -> None:
        """Let the model go, so that its device is free; the next shot loads it again."""
        self._family = None

    def underpainted(self, shot: ShotPlan) -> tuple[str, ...]:
        """Return the ids of the entities that are painted beneath a shot that was drawn."""
        return () if self._family is None else underpainted(self._family, shot)

    def _pass_on(self) -> None:
        if isinstance(self._family, ForecastingFamily):
            self._family.expect(self._expected)


def _fingerprint(name: str, options: LoadOptions) -> str:
    """Return a family's fingerprint; one with weights has a module that hashes them."""
    checkpoint = published(name)
    if checkpoint is not None:
        return fingerprint_of(checkpoint, find_weights(checkpoint, options), options)
    if name == "storybook":
        from .storybook.weights import fingerprint

        return fingerprint()
    return load_family(name).fingerprint
