"""Slow, obvious forms of what the engine computes in blocks, and random regions to compare on."""

from __future__ import annotations

import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from dreamrunner.engine.sr3ai.layout import Overlap, TokenLayout, softened, token_layout, visibility


class Allocations(TorchDispatchMode):
    """Remembers the largest tensor that any operator returns, in numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.largest = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # torch's own signature
        out = func(*args, **(kwargs or {}))
        sizes = [x.numel() for x in tree_leaves(out) if isinstance(x, torch.Tensor)]
        self.largest = max([self.largest, *sizes])
        return out


def oracle_mask(layout: TokenLayout, length: int) -> torch.Tensor:
    """The paper's mask, written down pair by pair in raster order: [S, S]."""
    texts = layout.regions * length
    size = texts + layout.tokens
    mask = torch.zeros(size, size, dtype=torch.bool)
    for a in range(size):
        for b in range(size):
            if a < texts and b < texts:
                mask[a, b] = a // length == b // length
            elif a >= texts and b >= texts:
                mask[a, b] = True
            else:
                text, token = (a, b - texts) if a < texts else (b, a - texts)
                mask[a, b] = layout.visible[text // length, token]
    return mask


def oracle_bias(weights: torch.Tensor, length: int) -> torch.Tensor:
    """The same for soft edges: log weights pair by pair, [S, S] float64, -inf where unseen."""
    regions, tokens = weights.shape
    texts = regions * length
    factor = torch.zeros(texts + tokens, texts + tokens, dtype=torch.float64)
    factor[texts:, texts:] = 1
    for row in range(regions):
        own = slice(row * length, (row + 1) * length)
        factor[own, own] = 1
        factor[own, texts:] = weights[row].double()
        factor[texts:, own] = weights[row].double()[:, None]
    return factor.log()


def oracle_visibility(masks: torch.Tensor, nearness: list[int], overlap: Overlap) -> torch.Tensor:
    """Which text sees which token, asked token by token: [E, F, H, W] -> [E + 1, N]."""
    inside = masks.flatten(1)
    visible = torch.zeros(len(inside) + 1, inside.shape[1], dtype=torch.bool)
    for token in range(inside.shape[1]):
        here = [row for row in range(len(inside)) if inside[row, token]]
        if overlap == "depth" and here:
            here = [min(here, key=lambda row: (nearness[row], row))]
        visible[here or [len(inside)], token] = True
    return visible


def region_weights(tokens: int = 12, *, soft: bool = False) -> st.SearchStrategy[torch.Tensor]:
    """Any regions, other ones in each of two frames: overlapping, empty, over the whole frame, with
    no background left; [R, N]."""
    shape = st.integers(0, 4).map(lambda entities: (entities, 2, 3, tokens // 6))
    masks = shape.flatmap(lambda s: arrays.arrays(bool, s)).map(torch.from_numpy)
    rings = st.integers(1, 2) if soft else st.just(0)

    def weigh(masks: torch.Tensor, rings: int, overlap: Overlap) -> torch.Tensor:
        return visibility(softened(masks, rings), list(range(len(masks))), overlap)

    return st.builds(weigh, masks, rings, st.sampled_from(["union", "depth"]))


def layouts(tokens: int = 12) -> st.SearchStrategy[TokenLayout]:
    """Layouts of firm regions."""
    return region_weights(tokens).map(token_layout)
