"""The published models' families against the stock pipelines of diffusers, small and random."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import (
    AutoencoderKLCogVideoX,
    AutoencoderKLWan,
    CogVideoXDPMScheduler,
    CogVideoXTransformer3DModel,
    WanTransformer3DModel,
)
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from transformers import T5Config, T5EncoderModel, UMT5Config, UMT5EncoderModel

from dreamrunner.engine.diffusion import memory
from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.diffusion.family import ClipSize, DiffusionFamily
from dreamrunner.engine.diffusion.sampler import blended, windows
from dreamrunner.engine.diffusion.weights import LoadOptions, find_weights, load_pipeline
from dreamrunner.engine.sr3ai.layout import TokenLayout
from dreamrunner.engine.video import read_video, write_video
from dreamrunner.errors import EngineError
from dreamrunner.film import Adapter, Clip
from dreamrunner.plan import (
    Beat,
    Entity,
    Keyframe,
    PlaceFrame,
    Placement,
    RenderSettings,
    ShotPlan,
)
from dreamrunner.story import Box

from .pipelines import (
    CODEC_22,
    FPS,
    FRAMES,
    HEIGHT,
    T5_XXL,
    TRANSFORMERS,
    UMT5_XXL,
    WIDTH,
    tiny_pipeline,
)

NAMES = tuple(TRANSFORMERS)
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
LEFT, RIGHT = Box(0.0, 0.0, 0.5, 1.0), Box(0.5, 0.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def pipelines() -> dict[str, Any]:
    return {name: tiny_pipeline(name) for name in NAMES}


def family(name: str, pipe: Any, announced: list[str] | None = None) -> DiffusionFamily:
    size = ClipSize(WIDTH, HEIGHT, FRAMES, FPS)
    announce = (lambda _: None) if announced is None else announced.append
    return DiffusionFamily(CHECKPOINTS[name], pipe, "f", size=size, announce=announce)


def shot(boxes: dict[str, Box], frames: int = FRAMES, **settings: object) -> ShotPlan:
    texts = {"FOX": "a red fox walking", "OWL": "an owl spinning"}
    return ShotPlan(
        id="1.1", scene="1", duration_s=frames / FPS, seed=5, place="meadow",
        background="a sunny meadow", negative="blurry",
        entities=tuple(Entity(id=name, look="", prompt=texts[name]) for name in boxes),
        keyframes=(Keyframe(
            time_s=0.0,
            placements=tuple(Placement(entity=n, box=b) for n, b in boxes.items()),
        ),),
        beats=tuple(
            Beat(entity=name, motion="walk", start_s=0.0, end_s=frames / FPS) for name in boxes
        ),
        settings=RenderSettings.model_validate({"steps": 3, "guidance": 6.0, **settings}),
    )  # fmt: skip


def latents(
    made: DiffusionFamily, plan: ShotPlan, *adapters: Adapter, before: Clip | None = None
) -> torch.Tensor:
    return made.latents(plan, adapters, before, lambda done, total: None)


def stock(pipe: Any, prompt: str, seed: int = 5, **options: object) -> torch.Tensor:
    """What the pipeline of diffusers makes of one prompt: latents [T, C, H, W]."""
    time_first = type(pipe).__name__ == "CogVideoXPipeline"
    latent_frames = -(-(FRAMES - 1) // 4) + 1
    if time_first and pipe.transformer.config.patch_size_t:
        latent_frames += -latent_frames % 2
    generator = torch.Generator().manual_seed(seed)
    side, channels = pipe.vae_scale_factor_spatial, pipe.transformer.config.in_channels
    noise = torch.randn(latent_frames, channels, HEIGHT // side, WIDTH // side, generator=generator)
    pipe.set_progress_bar_config(disable=True)
    found = pipe(
        prompt, negative_prompt="blurry", height=HEIGHT, width=WIDTH, num_frames=FRAMES,
        num_inference_steps=3, guidance_scale=6.0, output_type="latent", return_dict=False,
        latents=noise[None] if time_first else noise.transpose(0, 1)[None], generator=generator,
        max_sequence_length=(
            pipe.transformer.config.max_text_seq_length if time_first else 512
        ),
        **options,
    )[0]  # fmt: skip
    return found[0] if time_first else found[0].transpose(0, 1)


@pytest.mark.parametrize("name", NAMES)
def test_without_regions_a_family_is_the_stock_pipeline(
    name: str, pipelines: dict[str, Any]
) -> None:
    pipe = pipelines[name]
    found = latents(family(name, pipe), shot({}))
    torch.testing.assert_close(found, stock(pipe, "a sunny meadow"), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_one_region_over_the_whole_frame_is_the_stock_pipeline(
    name: str, pipelines: dict[str, Any]
) -> None:
    """The background is left with no token, and so with no say."""
    pipe = pipelines[name]
    expected = stock(pipe, "a red fox walking")
    found = latents(family(name, pipe), shot({"FOX": WHOLE}))
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)
    other = latents(family(name, pipe), shot({"FOX": LEFT, "OWL": RIGHT}))
    assert not torch.allclose(other, expected, atol=1e-2)
    torch.testing.assert_close(stock(pipe, "a red fox walking"), expected, rtol=0, atol=0)


def dense_cross_attention(
    query: torch.Tensor,
    texts: list[tuple[torch.Tensor, torch.Tensor]],
    pads: list[int],
    layout: TokenLayout,
) -> torch.Tensor:
    """All tokens over all texts under one mask, a padding token counted as often as it stands."""
    keys, values = (torch.cat([text[i] for text in texts], dim=2) for i in (0, 1))
    seen = layout.visible[:, layout.order].float().T  # [N, R]
    columns = []
    for row, ((key, _), pad) in enumerate(zip(texts, pads, strict=True)):
        often = torch.ones(key.shape[2])
        often[-1] = pad
        columns.append(seen[:, row : row + 1] * often)
    logits = query @ keys.transpose(2, 3) / query.shape[-1] ** 0.5 + torch.cat(columns, 1).log()
    return logits.softmax(-1) @ values


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("wan")])
@pytest.mark.parametrize("boxes", [{"FOX": LEFT, "OWL": RIGHT}, {"FOX": WHOLE, "OWL": RIGHT}])
def test_wan_under_regions_is_wan_under_a_dense_mask(
    name: str, boxes: dict[str, Box], pipelines: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = family(name, pipelines[name])
    found = latents(made, shot(boxes))
    monkeypatch.setattr("dreamrunner.engine.diffusion.wan.cross_attention", dense_cross_attention)
    torch.testing.assert_close(found, latents(made, shot(boxes)), rtol=1e-4, atol=1e-4)


def test_a_schedule_that_adds_noise_adds_the_stock_pipelines(pipelines: dict[str, Any]) -> None:
    pipe = tiny_pipeline("cogvideox-5b")
    pipe.scheduler = CogVideoXDPMScheduler.from_config(pipe.scheduler.config)
    found = latents(family("cogvideox-5b", pipe), shot({}))
    torch.testing.assert_close(found, stock(pipe, "a sunny meadow"), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["cogvideox-1.5-5b", "wan2.1-1.3b"])
def test_frames_are_as_many_as_planned(name: str, pipelines: dict[str, Any]) -> None:
    frames = family(name, pipelines[name]).render(
        shot({"FOX": LEFT}, frames=7), (), None, lambda done, total: None
    )
    assert frames.shape == (7, HEIGHT, WIDTH, 3)
    assert frames.dtype == np.uint8


def test_equal_seeds_give_equal_films_and_others_do_not(pipelines: dict[str, Any]) -> None:
    made = family("cogvideox-2b", pipelines["cogvideox-2b"])
    plan = shot({"FOX": LEFT})
    assert torch.equal(latents(made, plan), latents(made, plan))
    assert not torch.equal(latents(made, plan), latents(made, plan.model_copy(update={"seed": 6})))


@pytest.mark.parametrize("name", ["cogvideox-2b", "wan2.1-1.3b"])
def test_a_lora_over_the_whole_frame_is_the_stock_pipeline_with_it(
    name: str, tmp_path: Path
) -> None:
    pipe = tiny_pipeline(name)
    plain = latents(family(name, pipe), shot({"FOX": WHOLE}))
    targets = ["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ffn.net.2"]
    torch.manual_seed(3)
    pipe.transformer.add_adapter(
        LoraConfig(r=2, lora_alpha=2, target_modules=targets, init_lora_weights=False)
    )
    state = get_peft_model_state_dict(pipe.transformer)
    type(pipe).save_lora_weights(tmp_path, transformer_lora_layers=state)
    expected = stock(pipe, "a red fox walking")
    pipe.transformer.disable_adapters()
    pipe.transformer.delete_adapters("default")
    adapter = Adapter(
        name="walk", kind="motion", path=str(tmp_path / "pytorch_lora_weights.safetensors"),
        key="k", base="b", steps=1, loss=0.0,
    )  # fmt: skip
    found = latents(family(name, tiny_pipeline(name)), shot({"FOX": WHOLE}), adapter)
    assert not torch.allclose(found, plain, atol=1e-2)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", ["cogvideox-5b", "wan2.1-1.3b"])
def test_regions_rule_for_their_steps_only(name: str, pipelines: dict[str, Any]) -> None:
    made = family(name, pipelines[name])
    boxes = {"FOX": LEFT, "OWL": RIGHT}
    never = latents(made, shot(boxes, region_steps=(0.0, 0.0)))
    no_layer = latents(made, shot(boxes, region_layers=(0.0, 0.0)))
    early, always = latents(made, shot(boxes, region_steps=(0.0, 0.4))), latents(made, shot(boxes))
    torch.testing.assert_close(never, no_layer, rtol=1e-5, atol=1e-5)
    assert not torch.allclose(early, never, atol=1e-3)
    assert not torch.allclose(early, always, atol=1e-3)


def test_guidance_of_a_region_is_its_own(pipelines: dict[str, Any]) -> None:
    made = family("cogvideox-1.5-5b", pipelines["cogvideox-1.5-5b"])
    boxes = {"FOX": LEFT, "OWL": RIGHT}
    plain = latents(made, shot(boxes, steps=1))
    same = latents(made, shot(boxes, steps=1, region_guidance={"FOX": 6.0}))
    torch.testing.assert_close(same, plain, rtol=1e-5, atol=1e-5)
    half = latents(made, shot(boxes, steps=1, region_guidance={"FOX": 2.0}))
    middle = plain.shape[-1] // 2
    torch.testing.assert_close(half[..., middle:], plain[..., middle:], rtol=1e-5, atol=1e-5)
    assert not torch.allclose(half[..., :middle], plain[..., :middle], atol=1e-3)
    with pytest.raises(EngineError, match="guidance for BEAR, who is not in it"):
        latents(made, shot(boxes, region_guidance={"BEAR": 2.0}))


def test_trimmed_texts_are_lossy_and_the_run_says_so(pipelines: dict[str, Any]) -> None:
    announced: list[str] = []
    made = family("cogvideox-2b", pipelines["cogvideox-2b"], announced)
    plain = made.render(shot({"FOX": LEFT}), (), None, lambda done, total: None)
    assert announced[0] == "shot 1.1: lossy: 3 steps of 50"
    made.render(shot({"FOX": LEFT}, trim_text=True), (), None, lambda done, total: None)
    assert announced[2] == "shot 1.1: lossy: trim_text, 3 steps of 50"
    assert announced[3].endswith("GB of memory at the peak")
    trimmed = latents(made, shot({"FOX": LEFT}, trim_text=True))
    assert not torch.allclose(trimmed, latents(made, shot({"FOX": LEFT})), atol=1e-4)
    assert plain.shape == (FRAMES, HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("name", ["cogvideox-1.5-5b", "wan2.1-1.3b"])
def test_a_shot_longer_than_a_clip_is_drawn_in_windows(
    name: str, pipelines: dict[str, Any]
) -> None:
    made = family(name, pipelines[name])
    plan = shot({"FOX": LEFT}, frames=2 * FRAMES, steps=1)
    frames = made.render(plan, (), None, lambda done, total: None)
    assert frames.shape == (2 * FRAMES, HEIGHT, WIDTH, 3)
    assert torch.isfinite(latents(made, plan)).all()


@pytest.mark.parametrize(("total", "length", "overlap"), [(13, 13, 3), (14, 13, 3), (40, 12, 4)])
def test_windows_cover_a_shot_and_blend_to_what_they_agree_on(
    total: int, length: int, overlap: int
) -> None:
    spans = windows(total, length, overlap)
    assert (spans[0][0], spans[-1][1]) == (0, total)
    assert all(stop - start == min(length, total) for start, stop in spans)
    assert all(a[1] - b[0] >= overlap for a, b in zip(spans, spans[1:], strict=False))
    whole = torch.arange(total, dtype=torch.float64)[:, None, None, None].expand(-1, 2, 3, 4)
    parts = [whole[start:stop] for start, stop in spans]
    torch.testing.assert_close(blended(parts, spans, overlap), whole)


@pytest.mark.parametrize("name", ["cogvideox-1.5-5b", "wan2.1-1.3b"])
def test_a_continued_shot_begins_with_the_last_frame_before_it(
    name: str, pipelines: dict[str, Any], tmp_path: Path
) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (2, HEIGHT, WIDTH, 3), np.uint8)
    path = tmp_path / "before.mp4"
    write_video(path, frames, FPS)
    before = Clip(shot="1", path=str(path), key="k", frames=2, fps=FPS, width=WIDTH, height=HEIGHT)
    made = family(name, pipelines[name])
    plan = shot({"FOX": LEFT}, continue_from_previous=True)
    found, free = latents(made, plan, before=before), latents(made, shot({"FOX": LEFT}))
    backbone = made._backbone
    last = torch.from_numpy(read_video(path, width_px=WIDTH, height_px=HEIGHT).frames[-1])
    with torch.no_grad():
        expected = backbone.encode(last.permute(2, 0, 1) / 127.5 - 1)
    start = backbone.padding(FRAMES)
    torch.testing.assert_close(found[start : start + 1], expected)
    assert not torch.allclose(found[start + 1 :], free[start + 1 :], atol=1e-3)
    with pytest.raises(EngineError, match="goes on from a shot that was not given"):
        latents(made, plan)
    covered = Box(0.5, 0.0, 1.0, 0.5)
    frame = PlaceFrame(shot="1", covered=(covered,))
    placed = latents(made, shot({"FOX": LEFT}, place_frame=frame), before=before)
    where = made._known_where(shot({"FOX": LEFT}, place_frame=frame), placed.shape[-2:])
    assert where is not None and 0 < where.float().mean() < 1
    same = (placed[start] - expected[0]).abs().amax(0) < 1e-4
    assert same[where[0]].all() and not same[~where[0]].any()


def test_a_model_loads_from_a_folder_and_draws_the_same(
    pipelines: dict[str, Any], tmp_path: Path
) -> None:
    pipe = pipelines["cogvideox-2b"]
    pipe.save_pretrained(tmp_path)
    checkpoint = replace(CHECKPOINTS["cogvideox-2b"], traits=())  # it is two layers deep
    folder = find_weights(checkpoint, LoadOptions(weights=tmp_path))
    loaded = load_pipeline(checkpoint, folder)
    plan = shot({"FOX": LEFT})
    expected = latents(family("cogvideox-2b", pipe), plan)
    torch.testing.assert_close(latents(family("cogvideox-2b", loaded), plan), expected)


def test_out_of_memory_names_the_preset_to_use(pipelines: dict[str, Any]) -> None:
    pipe = pipelines["cogvideox-2b"]

    def exhaust(*_: object) -> None:
        raise torch.OutOfMemoryError("no more")

    handle = pipe.transformer.register_forward_pre_hook(exhaust)
    try:
        with pytest.raises(EngineError, match=r"--fit \d+GB. Every finished shot is kept"):
            family("cogvideox-2b", pipe).render(shot({}), (), None, lambda done, total: None)
        least = DiffusionFamily(CHECKPOINTS["cogvideox-2b"], pipe, "f", preset=memory.PRESETS[-1])
        with pytest.raises(EngineError, match="the lightest preset"):
            least.render(shot({}), (), None, lambda done, total: None)
    finally:
        handle.remove()


@pytest.mark.parametrize("name", NAMES)
def test_numbers_that_are_not_finite_stop_the_shot(name: str, pipelines: dict[str, Any]) -> None:
    pipe, calls = pipelines[name], [0]

    def overflow(_module: object, _args: object, out: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        calls[0] += 1
        return (torch.full_like(out[0], torch.inf) if calls[0] > first else out[0],)

    first = 2 if name.startswith("wan") else 1  # of both halves of guidance, which Wan does apart
    handle = pipe.transformer.register_forward_hook(overflow)
    try:
        with pytest.raises(EngineError, match="shot 1.1: the latents after step 2 of 3 are not"):
            family(name, pipe).render(shot({}), (), None, lambda done, total: None)
    finally:
        handle.remove()


def test_frames_that_are_not_finite_stop_the_shot_and_the_numbers_name_the_cure(
    pipelines: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = pipelines["cogvideox-2b"]
    made = family("cogvideox-2b", pipe)
    nothing = torch.full((3, FRAMES, HEIGHT, WIDTH), torch.nan)
    monkeypatch.setattr(made._backbone, "decode", lambda latents: nothing)
    said = "shot 1.1: the decoded frames are not finite numbers; an adapter may be too strong"
    with pytest.raises(EngineError, match=said):
        made.render(shot({}), (), None, lambda done, total: None)
    monkeypatch.setattr(type(pipe.vae), "dtype", torch.float16, raising=False)
    with pytest.raises(EngineError, match="float16 holds none above 65504. bfloat16 does"):
        made.render(shot({}), (), None, lambda done, total: None)


def millions(model: torch.nn.Module) -> float:
    return sum(p.numel() for p in model.parameters()) / 1e6


@pytest.mark.parametrize("name", NAMES)
def test_sizes_are_those_of_the_published_configurations(name: str) -> None:
    checkpoint = CHECKPOINTS[name]
    with torch.device("meta"):
        if checkpoint.pipeline == "WanPipeline":
            transformer = WanTransformer3DModel(**TRANSFORMERS[name])
            codec = AutoencoderKLWan(**(CODEC_22 if name.startswith("wan2.2") else {}))
            text = UMT5EncoderModel(UMT5Config(**UMT5_XXL))
        else:
            transformer = CogVideoXTransformer3DModel(**TRANSFORMERS[name])
            codec = AutoencoderKLCogVideoX(
                down_block_types=("CogVideoXDownBlock3D",) * 4,
                up_block_types=("CogVideoXUpBlock3D",) * 4,
            )
            text = T5EncoderModel(T5Config(**T5_XXL))
    counted = millions(transformer), millions(text), millions(codec)
    declared = checkpoint.transformer, checkpoint.text_encoder, checkpoint.codec
    assert counted == pytest.approx(declared, rel=0.005)
    config = transformer.config
    assert checkpoint.width_tokens == config.num_attention_heads * config.attention_head_dim
    assert checkpoint.layers == config.num_layers
