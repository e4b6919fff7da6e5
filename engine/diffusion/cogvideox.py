"""A stock CogVideoX pipeline -> the parts that the diffusion family draws with, under SR3AI.

2B, 5B and 1.5 are one class of diffusers with different configurations, and so they are here.
Nothing of the pipeline is copied: its own text encoding, rotary embedding and decoding are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ...film import Adapter
from ...plan import ShotPlan
from ..sr3ai.layout import TokenGrid, TokenLayout, latent_times
from ..sr3ai.region_lora import Hook, hooked, lora_hooks, place_adapters
from ..sr3ai.transformer import Rope, Share, sorted_rope, sr3ai
from .first_block_cache import remembered_as
from .texts import TextMemory, Texts, Visit, equal_texts


@dataclass(frozen=True, slots=True)
class JointWindow:
    """One window of a shot on a CogVideoX transformer. `rope` is sorted; 2B has none."""

    transformer: Any  # diffusers' CogVideoXTransformer3DModel
    layout: TokenLayout
    texts: Texts
    rope: Rope | None
    adapters: Mapping[str, Hook]
    layers: Share
    name: str

    def __call__(
        self, latents: Tensor, time: Tensor, *, ruled: bool, guided: bool
    ) -> tuple[Tensor, Tensor | None]:
        """Return the outputs towards the texts and, with guidance, away from them: [T, C, H, W]."""
        texts = [self.texts.positive, *([self.texts.negative] if guided else [])]
        kind = self.transformer.dtype
        with (
            sr3ai(self.transformer, self.layout, self.layers) as control,
            hooked(self.transformer, self.adapters),
            remembered_as(self.transformer, self.name),
        ):
            control.rule(ruled)
            out = self.transformer(
                latents.to(kind).expand(len(texts), -1, -1, -1, -1),
                torch.stack(texts).to(latents.device, kind),
                time.expand(len(texts)),
                image_rotary_emb=self.rope,
                return_dict=False,
            )[0].float()
        return out[0], out[1] if guided else None


class CogVideoX:
    """The parts of a CogVideoX pipeline."""

    def __init__(self, pipe: Any, visit: Visit) -> None:  # diffusers' CogVideoXPipeline
        self.pipe = pipe
        self.compression: int = pipe.vae_scale_factor_temporal
        self.shrink: int = pipe.vae_scale_factor_spatial
        config = pipe.transformer.config
        self.patch: int = config.patch_size
        self.gathered: int = config.patch_size_t or 1
        self.channels: int = config.in_channels
        self._rotary: bool = config.use_rotary_positional_embeddings
        self.text_memory = TextMemory(pipe, config.max_text_seq_length, visit)

    def padding(self, frames: int) -> int:
        """Return how many latent frames are put in front, so that tokens come out whole."""
        return -self._latent_frames(frames) % self.gathered

    def latent_frames(self, frames: int) -> int:
        """Return T, the latent frames for so many pixel frames, the padding included."""
        return self._latent_frames(frames) + self.padding(frames)

    def _latent_frames(self, frames: int) -> int:
        return -(-(frames - 1) // self.compression) + 1

    def times_s(self, frames: int, fps: float) -> tuple[float, ...]:
        """Return the time of each token frame."""
        return latent_times(
            self._latent_frames(frames), self.compression, fps, gathered=self.gathered
        )

    def texts(self, texts: Sequence[str], negative: str, *, trim: bool) -> Texts:
        """Return a shot's texts, of equal length."""
        return equal_texts(self.text_memory, texts, negative, trim)

    def window(
        self,
        shot: ShotPlan,
        layout: TokenLayout,
        grid: TokenGrid,
        texts: Texts,
        adapters: Sequence[Adapter],
    ) -> JointWindow:
        """Return what predicts one window of a shot."""
        placed = place_adapters(shot, adapters, layout, grid, texts.lengths[0])
        rope = None
        if self._rotary:
            side = self.shrink * self.patch
            rope = self.pipe._prepare_rotary_positional_embeddings(
                grid.height * side,
                grid.width * side,
                grid.frames * self.gathered,
                layout.order.device,
            )
            rope = sorted_rope(rope, layout)
        layers = shot.settings.region_layers
        hooks = lora_hooks(self.pipe.transformer, placed)
        name = f"from {grid.times_s[0]} s"
        return JointWindow(self.pipe.transformer, layout, texts, rope, hooks, layers, name)

    def encode(self, frame: Tensor) -> Tensor:
        """Encode one frame [3, h, w] in -1..1, on the device, to latents [1, C, H, W] fp32."""
        vae = self.pipe.vae
        latent = vae.encode(frame[None, :, None].to(vae.dtype)).latent_dist.mode()
        return latent[0].transpose(0, 1).float() * vae.config.scaling_factor

    def decode(self, latents: Tensor) -> Tensor:
        """Decode latents [T, C, H, W] to a video [3, T, h, w] in -1..1."""
        return self.pipe.decode_latents(latents[None].to(self.pipe.vae.dtype))[0].float()
