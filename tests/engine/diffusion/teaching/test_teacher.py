"""A tiny model's folder and a library of clips: retrieved, learnt, loaded by stock diffusers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file

from dreamrunner.engine.diffusion import memory
from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS, Checkpoint
from dreamrunner.engine.diffusion.family import ClipSize, DiffusionFamily, region_texts
from dreamrunner.engine.diffusion.teaching.buckets import bucket_of, fitted, picked_frames
from dreamrunner.engine.diffusion.teaching.pictures import (
    Picture,
    augmented,
    read_picture,
    trigger_word,
)
from dreamrunner.engine.diffusion.teaching.recipes import TeachSettings
from dreamrunner.engine.diffusion.teaching.teachable import teachable
from dreamrunner.engine.diffusion.teaching.teacher import (
    AdapterTeacher,
    PixelClip,
    save_taught,
    step_operations,
)
from dreamrunner.engine.diffusion.teaching.train import (
    LatentExample,
    TaughtAdapter,
    teach_motion,
)
from dreamrunner.engine.diffusion.weights import LoadOptions
from dreamrunner.engine.miniature import world
from dreamrunner.engine.miniature.export import pipeline
from dreamrunner.engine.protocol import TrainingWatch
from dreamrunner.errors import AdapterError, InputError, StoppedError
from dreamrunner.film import Adapter
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, ShotPlan
from dreamrunner.story import Box

from ..pipelines import FPS, FRAMES, HEIGHT, WIDTH, tiny_pipeline

QUICK = TeachSettings(rank=2, clip_rank=2, steps=3, check_every=3, lr=0.05, dropout=0.0)


@pytest.fixture
def teaching(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a maker of teachers of tiny models, and what they announced."""
    said: list[str] = []
    where = "dreamrunner.engine.diffusion.teaching.teacher.find_weights"
    monkeypatch.setattr(where, lambda checkpoint, options: Path())

    def make(name: str) -> tuple[AdapterTeacher, list[str]]:
        tiny = replace(
            CHECKPOINTS[name], width=WIDTH, height=HEIGHT, frames=FRAMES, fps=FPS,
            transformer=0.1, text_encoder=0.1, codec=0.1, width_tokens=64, layers=2,
        )  # fmt: skip
        load = lambda checkpoint, folder: tiny_pipeline(name)  # noqa: E731
        return AdapterTeacher(tiny, LoadOptions(), said.append, load=load), said

    return make


def clips(count: int = 4, *, width: int = 48, height: int = 48) -> list[PixelClip]:
    chance = np.random.default_rng(1)
    return [
        PixelClip(
            f"c{n}",
            chance.integers(0, 255, (12, height, width, 3), np.uint8),
            8.0,
            "a fox spinning",
        )
        for n in range(count)
    ]


def whole_shot() -> ShotPlan:
    box = Box(0.0, 0.0, 1.0, 1.0)
    return ShotPlan(
        id="1", scene="1", duration_s=1.0, seed=5, place="", background="the meadow",
        entities=(Entity(id="FOX", look="a red fox", prompt="a red fox"),),
        keyframes=(Keyframe(time_s=0, placements=(Placement(entity="FOX", box=box),)),),
        beats=(Beat(entity="FOX", motion="spin", start_s=0, end_s=4),),
    )  # fmt: skip


def adapter(taught: TaughtAdapter, folder: Path, **fields: Any) -> Adapter:
    given = {"name": "spin", "kind": "motion", "path": str(save_taught(taught, folder)), "key": "k",
             "base": "b", "steps": 1, "loss": 0.0, **fields}  # fmt: skip
    return Adapter.model_validate(given)


@pytest.mark.parametrize("regions", [True, False])
@pytest.mark.parametrize("name", ["cogvideox-2b", "wan2.1-1.3b"])
def test_an_export_loads_in_stock_diffusers_with_equal_frames_on_a_full_region(
    name: str, regions: bool, teaching: Any, tmp_path: Path
) -> None:
    """A region that is the whole frame, and one text for everything: the adapter is everywhere."""
    teacher, said = teaching(name)
    taught = teacher.motion(clips(), QUICK, TrainingWatch())
    assert "clips of full size" in said[0] and "GB of" in said[0] and "by arithmetic" in said[0]
    family = DiffusionFamily(
        CHECKPOINTS[name], tiny_pipeline(name), "f", size=ClipSize(WIDTH, HEIGHT, FRAMES, FPS)
    )
    equal_with_stock(family, taught, tmp_path, regions=regions)


def test_an_export_of_the_miniature_loads_in_stock_diffusers(tmp_path: Path) -> None:
    pipe = pipeline("regions")
    examples = [
        LatentExample(f"c{n}", torch.randn(world.FRAMES, 8, 16, 24), torch.randn(32, 128))
        for n in range(4)
    ]
    taught = teach_motion(teachable(pipe), examples, QUICK)
    size = ClipSize(world.WIDTH, world.HEIGHT, world.FRAMES, world.FPS)
    checkpoint = CHECKPOINTS["cogvideox-1.5-5b"]
    family = DiffusionFamily(checkpoint, pipe, "f", size=size, announce=lambda _: None)
    equal_with_stock(family, taught, tmp_path, regions=True, duration_s=world.FRAMES / world.FPS)


def equal_with_stock(
    family: DiffusionFamily, taught: TaughtAdapter, folder: Path, *, regions: bool,
    duration_s: float = 1.0,
) -> None:  # fmt: skip
    """Hold an adapter by regions against the same file through `load_lora_weights`."""
    # What three steps have learnt is too little to be seen.
    strong = {k: v * 40 if "lora_B" in k else v for k, v in taught.state.items()}
    made = adapter(replace(taught, state=strong), folder)
    shot = whole_shot()
    settings = shot.settings.model_copy(update={"steps": 2, "regions": regions})
    shot = shot.model_copy(update={"settings": settings, "duration_s": duration_s})
    plain = family.latents(shot, (), None, lambda done, total: None)
    ours = family.latents(shot, (made,), None, lambda done, total: None)
    family._backbone.pipe.load_lora_weights(str(folder))
    stock = family.latents(shot, (), None, lambda done, total: None)
    torch.testing.assert_close(ours, stock, rtol=1e-3, atol=1e-3)
    assert not torch.allclose(ours, plain, atol=0.05)


def test_a_characters_word_stands_before_its_own_region_alone(
    teaching: Any, tmp_path: Path
) -> None:
    path = tmp_path / "fox.png"
    Image.fromarray(clips(1)[0].frames[0]).save(path)
    picture = read_picture(path)
    trigger = trigger_word([picture.sha256])
    teacher, _ = teaching("cogvideox-2b")
    taught = teacher.character([picture], [f"{trigger} a red fox"], QUICK, TrainingWatch())
    assert all(".1.attn1." in name or ".1.ff." in name for name in taught.state)
    made = adapter(taught, tmp_path, name="FOX", kind="character", trigger=trigger)
    shot = whole_shot()
    assert region_texts(shot, [made]) == [f"{trigger} a red fox", "the meadow"]
    other = made.model_copy(update={"name": "FO"})
    assert region_texts(shot, [other]) == ["a red fox", "the meadow"]


def test_examples_of_a_stopped_training_are_not_encoded_again(
    teaching: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher, _ = teaching("cogvideox-2b")
    read: list[tuple[int, int]] = []
    watch = TrainingWatch(folder=tmp_path, on_clip=lambda *at: read.append(at))
    first = teacher.motion(clips(), QUICK, watch)
    assert read == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    stored = load_file(tmp_path / "examples.safetensors")
    assert stored["0/latents"].shape[1] == 16 and "3/text" in stored
    (tmp_path / "training.safetensors").unlink(missing_ok=True)
    monkeypatch.setattr(AdapterTeacher, "_example", lambda *a: pytest.fail("encoded again"))
    again = teacher.motion(clips(), QUICK, watch)
    assert again.progress.losses == first.progress.losses
    assert len(read) == 5


def test_who_stops_while_clips_are_read_waits_for_one_clip(teaching: Any, tmp_path: Path) -> None:
    teacher, _ = teaching("cogvideox-2b")
    read: list[int] = []
    watch = TrainingWatch(
        on_clip=lambda done, _: read.append(done), stopped=lambda: len(read) > 1, folder=tmp_path
    )
    with pytest.raises(StoppedError, match="before its first step"):
        teacher.motion(clips(), QUICK, watch)
    assert read == [0, 1]


def test_the_time_is_told_from_clips_as_long_as_they_are() -> None:
    mode, model = memory.TRAINING_MODES[0], CHECKPOINTS["cogvideox-2b"]
    whole = step_operations(model, mode, QUICK, motion=True)
    assert step_operations(model, mode, replace(QUICK, batch=4), motion=True) == 4 * whole
    assert step_operations(model, mode, QUICK, motion=True, part=0.5) < whole / 2


@pytest.mark.parametrize(
    ("size", "found"),
    [((384, 384), (576, 576)), ((1920, 1080), (768, 432)), ((100, 900), (368, 928))],
)
def test_a_bucket_keeps_the_aspect_and_the_area(
    size: tuple[int, int], found: tuple[int, int]
) -> None:
    bucket = bucket_of(
        *size, area=720 * 480, side=16, within=(2000, 2000), available=30, most=49,
        whole=lambda n: n % 4 == 1,
    )  # fmt: skip
    assert (bucket.width, bucket.height) == found
    assert bucket.frames == 29
    assert bucket.width * bucket.height <= 720 * 480


@pytest.mark.parametrize(
    ("size", "found"), [((384, 384), (64, 64)), ((900, 300), (80, 32)), ((300, 900), (24, 64))]
)
def test_a_clip_stays_where_the_model_has_positions(
    size: tuple[int, int], found: tuple[int, int]
) -> None:
    bucket = bucket_of(
        *size, area=96 * 64, side=8, within=(96, 64), available=9, most=9, whole=lambda n: True
    )
    assert (bucket.width, bucket.height) == found


def test_a_square_clip_teaches_a_model_whose_positions_are_of_its_own_size(teaching: Any) -> None:
    """CogVideoX 1.5 cuts the positions of a clip out of those of its own, which end."""
    teacher, _ = teaching("cogvideox-1.5-5b")
    pipe = tiny_pipeline("cogvideox-1.5-5b")
    pipe.transformer.register_to_config(sample_width=16, sample_height=6)
    teacher._load = lambda checkpoint, folder: pipe
    taught = teacher.motion(clips(), QUICK, TrainingWatch())
    assert len(taught.progress.losses) == 3


def test_frames_are_picked_by_time_and_fitted_without_stretching() -> None:
    assert picked_frames(16, 25 / 3, 8).tolist()[:4] == [0, 1, 2, 3]
    assert picked_frames(48, 24.0, 8).tolist() == list(range(0, 48, 3))
    frames = np.zeros((5, 40, 80, 3), np.uint8)
    frames[:, :, 40:] = 255
    bucket = bucket_of(
        80, 40, area=32 * 32, side=16, within=(64, 64), available=5, most=5, whole=lambda n: True
    )
    video = fitted(frames, bucket)
    assert video.shape == (3, 5, bucket.height, bucket.width)
    assert float(video.min()) == -1.0 and float(video.max()) == 1.0
    assert float(video[..., : bucket.width // 2 - 2].max()) < -0.9


TOKEN = (1 / 12, 1 / 8)


def test_pictures_are_cut_but_neither_coloured_nor_mirrored() -> None:
    pixels = np.full((20, 30, 3), 90, np.uint8)
    pixels[:, :3] = 30
    shown = [one.pixels for one in augmented([Picture(pixels, "a")], 1, TOKEN)]
    assert len(shown) == 12 and np.array_equal(shown[0], pixels)
    assert all((one[:, -1] == 90).all() for one in shown)
    assert len(list(augmented([Picture(pixels, "a")], 1, TOKEN, closer=False))) == 1
    assert {int(v) for one in shown for v in np.unique(one)} <= {30, 90}
    assert trigger_word(["a"]) == trigger_word(["a"]) != trigger_word(["b"])


@pytest.mark.parametrize("closer", [True, False])
def test_a_character_stays_whole_in_its_box_wherever_a_picture_is_moved(closer: bool) -> None:
    pixels = np.full((40, 60, 3), 90, np.uint8)
    pixels[12:30, 9:21] = 200
    picture = Picture(pixels, "a", Box(9 / 60, 12 / 40, 21 / 60, 30 / 40))
    shown = list(augmented([picture], 3, TOKEN, closer=closer))
    places = set()
    for one in shown:
        height, width, _ = one.pixels.shape
        rows, columns = np.nonzero(one.pixels[..., 0] == 200)
        found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert one.box is not None and len(rows) == 18 * 12
        box = (one.box.left * width, one.box.top * height, one.box.right * width,
               one.box.bottom * height)  # fmt: skip
        assert box == pytest.approx(found)
        places.add(found)
    assert len(places) > 6 and ({one.pixels.shape for one in shown} == {(40, 60, 3)}) != closer
    if not closer:  # a token is 5 pixels a side
        assert {(left % 5, top % 5) for left, top, _, _ in places} == {(9 % 5, 12 % 5)}


def test_a_cut_out_figure_is_where_its_picture_is_solid(tmp_path: Path) -> None:
    cut = np.zeros((20, 40, 4), np.uint8)
    cut[5:15, 10:20] = (200, 30, 30, 255)
    Image.fromarray(cut).save(tmp_path / "cut.png")
    Image.fromarray(cut[..., :3]).save(tmp_path / "whole.png")
    assert read_picture(tmp_path / "cut.png").box == Box(0.25, 0.25, 0.5, 0.75)
    assert read_picture(tmp_path / "whole.png").box is None


@pytest.mark.parametrize(("name", "regions"), [("cogvideox-2b", True), ("wan2.1-1.3b", False)])
def test_a_character_is_learnt_by_its_region_where_its_picture_says_where(
    name: str, regions: bool, teaching: Any, tmp_path: Path
) -> None:
    teacher, _ = teaching(name)
    picture = Picture(clips(1)[0].frames[0], "a", Box(0.25, 0.25, 0.75, 0.75), "the meadow")
    teacher.character([picture], ["a fox"], QUICK, TrainingWatch(folder=tmp_path))
    stored = load_file(tmp_path / "examples.safetensors")
    with safe_open(tmp_path / "examples.safetensors", framework="pt") as opened:
        boxes = [held for _, held in json.loads(opened.metadata()["examples"])]
    assert len(boxes) == 12 and all(bool(held) == regions for held in boxes)
    whole = teachable(tiny_pipeline(name)).embed("a fox")
    assert len(stored["0/text"]) == len(whole) * (1 + regions)


def test_what_is_no_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_text(json.dumps({}))
    with pytest.raises(AdapterError, match="is no picture that can be read"):
        read_picture(tmp_path / "fox.png")


LEARNING = {"cogvideox-2b": 23_000_000, "cogvideox-5b": 52_000_000, "wan2.1-1.3b": 26_000_000}


@pytest.mark.parametrize(
    ("name", "gigabytes"),
    [("cogvideox-2b", 12), ("wan2.1-1.3b", 12), ("cogvideox-5b", 16), ("cogvideox-5b", 24)],
)
def test_defaults_fit_small_and_large_devices(name: str, gigabytes: int) -> None:
    checkpoint: Checkpoint = CHECKPOINTS[name]
    need = []
    for budget in (gigabytes, 80):
        mode, size = memory.fitted_training(checkpoint, budget * memory.GB, learning=LEARNING[name])
        assert size <= budget * memory.GB
        need.append((memory.TRAINING_MODES.index(mode), size))
    assert need[0][0] >= need[1][0]
    with pytest.raises(InputError, match=f"to teach {name} takes about"):
        memory.fitted_training(checkpoint, 2 * memory.GB, learning=LEARNING[name])
