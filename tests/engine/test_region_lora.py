"""Adapters on the rows of their region: bit-exact outside, equal to peft where it is everywhere."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict

from dreamrunner.engine.attention import sorted_rope, sr3ai
from dreamrunner.engine.layout import TokenLayout, token_layout, visibility
from dreamrunner.engine.region_lora import (
    Lora,
    LowRank,
    PlacedLora,
    entity_runs,
    load_lora,
    region_lora,
)
from dreamrunner.engine.storybook.training.adapter import TARGETS, Trained, save_adapter
from dreamrunner.errors import AdapterError

from .conftest import TEXT_TOKENS, Small


def two_regions(small: Small) -> TokenLayout:
    masks = torch.zeros(2, small.grid.frames, small.grid.height, small.grid.width, dtype=torch.bool)
    masks[0, :, 1:, :2], masks[1, :, :2, 1:] = True, True
    return token_layout(visibility(masks))


def rows(runs: tuple[tuple[int, int], ...]) -> set[int]:
    return {row for start, stop in runs for row in range(start, stop)}


def test_runs_are_the_entitys_text_and_region(small: Small) -> None:
    layout = two_regions(small)
    found = rows(entity_runs(layout, 1, small.grid, TEXT_TOKENS))
    texts = layout.regions * TEXT_TOKENS
    sorted_visible = layout.visible[1, layout.order].nonzero().flatten().tolist()
    assert found == set(range(TEXT_TOKENS, 2 * TEXT_TOKENS)) | {texts + t for t in sorted_visible}


def test_runs_keep_to_the_beats_latent_frames(small: Small) -> None:
    layout = two_regions(small)
    found = rows(entity_runs(layout, 0, small.grid, TEXT_TOKENS, start_s=0.5))
    texts = layout.regions * TEXT_TOKENS
    per_frame = small.grid.height * small.grid.width
    tokens = [int(layout.order[row - texts]) for row in found if row >= texts]
    assert tokens
    assert all(token >= per_frame for token in tokens)
    assert all(layout.visible[0, token] for token in tokens)


def test_a_linear_is_untouched_outside_the_runs() -> None:
    torch.manual_seed(1)
    model = torch.nn.ModuleDict({"to_q": torch.nn.Linear(8, 6)})
    x = torch.randn(2, 10, 8)
    update = LowRank(torch.randn(3, 8), torch.randn(6, 3))
    placed = PlacedLora(Lora("spin", {"to_q": update}), ((2, 4), (7, 9)), scale=0.5)
    plain = model["to_q"](x)
    with torch.no_grad(), region_lora(model, [placed]):
        out = model["to_q"](x)
    inside = torch.tensor([2, 3, 7, 8])
    outside = torch.tensor([0, 1, 4, 5, 6, 9])
    expected = plain[:, inside] + 0.5 * x[:, inside] @ update.down.T @ update.up.T
    torch.testing.assert_close(out[:, inside], expected)
    assert torch.equal(out[:, outside], plain[:, outside])
    assert torch.equal(model["to_q"](x), plain)


def test_an_adapter_over_the_whole_frame_is_what_peft_computes(
    small: Small, tmp_path: Path
) -> None:
    torch.manual_seed(2)
    adapted = copy.deepcopy(small.transformer).float()
    adapted.add_adapter(
        LoraConfig(r=2, lora_alpha=2, target_modules=list(TARGETS), init_lora_weights=False)
    )
    state = {k: v.clone() for k, v in get_peft_model_state_dict(adapted).items()}
    lora = load_lora(save_adapter(Trained(state, 1, 0.0), tmp_path), "spin")
    layout = token_layout(torch.ones(1, small.grid.tokens, dtype=torch.bool))
    latents, text = small.inputs(1)
    rope = sorted_rope(small.rope, layout)
    everywhere = PlacedLora(lora, entity_runs(layout, 0, small.grid, TEXT_TOKENS))
    with torch.no_grad(), sr3ai(small.transformer, layout):
        plain = small(latents, text, rope)
        with region_lora(small.transformer, [everywhere]):
            found = small(latents, text, rope)
    with torch.no_grad():
        expected = adapted.double()(
            latents, text, torch.tensor([500]), image_rotary_emb=small.rope, return_dict=False
        )[0]
    torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-8)
    assert not torch.allclose(found, plain)


def test_a_broken_or_foreign_adapter_is_an_error(small: Small, tmp_path: Path) -> None:
    with pytest.raises(AdapterError, match="cannot be read"):
        load_lora(tmp_path / "none.safetensors", "spin")
    (tmp_path / "junk.safetensors").write_bytes(b"junk" * 10)
    with pytest.raises(AdapterError, match="cannot be read"):
        load_lora(tmp_path / "junk.safetensors", "spin")
    foreign = Lora("spin", {"blocks.0.to_q": LowRank(torch.zeros(1, 4), torch.zeros(4, 1))})
    with (
        pytest.raises(AdapterError, match="another model"),
        region_lora(small.transformer, [PlacedLora(foreign, ((0, 1),))]),
    ):
        pass
