"""An engine's name, or a folder in diffusers' layout -> the published model that it stands for.

A folder that holds a model of the table is that row. Any other CogVideoX or Wan is described by its
own files: its size, compression and depth by its configurations, its parameters and their numbers
by the headers of its weights. No file says how many frames a second a model was trained at, nor
how many steps and how much guidance it wants: those are the ones of its family, but for a
checkpoint of the miniature, whose folder says that it is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from ...errors import WeightsError
from .checkpoints import APACHE, CHECKPOINTS, UNKNOWN_LICENCE, Checkpoint
from .folders import PARTS, ModelFolder, check_folder, part_files, read_folder, weights_in

Dtype: TypeAlias = Literal["float16", "bfloat16", "float32"]
_DTYPES: dict[str, Dtype] = {"F16": "float16", "BF16": "bfloat16", "F32": "float32"}
_COGVIDEOX_FPS, _COGVIDEOX_15_FPS = 8, 16
_WAN = CHECKPOINTS["wan2.1-1.3b"]
_MINIATURE = "miniature.json"  # its card, as `engine.miniature.export` leaves it in a folder


def find_checkpoint(engine: str) -> Checkpoint | None:
    """Return the published model of an engine's name or folder; None where it is neither.

    Raises:
        WeightsError: it is a folder that nothing can be drawn with.
    """
    if engine in CHECKPOINTS:
        return CHECKPOINTS[engine]
    path = Path(engine)
    return folder_checkpoint(path) if (path / "model_index.json").is_file() else None


def folder_checkpoint(path: Path) -> Checkpoint:
    """Return the model in a folder.

    Raises:
        WeightsError: it is no CogVideoX or Wan in diffusers' layout, or not whole.
    """
    folder = read_folder(path)
    if folder.name in CHECKPOINTS:
        return replace(CHECKPOINTS[folder.name], folder=path)
    if folder.pipeline == "CogVideoXPipeline":
        found = _cogvideox(folder)
    elif folder.pipeline == "WanPipeline" and not folder.two_transformers:
        found = _wan(folder)
    else:
        raise WeightsError(f"{path} holds {folder}, and no engine draws with it")
    name = path.resolve().name
    found = replace(found, name=name, folder=path, repos=(), traits=(), licence=UNKNOWN_LICENCE)
    if (path / _MINIATURE).is_file():
        from ..miniature.capabilities import GUIDANCE, STEPS, WORLD
        from ..miniature.world import FPS

        found = replace(found, world=WORLD, licence=APACHE, fps=FPS, steps=STEPS, guidance=GUIDANCE)
    check_folder(found, path)
    return _counted(found, path)


def _cogvideox(folder: ModelFolder) -> Checkpoint:
    """Return a CogVideoX by its configurations; its clips are as large as those it was made for."""
    shrink = 2 ** (len(folder.listed("vae.block_out_channels", (128, 256, 256, 512))) - 1)
    patch = folder.number("transformer.patch_size", 2)
    gathered = folder.number("transformer.patch_size_t", 1)
    heads = folder.number("transformer.num_attention_heads", 30)
    base = CHECKPOINTS["cogvideox-2b"]
    return replace(
        base,
        width=_whole(folder.number("transformer.sample_width", 90) * shrink, shrink * patch),
        height=_whole(folder.number("transformer.sample_height", 60) * shrink, shrink * patch),
        frames=folder.number("transformer.sample_frames", 49),
        fps=_COGVIDEOX_FPS if gathered == 1 else _COGVIDEOX_15_FPS,
        token_px=shrink * patch,
        latent_frames=folder.number("vae.temporal_compression_ratio", 4),
        gathered=gathered,
        width_tokens=heads * folder.number("transformer.attention_head_dim", 64),
        layers=folder.number("transformer.num_layers", 30),
    )


def _wan(folder: ModelFolder) -> Checkpoint:
    """Return a Wan by its configurations.

    Diffusers' own say nothing of the clips that it was made for; where its makers wrote them under
    the names that a CogVideoX has for them, in latents and in frames, they are these.
    """
    shrink = folder.number("vae.scale_factor_spatial", 8)
    patch = int(folder.listed("transformer.patch_size", (1, 2, 2))[-1])
    heads = folder.number("transformer.num_attention_heads", 40)
    return replace(
        _WAN,
        width=_whole(
            folder.number("transformer.sample_width", _WAN.width // shrink) * shrink, shrink * patch
        ),
        height=_whole(
            folder.number("transformer.sample_height", _WAN.height // shrink) * shrink,
            shrink * patch,
        ),
        frames=folder.number("transformer.sample_frames", _WAN.frames),
        token_px=shrink * patch,
        latent_frames=folder.number("vae.scale_factor_temporal", 4),
        width_tokens=heads * folder.number("transformer.attention_head_dim", 128),
        layers=folder.number("transformer.num_layers", 40),
    )


def _whole(pixels: int, token: int) -> int:
    """Return the nearest length below that is a whole number of tokens, at least one."""
    return max(1, pixels // token) * token


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What a folder is in words, the model that it is drawn with, and what is wrong with it.

    `engine` is what `--engine` calls it. `checkpoint` and `engine` are None where nothing draws
    with it; `fault` is None where the folder is whole.
    """

    holds: str
    engine: str | None = None
    checkpoint: Checkpoint | None = None
    fault: str | None = None


def inspect_folder(path: Path) -> FolderReport:
    """Say what a folder is, whatever it is named as.

    Raises:
        WeightsError: it is no model in diffusers' layout, or a configuration is broken.
    """
    folder = read_folder(path)
    try:
        checkpoint = folder_checkpoint(path)
        check_folder(checkpoint, path)
    except WeightsError as error:
        return FolderReport(str(folder), fault=str(error))
    engine = checkpoint.name if checkpoint.name in CHECKPOINTS else str(path)
    return FolderReport(str(folder), engine, checkpoint)


def _counted(checkpoint: Checkpoint, path: Path) -> Checkpoint:
    """Return a model with the parameters that its files hold, in the numbers of its transformer."""
    millions, kinds = {}, set()
    for part in PARTS:
        weights = [one for file in part_files(path, part) for one in weights_in(file)]
        millions[part] = sum(one.numbers for one in weights) / 1e6
        if part == "transformer":
            kinds = {one.dtype for one in weights}
    dtype = next((_DTYPES[kind] for kind in ("F16", "BF16", "F32") if kind in kinds), None)
    if dtype is None:
        raise WeightsError(f"the transformer in {path} is kept in {', '.join(sorted(kinds))}")
    return replace(
        checkpoint,
        dtype=dtype,
        transformer=millions["transformer"],
        text_encoder=millions["text_encoder"],
        codec=millions["vae"],
    )
