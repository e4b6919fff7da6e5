"""A checkpoint + where to look -> its folder on this machine, its hash, and the loaded pipeline.

Weights come from a folder that the user names, else from the hub's own cache on this machine, and
from the hub only where the user asks for it. Only safetensors are loaded.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import WeightsError
from ..lossy import NUMBERS
from .checkpoints import Checkpoint
from .folders import check_folder

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

_CLASSES = {
    "CogVideoXPipeline": {
        "transformer": ("diffusers", "CogVideoXTransformer3DModel"),
        "text_encoder": ("transformers", "T5EncoderModel"),
        "vae": ("diffusers", "AutoencoderKLCogVideoX"),
    },
    "WanPipeline": {
        "transformer": ("diffusers", "WanTransformer3DModel"),
        "text_encoder": ("transformers", "UMT5EncoderModel"),
        "vae": ("diffusers", "AutoencoderKLWan"),
    },
}
# What the libraries raise at a file that is broken or does not fit its configuration.
_BROKEN = (OSError, ValueError, RuntimeError, TypeError, LookupError, AttributeError, ImportError)

# Configurations, weights, and the tokenizer's pieces.
_READ = (".json", ".safetensors", ".model", ".txt")


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Where an engine's weights are, and what memory and which levers it may use.

    `weights` is a folder in diffusers' layout, None to look in the hub's cache; `download` lets
    the hub be asked; `fit` is the memory in bytes to stay within, None for what the device has.
    `compile` compiles the blocks, `fp8` stores and multiplies their linears in 8-bit floats;
    `bf16` multiplies in bf16 what was made for fp16.
    """

    weights: Path | None = None
    download: bool = False
    fit: int | None = None
    compile: bool = False
    fp8: bool = False
    bf16: bool = False


DEFAULTS = LoadOptions()


def find_weights(checkpoint: Checkpoint, options: LoadOptions = DEFAULTS) -> Path:
    """Return the folder with a model's weights.

    Raises:
        WeightsError: they are not on this machine, not whole, or another model's; the message says
            how to get them.
    """
    if checkpoint.folder is not None:
        check_folder(checkpoint, checkpoint.folder)
        return checkpoint.folder
    if options.weights is not None:
        check_folder(checkpoint, options.weights)
        return options.weights
    folder = _cached(checkpoint)
    if folder is None and options.download:
        folder = _downloaded(checkpoint)
    if folder is None:
        raise WeightsError(
            f"{checkpoint.name} has no weights on this machine. "
            f"`hf download {checkpoint.repos[0]}` brings them (about "
            f"{checkpoint.download_gb:.0f} GB; {checkpoint.licence.name}), and so does "
            "--download; a folder that holds them is named with --weights FOLDER. "
            "The storybook engine needs no download"
        )
    check_folder(checkpoint, folder)
    return folder


def _cached(checkpoint: Checkpoint) -> Path | None:
    """Return the snapshot in the hub's cache, under the present name or an older one."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    for repo in checkpoint.repos:
        try:
            return Path(snapshot_download(repo, local_files_only=True))
        except LocalEntryNotFoundError:
            continue
    return None


def _downloaded(checkpoint: Checkpoint) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(
            snapshot_download(checkpoint.repos[0], allow_patterns=[f"*{end}" for end in _READ])
        )
    except (HfHubHTTPError, OSError) as error:
        raise WeightsError(f"{checkpoint.repos[0]} cannot be downloaded: {error}") from error


def weights_fingerprint(checkpoint: Checkpoint, folder: Path) -> str:
    """Return the hash of a model: its name and every file of it that is read.

    In the hub's cache a large file is a link to a blob that is named by its own sha256; elsewhere
    it is read.
    """
    digest = sha256(f"{checkpoint.name}\n".encode())
    for path in sorted(p for p in folder.rglob("*") if p.suffix in _READ):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        blob = path.resolve().name
        if path.is_symlink() and len(blob) == 64:
            digest.update(bytes.fromhex(blob))
            continue
        with path.open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()


def fingerprint_of(checkpoint: Checkpoint, folder: Path, options: LoadOptions) -> str:
    """Return the hash of a model, and the levers that change its pixels as it is loaded."""
    levers = [name for name in ("compile", *NUMBERS) if getattr(options, name)]
    return " ".join([weights_fingerprint(checkpoint, folder), *levers])


def load_pipeline(
    checkpoint: Checkpoint, folder: Path, *, bf16: bool = False
) -> Any:  # a diffusers pipeline
    """Load a model onto the CPU in the numbers that it was made for, or in bf16.

    Each part is loaded by itself, so that a tensor that no file holds is found: left to itself
    transformers draws it at random.

    Raises:
        WeightsError: a file is broken, lacks a tensor or does not fit its configuration.
    """
    import diffusers
    import torch

    from ..quiet import quietly

    kind = getattr(torch, checkpoint.dtype)
    if bf16:
        kind = torch.bfloat16
    elif not torch.cuda.is_available() and kind is torch.float16:
        # The CPU computes few of the layers in fp16; it is correct in fp32.
        kind = torch.float32
    # Wan's codec loses visibly in half precision.
    codec = torch.float32 if checkpoint.pipeline == "WanPipeline" else kind
    parts = {
        "transformer": _load_part(checkpoint, folder, "transformer", kind),
        "text_encoder": _load_part(checkpoint, folder, "text_encoder", kind),
        "vae": _load_part(checkpoint, folder, "vae", codec),
    }
    try:
        with quietly():
            return getattr(diffusers, checkpoint.pipeline).from_pretrained(
                folder, torch_dtype=kind, local_files_only=True, use_safetensors=True, **parts
            )
    except _BROKEN as error:
        raise WeightsError(f"{checkpoint.name} cannot be loaded from {folder}: {error}") from error


def _load_part(checkpoint: Checkpoint, folder: Path, part: str, kind: torch.dtype) -> Any:
    """Load one part of a pipeline, a module of the class that the pipeline has for it."""
    import diffusers
    import transformers
    from safetensors import SafetensorError

    from ..quiet import quietly

    library, name = _CLASSES[checkpoint.pipeline][part]
    dtype = "torch_dtype" if library == "diffusers" else "dtype"
    module = {"diffusers": diffusers, "transformers": transformers}[library]
    try:
        with quietly():
            model, report = getattr(module, name).from_pretrained(
                folder, subfolder=part, local_files_only=True, use_safetensors=True,
                output_loading_info=True, **{dtype: kind},
            )  # fmt: skip
    except (*_BROKEN, SafetensorError) as error:
        raise WeightsError(
            f"the {part} of {checkpoint.name} cannot be loaded from {folder / part}: {error}"
        ) from error
    for reason in ("missing_keys", "mismatched_keys"):
        if tensors := sorted(map(str, report[reason])):
            raise WeightsError(
                f"the {part} in {folder / part} has {len(tensors)} {reason.replace('_keys', '')} "
                f"tensors, such as {tensors[0]}; download it again"
            )
    return model
