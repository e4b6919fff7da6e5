"""Texts -> unit vectors by the frozen MiniLM, loaded only when something is searched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ...engine.storybook.text_encoder import TextEncoder

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Places texts so that those of like meaning are near each other."""

    @property
    def fingerprint(self) -> str:
        """What distinguishes it: vectors of equal fingerprints may be compared."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return [N, D] fp32 of unit length."""
        ...


class MiniLM:
    """The sentence encoder that the embedded models were trained with."""

    # The weights' hash is checked by the encoder itself, whose import costs seconds.
    fingerprint = "all-MiniLM-L6-v2, mean of tokens"

    def __init__(self) -> None:
        self._encoder: TextEncoder | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return [N, 384] fp32 of unit length."""
        if self._encoder is None:
            # A key or a count needs no model, and an unchanged story must end without torch.
            from ...engine.storybook.text_encoder import TextEncoder

            self._encoder = TextEncoder()
        return np.asarray(self._encoder.sentences(texts).numpy(), np.float32)
