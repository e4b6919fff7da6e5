"""Retrieved clips -> a LoRA file that teaches their motion to the embedded model.

The models are loaded by the first adapter that has to be trained, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import overload

import numpy as np
import torch
from diffusers import AutoencoderKLCogVideoX
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ...engine.protocol import OnStep
from ...engine.storybook import models
from ...engine.storybook.text_encoder import TextEncoder
from ...engine.storybook.training.adapter import (
    FEWEST_CLIPS,
    AdapterSettings,
    Base,
    save_adapter,
    train_adapter,
)
from ...engine.storybook.training.clips import LatentClip
from ...engine.video import read_video
from ...errors import AdapterError, TooFewClipsError, VideoError
from ...film import RetrievedClip
from .strip import clip_strip
from .tracks import BoxTrack, ClipTracks, ground_path, read_tracks
from .trained import TrainedAdapter


class AdapterTrainer:
    """Trains motion adapters for the storybook model, which it keeps warm."""

    def __init__(self, settings: AdapterSettings | None = None) -> None:
        self.settings = settings or AdapterSettings()
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def train(
        self, clips: Sequence[RetrievedClip], folder: Path, on_step: OnStep
    ) -> TrainedAdapter:
        """Train on clips and write the adapter into a folder.

        Raises:
            TooFewClipsError: there are too few clips.
            AdapterError: one of them cannot be used.
        """
        if len(clips) < FEWEST_CLIPS:
            raise TooFewClipsError(
                f"{len(clips)} clips show it, and {FEWEST_CLIPS} at least are learnt from"
            )
        encoded = _EncodedClips(clips, self._encode)
        trained = train_adapter(
            self._base, self._vae, encoded, self._encoder, self.settings, on_step
        )
        path = save_adapter(trained, folder)
        strip = clip_strip([Path(clip.path) for clip in clips], folder)
        return TrainedAdapter(path.name, trained.step, trained.loss, trained.means, strip=strip)

    def _encode(self, clip: RetrievedClip) -> LatentClip:
        path = Path(clip.path)
        try:
            video = read_video(path, width_px=models.WIDTH, height_px=models.HEIGHT)
        except VideoError as error:
            raise AdapterError(f"clip {clip.id} cannot be learnt from: {error}") from error
        picked = _resampled(len(video.frames), video.fps)
        frames = torch.from_numpy(video.frames[picked]).to(self._device)
        with torch.no_grad():
            latents = models.to_latents(self._vae, frames).half().cpu()
        tracks = read_tracks(path) or ClipTracks(background="", figures=())
        return LatentClip(
            latents=latents,
            frames=tuple(range(models.FRAMES)),
            ground=self._ground(path),
            boxes=_picked_boxes([f.boxes for f in tracks.figures], picked),
            planned=_picked_boxes([f.planned or f.boxes for f in tracks.figures], picked),
            regions=(tuple(f.text for f in tracks.figures),),
            backgrounds=(tracks.background,),
            joints=(clip.caption,),
        )

    def _ground(self, video: Path) -> Tensor | None:
        """Encode the place of a clip with nobody in it, where there is a picture of it."""
        path = ground_path(video)
        if not path.is_file():
            return None
        try:
            with Image.open(path) as picture:
                sized = picture.convert("RGB").resize((models.WIDTH, models.HEIGHT))
        except OSError as error:
            raise AdapterError(f"{path} is no picture that can be read: {error}") from error
        pixels = torch.from_numpy(np.asarray(sized).copy())[None].to(self._device)
        with torch.no_grad():
            return models.to_latents(self._vae, pixels).half().cpu()

    @cached_property
    def _vae(self) -> AutoencoderKLCogVideoX:
        return models.load_vae().to(self._device)

    @cached_property
    def _base(self) -> Base:
        return Base(
            models.load_transformer().to(self._device), models.load_underpainter().to(self._device)
        )

    @cached_property
    def _encoder(self) -> TextEncoder:
        return TextEncoder(self._device)


class _EncodedClips(Sequence[LatentClip]):
    """Clips that are encoded when they are asked for, once each: few say how a motion turns."""

    def __init__(
        self, clips: Sequence[RetrievedClip], encode: Callable[[RetrievedClip], LatentClip]
    ) -> None:
        self._clips, self._encode = clips, encode
        self._made: dict[int, LatentClip] = {}

    def __len__(self) -> int:
        return len(self._clips)

    @overload
    def __getitem__(self, at: int) -> LatentClip: ...

    @overload
    def __getitem__(self, at: slice) -> list[LatentClip]: ...

    def __getitem__(self, at: int | slice) -> LatentClip | list[LatentClip]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if at >= len(self):
            raise IndexError(at)
        if at not in self._made:
            self._made[at] = self._encode(self._clips[at])
        return self._made[at]


def _resampled(count: int, fps: float) -> NDArray[np.int64]:
    """Return which frames stand for a clip of the model's length and rate; the last one waits."""
    times = np.arange(models.FRAMES) / models.FPS
    return np.minimum(np.rint(times * fps).astype(np.int64), count - 1)


def _picked_boxes(tracks: Sequence[BoxTrack], picked: NDArray[np.int64]) -> Tensor:
    """Return boxes [A, T, 4] at the picked frames; [0, T, 4] where there are none."""
    if not tracks:
        return torch.zeros(0, len(picked), 4)
    boxes = torch.tensor(tracks)
    return boxes[:, torch.from_numpy(picked).clamp(max=boxes.shape[1] - 1)]
