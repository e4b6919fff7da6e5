"""The miniature in diffusers' layout: stock diffusers and the project's engine draw the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import CogVideoXPipeline

from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.diffusion.family import DiffusionFamily
from dreamrunner.engine.miniature.export import WEIGHTS, begin, export, read_card, unpacked
from dreamrunner.engine.miniature.storing import load_small, save_small
from dreamrunner.engine.miniature.text import TOKENS
from dreamrunner.engine.miniature.transformer import rope
from dreamrunner.engine.miniature.world import FPS, FRAMES, HEIGHT, WIDTH
from dreamrunner.engine.storybook.training.loop import load_checkpoint
from dreamrunner.errors import WeightsError
from dreamrunner.plan import RenderSettings, ShotPlan

SEED, STEPS, GUIDANCE = 11, 4, 3.0


def test_small_weights_are_within_half_a_step_of_what_they_were(tmp_path: Path) -> None:
    torch.manual_seed(0)
    state = {"m": torch.randn(5, 7) * 10, "k": torch.randn(4, 3, 3, 3), "b": torch.randn(6)}
    state["m"][2] = 0
    save_small(state, tmp_path / "w.safetensors", {"licence": "x"})
    found = load_small(tmp_path / "w.safetensors")
    assert found.keys() == state.keys()
    for name, value in state.items():
        step = value.flatten(1).abs().amax(1) / 127 if value.ndim > 1 else torch.full((6,), 0.01)
        error = (found[name] - value).abs().reshape(len(value), -1).amax(1)
        assert (error <= 0.6 * step + 1e-6).all()


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="make miniature"):
        unpacked("plain", tmp_path)
    (tmp_path / "miniature.json").write_text("{}")
    with pytest.raises(WeightsError, match="make miniature"):
        unpacked("plain", tmp_path, tmp_path / "cache")


def test_the_folder_is_a_stock_pipeline_with_a_real_sentencepiece(
    weights: Path, tmp_path: Path
) -> None:
    folder = unpacked("plain", weights, tmp_path)
    assert unpacked("plain", weights, tmp_path) == folder
    assert unpacked("regions", weights, tmp_path) != folder
    index = json.loads((folder / "model_index.json").read_text())
    assert index["_class_name"] == "CogVideoXPipeline"
    assert index["scheduler"] == ["diffusers", "CogVideoXDDIMScheduler"]
    assert index["text_encoder"] == ["transformers", "T5EncoderModel"]
    assert (folder / "tokenizer" / "spiece.model").is_file()
    pipe = CogVideoXPipeline.from_pretrained(folder, torch_dtype=torch.float32)
    assert pipe.scheduler.config.prediction_type == "v_prediction"
    assert pipe.transformer.config.max_text_seq_length == TOKENS
    mine = rope(pipe.transformer.config.patch_size)
    theirs = pipe._prepare_rotary_positional_embeddings(HEIGHT, WIDTH, FRAMES, torch.device("cpu"))
    torch.testing.assert_close(mine, theirs)


def test_the_engine_without_regions_draws_what_stock_diffusers_does(
    weights: Path, tmp_path: Path
) -> None:
    compare("plain", weights, tmp_path, least_spread=0.0)


@pytest.mark.slow
@pytest.mark.parametrize("checkpoint", ["plain", "regions"])
def test_so_it_does_with_the_committed_weights(checkpoint: str, tmp_path: Path) -> None:
    if not (WEIGHTS / f"{checkpoint}.safetensors").is_file():
        pytest.skip(f"the {checkpoint} checkpoint was not committed")
    # A picture of something, not a grey that would be equal whatever drew it.
    compare(checkpoint, WEIGHTS, tmp_path, least_spread=25.0)


def compare(checkpoint: str, weights: Path, cache: Path, *, least_spread: float) -> None:
    """Draw one caption in both ways, and compare the frames."""
    pipe = CogVideoXPipeline.from_pretrained(
        unpacked(checkpoint, weights, cache),
        torch_dtype=torch.float32,  # type: ignore[arg-type]
    )
    pipe.set_progress_bar_config(disable=True)
    said = "a red owl jumps in a meadow"
    stock = pipe(
        said, negative_prompt="", num_inference_steps=STEPS, guidance_scale=GUIDANCE,
        generator=torch.Generator().manual_seed(SEED), max_sequence_length=TOKENS,
        output_type="np",
    ).frames[0]  # fmt: skip
    record = replace(
        CHECKPOINTS["cogvideox-1.5-5b"], width=WIDTH, height=HEIGHT, frames=FRAMES, fps=FPS
    )
    family = DiffusionFamily(record, pipe, "f", announce=lambda _: None)
    shot = ShotPlan(
        id="1", scene="1", duration_s=FRAMES / FPS, seed=SEED, place="meadow", background=said,
        entities=(), keyframes=(), beats=(),
        settings=RenderSettings.model_validate({"steps": STEPS, "guidance": GUIDANCE}),
    )  # fmt: skip
    ours = family.render(shot, (), None, lambda done, total: None)
    assert ours.shape == (FRAMES, HEIGHT, WIDTH, 3)
    apart = np.abs(ours.astype(float) - stock * 255)
    assert apart.max() <= 2
    assert ours.std() >= least_spread


def test_training_goes_on_from_exported_weights(weights: Path, tmp_path: Path) -> None:
    """What is exported again is the same to a step of int8, and in size."""
    begin(tmp_path / "work", weights)
    for name in ("codec", "plain"):
        state = load_checkpoint(tmp_path / "work" / f"{name}.pt")
        assert state is not None
        assert (state["step"], state["spent_s"]) == (7, 120.0)
    (tmp_path / "again").mkdir()
    export(tmp_path / "work", tmp_path / "again", scaling_factor=1.1, patch=2)
    assert not (tmp_path / "again" / "regions.safetensors").exists()
    for name in ("codec", "text", "plain"):
        before = load_small(weights / f"{name}.safetensors")
        after = load_small(tmp_path / "again" / f"{name}.safetensors")
        assert after.keys() == before.keys()
        for key, value in before.items():
            torch.testing.assert_close(after[key], value, rtol=1e-3, atol=1e-4)


def test_a_card_is_read_beside_the_weights(weights: Path) -> None:
    assert read_card(weights)["scaling_factor"] == 1.1
