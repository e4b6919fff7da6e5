"""Query, key, value + a token layout -> attention under regions. No S x S mask is ever built.

Text r sees itself and its region; a video token sees every video token and the texts of the
regions that cover it (section 3.3 of arXiv 2411.16657). With tokens sorted by what they see, a
region is a few runs, and the mask can be said in whole blocks. Two forms say the same:

* `merged_attention`, the fast one: one unmasked attention of all video tokens over all video
  tokens, one small attention for each run over its text, and the two weighed by their log-sum-exp:
  o = o_v + (o_t - o_v) * sigmoid(lse_t - lse_v). A weight w on a soft edge is lse_t + log w.
* `grouped_attention`, the portable one, for any device and the only one with gradients: for each
  run of equals one call over [its texts | all video].

Video tokens stand in the layout's sorted order throughout.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from .kernels import Kernel, best_kernel, needs_gradient
from .layout import TokenGroup, TokenLayout, TokenRun


def region_attention(
    query: Tensor, key: Tensor, value: Tensor, layout: TokenLayout, text_length: int
) -> Tensor:
    """Attend under the region mask by the fastest form that is exact here.

    Args:
        query, key, value: [B, heads, R*L + N, d], video tokens in the layout's sorted order.
        layout: which text sees which tokens.
        text_length: L, the tokens of each text.

    Returns:
        [B, heads, R*L + N, d], in the order of the query.
    """
    kernel = best_kernel(query.device, query.dtype, query.shape[-1])
    if kernel is None or needs_gradient(query, key, value):
        return grouped_attention(query, key, value, layout, text_length)
    return merged_attention(query, key, value, layout, text_length, kernel)


def merged_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    layout: TokenLayout,
    text_length: int,
    kernel: Kernel,
) -> Tensor:
    """Attend by log-sum-exp merge. Arguments and result as `region_attention`.

    Raises:
        RuntimeError: a gradient is wanted, which this form would get wrong without a word.
    """
    if needs_gradient(query, key, value):
        raise RuntimeError(
            "the log-sum-exp merge has no gradient: its kernels return a wrong one in silence; "
            "train through grouped_attention"
        )
    texts = layout.regions * text_length
    alone, lse = kernel.attend(query[:, :, texts:], key[:, :, texts:], value[:, :, texts:])
    lse = lse.clone()  # some kernels return strided views
    # Heads inside tokens: as kernels lay what they return, and as the next projection reads it.
    out = query.new_empty(*query.transpose(1, 2).shape).transpose(1, 2)
    for group in layout.groups:
        if not group.texts:
            unseen = alone[:, :, group.start : group.stop]
            out[:, :, texts + group.start : texts + group.stop] = unseen
    # To whole lanes by the keys that lie behind a text, which are not counted.
    wide = min(-(-text_length // kernel.lanes) * kernel.lanes, text_length + layout.tokens)
    seen, seen_lse = _texts_alone(query, key, value, layout.regions, text_length, wide, kernel)
    for row, runs in enumerate(layout.runs):
        first, to_text = row * text_length, (seen[:, row], seen_lse[:, row])
        text = query.narrow(2, first, text_length)
        text_key, text_value = (x.narrow(2, first, wide) for x in (key, value))
        for run in runs:
            length = run.stop - run.start
            video, video_key, video_value = (
                x.narrow(2, texts + run.start, length) for x in (query, key, value)
            )
            attend = kernel.small(length, text_length)
            more, more_lse = attend(video, text_key, text_value, text_length)
            for start, stop, fresh in run.parts:
                part, part_lse = (
                    x[:, :, start - run.start : stop - run.start] for x in (more, more_lse)
                )
                joint = out[:, :, texts + start : texts + stop]
                before = alone[:, :, start:stop] if fresh else joint
                _merge(before, lse[:, :, start:stop], part, part_lse, run.weight, joint)
            attend = kernel.small(text_length, length)
            _merge(*to_text, *attend(text, video_key, video_value), run.weight, to_text[0])
    out[:, :, :texts] = seen.transpose(1, 2).flatten(2, 3)
    return out


def _texts_alone(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    regions: int,
    length: int,
    wide: int,
    kernel: Kernel,
) -> tuple[Tensor, Tensor]:
    """Attend from each text to itself: [B, R, heads, L, d], and log-sum-exps [B, R, heads, L]."""
    own = _windows(query, regions, length, length)
    keys, values = (_windows(x, regions, length, wide) for x in (key, value))
    found = kernel.small(length, length)(own, keys, values, length)
    seen, lse = (x.unflatten(0, (-1, regions)).contiguous() for x in found)
    return seen, lse


def _windows(x: Tensor, count: int, length: int, wide: int) -> Tensor:
    """Return `wide` tokens from each of the first texts' beginnings on: [B * R, heads, wide, d]."""
    windows = x.narrow(2, 0, (count - 1) * length + wide).unfold(2, wide, length)
    return windows.transpose(-1, -2).transpose(1, 2).flatten(0, 1)  # a view for one sample


def _merge(
    seen: Tensor, lse: Tensor, more: Tensor, more_lse: Tensor, weight: float, out: Tensor
) -> None:
    """Weigh a second attention over other keys into a first, [B, heads, Q, d], and so its lse."""
    if weight != 1:
        more_lse = more_lse + math.log(weight)
    share = torch.sigmoid(more_lse - lse)[..., None].to(out.dtype)
    torch.lerp(seen, more, share, out=out)
    torch.logaddexp(lse, more_lse, out=lse)


def grouped_attention(
    query: Tensor, key: Tensor, value: Tensor, layout: TokenLayout, text_length: int
) -> Tensor:
    """Attend a run of equals at a time. Arguments and result as `region_attention`."""
    texts = layout.regions * text_length
    parts = []
    for row, runs in enumerate(layout.runs):
        own = slice(row * text_length, (row + 1) * text_length)
        keys, values = (_own_and_runs(x, own, texts, runs) for x in (key, value))
        bias = _key_bias([(text_length, 1.0), *((r.stop - r.start, r.weight) for r in runs)], query)
        parts.append(F.scaled_dot_product_attention(query[:, :, own], keys, values, attn_mask=bias))
    for group in layout.groups:
        run = slice(texts + group.start, texts + group.stop)
        keys, values = (_texts_and_video(x, group, texts, text_length) for x in (key, value))
        bias = _key_bias(
            [*((text_length, weight) for weight in group.weights), (layout.tokens, 1.0)], query
        )
        parts.append(F.scaled_dot_product_attention(query[:, :, run], keys, values, attn_mask=bias))
    return torch.cat(parts, dim=2)


def _own_and_runs(x: Tensor, own: slice, texts: int, runs: tuple[TokenRun, ...]) -> Tensor:
    """Return a text and the video that it sees: [B, heads, L + its tokens, d]."""
    return torch.cat(
        [x[:, :, own], *(x[:, :, texts + run.start : texts + run.stop] for run in runs)], dim=2
    )


def _texts_and_video(x: Tensor, group: TokenGroup, texts: int, length: int) -> Tensor:
    """Return the texts of a group and all video: [B, heads, len(group.texts)*L + N, d]."""
    parts = [x[:, :, row * length : (row + 1) * length] for row in group.texts]
    return torch.cat([*parts, x[:, :, texts:]], dim=2)


def _key_bias(stretches: list[tuple[int, float]], like: Tensor) -> Tensor | None:
    """Return log weights of stretches of keys, [1, 1, 1, K]; None where all weigh one."""
    if all(weight == 1 for _, weight in stretches):
        return None
    biases = [like.new_full((1, 1, 1, count), math.log(weight)) for count, weight in stretches]
    return torch.cat(biases, dim=3)


def cross_attention(
    query: Tensor,
    texts: list[tuple[Tensor, Tensor]],
    pads: list[int],
    layout: TokenLayout,
) -> Tensor:
    """Let video tokens attend to the texts of the regions that cover them, and to nothing else.

    Args:
        query: [B, heads, N, d], in the layout's sorted order.
        texts: for each region its key and value, each [B, heads, L_r, d]; lengths may differ.
        pads: for each region how many equal padding tokens its last token stands for; 1 for a
            token that is itself. n equal keys are one key whose logit is raised by log n.
        layout: which text sees which tokens.

    Returns:
        [B, heads, N, d], in the order of the query.
    """
    parts = []
    for group in layout.groups:
        keys, values = (torch.cat([texts[r][i] for r in group.texts], dim=2) for i in (0, 1))
        stretches = []
        for row, weight in zip(group.texts, group.weights, strict=True):
            length = texts[row][0].shape[2]
            stretches += [(length - 1, weight), (1, weight * pads[row])]
        run = slice(group.start, group.stop)
        bias = _key_bias(stretches, query)
        parts.append(F.scaled_dot_product_attention(query[:, :, run], keys, values, attn_mask=bias))
    return torch.cat(parts, dim=2)
