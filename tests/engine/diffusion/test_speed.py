"""Levers of speed: the lossless ones change nothing, the lossy ones are named and measured."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from dreamrunner.engine.diffusion import load, memory
from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.diffusion.compiling import compile_blocks
from dreamrunner.engine.diffusion.family import DiffusionFamily
from dreamrunner.engine.diffusion.first_block_cache import first_block_cache, remembered_as
from dreamrunner.engine.diffusion.fp8 import FP8, Fp8Linear, quantised, to_fp8
from dreamrunner.engine.diffusion.psnr import region_psnr
from dreamrunner.engine.diffusion.texts import TextMemory
from dreamrunner.engine.diffusion.weights import LoadOptions
from dreamrunner.engine.family import load_family
from dreamrunner.engine.lossy import Lossy, parse_lossy
from dreamrunner.engine.protocol import begun
from dreamrunner.errors import EngineError, InputError
from dreamrunner.film import Adapter
from dreamrunner.plan import Plan, ScenePlan
from dreamrunner.story import Box

from .pipelines import FPS, FRAMES, HEIGHT, WIDTH, tiny_pipeline
from .test_family import LEFT, RIGHT, family, latents, shot

BOTH = {"FOX": LEFT, "OWL": RIGHT}
CPU = torch.device("cpu")


@pytest.mark.parametrize("name", ["cogvideox-2b", "wan2.1-1.3b"])
def test_compiled_blocks_draw_the_same_and_serve_every_layout(name: str) -> None:
    """The shots differ in number and shape of their regions; one compilation each is enough."""
    torch._dynamo.reset()
    pipe = tiny_pipeline(name)
    made = family(name, pipe)
    plans = [shot({"FOX": LEFT}, steps=2), shot(BOTH, steps=2),
             shot({"FOX": Box(0.1, 0.2, 0.6, 0.9)}, steps=2)]  # fmt: skip
    expected = [latents(made, plan) for plan in plans]
    assert compile_blocks(pipe.transformer, backend="aot_eager") == 2
    compiled: dict[str, int] = torch._dynamo.utils.counters["stats"]
    counts = []
    for plan, exact in zip(plans, expected, strict=True):
        torch.testing.assert_close(latents(made, plan), exact, rtol=1e-4, atol=1e-5)
        counts.append(compiled["unique_graphs"])
    assert 0 < counts[1] == counts[2]


@pytest.mark.parametrize("name", ["cogvideox-2b", "wan2.1-1.3b"])
def test_compiled_blocks_see_the_adapters_of_each_shot(name: str, tmp_path: Path) -> None:
    """Hooks come and go after the blocks were compiled; graphs are made for the first ones only."""
    torch._dynamo.reset()
    pipe = tiny_pipeline(name)
    made, plan = family(name, pipe), shot(BOTH, steps=1)
    a, b = (random_adapter(pipe.transformer, tmp_path / f"{s}.safetensors", s) for s in (1, 2))
    order: list[tuple[Adapter, ...]] = [(), (a,), (b,), (), (a,)]
    expected = [latents(made, plan, *used) for used in order]
    assert not torch.allclose(expected[1], expected[0], atol=0.1)
    assert not torch.allclose(expected[1], expected[2], atol=0.1)
    compile_blocks(pipe.transformer, backend="aot_eager")
    compiled: dict[str, int] = torch._dynamo.utils.counters["stats"]
    counts = []
    for used, exact in zip(order, expected, strict=True):
        with ThreadPoolExecutor(1) as another_thread:  # as shots are drawn by the agent
            found = another_thread.submit(latents, made, plan, *used).result()
        torch.testing.assert_close(found, exact, rtol=1e-4, atol=1e-5)
        counts.append(compiled["unique_graphs"])
    assert 0 < counts[0] < counts[1] == counts[-1]


def random_adapter(transformer: torch.nn.Module, path: Path, seed: int) -> Adapter:
    """Write an adapter for some linears of every block, and return it."""
    generator, state = torch.Generator().manual_seed(seed), {}
    for name, module in transformer.named_modules():
        if isinstance(module, torch.nn.Linear) and name.endswith(("to_q", "to_v", "net.2")):
            rows, columns = module.weight.shape
            state[f"{name}.lora_A.weight"] = torch.randn(2, columns, generator=generator)
            state[f"{name}.lora_B.weight"] = torch.randn(rows, 2, generator=generator)
    save_file(state, path)
    return Adapter(
        name="walk", kind="motion", path=str(path), key="k", base="b", steps=1, loss=0.0
    )  # fmt: skip


def test_a_shot_can_be_decoded_later_and_elsewhere() -> None:
    made = family("cogvideox-2b", tiny_pipeline("cogvideox-2b"))
    first, second = shot({"FOX": LEFT}), shot(BOTH)
    expected = [made.render(plan, (), None, _quiet) for plan in (first, second)]
    waiting = [begun(made, plan, (), None, _quiet) for plan in (first, second)]
    found = [decode() for decode in reversed(waiting)][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


def _quiet(done: int, total: int) -> None:
    """Hear of a step."""


def test_expected_texts_are_embedded_in_one_visit_and_one_by_one() -> None:
    pipe = tiny_pipeline("cogvideox-2b")
    visits, asked = 0, []
    encode = pipe.encode_prompt

    def spying(text: str, **options: Any) -> Any:
        asked.append(text)
        return encode(text, **options)

    @contextmanager
    def visit() -> Iterator[torch.device]:
        nonlocal visits
        visits += 1
        yield CPU

    pipe.encode_prompt = spying
    size = family("cogvideox-2b", pipe)._size
    made = DiffusionFamily(CHECKPOINTS["cogvideox-2b"], pipe, "f", size=size, visit=visit)
    made.expect([shot({"FOX": LEFT}), shot(BOTH)])
    for plan in (shot({"FOX": LEFT}, steps=1), shot(BOTH, steps=1)):
        latents(made, plan)
    assert visits == 1
    assert sorted(asked) == ["a red fox walking", "a sunny meadow", "an owl spinning", "blurry"]


def test_a_text_is_embedded_alike_in_any_company() -> None:
    def memory_of() -> TextMemory:
        return TextMemory(pipe, 8, load.visiting(pipe, memory.PRESETS[0], CPU))

    pipe = tiny_pipeline("cogvideox-2b")
    alone = memory_of().embed(["a red fox"])[0]
    together = memory_of().embed(["in the meadow", "a red fox", "an owl"])[1]
    assert torch.equal(alone, together)


def test_a_visiting_text_encoder_makes_the_transformer_leave() -> None:
    class Part:
        def __init__(self, name: str) -> None:
            self.name = name

        def to(self, where: object) -> None:
            moved.append((self.name, str(where)))

    class Pipe:
        transformer, text_encoder = Part("transformer"), Part("text encoder")

    moved: list[tuple[str, str]] = []
    texts = next(preset for preset in memory.PRESETS if preset.offload == "texts")
    with load.visiting(Pipe(), texts, torch.device("meta"))() as device:
        assert device.type == "meta"
        assert moved == [("transformer", "cpu"), ("text encoder", "meta")]
    assert moved[2:] == [("text encoder", "cpu"), ("transformer", "meta")]


@pytest.mark.parametrize("name", ["cogvideox-5b", "wan2.1-1.3b"])
def test_a_first_block_cache_skips_blocks_and_a_tight_one_skips_none(name: str) -> None:
    pipe = tiny_pipeline(name)
    made = family(name, pipe)
    blocks = getattr(pipe.transformer, "transformer_blocks", None) or pipe.transformer.blocks
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    last = blocks[-1].attn1.register_forward_pre_hook(count)

    def drawn(threshold: float) -> tuple[torch.Tensor, int]:
        nonlocal calls
        calls = 0
        return latents(made, shot(BOTH, steps=6, first_block_cache=threshold)), calls

    exact, every = drawn(0.0)
    tight, all_of_them = drawn(1e-9)
    loose, few = drawn(0.99)
    last.remove()
    assert every == all_of_them > few > 0
    torch.testing.assert_close(tight, exact, rtol=0, atol=0)
    assert not torch.allclose(loose, exact, atol=1e-4)
    assert not pipe.transformer.is_cache_enabled
    torch.testing.assert_close(drawn(0.0)[0], exact, rtol=0, atol=0)


def test_where_regions_begin_or_end_to_rule_the_cache_forgets() -> None:
    pipe = tiny_pipeline("cogvideox-5b")
    made = family("cogvideox-5b", pipe)
    forgotten = 0
    reset = pipe.transformer._reset_stateful_cache

    def forget() -> None:
        nonlocal forgotten
        forgotten += 1
        reset()

    pipe.transformer._reset_stateful_cache = forget
    latents(made, shot(BOTH, steps=4, first_block_cache=0.1, region_steps=(0.0, 0.5)))
    assert forgotten == 1


def test_windows_remember_apart() -> None:
    transformer = tiny_pipeline("cogvideox-5b").transformer
    with remembered_as(transformer, "from 0 s"):
        assert not transformer.is_cache_enabled
    with first_block_cache(transformer, 0.1), remembered_as(transformer, "from 0 s"):
        assert transformer.is_cache_enabled


def test_an_8_bit_linear_is_its_rounded_factors_product() -> None:
    torch.manual_seed(0)
    linear = torch.nn.Linear(32, 48)
    x = torch.randn(2, 5, 32)
    rows, by_row = quantised(x.flatten(0, 1))
    weight, by_out = quantised(linear.weight.detach())
    assert rows.dtype is weight.dtype is FP8
    expected = (rows.float() * by_row) @ (weight.float() * by_out).T + linear.bias
    with torch.no_grad():
        found, exact = Fp8Linear(linear)(x), linear(x)
    torch.testing.assert_close(found, expected.view(2, 5, 48), rtol=1e-4, atol=1e-4)
    assert 0 < (found - exact).abs().max() < 0.1 * exact.abs().max()


def test_in_8_bits_a_model_is_smaller_near_the_exact_one_and_takes_adapters() -> None:
    pipe, exact = tiny_pipeline("cogvideox-2b"), tiny_pipeline("cogvideox-2b")
    to_fp8(pipe.transformer, CPU)
    block = pipe.transformer.transformer_blocks[0]
    assert isinstance(block.attn1.to_q, Fp8Linear) and isinstance(block.ff.net[2], Fp8Linear)
    assert not isinstance(block.norm1.linear, Fp8Linear)
    assert not isinstance(pipe.transformer.proj_out, Fp8Linear)
    plan = shot(BOTH, steps=1)
    found = latents(family("cogvideox-2b", pipe), plan)
    wanted = latents(family("cogvideox-2b", exact), plan)
    assert 0 < (found - wanted).abs().mean() < 0.05 * wanted.abs().mean()
    with pytest.raises(EngineError, match="the animatic engine has no fp8"):
        load_family("animatic", LoadOptions(fp8=True))


def test_levers_are_read_and_change_every_shot() -> None:
    assert parse_lossy("") == Lossy()
    levers = parse_lossy("fp8, cache=0.08,steps=2,trim")
    assert levers == Lossy(steps=2, cache=0.08, trim=True, fp8=True)
    assert str(levers) == "steps=2,cache=0.08,trim,fp8"
    assert parse_lossy("bf16") == Lossy(bf16=True) and str(Lossy(bf16=True)) == "bf16"
    assert parse_lossy(str(levers)) == levers and str(Lossy()) == ""
    scene = ScenePlan(id="1", heading="", place="", shots=(shot(BOTH),))
    plan = Plan(title="", director="", fps=FPS, width=WIDTH, height=HEIGHT, scenes=(scene,))
    changed = levers.applied(plan).shots[0].settings
    assert changed.steps == 2
    assert changed.lossy == ("trim_text", "first_block_cache 0.08")
    assert Lossy(steps=50).applied(plan) == plan
    assert Lossy().applied(plan) is plan


@pytest.mark.parametrize(
    "text", ["warp", "steps=0", "steps=many", "cache=1", "cache=-0.1", "fp8=1"]
)
def test_what_is_no_lever_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_lossy(text)


def test_decibels_are_those_of_each_region() -> None:
    plan = shot({"FOX": LEFT, "OWL": Box(0.5, 0.0, 1.0, 0.5)})
    exact = np.zeros((FRAMES, HEIGHT, WIDTH, 3), np.uint8)
    found = exact.copy()
    found[:, :, : WIDTH // 2] = 10
    found[:, HEIGHT // 2 :, WIDTH // 2 :] = 5
    decibels = region_psnr(exact, found, plan, FPS)
    assert decibels["FOX"] == pytest.approx(20 * math.log10(255 / 10), abs=1e-4)
    assert decibels["background"] == pytest.approx(20 * math.log10(255 / 5), abs=1e-4)
    assert decibels["OWL"] == math.inf
    whole = (100 / 2 + 25 / 4) / 1
    assert decibels["frame"] == pytest.approx(10 * math.log10(255**2 / whole), abs=1e-4)
    assert "background" not in region_psnr(exact, found, shot(BOTH), FPS)


def test_the_estimate_is_said_before_and_the_peak_after(monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint, said = CHECKPOINTS["cogvideox-2b"], []
    preset = load.chosen_preset(checkpoint, LoadOptions(fit=90 * memory.GB), CPU, said.append)
    assert preset.name == "whole"
    assert said[1].startswith("cogvideox-2b: everything on the device; about ")
    assert said[1].endswith(" GB of 90.0 GB at most")
    with pytest.raises(InputError, match="cogvideox-2b needs about .* GB even with"):
        load.chosen_preset(checkpoint, LoadOptions(fit=memory.GB), CPU, said.append)
    assert memory.peak_bytes(CPU) > 10**8
    assert memory.machine_bytes() > memory.peak_bytes(CPU)


def test_bf16_is_what_a_model_for_fp16_is_loaded_in_where_it_is_asked_for(
    tmp_path: Path,
) -> None:
    tiny_pipeline("cogvideox-2b").save_pretrained(tmp_path)
    checkpoint = replace(CHECKPOINTS["cogvideox-2b"], traits=())  # it is two layers deep
    said: list[str] = []
    options = LoadOptions(weights=tmp_path, fit=10**12, bf16=True)
    exact, loaded = (
        load.load_checkpoint(checkpoint, chosen, said.append)
        for chosen in (replace(options, bf16=False), options)
    )
    assert loaded.fingerprint == f"{exact.fingerprint} bf16"
    assert [line for line in said if "lossy" in line] == ["cogvideox-2b: lossy: numbers of bf16"]
    kinds = {model._backbone.pipe.transformer.dtype for model in (exact, loaded)}
    assert kinds == {torch.float32, torch.bfloat16}
    plan = shot({"FOX": LEFT})
    drawn = loaded.render(plan, (), None, lambda done, total: None)
    assert drawn.std() > 0
