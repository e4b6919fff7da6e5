"""The miniature's transformer: its configuration, its positions, its schedule of noise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from diffusers import CogVideoXDDIMScheduler, CogVideoXTransformer3DModel
from diffusers.models.embeddings import get_3d_rotary_pos_embed
from torch import Tensor

from ..sr3ai.transformer import Rope, finish, project
from .clips import SHAPE
from .text import TOKENS
from .text import WIDTH as TEXT_WIDTH
from .world import FRAMES

GATHERED = 5  # frames of a token
STEPS = 1000  # of the schedule of training
_HEAD = 64


def config(patch: int, *, layers: int = 6, heads: int = 4) -> dict[str, Any]:
    """Return keyword arguments of the diffusers class, for tokens of `patch` latents a side."""
    return {
        "num_attention_heads": heads,
        "attention_head_dim": _HEAD,
        "in_channels": SHAPE[1],
        "out_channels": SHAPE[1],
        "time_embed_dim": 128,
        "text_embed_dim": TEXT_WIDTH,
        "num_layers": layers,
        "sample_height": SHAPE[2],
        "sample_width": SHAPE[3],
        "sample_frames": FRAMES,
        "patch_size": patch,
        "patch_size_t": GATHERED,
        "temporal_compression_ratio": 1,
        "max_text_seq_length": TOKENS,
        "use_rotary_positional_embeddings": True,
    }


def new_transformer(patch: int) -> CogVideoXTransformer3DModel:
    """Return a transformer that begins as no change: every block's gate is closed at first."""
    model = CogVideoXTransformer3DModel(**config(patch))
    for block in model.transformer_blocks:
        for norm in (block.norm1, block.norm2):
            torch.nn.init.zeros_(norm.linear.weight)
            torch.nn.init.zeros_(norm.linear.bias)
    torch.nn.init.zeros_(model.proj_out.weight)
    torch.nn.init.zeros_(model.proj_out.bias)
    return model


def scheduler() -> CogVideoXDDIMScheduler:
    """Return the schedule of noise, CogVideoX-5B's own: v-prediction, zero terminal SNR.

    The 2B's shift of three is for large frames: on these it leaves where a figure stands open until
    half of the steps are over.
    """
    return CogVideoXDDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
        prediction_type="v_prediction", rescale_betas_zero_snr=True, snr_shift_scale=1.0,
        timestep_spacing="trailing",
    )  # fmt: skip


def grid(patch: int) -> tuple[int, int, int]:
    """Return how many tokens a clip has in time, height and width."""
    return FRAMES // GATHERED, SHAPE[2] // patch, SHAPE[3] // patch


def rope(patch: int) -> Rope:
    """Return the rotary embedding of a clip, as the stock pipeline makes it: [N, d] twice."""
    frames, height, width = grid(patch)
    cos, sin = get_3d_rotary_pos_embed(
        _HEAD, None, (height, width), frames, grid_type="slice", max_size=(height, width)
    )
    return cos.float(), sin.float()


class DenseProcessor:
    """An attention processor of diffusers that holds all weights, under a mask for each sample.

    Training needs what `region_attention` cannot do: another layout for each clip of a batch. At
    half a thousand tokens plain products are also faster on a CPU than the fused kernel, by a fifth
    of a whole step. `mask`: [B, 1, S, S] bool, True where a query (row) sees a key, or None.
    """

    def __init__(self, mask: Tensor | None = None) -> None:
        self.mask = mask

    def __call__(
        self,
        attn: Any,  # diffusers' Attention
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        image_rotary_emb: Rope | None = None,
    ) -> tuple[Tensor, Tensor]:
        heads = project(attn, hidden_states, encoder_hidden_states, image_rotary_emb)
        with torch.autocast("cpu", enabled=False):
            # Rotary positions leave queries and keys in fp32, values come as autocast has them.
            query, key, value = (x.to(heads[2].dtype) for x in heads)
            scores = query * query.shape[-1] ** -0.5 @ key.transpose(-1, -2)  # [B, h, S, S]
            if self.mask is not None:
                scores = scores.masked_fill(~self.mask, -torch.inf)
            out = scores.softmax(-1) @ value
        return finish(attn, out, encoder_hidden_states.shape[1])


@contextmanager
def dense(model: CogVideoXTransformer3DModel, mask: Tensor | None) -> Iterator[None]:
    """Attend under a mask [B, 1, S, S] for as long as the context lasts; None masks nothing."""
    before = dict(model.attn_processors)
    model.set_attn_processor(DenseProcessor(mask))
    try:
        yield
    finally:
        model.set_attn_processor(before)


def joint_mask(visible: Tensor) -> Tensor:
    """Return who sees whom in [texts | video] under SR3AI, from which text sees which token.

    Args:
        visible: [B, R, N] bool.

    Returns:
        [B, 1, R * L + N, R * L + N] bool; each text sees itself and its region, video sees video.
    """
    batch, regions, tokens = visible.shape
    texts = regions * TOKENS
    mask = torch.zeros(batch, texts + tokens, texts + tokens, dtype=torch.bool)
    wide = visible.repeat_interleave(TOKENS, dim=1)  # [B, R*L, N]
    own = torch.eye(regions, dtype=torch.bool).repeat_interleave(TOKENS, 0)
    mask[:, :texts, :texts] = own.repeat_interleave(TOKENS, 1)
    mask[:, :texts, texts:] = wide
    mask[:, texts:, :texts] = wide.transpose(1, 2)
    mask[:, texts:, texts:] = True
    return mask[:, None]


def token_boxes(boxes: Tensor, patch: int) -> Tensor:
    """Return which tokens lie in boxes, by the edges nearest to them, and at least one a box.

    Args:
        boxes: [B, A, F, 4] fp32, in parts of the frame, one for each frame of tokens.

    Returns:
        [B, A, N] bool.
    """
    _, height, width = grid(patch)
    left, top, right, bottom = (
        (boxes[..., side] * size).round().long()
        for side, size in enumerate((width, height, width, height))
    )
    left, top = left.clamp(0, width - 1), top.clamp(0, height - 1)
    right, bottom = right.clamp(max=width), bottom.clamp(max=height)
    right, bottom = torch.maximum(right, left + 1), torch.maximum(bottom, top + 1)
    x, y = torch.arange(width), torch.arange(height)
    across = (x >= left[..., None]) & (x < right[..., None])  # [B, A, F, W]
    down = (y >= top[..., None]) & (y < bottom[..., None])
    return (down[..., :, None] & across[..., None, :]).flatten(2)


def visible_texts(inside: Tensor) -> Tensor:
    """Add the background, which has what no region covers: [B, A, N] to [B, A + 1, N] bool."""
    return torch.cat([inside, ~inside.any(1, keepdim=True)], dim=1)
