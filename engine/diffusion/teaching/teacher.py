"""A published model's folder + clips or pictures -> the file of an adapter, in diffusers' format.

Texts are embedded and videos encoded first, once, and kept beside the training where it has a
place; then text encoder and codec are let go, and the transformer has the device to itself. How it
will learn, what memory that takes and about how long is announced before anything is begun.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ....errors import AdapterError, StoppedError
from ....story import Box
from ...protocol import Announce, TrainingWatch
from ...quiet import quietly
from .. import memory
from ..checkpoints import Checkpoint, clip_tokens
from ..weights import LoadOptions, find_weights, load_pipeline
from .buckets import bucket_of, fitted, picked_frames
from .pictures import WAYS, Picture, augmented
from .recipes import TeachSettings
from .regions import fitted_box
from .teachable import Teachable, teachable
from .train import (
    LatentExample,
    TaughtAdapter,
    numbers_of,
    taught_layers,
    teach_look,
    teach_motion,
)

FILE = "pytorch_lora_weights.safetensors"
_CACHE = "examples.safetensors"
_LOOK = "character"


@dataclass(frozen=True, slots=True)
class ClipRegion:
    """A figure of a clip: the words for it, and a box that holds it in every frame."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PixelClip:
    """A clip to learn from: frames [T, h, w, 3] uint8 at `fps`, and the words that caption it.

    Where it is known who is where, `regions` are its figures, the one that shows the motion first,
    and `background` are the words for the rest.
    """

    id: str
    frames: NDArray[np.uint8]
    fps: float
    caption: str
    regions: tuple[ClipRegion, ...] = ()
    background: str = ""


@dataclass(frozen=True, slots=True)
class LessonSize:
    """What clips are brought to: about so many pixels, at most so many frames of the rate."""

    area: int
    frames: int
    fps: int


class AdapterTeacher:
    """Teaches a published model; its weights are loaded for one adapter and let go again."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        options: LoadOptions,
        announce: Announce = lambda _: None,
        *,
        load: Callable[[Checkpoint, Path], Any] = load_pipeline,
    ) -> None:
        self._checkpoint, self._options, self._announce = checkpoint, options, announce
        self._load = load
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def motion(
        self, clips: Sequence[PixelClip], settings: TeachSettings, watch: TrainingWatch
    ) -> TaughtAdapter:
        """Learn a motion from clips.

        Raises:
            AdapterError: there are too few clips, or training fell apart.
            WeightsError, InputError: the model is not here, or does not fit.
            StoppedError: the user stopped it.
        """
        model = self._opened()
        longest_s = max(len(clip.frames) / clip.fps for clip in clips)
        part = min(1.0, longest_s * self._checkpoint.fps / self._checkpoint.frames)
        settings, size = self._fitted(model, settings, len(clips), part, motion=True)
        if not model.by_regions:
            clips = [replace(clip, regions=()) for clip in clips]
        model.expect([text for clip in clips for text in (clip.caption, *_texts(clip))])

        def lessons() -> Iterator[LatentExample]:
            for clip in clips:
                frames = clip.frames[picked_frames(len(clip.frames), clip.fps, size.fps)]
                yield self._example(model, replace(clip, frames=frames), size)

        kept = self._kept(watch, lessons, len(clips))
        return self._taught(model, kept, settings, watch, teach_motion)

    def character(
        self,
        pictures: Sequence[Picture],
        words: Sequence[str],
        settings: TeachSettings,
        watch: TrainingWatch,
    ) -> TaughtAdapter:
        """Learn a character from pictures, each shown in several ways under the words in turn.

        Where a picture says who is where, it is learnt by its region. Raises as `motion`.
        """
        model = self._opened()
        settings, size = self._fitted(model, settings, 0, 1.0, motion=False)
        model.expect([*words, *(one.background for one in pictures)])
        if not model.by_regions:
            pictures = [replace(one, box=None) for one in pictures]

        one = self._checkpoint
        token = one.token_px / one.width, one.token_px / one.height
        closer = not one.world  # a model of one drawn world knows figures of one size

        def lessons() -> Iterator[LatentExample]:
            ways = augmented(pictures, settings.seed, token, closer=closer)
            for number, shown in enumerate(ways):
                text = words[number % len(words)]
                regions = () if shown.box is None else (ClipRegion(text, shown.box),)
                clip = PixelClip(
                    _LOOK, shown.pixels[None], size.fps, text, regions, shown.background
                )
                yield self._example(model, clip, size)

        most = sum(WAYS if closer or picture.box else 1 for picture in pictures)
        kept = self._kept(watch, lessons, most)
        return self._taught(model, kept, settings, watch, teach_look)

    def _opened(self) -> Teachable:
        if self._device.type == "cuda":
            # What the engine has let go of is counted as taken until then.
            gc.collect()
            torch.cuda.empty_cache()
        folder = find_weights(self._checkpoint, self._options)
        pipe = self._load(self._checkpoint, folder)
        pipe.set_progress_bar_config(disable=True)
        return teachable(pipe, lambda: self._encoder_beside(pipe))

    @contextmanager
    def _encoder_beside(self, pipe: Any) -> Iterator[torch.device]:
        """Bring the text encoder to the device if it fits there, else let it work where it is."""
        need = self._checkpoint.text_encoder * 10**6 * 2 * 1.1
        where = self._device if not self._budget or need < self._budget else torch.device("cpu")
        pipe.text_encoder.to(where)
        try:
            yield where
        finally:
            pipe.text_encoder.to("cpu")

    @property
    def _budget(self) -> int:
        if self._options.fit:
            return self._options.fit
        if self._device.type == "cuda":
            free: int = torch.cuda.mem_get_info()[0]
            return free
        return memory.machine_bytes()

    def _fitted(
        self, model: Teachable, settings: TeachSettings, clips: int, part: float, *, motion: bool
    ) -> tuple[TeachSettings, LessonSize]:
        """Choose how clips are learnt from in the memory there is, and say so.

        `part` is how much of the model's longest clip the longest of them fills.
        """
        one = self._checkpoint
        net = model.pipe.transformer
        names = taught_layers(model, settings, motion=motion)
        learning = settings.rank * _widths(net, names)
        if settings.look_skipped < 1:
            learning += clips * settings.clip_rank * _widths(net, model.look_layers())
        numbers = numbers_of(self._device, net.dtype)
        wide = 4 if self._device.type == "cpu" or numbers is torch.float32 else 2
        mode, need = memory.fitted_training(one, self._budget, learning=learning, wide=wide)
        if memory.encoding_estimate(one, mode, wide=wide) > self._budget > 0:
            # Tiles have seams, so they are for where they must be.
            model.pipe.vae.enable_tiling()
            model.pipe.vae.enable_slicing()
        size = LessonSize(
            int(one.width * one.height * mode.area), max(1, int(one.frames * mode.frames)), one.fps
        )
        operations = step_operations(one, mode, settings, motion=motion, part=part)
        about = operations * settings.steps / self._rate
        self._announce(
            f"{one.name}: learns from {mode.means}; about {need / memory.GB:.1f} GB of "
            f"{self._budget / memory.GB:.1f} GB, and {about / 60:.0f} min or less by arithmetic"
        )
        return replace(settings, recompute=mode.recompute), size

    @property
    def _rate(self) -> float:
        from ..devices import matmul_rate

        return matmul_rate(self._device, numbers_of(self._device, torch.bfloat16))

    @torch.no_grad()
    def _example(self, model: Teachable, clip: PixelClip, size: LessonSize) -> LatentExample:
        height, width = clip.frames.shape[1:3]
        bucket = bucket_of(
            width, height, area=size.area, side=model.side, within=model.within,
            available=len(clip.frames), most=size.frames, whole=model.whole,
        )  # fmt: skip
        model.pipe.vae.to(self._device)
        latents = model.encode(fitted(clip.frames, bucket)).cpu()
        boxes = [fitted_box(one.box, width, height, bucket) for one in clip.regions]
        if not boxes or not all(boxes):  # somebody is cut away: the whole caption says it better
            return LatentExample(clip.id, latents, model.embed(clip.caption))
        text = torch.cat([model.embed(said) for said in _texts(clip)])
        return LatentExample(clip.id, latents, text, tuple(box for box in boxes if box))

    def _kept(
        self, watch: TrainingWatch, lessons: Callable[[], Iterator[LatentExample]], count: int
    ) -> list[LatentExample]:
        """Return the lessons from a stopped training's folder, or make and keep them."""
        kept = _read_examples(watch.folder / _CACHE) if watch.folder else None
        if kept is not None:
            return kept
        made: list[LatentExample] = []
        watch.on_clip(0, count)
        for lesson in lessons():
            made.append(lesson)
            watch.on_clip(len(made), count)
            if watch.stopped() and len(made) < count:
                raise StoppedError("training was stopped before its first step")
        if watch.folder is not None:
            watch.folder.mkdir(parents=True, exist_ok=True)
            _write_examples(watch.folder / _CACHE, made)
        return made

    def _taught(
        self,
        model: Teachable,
        lessons: Sequence[LatentExample],
        settings: TeachSettings,
        watch: TrainingWatch,
        teach: Callable[..., TaughtAdapter],
    ) -> TaughtAdapter:
        pipe = model.pipe
        pipe.text_encoder, pipe.vae = None, None
        kind = numbers_of(self._device, pipe.transformer.dtype)
        pipe.transformer.to(self._device)
        if self._device.type != "cpu" and pipe.transformer.dtype is not kind:
            with quietly():
                pipe.transformer.to(kind)
        try:
            return teach(model, lessons, settings, watch)
        except torch.OutOfMemoryError as error:
            raise AdapterError(
                f"{self._checkpoint.name} ran out of memory while it was taught; --fit with a "
                "smaller size learns from shorter and smaller clips"
            ) from error
        finally:
            pipe.transformer = None
            if self._device.type == "cuda":
                torch.cuda.empty_cache()


def save_taught(taught: TaughtAdapter, folder: Path) -> Path:
    """Write an adapter as `load_lora_weights` of diffusers reads it; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(taught.state, folder / FILE, metadata={"format": "pt"})
    return folder / FILE


def step_operations(
    checkpoint: Checkpoint, mode: memory.TrainingMode, settings: TeachSettings, *, motion: bool,
    part: float = 1.0,
) -> float:  # fmt: skip
    """Return the floating-point operations of a step of training, at most.

    Its clips fill a `part` of the model's longest.
    A pass goes through the model forwards, and back for the inputs alone, since its own weights
    are frozen; and forwards again where blocks are computed twice. A motion's step has two passes,
    each of every example of its batch.
    """
    tokens = memory.training_tokens(checkpoint, mode) * part if motion else (
        clip_tokens(checkpoint) / max(1, checkpoint.frames // checkpoint.latent_frames)
    )  # fmt: skip
    linear = 2 * checkpoint.transformer * 1e6 * tokens
    attention = 4 * tokens**2 * checkpoint.width_tokens * checkpoint.layers
    passes = 2 - settings.look_skipped if motion else 1
    return (2 + mode.recompute) * passes * settings.batch * (linear + attention)


def _widths(net: Any, names: Sequence[str]) -> int:
    """Return how many numbers a rank of one has beside some linears."""
    linears = (net.get_submodule(name) for name in names)
    return sum(linear.in_features + linear.out_features for linear in linears)


def _texts(clip: PixelClip) -> list[str]:
    """Return a text a region and the background's last; none without regions."""
    if not clip.regions:
        return []
    return [*(one.text for one in clip.regions), clip.background]


def _write_examples(path: Path, examples: Sequence[LatentExample]) -> None:
    tensors = {}
    for number, one in enumerate(examples):
        tensors[f"{number}/latents"] = one.latents.contiguous()
        tensors[f"{number}/text"] = one.text.contiguous().clone()
    part = path.with_suffix(".part")
    about = [[one.id, [astuple(box) for box in one.boxes]] for one in examples]
    save_file(tensors, part, metadata={"examples": json.dumps(about)})
    part.replace(path)


def _read_examples(path: Path) -> list[LatentExample] | None:
    try:
        with safe_open(path, framework="pt") as opened:
            about = json.loads((opened.metadata() or {})["examples"])
            return [
                LatentExample(
                    name, opened.get_tensor(f"{n}/latents"), opened.get_tensor(f"{n}/text"),
                    tuple(Box(*box) for box in boxes),
                )
                for n, (name, boxes) in enumerate(about)
            ]  # fmt: skip
    except (OSError, SafetensorError, KeyError, ValueError):
        return None
