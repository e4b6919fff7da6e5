"""Retrieved clips, or reference pictures -> a LoRA file that teaches a published model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...engine.diffusion.checkpoints import Checkpoint
from ...engine.diffusion.teaching.changing import share_that_changes
from ...engine.diffusion.teaching.pictures import (
    Picture,
    read_picture,
    training_words,
    trigger_word,
)
from ...engine.diffusion.teaching.recipes import (
    FEWEST_CLIPS,
    TeachSettings,
    look_recipe,
    motion_recipe,
)
from ...engine.diffusion.teaching.teacher import (
    AdapterTeacher,
    ClipRegion,
    PixelClip,
    save_taught,
)
from ...engine.diffusion.teaching.train import TaughtAdapter
from ...engine.diffusion.weights import LoadOptions
from ...engine.protocol import Announce, TrainingWatch
from ...engine.video import Frames, read_video
from ...errors import AdapterError, TooFewClipsError, VideoError
from ...film import RetrievedClip
from ...story import Box
from .strip import clip_strip, picture_strip
from .tracks import hull, read_tracks
from .trained import TrainedAdapter, thinned

_MOTION = "low-rank layers on every{blocks} block, learnt from {clips} clips by the debiased loss"
_LOOK = "low-rank layers on the blocks between, learnt from {pictures}"
_LEAST_SIDE_PX = 64  # of a cut clip, as of any in the library


class PublishedTrainer:
    """Trains adapters of one published model."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        options: LoadOptions,
        announce: Announce,
        settings: TeachSettings | None = None,
    ) -> None:
        self._teacher = AdapterTeacher(checkpoint, options, announce)
        self._settings, self._checkpoint = settings, checkpoint

    def motion(
        self, clips: Sequence[RetrievedClip], folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        """Train on clips and write the adapter into a folder.

        Raises:
            TooFewClipsError: fewer than four can be read.
            AdapterError: training fell apart.
        """
        if len(clips) < FEWEST_CLIPS:
            raise TooFewClipsError(
                f"{len(clips)} clips show it, and {FEWEST_CLIPS} at least are learnt from"
            )
        cut = not self._checkpoint.world
        pixels = [_pixels(clip, cut=cut) for clip in clips]
        changing = share_that_changes(
            [(clip.frames, clip.regions[0].box) for clip in pixels if clip.regions]
        )
        settings = self._settings or motion_recipe(self._checkpoint, changing)
        taught = self._teacher.motion(pixels, settings, watch)
        blocks = "" if settings.every_block else " second"
        trained = _trained(taught, folder, _MOTION.format(blocks=blocks, clips=len(clips)))
        return replace(trained, strip=clip_strip([Path(clip.path) for clip in clips], folder))

    def character(
        self, pictures: Sequence[Path], look: str, folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        """Train on pictures and write the adapter into a folder.

        Raises:
            AdapterError: a picture cannot be read, or training fell apart.
        """
        seen = [_seen(path) for path in pictures]
        trigger = trigger_word([picture.sha256 for picture in seen])
        settings = self._settings or look_recipe(self._checkpoint)
        words = training_words(trigger, look)
        taught = self._teacher.character(seen, words, settings, watch)
        count = f"{len(pictures)} picture{'s' * (len(pictures) != 1)}"
        trained = _trained(taught, folder, _LOOK.format(pictures=count), trigger)
        return replace(trained, strip=picture_strip(pictures, folder))


def _seen(path: Path) -> Picture:
    """Return a picture, with the place of its first figure where that is known beside it."""
    picture, tracks = read_picture(path), read_tracks(path)
    if tracks is None or not tracks.figures or not tracks.figures[0].boxes:
        return picture
    box = hull(tracks.figures[0].boxes)
    return replace(picture, box=box, background=tracks.background)


def _pixels(clip: RetrievedClip, *, cut: bool) -> PixelClip:
    """Return a clip with the boxes beside it, or else cut to where a model found the motion.

    Args:
        cut: whether it may be cut, which makes figures larger: not for a model of one size.
    """
    try:
        video = read_video(clip.path)
    except VideoError as error:
        raise AdapterError(f"clip {clip.id} cannot be learnt from: {error}") from error
    whole = PixelClip(clip.id, video.frames, video.fps, clip.caption)
    tracks = read_tracks(Path(clip.path))
    if tracks is not None and clip.crop is not None:
        wanted = clip.crop.center
        found = sorted(
            ((figure.text, hull(figure.boxes)) for figure in tracks.figures if figure.boxes),
            key=lambda one: math.dist(one[1].center, wanted),
        )
        regions = tuple(ClipRegion(text, box) for text, box in found)
        return replace(whole, regions=regions, background=tracks.background)
    return replace(whole, frames=_cut(video.frames, clip.crop)) if clip.crop and cut else whole


def _cut(frames: Frames, crop: Box) -> Frames:
    """Return frames [T, h, w, 3] cut to a box, or as they are where that leaves too few pixels."""
    height, width = frames.shape[1:3]
    left, right = math.floor(crop.left * width), math.ceil(crop.right * width)
    top, bottom = math.floor(crop.top * height), math.ceil(crop.bottom * height)
    if min(right - left, bottom - top) < _LEAST_SIDE_PX:
        return frames
    return frames[:, top:bottom, left:right]


def _trained(taught: TaughtAdapter, folder: Path, means: str, trigger: str = "") -> TrainedAdapter:
    path = save_taught(taught, folder)
    losses = list(enumerate(taught.progress.losses, start=1))
    return TrainedAdapter(
        path.name, taught.step, taught.loss, means, trigger, losses=thinned(losses),
        checks=tuple(sorted(taught.progress.checks.items())),
    )  # fmt: skip
