"""The embedded family's models: configs, weights on disk -> diffusers modules, and their hashes.

Stock diffusers classes with small configs. The codec takes each frame as a video of one frame,
as CogVideoX's takes images, and shrinks 4 x 4 pixels to 4 channels; the transformer gathers five
frames and 4 x 4 latents into one token, as CogVideoX 1.5 gathers two frames. A clip of 25 frames
of 192 x 128 is 5 x 8 x 12 tokens. Time is the transformer's alone: a codec that also shrinks time
smeared whatever moved, after the ten minutes of two CPU cores that made still frames sharp
(docs/decisions/0003-a-codec-for-frames.md).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from diffusers import (
    AutoencoderKLCogVideoX,
    CogVideoXDDIMScheduler,
    CogVideoXTransformer3DModel,
    UniPCMultistepScheduler,
)
from diffusers.models.embeddings import get_3d_rotary_pos_embed
from safetensors.torch import load_file, save_file
from torch import Tensor

from ...errors import WeightsError
from ..numbers import multiplies_bf16
from ..sr3ai.layout import TokenGrid
from .box_channels import CHANNELS as PLACE_CHANNELS
from .frame_codec import flat_convolutions
from .text_encoder import WIDTH as TEXT_WIDTH
from .underpainting import CHANNELS as UNDER_CHANNELS
from .underpainting import Underpainter
from .weights import FOLDER

WIDTH, HEIGHT, FRAMES, FPS = 192, 128, 25, 8
TEXT_TOKENS = 20  # L, the tokens of a region's text
CAPTION_TOKENS = 48  # the same for one caption of everything
WEIGHTS = FOLDER
SCALE = ".scale"
SHARED_NOISE = 0.8  # the part of the noise's variance that all token frames share
TOGETHER = {"cpu": 5, "cuda": 128}  # frames that go through the codec together

VAE_CONFIG: dict[str, Any] = {  # keyword arguments of a diffusers class
    "down_block_types": ("CogVideoXDownBlock3D",) * 3,
    "up_block_types": ("CogVideoXUpBlock3D",) * 3,
    "block_out_channels": (16, 32, 64),
    "latent_channels": 4,
    "layers_per_block": 1,
    "norm_num_groups": 8,
    "temporal_compression_ratio": 4,
    "sample_height": HEIGHT,
    "sample_width": WIDTH,
}
TRANSFORMER_CONFIG: dict[str, Any] = {  # keyword arguments of a diffusers class
    "num_attention_heads": 5,
    "attention_head_dim": 64,
    "in_channels": 4 + PLACE_CHANNELS + UNDER_CHANNELS,
    "out_channels": 4,
    "time_embed_dim": 64,
    "text_embed_dim": TEXT_WIDTH,
    "num_layers": 8,
    "sample_width": WIDTH // 4,
    "sample_height": HEIGHT // 4,
    "sample_frames": FRAMES,
    "patch_size": 4,
    "patch_size_t": 5,
    "temporal_compression_ratio": 1,
    "max_text_seq_length": TEXT_TOKENS,
    "use_rotary_positional_embeddings": True,
}


_NOISE: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "sample",
    "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing",
}

_Net = TypeVar("_Net", bound=torch.nn.Module)


def new_vae() -> AutoencoderKLCogVideoX:
    """Return a codec with random weights."""
    return AutoencoderKLCogVideoX(**VAE_CONFIG)


def new_transformer() -> CogVideoXTransformer3DModel:
    """Return a transformer with random weights."""
    return CogVideoXTransformer3DModel(**TRANSFORMER_CONFIG)


def scheduler() -> CogVideoXDDIMScheduler:
    """Return the noise schedule of training: clean latents are predicted, zero terminal SNR."""
    return CogVideoXDDIMScheduler(**_NOISE, snr_shift_scale=1.0, clip_sample=False)


def solver() -> UniPCMultistepScheduler:
    """Return what denoises by the schedule of training.

    UniPC (arXiv 2302.04867) is of second order: in few steps it comes nearer to where the schedule
    leads than DDIM, which is of first. benchmarks/steps.py has both.
    """
    return UniPCMultistepScheduler(**_NOISE, solver_order=2)


def token_grid(frames: int = FRAMES, height: int = HEIGHT, width: int = WIDTH) -> TokenGrid:
    """Return the transformer's grid for a clip; a token's time is the centre of its frames."""
    shrink = 2 ** (len(VAE_CONFIG["block_out_channels"]) - 1) * TRANSFORMER_CONFIG["patch_size"]
    gathered = TRANSFORMER_CONFIG["patch_size_t"]
    times = tuple((k * gathered + (gathered - 1) / 2) / FPS for k in range(frames // gathered))
    return TokenGrid(frames // gathered, height // shrink, width // shrink, times)


def latent_shape(grid: TokenGrid) -> tuple[int, int, int, int]:
    """Return the shape [T, C, H, W] of the latents that a grid of tokens stands for."""
    side, channels = TRANSFORMER_CONFIG["patch_size"], TRANSFORMER_CONFIG["out_channels"]
    frames = grid.frames * TRANSFORMER_CONFIG["patch_size_t"]
    return frames, channels, grid.height * side, grid.width * side


def noise(shape: Sequence[int], generator: torch.Generator) -> Tensor:
    """Draw standard normal noise [..., T, C, H, W], much of it alike in every token's frames.

    What is decided early, as where the sun stands, is decided from the noise: alike in all token
    frames, it is decided once. (Preserve Your Own Correlation, arXiv 2305.10474.)
    """
    gathered = TRANSFORMER_CONFIG["patch_size_t"]
    *batch, frames, channels, height, width = shape
    device = generator.device
    one = torch.randn(*batch, gathered, channels, height, width, generator=generator, device=device)
    shared = torch.cat([one] * -(-frames // gathered), dim=-4)[..., :frames, :, :, :]
    own = torch.randn(*shape, generator=generator, device=device)
    return SHARED_NOISE**0.5 * shared + (1 - SHARED_NOISE) ** 0.5 * own


def rope(grid: TokenGrid, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
    """Return the rotary embedding of a grid: cosines and sines, each [N, d] fp32."""
    size = (grid.height, grid.width)
    cos, sin = get_3d_rotary_pos_embed(
        TRANSFORMER_CONFIG["attention_head_dim"], ((0, 0), size), size, grid.frames, device=device
    )
    return cos.float(), sin.float()


def autocast(device: torch.device) -> torch.autocast:
    """Return bf16 autocast where the processor multiplies bf16 fast, else none."""
    fast = device.type == "cuda" or multiplies_bf16()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def save_weights(
    module: torch.nn.Module, path: Path, metadata: dict[str, str], *, small: bool = False
) -> None:
    """Write a module's weights as safetensors: fp16, or for `small` its matrices as int8.

    An int8 matrix has a scale a row, in fp16 under the matrix's name and `SCALE`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    state: dict[str, Tensor] = {}
    for name, value in module.state_dict().items():
        value = value.detach().to("cpu", torch.float32)
        if small and value.ndim == 2:
            scale = (value.abs().amax(1) / 127).clamp(min=1e-8).half()
            state[name + SCALE] = scale
            state[name] = (value / scale.float()[:, None]).round().clamp(-127, 127).to(torch.int8)
        else:
            state[name] = value.half().contiguous()
    save_file(state, path, metadata=metadata)


def _whole(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return stored weights as fp32, rows of int8 matrices multiplied by their scales."""
    whole = {}
    for name, value in state.items():
        if not name.endswith(SCALE):
            scale = state.get(name + SCALE)
            whole[name] = value.float() if scale is None else value.float() * scale.float()[:, None]
    return whole


def load_weights(module: torch.nn.Module, path: Path) -> None:
    """Fill a module from what `save_weights` wrote.

    Raises:
        WeightsError: the file is missing or does not fit.
    """
    if not path.is_file():
        raise WeightsError(
            f"the storybook family has no weights at {path}; `make train` trains a small set"
        )
    try:
        module.load_state_dict(_whole(load_file(path)))
    except (RuntimeError, ValueError) as error:
        raise WeightsError(f"{path} does not fit this version's model: {error}") from error


def load_what_fits(module: torch.nn.Module, path: Path) -> list[str]:
    """Fill what an earlier model had alike, and return the names of what begins anew.

    Raises:
        WeightsError: the file is missing.
    """
    if not path.is_file():
        raise WeightsError(f"there are no weights to begin with at {path}")
    own, earlier = module.state_dict(), _whole(load_file(path))
    fits = {n: t for n, t in earlier.items() if n in own and own[n].shape == t.shape}
    module.load_state_dict({**own, **fits})
    return [name for name in own if name not in fits]


def load_vae(folder: Path = WEIGHTS) -> AutoencoderKLCogVideoX:
    """Return the trained codec in fp32, frozen. Its `scaling_factor` comes with the weights."""
    vae = AutoencoderKLCogVideoX(**VAE_CONFIG, scaling_factor=scaling_factor(folder))
    load_weights(vae, folder / "vae.safetensors")
    return vae.requires_grad_(False).eval()


def load_transformer(folder: Path = WEIGHTS) -> CogVideoXTransformer3DModel:
    """Return the trained transformer in fp32, frozen."""
    transformer = new_transformer()
    load_weights(transformer, folder / "transformer.safetensors")
    return transformer.requires_grad_(False).eval()


def load_underpainter(folder: Path = WEIGHTS) -> Underpainter:
    """Return the trained underpainter in fp32, frozen."""
    painter = Underpainter()
    load_weights(painter, folder / "underpainter.safetensors")
    return painter.requires_grad_(False).eval()


def load_parts(module: _Net, path: Path) -> _Net | None:
    """Fill a painter by parts with its weights, frozen; None where they are not there."""
    if not path.is_file():
        return None
    load_weights(module, path)
    return module.requires_grad_(False).eval()


def scaling_factor(folder: Path = WEIGHTS) -> float:
    """Return the number that gives the codec's latents unit variance, from the card beside them."""
    path = folder / "storybook.json"
    if not path.is_file():
        raise WeightsError(f"the storybook family has no card at {path}; `make train` makes one")
    return float(json.loads(path.read_text())["scaling_factor"])


def to_latents(vae: AutoencoderKLCogVideoX, frames: Tensor) -> Tensor:
    """Encode frames [T, h, w, 3] uint8, each by itself, to scaled latents [T, C, H, W] fp32."""
    pixels = frames.permute(0, 3, 1, 2)[:, :, None].float() / 127.5 - 1.0  # [T, 3, 1, h, w]
    with flat_convolutions(vae):
        parts = [vae.encode(part).latent_dist.mean.float() for part in _together(pixels)]
    return torch.cat(parts)[:, :, 0] * vae.config.scaling_factor


def _together(frames: Tensor) -> Sequence[Tensor]:
    """Split frames into as many as go through the codec together.

    A few at a time: on a CPU a third faster than all at once, which leaves its caches.
    """
    return frames.split(TOGETHER.get(frames.device.type, TOGETHER["cpu"]))


def whole(pictures: Tensor) -> Tensor:
    """Round pictures [T, 3, h, w] in 0..255 to frames [T, h, w, 3] uint8."""
    return pictures.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


def to_frames(vae: AutoencoderKLCogVideoX, latents: Tensor) -> Tensor:
    """Decode scaled latents [T, C, H, W], each by itself, to frames [T, h, w, 3] uint8."""
    scaled = latents[:, :, None] / vae.config.scaling_factor
    with flat_convolutions(vae):
        parts = [vae.decode(part).sample.float() for part in _together(scaled)]
    pixels = torch.cat(parts)[:, :, 0]
    return ((pixels.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1)
