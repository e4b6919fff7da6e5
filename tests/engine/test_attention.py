"""SR3AI against an independent dense mask in float64, and what regions promise."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dreamrunner.engine.attention import region_attention, sorted_rope, sr3ai
from dreamrunner.engine.layout import TokenLayout, token_layout, visibility
from dreamrunner.engine.storybook.training.denoiser import DenseMaskProcessor, dense_mask

from .conftest import TEXT_TOKENS, Small


def oracle_mask(layout: TokenLayout, length: int) -> torch.Tensor:
    """The paper's mask, written down pair by pair in raster order: [S, S]."""
    texts = layout.regions * length
    size = texts + layout.tokens
    mask = torch.zeros(size, size, dtype=torch.bool)
    for a in range(size):
        for b in range(size):
            if a < texts and b < texts:
                mask[a, b] = a // length == b // length
            elif a >= texts and b >= texts:
                mask[a, b] = True
            else:
                text, token = (a, b - texts) if a < texts else (b, a - texts)
                mask[a, b] = layout.visible[text // length, token]
    return mask


def layouts(tokens: int = 12) -> st.SearchStrategy[TokenLayout]:
    """Any regions: overlapping, empty, over the whole frame, with no background left."""
    shape = st.integers(0, 4).map(lambda entities: (entities, 1, 1, tokens))
    masks = shape.flatmap(lambda s: arrays.arrays(bool, s)).map(torch.from_numpy)
    return masks.map(lambda m: token_layout(visibility(m)))


@settings(max_examples=60, deadline=None)
@given(layouts(), st.integers(0, 1000))
def test_region_attention_is_the_dense_mask(layout: TokenLayout, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    texts = layout.regions * TEXT_TOKENS
    size = texts + layout.tokens
    q, k, v = torch.randn(3, 1, 2, size, 4, generator=generator, dtype=torch.float64)
    expected = F.scaled_dot_product_attention(q, k, v, attn_mask=oracle_mask(layout, TEXT_TOKENS))

    def sort(x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x[:, :, :texts], x[:, :, texts:][:, :, layout.order]], 2)

    out = region_attention(sort(q), sort(k), sort(v), layout, TEXT_TOKENS)
    restored = torch.cat([out[:, :, :texts], out[:, :, texts:][:, :, layout.inverse]], 2)
    torch.testing.assert_close(restored, expected, rtol=1e-12, atol=1e-12)


def test_its_gradients_are_those_of_the_dense_mask() -> None:
    layout = token_layout(visibility(torch.rand(2, 1, 1, 12) > 0.5))
    size = layout.regions * TEXT_TOKENS + layout.tokens
    generator = torch.Generator().manual_seed(3)
    parts = torch.randn(3, 1, 2, size, 4, generator=generator, dtype=torch.float64)
    parts.requires_grad_()
    texts = layout.regions * TEXT_TOKENS
    order = torch.cat([torch.arange(texts), texts + layout.order])
    dense = F.scaled_dot_product_attention(*parts, attn_mask=oracle_mask(layout, TEXT_TOKENS))
    (expected,) = torch.autograd.grad(dense.square().sum(), parts)
    ours = region_attention(*parts[..., order, :], layout, TEXT_TOKENS)
    (found,) = torch.autograd.grad(ours.square().sum(), parts)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def some_layout(small: Small) -> TokenLayout:
    masks = torch.zeros(2, small.grid.frames, small.grid.height, small.grid.width, dtype=torch.bool)
    masks[0, :, 1:, :2] = True
    masks[1, 1, :2, 1:] = True
    return token_layout(visibility(masks))


def test_the_whole_transformer_under_regions_is_the_dense_one(small: Small) -> None:
    layout = some_layout(small)
    latents, text = small.inputs(layout.regions)
    with sr3ai(small.transformer, layout):
        found = small(latents, text, sorted_rope(small.rope, layout))
    before = dict(small.transformer.attn_processors)
    processor = DenseMaskProcessor()
    processor.mask = oracle_mask(layout, TEXT_TOKENS)[None, None]
    small.transformer.set_attn_processor(processor)
    try:
        expected = small(latents, text, small.rope)
    finally:
        small.transformer.set_attn_processor(before)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def test_one_region_over_the_whole_frame_is_the_plain_model(small: Small) -> None:
    layout = token_layout(torch.ones(1, small.grid.tokens, dtype=torch.bool))
    latents, text = small.inputs(1)
    plain = small(latents, text, small.rope)
    with sr3ai(small.transformer, layout):
        found = small(latents, text, sorted_rope(small.rope, layout))
    torch.testing.assert_close(found, plain, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(small(latents, text, small.rope), plain, rtol=0, atol=0)


@settings(max_examples=25, deadline=None)
@given(layouts(), st.integers(0, 3), st.integers(0, 1000))
def test_a_text_reaches_no_token_outside_its_region_in_one_layer(
    layout: TokenLayout, row: int, seed: int
) -> None:
    row %= layout.regions
    generator = torch.Generator().manual_seed(seed)
    texts = layout.regions * TEXT_TOKENS
    q, k, v = torch.randn(
        3, 1, 2, texts + layout.tokens, 4, generator=generator, dtype=torch.float64
    )
    own = slice(row * TEXT_TOKENS, (row + 1) * TEXT_TOKENS)
    before = region_attention(q, k, v, layout, TEXT_TOKENS)
    k2, v2 = k.clone(), v.clone()
    k2[:, :, own] += 1
    v2[:, :, own] -= 5
    after = region_attention(q, k2, v2, layout, TEXT_TOKENS)
    outside = texts + (~layout.visible[row, layout.order]).nonzero().flatten()
    assert torch.equal(before[:, :, outside], after[:, :, outside])


def test_the_order_of_regions_does_not_matter(small: Small) -> None:
    masks = torch.zeros(2, small.grid.frames, small.grid.height, small.grid.width, dtype=torch.bool)
    masks[0, :, :2, :2], masks[1, :, 1:, 1:] = True, True
    latents, text = small.inputs(3)
    first, second, background = text.split(TEXT_TOKENS, 1)
    results = []
    for order, texts in (([0, 1], (first, second)), ([1, 0], (second, first))):
        layout = token_layout(visibility(masks[order]))
        with sr3ai(small.transformer, layout):
            joint = torch.cat([*texts, background], 1)
            results.append(small(latents, joint, sorted_rope(small.rope, layout)))
    torch.testing.assert_close(results[0], results[1], rtol=1e-10, atol=1e-10)


def test_training_masks_mean_what_the_oracle_means() -> None:
    masks = torch.rand(2, 2, 1, 3, 4) > 0.5
    found = dense_mask(masks.numpy(), TEXT_TOKENS)
    for row in range(2):
        layout = token_layout(visibility(masks[row]))
        assert torch.equal(found[row, 0], oracle_mask(layout, TEXT_TOKENS))


def test_regions_and_another_mask_are_refused(small: Small) -> None:
    layout = some_layout(small)
    latents, text = small.inputs(layout.regions)
    with sr3ai(small.transformer, layout), pytest.raises(ValueError, match="cannot be used"):
        small.transformer(
            latents, text, torch.tensor([500]), attention_kwargs={"attention_mask": text}
        )
