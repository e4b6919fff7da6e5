"""C1 to C8: what regions cost on any processor, as ratios. Weights and inputs are random."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import torch
import torch.nn.functional as F
from diffusers.models.transformers.cogvideox_transformer_3d import CogVideoXBlock
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from dreamrunner.engine.sr3ai import layout as layouts
from dreamrunner.engine.sr3ai.attention import grouped_attention, merged_attention
from dreamrunner.engine.sr3ai.kernels import best_kernel
from dreamrunner.engine.sr3ai.layout import TokenLayout
from dreamrunner.engine.sr3ai.lora import LoraUpdates, LowRank
from dreamrunner.engine.sr3ai.region_lora import PlacedLora, hooked, joined, lora_hooks
from dreamrunner.engine.sr3ai.transformer import RegionProcessor

from .published import MaskedProcessor, dense_mask, float_bias, masked_lora, masked_loras, row_mask
from .shapes import SMALL, WHOLE, Shape, layout_of
from .timing import Figures, Ratio, processor_clock, same, timed

RANK, WIDTH = 32, 1920
LINEARS = ("attn1.to_q", "attn1.to_k", "attn1.to_v", "attn1.to_out.0", "ff.net.0.proj", "ff.net.2")
# A denoising step of CogVideoX-2B: its blocks, for both halves of guidance.
BLOCKS_OF_A_STEP = 2 * 30

plain = F.scaled_dot_product_attention


def attention_ratios(repeats: int, shape: Shape = SMALL) -> Figures:
    """C1 to C3: the worst over fp32 and bf16, and over 4 and 9 regions."""
    found: dict[str, list[Ratio]] = {}
    for dtype in (torch.float32, torch.bfloat16):
        for regions in (4, 9):
            for name, value in _attention(repeats, shape, dtype, regions).items():
                found.setdefault(name, []).append(value)
    # Of C3 the least is the worst.
    return {name: (min if name.startswith("C3") else max)(v) for name, v in found.items()}


def _attention(repeats: int, shape: Shape, dtype: torch.dtype, regions: int) -> dict[str, Ratio]:
    layout, texts = layout_of(shape, regions), regions * shape.text
    q, k, v = shape.heads_of(regions, "cpu", dtype)
    ours = our_attention(q, k, v, layout, shape.text)
    mask = dense_mask(layout, shape.text)
    dense = partial(plain, q, k, v, attn_mask=mask)
    bias = partial(plain, q, k, v, attn_mask=float_bias(mask, dtype))
    video = [x[:, :, texts:].contiguous() for x in (q, k, v)]
    with torch.no_grad():
        same(ours(), dense())
        same(ours(), bias())
        turns = timed(
            {"ours": ours, "dense": dense, "bias": bias, "video": partial(plain, *video),
             "all": partial(plain, q, k, v)},
            repeats, processor_clock(),
        )  # fmt: skip
    ratios = {"C1": turns.ratio("ours", "video")}
    if regions == 9:
        ratios["C2"] = turns.ratio("ours", "all")
    numbers = "" if dtype is torch.bfloat16 else " fp32"
    ratios[f"C3{numbers}"] = turns.ratio("dense", "ours")
    ratios[f"C3{numbers} bias"] = turns.ratio("bias", "ours")
    return ratios


def our_attention(
    q: Tensor, k: Tensor, v: Tensor, layout: TokenLayout, text: int
) -> Callable[[], Tensor]:
    """Return what the engine would do with these heads on their device."""
    kernel = best_kernel(q.device, q.dtype, q.shape[-1])
    if kernel is None:
        return partial(grouped_attention, q, k, v, layout, text)
    return partial(merged_attention, q, k, v, layout, text, kernel)


def lora_ratios(repeats: int, tokens: int = 4096, width: int = WIDTH) -> Figures:
    """C4 and C5: three adapters of rank 32 on a linear of 4,096 tokens, 1,920 wide."""
    generator = torch.Generator().manual_seed(0)
    linear = torch.nn.Linear(width, width).requires_grad_(False)
    x = torch.randn(1, tokens, width, generator=generator)
    model = torch.nn.ModuleDict({"attn1": torch.nn.ModuleDict({"to_q": linear})})
    runs = [(tokens * a // 8, tokens * b // 8) for a, b in ((0, 1), (2, 4), (5, 7))]
    placed, parts = [], []
    for index, run in enumerate(runs):
        update = low_rank(generator, width, width)
        placed.append(PlacedLora(LoraUpdates(str(index), {"attn1.to_q": update}), (run,)))
        parts.append((update, row_mask([run], tokens, x)))
    hooks = lora_hooks(model, placed)  # made once a shot

    def ours() -> Tensor:
        with hooked(model, hooks):
            return linear(x)

    def theirs() -> Tensor:
        return masked_lora(x, linear(x), parts)

    with torch.no_grad():
        same(ours(), theirs())
        turns = timed(
            {"ours": ours, "theirs": theirs, "bare": lambda: linear(x)}, repeats, processor_clock()
        )
    return {"C4": turns.ratio("ours", "bare"), "C5": turns.ratio("theirs", "ours")}


def low_rank(generator: torch.Generator, wide: int, high: int) -> LowRank:
    """Return a random update of small size, as a trained one is."""
    down = torch.randn(RANK, wide, generator=generator) / wide**0.5
    return LowRank(down, 0.1 * torch.randn(high, RANK, generator=generator))


def block_ratios(
    repeats: int, regions: int = 4, shape: Shape = SMALL, heads: int = 30, whole: Shape = WHOLE
) -> Figures:
    """C6: one block of CogVideoX-2B with two adapters on its six linears; and C8 beside it.

    The plain block meets one text, as stock models do.
    """
    generator, width = torch.Generator().manual_seed(0), heads * 64
    layout = layout_of(shape, regions)
    block = CogVideoXBlock(width, heads, 64, time_embed_dim=512).eval().requires_grad_(False)
    texts = regions * shape.text
    video = torch.randn(1, shape.video, width, generator=generator)
    text = torch.randn(1, texts, width, generator=generator)
    time_embedding = torch.randn(1, 512, generator=generator)
    placed = [adapter(block, layout, row, shape.text, generator) for row in range(2)]
    hooks = lora_hooks(block, placed)
    dense = MaskedProcessor(dense_mask(layout, shape.text))

    def run(processor: object, adapted: AbstractContextManager[None], text: Tensor) -> Tensor:
        block.attn1.set_processor(processor)
        with adapted:
            return block(video, text, time_embedding)[0]

    forms = {
        "ours": lambda: run(RegionProcessor(layout), hooked(block, hooks), text),
        "theirs": lambda: run(dense, masked_loras(block, placed, texts + shape.video), text),
        "plain": lambda: run(MaskedProcessor(None), nullcontext(), text[:, : shape.text]),
    }
    with torch.no_grad():
        same(forms["ours"](), forms["theirs"]())
        turns = timed(forms, repeats, processor_clock())
    return {
        "C6": turns.ratio("theirs", "ours"),
        "C6 plain": turns.ratio("ours", "plain"),
        "C8": layout_seconds(repeats, whole) / (BLOCKS_OF_A_STEP * turns.shortest("plain")),
    }


def layout_seconds(repeats: int, shape: Shape = WHOLE, regions: int = 9) -> float:
    """Return how long a shot's layout takes that nothing remembers."""

    def build() -> TokenLayout:
        layouts._laid_out.cache_clear()
        return layout_of(shape, regions)

    return timed({"layout": build}, repeats, processor_clock()).shortest("layout")


def adapter(
    block: torch.nn.Module, layout: TokenLayout, row: int, text: int, generator: torch.Generator
) -> PlacedLora:
    """Return an adapter on one region's text and tokens."""
    texts = layout.regions * text
    runs = [(texts + run.start, texts + run.stop) for run in layout.runs[row]]
    updates = {}
    for path in LINEARS:
        weight = block.get_submodule(path).weight
        updates[path] = low_rank(generator, weight.shape[1], weight.shape[0])
    own = (row * text, (row + 1) * text)
    return PlacedLora(LoraUpdates(str(row), updates), joined([own, *runs]))


class Masks(TorchDispatchMode):
    """Counts the bytes of boolean tensors that operators make."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # torch's own signature
        out = func(*args, **(kwargs or {}))
        made = [x for x in tree_leaves(out) if isinstance(x, Tensor) and x.dtype == torch.bool]
        self.bytes += sum(x.numel() for x in made)
        return out


def mask_bytes(shape: Shape = SMALL) -> Figures:
    """C7: bytes of masks, those that the layout keeps and those made on the way, over S^2."""
    layout = layout_of(shape, 9)
    q, k, v = torch.randn(3, 1, 1, shape.tokens(9), 8)
    with torch.no_grad(), Masks() as masks:
        grouped_attention(q, k, v, layout, shape.text)
        our_attention(q, k, v, layout, shape.text)()
    return {"C7": (masks.bytes + layout.visible.numel()) / shape.tokens(9) ** 2}
