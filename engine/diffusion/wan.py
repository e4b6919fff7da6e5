"""A stock Wan pipeline -> the parts that the diffusion family draws with, under SR3AI.

Wan's texts are no part of the sequence: video tokens attend to one another, and then to the text.
The first is left to diffusers, in the sorted order; the second gives each run of tokens the texts
of its regions. Keys and values of texts don't change from step to step and are made once a window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from ...film import Adapter
from ...plan import ShotPlan
from ..sr3ai.attention import cross_attention
from ..sr3ai.layout import TokenGrid, TokenLayout, latent_times
from ..sr3ai.region_lora import Hook, hooked, lora_hooks, place_adapters
from ..sr3ai.transformer import Share, restorer, within
from .first_block_cache import remembered_as
from .texts import TextMemory, Texts, Visit, collapsed_texts

_TOWARDS, _AWAY = 0, 1


class TextProcessor:
    """Wan's attention from video to text, region by region, with a memory of keys and values."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._memory: dict[int, list[tuple[Tensor, Tensor]]] = {}
        self.branch = _TOWARDS
        self.layout: TokenLayout
        self._apart = torch.compiler.disable(self._attend)  # see `compiling`

    def __call__(
        self,
        attn: Any,  # diffusers' WanAttention
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        rotary_emb: tuple[Tensor, Tensor] | None = None,
    ) -> Tensor:
        query = _heads(attn, attn.norm_q(attn.to_q(hidden_states)))
        out = self._apart(attn, query, encoder_hidden_states)
        return attn.to_out[1](attn.to_out[0](out.transpose(1, 2).flatten(2).type_as(query)))

    def _attend(self, attn: Any, query: Tensor, texts: Tensor) -> Tensor:
        if self.branch not in self._memory:
            self._memory[self.branch] = self._keys_and_values(attn, texts)
        return cross_attention(
            query, self._memory[self.branch], list(self._texts.pads), self.layout
        )

    def _keys_and_values(self, attn: Any, texts: Tensor) -> list[tuple[Tensor, Tensor]]:
        key = _heads(attn, attn.norm_k(attn.to_k(texts)))
        value = _heads(attn, attn.to_v(texts))
        return [(key[:, :, a:b], value[:, :, a:b]) for a, b in self._texts.rows()]


def _heads(attn: Any, x: Tensor) -> Tensor:
    return x.unflatten(2, (attn.heads, -1)).transpose(1, 2)  # [B, heads, rows, d]


class CrossWindow:
    """One window of a shot on a Wan transformer."""

    def __init__(
        self,
        transformer: Any,  # diffusers' WanTransformer3DModel
        layout: TokenLayout,
        texts: Texts,
        adapters: Mapping[str, Hook],
        layers: Share,
        name: str,
        *,
        by_token: bool = False,
    ) -> None:
        self._transformer = transformer
        self._name = name
        self._layout, self._opened = layout, layout.opened()
        self._texts = texts
        self._times = layout.tokens if by_token else None
        self._adapters = adapters
        self._layers = within(layers, len(transformer.blocks))
        self._processors = [TextProcessor(texts) for _ in transformer.blocks]

    def __call__(
        self, latents: Tensor, time: Tensor, *, ruled: bool, guided: bool
    ) -> tuple[Tensor, Tensor | None]:
        """Return the outputs towards the texts and, with guidance, away from them: [T, C, H, W]."""
        with self._installed(ruled), hooked(self._transformer, self._adapters):
            towards = self._predict(latents, time, self._texts.positive, _TOWARDS)
            away = self._predict(latents, time, self._texts.negative, _AWAY) if guided else None
        return towards, away

    def _predict(self, latents: Tensor, time: Tensor, texts: Tensor, branch: int) -> Tensor:
        for processor in self._processors:
            processor.branch = branch
        kind = self._transformer.dtype
        with remembered_as(self._transformer, f"{self._name} {branch}"):
            out = self._transformer(
                hidden_states=latents.to(kind).transpose(0, 1)[None],
                timestep=time.expand(1) if self._times is None else time.expand(1, self._times),
                encoder_hidden_states=texts[None].to(latents.device, kind),
                return_dict=False,
            )[0]
        return out[0].transpose(0, 1).float()

    @contextmanager
    def _installed(self, ruled: bool) -> Iterator[None]:
        """Sort the tokens and let texts be met by region, for one call of the model."""
        model, layout = self._transformer, self._layout
        before = [block.attn2.processor for block in model.blocks]
        handles = [
            model.patch_embedding.register_forward_hook(_grid_sorter(layout)),
            model.rope.register_forward_hook(_rope_sorter(layout)),
            model.proj_out.register_forward_pre_hook(restorer(layout)),
        ]
        for block, processor, inside in zip(
            model.blocks, self._processors, self._layers, strict=True
        ):
            processor.layout = layout if ruled and inside else self._opened
            block.attn2.processor = processor
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()
            for block, processor in zip(model.blocks, before, strict=True):
                block.attn2.processor = processor


def _grid_sorter(layout: TokenLayout) -> Any:  # torch's hook type
    def hook(_module: torch.nn.Module, _args: tuple[Any, ...], grid: Tensor) -> Tensor:
        return grid.flatten(2)[:, :, layout.order].view_as(grid)  # [B, D, F, H, W]

    return hook


def _rope_sorter(layout: TokenLayout) -> Any:  # torch's hook type
    def hook(
        _module: torch.nn.Module, _args: tuple[Any, ...], rope: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor]:
        return rope[0][:, layout.order], rope[1][:, layout.order]

    return hook


class Wan:
    """The parts of a Wan pipeline."""

    gathered = 1

    def __init__(self, pipe: Any, visit: Visit, length: int = 512) -> None:  # a WanPipeline
        self.pipe = pipe
        self.compression: int = pipe.vae_scale_factor_temporal
        self.shrink: int = pipe.vae_scale_factor_spatial
        config = pipe.transformer.config
        self.patch: int = config.patch_size[1]
        self.channels: int = config.in_channels
        # Wan 2.2's small model is told the time of each token.
        self._by_token = bool(pipe.config.expand_timesteps)
        self.text_memory = TextMemory(pipe, length, visit)

    def padding(self, frames: int) -> int:
        """Return 0: a token is one latent frame."""
        return 0

    def latent_frames(self, frames: int) -> int:
        """Return T, the latent frames for so many pixel frames."""
        return -(-(frames - 1) // self.compression) + 1

    def times_s(self, frames: int, fps: float) -> tuple[float, ...]:
        """Return the time of each token frame."""
        return latent_times(self.latent_frames(frames), self.compression, fps)

    def texts(self, texts: Sequence[str], negative: str, *, trim: bool) -> Texts:
        """Return a shot's texts, their padding collapsed without loss: `trim` adds nothing."""
        return collapsed_texts(self.text_memory, texts, negative)

    def window(
        self,
        shot: ShotPlan,
        layout: TokenLayout,
        grid: TokenGrid,
        texts: Texts,
        adapters: Sequence[Adapter],
    ) -> CrossWindow:
        """Return what predicts one window of a shot."""
        placed = place_adapters(
            shot, adapters, layout, grid, 0, texts=texts.rows(), convert=self.pipe.lora_state_dict
        )
        layers = shot.settings.region_layers
        hooks = lora_hooks(self.pipe.transformer, placed)
        name = f"from {grid.times_s[0]} s"
        return CrossWindow(
            self.pipe.transformer, layout, texts, hooks, layers, name, by_token=self._by_token
        )

    def encode(self, frame: Tensor) -> Tensor:
        """Encode one frame [3, h, w] in -1..1, on the device, to latents [1, C, H, W] fp32."""
        vae = self.pipe.vae
        latents = vae.encode(frame[None, :, None].to(vae.dtype)).latent_dist.mode()
        mean, deviation = self._statistics(latents)
        return ((latents - mean) / deviation)[0].transpose(0, 1).float()

    def decode(self, latents: Tensor) -> Tensor:
        """Decode latents [T, C, H, W] to a video [3, T, h, w] in -1..1."""
        vae = self.pipe.vae
        video = latents.transpose(0, 1)[None].to(vae.dtype)
        mean, deviation = self._statistics(video)
        return vae.decode(video * deviation + mean, return_dict=False)[0][0].float()

    def _statistics(self, like: Tensor) -> tuple[Tensor, Tensor]:
        config = self.pipe.vae.config
        mean, deviation = (
            torch.tensor(values).to(like)[None, :, None, None, None]
            for values in (config.latents_mean, config.latents_std)
        )
        return mean, deviation
