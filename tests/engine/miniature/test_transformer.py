"""The miniature's transformer: its masks are SR3AI's, its positions those of stock diffusers."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import T5EncoderModel

from dreamrunner.engine.miniature import text
from dreamrunner.engine.miniature.captions import random_scene
from dreamrunner.engine.miniature.clips import SHAPE, LatentLibrary, boxes_of, scene_of
from dreamrunner.engine.miniature.denoiser import denoising_loss, sample, train
from dreamrunner.engine.miniature.export import load_tokenizer
from dreamrunner.engine.miniature.lessons import Lessons
from dreamrunner.engine.miniature.running import TrainingRun
from dreamrunner.engine.miniature.text import TOKENS
from dreamrunner.engine.miniature.transformer import (
    GATHERED,
    dense,
    grid,
    joint_mask,
    new_transformer,
    rope,
    scheduler,
    token_boxes,
    visible_texts,
)
from dreamrunner.engine.sr3ai.attention import grouped_attention
from dreamrunner.engine.sr3ai.layout import region_masks, token_layout, visibility
from dreamrunner.engine.storybook.training.loop import load_checkpoint, save_checkpoint
from dreamrunner.story import Box

PATCH = 4


def test_token_boxes_are_the_engines() -> None:
    chance = random.Random(7)
    boxes = torch.zeros(2, 2, grid(PATCH)[0], 4)
    for place in np.ndindex(2, 2, grid(PATCH)[0]):
        left, top = chance.uniform(0, 0.8), chance.uniform(0, 0.8)
        right, bottom = left + chance.uniform(0.01, 0.5), top + chance.uniform(0.01, 0.5)
        boxes[place] = torch.tensor([left, top, min(right, 1), min(bottom, 1)])
    found = token_boxes(boxes, PATCH)
    for index in range(2):
        tracks = [[Box(*box) for box in track] for track in boxes[index].tolist()]
        expected = region_masks(tracks, *grid(PATCH)[1:])
        assert torch.equal(found[index], expected.flatten(1))
        assert torch.equal(visible_texts(found)[index], visibility(expected))


def test_a_dense_mask_says_what_region_attention_does() -> None:
    scene = random_scene(random.Random(1), 2)
    tracks = torch.from_numpy(boxes_of(scene)[None, :, GATHERED // 2 :: GATHERED])
    visible = visible_texts(token_boxes(tracks, PATCH))
    mask = joint_mask(visible)
    layout = token_layout(visible[0])
    texts = layout.regions * TOKENS
    q, k, v = torch.randn(3, 1, 2, texts + layout.tokens, 16, dtype=torch.float64)
    dense = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    order = torch.cat([torch.arange(texts), texts + layout.order])
    found = grouped_attention(q[:, :, order], k[:, :, order], v[:, :, order], layout, TOKENS)
    torch.testing.assert_close(found, dense[:, :, order])


def library(count: int) -> LatentLibrary:
    scenes = tuple(scene_of(number, 3) for number in range(count))
    latents = np.random.default_rng(0).standard_normal((count, *SHAPE)).astype(np.float16)
    return LatentLibrary(latents, scenes, tuple(boxes_of(scene) for scene in scenes), 1.0)


@pytest.fixture(scope="module")
def lessons(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tokenizer")
    (folder / "spiece.model").write_bytes((weights / "spiece.model").read_bytes())
    encoder = T5EncoderModel(text.CONFIG).eval()
    return Lessons(library(10), load_tokenizer(folder), encoder, patch=PATCH, seed=1)


def test_batches_are_of_one_shape_and_weigh_figures_more(lessons: Lessons) -> None:
    batch = lessons.captioned(3, frames=False)
    assert batch.latents.shape == (3, *SHAPE)
    assert batch.texts.shape == (3, TOKENS, text.WIDTH)
    assert batch.mask is None
    assert batch.weights.flatten(1).mean(1).tolist() == pytest.approx([1, 1, 1], abs=1e-5)
    ratio = batch.weights.flatten(1).amax(1) / batch.weights.flatten(1).amin(1)
    assert ratio.tolist() == pytest.approx([2.5] * 3)
    runs = lessons.captioned(4, frames=True)
    assert runs.latents.shape == (4, GATHERED, *SHAPE[1:])
    assert 0 <= runs.first < grid(PATCH)[0]


def test_region_training_sees_masks_captions_and_bare_texts(lessons: Lessons) -> None:
    seen = set()
    for _ in range(40):
        batch = lessons.regional(2)
        regions = batch.texts.shape[1] // TOKENS
        if batch.mask is None:
            seen.add("caption")
            assert regions == 1
            continue
        texts, size = regions * TOKENS, regions * TOKENS + int(np.prod(grid(PATCH)))
        assert batch.mask.shape == (2, 1, size, size)
        assert batch.mask[..., texts:, texts:].all()
        assert not batch.mask[..., :TOKENS, TOKENS:texts].any()
        seen.add("all visible" if batch.mask[..., texts:, :texts].all() else "regions")
    assert seen == {"caption", "all visible", "regions"}


def test_a_run_of_frames_keeps_its_times(lessons: Lessons) -> None:
    """The last run's positions are the last rows of the clip's, not the first."""
    model, seen = new_transformer(PATCH), []
    model.transformer_blocks[0].register_forward_pre_hook(
        lambda _m, _a, kwargs: seen.append(kwargs["image_rotary_emb"]), with_kwargs=True
    )
    alphas, generator = scheduler().alphas_cumprod.float(), torch.Generator().manual_seed(0)
    while (batch := lessons.captioned(2, frames=True)).first != grid(PATCH)[0] - 1:
        pass
    loss = denoising_loss(model, batch, alphas, rope(PATCH), PATCH, generator)
    assert loss.item() == pytest.approx(1.0, abs=0.15)  # closed gates predict nothing
    height, width = grid(PATCH)[1:]
    torch.testing.assert_close(seen[0][0], rope(PATCH)[0][-height * width :])


def test_training_goes_on_where_it_was_stopped(lessons: Lessons, tmp_path: Path) -> None:
    def run(minutes: float) -> dict[str, object]:
        about = TrainingRun(tmp_path, minutes, 1, 1, 1e-3, lambda _: None, every_s=0)
        train(about, lessons, name="plain", patch=PATCH, regional=False)
        state = load_checkpoint(tmp_path / "plain.pt")
        assert state is not None
        return state

    first = run(0.01)
    second = run(first["spent_s"] / 60 + 0.01)  # type: ignore[operator]  # seconds, as saved
    assert second["step"] > first["step"]  # type: ignore[operator]  # steps, as saved


def test_regions_go_on_from_the_plain_checkpoint(lessons: Lessons, tmp_path: Path) -> None:
    torch.manual_seed(5)
    plain = new_transformer(PATCH).state_dict()
    plain["proj_out.bias"] += 7
    save_checkpoint(tmp_path / "plain.pt", average=plain)
    about = TrainingRun(tmp_path, 0.01, 1, 1, 1e-6, lambda _: None, every_s=0)
    start = tmp_path / "plain.pt"
    train(about, lessons, name="regions", patch=PATCH, regional=True, start=start)
    state = load_checkpoint(tmp_path / "regions.pt")
    assert state is not None
    torch.testing.assert_close(
        state["average"]["proj_out.bias"], plain["proj_out.bias"], rtol=1e-3, atol=1e-3
    )


def test_a_mask_is_taken_off_again() -> None:
    model = new_transformer(PATCH)
    before = dict(model.attn_processors)
    with dense(model, torch.ones(1, 1, 2, 2, dtype=torch.bool)):
        assert dict(model.attn_processors) != before
    assert dict(model.attn_processors) == before


def test_sampling_without_guidance_of_a_closed_model_is_the_schedule_alone() -> None:
    """A model that predicts no velocity leaves x * sqrt(alpha) at every step: noise fades."""
    model = new_transformer(PATCH).eval()
    texts = torch.zeros(1, TOKENS, text.WIDTH)
    found = sample(model, texts, texts, None, PATCH, steps=4, guidance=1.0, seed=3)
    assert found.shape == (1, *SHAPE)
    again = sample(model, texts, texts, None, PATCH, steps=4, guidance=1.0, seed=3)
    torch.testing.assert_close(found, again, rtol=0, atol=0)
