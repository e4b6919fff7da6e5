"""Texts of a shot + a diffusers pipeline -> their embeddings, and how much of them is padding.

Embeddings of texts seen before come from memory, so that a text encoder may leave the device.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..quiet import quietly


@dataclass(frozen=True, slots=True)
class Texts:
    """A shot's texts laid end to end, asked for and avoided.

    Attributes:
        positive: [sum of lengths, W], a text a region, the background's last.
        negative: the same for what guidance moves away from.
        lengths: L_r of each region.
        pads: for each region how many equal padding tokens its last token stands for.
    """

    positive: Tensor
    negative: Tensor
    lengths: tuple[int, ...]
    pads: tuple[int, ...]

    def to(self, device: torch.device, dtype: torch.dtype) -> Texts:
        """Return the texts on a device in a model's numbers."""
        positive, negative = (x.to(device, dtype) for x in (self.positive, self.negative))
        return Texts(positive, negative, self.lengths, self.pads)

    def rows(self) -> tuple[tuple[int, int], ...]:
        """Return where each region's text stands: start, stop."""
        ends = torch.tensor(self.lengths).cumsum(0).tolist()
        return tuple((end - length, end) for end, length in zip(ends, self.lengths, strict=True))


Visit = Callable[[], AbstractContextManager[torch.device]]


class TextMemory:
    """The text encoder of a pipeline, asked once for each text.

    `visit` brings the encoder onto its device and takes it away again. Texts that were announced
    are embedded in the first visit, so that there is one for a whole film.
    """

    def __init__(self, pipe: Any, length: int, visit: Visit) -> None:  # a diffusers pipeline
        self._pipe = pipe
        self._length = length
        self._visit = visit
        self._seen: dict[str, Tensor] = {}
        self._announced: list[str] = []

    def announce(self, texts: Sequence[str]) -> None:
        """Say which texts will be asked for."""
        self._announced = list(dict.fromkeys([*self._announced, *texts]))

    @torch.no_grad()
    def embed(self, texts: Sequence[str]) -> Tensor:
        """Return texts [R, L, W] on the CPU, padded to the model's own length."""
        if not self._seen.keys() >= set(texts):
            missing = [t for t in (*texts, *self._announced) if t not in self._seen]
            with quietly(), self._visit() as device:
                # One at a time: in a batch, rounding makes a text depend on the others.
                for text in dict.fromkeys(missing):
                    embedded = self._pipe.encode_prompt(
                        text, do_classifier_free_guidance=False, device=device,
                        max_sequence_length=self._length,
                    )[0]  # fmt: skip
                    self._seen[text] = embedded[0].cpu()
        return torch.stack([self._seen[text] for text in texts])

    def cut(self, texts: Sequence[str]) -> list[tuple[str, int]]:
        """Return the texts that are longer than the model takes, and how many tokens each has."""
        with quietly():
            counted = [(text, len(self._pipe.tokenizer(text).input_ids)) for text in texts]
        return [(text, count) for text, count in counted if count > self._length]

    @property
    def length(self) -> int:
        """How many tokens of a text the model takes."""
        return self._length

    def real(self, text: str) -> int:
        """Return how many tokens a text has without its padding."""
        ids = self._pipe.tokenizer(text, truncation=True, max_length=self._length).input_ids
        return max(1, len(ids))


def equal_texts(memory: TextMemory, texts: Sequence[str], negative: str, trim: bool) -> Texts:
    """Return texts of one length. To trim them to the longest real one is lossy on CogVideoX."""
    away = [negative] * len(texts)
    towards, avoided = memory.embed(texts), memory.embed(away)
    length = max(memory.real(t) for t in (*texts, negative)) if trim else towards.shape[1]
    return Texts(
        towards[:, :length].flatten(0, 1),
        avoided[:, :length].flatten(0, 1),
        (length,) * len(texts),
        (1,) * len(texts),
    )


def collapsed_texts(memory: TextMemory, texts: Sequence[str], negative: str) -> Texts:
    """Return texts whose padding is one token that stands for all of it.

    Exact where padding is zeros that nothing distinguishes, as Wan's is: equal keys with equal
    values are one key whose logit is raised by the logarithm of their number.
    """
    towards, avoided = memory.embed(texts), memory.embed([negative] * len(texts))
    kept, away, lengths, pads = [], [], [], []
    for positive, other in zip(towards, avoided, strict=True):
        real = max(_nonzero(positive), _nonzero(other))
        length = min(real + 1, len(positive))
        kept.append(positive[:length])
        away.append(other[:length])
        lengths.append(length)
        pads.append(len(positive) - length + 1)
    return Texts(torch.cat(kept), torch.cat(away), tuple(lengths), tuple(pads))


def _nonzero(embedded: Tensor) -> int:
    """Return where the zeros at the end begin: [L, W] -> 0..L."""
    used = embedded.any(-1).nonzero()
    return int(used[-1]) + 1 if len(used) else 0
