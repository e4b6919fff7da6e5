"""A published model's name + what the user allows -> the family, kept in memory as a preset says.

What was chosen and what it needs is announced before anything is loaded, for the run to remember.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

from ..protocol import Announce
from ..sr3ai.kernels import best_kernel
from . import memory
from .checkpoints import Checkpoint
from .compiling import compile_blocks
from .family import DiffusionFamily
from .fp8 import to_fp8
from .weights import LoadOptions, find_weights, fingerprint_of, load_pipeline


def load_checkpoint(
    checkpoint: Checkpoint, options: LoadOptions, announce: Announce
) -> DiffusionFamily:
    """Return a published model, ready to draw.

    Raises:
        WeightsError: its weights are missing or broken.
        InputError: it fits into no such memory.
        EngineError: the device cannot do what was asked of it.
    """
    name, folder = checkpoint.name, find_weights(checkpoint, options)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    preset = chosen_preset(checkpoint, options, device, announce)
    pipe = load_pipeline(checkpoint, folder, bf16=options.bf16)
    if options.bf16:
        announce(f"{name}: lossy: numbers of bf16")
    if options.fp8:
        to_fp8(pipe.transformer, device)
        announce(f"{name}: lossy: fp8 in attention and feed-forward layers")
    keep(pipe, preset, device)
    if options.compile:
        count = compile_blocks(pipe.transformer)
        announce(f"{name}: {count} blocks are compiled at the first step, which takes a while")
    announce(f"{name}: {attention_words(pipe, device)}")
    announce(f"{name}: {checkpoint.licence}")
    return DiffusionFamily(
        checkpoint,
        pipe,
        fingerprint_of(checkpoint, folder, options),
        device=device,
        preset=preset,
        visit=visiting(pipe, preset, device),
        announce=announce,
    )


def attention_words(pipe: Any, device: torch.device) -> str:  # a diffusers pipeline
    """Say which attention runs: one of the joint sequence, or Wan's two."""
    config, dtype = pipe.transformer.config, pipe.transformer.dtype
    kernel = best_kernel(device, dtype, config.attention_head_dim)
    if type(pipe).__name__ == "WanPipeline":
        video = f"{kernel.name} through PyTorch's own call" if kernel else "PyTorch's own call"
        return f"attention over the video by {video}, over the texts by grouped calls"
    return f"attention by {kernel.name + ', merged' if kernel else 'grouped calls'}"


def chosen_preset(
    checkpoint: Checkpoint, options: LoadOptions, device: torch.device, announce: Announce
) -> memory.Preset:
    """Choose how a model is kept, and say what that needs of what there is.

    Raises:
        InputError: it fits in no way.
    """
    name, on_gpu = checkpoint.name, device.type == "cuda"
    if on_gpu:
        budget = options.fit or torch.cuda.mem_get_info()[0]
    else:
        if not checkpoint.world:  # a model of a drawn world is small
            announce(f"{name}: no GPU was found, and on a processor a shot takes hours")
        budget = options.fit or memory.machine_bytes()
    preset, need = memory.fitted(checkpoint, budget, on_gpu=on_gpu, bf16=options.bf16)
    of = f" of {budget / memory.GB:.1f} GB" if budget else ""
    announce(f"{name}: {preset.means}; about {need / memory.GB:.1f} GB{of} at most")
    return preset


def keep(pipe: Any, preset: memory.Preset, device: torch.device) -> None:
    """Keep a pipeline as a preset says."""
    pipe.set_progress_bar_config(disable=True)
    if preset.tiled:
        pipe.vae.enable_tiling()
        pipe.vae.enable_slicing()
    if preset.offload == "none":
        pipe.to(device)
    elif preset.offload == "texts":
        pipe.transformer.to(device)
        pipe.vae.to(device)
    elif preset.offload == "parts":
        pipe.enable_model_cpu_offload(device=device)
    else:
        pipe.enable_sequential_cpu_offload(device=device)


def visiting(
    pipe: Any, preset: memory.Preset, device: torch.device
) -> Callable[[], AbstractContextManager[torch.device]]:
    """Return what brings the text encoder to the device for as long as a context lasts.

    Where the encoder does not stay there, the transformer leaves the device meanwhile.
    """
    if preset.offload != "texts":
        return lambda: nullcontext(device)

    @contextmanager
    def visit() -> Iterator[torch.device]:
        pipe.transformer.to("cpu")
        pipe.text_encoder.to(device)
        try:
            yield device
        finally:
            pipe.text_encoder.to("cpu")
            pipe.transformer.to(device)

    return visit
