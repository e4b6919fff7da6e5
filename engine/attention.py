"""Token layout + a diffusers CogVideoX transformer -> the same transformer under SR3AI.

The joint sequence is [text_1 .. text_R | video]. Text r sees itself and its region; a video token
sees every video token and the texts of the regions that cover it (section 3.3 of
arXiv 2411.16657). No S x S mask is ever built: video tokens are sorted by the set of texts that
they see, and each run of equals is one attention call over [its texts | all video].

The stock transformer is used as it is, with no line of it copied: tokens are sorted in a forward
hook behind its patch embedding and put back in a hook before its last projection; the rotary
embedding is sorted by the caller's side of `sr3ai`. Grouped calls are differentiable, so adapters
can be trained through them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from diffusers import CogVideoXTransformer3DModel
from diffusers.models.embeddings import apply_rotary_emb
from torch import Tensor

from .layout import TokenGroup, TokenLayout

Rope = tuple[Tensor, Tensor]


def region_attention(
    query: Tensor, key: Tensor, value: Tensor, layout: TokenLayout, text_length: int
) -> Tensor:
    """Attend under the region mask, a run of tokens at a time.

    Args:
        query, key, value: [B, heads, R*L + N, d], video tokens in the layout's sorted order.
        layout: which text sees which tokens.
        text_length: L, the tokens of each text.

    Returns:
        [B, heads, R*L + N, d], in the order of the query.
    """
    texts = layout.regions * text_length
    visible = layout.visible[:, layout.order]
    out = torch.empty_like(query)
    for row in range(layout.regions):
        own = slice(row * text_length, (row + 1) * text_length)
        mine = visible[row].nonzero().flatten() + texts
        keys = torch.cat([key[:, :, own], key[:, :, mine]], dim=2)
        values = torch.cat([value[:, :, own], value[:, :, mine]], dim=2)
        out[:, :, own] = F.scaled_dot_product_attention(query[:, :, own], keys, values)
    for group in layout.groups:
        run = slice(texts + group.start, texts + group.stop)
        keys = _seen_by(key, group, texts, text_length)
        values = _seen_by(value, group, texts, text_length)
        out[:, :, run] = F.scaled_dot_product_attention(query[:, :, run], keys, values)
    return out


def _seen_by(x: Tensor, group: TokenGroup, texts: int, length: int) -> Tensor:
    """Return the texts of a run and all video: [B, heads, len(group.texts)*L + N, d]."""
    parts = [x[:, :, row * length : (row + 1) * length] for row in group.texts]
    return torch.cat([*parts, x[:, :, texts:]], dim=2)


class RegionProcessor:
    """An attention processor of diffusers that attends by `region_attention`."""

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
        out = region_attention(query, key, value, self.layout, texts // self.layout.regions)
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


@contextmanager
def sr3ai(transformer: CogVideoXTransformer3DModel, layout: TokenLayout) -> Iterator[None]:
    """Run a transformer under a region layout for as long as the context lasts.

    Inside, call the transformer with R texts of equal length laid end to end and with
    `sorted_rope`. Latents go in and come out in raster order. On leaving, the transformer is what
    it was before.
    """
    before = dict(transformer.attn_processors)
    transformer.set_attn_processor(RegionProcessor(layout))
    handles = [
        transformer.patch_embed.register_forward_hook(_sorter(layout)),
        transformer.proj_out.register_forward_pre_hook(_restorer(layout)),
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
        transformer.set_attn_processor(before)


def _sorter(layout: TokenLayout) -> Any:  # torch's hook type
    def hook(_module: torch.nn.Module, _args: tuple[Any, ...], embeds: Tensor) -> Tensor:
        texts = embeds.shape[1] - layout.tokens
        return torch.cat([embeds[:, :texts], embeds[:, texts:][:, layout.order]], dim=1)

    return hook


def _restorer(layout: TokenLayout) -> Any:  # torch's hook type
    def hook(_module: torch.nn.Module, args: tuple[Tensor]) -> tuple[Tensor]:
        return (args[0][:, layout.inverse],)

    return hook
