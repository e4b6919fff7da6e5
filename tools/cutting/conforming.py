"""Clips of an engine's size and rate -> clips of the film's: enlarged by Lanczos, frames repeated.

Each stays where it was in time, to half a frame of the film, so that sound and subtitles do too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageOps

from ...engine.video import Frames, read_video, write_stream
from ...errors import VideoError
from ...film import Clip
from .form import FilmForm


def conformed(clips: Sequence[Clip], form: FilmForm, spare: Path) -> list[Path]:
    """Return a film's clips in its size and rate; those that have other ones are drawn in `spare`.

    Raises:
        VideoError: a clip cannot be read.
    """
    made: list[Path] = []
    start_s = Fraction(0)
    for number, clip in enumerate(clips):
        end_s = start_s + Fraction(clip.frames, clip.fps)
        size, fps = picture_of(Path(clip.path))
        wanted, rate = form.size or size, form.fps or fps
        if (wanted, rate) == (size, fps):
            made.append(Path(clip.path))
        else:
            # Small frames were enlarged for the screen: what is drawn anew begins with their own.
            own = (clip.width, clip.height) if form.size else size
            video = read_video(clip.path, width_px=own[0], height_px=own[1])
            count = max(1, round(end_s * rate) - round(start_s * rate))
            fitted_frames = [fitted(frame, *wanted) for frame in video.frames]
            made.append(spare / f"conformed-{number}.mp4")
            chosen = at_rate(len(fitted_frames), count, fps, rate)
            write_stream(made[-1], (fitted_frames[n] for n in chosen), rate, *wanted)
        start_s = end_s
    return made


def picture_of(path: Path) -> tuple[tuple[int, int], Fraction]:
    """Return width and height in pixels, and frames a second, of a video.

    Raises:
        VideoError: it cannot be read.
    """
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            if stream.average_rate is not None:
                return (stream.width, stream.height), stream.average_rate
    except (OSError, IndexError, av.error.FFmpegError) as error:
        raise VideoError(f"cannot read {path}: it is no whole video; render it again") from error
    raise VideoError(f"cannot read {path}: it has no frame rate; render it again")


def at_rate(frames: int, count: int, fps: Fraction | float, wanted: Fraction | float) -> list[int]:
    """Return which of some frames are the `count` of another rate: repeated or left out."""
    step = float(fps) / float(wanted)
    nearest = np.minimum((np.arange(count) + 0.5) * step, frames - 1)
    return [int(number) for number in nearest]


def fitted(frame: Frames, width: int, height: int) -> Frames:
    """Return a frame [height, width, 3] with the whole of another in it, within black bars."""
    if frame.shape[:2] == (height, width):
        return frame
    size = (width, height)
    return np.asarray(ImageOps.pad(Image.fromarray(frame), size, Image.Resampling.LANCZOS))
