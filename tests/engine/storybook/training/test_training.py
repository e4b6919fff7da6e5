"""The training commands run, resume where they stopped, and never see what is held out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.sr3ai.lora import load_lora
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.adapters import merged
from dreamrunner.engine.storybook.box_channels import CHANNELS
from dreamrunner.engine.storybook.frame_codec import flat_convolutions
from dreamrunner.engine.storybook.text_encoder import TextEncoder
from dreamrunner.engine.storybook.training.adapter import (
    AdapterSettings,
    Base,
    TrainingResult,
    save_adapter,
    train_adapter,
)
from dreamrunner.engine.storybook.training.batches import Clips
from dreamrunner.engine.storybook.training.clips import LatentClip, load_shards, make_clips
from dreamrunner.engine.storybook.training.codec import train_codec
from dreamrunner.engine.storybook.training.denoiser import train_transformer
from dreamrunner.engine.storybook.training.drawn_clips import drawings
from dreamrunner.engine.storybook.training.export import export_weights
from dreamrunner.engine.storybook.training.loop import Run, load_checkpoint
from dreamrunner.engine.storybook.training.stated_boxes import keyed, loosened
from dreamrunner.engine.storybook.training.turn_search import MOST_CLIPS
from dreamrunner.engine.storybook.training.underpainter import LatentFrames, train_underpainter
from dreamrunner.engine.storybook.underpainting import Underpainter
from dreamrunner.engine.storybook.world.vocabulary import HELD_OUT_CHARACTERS, MOTIONS
from dreamrunner.errors import AdapterError, WeightsError

HELD_OUT_WORDS = {
    *HELD_OUT_CHARACTERS,
    *(word for m in ("spin", "somersault") for p in MOTIONS[m].finite for word in p.split()),
} - {"a", "does", "turns", "round", "and", "around", "over"}


def run(work: Path, **changes: int) -> Run:
    settings = {"steps": 2, "batch": 2, **changes}
    return Run(
        work=work, device=torch.device("cpu"), seed=5, steps=settings["steps"], minutes=60,
        batch=settings["batch"], lr=1e-3, every_s=0.0, log=lambda line: None,
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def shallow() -> Iterator[None]:
    """Train a transformer of one narrow block: what is tested here does not depend on its size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(models.TRANSFORMER_CONFIG, "num_layers", 1)
        patch.setitem(models.TRANSFORMER_CONFIG, "num_attention_heads", 1)
        yield


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a codec and an underpainter were trained for two steps on four clips."""
    folder = tmp_path_factory.mktemp("training")
    train_codec(run(folder), frozen_encoder=False)
    make_clips(run(folder), count=4, split="base")
    train_underpainter(run(folder))
    return folder


def test_flat_convolutions_are_exact_on_single_frames() -> None:
    vae = models.new_vae()
    frame = torch.rand(1, 3, 1, 32, 48)
    with torch.no_grad():
        stock = vae.encode(frame).latent_dist.mean
        with flat_convolutions(vae):
            flat = vae.encode(frame).latent_dist.mean
        assert torch.equal(vae.encode(frame).latent_dist.mean, stock)
    torch.testing.assert_close(flat, stock, rtol=1e-4, atol=1e-4)


def test_clips_are_latents_with_boxes_and_words(work: Path) -> None:
    clips = load_shards(work / "clips", set())
    clip = clips[0]
    assert clip.latents.shape == (models.FRAMES, 4, models.HEIGHT // 4, models.WIDTH // 4)
    assert clip.boxes.shape == (clip.actors, models.FRAMES, 4)
    deviation = torch.stack([c.latents.float() for c in clips]).std()
    assert 0.5 < deviation < 2.0


def test_base_clips_never_name_what_is_held_out(work: Path) -> None:
    for clip in load_shards(work / "clips", set()):
        said = " ".join([*clip.joints, *(text for texts in clip.regions for text in texts)])
        assert not HELD_OUT_WORDS & set(said.replace(",", "").split())


def test_training_goes_on_from_its_checkpoint(work: Path, tmp_path: Path) -> None:
    (tmp_path / "clips").symlink_to(work / "clips")
    (tmp_path / "underpainter.pt").symlink_to(work / "underpainter.pt")
    train_transformer(run(tmp_path, steps=1))
    first = load_checkpoint(tmp_path / "transformer.pt", torch.device("cpu"))
    train_transformer(run(tmp_path, steps=2))
    second = load_checkpoint(tmp_path / "transformer.pt", torch.device("cpu"))
    assert first is not None and second is not None
    assert (first["step"], second["step"]) == (1, 2)
    name = "proj_out.weight"
    assert not torch.equal(first["transformer"][name], second["transformer"][name])


def test_without_clips_training_says_what_to_run_first(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="run `clips` first"):
        train_underpainter(run(tmp_path))
    with pytest.raises(WeightsError, match="run `underpainter` first"):
        train_transformer(run(tmp_path))


def test_exported_weights_are_those_of_the_average(work: Path, tmp_path: Path) -> None:
    (tmp_path / "clips").symlink_to(work / "clips")
    for name in ("codec.pt", "underpainter.pt"):
        (tmp_path / name).symlink_to(work / name)
    train_transformer(run(tmp_path, steps=1))
    export_weights(run(tmp_path), tmp_path / "weights")
    vae = models.load_vae(tmp_path / "weights")
    state = load_checkpoint(work / "codec.pt", torch.device("cpu"))
    assert state is not None
    name = "decoder.conv_in.conv.weight"
    torch.testing.assert_close(vae.state_dict()[name], state["average"][name], rtol=1e-3, atol=1e-3)
    assert vae.config.scaling_factor == models.scaling_factor(tmp_path / "weights")


def test_a_batch_is_pieces_of_clips_under_their_own_boxes() -> None:
    boxes = torch.zeros(1, models.FRAMES, 4)
    boxes[0, :, 2] = torch.linspace(0.1, 1.0, models.FRAMES)
    boxes[0, :, 3] = 0.5
    latents = torch.arange(models.FRAMES).float()[:, None, None, None].expand(-1, 4, 32, 48)
    every = tuple(range(models.FRAMES))
    clip = LatentClip(
        latents.half(), every, None, boxes, boxes, (("a fox",),), ("a meadow",), ("a fox walks",)
    )
    supply = Clips(TextEncoder(), seed=0, regions=1.0)
    supply.add([clip])
    batch = supply.batch(6, 3)
    assert batch.latents.shape == (6, 15, 4, 32, 48)
    assert (batch.latents[:, 1:] - batch.latents[:, :-1] == 1).all()
    assert batch.mask is not None
    assert batch.inside.shape == (6, 3, 8, 12)
    assert batch.inside[:, :, :3, 0].all()
    assert batch.places.shape == (6, 15, CHANNELS, 32, 48)
    assert batch.places[:, :, 0, :16, 0].all() and not batch.places[:, :, 0, 17:].any()


def test_clips_of_a_few_frames_teach_the_underpainter_alone(work: Path, tmp_path: Path) -> None:
    (tmp_path / "codec.pt").symlink_to(work / "codec.pt")
    make_clips(run(tmp_path), count=2, split="base", frames=3)
    clips = load_shards(tmp_path / "clips", set())
    assert all(len(clip.latents) == len(clip.frames) == 3 for clip in clips)
    assert all(len(c.ground) in (1, 3) for c in clips if c.ground is not None)
    assert all(c.boxes.shape[1] == models.FRAMES for c in clips)
    supply = Clips(TextEncoder(), seed=0)
    supply.add(clips)
    assert len(supply) == 0
    frames = LatentFrames(TextEncoder(), seed=0)
    frames.add(clips)
    assert len(frames) == 2 and frames.loss(Underpainter(), 4)[0].isfinite()


def test_drawn_clips_are_the_same_by_any_number_of_processes() -> None:
    alone = list(drawings(7, "base", range(3)))
    spread = list(drawings(7, "base", range(3), workers=2))
    assert all(torch.equal(a.frames, b.frames) for a, b in zip(alone, spread, strict=True))
    assert [a.said for a in alone] == [b.said for b in spread]


def test_loosened_boxes_hold_the_true_ones() -> None:
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 0.5, (80, 5, 2))
    boxes = np.concatenate([corner, corner + 0.3], -1).astype(np.float32)
    wide = loosened(boxes, rng)
    assert (wide[..., :2] <= boxes[..., :2] + 1e-6).all()
    assert (wide[..., 2:] >= boxes[..., 2:] - 1e-6).all()
    untouched = (wide == boxes).all((1, 2)).mean()
    assert 0.3 < untouched < 0.7


def test_keyed_tracks_are_straight_between_boxes_of_the_true_track() -> None:
    rng = np.random.default_rng(0)
    at = np.linspace(0, 3, 25, dtype=np.float32)
    boxes = np.tile(np.sin(at)[None, :, None], (200, 1, 4)).astype(np.float32)
    tracks = keyed(boxes, rng)
    changed = (tracks != boxes).any((1, 2))
    assert 0.15 < changed.mean() < 0.35
    np.testing.assert_allclose(tracks[:, [0, -1]], boxes[:, [0, -1]])
    bends = np.abs(np.diff(tracks[changed], n=2, axis=1)).max(2) > 1e-4
    assert (bends.sum(1) <= 4).all()


def test_an_adapter_teaches_both_models_and_leaves_the_base_alone(
    work: Path, tmp_path: Path
) -> None:
    clips = load_shards(work / "clips", set())
    base = Base(models.new_transformer(), Underpainter())
    before = {name: value.clone() for name, value in base.underpainter.state_dict().items()}
    settings = AdapterSettings(painting_steps=2, painting_batch=2, steps=1, batch=1, check_every=1)
    done: list[tuple[int, int]] = []
    trained = train_adapter(
        base,
        models.new_vae(),
        clips,
        TextEncoder(),
        settings,
        lambda step, of: done.append((step, of)),
    )
    looked = min(len(clips), MOST_CLIPS)
    searched = [(at, looked) for at in range(1, looked + 1)]
    assert done == [*searched, (1, 3), (2, 3), (3, 3)], "a search's pace is not that of learning"
    assert {name.split(".")[0] for name in trained.state} == {"transformer", "underpainter"}
    learnt = [v for name, v in trained.state.items() if re.match(r"underpainter.*lora", name)]
    assert any(value.any() for value in learnt if value.shape[1] == settings.rank)
    for name, value in base.underpainter.state_dict().items():
        assert torch.equal(value, before[name])
    lora = load_lora(save_adapter(trained, tmp_path), "spin")
    assert merged(base.underpainter, [lora], 1.0) is not base.underpainter


def test_too_few_clips_teach_nothing(work: Path) -> None:
    clips = load_shards(work / "clips", set())[:2]
    base = Base(models.new_transformer(), Underpainter())
    with pytest.raises(AdapterError, match="2 clips are too few"):
        train_adapter(
            base, models.new_vae(), clips, TextEncoder(), AdapterSettings(), lambda step, of: None
        )


@pytest.mark.parametrize("name", ["turning.amount", "transformer.x.lora_A.weight"])
def test_equal_adapters_are_equal_files(name: str, tmp_path: Path) -> None:
    trained = TrainingResult({name: torch.ones(2, 2, dtype=torch.float16)}, 1, 0.0)
    files = {save_adapter(trained, tmp_path / str(n)).read_bytes() for n in range(20)}
    assert len(files) == 1
