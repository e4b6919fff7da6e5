"""A model's size + what a device has -> the preset that fits, with its estimate. No torch needed.

A preset is a way of keeping a model: all of it on the device, one part at a time, or one layer at
a time; and how its codec decodes. None of them changes what is computed, but for the seams of a
tiled codec. Estimates are upper bounds by formula; what a run really took is written down after it.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...errors import InputError
from .checkpoints import Checkpoint, clip_tokens

if TYPE_CHECKING:
    import torch

GB = 10**9

# Live tensors of one transformer block, in widths D of each token: its input and output, the
# query, key and value, what was attended, and the four widths inside the feed-forward.
_BLOCK_WIDTHS = 12
# Feature maps of full size that a decoder holds at once, each of its narrowest width.
_DECODER_MAPS, _DECODER_CHANNELS = 4, 128
_TEXT_TOKENS = 512  # of the longest text that a published model takes
_TILED = 1 / 8  # of the decoder's maps that a tile and a slice of frames need
_RESERVE = 1.1  # for the allocator's gaps
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of <malloc.h>
_UNITS = {"": 1, "B": 1, "MB": 10**6, "MIB": 2**20, "GB": GB, "G": GB, "GIB": 2**30}


@dataclass(frozen=True, slots=True)
class Preset:
    """How a model is kept and decoded; `name` is what messages call it."""

    name: str
    offload: Literal["none", "texts", "parts", "layers"]
    tiled: bool
    means: str


PRESETS = (
    Preset("whole", "none", False, "everything on the device"),
    Preset("tiled", "none", True, "everything on the device, decoded in tiles"),
    Preset(
        "texts", "texts", True,
        "the text encoder comes and goes, the rest stays on the device, decoded in tiles",
    ),
    Preset("parts", "parts", True, "one part at a time on the device, decoded in tiles"),
    Preset("layers", "layers", True, "one layer at a time on the device, decoded in tiles; slow"),
)  # fmt: skip
# There, parts have nowhere else to be.
ON_A_PROCESSOR = PRESETS[:2]


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
    # Where the codec stays, a shot is decoded beside the next one's denoising.
    if preset.offload == "none":
        peak = sum(parts) + block + decoding
    elif preset.offload == "texts":
        peak = max(parts[0] + block + decoding, parts[1]) + parts[2]
    elif preset.offload == "parts":
        peak = max(parts[0] + block, parts[1], parts[2] + decoding)
    else:
        peak = max(block, decoding) + max(parts) / 20  # some layers of the largest part
    return int(peak * _RESERVE)


def choose_preset(
    checkpoint: Checkpoint,
    budget: int,
    tokens: int,
    *,
    wide: int = 2,
    presets: tuple[Preset, ...] = PRESETS,
) -> Preset:
    """Return the fastest of some presets whose estimate fits.

    Raises:
        InputError: none does.
    """
    for preset in presets:
        if estimate(checkpoint, preset, tokens, wide=wide) <= budget:
            return preset
    least = estimate(checkpoint, presets[-1], tokens, wide=wide)
    raise InputError(
        f"{checkpoint.name} needs about {least / GB:.1f} GB even with {presets[-1].means}, and "
        f"there are {budget / GB:.1f} GB; the smallest is cogvideox-2b, and storybook needs no GPU "
        "at all"
    )


def fitted(
    checkpoint: Checkpoint, budget: int, *, on_gpu: bool, bf16: bool = False
) -> tuple[Preset, int]:
    """Return how a device of so many bytes keeps a model, and how many of them it takes at most.

    A budget of 0 stands for an unknown one, and gets the lightest preset.

    Raises:
        InputError: the model fits in no way.
    """
    presets = PRESETS if on_gpu else ON_A_PROCESSOR
    # A processor computes fp16 in fp32, where it is not told to take bf16.
    in_fp32 = checkpoint.dtype == "float32" or (checkpoint.half and not on_gpu)
    wide = 4 if in_fp32 and not bf16 else 2
    tokens = clip_tokens(checkpoint)
    preset = presets[-1]
    if budget:
        preset = choose_preset(checkpoint, budget, tokens, wide=wide, presets=presets)
    return preset, estimate(checkpoint, preset, tokens, wide=wide)


@dataclass(frozen=True, slots=True)
class TrainingMode:
    """How a model learns: the share of its own frames and of its area that clips have then, and
    whether blocks are computed again on the way back instead of keeping what is in them."""

    frames: float
    area: float
    recompute: bool
    means: str


TRAINING_MODES = (
    TrainingMode(1.0, 1.0, False, "clips of full size"),
    TrainingMode(1.0, 1.0, True, "clips of full size, blocks computed twice"),
    TrainingMode(0.5, 1.0, True, "clips of half the length, blocks computed twice"),
    TrainingMode(0.5, 0.5, True, "clips of half the length and area, blocks computed twice"),
    TrainingMode(0.25, 0.25, True, "clips of a quarter of length and area, blocks computed twice"),
)
# Live tensors of one block while gradients run through it, in widths D of each token: those of
# `_BLOCK_WIDTHS`, what they were computed from, and their gradients.
_TAUGHT_WIDTHS = 3 * _BLOCK_WIDTHS
_ADAPTER_BYTES = 16  # of a number that learns: itself, its gradient, and AdamW's two, in fp32


def training_estimate(
    checkpoint: Checkpoint, mode: TrainingMode, *, learning: int, wide: int = 2
) -> int:
    """Return about how many bytes of the device teaching needs at most.

    The codec works before and is gone by then, and so is the text encoder, which works on the
    processor where the device has no place for it.

    Args:
        learning: how many numbers learn, those of throw-away adapters included.
        wide: bytes of a number in the transformer.
    """
    million = 10**6
    tokens = training_tokens(checkpoint, mode)
    layer = tokens * checkpoint.width_tokens * wide
    kept = checkpoint.layers * (1 if mode.recompute else _TAUGHT_WIDTHS)
    taught = layer * (kept + _TAUGHT_WIDTHS)
    transformer = checkpoint.transformer * million * wide
    tiled = encoding_estimate(checkpoint, mode, wide=wide, tiled=True)
    return max(int((transformer + taught + learning * _ADAPTER_BYTES) * _RESERVE), tiled)


def encoding_estimate(
    checkpoint: Checkpoint, mode: TrainingMode, *, wide: int = 2, tiled: bool = False
) -> int:
    """Return about how many bytes it takes to encode a clip that is learnt from."""
    pixels = checkpoint.frames * checkpoint.width * checkpoint.height * mode.frames * mode.area
    maps = pixels * _DECODER_CHANNELS * _DECODER_MAPS * wide * (_TILED if tiled else 1)
    return int((checkpoint.codec * 10**6 * wide + maps) * _RESERVE)


def training_tokens(checkpoint: Checkpoint, mode: TrainingMode) -> int:
    """Return how many video tokens a clip has that is learnt from, and its text's beside."""
    return int(clip_tokens(checkpoint) * mode.frames * mode.area) + _TEXT_TOKENS


def fitted_training(
    checkpoint: Checkpoint, budget: int, *, learning: int, wide: int = 2
) -> tuple[TrainingMode, int]:
    """Return how a device of so many bytes teaches a model, and how many it takes at most.

    A budget of 0 stands for an unknown one, and gets the lightest mode.

    Raises:
        InputError: it fits in no way.
    """
    for mode in TRAINING_MODES if budget else TRAINING_MODES[-1:]:
        need = training_estimate(checkpoint, mode, learning=learning, wide=wide)
        if not budget or need <= budget:
            return mode, need
    raise InputError(
        f"to teach {checkpoint.name} takes about {need / GB:.1f} GB even with {mode.means}, and "
        f"there are {budget / GB:.1f} GB; cogvideox-2b and wan2.1-1.3b need least"
    )


def lighter(preset: Preset) -> Preset | None:
    """Return the next preset that needs less, or None after the last."""
    index = PRESETS.index(preset) + 1
    return PRESETS[index] if index < len(PRESETS) else None


def machine_bytes() -> int:
    """Return the memory of the machine in bytes, 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def keep_freed() -> None:
    """Let this process keep the memory that it frees; nothing happens where glibc is not.

    glibc gives a large tensor's pages back to the system, which hands the next tensor's out one by
    one, zeroed. What that costs a shot, benchmarks/memory.py measures. A choice for whole
    processes, so it is theirs to make and not a library's.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD):
            mallopt(option, 2**30)


def forget_peak(device: torch.device) -> None:
    """Begin to count anew what a GPU takes at the peak; a process keeps its own peak for ever."""
    import torch

    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak_bytes(device: torch.device) -> int:
    """Return what was taken at the peak: of a GPU since `forget_peak`, or by this process."""
    import torch

    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        import resource
    except ImportError:  # Windows has no such account.
        return 0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024
