"""G1 to G9: CogVideoX at its own size on one GPU, absolute. Weights and inputs are random.

Everything takes a `Scale`, so that the harness can be proven on a processor on a small one. Speed
and memory of random weights are those of trained ones, but for the first-block cache: how often
blocks change little depends on what they learnt, and so do the decibels.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from diffusers import CogVideoXTransformer3DModel
from torch import Tensor

from dreamrunner.engine.diffusion.compiling import compile_blocks
from dreamrunner.engine.diffusion.fp8 import to_fp8
from dreamrunner.engine.diffusion.psnr import region_psnr
from dreamrunner.engine.sr3ai.attention import grouped_attention, merged_attention
from dreamrunner.engine.sr3ai.kernels import kernels_for, pinned
from dreamrunner.engine.sr3ai.layout import TokenLayout
from dreamrunner.engine.sr3ai.transformer import sorted_rope, sr3ai

from .models import TRANSFORMER_2B, TRANSFORMER_5B, a_family, film_shots, loras, rotary
from .published import MaskedProcessor, dense_mask
from .ratios import plain
from .shapes import WHOLE, Shape, layout_of
from .timing import Figures, fastest, same

GB = 10**9
# Dense bf16 operations a second, as published by the maker.
PEAKS = {"A100": 312e12, "H100": 989e12, "H200": 989e12, "B200": 2250e12}
TRAINED_LINEARS = ["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2"]


@dataclass(frozen=True)
class Scale:
    """How large everything is: by default CogVideoX itself, 49 frames of 720 x 480."""

    device: str = "cuda"
    dtype: torch.dtype = torch.bfloat16
    shape: Shape = WHOLE
    small: dict[str, Any] = field(default_factory=lambda: dict(TRANSFORMER_2B))
    large: dict[str, Any] = field(default_factory=lambda: dict(TRANSFORMER_5B))
    steps: int = 50
    timed_steps: int = 3
    training_frames: int = 12
    shots: int = 10
    size: tuple[int, int, int] = (720, 480, 49)
    compiler: str | None = "inductor"  # None leaves blocks as they are

    def transformer(self, config: dict[str, Any]) -> CogVideoXTransformer3DModel:
        """Return a transformer with random weights, made on its device."""
        torch.manual_seed(0)  # diffusers' modules draw their weights from the global generator
        with torch.device(self.device):
            model = CogVideoXTransformer3DModel(**config)
        return model.to(self.dtype).eval().requires_grad_(False)


FULL = Scale()


@dataclass(frozen=True)
class Step:
    """One denoising step of a transformer, both halves of guidance."""

    scale: Scale
    transformer: CogVideoXTransformer3DModel
    _inputs: dict[int, tuple[Tensor, Tensor, Tensor]] = field(default_factory=dict)

    @classmethod
    def compiled(cls, scale: Scale, config: dict[str, Any]) -> Step:
        """Return a step of a model of its own, its blocks compiled."""
        model = scale.transformer(config)
        if scale.compiler is not None:
            compile_blocks(model, backend=scale.compiler)
        return cls(scale, model)

    @cached_property
    def rope(self) -> tuple[Tensor, Tensor] | None:
        """The rotary embedding of the clip, made once."""
        return rotary(self.transformer, self.scale.shape, self.scale.device)

    def inputs(self, regions: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return latents, texts and timesteps on the device, drawn there once for each count."""
        if regions not in self._inputs:
            scale, shape, config = self.scale, self.scale.shape, self.transformer.config
            frames, height, width = shape.grid
            generator = torch.Generator(scale.device).manual_seed(0)
            kind = {"generator": generator, "device": scale.device, "dtype": scale.dtype}
            side = config.patch_size
            latents = torch.randn(
                shape.batch, frames, config.in_channels, height * side, width * side, **kind
            )
            texts = torch.randn(shape.batch, regions * shape.text, config.text_embed_dim, **kind)
            at = torch.full((shape.batch,), 500, device=scale.device)
            self._inputs[regions] = latents, texts, at
        return self._inputs[regions]

    def __call__(self, layout: TokenLayout | None, processor: object | None = None) -> Tensor:
        """Run it under a layout, plain without one, or with a processor in place of regions'."""
        model = self.transformer
        regions = 1 if layout is None else layout.regions
        latents, texts, at = self.inputs(regions)
        rope = self.rope
        context: AbstractContextManager[object] = nullcontext()
        if layout is not None:
            rope = None if rope is None else sorted_rope(rope, layout)
            context = sr3ai(model, layout)
        with torch.no_grad(), context, pinned(torch.device(self.scale.device)):
            if processor is not None:
                model.set_attn_processor(processor)
            return model(
                latents,
                texts,
                at,
                image_rotary_emb=rope,
                return_dict=False,
            )[0]


def attention(repeats: int, scale: Scale = FULL, regions: int = 4) -> Figures:
    """G1 and G3: one layer of 2B by every kernel that the device has, and the dense mask."""
    shape, layout = scale.shape, layout_of(scale.shape, regions).to(scale.device)
    q, k, v = shape.heads_of(regions, scale.device, scale.dtype)
    dense = partial(plain, q, k, v, attn_mask=dense_mask(layout, shape.text))
    forms: dict[str, Callable[[], Any]] = {
        "dense": dense, "grouped": partial(grouped_attention, q, k, v, layout, shape.text)
    }  # fmt: skip
    kernels = kernels_for(q.device, scale.dtype, shape.head_width)
    for kernel in kernels:
        forms[kernel.name] = partial(merged_attention, q, k, v, layout, shape.text, kernel)
        forms[f"{kernel.name} unmasked"] = partial(kernel.attend, q, k, v)
        same(forms[kernel.name](), dense())
    with torch.no_grad(), pinned(q.device):
        seconds = fastest(forms, repeats)
    # A device that has no such kernel runs the grouped form.
    best = min([kernel.name for kernel in kernels] or ["grouped"], key=lambda name: seconds[name])
    figures = {
        "G1": 1000 * seconds[best],
        "G3": seconds["dense"] / seconds[best],
        **{f"G1 {name} ms": 1000 * value for name, value in seconds.items()},
    }
    if kernels:
        figures["G1 share"] = seconds[f"{best} unmasked"] / seconds[best]
    return figures


def videos(_: int, scale: Scale = FULL) -> Figures:
    """G2: a video, compiled, with 1, 4 and 9 regions: `timed_steps` of its equal steps are timed.

    The first step, which plans and compiles, does not count.
    """
    figures = {}
    for name, config in (("2b", scale.small), ("5b", scale.large)):
        step = Step.compiled(scale, config)
        for regions in (1, 4, 9):
            layout = layout_of(scale.shape, regions).to(scale.device)
            step(layout)
            settle()
            seconds = _seconds(
                lambda layout=layout, step=step: [step(layout) for _ in range(scale.timed_steps)]
            )
            figures[f"G2 {name} R{regions}"] = seconds / scale.timed_steps * scale.steps
    return figures


def settle() -> None:
    """Wait until the device has done all that it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    settle()
    return time.perf_counter() - start


def steps(repeats: int, scale: Scale = FULL) -> Figures:
    """G4 and G5: a step with four regions beside plain diffusers', both compiled."""
    ours, theirs = (Step.compiled(scale, scale.small) for _ in range(2))
    layout = layout_of(scale.shape, 4).to(scale.device)
    seconds = fastest({"ours": lambda: ours(layout), "plain": lambda: theirs(None)}, repeats)
    figures = {"G4": seconds["ours"] / seconds["plain"]}
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    peak = next((value for kind, value in PEAKS.items() if kind in name), None)
    if peak is not None:
        figures["G5"] = step_operations(scale, layout) / seconds["ours"] / peak
    return figures


def step_operations(scale: Scale, layout: TokenLayout) -> float:
    """Return the floating-point operations of a step that are not for nothing.

    Each token meets the six linears of each block; each pair that may see each other is one
    product of a query and a key and one of a weight and a value.
    """
    config, shape = scale.small, scale.shape
    width = config["num_attention_heads"] * config["attention_head_dim"]
    tokens = layout.regions * shape.text + shape.video
    linears = 2 * tokens * 12 * width**2
    pairs = (
        shape.video**2 + layout.regions * shape.text**2 + 2 * shape.text * int(layout.visible.sum())
    )
    return float(shape.batch * config["num_layers"] * (linears + 4 * pairs * width))


class PublishedMasks(MaskedProcessor):
    """The published form's habit with masks: every block keeps one, and turns it into a bias."""

    def __init__(self, mask: Tensor, blocks: int) -> None:
        super().__init__(mask)
        self.kept = [mask.clone() for _ in range(blocks)]
        self.as_floats = mask.float()


def memories(_: int, scale: Scale = FULL, regions: int = 4) -> Figures:
    """G6: what a step takes at the peak in the published form, less what it takes in ours."""
    layout = layout_of(scale.shape, regions).to(scale.device)
    step = Step(scale, scale.transformer(scale.small))
    ours = _peak(lambda: step(layout), scale.device)

    def theirs() -> None:
        blocks = scale.small["num_layers"]
        step(layout, PublishedMasks(dense_mask(layout, scale.shape.text), blocks))

    return {"G6": (_peak(theirs, scale.device) - ours) / GB, "G6 ours GB": ours / GB}


def _peak(work: Callable[[], object], device: str) -> int:
    """Return the bytes that a GPU has given out at once; a processor keeps no such account."""
    if device == "cpu":
        work()
        return 0
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    work()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated()


def training(repeats: int, scale: Scale = FULL) -> Figures:
    """G7: a step of training an adapter on 2B: rank 32 on every other block, no checkpointing."""
    from peft import LoraConfig

    config = scale.small
    model = scale.transformer(config).train()
    blocks = list(range(0, config["num_layers"], 2))
    model.add_adapter(
        LoraConfig(r=32, lora_alpha=32, target_modules=TRAINED_LINEARS, layers_to_transform=blocks)
    )
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=5e-4)
    shape, side = scale.shape, config["patch_size"]
    size = (1, scale.training_frames, config["in_channels"], shape.grid[1] * side,
            shape.grid[2] * side)  # fmt: skip
    generator = torch.Generator(scale.device).manual_seed(0)
    kind = {"generator": generator, "device": scale.device, "dtype": scale.dtype}
    latents, target = torch.randn(2, *size, **kind)
    text = torch.randn(1, shape.text, config["text_embed_dim"], **kind)
    at = torch.tensor([500], device=scale.device)

    def step() -> None:
        found = model(latents, text, at, return_dict=False)[0]
        torch.nn.functional.mse_loss(found.float(), target.float()).backward()
        optimizer.step()
        optimizer.zero_grad()

    seconds = fastest({"step": step}, repeats)["step"]
    assert all(torch.isfinite(p).all() for p in learnt)
    return {"G7": seconds, "G7 500": 500 * seconds / 60}


def levers(_: int, scale: Scale = FULL) -> Figures:
    """G8: what each lossy lever saves of denoising a shot, and the decibels of its worst region."""
    shot = film_shots(scale)[0]
    family, pipe = a_family(scale)
    figures: Figures = {}

    def drawn(**changes: object) -> tuple[Any, float]:
        """Draw twice, the first being the warm-up."""
        changed = shot.model_copy(update={"settings": shot.settings.model_copy(update=changes)})
        family.render(changed, (), None, _hear)
        decode: list[Callable[[], Any]] = []
        seconds = _seconds(lambda: decode.append(family.denoised(changed, (), None, _hear)))
        return decode[0](), seconds

    exact, exact_s = drawn()

    def note(name: str, frames: Any, seconds: float) -> None:
        figures[f"G8 {name}"] = exact_s / seconds
        figures[f"G8 {name} dB"] = min(region_psnr(exact, frames, shot, 8).values())

    for threshold in (0.05, 0.1):
        note(f"cache {threshold:g}", *drawn(first_block_cache=threshold))
    to_fp8(pipe.transformer, torch.device(scale.device))
    note("fp8", *drawn())
    return figures


def _hear(done: int, total: int) -> None:
    """Hear of a step."""


def film(_: int, scale: Scale = FULL) -> Figures:
    """G9: a film of ten shots with six adapters: what share of the time is spent denoising."""
    shots = film_shots(scale)
    family, pipe = a_family(scale)
    with tempfile.TemporaryDirectory() as folder:
        adapters = loras(scale, Path(folder))
        family.expect(shots)
        family.render(shots[0], (), None, _hear)  # the warm-up
        denoising, swaps, began = 0.0, [], time.perf_counter()
        waiting: Callable[[], Any] | None = None
        for number, shot in enumerate(shots):
            used = (adapters[number % len(adapters)],)
            first: list[float] = []
            start = time.perf_counter()
            decode = family.denoised(
                shot, used, None, lambda done, total, first=first: first.append(time.perf_counter())
            )
            denoising += time.perf_counter() - start
            step_s = (first[-1] - first[0]) / max(1, len(first) - 1)
            # What comes before the first step, less that step: texts, layout and adapters.
            swaps.append(max(0.0, first[0] - start - step_s))
            if waiting is not None:
                waiting()
            waiting = decode
        assert waiting is not None
        waiting()
        whole = time.perf_counter() - began
    return {"G9": (denoising - sum(swaps)) / whole, "G9 swap": 1000 * min(swaps)}
