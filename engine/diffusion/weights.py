"""A checkpoint + where to look -> its folder on this machine, its hash, and the loaded pipeline.

Weights come from a folder that the user names, else from the hub's own cache on this machine, and
from the hub only where the user asks for it: nothing is fetched that nobody named. Only
safetensors are loaded.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from ...errors import WeightsError
from .checkpoints import Checkpoint

log = logging.getLogger(__name__)

_WANTED = ("*.json", "*.safetensors", "*.model", "*.txt")
_MODELS = ("transformer", "text_encoder", "vae")


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What the user said of an engine's weights and memory.

    `weights` is a folder in diffusers' layout, None to look in the hub's cache; `download` lets
    the hub be asked; `fit` is the memory in bytes to stay within, None for what the device has.
    `compile` compiles the blocks, `fp8` stores and multiplies their linears in 8-bit floats.
    """

    weights: Path | None = None
    download: bool = False
    fit: int | None = None
    compile: bool = False
    fp8: bool = False


DEFAULTS = LoadOptions()


def find_weights(checkpoint: Checkpoint, options: LoadOptions = DEFAULTS) -> Path:
    """Return the folder with a model's weights.

    Raises:
        WeightsError: they are not on this machine, or not whole; the message says how to get them.
    """
    if options.weights is not None:
        _check_whole(checkpoint, options.weights)
        return options.weights
    folder = _cached(checkpoint)
    if folder is None and options.download:
        folder = _downloaded(checkpoint)
    if folder is None:
        raise WeightsError(
            f"{checkpoint.name} has no weights on this machine. "
            f"`hf download {checkpoint.repos[0]}` brings them (about "
            f"{checkpoint.download_gb:.0f} GB; {checkpoint.licence}), and so does --download; a "
            "folder that holds them is named with --weights FOLDER. "
            "The storybook engine needs no download"
        )
    _check_whole(checkpoint, folder)
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
        return Path(snapshot_download(checkpoint.repos[0], allow_patterns=list(_WANTED)))
    except (HfHubHTTPError, OSError) as error:
        raise WeightsError(f"{checkpoint.repos[0]} cannot be downloaded: {error}") from error


def _check_whole(checkpoint: Checkpoint, folder: Path) -> None:
    """Make sure that a folder is this kind of pipeline and that no part of it is missing."""
    index = folder / "model_index.json"
    try:
        kind = json.loads(index.read_text(encoding="utf-8"))["_class_name"]
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(
            f"{folder} is no model in diffusers' layout: it has no readable model_index.json"
        ) from error
    if kind != checkpoint.pipeline:
        raise WeightsError(
            f"{folder} holds a {kind}, and {checkpoint.name} is a {checkpoint.pipeline}"
        )
    missing = [str(path) for name in _MODELS for path in _missing(folder / name)]
    if missing:
        raise WeightsError(
            f"the weights of {checkpoint.name} in {folder} are not whole: {', '.join(missing)} "
            f"missing. `hf download {checkpoint.repos[0]}` goes on where it stopped"
        )


def _missing(part: Path) -> list[Path]:
    """Return the files that a part of a model lacks: all its shards, or its one file."""
    indices = sorted(part.glob("*.safetensors.index.json"))
    if indices:
        shards = set(json.loads(indices[0].read_text(encoding="utf-8"))["weight_map"].values())
        return [part / shard for shard in sorted(shards) if not (part / shard).is_file()]
    return [] if any(part.glob("*.safetensors")) else [part / "*.safetensors"]


def weights_fingerprint(checkpoint: Checkpoint, folder: Path) -> str:
    """Return the hash of a model: its name, configurations and weights.

    In the hub's cache a large file is a link to a blob that is named by its own sha256; elsewhere
    it is read.
    """
    digest = sha256(f"{checkpoint.name}\n".encode())
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".json", ".safetensors")):
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
    levers = [name for name in ("compile", "fp8") if getattr(options, name)]
    return " ".join([weights_fingerprint(checkpoint, folder), *levers])


def load_pipeline(checkpoint: Checkpoint, folder: Path) -> Any:  # a diffusers pipeline
    """Load a model onto the CPU in the numbers that it was made for.

    Raises:
        WeightsError: a file is broken or does not fit its configuration.
    """
    import diffusers
    import torch

    kind = getattr(torch, checkpoint.dtype)
    if not torch.cuda.is_available() and kind is torch.float16:
        # The CPU computes few of the layers in fp16; it is correct in fp32.
        kind = torch.float32
    extra: dict[str, Any] = {}  # parts that are loaded by themselves
    try:
        if checkpoint.pipeline == "WanPipeline":
            # Its codec loses visibly in half precision.
            extra["vae"] = diffusers.AutoencoderKLWan.from_pretrained(
                folder, subfolder="vae", torch_dtype=torch.float32, local_files_only=True
            )
        return getattr(diffusers, checkpoint.pipeline).from_pretrained(
            folder, torch_dtype=kind, local_files_only=True, use_safetensors=True, **extra
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise WeightsError(f"{checkpoint.name} cannot be loaded from {folder}: {error}") from error
