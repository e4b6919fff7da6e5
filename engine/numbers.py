"""This processor -> the numbers that it multiplies fast."""

from __future__ import annotations

import platform
from functools import lru_cache

import torch


@lru_cache(maxsize=1)
def multiplies_bf16() -> bool:
    """Say whether the processor has instructions for bf16.

    mkldnn says yes to any x86 with AVX-512, and emulates it: three times slower than fp32.
    """
    if platform.machine().lower() in ("x86_64", "amd64"):
        return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
