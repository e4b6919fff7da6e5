"""The whole transformer under SR3AI against a dense mask, and what regions promise."""

from __future__ import annotations

import pytest
import torch
from diffusers import CogVideoXTransformer3DModel

from dreamrunner.engine.sr3ai.layout import TokenLayout, token_layout, visibility
from dreamrunner.engine.sr3ai.transformer import RegionProcessor, sorted_rope, sr3ai, within
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.training.batches import dense_mask
from dreamrunner.engine.storybook.training.denoiser import DenseMaskProcessor

from ..conftest import TEXT_TOKENS, Small
from ..oracles import Allocations, oracle_mask


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


def positioned() -> CogVideoXTransformer3DModel:
    """A transformer that adds absolute positions, as CogVideoX-2B does."""
    torch.manual_seed(0)
    return CogVideoXTransformer3DModel(
        num_attention_heads=2, attention_head_dim=16, num_layers=1, in_channels=4, out_channels=4,
        text_embed_dim=8, time_embed_dim=16, max_text_seq_length=TEXT_TOKENS, sample_width=8,
        sample_height=6, sample_frames=9,
    ).eval()  # fmt: skip


def test_sorting_and_putting_back_is_bit_exact_with_absolute_positions() -> None:
    """Each token keeps its own position, each text has none, and the way back is the way there."""
    model, tokens = positioned(), 3 * 3 * 4
    layout = token_layout(torch.rand(3, tokens, generator=torch.Generator().manual_seed(1)) > 0.5)
    latents, text = torch.randn(1, 3, 4, 6, 8), torch.randn(1, 3 * TEXT_TOKENS, 8)
    seen: dict[str, torch.Tensor] = {}  # what the first block is given
    ends: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        one_text = model.patch_embed(text[:, :TEXT_TOKENS], latents)
        projected = model.patch_embed.text_proj(text)
        with sr3ai(model, layout):
            model.transformer_blocks[0].register_forward_pre_hook(
                lambda _, args, given: seen.update(given), with_kwargs=True
            )
            model.proj_out.register_forward_pre_hook(lambda _, args: ends.update(out=args[0]))
            model.norm_out.register_forward_hook(lambda *_: seen["hidden_states"])
            model(latents, text, torch.tensor([500]))
    plain = one_text[:, TEXT_TOKENS:]
    assert torch.equal(seen["hidden_states"], plain[:, layout.order])
    assert torch.equal(seen["encoder_hidden_states"], projected)
    assert torch.equal(ends["out"], plain)


def test_sorting_and_putting_back_is_bit_exact_with_rotary_positions(small: Small) -> None:
    layout = some_layout(small)
    for sorted_part, part in zip(sorted_rope(small.rope, layout), small.rope, strict=True):
        assert torch.equal(sorted_part[layout.inverse], part)


def test_the_embedded_model_under_one_region_is_the_stock_transformer() -> None:
    torch.manual_seed(0)
    model, grid = models.new_transformer().eval(), models.token_grid()
    frames, _, height, width = models.latent_shape(grid)
    generator = torch.Generator().manual_seed(0)
    channels = models.TRANSFORMER_CONFIG["in_channels"]
    latents = torch.randn(1, frames, channels, height, width, generator=generator)
    text = torch.randn(1, models.TEXT_TOKENS, model.config.text_embed_dim, generator=generator)
    layout = token_layout(torch.ones(1, grid.tokens, dtype=torch.bool))
    rope, at = models.rope(grid), torch.tensor([500])
    with torch.no_grad():
        plain = model(latents, text, at, image_rotary_emb=rope, return_dict=False)[0]
        with sr3ai(model, layout):
            rope = sorted_rope(rope, layout)
            found = model(latents, text, at, image_rotary_emb=rope, return_dict=False)[0]
    torch.testing.assert_close(found, plain, rtol=1e-4, atol=1e-5)


def test_a_whole_transformer_makes_nothing_of_the_size_of_a_mask() -> None:
    torch.manual_seed(0)
    model = CogVideoXTransformer3DModel(
        num_attention_heads=1, attention_head_dim=16, num_layers=1, in_channels=1, out_channels=1,
        text_embed_dim=8, time_embed_dim=8, max_text_seq_length=TEXT_TOKENS, sample_width=40,
        sample_height=40, sample_frames=5,
    ).eval()  # fmt: skip
    masks = torch.zeros(2, 2, 20, 20, dtype=torch.bool)
    masks[0, :, :12, :12], masks[1, :, 8:, 8:] = True, True
    layout = token_layout(visibility(masks))
    size = 3 * TEXT_TOKENS + layout.tokens
    latents, text = torch.randn(1, 2, 1, 40, 40), torch.randn(1, 3 * TEXT_TOKENS, 8)
    with torch.no_grad(), sr3ai(model, layout), Allocations() as made:
        model(latents, text, torch.tensor([500]), return_dict=False)
    assert made.largest < size**2 / 10


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
    found = dense_mask(masks, TEXT_TOKENS)
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
