"""A video file -> what is known of it, frame by frame, so that no long film fills the memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from ...errors import VideoError

# A thumbnail is enough to see whether anything moves or is to be seen at all.
_THUMBNAIL_PX = 64


@dataclass(frozen=True, slots=True)
class Footage:
    """A decoded file's measures. `fps` is its own average rate.

    `change` is the greatest mean difference of a frame to the first one, and `contrast` the
    greatest standard deviation within a frame, both of 0..255 grey levels.
    """

    frames: int
    fps: float
    width: int
    height: int
    change: float
    contrast: float

    @property
    def duration_s(self) -> float:
        return self.frames / self.fps


def inspect_footage(path: Path, longest_s: float) -> Footage:
    """Decode a file once, to its end or until it is longer than `longest_s`.

    Raises:
        VideoError: the file is no video, breaks off, or holds no frames.
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise VideoError("it holds no video stream")
            stream = container.streams.video[0]
            fps = float(stream.average_rate or 0)
            if fps <= 0:
                raise VideoError("it does not say how many frames a second it has")
            return _measured(container, stream, fps, longest_s)
    except (OSError, av.error.FFmpegError) as error:
        raise VideoError(str(error.strerror or error)) from error


def _measured(
    container: av.container.InputContainer,
    stream: av.video.stream.VideoStream,
    fps: float,
    longest_s: float,
) -> Footage:
    first: NDArray[np.float32] | None = None
    frames, change, contrast = 0, 0.0, 0.0
    for frame in container.decode(stream):
        frames += 1
        grey = frame.reformat(_THUMBNAIL_PX, _THUMBNAIL_PX, "gray").to_ndarray().astype(np.float32)
        first = grey if first is None else first
        change = max(change, float(np.abs(grey - first).mean()))
        contrast = max(contrast, float(grey.std()))
        if frames > longest_s * fps:
            break
    else:
        if frames < stream.frames:
            raise VideoError(f"it breaks off after {frames} of {stream.frames} frames")
    if first is None:
        raise VideoError("it holds no frames")
    return Footage(frames, fps, stream.width, stream.height, change, contrast)
