"""Token layout + a diffusers CogVideoX transformer -> the same transformer under SR3AI.

The stock transformer is used as it is, with no line of it copied: tokens are sorted in a forward
hook behind its patch embedding and put back in a hook before its last projection; the rotary
embedding is sorted by the caller's side of `sr3ai`. Where the model adds absolute positions, as
CogVideoX-2B does, their table covers one text of fixed length: it is stretched over R texts, whose
positions are zero as that one's are, and put back afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from diffusers import CogVideoXTransformer3DModel
from diffusers.models.embeddings import apply_rotary_emb
from torch import Tensor

from .attention import region_attention
from .layout import TokenLayout

# Left out of compiled blocks: see `compiling`.
_attend = torch.compiler.disable(region_attention)

Rope = tuple[Tensor, Tensor]
Share = tuple[float, float]  # of the layers or steps, from and to, in 0..1


class RegionProcessor:
    """An attention processor of diffusers that attends by `region_attention`.

    `layout` is the one in force; without regions it is `opened`, in the same order of tokens.
    """

    def __init__(self, layout: TokenLayout) -> None:
        self.layout = layout

    def __call__(
        self,
        attn: Any,  # diffusers' Attention: its projections, norms and head count
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        image_rotary_emb: Rope | None = None,
    ) -> tuple[Tensor, Tensor]:
        if attention_mask is not None:
            raise ValueError("regions and another attention mask cannot be used together")
        texts = encoder_hidden_states.shape[1]
        query, key, value = project(attn, hidden_states, encoder_hidden_states, image_rotary_emb)
        out = _attend(query, key, value, self.layout, texts // self.layout.regions)
        return finish(attn, out, texts)


def project(
    attn: Any,  # diffusers' Attention
    hidden_states: Tensor,
    encoder_hidden_states: Tensor,
    rope: Rope | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return query, key and value [B, heads, S, d] of the joint sequence [text | video]."""
    texts = encoder_hidden_states.shape[1]
    joint = torch.cat([encoder_hidden_states, hidden_states], dim=1)  # [B, S, D]
    query, key, value = (
        layer(joint).unflatten(2, (attn.heads, -1)).transpose(1, 2)
        for layer in (attn.to_q, attn.to_k, attn.to_v)
    )
    if attn.norm_q is not None:
        query, key = attn.norm_q(query), attn.norm_k(key)
    if rope is not None:
        query, key = (
            torch.cat([x[:, :, :texts], apply_rotary_emb(x[:, :, texts:], rope)], dim=2)
            for x in (query, key)
        )
    return query, key, value


def finish(attn: Any, out: Tensor, texts: int) -> tuple[Tensor, Tensor]:  # diffusers' Attention
    """Project attended heads [B, heads, S, d] out; return video [B, N, D] and text [B, R*L, D]."""
    joint = attn.to_out[1](attn.to_out[0](out.transpose(1, 2).flatten(2)))
    return joint[:, texts:], joint[:, :texts]


def sorted_rope(rope: Rope, layout: TokenLayout) -> Rope:
    """Return the rotary embedding ([N, d], [N, d]) in the layout's order."""
    return rope[0][layout.order], rope[1][layout.order]


class RegionControl:
    """Says whether regions rule: everywhere at first, and only in the layers that were named."""

    def __init__(self, layout: TokenLayout, layers: Sequence[bool]) -> None:
        self._layout, self._opened = layout, layout.opened()
        self._layers = layers
        self.processors = [RegionProcessor(self._layout) for _ in layers]
        self.rule(True)

    def rule(self, on: bool) -> None:
        """Let regions rule from now on, or let every token see every text."""
        for processor, inside in zip(self.processors, self._layers, strict=True):
            processor.layout = self._layout if on and inside else self._opened


def within(share: Share, count: int) -> list[bool]:
    """Return which of `count` layers or steps lie in a share of them, by their centres."""
    return [share[0] <= (index + 0.5) / count <= share[1] for index in range(count)]


@contextmanager
def sr3ai(
    transformer: CogVideoXTransformer3DModel, layout: TokenLayout, layers: Share = (0.0, 1.0)
) -> Iterator[RegionControl]:
    """Run a transformer under a region layout for as long as the context lasts.

    Inside, call the transformer with R texts of equal length laid end to end and with
    `sorted_rope`. Latents go in and come out in raster order. On leaving, the transformer is what
    it was before.

    Args:
        layers: the share of the layers in which regions rule.
    """
    before = dict(transformer.attn_processors)
    control = RegionControl(layout, within(layers, len(before)))
    embed = transformer.patch_embed
    positions = embed.max_text_seq_length, getattr(embed, "pos_embedding", None)
    transformer.set_attn_processor(dict(zip(before, control.processors, strict=True)))
    handles = [
        embed.register_forward_pre_hook(_stretch_positions),
        embed.register_forward_hook(_sorter(layout)),
        transformer.proj_out.register_forward_pre_hook(restorer(layout)),
    ]
    try:
        yield control
    finally:
        for handle in handles:
            handle.remove()
        transformer.set_attn_processor(before)
        embed.max_text_seq_length, table = positions
        if table is not None:
            embed.pos_embedding = table


def _stretch_positions(embed: Any, args: tuple[Tensor, Tensor]) -> None:  # a diffusers module
    """Make the table of absolute positions as long as the texts of this call."""
    texts, before = args[0].shape[1], embed.max_text_seq_length
    if texts == before:
        return
    embed.max_text_seq_length = texts
    table = getattr(embed, "pos_embedding", None)
    if table is not None:
        zeros = table.new_zeros(table.shape[0], texts, table.shape[2])
        embed.pos_embedding = torch.cat([zeros, table[:, before:]], dim=1)


def _sorter(layout: TokenLayout) -> Any:  # torch's hook type
    def hook(_module: torch.nn.Module, _args: tuple[Any, ...], embeds: Tensor) -> Tensor:
        texts = embeds.shape[1] - layout.tokens
        return torch.cat([embeds[:, :texts], embeds[:, texts:][:, layout.order]], dim=1)

    return hook


def restorer(layout: TokenLayout) -> Any:  # torch's hook type
    """Return a hook that gives a last projection its tokens [B, N, D] in raster order."""

    def hook(_module: torch.nn.Module, args: tuple[Tensor]) -> tuple[Tensor]:
        return (args[0][:, layout.inverse],)

    return hook
