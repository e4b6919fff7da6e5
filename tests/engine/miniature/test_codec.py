"""The miniature's codec: frames by themselves, the same in any run of frames."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.miniature import codec
from dreamrunner.engine.miniature.captions import random_scene
from dreamrunner.engine.miniature.clips import SHAPE, encode, encode_library, read_library
from dreamrunner.engine.miniature.codec import Crops, codec_loss, crop_psnr, pixels, single_frames
from dreamrunner.engine.miniature.running import TrainingRun
from dreamrunner.engine.miniature.world import Figure, WorldScene, draw
from dreamrunner.engine.storybook.training.loop import load_checkpoint


@pytest.fixture(scope="module")
def vae() -> codec.AutoencoderKLCogVideoX:
    torch.manual_seed(0)
    made = codec.new_vae()
    codec.one_tap(made)
    return made.eval().requires_grad_(False)


def test_single_frames_are_what_the_stock_class_makes_of_them(
    vae: codec.AutoencoderKLCogVideoX,
) -> None:
    frame = torch.rand(2, 3, 1, 32, 48) * 2 - 1
    expected = vae.decode(vae.encode(frame).latent_dist.mean).sample
    with single_frames(vae):
        found = vae.decode(vae.encode(frame).latent_dist.mean).sample
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    again = vae.decode(vae.encode(frame).latent_dist.mean).sample
    torch.testing.assert_close(again, expected, rtol=0, atol=0)


def test_a_still_run_of_frames_is_one_frame_repeated(vae: codec.AutoencoderKLCogVideoX) -> None:
    """No tap looks back, and the norms of equal frames are those of one."""
    latent = torch.randn(1, codec.CHANNELS, 1, 8, 8)
    alone = vae.decode(latent).sample
    run = vae.decode(latent.expand(-1, -1, 5, -1, -1)).sample
    assert run.shape[2] == 5
    torch.testing.assert_close(run, alone.expand(-1, -1, 5, -1, -1), rtol=1e-3, atol=1e-4)


def test_psnr_is_that_of_the_boxes_alone() -> None:
    clip = draw(WorldScene("meadow", (Figure("owl", "red", "stand", 48),)))
    out = pixels(clip.frames)
    out[:, :, :8, :8] = 1.0  # far from the owl
    assert crop_psnr(out + 2e-3, clip) == pytest.approx(60, abs=0.1)


def test_crops_have_figures_and_whole_frames_their_size() -> None:
    supply = Crops(3, pool=4)
    assert supply.batch(3, whole=True).shape == (3, 3, 1, 64, 96)
    crops = supply.batch(5, whole=False)
    assert crops.shape == (5, 3, 1, 48, 48)
    assert crops.flatten(1).std(1).min() > 0.1


def test_the_loss_goes_down_where_it_is_followed() -> None:
    torch.manual_seed(0)
    learner = codec.new_vae()
    optimizer = torch.optim.AdamW(learner.parameters(), lr=3e-3)
    batch = Crops(3, pool=2).batch(2, whole=False)
    losses = []
    for _ in range(6):
        with single_frames(learner):
            loss = codec_loss(learner, batch, torch.Generator().manual_seed(0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_a_decoder_trained_alone_leaves_the_averaged_encoder(tmp_path: Path) -> None:
    def trained(minutes: float, *, frozen_encoder: bool) -> dict[str, torch.Tensor]:
        run = TrainingRun(tmp_path, minutes, 1, 2, 1e-3, lambda _: None, every_s=0)
        codec.train_codec(run, None, frozen_encoder=frozen_encoder)
        state = load_checkpoint(tmp_path / "codec.pt")
        assert state is not None
        average: dict[str, torch.Tensor] = state["average"]
        return average

    before = trained(0.03, frozen_encoder=False)
    state = load_checkpoint(tmp_path / "codec.pt")
    assert state is not None
    after = trained(state["spent_s"] / 60 + 0.03, frozen_encoder=True)
    for name, value in before.items():
        if name.startswith("encoder."):
            torch.testing.assert_close(after[name], value, rtol=1e-5, atol=1e-6)
    assert not torch.equal(
        after["decoder.conv_out.conv.bias"], before["decoder.conv_out.conv.bias"]
    )


def test_clips_are_encoded_once_and_go_on_where_they_stopped(
    vae: codec.AutoencoderKLCogVideoX, tmp_path: Path
) -> None:
    encode_library(vae, tmp_path, count=2, seed=5, log=lambda _: None)
    first = read_library(tmp_path)
    assert first.latents.shape == (2, *SHAPE)
    before = np.array(first.latents)
    encode_library(vae, tmp_path, count=3, seed=5, log=lambda _: None)
    library = read_library(tmp_path)
    assert len(library.scenes) == 3
    np.testing.assert_array_equal(library.latents[:2], before)
    expected = encode(vae, draw(library.scenes[2])) * library.scaling_factor
    np.testing.assert_allclose(library.latents[2], expected.numpy(), atol=0.02)
    np.testing.assert_array_equal(library.boxes[2], draw(library.scenes[2]).boxes)


def test_equal_frames_are_encoded_to_equal_latents(vae: codec.AutoencoderKLCogVideoX) -> None:
    latents = encode(vae, draw(random_scene(random.Random(1), 1)))
    still = encode(vae, draw(WorldScene("snow", (Figure("fox", "red", "stand", 48),))))
    assert latents.shape == SHAPE
    torch.testing.assert_close(still, still[:1].expand_as(still), rtol=0, atol=0)
