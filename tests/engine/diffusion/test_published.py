"""Given a folder in diffusers' layout, expect an engine by the folder's own files."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS, clip_tokens
from dreamrunner.engine.diffusion.load import attention_words
from dreamrunner.engine.diffusion.published import find_checkpoint, folder_checkpoint
from dreamrunner.engine.family import capabilities, load_family
from dreamrunner.engine.lazy import LazyFamily
from dreamrunner.engine.quiet import quietly
from dreamrunner.errors import WeightsError

from .hub import PUBLISHED, hub_folder, write_config
from .pipelines import FPS, FRAMES, HEIGHT, WIDTH, say_its_clips, tiny_pipeline
from .test_family import LEFT, latents, shot


@pytest.fixture(scope="module")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CogVideoX of no published size, saved as diffusers saves it."""
    folder = tmp_path_factory.mktemp("models") / "miniature"
    tiny_pipeline("cogvideox-2b").save_pretrained(folder)
    return folder


def test_a_folder_says_its_size_depth_and_numbers(miniature: Path) -> None:
    found = folder_checkpoint(miniature)
    pipe = tiny_pipeline("cogvideox-2b")
    assert (found.name, found.folder, found.dtype) == ("miniature", miniature, "float32")
    assert (found.width, found.height, found.frames, found.fps) == (WIDTH, HEIGHT, FRAMES, FPS)
    assert (found.layers, found.width_tokens, found.token_px) == (2, 128, 16)
    for part in ("transformer", "text_encoder"):
        numbers = sum(p.numel() for p in getattr(pipe, part).parameters())
        assert getattr(found, part) * 1e6 == pytest.approx(numbers)
    assert clip_tokens(found) == 3 * 4 * 4


def test_a_wan_may_say_how_large_its_clips_are(tmp_path: Path) -> None:
    tiny_pipeline("wan2.1-1.3b").save_pretrained(tmp_path)
    assert clip_tokens(folder_checkpoint(tmp_path)) == 21 * 30 * 52  # a Wan's own
    say_its_clips(tmp_path, width=WIDTH // 8, height=HEIGHT // 8, frames=FRAMES)
    found = folder_checkpoint(tmp_path)
    assert (found.width, found.height, found.frames) == (WIDTH, HEIGHT, FRAMES)
    made = load_family(str(tmp_path))
    frames = made.render(shot({"FOX": LEFT}, steps=1), (), None, lambda done, total: None)
    assert frames.shape[1:] == (HEIGHT, WIDTH, 3)


def test_an_engine_named_by_its_folder_draws(miniature: Path) -> None:
    said: list[str] = []
    made = load_family(str(miniature), announce=said.append)
    assert made.capabilities == capabilities(str(miniature))
    frames = made.render(shot({"FOX": LEFT}, steps=1), (), None, lambda done, total: None)
    assert frames.shape == (FRAMES, HEIGHT, WIDTH, 3)
    assert "miniature: attention by cpu-flash, merged" in said
    assert LazyFamily(str(miniature)).fingerprint == made.fingerprint
    assert torch.isfinite(latents(made, shot({}, steps=1))).all()


def test_attention_is_named_as_it_runs() -> None:
    said = attention_words(tiny_pipeline("wan2.1-1.3b"), torch.device("cpu"))
    assert said.endswith("over the texts by grouped calls")


def test_a_folder_of_a_published_model_is_that_model(tmp_path: Path) -> None:
    found = find_checkpoint(str(hub_folder(tmp_path, "cogvideox-1.5-5b")))
    assert found is not None
    assert (found.name, found.width, found.fps) == ("cogvideox-1.5-5b", 1360, 16)
    assert clip_tokens(found) == 11 * 48 * 85
    assert find_checkpoint("cogvideox-1.5-5b") == CHECKPOINTS["cogvideox-1.5-5b"]
    assert find_checkpoint("storybook") is None


def test_a_folder_that_nothing_draws_with_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds Wan2.2-T2V-A14B, and no engine draws with it"):
        folder_checkpoint(hub_folder(tmp_path, "Wan2.2-T2V-A14B"))
    write_config(tmp_path, "model_index", {"_class_name": "CogVideoXPipeline"})
    config = {**PUBLISHED["cogvideox-2b"]["transformer"], "sample_width": "wide"}
    write_config(tmp_path, "transformer", config)
    with pytest.raises(WeightsError, match="transformer.sample_width is 'wide'"):
        folder_checkpoint(tmp_path)


def test_a_story_is_checked_for_a_folder(miniature: Path, tmp_path: Path) -> None:
    story = tmp_path / "fox.story"
    pinned = "@motion FOX { 0s..1s: somersault }"
    story.write_text(f"@character FOX: a fox\n\nEXT. FOREST\n{pinned}\n\nThe FOX turns.\n", "utf-8")
    run = CliRunner()
    found = run.invoke(app, ["check", str(story), "--deep", "--engine", str(miniature)])
    assert found.exit_code == 0
    assert "miniature learns pinned motions" in " ".join(found.stdout.split())
    wrong = run.invoke(app, ["check", str(story), "--engine", "sora"])
    assert wrong.exit_code == 2


def test_libraries_say_nothing_in_between(capfd: pytest.CaptureFixture[str]) -> None:
    from diffusers.utils import logging as diffusers_logging

    with quietly():
        diffusers_logging.get_logger("diffusers").warning("a part of a text was cut")
        logging.getLogger("transformers").warning("too long")
        warnings.warn("this will be removed", FutureWarning, stacklevel=1)
    assert capfd.readouterr().err == ""


def test_a_text_that_is_cut_is_told(miniature: Path) -> None:
    said: list[str] = []
    made = load_family(str(miniature), announce=said.append)
    long = shot({}, steps=1).model_copy(update={"background": "meadow " * 300})
    latents(made, long)  # type: ignore[arg-type]  # a published family has latents
    (cut,) = [line for line in said if "cut" in line]
    assert cut == (
        'shot 1.1: a text of 300 tokens is cut to the 226 that the model takes: "meadow meadow '
        'meadow meadow meadow meadow meadow meadow..."'
    )


def test_licences_say_where_who_and_whose_films() -> None:
    assert str(CHECKPOINTS["cogvideox-5b"].licence).endswith(
        "territory: anywhere; revenue: research is free; commercial use after registration, up to "
        "a million visits a month; films: yours, as far as local law allows"
    )
    assert str(CHECKPOINTS["wan2.2-ti2v-5b"].licence).startswith("Apache-2.0; territory: anywhere")
