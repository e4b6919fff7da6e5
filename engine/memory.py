"""A model's size + what a device has -> the preset that fits, with its estimate. No torch.

A preset is a way of keeping a model: all of it on the device, one part at a time, or one layer at
a time; and how its codec decodes. None of them changes what is computed, but for the seams of a
tiled codec. Estimates are upper bounds by formula; what a run really took is written down after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..errors import InputError
from .checkpoints import Checkpoint

GB = 10**9

# Live tensors of one transformer block, in widths D of each token: its input and output, the
# query, key and value, what was attended, and the four widths inside the feed-forward.
_BLOCK_WIDTHS = 12
# Feature maps of full size that a decoder holds at once, each of its narrowest width.
_DECODER_MAPS, _DECODER_CHANNELS = 4, 128
_TILED = 1 / 8  # of the decoder's maps that a tile and a slice of frames need
_RESERVE = 1.1  # for the allocator's gaps
_UNITS = {"": 1, "B": 1, "MB": 10**6, "MIB": 2**20, "GB": GB, "G": GB, "GIB": 2**30}


@dataclass(frozen=True, slots=True)
class Preset:
    """How a model is kept and decoded; `name` is what messages call it."""

    name: str
    offload: Literal["none", "parts", "layers"]
    tiled: bool
    means: str


PRESETS = (
    Preset("whole", "none", False, "everything on the device"),
    Preset("tiled", "none", True, "everything on the device, decoded in tiles"),
    Preset("parts", "parts", True, "one part at a time on the device, decoded in tiles"),
    Preset("layers", "layers", True, "one layer at a time on the device, decoded in tiles; slow"),
)


def parse_size(text: str) -> int:
    """Return the bytes that a text such as "8GB" or "7.5 GiB" says.

    Raises:
        InputError: it says no size.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text)
    factor = _UNITS.get(match[2].upper()) if match else None
    if match is None or factor is None or float(match[1]) <= 0:
        raise InputError(f"{text!r} is no size of memory; write it as 8GB")
    return int(float(match[1]) * factor)


def estimate(checkpoint: Checkpoint, preset: Preset, tokens: int, *, wide: int = 2) -> int:
    """Return about how many bytes of the device a preset needs at most.

    Args:
        tokens: S, the joint sequence of one guidance half.
        wide: bytes of a number in the transformer.
    """
    million = 10**6
    parts = [
        checkpoint.transformer * million * wide,
        checkpoint.text_encoder * million * wide,
        checkpoint.codec * million * wide,
    ]
    block = 2 * tokens * checkpoint.width_tokens * _BLOCK_WIDTHS * wide
    pixels = checkpoint.frames * checkpoint.width * checkpoint.height
    decoding = pixels * _DECODER_CHANNELS * _DECODER_MAPS * wide * (_TILED if preset.tiled else 1)
    if preset.offload == "none":
        peak = sum(parts) + max(block, decoding)
    elif preset.offload == "parts":
        peak = max(parts[0] + block, parts[1], parts[2] + decoding)
    else:
        peak = max(block, decoding) + max(parts) / 20  # some layers of the largest part
    return int(peak * _RESERVE)


def choose_preset(checkpoint: Checkpoint, budget: int, tokens: int, *, wide: int = 2) -> Preset:
    """Return the fastest preset whose estimate fits.

    Raises:
        InputError: none does.
    """
    for preset in PRESETS:
        if estimate(checkpoint, preset, tokens, wide=wide) <= budget:
            return preset
    least = estimate(checkpoint, PRESETS[-1], tokens, wide=wide)
    raise InputError(
        f"{checkpoint.name} needs about {least / GB:.1f} GB even one layer at a time, and there "
        f"are {budget / GB:.1f} GB; the smallest is cogvideox-2b, and storybook needs no GPU at all"
    )


def lighter(preset: Preset) -> Preset | None:
    """Return the next preset that needs less, or None after the last."""
    index = PRESETS.index(preset) + 1
    return PRESETS[index] if index < len(PRESETS) else None
