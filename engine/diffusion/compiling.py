"""A transformer -> the same with compiled blocks, all but their attention under regions.

Blocks are all alike, so that one compilation serves them all. diffusers' own call does this for
models that name their repeated blocks, and CogVideoX does not. Attention under regions stays out:
its kernels are fused already, and its slices change from shot to shot, which would compile every
shot anew; so do the adapters of a shot. Kernels round differently than the calls that they replace:
pictures are equal to float tolerance and not bit for bit.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import torch

_BLOCKS = ("transformer_blocks", "blocks")  # as CogVideoX and Wan call them


def compile_blocks(transformer: torch.nn.Module, **options: Any) -> int:  # torch.compile's own
    """Compile each block of a transformer at its first call; return how many there are."""
    blocks = next(getattr(transformer, name) for name in _BLOCKS if hasattr(transformer, name))
    for block in blocks:
        block.compile(**options)
    return len(blocks)


def hooks_guarded() -> AbstractContextManager[None]:
    """Let blocks that are compiled within see hooks that come and go.

    It must hold at every call: the setting is a thread's own, and shots are drawn by several.
    """
    guarded: AbstractContextManager[None] = torch._dynamo.config.patch(
        skip_nnmodule_hook_guards=False
    )
    return guarded
