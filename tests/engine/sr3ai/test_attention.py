"""Attention under regions in both its forms, against a dense mask in float64."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.engine.sr3ai.attention import (
    cross_attention,
    grouped_attention,
    merged_attention,
    region_attention,
)
from dreamrunner.engine.sr3ai.kernels import CPU_FLASH, CUDNN, best_kernel, kernels_for
from dreamrunner.engine.sr3ai.layout import TokenLayout, token_layout, visibility

from ..oracles import Allocations, layouts, oracle_bias, oracle_mask, region_weights

LENGTH = 3


def merged(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, layout: TokenLayout, length: int
) -> torch.Tensor:
    return merged_attention(q, k, v, layout, length, CPU_FLASH)


FORMS = [merged, grouped_attention]
Form = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, TokenLayout, int], torch.Tensor]


def heads(layout: TokenLayout, seed: int, *, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Query, key and value in raster order: [3, 1, 2, S, 4]."""
    size = layout.regions * LENGTH + layout.tokens
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(3, 1, 2, size, 4, generator=generator, dtype=torch.float64).to(dtype)


def in_raster(form: Form, parts: torch.Tensor, layout: TokenLayout) -> torch.Tensor:
    """Sort, attend, and put back."""
    texts = layout.regions * LENGTH
    there = torch.cat([torch.arange(texts), texts + layout.order])
    back = torch.cat([torch.arange(texts), texts + layout.inverse])
    return form(*parts[..., there, :], layout, LENGTH)[..., back, :]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(layout=layouts(), seed=st.integers(0, 1000))
def test_both_forms_are_the_dense_mask(form: Form, layout: TokenLayout, seed: int) -> None:
    parts = heads(layout, seed)
    mask = oracle_mask(layout, LENGTH)
    expected = F.scaled_dot_product_attention(*parts, attn_mask=mask)
    torch.testing.assert_close(in_raster(form, parts, layout), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25)
@given(weights=region_weights(soft=True), seed=st.integers(0, 1000))
def test_soft_edges_are_a_dense_bias(form: Form, weights: torch.Tensor, seed: int) -> None:
    layout = token_layout(weights)
    parts = heads(layout, seed)
    expected = F.scaled_dot_product_attention(*parts, attn_mask=oracle_bias(weights, LENGTH))
    # Weights are fp32, and so are their logarithms' last digits.
    torch.testing.assert_close(in_raster(form, parts, layout), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_a_token_that_no_text_sees_attends_to_video_alone(form: Form) -> None:
    layout = token_layout(torch.tensor([[True, False, True, False], [False, False, True, True]]))
    parts = heads(layout, 4)
    expected = F.scaled_dot_product_attention(*parts, attn_mask=oracle_mask(layout, LENGTH))
    torch.testing.assert_close(in_raster(form, parts, layout), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_merge_keeps_the_precision_of_its_inputs(dtype: torch.dtype) -> None:
    layout = token_layout(visibility(torch.arange(24).view(2, 1, 3, 4) % 5 < 2))
    parts = heads(layout, 1, dtype=dtype)
    mask = oracle_mask(layout, LENGTH)
    exact = F.scaled_dot_product_attention(*parts.double(), attn_mask=mask)
    error = (in_raster(merged, parts, layout).double() - exact).abs().max()
    assert error < 4 * torch.finfo(dtype).eps


def test_the_grouped_forms_gradients_are_those_of_the_dense_mask() -> None:
    layout = token_layout(visibility(torch.arange(24).view(2, 1, 3, 4) % 7 < 3))
    parts = heads(layout, 3).requires_grad_()
    dense = F.scaled_dot_product_attention(*parts, attn_mask=oracle_mask(layout, LENGTH))
    (expected,) = torch.autograd.grad(dense.square().sum(), parts)
    ours = in_raster(region_attention, parts, layout)
    (found,) = torch.autograd.grad(ours.square().sum(), parts)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def test_the_merge_refuses_where_a_gradient_is_wanted() -> None:
    layout = token_layout(torch.ones(1, 4, dtype=torch.bool))
    parts = heads(layout, 0).requires_grad_()
    with pytest.raises(RuntimeError, match="no gradient"):
        merged(*parts, layout, LENGTH)
    with torch.no_grad():
        assert merged(*parts, layout, LENGTH).shape == parts.shape[1:]


def test_unguarded_the_merges_gradient_is_wrong_and_nothing_says_so() -> None:
    """Why the merge refuses: the way back through the log-sum-exp is missing."""
    q, k, v = torch.randn(3, 1, 1, 8, 4, generator=torch.Generator().manual_seed(2)).double()
    q.requires_grad_()
    exact = F.scaled_dot_product_attention(q, k, v)
    first, lse_first = CPU_FLASH.attend(q, k[:, :, :5], v[:, :, :5])
    second, lse_second = CPU_FLASH.attend(q, k[:, :, 5:], v[:, :, 5:])
    merge = first + (second - first) * torch.sigmoid(lse_second - lse_first)[..., None]
    torch.testing.assert_close(merge, exact)
    (expected,) = torch.autograd.grad(exact.square().sum(), q)
    (found,) = torch.autograd.grad(merge.square().sum(), q)
    assert (found - expected).abs().max() > 0.1 * expected.abs().max()


@settings(max_examples=25)
@given(layouts(), st.integers(0, 3), st.integers(0, 1000))
def test_a_text_reaches_no_token_outside_its_region_in_one_layer(
    layout: TokenLayout, row: int, seed: int
) -> None:
    row %= layout.regions
    texts = layout.regions * LENGTH
    q, k, v = heads(layout, seed)
    own = slice(row * LENGTH, (row + 1) * LENGTH)
    before = region_attention(q, k, v, layout, LENGTH)
    k2, v2 = k.clone(), v.clone()
    k2[:, :, own] += 1
    v2[:, :, own] -= 5
    after = region_attention(q, k2, v2, layout, LENGTH)
    outside = texts + (~layout.visible[row, layout.order]).nonzero().flatten()
    assert torch.equal(before[:, :, outside], after[:, :, outside])


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_the_size_of_a_mask_is_ever_made(form: Form) -> None:
    masks = torch.zeros(2, 2, 16, 16, dtype=torch.bool)
    masks[0, :, :9, :9], masks[1, :, 7:, 7:] = True, True
    layout = token_layout(visibility(masks))
    size = layout.regions * LENGTH + layout.tokens
    q, k, v = torch.randn(3, 1, 1, size, 8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad(), Allocations() as ours:
        form(q, k, v, layout, LENGTH)
    with torch.no_grad(), Allocations() as dense:
        mask = torch.ones(size, size, dtype=torch.bool)
        F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    assert ours.largest <= size * 8
    assert dense.largest >= size * size


@pytest.mark.parametrize("pads", [1, 7])
@settings(max_examples=25)
@given(weights=region_weights(soft=True), seed=st.integers(0, 1000))
def test_cross_attention_is_the_dense_bias_with_every_pad_written_out(
    pads: int, weights: torch.Tensor, seed: int
) -> None:
    layout = token_layout(weights)
    lengths = [2 + row % 3 for row in range(layout.regions)]
    generator = torch.Generator().manual_seed(seed)
    query = torch.randn(1, 2, layout.tokens, 4, generator=generator, dtype=torch.float64)
    texts = [
        tuple(torch.randn(2, 1, 2, n, 4, generator=generator, dtype=torch.float64).unbind())
        for n in lengths
    ]
    spelt = [[torch.cat([x, *[x[:, :, -1:]] * (pads - 1)], dim=2) for x in kv] for kv in texts]
    key, value = (torch.cat([kv[i] for kv in spelt], dim=2) for i in (0, 1))
    counts = torch.tensor([n + pads - 1 for n in lengths])
    bias = weights.double().repeat_interleave(counts, dim=0).T.log()
    expected = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
    found = cross_attention(query[:, :, layout.order], texts, [pads] * layout.regions, layout)[
        :, :, layout.inverse
    ]
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-6)


def test_a_processor_has_one_kernel_and_an_unknown_device_none() -> None:
    cpu, meta = torch.device("cpu"), torch.device("meta")
    assert best_kernel(cpu, torch.float32, 64) is CPU_FLASH
    assert kernels_for(cpu, torch.bfloat16, 64) == (CPU_FLASH,)
    assert best_kernel(meta, torch.float32, 64) is None


def test_short_texts_go_by_the_kernel_that_plans_nothing_anew() -> None:
    few, many = CUDNN.small(17_550, 226), CUDNN.small(17_550, 17_550)
    assert (few, many) == (CUDNN.few, CUDNN.attend)
    assert CPU_FLASH.small(4, 4) == CPU_FLASH.attend
