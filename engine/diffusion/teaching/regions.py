"""Boxes of a clip -> the layout under which it is learnt, and the rows that its adapter changes.

A clip of which it is known who is where is learnt as it will be drawn: each text is seen by its own
region, and the adapter works on the tokens and the text of whom it teaches and on nothing else.
Under one caption a model must guess where somebody stands while the noise is strong, and an adapter
of ten clips remembers it instead of how they move.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from torch import Tensor, nn

from ....story import Box
from ...sr3ai.layout import TokenGrid, TokenLayout, region_masks, token_layout, visibility
from ...sr3ai.region_lora import Run, entity_runs
from .buckets import Bucket


@lru_cache(maxsize=64)
def lesson_layout(boxes: tuple[Box, ...], grid: TokenGrid) -> TokenLayout:
    """Lay boxes that stand still onto a clip's tokens; the background's text is the last."""
    tracks = [[box] * grid.frames for box in boxes]
    return token_layout(visibility(region_masks(tracks, grid.height, grid.width)))


def subject_rows(layout: TokenLayout, grid: TokenGrid, text_length: int) -> tuple[Run, ...]:
    """Return the rows of a joint sequence that are the first region's: its text and its tokens."""
    return entity_runs(layout, 0, grid, text_length)


def subject_latents(box: Box, grid: TokenGrid, latents: Tensor) -> Tensor:
    """Return which of a clip's latents [T, C, H, W] lie in a box's tokens: [T, 1, H, W] fp32."""
    mask = region_masks([[box] * grid.frames], grid.height, grid.width)[0].float()
    for axis, (tokens, size) in enumerate(
        zip(mask.shape, (latents.shape[0], *latents.shape[2:]), strict=True)
    ):
        mask = mask.repeat_interleave(size // tokens, dim=axis)
    return mask[:, None]


def fitted_box(box: Box, width: int, height: int, bucket: Bucket) -> Box | None:
    """Return where a box of a clip is once the clip was brought to a bucket; None for nowhere.

    As `buckets.fitted`: scaled until it covers the bucket, and cut about its middle.
    """
    scale = max(bucket.width / width, bucket.height / height)
    across, down = width * scale / bucket.width, height * scale / bucket.height
    left, right = ((x - 0.5) * across + 0.5 for x in (box.left, box.right))
    top, bottom = ((y - 0.5) * down + 0.5 for y in (box.top, box.bottom))
    left, top, right, bottom = max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom)
    return Box(left, top, right, bottom) if left < right and top < bottom else None


class RowGate:
    """Empties the updates of one adapter outside of some rows, while it is learnt.

    It stays for as long as the adapter's layers do.
    """

    def __init__(self, transformer: nn.Module, name: str) -> None:
        self._runs: tuple[Run, ...] | None = None
        for path, module in transformer.named_modules():
            if path.endswith(f"lora_B.{name}"):
                module.register_forward_hook(self._gate)

    @contextmanager
    def opened(self, runs: tuple[Run, ...] | None) -> Iterator[None]:
        """Let the adapter work on some rows alone, on all for None, as long as this lasts."""
        self._runs = runs
        try:
            yield
        finally:
            self._runs = None

    def _gate(self, _module: nn.Module, _args: Any, update: Tensor) -> Tensor | None:
        if self._runs is None:
            return None
        inside = update.new_zeros(1, update.shape[1], 1)
        for start, stop in self._runs:
            inside[:, start:stop] = 1
        return update * inside
