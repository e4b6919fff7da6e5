"""Clips of the world -> the codec: a stock AutoencoderKLCogVideoX that keeps every frame.

It shrinks 4 x 4 pixels to 8 channels and leaves time to the transformer, which gathers frames by
`patch_size_t` as CogVideoX 1.5 does. Its causal kernels have weight in their last tap alone, so
that a frame comes out the same in whatever run of frames the stock class decodes it, but for the
group norms, whose statistics are then those of two or three frames that are almost alike.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKLCogVideoX
from diffusers.models.autoencoders.autoencoder_kl_cogvideox import CogVideoXCausalConv3d
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from ..storybook.training.loop import Average, load_checkpoint, save_checkpoint
from .captions import random_scene
from .running import ProcessorClock, TrainingRun
from .world import HEIGHT, WIDTH, WorldClip, draw

CHANNELS, SHRINK = 8, 4
CONFIG: dict[str, Any] = {  # keyword arguments of a diffusers class
    "down_block_types": ("CogVideoXDownBlock3D",) * 3,
    "up_block_types": ("CogVideoXUpBlock3D",) * 3,
    "block_out_channels": (16, 32, 64),
    "latent_channels": CHANNELS,
    "layers_per_block": 1,
    "norm_num_groups": 8,
    "temporal_compression_ratio": 1,
    "sample_height": HEIGHT,
    "sample_width": WIDTH,
}
_LATENT_NOISE = 0.1
_CROP = 48


def new_vae(scaling_factor: float = 1.0) -> AutoencoderKLCogVideoX:
    """Return a codec with random weights."""
    return AutoencoderKLCogVideoX(**CONFIG, scaling_factor=scaling_factor)


def begin_from(vae: AutoencoderKLCogVideoX, weights: Path) -> None:
    """Fill a codec with one of fewer channels: what is new keeps a tenth of its random start.

    Its kernels are summed into their last taps: on single frames, which it was trained on, that
    is the same.
    """
    stored, state = load_file(weights), vae.state_dict()
    for name, value in state.items():
        old = stored[name].float()
        if old.ndim == 5:
            summed = torch.zeros_like(old)
            summed[:, :, -1] = old.sum(2)
            old = summed
        value.mul_(0.1)
        value[tuple(slice(size) for size in old.shape)] = old
        if name == "encoder.conv_out.conv.weight" or name == "encoder.conv_out.conv.bias":
            # Means come first and logarithms of variances after them.
            value[CHANNELS:] = value[:CHANNELS]
    vae.load_state_dict(state)


@contextmanager
def single_frames(vae: AutoencoderKLCogVideoX) -> Iterator[None]:
    """Compute causal convolutions of single frames as flat ones: exact with one tap, and fast."""
    convolutions = [m for m in vae.modules() if isinstance(m, CogVideoXCausalConv3d)]
    for module in convolutions:
        module.forward = _flat(module)
    try:
        yield
    finally:
        for module in convolutions:
            del module.forward


def _flat(module: CogVideoXCausalConv3d) -> Any:  # a method of a diffusers module
    padding = (module.height_pad, module.width_pad)

    def forward(inputs: Tensor, conv_cache: Tensor | None = None) -> tuple[Tensor, None]:
        weight = module.conv.weight[:, :, -1].contiguous(memory_format=torch.channels_last)
        flat = inputs[:, :, 0].contiguous(memory_format=torch.channels_last)
        return F.conv2d(flat, weight, module.conv.bias, padding=padding)[:, :, None], None

    return forward


def one_tap(vae: AutoencoderKLCogVideoX) -> None:
    """Empty all taps but the last of every causal kernel."""
    with torch.no_grad():
        for module in vae.modules():
            if isinstance(module, CogVideoXCausalConv3d):
                module.conv.weight[:, :, :-1] = 0


def pixels(frames: NDArray[np.uint8]) -> Tensor:
    """Turn frames [..., h, w, 3] uint8 into [..., 3, h, w] fp32 in -1..1."""
    return torch.from_numpy(frames).movedim(-1, -3).float() / 127.5 - 1


class Crops:
    """An endless supply of frames and of crops about figures, from a pool renewed clip by clip."""

    def __init__(self, seed: int, pool: int = 64) -> None:
        self._chance = random.Random(seed)
        self._pool = [self._drawn() for _ in range(pool)]

    def _drawn(self) -> WorldClip:
        # Held-out figures too: the codec of a real model has seen everything.
        return draw(random_scene(self._chance, self._chance.choice((1, 2, 2)), held_out=True))

    def batch(self, count: int, *, whole: bool) -> Tensor:
        """Return [count, 3, 1, s, s], or whole frames [count, 3, 1, h, w]; fp32 in -1..1."""
        for _ in range(4):
            self._pool[self._chance.randrange(len(self._pool))] = self._drawn()
        found = []
        for _ in range(count):
            clip = self._chance.choice(self._pool)
            at = self._chance.randrange(len(clip.frames))
            if whole:
                found.append(clip.frames[at])
                continue
            box = clip.boxes[self._chance.randrange(len(clip.boxes)), at]
            left = int((box[0] + box[2]) / 2 * WIDTH) - _CROP // 2 + self._chance.randint(-6, 6)
            top = int((box[1] + box[3]) / 2 * HEIGHT) - _CROP // 2 + self._chance.randint(-6, 6)
            left, top = (
                min(max(left, 0), WIDTH - _CROP), min(max(top, 0), HEIGHT - _CROP)
            )  # fmt: skip
            found.append(clip.frames[at, top : top + _CROP, left : left + _CROP])
        return pixels(np.stack(found))[:, :, None]


def codec_loss(vae: AutoencoderKLCogVideoX, batch: Tensor, generator: torch.Generator) -> Tensor:
    """Return squared + absolute error + that of gradients, and a light pull to unit size."""
    latents = vae.encode(batch).latent_dist.mean
    noise = torch.randn(latents.shape, generator=generator)
    out = vae.decode(latents + _LATENT_NOISE * noise).sample.float()
    edges = sum(
        (torch.diff(out, dim=axis) - torch.diff(batch, dim=axis)).abs().mean() for axis in (-1, -2)
    )
    error = (out - batch).abs().mean() + 2 * (out - batch).square().mean()
    return error + 0.3 * edges + 1e-3 * latents.float().square().mean()


def crop_psnr(out: Tensor, clip: WorldClip) -> float:
    """Return the mean PSNR in dB of a decoded clip [T, 3, h, w] on the boxes of its figures."""
    error = (out.clamp(-1, 1) - pixels(clip.frames)).square().mean(1)  # [T, h, w]
    found = []
    for track in clip.boxes:
        for frame, (left, top, right, bottom) in zip(error, track, strict=True):
            rows = slice(round(top * HEIGHT), round(bottom * HEIGHT))
            columns = slice(round(left * WIDTH), round(right * WIDTH))
            found.append(10 * torch.log10(4 / frame[rows, columns].mean()))
    return float(torch.stack(found).mean())


@torch.no_grad()
def stock_psnr(vae: AutoencoderKLCogVideoX, seed: int = 77, clips: int = 8) -> float:
    """Return the PSNR on crops of moving figures, through the stock encode and decode of clips."""
    chance, found = random.Random(seed), []
    for index in range(clips):
        clip = draw(random_scene(chance, 1 + index % 2))
        video = pixels(clip.frames).movedim(0, 1)[None]  # [1, 3, T, h, w]
        out = vae.decode(vae.encode(video).latent_dist.mean).sample
        found.append(crop_psnr(out[0].movedim(1, 0), clip))
    return sum(found) / len(found)


def train_codec(run: TrainingRun, start: Path | None, *, frozen_encoder: bool = False) -> None:
    """Train the codec: three steps on crops about figures, then one on whole frames.

    With `frozen_encoder` the decoder alone goes on, so that encoded clips keep their meaning.
    """
    path = run.work / "codec.pt"
    torch.manual_seed(run.seed)
    vae = new_vae()
    if start is not None:
        begin_from(vae, start)
    average = Average(vae, 0.998)
    vae.encoder.requires_grad_(not frozen_encoder)
    learned = [p for p in vae.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=run.rate, betas=(0.9, 0.97), weight_decay=0)
    clock = ProcessorClock(run)
    if state := load_checkpoint(path):
        # The averaged encoder is the one that clips are encoded by.
        vae.load_state_dict(state["average" if frozen_encoder else "model"])
        average.shadow = state["average"]
        if "optimizer" in state and state["frozen_encoder"] == frozen_encoder:
            optimizer.load_state_dict(state["optimizer"])
        clock = ProcessorClock(run, state["step"], state["spent_s"])
    supply = Crops(run.seed + clock.step)
    generator = torch.Generator().manual_seed(run.seed + clock.step)
    while clock.done < 1:
        optimizer.param_groups[0]["lr"] = clock.rate
        batch = supply.batch(run.batch, whole=clock.step % 4 == 3)
        with single_frames(vae), torch.autocast("cpu", torch.bfloat16):
            loss = codec_loss(vae, batch, generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        clock.step += 1
        average.update(vae, clock.step)
        if clock.due():
            save_checkpoint(
                path, model=vae.state_dict(), average=average.shadow, step=clock.step,
                optimizer=optimizer.state_dict(), spent_s=clock.spent_s,
                frozen_encoder=frozen_encoder,
            )  # fmt: skip
            run.log(
                f"codec step {clock.step} loss {loss.item():.4f} crops {_quick(average):.2f} dB, "
                f"{clock.spent_s / 60:.1f} minutes"
            )


@torch.no_grad()
def _quick(average: Average) -> float:
    """Return the PSNR of crops by the averaged weights, frame by frame."""
    vae = new_vae()
    vae.load_state_dict(average.shadow)
    batch = Crops(99, pool=16).batch(48, whole=False)
    with single_frames(vae):
        out = vae.decode(vae.encode(batch).latent_dist.mean).sample.clamp(-1, 1)
    return float((10 * torch.log10(4 / (out - batch).square().flatten(1).mean(1))).mean())


def load_vae(state: dict[str, Tensor]) -> AutoencoderKLCogVideoX:
    """Return the codec with trained weights, frozen, its taps but the last empty."""
    vae = new_vae()
    vae.load_state_dict(state)
    one_tap(vae)
    return vae.requires_grad_(False).eval()
