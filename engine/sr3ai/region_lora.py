"""LoRA weights + the tokens of an entity -> linears that use them on those tokens only.

An adapter belongs to an entity by id and to a stretch of time by its beat; it touches the
entity's own text and the video tokens of its region in the latent frames of that beat, and leaves
every other row of a linear's output as it was (section 3.3 of arXiv 2411.16657, eq. 6). Its mask
is one and binary: a token that two of its entities share is adapted once.

Tokens are sorted, so that the rows of a region are a few contiguous runs, and each is one small
product added in place. Where beats and overlaps scatter the rows into many runs, all adapters of a
linear are one product of joined rank whose inner rows are emptied outside. Inference only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ...errors import AdapterError
from ...film import Adapter
from ...plan import ShotPlan
from .layout import TokenGrid, TokenLayout
from .lora import Convert, LoraUpdates, LowRank, load_lora, lora_file

Run = tuple[int, int]  # rows start..stop of the joint sequence
Hook = Callable[[torch.nn.Module, tuple[Tensor, ...], Tensor], Tensor]  # torch's forward hook

# More runs than this cost more calls than the joined product costs arithmetic.
MOST_RUNS = 16

_FIRM = 0.5  # the part of a soft edge that an adapter works on
_BY_TOKEN = re.compile(r"\.(attn\d*|ff|ffn)\.")
_TEXT_ALONE = re.compile(r"\.attn2\.(to_k|to_v)$")


@dataclass(frozen=True, slots=True)
class PlacedLora:
    """An adapter, the rows that it works on, and how strongly.

    `text_runs` are the rows in linears that see the texts alone, the keys and values of a
    cross-attention; None where texts and video are one sequence.
    """

    lora: LoraUpdates
    runs: tuple[Run, ...]
    scale: float = 1.0
    text_runs: tuple[Run, ...] | None = None

    def runs_in(self, path: str) -> tuple[Run, ...]:
        """Return the rows of one linear's input that it works on."""
        alone = self.text_runs is not None and _TEXT_ALONE.search(path)
        return self.text_runs or () if alone else self.runs


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
        text_length: L, the tokens of each text; 0 where the sequence holds none.
        start_s, end_s: the beat; a latent frame belongs to it by its centre.
    """
    texts = layout.regions * text_length
    runs = [(row * text_length, (row + 1) * text_length)] if text_length else []
    times = torch.tensor(grid.times_s).repeat_interleave(grid.height * grid.width)
    chosen = ((times >= start_s) & (times <= end_s))[layout.order.cpu()]
    for group in layout.groups:
        if dict(zip(group.texts, group.weights, strict=True)).get(row, 0.0) < _FIRM:
            continue
        rows = chosen[group.start : group.stop].nonzero().flatten()
        if len(rows):
            first, last = int(rows[0]), int(rows[-1])
            runs.append((texts + group.start + first, texts + group.start + last + 1))
    return joined(runs)


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the same rows in as few runs as hold them, none twice."""
    found: list[Run] = []
    for start, stop in sorted(runs):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(stop, found[-1][1])
        else:
            found.append((start, stop))
    return tuple(found)


def place_adapters(
    shot: ShotPlan,
    adapters: Sequence[Adapter],
    layout: TokenLayout,
    grid: TokenGrid,
    text_length: int,
    *,
    texts: Sequence[Run] | None = None,
    convert: Convert | None = None,
) -> list[PlacedLora]:
    """Put each adapter on the rows of the entities and beats it serves, matched by id.

    Args:
        text_length: L in a joint sequence; 0 where the texts are a sequence of their own.
        texts: there, the rows of each region's text.
        convert: see `load_lora`.

    Raises:
        AdapterError: no entity of the shot uses an adapter that was given.
    """
    rows = {entity.id: row for row, entity in enumerate(shot.entities)}
    placed = []
    for adapter in adapters:
        runs: list[Run] = []
        served = set()
        for entity, start_s, end_s in uses(shot, adapter):
            row = rows[entity] if layout.regions > 1 else 0
            served.add(row)
            runs += entity_runs(layout, row, grid, text_length, start_s, end_s)
        if not served:
            raise AdapterError(f"shot {shot.id} has no use for adapter {adapter.name!r}")
        lora = _loaded(Path(adapter.path), adapter.name, convert)
        scale = shot.settings.adapter_scale * adapter.weight
        text_runs = None if texts is None else joined(texts[row] for row in served)
        placed.append(PlacedLora(lora, joined(runs), scale, text_runs))
    return placed


def _loaded(path: Path, name: str, convert: Convert | None) -> LoraUpdates:
    """Return an adapter, from memory where its file is what it was."""
    try:
        stamp = lora_file(path).stat()
    except OSError:
        return load_lora(path, name, convert)  # which says what is wrong
    return _remembered(path, name, convert, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=8)
def _remembered(path: Path, name: str, convert: Convert | None, *_: int) -> LoraUpdates:
    return load_lora(path, name, convert)


def uses(shot: ShotPlan, adapter: Adapter) -> Iterator[tuple[str, float, float]]:
    """Yield whom an adapter serves, and from when to when."""
    if adapter.kind == "character":
        if any(entity.id == adapter.name for entity in shot.entities):
            yield adapter.name, float("-inf"), float("inf")
        return
    for beat in shot.beats:
        if beat.motion == adapter.name and adapter.entity in (None, beat.entity):
            yield beat.entity, beat.start_s, beat.end_s


def lora_hooks(transformer: torch.nn.Module, placed: Sequence[PlacedLora]) -> dict[str, Hook]:
    """Return a forward hook for each linear that adapters change, by the linear's path.

    A hook keeps its adapters on the device of its last use, so that steps share them.

    Raises:
        AdapterError: an adapter has an update for a linear that the model lacks, or for one that
            works on no single token.
    """
    by_path: dict[str, list[_LinearShare]] = {}
    for one in placed:
        for path, update in one.lora.updates.items():
            _check(transformer, path, update, one.lora.name)
            part = _LinearShare(update.down, update.up * one.scale, one.runs_in(path))
            by_path.setdefault(path, []).append(part)
    hooks = {}
    for path, parts in by_path.items():
        scattered = sum(len(part.runs) for part in parts) > MOST_RUNS
        hook = fused(parts) if scattered else segmented(parts)
        hooks[path] = torch.compiler.disable(hook)  # another for every shot
    return hooks


@contextmanager
def hooked(transformer: torch.nn.Module, hooks: Mapping[str, Hook]) -> Iterator[None]:
    """Let hooks of `lora_hooks` work for as long as the context lasts."""
    handles = []
    try:
        for path, hook in hooks.items():
            handles.append(transformer.get_submodule(path).register_forward_hook(hook))
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def region_lora(transformer: torch.nn.Module, placed: Sequence[PlacedLora]) -> Iterator[None]:
    """Let a transformer's linears use adapters on their rows, for as long as the context lasts.

    Raises:
        AdapterError: as `lora_hooks`.
    """
    with hooked(transformer, lora_hooks(transformer, placed)):
        yield


def _check(transformer: torch.nn.Module, path: str, update: LowRank, name: str) -> None:
    try:
        linear: Any = transformer.get_submodule(path)  # torch says Module; it is a linear
    except AttributeError as error:
        raise AdapterError(
            f"adapter {name!r} was made for another model: this one has no {path}"
        ) from error
    shape = (update.up.shape[0], update.down.shape[1])
    if tuple(linear.weight.shape) != shape:
        raise AdapterError(
            f"adapter {name!r} was made for another model: its {path} is {shape[0]} x {shape[1]}, "
            f"this one's {linear.weight.shape[0]} x {linear.weight.shape[1]}"
        )
    if not _BY_TOKEN.search(f".{path}"):
        raise AdapterError(
            f"adapter {name!r} changes {path}, which works on all tokens at once, so that it "
            "cannot be kept to a region; train it on attention and feed-forward layers alone"
        )


class _LinearShare:
    """One adapter's share in one linear, kept in the dtype and on the device of its last use."""

    def __init__(self, down: Tensor, up: Tensor, runs: tuple[Run, ...]) -> None:
        self.down, self.up, self.runs = down, up, runs

    def like(self, x: Tensor) -> tuple[Tensor, Tensor]:
        self.down, self.up = self.down.to(x.device, x.dtype), self.up.to(x.device, x.dtype)
        return self.down, self.up


def segmented(parts: Sequence[_LinearShare]) -> Hook:
    """Return a forward hook that adds each adapter to its runs of rows, in place."""

    def hook(_linear: torch.nn.Module, args: tuple[Tensor, ...], out: Tensor) -> Tensor:
        for part in parts:
            down, up = part.like(out)
            for start, stop in part.runs:
                inner = args[0][:, start:stop].to(out.dtype) @ down.T  # [B, rows, rank]
                for sample, row in zip(out[:, start:stop], inner, strict=True):
                    sample.addmm_(row, up.T)
        return out

    return hook


def fused(parts: Sequence[_LinearShare]) -> Hook:
    """Return a forward hook that adds all adapters at once, over every row, emptied outside.

    Two products of fixed shape, whatever the runs, so that a CUDA graph can hold it.
    """
    made: dict[tuple[torch.device, torch.dtype, int], tuple[Tensor, Tensor, Tensor]] = {}

    def hook(_linear: torch.nn.Module, args: tuple[Tensor, ...], out: Tensor) -> Tensor:
        key = out.device, out.dtype, out.shape[1]
        if key not in made:
            made[key] = _joined_ranks(parts, out)
        down, up, inside = made[key]
        inner = torch.where(inside, args[0].to(out.dtype) @ down.T, 0)  # [B, rows, ranks]
        for sample, row in zip(out, inner, strict=True):
            sample.addmm_(row, up.T)
        return out

    return hook


def _joined_ranks(parts: Sequence[_LinearShare], like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return all parts' down [ranks, in] and up [out, ranks], and the rows that each rank works on,
    [rows, ranks] bool."""
    pairs = [part.like(like) for part in parts]
    masks = []
    for part, (down, _) in zip(parts, pairs, strict=True):
        mask = torch.zeros(like.shape[1], 1, dtype=torch.bool, device=like.device)
        for start, stop in part.runs:
            mask[start:stop] = True
        masks.append(mask.expand(-1, down.shape[0]))
    downs, ups = zip(*pairs, strict=True)
    return torch.cat(downs), torch.cat(ups, dim=1), torch.cat(masks, dim=1)
