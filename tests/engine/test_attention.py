"""The whole transformer under SR3AI against a dense mask, and what regions promise."""

from __future__ import annotations

import pytest
import torch

from dreamrunner.engine.attention import RegionProcessor, sorted_rope, sr3ai, within
from dreamrunner.engine.layout import TokenLayout, token_layout, visibility
from dreamrunner.engine.storybook.training.denoiser import DenseMaskProcessor, dense_mask

from .conftest import TEXT_TOKENS, Small
from .oracles import oracle_mask


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


def test_outside_their_layers_and_steps_regions_do_not_rule(small: Small) -> None:
    layout = some_layout(small)
    latents, text = small.inputs(layout.regions)
    rope = sorted_rope(small.rope, layout)

    def drawn(layers: tuple[float, float], on: bool = True) -> torch.Tensor:
        with sr3ai(small.transformer, layout, layers) as control:
            control.rule(on)
            return small(latents, text, rope)

    everywhere = token_layout(torch.ones(3, small.grid.tokens, dtype=torch.bool))
    with sr3ai(small.transformer, everywhere):
        free = small(latents, text, sorted_rope(small.rope, everywhere))
    torch.testing.assert_close(drawn((0.0, 0.0)), free, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(drawn((0.0, 1.0), on=False), free, rtol=1e-10, atol=1e-10)
    half, whole = drawn((0.0, 0.5)), drawn((0.0, 1.0))
    assert not torch.allclose(half, whole)
    assert not torch.allclose(half, free)


def test_shares_of_layers_meet_without_a_gap() -> None:
    early, late = within((0.0, 0.4), 30), within((0.4, 1.0), 30)
    assert [a + b for a, b in zip(early, late, strict=True)] == [1] * 30
    assert sum(early) == 12


def test_a_transformer_is_left_as_it_was_found(small: Small) -> None:
    before = dict(small.transformer.attn_processors)
    with pytest.raises(KeyError), sr3ai(small.transformer, some_layout(small)):
        inside = small.transformer.attn_processors.values()
        assert all(isinstance(one, RegionProcessor) for one in inside)
        raise KeyError
    assert small.transformer.attn_processors == before
