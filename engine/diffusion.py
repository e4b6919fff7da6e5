"""Shot plan + adapters -> frames, by a published video model under SR3AI.

One family for all of them: what CogVideoX and Wan do differently is in their `Backbone`. A shot
longer than the model's clip is denoised in windows that overlap: at every step each predicts its
stretch under the boxes of its own times, and the predictions are laid over each other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from einops import rearrange
from torch import Tensor

from ..errors import EngineError
from ..film import Adapter, Clip
from ..plan import Capabilities, ShotPlan
from . import memory
from .attention import within
from .checkpoints import CHECKPOINTS, Checkpoint, checkpoint_capabilities
from .cogvideox import CogVideoX
from .family import Announce, Frames, OnStep
from .guidance import guidance_map
from .kernels import best_kernel
from .layout import TokenGrid, TokenLayout, shot_layout
from .loading import LoadOptions, find_weights, load_pipeline, weights_fingerprint
from .sampler import blended, denoise, guided, windows
from .texts import Texts
from .video import read_video
from .wan import Wan

log = logging.getLogger(__name__)

_OVERLAP = 4  # windows share a quarter of their length


class Window(Protocol):
    """Predicts one window of a shot: towards its texts and, with guidance, away from them."""

    def __call__(
        self, latents: Tensor, time: Tensor, *, ruled: bool, guided: bool
    ) -> tuple[Tensor, Tensor | None]: ...


class Backbone(Protocol):
    """What a model must say of itself to be drawn with; latents are [T, C, H, W] throughout."""

    pipe: Any  # its diffusers pipeline
    shrink: int  # pixels of a latent's side
    patch: int  # latents of a token's side
    gathered: int  # latent frames of a token
    channels: int

    def latent_frames(self, frames: int) -> int: ...
    def padding(self, frames: int) -> int: ...
    def times_s(self, frames: int, fps: float) -> tuple[float, ...]: ...
    def texts(self, texts: Sequence[str], negative: str, *, trim: bool) -> Texts: ...
    def window(
        self,
        shot: ShotPlan,
        layout: TokenLayout,
        grid: TokenGrid,
        texts: Texts,
        adapters: Sequence[Adapter],
    ) -> Window: ...
    def encode(self, frame: Tensor) -> Tensor: ...
    def decode(self, latents: Tensor) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class Size:
    """Of a clip in pixels."""

    width: int
    height: int
    frames: int
    fps: int


class DiffusionFamily:
    """A published model, warm. `size` is that of its clips."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        pipe: Any,  # its diffusers pipeline, on its device
        fingerprint: str,
        *,
        size: Size | None = None,
        preset: memory.Preset = memory.PRESETS[0],
        announce: Announce = log.info,
    ) -> None:
        self._checkpoint = checkpoint
        self._fingerprint = fingerprint
        self._preset = preset
        self._announce = announce
        kinds: dict[str, Callable[[Any], Backbone]] = {
            "CogVideoXPipeline": CogVideoX, "WanPipeline": Wan
        }  # fmt: skip
        self._backbone = kinds[checkpoint.pipeline](pipe)
        c = checkpoint
        self._size = size or Size(c.width, c.height, c.frames, c.fps)

    @property
    def capabilities(self) -> Capabilities:
        return checkpoint_capabilities(self._checkpoint.name)

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def render(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> Frames:
        """Draw a shot.

        Returns:
            [T, h, w, 3] uint8, T the shot's duration at the family's frame rate.

        Raises:
            EngineError: the shot cannot be drawn, or memory ran out.
            AdapterError: an adapter cannot be applied.
        """
        if shot.settings.lossy:
            self._announce(f"shot {shot.id}: lossy settings {', '.join(shot.settings.lossy)}")
        cuda = self._device.type == "cuda"
        if cuda:
            torch.cuda.reset_peak_memory_stats()
        try:
            frames = self._decoded(self.latents(shot, adapters, before, on_step), self._count(shot))
        except torch.OutOfMemoryError as error:
            raise EngineError(self._out_of_memory(shot)) from error
        finally:
            self._backbone.pipe.maybe_free_model_hooks()
        if cuda:
            peak = torch.cuda.max_memory_allocated() / memory.GB
            self._announce(f"shot {shot.id}: {peak:.1f} GB of memory at the peak")
        return frames

    @property
    def _device(self) -> torch.device:
        return torch.device(self._backbone.pipe._execution_device)

    @torch.no_grad()
    def latents(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> Tensor:
        """Denoise a shot and leave it undecoded: [T, C, H, W] fp32. As `render` else."""
        count = self._count(shot)
        backbone, side = self._backbone, self._backbone.shrink
        generator = torch.Generator().manual_seed(shot.seed)
        noise = torch.randn(
            (backbone.latent_frames(count), backbone.channels,
             self._size.height // side, self._size.width // side),
            generator=generator,
        )  # fmt: skip
        return denoise(
            self._predictor(shot, adapters, count),
            backbone.pipe.scheduler,
            noise.to(self._device),
            steps=shot.settings.steps,
            known=self._known(shot, before, count),
            generator=generator,
            on_step=on_step,
        )

    @torch.no_grad()
    def _decoded(self, latents: Tensor, count: int) -> Frames:
        video = self._backbone.decode(latents[self._backbone.padding(count) :].to(self._device))
        return to_frames(video)[:count]

    def _count(self, shot: ShotPlan) -> int:
        return max(1, round(shot.duration_s * self._size.fps))

    def _predictor(
        self, shot: ShotPlan, adapters: Sequence[Adapter], count: int
    ) -> Callable[[Tensor, Tensor, int], Tensor]:
        """Return what predicts a whole shot, window by window."""
        backbone, settings = self._backbone, shot.settings
        length = backbone.latent_frames(self._size.frames)
        overlap = max(1, length // _OVERLAP // backbone.gathered) * backbone.gathered
        spans = windows(backbone.latent_frames(count), length, overlap)
        texts = backbone.texts(region_texts(shot), shot.negative, trim=settings.trim_text)
        parts: list[Window] = []
        scales: list[float | Tensor] = []
        for span in spans:
            grid = self._grid(count, span)
            layout = shot_layout(shot, grid).to(self._device)
            used = _used(shot, adapters, grid)
            parts.append(backbone.window(shot, layout, grid, texts, used))
            scales.append(guidance_map(shot, layout, grid, (backbone.gathered, backbone.patch)))
        ruled = within(settings.region_steps, settings.steps)
        wanted = max([settings.guidance, *settings.region_guidance.values()]) > 1

        def predict(latents: Tensor, time: Tensor, step: int) -> Tensor:
            found = []
            for part, scale, (start, stop) in zip(parts, scales, spans, strict=True):
                piece = latents[start:stop]
                towards, away = part(piece, time, ruled=ruled[step], guided=wanted)
                found.append(towards if away is None else guided(away, towards, scale))
            return found[0] if len(found) == 1 else blended(found, spans, overlap)

        return predict

    def _grid(self, count: int, span: tuple[int, int]) -> TokenGrid:
        """Return the tokens of one window, at their times in the shot."""
        backbone = self._backbone
        side = backbone.shrink * backbone.patch
        first, last = span[0] // backbone.gathered, span[1] // backbone.gathered
        times = backbone.times_s(count, self._size.fps)[first:last]
        return TokenGrid(last - first, self._size.height // side, self._size.width // side, times)

    def _known(self, shot: ShotPlan, before: Clip | None, count: int) -> Tensor | None:
        """Return the latents that a continued shot begins with: the last frame before it."""
        if not shot.settings.continue_from_previous:
            return None
        if before is None:
            raise EngineError(f"shot {shot.id} continues a shot that was not given")
        size = {"width_px": self._size.width, "height_px": self._size.height}
        last = read_video(Path(before.path), **size).frames[-1]
        frame = rearrange(torch.from_numpy(last), "h w c -> c h w").float() / 127.5 - 1
        latent = self._backbone.encode(frame.to(self._device))
        return latent.expand(self._backbone.padding(count) + 1, -1, -1, -1)

    def _out_of_memory(self, shot: ShotPlan) -> str:
        lighter = memory.lighter(self._preset)
        said = f"shot {shot.id} ran out of memory with everything kept as {self._preset.name!r}"
        if lighter is None:
            return f"{said}, the lightest preset; shorter shots or a smaller engine need less"
        need = memory.estimate(self._checkpoint, lighter, self._tokens()) / memory.GB
        return (
            f"{said}; the next one, {lighter.name!r} ({lighter.means}), is chosen by "
            f"--fit {need:.0f}GB. Every finished shot is kept"
        )

    def _tokens(self) -> int:
        return clip_tokens(self._checkpoint)


def region_texts(shot: ShotPlan) -> list[str]:
    """Return a text a region, the background's last; without regions one text says everything."""
    style = f", {shot.style}" if shot.style else ""
    if not shot.settings.regions or not shot.entities:
        said = [entity.prompt for entity in shot.entities]
        return [", ".join([*said, shot.background]) + style]
    return [f"{text}{style}" for text in (*(e.prompt for e in shot.entities), shot.background)]


def _used(shot: ShotPlan, adapters: Sequence[Adapter], grid: TokenGrid) -> list[Adapter]:
    """Return the adapters that a window has a use for; every one has, in a shot of one window."""
    first, last = grid.times_s[0], grid.times_s[-1]
    beats = {b.motion for b in shot.beats if b.start_s <= last and b.end_s >= first}
    elsewhere = {b.motion for b in shot.beats} - beats
    return [one for one in adapters if one.kind == "character" or one.name not in elsewhere]


def to_frames(video: Tensor) -> Frames:
    """Turn a video [3, T, h, w] in -1..1 into frames [T, h, w, 3] uint8."""
    pixels = ((video / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
    frames: Frames = rearrange(pixels, "c t h w -> t h w c").cpu().numpy()
    return frames


def clip_tokens(checkpoint: Checkpoint) -> int:
    """Return about how many tokens a clip has, by the compression that all these models share."""
    frames = -(-(checkpoint.frames - 1) // 4) + 1
    return frames * (checkpoint.height // 16) * (checkpoint.width // 16)


def load_checkpoint(name: str, options: LoadOptions, announce: Announce) -> DiffusionFamily:
    """Return a published model, ready to draw.

    Raises:
        WeightsError: its weights are missing or broken.
        InputError: it fits into no such memory.
    """
    checkpoint = CHECKPOINTS[name]
    folder = find_weights(checkpoint, options)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    preset = memory.PRESETS[0]
    if device.type == "cuda":
        budget = options.fit or torch.cuda.mem_get_info()[0]
        preset = memory.choose_preset(checkpoint, budget, clip_tokens(checkpoint))
        need = memory.estimate(checkpoint, preset, clip_tokens(checkpoint)) / memory.GB
        announce(
            f"{name}: {preset.means}; about {need:.1f} GB of {budget / memory.GB:.1f} GB at most"
        )
    else:
        announce(f"{name}: no GPU was found, and on a processor a shot takes hours")
    pipe = load_pipeline(checkpoint, folder)
    keep(pipe, preset, device)
    config = pipe.transformer.config
    kernel = best_kernel(device, pipe.transformer.dtype, config.attention_head_dim)
    announce(f"{name}: attention by {kernel.name if kernel else 'grouped calls'}")
    return DiffusionFamily(
        checkpoint, pipe, weights_fingerprint(checkpoint, folder), preset=preset, announce=announce
    )


def keep(pipe: Any, preset: memory.Preset, device: torch.device) -> None:
    """Keep a pipeline as a preset says."""
    pipe.set_progress_bar_config(disable=True)
    if preset.tiled:
        pipe.vae.enable_tiling()
        pipe.vae.enable_slicing()
    if preset.offload == "none":
        pipe.to(device)
    elif preset.offload == "parts":
        pipe.enable_model_cpu_offload(device=device)
    else:
        pipe.enable_sequential_cpu_offload(device=device)
