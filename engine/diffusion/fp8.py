"""A transformer's linears -> the same in 8-bit floats: half the memory, and faster where the
device multiplies them. Lossy, and off unless it is asked for.

Weights get a scale a row of the output and activations a scale a token, at every call, so that no
calibration is needed. Only the large linears of the blocks are changed, attention and feed-forward;
norms, embeddings and projections stay what they were.
"""

from __future__ import annotations

import re

import torch
from torch import Tensor

from ...errors import EngineError

FP8 = torch.float8_e4m3fn
_LARGEST = torch.finfo(FP8).max
_LEAST_CAPABILITY = (8, 9)
_MULTIPLE = 16  # of what the product's kernel wants of both widths
_CHANGED = re.compile(r"blocks\.\d+\.(attn\d*|ff|ffn)\.")


class Fp8Linear(torch.nn.Module):
    """A linear that multiplies in e4m3. `weight` is [out, in] in that kind, `scale` [1, out]."""

    weight: Tensor
    scale: Tensor

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        weight, scale = quantised(linear.weight.detach().float())
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale.T.contiguous())
        self.bias = linear.bias

    def forward(self, x: Tensor) -> Tensor:
        """Multiply [..., in] of any float kind; return [..., out] of the same kind."""
        rows, scale = quantised(x.reshape(-1, x.shape[-1]).float())
        # Scales a row come out as bf16 alone on CUDA.
        kind = torch.bfloat16 if x.is_cuda else torch.float32
        out = torch._scaled_mm(
            rows, self.weight.T, scale_a=scale, scale_b=self.scale, out_dtype=kind
        ).to(x.dtype)
        out = out if self.bias is None else out + self.bias
        return out.view(*x.shape[:-1], -1)


def quantised(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Return rows [n, k] as e4m3 with the scale of each, [n, 1] fp32."""
    scale = (rows.abs().amax(1, keepdim=True) / _LARGEST).clamp(min=1e-12)
    return (rows / scale).to(FP8), scale


def to_fp8(transformer: torch.nn.Module, device: torch.device) -> None:
    """Change a transformer's large linears in place. What they were is gone.

    Raises:
        EngineError: the device multiplies no 8-bit floats.
    """
    if device.type == "cuda" and torch.cuda.get_device_capability(device) < _LEAST_CAPABILITY:
        raise EngineError(
            f"{torch.cuda.get_device_name(device)} multiplies no 8-bit floats; leave fp8 away, "
            "or use a GPU of the Ada or Hopper kind or later"
        )
    for path, module in list(transformer.named_modules()):
        if not isinstance(module, torch.nn.Linear) or not _CHANGED.search(path):
            continue
        if module.in_features % _MULTIPLE == module.out_features % _MULTIPLE == 0:
            parent, _, name = path.rpartition(".")
            setattr(transformer.get_submodule(parent), name, Fp8Linear(module))
