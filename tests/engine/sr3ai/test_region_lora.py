"""Adapters on the rows of their region: bit-exact outside, equal to peft where it is everywhere."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import torch
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file

from dreamrunner.engine.sr3ai.layout import TokenLayout, token_layout, visibility
from dreamrunner.engine.sr3ai.lora import LoraUpdates, LowRank, load_lora
from dreamrunner.engine.sr3ai.region_lora import (
    MOST_RUNS,
    PlacedLora,
    entity_runs,
    joined,
    place_adapters,
    region_lora,
)
from dreamrunner.engine.sr3ai.transformer import sorted_rope, sr3ai
from dreamrunner.engine.storybook.training.adapter import TARGETS, TrainingResult, save_adapter
from dreamrunner.errors import AdapterError
from dreamrunner.film import Adapter
from dreamrunner.plan import Beat, Entity, ShotPlan

from ..conftest import TEXT_TOKENS, Small


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


def one_linear(runs: tuple[tuple[int, int], ...]) -> tuple[torch.Tensor, torch.Tensor, set[int]]:
    """Return what a linear gives without and with an adapter on some rows, and those rows."""
    torch.manual_seed(1)
    model = torch.nn.ModuleDict({"attn1": torch.nn.ModuleDict({"to_q": torch.nn.Linear(8, 6)})})
    linear, x = model["attn1"]["to_q"], torch.randn(2, 60, 8)
    update = LowRank(torch.randn(3, 8), torch.randn(6, 3))
    placed = PlacedLora(LoraUpdates("spin", {"attn1.to_q": update}), runs, scale=0.5)
    with torch.no_grad():
        plain = linear(x)
        with region_lora(model, [placed]):
            out = linear(x)
        assert torch.equal(linear(x), plain)
        inside = sorted(rows(runs))
        expected = plain[:, inside] + 0.5 * x[:, inside] @ update.down.T @ update.up.T
        torch.testing.assert_close(out[:, inside], expected)
    return plain, out, set(inside)


@pytest.mark.parametrize(
    "runs",
    [((2, 4), (7, 9)), tuple((at, at + 1) for at in range(0, 2 * MOST_RUNS + 4, 2))],
    ids=["segmented", "fused"],
)
def test_a_linear_is_bit_for_bit_itself_outside_the_runs(runs: tuple[tuple[int, int], ...]) -> None:
    plain, out, inside = one_linear(runs)
    outside = [row for row in range(60) if row not in inside]
    assert torch.equal(out[:, outside], plain[:, outside])


def test_rows_that_meet_or_overlap_are_one_run() -> None:
    assert joined([(5, 8), (0, 2), (2, 4), (6, 7)]) == ((0, 4), (5, 8))


def spinning(*beats: tuple[str, float, float]) -> ShotPlan:
    return ShotPlan(
        id="1.1", scene="1", duration_s=1.0, seed=1, place="", background="",
        entities=tuple(Entity(id=name, look="", prompt="") for name in ("CAT", "CATERPILLAR")),
        beats=tuple(Beat(entity=who, motion="spin", start_s=a, end_s=b) for who, a, b in beats),
    )  # fmt: skip


def adapter(path: Path, name: str, kind: str = "motion") -> Adapter:
    return Adapter.model_validate(
        {"name": name, "kind": kind, "path": str(path), "key": "k", "base": "b", "steps": 1,
         "loss": 0.0}
    )  # fmt: skip


def a_lora(path: Path, prefix: str = "transformer.") -> Path:
    name = f"{prefix}transformer_blocks.0.attn1.to_v"
    pair = {"A": torch.ones(2, 64), "B": torch.ones(64, 2)}
    save_file({f"{name}.lora_{part}.weight": value for part, value in pair.items()}, path)
    return path


def test_an_adapter_works_once_on_a_token_that_two_of_its_entities_share(
    small: Small, tmp_path: Path
) -> None:
    path = a_lora(tmp_path / "spin.safetensors")
    masks = torch.ones(2, small.grid.frames, small.grid.height, small.grid.width, dtype=torch.bool)
    layout = token_layout(visibility(masks))
    shot = spinning(("CAT", 0.0, 0.5), ("CAT", 0.5, 1.0), ("CATERPILLAR", 0.0, 1.0))
    (placed,) = place_adapters(shot, [adapter(path, "spin")], layout, small.grid, TEXT_TOKENS)
    assert placed.runs == ((0, 2 * TEXT_TOKENS), (3 * TEXT_TOKENS, 3 * TEXT_TOKENS + 24))


def test_a_character_adapter_is_its_own_entitys_and_matched_by_id(
    small: Small, tmp_path: Path
) -> None:
    path, layout = a_lora(tmp_path / "cat.safetensors"), two_regions(small)
    shot = spinning(("CAT", 0.0, 1.0))

    def place(name: str) -> PlacedLora:
        given = [adapter(path, name, "character")]
        return place_adapters(shot, given, layout, small.grid, TEXT_TOKENS)[0]

    assert place("CAT").runs == entity_runs(layout, 0, small.grid, TEXT_TOKENS)
    assert place("CATERPILLAR").runs == entity_runs(layout, 1, small.grid, TEXT_TOKENS)
    with pytest.raises(AdapterError, match="no use for adapter 'CATE'"):
        place("CATE")


@pytest.mark.parametrize("prefix", ["transformer.", "base_model.model.", ""])
def test_names_of_diffusers_and_of_peft_are_the_same_linear(tmp_path: Path, prefix: str) -> None:
    lora = load_lora(a_lora(tmp_path / "a.safetensors", prefix), "spin")
    assert list(lora.updates) == ["transformer_blocks.0.attn1.to_v"]


def test_the_scale_is_alpha_over_rank_wherever_the_tool_wrote_it(tmp_path: Path) -> None:
    def up(path: Path) -> float:
        (update,) = load_lora(path, "spin").updates.values()
        return float(update.up[0, 0])

    assert up(a_lora(tmp_path / "plain.safetensors")) == 1
    (tmp_path / "peft").mkdir()
    a_lora(tmp_path / "peft" / "adapter_model.safetensors", "base_model.model.")
    beside = tmp_path / "peft" / "adapter_config.json"
    beside.write_text(json.dumps({"r": 2, "lora_alpha": 8}), encoding="utf-8")
    assert up(tmp_path / "peft") == 4
    name = "transformer_blocks.0.attn1.to_v"
    old = {
        f"{name}.lora.down.weight": torch.ones(2, 64),
        f"{name}.lora.up.weight": torch.ones(64, 2),
    }
    save_file({**old, f"{name}.alpha": torch.tensor(6.0)}, tmp_path / "old.safetensors")
    assert up(tmp_path / "old.safetensors") == 3
    metadata = {
        "lora_adapter_metadata": json.dumps({"transformer.lora_alpha": 10, "transformer.r": 2})
    }
    save_file(old, tmp_path / "new.safetensors", metadata=metadata)
    assert up(tmp_path / "new.safetensors") == 5


def test_an_adapter_over_the_whole_frame_is_what_peft_computes(
    small: Small, tmp_path: Path
) -> None:
    torch.manual_seed(2)
    adapted = copy.deepcopy(small.transformer).float()
    adapted.add_adapter(
        LoraConfig(r=2, lora_alpha=2, target_modules=list(TARGETS), init_lora_weights=False)
    )
    state = {k: v.clone() for k, v in get_peft_model_state_dict(adapted).items()}
    lora = load_lora(save_adapter(TrainingResult(state, 1, 0.0), tmp_path), "spin")
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

    def use(path: str, wide: int, high: int) -> None:
        update = LowRank(torch.zeros(1, wide), torch.zeros(high, 1))
        with region_lora(
            small.transformer, [PlacedLora(LoraUpdates("spin", {path: update}), ((0, 1),))]
        ):
            raise AssertionError("an adapter that does not fit was taken")

    with pytest.raises(AdapterError, match="another model: this one has no blocks.0"):
        use("blocks.0.to_q", 4, 4)
    with pytest.raises(AdapterError, match="is 4 x 4, this one's 64 x 64"):
        use("transformer_blocks.0.attn1.to_q", 4, 4)
    with pytest.raises(AdapterError, match="works on all tokens at once"):
        use("transformer_blocks.0.norm1.linear", 16, 384)
