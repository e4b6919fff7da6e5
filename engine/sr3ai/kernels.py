"""Query, key and value -> attention and its log-sum-exp, by the device's own flash kernel.

Two attentions over disjoint keys are one attention over both once their log-sum-exps are known.
PyTorch's public call keeps that number to itself, its kernels do not. Which kernel there is
depends on device, dtype and head width; where there is none the caller has a portable form.

None of these operators has a gradient for the log-sum-exp, and autograd does not say so: it
returns a wrong one. `needs_gradient` is asked before any of them is called.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

_CUDNN_FROM = 9  # compute capability of Hopper
SMALL = 1024  # tokens of the shorter side
_HALF = (torch.float16, torch.bfloat16)


class Attend(Protocol):
    """Query [B, heads, Q, d], key and value [B, heads, K, d] -> attended [B, heads, Q, d] and
    log-sum-exp [B, heads, Q] fp32 (fp64 for fp64), over the first `count` keys if not over all."""

    def __call__(
        self, query: Tensor, key: Tensor, value: Tensor, count: int | None = None
    ) -> tuple[Tensor, Tensor]: ...


@dataclass(frozen=True, slots=True)
class Kernel:
    """An attention that tells its log-sum-exp.

    Attributes:
        name: what is written into the run.
        attend: what it computes.
        lanes: keys are taken so many at a time and the rest one by one: 46 keys of 48 cost half
            of what 46 alone do.
        few: what attends where one side is as short as a text: cuDNN plans a kernel anew for each
            length that it meets, and runs of tokens have many.
    """

    name: str
    attend: Attend
    lanes: int = 1
    few: Attend | None = None

    def small(self, queries: int, keys: int) -> Attend:
        """Return what attends between so many tokens: where one side is a text, `few` if it has."""
        return self.few if self.few is not None and min(queries, keys) < SMALL else self.attend


def needs_gradient(*tensors: Tensor) -> bool:
    """Say whether autograd would want to go back through any of these."""
    return torch.is_grad_enabled() and any(x.requires_grad for x in tensors)


def _cpu_flash(
    query: Tensor, key: Tensor, value: Tensor, count: int | None = None
) -> tuple[Tensor, Tensor]:
    keys, bias = key.shape[2], None
    if count is not None and count < keys:
        bias = _first(count, keys, query.dtype).expand(query.shape[0], 1, query.shape[2], keys)
    out, lse = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
        query, key, value, attn_mask=bias
    )
    return out, lse


@lru_cache(maxsize=64)
def _first(count: int, keys: int, dtype: torch.dtype) -> Tensor:
    """Return what leaves the first `count` keys as they are: [1, 1, 1, K]."""
    bias = torch.zeros(1, 1, 1, keys, dtype=dtype)
    bias[..., count:] = -torch.inf
    return bias


def _cuda_cudnn(
    query: Tensor, key: Tensor, value: Tensor, count: int | None = None
) -> tuple[Tensor, Tensor]:
    found = torch.ops.aten._scaled_dot_product_cudnn_attention(
        query, key[:, :, :count], value[:, :, :count], None, True
    )
    return found[0], found[1].reshape(query.shape[:3])


def _cuda_flash(
    query: Tensor, key: Tensor, value: Tensor, count: int | None = None
) -> tuple[Tensor, Tensor]:
    found = torch.ops.aten._scaled_dot_product_flash_attention(
        query, key[:, :, :count], value[:, :, :count]
    )
    return found[0], found[1]


def _cuda_efficient(
    query: Tensor, key: Tensor, value: Tensor, count: int | None = None
) -> tuple[Tensor, Tensor]:
    found = torch.ops.aten._scaled_dot_product_efficient_attention(
        query, key[:, :, :count], value[:, :, :count], None, True
    )
    return found[0], found[1][..., : query.shape[2]]  # Padded to whole warps of queries.


CPU_FLASH = Kernel("cpu-flash", _cpu_flash, lanes=16)
CUDNN = Kernel("cuda-cudnn", _cuda_cudnn, few=_cuda_flash)
CUDA_FLASH = Kernel("cuda-flash", _cuda_flash)
CUDA_EFFICIENT = Kernel("cuda-efficient", _cuda_efficient)


def kernels_for(device: torch.device, dtype: torch.dtype, head_width: int) -> tuple[Kernel, ...]:
    """Return the kernels that take such heads, the fastest first; none is an empty tuple.

    The order on CUDA is that of compute capability: cuDNN's fused attention from Hopper on,
    before that PyTorch's own flash kernel; fp32 has the memory-efficient one alone.
    """
    if device.type == "cpu":
        return (CPU_FLASH,) if dtype.is_floating_point else ()
    if device.type != "cuda" or torch.version.hip is not None:
        return ()
    if dtype == torch.float32:
        return (CUDA_EFFICIENT,)
    major = torch.cuda.get_device_capability(device)[0]
    if dtype not in _HALF or head_width % 8 or major < 8:
        return ()
    flash = (CUDA_FLASH,) if head_width <= 256 else ()
    cudnn = (CUDNN,) if head_width <= 128 else ()
    return (*cudnn, *flash) if major >= _CUDNN_FROM else (*flash, *cudnn)


def pinned(device: torch.device) -> AbstractContextManager[None]:
    """Let PyTorch's own attention calls on a device use kernels in this module's order.

    What attention a model's other layers run, such as Wan's from video to video, is then no choice
    of the library's day. Where a bias is wanted, as on soft edges, the next one that takes it runs.
    """
    if device.type != "cuda":
        return nullcontext()
    order = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
    before = torch.cuda.get_device_capability(device)[0] < _CUDNN_FROM
    order.insert(1 if before else 0, SDPBackend.CUDNN_ATTENTION)
    return sdpa_kernel(order, set_priority=True)


def best_kernel(device: torch.device, dtype: torch.dtype, head_width: int) -> Kernel | None:
    """Return the fastest kernel for such heads; None means the portable form."""
    return next(iter(kernels_for(device, dtype, head_width)), None)
