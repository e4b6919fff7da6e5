"""A causal video codec on single frames -> the same numbers by flat convolutions.

A causal convolution pads a single frame by repeating it, so on single frames its taps act as
their sum: one flat convolution, which is exact and, channels last, several times cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKLCogVideoX
from diffusers.models.autoencoders.autoencoder_kl_cogvideox import CogVideoXCausalConv3d
from torch import Tensor


@contextmanager
def flat_convolutions(vae: AutoencoderKLCogVideoX) -> Iterator[None]:
    """Compute causal convolutions of single frames by the sum of their taps, which is exact."""
    convs = [m for m in vae.modules() if isinstance(m, CogVideoXCausalConv3d)]
    for module in convs:
        module.forward = _flat(module)
    try:
        yield
    finally:
        for module in convs:
            del module.forward


def _flat(module: CogVideoXCausalConv3d) -> Any:  # a method of a diffusers module
    padding = (module.height_pad, module.width_pad)

    def forward(inputs: Tensor, conv_cache: Tensor | None = None) -> tuple[Tensor, None]:
        if inputs.shape[2] != 1 or conv_cache is not None:
            raise ValueError("flat convolutions are for single frames")
        # Channels last: CPU kernels are many times faster there for so few channels.
        weight = module.conv.weight.sum(2).contiguous(memory_format=torch.channels_last)
        flat = inputs[:, :, 0].contiguous(memory_format=torch.channels_last)
        out = F.conv2d(flat, weight, module.conv.bias, padding=padding)
        return out.contiguous()[:, :, None], None

    return forward
