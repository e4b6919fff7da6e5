"""Retrieved clips, or reference pictures -> a LoRA file that teaches a published model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...engine.diffusion.checkpoints import Checkpoint
from ...engine.diffusion.teaching.pictures import read_picture, training_words, trigger_word
from ...engine.diffusion.teaching.teacher import AdapterTeacher, PixelClip, save_taught
from ...engine.diffusion.teaching.train import FEWEST_CLIPS, TaughtAdapter, TeachSettings
from ...engine.diffusion.weights import LoadOptions
from ...engine.protocol import Announce, TrainingWatch
from ...engine.video import read_video
from ...errors import AdapterError, TooFewClipsError, VideoError
from ...film import RetrievedClip
from .strip import clip_strip, picture_strip
from .trained import TrainedAdapter, thinned

_MOTION = "low-rank layers on every second block, learnt from {clips} clips by the debiased loss"
_LOOK = "low-rank layers on the blocks between, learnt from {pictures}"
# A character has few pictures, and is learnt sooner.
LOOK_SETTINGS = TeachSettings(steps=200, dropout=0.05)


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
        self._settings = settings

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
        settings = self._settings or TeachSettings()
        taught = self._teacher.motion([_pixels(clip) for clip in clips], settings, watch)
        trained = _trained(taught, folder, _MOTION.format(clips=len(clips)))
        return replace(trained, strip=clip_strip([Path(clip.path) for clip in clips], folder))

    def character(
        self, pictures: Sequence[Path], look: str, folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        """Train on pictures and write the adapter into a folder.

        Raises:
            AdapterError: a picture cannot be read, or training fell apart.
        """
        seen = [read_picture(path) for path in pictures]
        trigger = trigger_word([picture.sha256 for picture in seen])
        settings = self._settings or LOOK_SETTINGS
        words = training_words(trigger, look)
        taught = self._teacher.character(seen, words, settings, watch)
        count = f"{len(pictures)} picture{'s' * (len(pictures) != 1)}"
        trained = _trained(taught, folder, _LOOK.format(pictures=count), trigger)
        return replace(trained, strip=picture_strip(pictures, folder))


def _pixels(clip: RetrievedClip) -> PixelClip:
    try:
        video = read_video(clip.path)
    except VideoError as error:
        raise AdapterError(f"clip {clip.id} cannot be learnt from: {error}") from error
    return PixelClip(clip.id, video.frames, video.fps, clip.caption)


def _trained(taught: TaughtAdapter, folder: Path, means: str, trigger: str = "") -> TrainedAdapter:
    path = save_taught(taught, folder)
    losses = list(enumerate(taught.progress.losses, start=1))
    return TrainedAdapter(
        path.name, taught.step, taught.loss, means, trigger, losses=thinned(losses),
        checks=tuple(sorted(taught.progress.checks.items())),
    )  # fmt: skip
