"""Shots of a file -> plain clips: upright, square pixels, an even rate, H.264 in 8 bits.

A clip that is plain already stays where it lies; any other is written into the library's folder,
so that whoever learns from clips needs to know nothing of rotation flags and variable rates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Interpolation
from PIL import Image

from ....engine.video import Frames, write_stream
from ....errors import VideoError
from .probe import SourceShot, SourceVideo

# No published model is trained on more; a larger picture is reduced to a shorter side of this.
MOST_SIDE_PX = 768


@dataclass(frozen=True, slots=True)
class WrittenClip:
    """What a shot became: frames at a rate, and the picture's size."""

    frames: int
    fps: Fraction
    width: int
    height: int


def write_shots(
    path: Path, footage: SourceVideo, wanted: Sequence[tuple[SourceShot, Path]]
) -> list[WrittenClip]:
    """Write some shots of a file, in the order in which they are shown; the file is read once.

    Raises:
        VideoError: the file cannot be read any more, or a clip cannot be written.
    """
    width, height = _reduced(footage.width, footage.height)
    source = _ShotReader(path, width, height)
    written = []
    for shot, target in wanted:
        counted = _Counted(_evenly(source.frames(shot), footage.fps))
        write_stream(target, counted, footage.fps, width, height)
        written.append(WrittenClip(counted.count, footage.fps, width, height))
    return written


def _reduced(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, MOST_SIDE_PX / min(width, height))
    return round(width * scale / 2) * 2, round(height * scale / 2) * 2


@dataclass(slots=True)
class _Counted:
    """Frames, counted as they go by."""

    frames: Iterator[Frames]
    count: int = 0

    def __iter__(self) -> Iterator[Frames]:
        for frame in self.frames:
            self.count += 1
            yield frame


class _ShotReader:
    """The frames of a file, shot after shot, upright and of one size."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._size = (width, height)
        self._frames = self._decoded(path)
        self._number = 0

    def frames(self, shot: SourceShot) -> Iterator[tuple[float, Frames]]:
        """Yield the time and the pixels [h, w, 3] of each frame of a shot."""
        while self._number < shot.start:
            next(self._frames)
            self._number += 1
        for _ in range(shot.frames):
            self._number += 1
            yield self._upright(*next(self._frames))

    def _decoded(self, path: Path) -> Iterator[tuple[float, av.VideoFrame]]:
        try:
            with av.open(str(path)) as container:
                stream = container.streams.video[0]
                rate = float(stream.average_rate or 1)
                for number, frame in enumerate(container.decode(stream)):
                    yield number / rate if frame.time is None else float(frame.time), frame
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise VideoError(f"cannot read {path}: {error}") from error
        raise VideoError(f"cannot read {path}: it is shorter than it was")

    def _upright(self, time: float, frame: av.VideoFrame) -> tuple[float, Frames]:
        pixels = frame.reformat(
            format="rgb24", dst_color_range=ColorRange.JPEG, interpolation=Interpolation.BICUBIC
        ).to_ndarray()
        pixels = np.rot90(pixels.astype(np.uint8, copy=False), round(frame.rotation / 90))
        if (pixels.shape[1], pixels.shape[0]) != self._size:
            image = Image.fromarray(np.ascontiguousarray(pixels))
            pixels = np.asarray(image.resize(self._size, Image.Resampling.LANCZOS))
        return time, np.ascontiguousarray(pixels)


def _evenly(frames: Iterator[tuple[float, Frames]], fps: Fraction) -> Iterator[Frames]:
    """Yield frames at an even rate: at each instant the last one that was there by then.

    Where the source has this rate already, every frame comes once.
    """
    interval = 1 / float(fps)
    begin: float | None = None
    shown, last = 0, None
    for time, pixels in frames:
        begin = time if begin is None else begin
        while last is not None and begin + shown * interval < time - interval / 2:
            yield last
            shown += 1
        last = pixels
    if last is not None:
        yield last
