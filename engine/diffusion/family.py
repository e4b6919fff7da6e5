"""Shot plan + adapters -> frames, by a published video model under SR3AI.

One family for all of them: what CogVideoX and Wan do differently is in their `Backbone`. A shot
longer than the model's clip is denoised in windows that overlap: at every step each predicts its
stretch under the boxes of its own times, and the predictions are laid over each other.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import torch
from einops import rearrange
from torch import Tensor

from ...errors import EngineError
from ...film import Adapter, Clip
from ...plan import Capabilities, ShotPlan
from ..protocol import Announce, Frames, OnStep
from ..sr3ai.guidance import guidance_map
from ..sr3ai.kernels import pinned
from ..sr3ai.layout import TokenGrid, TokenLayout, shot_layout
from ..sr3ai.transformer import within
from . import memory
from .checkpoints import Checkpoint, checkpoint_capabilities, clip_tokens
from .cogvideox import CogVideoX
from .compiling import hooks_guarded
from .first_block_cache import first_block_cache
from .sampler import NonFiniteError, Predict, blended, denoise, guided, require_finite, windows
from .schedules import dynamic_scale, scheduler_of
from .texts import TextMemory, Texts, Visit
from .wan import Wan

log = logging.getLogger(__name__)

CPU = torch.device("cpu")

_OVERLAP = 4  # windows share a quarter of their length


class Window(Protocol):
    """Predicts one window of a shot: towards its texts and, with guidance, away from them."""

    def __call__(
        self, latents: Tensor, time: Tensor, *, ruled: bool, guided: bool
    ) -> tuple[Tensor, Tensor | None]: ...


class Backbone(Protocol):
    """The parts of a model that the family draws with; latents are [T, C, H, W] throughout."""

    pipe: Any  # its diffusers pipeline
    shrink: int  # pixels of a latent's side
    patch: int  # latents of a token's side
    gathered: int  # latent frames of a token
    channels: int
    text_memory: TextMemory

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
class ClipSize:
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
        device: torch.device = CPU,
        size: ClipSize | None = None,
        preset: memory.Preset = memory.PRESETS[0],
        visit: Visit = lambda: nullcontext(CPU),
        announce: Announce = log.info,
    ) -> None:
        self._checkpoint = checkpoint
        self._fingerprint = fingerprint
        self._preset = preset
        self._announce = announce
        self._device = device
        self._codec = threading.Lock()  # Wan's keeps what it saw last between its calls.
        kinds: dict[str, Callable[[Any, Visit], Backbone]] = {
            "CogVideoXPipeline": CogVideoX, "WanPipeline": Wan
        }  # fmt: skip
        self._backbone = kinds[checkpoint.pipeline](pipe, visit)
        c = checkpoint
        self._size = size or ClipSize(c.width, c.height, c.frames, c.fps)

    @property
    def capabilities(self) -> Capabilities:
        return checkpoint_capabilities(self._checkpoint)

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def expect(self, shots: Sequence[ShotPlan]) -> None:
        """Note which shots are to come, so that the text encoder works once for all of them."""
        for shot in shots:
            self._backbone.text_memory.announce([*region_texts(shot), shot.negative])

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
        return self.denoised(shot, adapters, before, on_step)()

    def denoised(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> Callable[[], Frames]:
        """Draw a shot but for its decoding, which what is returned does. As `render` else."""
        if lossy := self._lossy(shot):
            self._announce(f"shot {shot.id}: lossy: {', '.join(lossy)}")
        memory.forget_peak(self._device)
        with self._remedied(shot):
            latents = self.latents(shot, adapters, before, on_step)
        if self._preset.offload in ("parts", "layers"):
            # Its parts come and go, and two kinds of work cannot both have them.
            frames = self._finished(shot, latents, None)
            return lambda: frames
        ready = torch.cuda.current_stream().record_event() if latents.is_cuda else None
        return partial(self._finished, shot, latents, ready)

    def _finished(self, shot: ShotPlan, latents: Tensor, ready: torch.Event | None) -> Frames:
        """Decode a shot's latents, beside whatever else the device does, and say what it took."""
        with self._remedied(shot), _beside(ready):
            frames = self.decoded(shot, latents)
        peak = memory.peak_bytes(self._device) / memory.GB
        self._announce(f"shot {shot.id}: {peak:.1f} GB of memory at the peak")
        return frames

    def _lossy(self, shot: ShotPlan) -> tuple[str, ...]:
        """Name what this shot trades for speed."""
        steps, own = shot.settings.steps, self._checkpoint.steps
        fewer = (f"{steps} steps of {own}",) if steps < own else ()
        return (*shot.settings.lossy, *fewer)

    @contextmanager
    def _remedied(self, shot: ShotPlan) -> Iterator[None]:
        """Say what to do where memory or numbers run out, and free what is kept elsewhere."""
        try:
            yield
        except NonFiniteError as error:
            raise EngineError(f"shot {shot.id}: {error}; {self._cure()}") from error
        except torch.OutOfMemoryError as error:
            raise EngineError(self._out_of_memory(shot)) from error
        finally:
            self._backbone.pipe.maybe_free_model_hooks()

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
        transformer, threshold = backbone.pipe.transformer, shot.settings.first_block_cache
        with (
            first_block_cache(transformer, threshold) as forget,
            pinned(self._device),
            hooks_guarded(),
        ):
            return denoise(
                self._predictor(shot, adapters, count, forget),
                scheduler_of(backbone.pipe, shot.settings.scheduler),
                noise.to(self._device),
                steps=shot.settings.steps,
                known=self._known(shot, before, count),
                known_where=self._known_where(shot, noise.shape[-2:]),
                generator=generator,
                on_step=on_step,
            )

    @torch.no_grad()
    def decoded(self, shot: ShotPlan, latents: Tensor) -> Frames:
        """Decode what `latents` returned for a shot: [T, h, w, 3] uint8."""
        count = self._count(shot)
        with self._codec:
            video = self._backbone.decode(latents[self._backbone.padding(count) :].to(self._device))
            require_finite(video, "the decoded frames")
            return to_frames(video)[:count]

    def _count(self, shot: ShotPlan) -> int:
        return max(1, round(shot.duration_s * self._size.fps))

    def _predictor(
        self, shot: ShotPlan, adapters: Sequence[Adapter], count: int, forget: Callable[[], None]
    ) -> Predict:
        """Return what predicts a whole shot, window by window."""
        backbone, settings = self._backbone, shot.settings
        length = backbone.latent_frames(self._size.frames)
        overlap = max(1, length // _OVERLAP // backbone.gathered) * backbone.gathered
        spans = windows(backbone.latent_frames(count), length, overlap)
        said = region_texts(shot, adapters)
        texts = backbone.texts(said, shot.negative, trim=settings.trim_text)
        texts = texts.to(self._device, backbone.pipe.transformer.dtype)  # once for all steps
        known = backbone.text_memory
        for text, tokens in known.cut(list(dict.fromkeys(said))):
            self._announce(
                f"shot {shot.id}: a text of {tokens} tokens is cut to the {known.length} "
                f'that the model takes: "{" ".join(text.split()[:8])}..."'
            )
        parts: list[Window] = []
        scales: list[float | Tensor] = []
        for span in spans:
            grid = self._grid(count, span)
            layout = shot_layout(shot, grid).to(self._device)
            used = _used(shot, adapters, grid)
            parts.append(backbone.window(shot, layout, grid, texts, used))
            scales.append(guidance_map(shot, layout, grid, (backbone.gathered, backbone.patch)))
        ruled = within(settings.region_steps, settings.steps)
        guidance = max([settings.guidance, *settings.region_guidance.values()]) > 1
        dynamic = settings.dynamic_guidance

        def predict(latents: Tensor, time: Tensor, step: int) -> Tensor:
            if step and ruled[step] != ruled[step - 1]:
                forget()
            outputs = []
            for part, scale, (start, stop) in zip(parts, scales, spans, strict=True):
                piece = latents[start:stop]
                towards, away = part(piece, time, ruled=ruled[step], guided=guidance)
                if dynamic:
                    scale = dynamic_scale(scale, float(time), settings.steps)
                outputs.append(towards if away is None else guided(away, towards, scale))
            return outputs[0] if len(outputs) == 1 else blended(outputs, spans, overlap)

        return predict

    def _grid(self, count: int, span: tuple[int, int]) -> TokenGrid:
        """Return the tokens of one window, at their times in the shot."""
        backbone = self._backbone
        side = backbone.shrink * backbone.patch
        first, last = span[0] // backbone.gathered, span[1] // backbone.gathered
        times = backbone.times_s(count, self._size.fps)[first:last]
        return TokenGrid(last - first, self._size.height // side, self._size.width // side, times)

    def _known(self, shot: ShotPlan, before: Clip | None, count: int) -> Tensor | None:
        """Return the latents that a shot begins with where it goes on from another's last frame."""
        if not shot.settings.needs_clip:
            return None
        if before is None:
            raise EngineError(f"shot {shot.id} goes on from a shot that was not given")
        from ..video import read_video  # brings a large wheel, which benchmarks do without

        size = {"width_px": self._size.width, "height_px": self._size.height}
        last = read_video(Path(before.path), **size).frames[-1]
        frame = rearrange(torch.from_numpy(last), "h w c -> c h w").float() / 127.5 - 1
        with self._codec:
            latent = self._backbone.encode(frame.to(self._device))
        return latent.expand(self._backbone.padding(count) + 1, -1, -1, -1)

    def _known_where(self, shot: ShotPlan, size: Sequence[int]) -> Tensor | None:
        """Return where another shot's last frame is its place alone, [1, H, W] bool.

        Nowhere that somebody stands in that frame, or begins in this one. None where a shot goes on
        from the whole frame, or from none.
        """
        frame = shot.settings.place_frame
        if frame is None or shot.settings.continue_from_previous:
            return None
        height, width = size
        where = torch.ones(1, height, width, dtype=torch.bool, device=self._device)
        own = (shot.box_at(entity.id, 0.0) for entity in shot.entities)
        for box in (*frame.covered, *(box for box in own if box is not None)):
            left, right = int(box.left * width), math.ceil(box.right * width)
            top, bottom = int(box.top * height), math.ceil(box.bottom * height)
            where[:, top:bottom, left:right] = False
        return where

    def _cure(self) -> str:
        """Name the likely cure of numbers that are not finite, by the numbers of the weights."""
        pipe = self._backbone.pipe
        kinds = {pipe.transformer.dtype, pipe.text_encoder.dtype, pipe.vae.dtype}
        if torch.float16 in kinds:
            return (
                "float16 holds none above 65504. bfloat16 does: take an engine that was made for "
                "it, such as cogvideox-5b"
            )
        return (
            "an adapter may be too strong, or the weights damaged: `dreamrunner doctor --weights "
            "FOLDER` looks at them. Without --lossy, fewer numbers are rounded"
        )

    def _out_of_memory(self, shot: ShotPlan) -> str:
        lighter = memory.lighter(self._preset)
        message = f"shot {shot.id} ran out of memory with everything kept as {self._preset.name!r}"
        if lighter is None:
            return f"{message}, the lightest preset; shorter shots or a smaller engine need less"
        need = memory.estimate(self._checkpoint, lighter, clip_tokens(self._checkpoint)) / memory.GB
        return (
            f"{message}; the next one, {lighter.name!r} ({lighter.means}), is chosen by "
            f"--fit {need:.0f}GB. Every finished shot is kept"
        )


def region_texts(shot: ShotPlan, adapters: Sequence[Adapter] = ()) -> list[str]:
    """Return a text a region, the background's last; without regions one text says everything.

    The word by which an adapter's character is called stands before the words of its region.
    """
    style = f", {shot.style}" if shot.style else ""
    called = {one.name: one.trigger for one in adapters if one.kind == "character" and one.trigger}
    prompts = [
        f"{called[entity.id]} {entity.prompt}" if entity.id in called else entity.prompt
        for entity in shot.entities
    ]
    if not shot.settings.regions or not shot.entities:
        return [", ".join([*prompts, shot.background]) + style]
    return [f"{text}{style}" for text in (*prompts, shot.background)]


def _used(shot: ShotPlan, adapters: Sequence[Adapter], grid: TokenGrid) -> list[Adapter]:
    """Return the adapters that a window has a use for; every one has, in a shot of one window."""
    first, last = grid.times_s[0], grid.times_s[-1]
    beats = {b.motion for b in shot.beats if b.start_s <= last and b.end_s >= first}
    elsewhere = {b.motion for b in shot.beats} - beats
    return [one for one in adapters if one.kind == "character" or one.name not in elsewhere]


@contextmanager
def _beside(ready: torch.Event | None) -> Iterator[None]:
    """Work on a stream of its own once an event has come; without one, on the usual stream."""
    if ready is None:
        yield
        return
    stream = torch.cuda.Stream()
    stream.wait_event(ready)
    with torch.cuda.stream(stream):
        yield
        stream.synchronize()


def to_frames(video: Tensor) -> Frames:
    """Turn a video [3, T, h, w] in -1..1 into frames [T, h, w, 3] uint8."""
    pixels = ((video / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
    frames: Frames = rearrange(pixels, "c t h w -> t h w c").cpu().numpy()
    return frames
