"""Shapes of CogVideoX -> what regions cost: attention, adapters, a block, the layout, as ratios.

    python benchmarks/attention.py                  every row that this machine can run, as a table
    python benchmarks/attention.py --only C1,C3     some rows
    python benchmarks/attention.py --json           {"C1": 1.05, ...} and nothing else

Forms that are compared run in one process, one after the other in turn, and the fastest of each
counts; that they compute the same is checked in the same run. Weights and inputs are random: this
shows speed and equality, and says nothing of pictures. The comparison is the published form of
region attention, a dense mask over the whole sequence and adapters multiplied by masks, written
anew here. Rows that begin with G run where a CUDA device is. Results and the machine's
description go to benchmarks/results/attention.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers.models.transformers.cogvideox_transformer_3d import CogVideoXBlock
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from dreamrunner.engine.attention import RegionProcessor, finish, project
from dreamrunner.engine.kernels import best_kernel, kernels_for
from dreamrunner.engine.layout import TokenLayout, region_masks, token_layout, visibility
from dreamrunner.engine.lora import Lora, LowRank
from dreamrunner.engine.region_lora import PlacedLora, joined, region_lora
from dreamrunner.engine.regions import grouped_attention, merged_attention
from dreamrunner.story import Box

RESULTS = Path(__file__).parent / "results" / "attention.json"
Ratios = dict[str, float]


@dataclass(frozen=True)
class Shape:
    """The tokens of a clip: F x H x W of video, L of a region's text, and the heads."""

    grid: tuple[int, int, int] = (3, 30, 40)
    text: int = 46
    heads: int = 4
    batch: int = 1
    head_width: int = 64

    @property
    def video(self) -> int:
        frames, height, width = self.grid
        return frames * height * width


SMALL = Shape()
WHOLE = Shape(grid=(13, 30, 45), text=226, heads=30, batch=2)
RANK, WIDTH = 32, 1920


def layout_of(shape: Shape, regions: int) -> TokenLayout:
    """Lay regions - 1 boxes in two rows, each overlapping its neighbour a little and moving."""
    frames, height, width = shape.grid
    count = regions - 1
    columns = -(-count // 2)
    tracks = []
    for index in range(count):
        left, top = (index % columns) / columns, 0.5 * (index // columns)
        moved = [left + 0.02 * frame for frame in range(frames)]
        tracks.append([Box(x, top + 0.04, x + 1.1 / columns, top + 0.46) for x in moved])
    return token_layout(visibility(region_masks(tracks, height, width)))


def dense_mask(layout: TokenLayout, text: int) -> Tensor:
    """The published form: which of all tokens sees which, [S, S] bool, video tokens sorted."""
    texts = layout.regions * text
    size = texts + layout.tokens
    mask = torch.zeros(size, size, dtype=torch.bool, device=layout.visible.device)
    mask[texts:, texts:] = True
    seen = layout.visible[:, layout.order]
    for row in range(layout.regions):
        own = slice(row * text, (row + 1) * text)
        mask[own, own] = True
        mask[own, texts:] = seen[row]
        mask[texts:, own] = seen[row][:, None]
    return mask


def fastest(forms: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Run each form in turn, and return each one's shortest time in seconds."""
    best = dict.fromkeys(forms, float("inf"))
    for turn in range(repeats + 1):
        for name, form in forms.items():
            start = time.perf_counter()
            form()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if turn:  # The first is the warm-up.
                best[name] = min(best[name], time.perf_counter() - start)
    return best


def same(found: Tensor, expected: Tensor) -> None:
    """Make sure that two forms agree to the precision of their numbers."""
    limit = {torch.float32: 1e-5, torch.float16: 2e-3, torch.bfloat16: 2e-2}[found.dtype]
    error = float((found.float() - expected.float()).abs().max())
    assert error <= limit * max(1.0, float(expected.float().abs().max())), error


def attention_ratios(repeats: int, device: str = "cpu", shape: Shape = SMALL) -> Ratios:
    """C1 to C3: the worst over fp32 and bf16, and over 4 and 9 regions."""
    found: dict[str, list[float]] = {}
    for dtype in (torch.float32, torch.bfloat16):
        for regions in (4, 9):
            for name, value in _attention(repeats, device, shape, dtype, regions).items():
                found.setdefault(name, []).append(value)
    least = ("C3 fp32", "C3 bf16")
    return {name: min(v) if name in least else max(v) for name, v in found.items()}


def _attention(repeats: int, device: str, shape: Shape, dtype: torch.dtype, regions: int) -> Ratios:
    layout = layout_of(shape, regions).to(device)
    texts = regions * shape.text
    size = (3, shape.batch, shape.heads, texts + shape.video, shape.head_width)
    q, k, v = torch.randn(size, generator=torch.Generator().manual_seed(0)).to(device, dtype)
    kernel = best_kernel(q.device, dtype, shape.head_width)
    mask = dense_mask(layout, shape.text)
    plain = F.scaled_dot_product_attention
    if kernel is None:
        ours = partial(grouped_attention, q, k, v, layout, shape.text)
    else:
        ours = partial(merged_attention, q, k, v, layout, shape.text, kernel)
    dense = partial(plain, q, k, v, attn_mask=mask)
    video = [x[:, :, texts:].contiguous() for x in (q, k, v)]
    with torch.no_grad():
        same(ours(), dense())
        seconds = fastest(
            {"ours": ours, "dense": dense, "video": lambda: plain(*video),
             "all": lambda: plain(q, k, v)},
            repeats,
        )  # fmt: skip
    name = "fp32" if dtype == torch.float32 else "bf16"
    ratios = {"C1": seconds["ours"] / seconds["video"]}
    if regions == 9:
        ratios["C2"] = seconds["ours"] / seconds["all"]
    ratios[f"C3 {name}"] = seconds["dense"] / seconds["ours"]
    return ratios


def masked_lora(x: Tensor, out: Tensor, parts: list[tuple[LowRank, Tensor]]) -> Tensor:
    """The published form of region LoRA: every row is multiplied, and masked in and out."""
    for update, mask in parts:
        out = out + F.linear(F.linear(x * mask, update.down), update.up) * mask
    return out


def lora_ratios(repeats: int, tokens: int = 4096, width: int = WIDTH) -> Ratios:
    """C4 and C5: three adapters of rank 32 on a linear of 4,096 tokens, 1,920 wide."""
    generator = torch.Generator().manual_seed(0)
    linear = torch.nn.Linear(width, width).requires_grad_(False)
    x = torch.randn(1, tokens, width, generator=generator)
    model = torch.nn.ModuleDict({"attn1": torch.nn.ModuleDict({"to_q": linear})})
    runs = [(tokens * a // 8, tokens * b // 8) for a, b in ((0, 1), (2, 4), (5, 7))]
    placed, parts = [], []
    for index, run in enumerate(runs):
        update = low_rank(generator, width, width)
        placed.append(PlacedLora(Lora(str(index), {"attn1.to_q": update}), (run,)))
        mask = torch.zeros(1, tokens, 1)
        mask[:, run[0] : run[1]] = 1
        parts.append((update, mask))

    def ours() -> Tensor:
        with region_lora(model, placed):
            return linear(x)

    def theirs() -> Tensor:
        return masked_lora(x, linear(x), parts)

    with torch.no_grad():
        same(ours(), theirs())
        seconds = fastest({"ours": ours, "theirs": theirs, "bare": lambda: linear(x)}, repeats)
    return {"C4": seconds["ours"] / seconds["bare"], "C5": seconds["theirs"] / seconds["ours"]}


def low_rank(generator: torch.Generator, wide: int, high: int) -> LowRank:
    """Return a random update of small size, as a trained one is."""
    down = torch.randn(RANK, wide, generator=generator) / wide**0.5
    return LowRank(down, 0.1 * torch.randn(high, RANK, generator=generator))


class MaskedProcessor:
    """The published form of region attention, as an attention processor of diffusers."""

    def __init__(self, mask: Tensor | None) -> None:
        self.mask = mask

    def __call__(
        self,
        attn: torch.nn.Module,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        image_rotary_emb: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, Tensor]:
        heads = project(attn, hidden_states, encoder_hidden_states, image_rotary_emb)
        out = F.scaled_dot_product_attention(*heads, attn_mask=self.mask)
        return finish(attn, out, encoder_hidden_states.shape[1])


LINEARS = ("attn1.to_q", "attn1.to_k", "attn1.to_v", "attn1.to_out.0", "ff.net.0.proj", "ff.net.2")


def block_ratios(
    repeats: int, regions: int = 4, shape: Shape = SMALL, heads: int = 30, whole: Shape = WHOLE
) -> Ratios:
    """C6: one block of CogVideoX-2B with two adapters on its six linears; and C8 beside it."""
    generator, width = torch.Generator().manual_seed(0), heads * 64
    layout = layout_of(shape, regions)
    block = CogVideoXBlock(width, heads, 64, time_embed_dim=512).eval().requires_grad_(False)
    texts = regions * shape.text
    video = torch.randn(1, shape.video, width, generator=generator)
    text = torch.randn(1, texts, width, generator=generator)
    time_embedding = torch.randn(1, 512, generator=generator)
    placed = [adapter(block, layout, row, shape.text, generator) for row in range(2)]
    dense = MaskedProcessor(dense_mask(layout, shape.text))

    def run(processor: object, adapted: AbstractContextManager[None]) -> Tensor:
        block.attn1.set_processor(processor)
        with adapted:
            return block(video, text, time_embedding)[0]

    forms = {
        "ours": lambda: run(RegionProcessor(layout), region_lora(block, placed)),
        "theirs": lambda: run(dense, masked(block, placed, texts + shape.video)),
        "plain": lambda: run(MaskedProcessor(None), nullcontext()),
    }
    with torch.no_grad():
        same(forms["ours"](), forms["theirs"]())
        seconds = fastest(forms, repeats)
    # A step is 30 blocks and two guidance halves over a whole clip. The block's time is taken to
    # grow with its tokens alone, which is less than it does: the share of the layout is less still.
    longer = whole.video / shape.video
    step = 2 * 30 * seconds["plain"] * longer
    building = fastest({"layout": lambda: layout_of(whole, 9)}, repeats)["layout"]
    return {
        "C6 authors' form / ours": seconds["theirs"] / seconds["ours"],
        "C6 ours / plain": seconds["ours"] / seconds["plain"],
        "C8": building / step,
    }


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
    return PlacedLora(Lora(str(row), updates), joined([own, *runs]))


@contextmanager
def masked(block: torch.nn.Module, placed: list[PlacedLora], rows: int) -> Iterator[None]:
    """Let a block's linears use adapters in the published form."""
    masks = []
    for one in placed:
        mask = torch.zeros(1, rows, 1)
        for start, stop in one.runs:
            mask[:, start:stop] = 1
        masks.append(mask)

    def hook(path: str) -> Callable[[object, tuple[Tensor, ...], Tensor], Tensor]:
        parts = [(o.lora.updates[path], mask) for o, mask in zip(placed, masks, strict=True)]
        return lambda _linear, args, out: masked_lora(args[0], out, parts)

    handles = [block.get_submodule(path).register_forward_hook(hook(path)) for path in LINEARS]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


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


def mask_bytes(shape: Shape = SMALL) -> Ratios:
    """C7: bytes of masks, those that the layout keeps and those made on the way, over S^2."""
    layout = layout_of(shape, 9)
    size = 9 * shape.text + shape.video
    q, k, v = torch.randn(3, 1, 1, size, 8)
    with torch.no_grad(), Masks() as masks:
        grouped_attention(q, k, v, layout, shape.text)
        kernel = best_kernel(q.device, q.dtype, 8)
        if kernel is not None:
            merged_attention(q, k, v, layout, shape.text, kernel)
    return {"C7": (masks.bytes + layout.visible.numel()) / size**2}


def gpu_ratios(repeats: int) -> Ratios:
    """G1 and G3: one layer of CogVideoX-2B at full size, by every kernel that the device has."""
    layout = layout_of(WHOLE, 4).to("cuda")
    texts = 4 * WHOLE.text
    size = (3, WHOLE.batch, WHOLE.heads, texts + WHOLE.video, WHOLE.head_width)
    q, k, v = torch.randn(size, device="cuda", dtype=torch.bfloat16)
    mask = dense_mask(layout, WHOLE.text)
    plain = F.scaled_dot_product_attention
    forms: dict[str, Callable[[], object]] = {
        "dense": partial(plain, q, k, v, attn_mask=mask),
        "unmasked": partial(plain, q, k, v),
        "grouped": partial(grouped_attention, q, k, v, layout, WHOLE.text),
    }
    for kernel in kernels_for(q.device, q.dtype, WHOLE.head_width):
        forms[kernel.name] = partial(merged_attention, q, k, v, layout, WHOLE.text, kernel)
        same(forms[kernel.name](), forms["dense"]())  # type: ignore[arg-type]  # tensors, both
    seconds = fastest(forms, repeats)
    ours = min(v for name, v in seconds.items() if name not in ("dense", "unmasked"))
    return {
        **{f"G1 {name} ms": value * 1000 for name, value in seconds.items()},
        "G3": seconds["dense"] / ours,
    }


ROWS: dict[str, Callable[[int], Ratios]] = {
    "C1": attention_ratios, "C2": attention_ratios, "C3": attention_ratios, "C4": lora_ratios,
    "C5": lora_ratios, "C6": block_ratios, "C7": lambda _: mask_bytes(), "C8": block_ratios,
    "G1": gpu_ratios, "G3": gpu_ratios,
}  # fmt: skip
# What each figure has to stay under (or, with a minus, above).
GATES = {
    "C1": 1.10, "C2": 0.92, "C3 fp32": -1.25, "C3 bf16": -1.10, "C4": 1.10, "C5": -1.15,
    "C6 authors' form / ours": -1.25, "C6 ours / plain": 1.15, "C7": 0.01, "C8": 0.01, "G3": -2.3,
}  # fmt: skip


def measure(rows: list[str], repeats: int) -> Ratios:
    """Run what the rows need, each once, and return their figures."""
    found: Ratios = {}
    for work in dict.fromkeys(ROWS[row] for row in rows):
        found |= work(repeats)
    return {name: value for name, value in found.items() if name.split()[0] in rows}


def machine() -> dict[str, object]:
    """Describe what the figures were measured on."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else platform.processor()
    return {
        "device": device or platform.machine(), "threads": torch.get_num_threads(),
        "cpus": os.cpu_count(), "load": os.getloadavg()[0], "torch": torch.__version__,
        "python": platform.python_version(),
    }  # fmt: skip


def table(found: Ratios) -> str:
    """Return the figures beside their gates as Markdown."""
    lines = ["| # | measured | gate | holds |", "|---|---|---|---|"]
    for name, value in found.items():
        gate = GATES.get(name)
        if gate is None:
            lines.append(f"| {name} | {value:.4g} | | |")
            continue
        holds = value <= gate if gate > 0 else value >= -gate
        sign = "<=" if gate > 0 else ">="
        lines.append(
            f"| {name} | {value:.4g} | {sign} {abs(gate):g} | {'yes' if holds else 'no'} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default="", help="rows, such as C1,C4; all by default")
    parser.add_argument("--repeats", type=int, default=7, help="turns of each form")
    parser.add_argument("--json", action="store_true", help="print the figures alone, as JSON")
    options = parser.parse_args()
    can = [row for row in ROWS if torch.cuda.is_available() or not row.startswith("G")]
    rows = options.only.split(",") if options.only else can
    if strangers := [row for row in rows if row not in can]:
        sys.exit(
            f"no such rows on this machine: {', '.join(strangers)}; there are {', '.join(can)}"
        )
    found = measure(rows, options.repeats)
    if set(rows) == set(can):
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps({"machine": machine(), "figures": found}, indent=2)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    print(json.dumps(found) if options.json else table(found))


if __name__ == "__main__":
    main()
