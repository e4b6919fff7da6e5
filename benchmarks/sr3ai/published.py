"""A layout -> region attention and adapters as they were published: the forms to compare with.

Written anew from the paper's formulas (arXiv 2411.16657, section 3.3): one dense mask over the
whole sequence, given to one attention; adapters over the whole sequence, multiplied by masks before
and after. Tokens are sorted as ours are, which changes no time and lets results be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor

from dreamrunner.engine.sr3ai.layout import TokenLayout
from dreamrunner.engine.sr3ai.lora import LowRank
from dreamrunner.engine.sr3ai.region_lora import PlacedLora
from dreamrunner.engine.sr3ai.transformer import finish, project

Hook = Callable[[object, tuple[Tensor, ...], Tensor], Tensor]


def dense_mask(layout: TokenLayout, text: int) -> Tensor:
    """Return which of all tokens sees which: [S, S] bool, video tokens sorted."""
    texts = layout.regions * text
    size = texts + layout.tokens
    mask = torch.zeros(size, size, dtype=torch.bool, device=layout.visible.device)
    mask[texts:, texts:] = True
    seen = layout.visible[:, layout.order]
    for row in range(layout.regions):
        own = slice(row * text, (row + 1) * text)
        mask[own, own] = True
        mask[own, texts:] = seen[row]
        mask[texts:, own] = seen[row][:, None]
    return mask


def float_bias(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """Return a mask as what is added to the logits, 0 or minus infinity: [S, S].

    The stronger form of the published one: a bool mask is turned into this in every call.
    """
    return torch.zeros(mask.shape, dtype=dtype, device=mask.device).masked_fill(~mask, -torch.inf)


class MaskedProcessor:
    """Attention under one mask, or under none, as an attention processor of diffusers."""

    def __init__(self, mask: Tensor | None) -> None:
        self.mask = mask

    def __call__(
        self,
        attn: torch.nn.Module,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        image_rotary_emb: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, Tensor]:
        heads = project(attn, hidden_states, encoder_hidden_states, image_rotary_emb)
        out = F.scaled_dot_product_attention(*heads, attn_mask=self.mask)
        return finish(attn, out, encoder_hidden_states.shape[1])


def masked_lora(x: Tensor, out: Tensor, parts: Sequence[tuple[LowRank, Tensor]]) -> Tensor:
    """Add adapters to what a linear gave: every row is multiplied, and masked in and out.

    Args:
        x, out: [B, S, in] and [B, S, out], the linear's input and output.
        parts: each adapter with its mask [1, S, 1].
    """
    for update, mask in parts:
        out = out + F.linear(F.linear(x * mask, update.down), update.up) * mask
    return out


def row_mask(runs: Sequence[tuple[int, int]], rows: int, like: Tensor) -> Tensor:
    """Return 1 in the runs and 0 elsewhere: [1, rows, 1], of the kind of `like`."""
    mask = like.new_zeros(1, rows, 1)
    for start, stop in runs:
        mask[:, start:stop] = 1
    return mask


@contextmanager
def masked_loras(model: torch.nn.Module, placed: Sequence[PlacedLora], rows: int) -> Iterator[None]:
    """Let a model's linears use adapters in the published form, over `rows` tokens."""
    by_path: dict[str, list[tuple[LowRank, Tensor]]] = {}
    for one in placed:
        mask = None
        for path, update in one.lora.updates.items():
            weight = model.get_submodule(path).weight
            mask = row_mask(one.runs, rows, weight) if mask is None else mask
            here = LowRank(update.down.to(weight), update.up.to(weight))
            by_path.setdefault(path, []).append((here, mask))

    def hook(parts: Sequence[tuple[LowRank, Tensor]]) -> Hook:
        return lambda _linear, args, out: masked_lora(args[0], out, parts)

    handles = [
        model.get_submodule(path).register_forward_hook(hook(parts))
        for path, parts in by_path.items()
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
