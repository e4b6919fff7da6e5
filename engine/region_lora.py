"""LoRA weights + the tokens of an entity -> linears that use them on those tokens only.

An adapter belongs to an entity by id and to a stretch of time by its beat; it touches the
entity's own text and the video tokens of its region in the latent frames of that beat, and leaves
every other row of a linear's output bit for bit as it was. Tokens are sorted, so that the rows of
a region are a few contiguous runs, and each is one small product added in place
(section 3.3 of arXiv 2411.16657, eq. 6, with a binary mask). Inference only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ..errors import AdapterError
from .layout import TokenGrid, TokenLayout

Run = tuple[int, int]  # rows start..stop of the joint sequence


@dataclass(frozen=True, slots=True)
class LowRank:
    """One linear's update: down [rank, in], up [out, rank], already scaled by alpha / rank."""

    down: Tensor
    up: Tensor


@dataclass(frozen=True, slots=True)
class Lora:
    """An adapter's updates by the path of the linear that they belong to."""

    name: str
    updates: dict[str, LowRank]


@dataclass(frozen=True, slots=True)
class PlacedLora:
    """An adapter, the rows that it works on, and how strongly."""

    lora: Lora
    runs: tuple[Run, ...]
    scale: float = 1.0


def load_lora(path: Path, name: str) -> Lora:
    """Read a diffusers-format LoRA file.

    Raises:
        AdapterError: the file is missing, broken or holds no complete pair.
    """
    pairs: dict[str, dict[str, Tensor]] = {}
    try:
        with safe_open(path, framework="pt") as file:
            rank_scale = float((file.metadata() or {}).get("scale", "1"))
            for key in file.keys():  # noqa: SIM118 (no mapping: a file handle)
                module, _, part = key.removeprefix("transformer.").rpartition(".lora_")
                pairs.setdefault(module, {})[part.removesuffix(".weight")] = file.get_tensor(key)
    except (OSError, SafetensorError) as error:
        raise AdapterError(f"adapter {name!r} cannot be read from {path}: {error}") from error
    broken = [module for module, pair in pairs.items() if pair.keys() != {"A", "B"}]
    if broken or not pairs:
        raise AdapterError(f"adapter {name!r} at {path} has no complete pairs for {broken}")
    return Lora(
        name,
        {m: LowRank(p["A"].float(), p["B"].float() * rank_scale) for m, p in pairs.items()},
    )


def entity_runs(
    layout: TokenLayout,
    row: int,
    grid: TokenGrid,
    text_length: int,
    start_s: float = float("-inf"),
    end_s: float = float("inf"),
) -> tuple[Run, ...]:
    """Return the rows of a region's text and of its video tokens between two times.

    Args:
        layout: the shot's layout; inside a group its tokens keep their order in time.
        row: which text, and so which region.
        text_length: L, the tokens of each text.
        start_s, end_s: the beat; a latent frame belongs to it by its centre.
    """
    runs = [(row * text_length, (row + 1) * text_length)]
    texts = layout.regions * text_length
    times = torch.tensor(grid.times_s).repeat_interleave(grid.height * grid.width)[
        layout.order.cpu()
    ]
    chosen = (times >= start_s) & (times <= end_s)
    for group in layout.groups:
        if row not in group.texts:
            continue
        rows = chosen[group.start : group.stop].nonzero().flatten()
        if len(rows):
            first, last = int(rows[0]), int(rows[-1])
            runs.append((texts + group.start + first, texts + group.start + last + 1))
    return tuple(runs)


@contextmanager
def region_lora(transformer: torch.nn.Module, placed: Sequence[PlacedLora]) -> Iterator[None]:
    """Let a transformer's linears use adapters on their rows, for as long as the context lasts.

    Raises:
        AdapterError: an adapter has an update for a linear that the model lacks.
    """
    handles = []
    try:
        for one in placed:
            for path, update in one.lora.updates.items():
                handles.append(_module(transformer, path, one.lora.name).register_forward_hook(
                    _adder(update, one.runs, one.scale)
                ))  # fmt: skip
        yield
    finally:
        for handle in handles:
            handle.remove()


def _module(transformer: torch.nn.Module, path: str, name: str) -> torch.nn.Module:
    try:
        return transformer.get_submodule(path)
    except AttributeError as error:
        raise AdapterError(
            f"adapter {name!r} was made for another model: this one has no {path}"
        ) from error


def _adder(update: LowRank, runs: tuple[Run, ...], scale: float) -> Any:  # torch's hook type
    def hook(_module: torch.nn.Module, args: tuple[Tensor], out: Tensor) -> Tensor:
        x = args[0]
        down, up = update.down.to(x), update.up.to(x)
        for start, stop in runs:
            delta = (x[:, start:stop] @ down.T) @ up.T
            out[:, start:stop] += (scale * delta).to(out.dtype)
        return out

    return hook
