"""A video file -> its shots and what is known of each, decoded once and in little memory.

Shots are told apart by PySceneDetect's adaptive detector on frames of 128 pixels a side: it looks
for a change far above those around it, so that a fast camera is no cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median

import av
import numpy as np
from numpy.typing import NDArray

from ....errors import VideoError
from .likeness import Thumbnail, clip_hash

_CUT_SIDE_PX = 128
_THUMBNAIL_PX = 64
_SHARP_WIDTH_PX = 256
_LOOKS_A_SECOND = 8
# A shot is at least so long; PySceneDetect's own 15 frames are half a second at 30 a second.
_LEAST_SHOT_S = 0.5
# Intervals that differ by more than this part of the usual one are of a variable rate.
_UNEVEN = 0.25
_PLAIN = ("h264", "yuv420p")


@dataclass(frozen=True, slots=True)
class SourceShot:
    """One shot of a file, and its measures. Levels are of 0..255 grey.

    Attributes:
        start: its first frame's number.
        change: the greatest mean difference of a frame to the shot's first one.
        motion: the mean difference of frames an eighth of a second apart.
        contrast: the greatest standard deviation within a frame.
        sharpness: the strongest edges of a middling frame: the 99.5th percentile of the second
            difference at 256 pixels of width.
        look: its perceptual hash; empty for one that is longer than is kept.
    """

    start: int
    start_s: float
    frames: int
    duration_s: float
    change: float
    motion: float
    contrast: float
    sharpness: float
    look: str


@dataclass(frozen=True, slots=True)
class SourceVideo:
    """A decoded file: its shots, its rate, its upright size, and what is not plain about it."""

    shots: tuple[SourceShot, ...]
    fps: Fraction
    width: int
    height: int
    oddities: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether the file can serve as a clip as it lies there."""
        return len(self.shots) == 1 and not self.oddities


def inspect_footage(path: Path, longest_s: float) -> SourceVideo:
    """Decode a file once and return its shots; one longer than `longest_s` is not looked at whole.

    Raises:
        VideoError: the file is no video, breaks off, is damaged, or holds no frames.
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise VideoError("it holds no video stream")
            stream = container.streams.video[0]
            if not stream.average_rate:
                raise VideoError("it does not say how many frames a second it has")
            return _Inspection(Fraction(stream.average_rate), longest_s).of(container, stream)
    except (OSError, ValueError, av.error.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or error
        raise VideoError(str(reason)) from error


def size_of(frame: av.VideoFrame, stream: av.video.stream.VideoStream) -> tuple[int, int]:
    """Return the width and height of a frame upright and with square pixels, both even."""
    width, height = float(frame.width), float(frame.height)
    aspect = stream.codec_context.sample_aspect_ratio
    if aspect and aspect > 0:
        width *= float(aspect)
    if frame.rotation % 180:
        width, height = height, width
    return max(2, round(width / 2) * 2), max(2, round(height / 2) * 2)


@dataclass(slots=True)
class _Inspection:
    """The decoding of one file."""

    rate: Fraction
    longest_s: float
    shots: list[SourceShot] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    thumbnails: list[Thumbnail] = field(default_factory=list)
    sharp: list[float] = field(default_factory=list)
    begun: int = 0

    def of(
        self, container: av.container.InputContainer, stream: av.video.stream.VideoStream
    ) -> SourceVideo:
        size, oddities = (0, 0), dict[str, None]()
        packets = damaged = 0
        cuts = _CutFinder(self.rate)
        for packet in container.demux(stream):
            packets += packet.size > 0
            for frame in packet.decode():
                if not self.times:
                    size = size_of(frame, stream)
                    oddities.update(dict.fromkeys(_oddities(frame, stream, container)))
                elif size_of(frame, stream) != size:
                    raise VideoError(f"its size changes after {len(self.times)} frames")
                damaged += frame.is_corrupt
                for cut in cuts.look(frame, len(self.times)):
                    self._close(cut)
                self._add(frame)
        if packets < stream.frames:
            raise VideoError(f"it breaks off after {packets} of {stream.frames} frames")
        if not self.times:
            raise VideoError("it holds no frames")
        if damaged:
            raise VideoError(f"{damaged} of its {len(self.times)} frames are damaged")
        self._close(len(self.times))
        if self._uneven():
            oddities["its frame rate varies"] = None
            self.rate = Fraction(round(1 / median(np.diff(self.times)) * 1000), 1000)
        return SourceVideo(tuple(self.shots), self.rate, *size, tuple(oddities))

    def _add(self, frame: av.VideoFrame) -> None:
        time = frame.time
        self.times.append(len(self.times) / float(self.rate) if time is None else float(time))
        inside = len(self.times) - 1 - self.begun
        if inside > self.longest_s * float(self.rate):
            return  # longer than any clip may be: it is only counted
        grey = frame.reformat(_THUMBNAIL_PX, _THUMBNAIL_PX, "gray").to_ndarray()
        self.thumbnails.append(np.ascontiguousarray(grey[:, :_THUMBNAIL_PX]))
        if inside % self._stride == 0:
            self.sharp.append(_sharpness(frame))

    @property
    def _stride(self) -> int:
        """How many frames lie in an eighth of a second."""
        return max(1, round(float(self.rate) / _LOOKS_A_SECOND))

    def _close(self, end: int) -> None:
        """Finish the shot that ends before frame `end`; what was seen after that is the next's."""
        count = end - self.begun
        seen, self.thumbnails = self.thumbnails[:count], self.thumbnails[count:]
        looked = -(-count // self._stride)
        sharp, self.sharp = self.sharp[:looked], self.sharp[looked:] or self.sharp[-1:]
        levels = np.stack(seen).astype(np.float32)
        apart = np.abs(levels[self._stride :] - levels[: -self._stride]).mean(axis=(1, 2))
        interval = 1 / float(self.rate)
        self.shots.append(
            SourceShot(
                start=self.begun,
                start_s=self.times[self.begun] - self.times[0],
                frames=count,
                duration_s=self.times[end - 1] - self.times[self.begun] + interval,
                change=float(np.abs(levels - levels[0]).mean(axis=(1, 2)).max()),
                motion=float(apart.mean()) if len(apart) else 0.0,
                contrast=float(levels.std(axis=(1, 2)).max()),
                sharpness=float(median(sharp)),
                look=clip_hash(seen) if len(seen) == count else "",
            )
        )
        self.begun = end

    def _uneven(self) -> bool:
        steps = np.diff(self.times)
        if len(steps) < 2:
            return False
        usual = float(np.median(steps))
        return bool((np.abs(steps - usual) > _UNEVEN * usual).any())


class _CutFinder:
    """Finds cuts while frames come; it knows of one a few frames after it was."""

    def __init__(self, rate: Fraction) -> None:
        from scenedetect.detectors import AdaptiveDetector

        self._rate = float(rate)
        self._detector = AdaptiveDetector(min_scene_len=max(2, round(_LEAST_SHOT_S * self._rate)))

    def look(self, frame: av.VideoFrame, number: int) -> Iterator[int]:
        """Yield the first frames of the shots that are known to begin, `number` being now."""
        from scenedetect.common import FrameTimecode

        small = frame.reformat(_CUT_SIDE_PX, _CUT_SIDE_PX, "bgr24").to_ndarray()
        now = FrameTimecode(number, self._rate)
        yield from (cut.frame_num for cut in self._detector.process_frame(now, small))


def _oddities(
    frame: av.VideoFrame,
    stream: av.video.stream.VideoStream,
    container: av.container.InputContainer,
) -> Iterator[str]:
    """Yield what keeps a file from being a plain clip; all of it can be mended."""
    codec, pixels = stream.codec_context.name, frame.format.name
    if frame.rotation % 360:
        yield f"it is turned by {frame.rotation % 360} degrees"
    aspect = stream.codec_context.sample_aspect_ratio
    if aspect and aspect > 0 and aspect != 1:
        yield f"its pixels are not square ({aspect})"
    if codec != _PLAIN[0] or "mp4" not in container.format.name:
        yield f"it is {codec} in {container.format.name.split(',')[0]}"
    if pixels != _PLAIN[1]:
        yield f"its pixel format is {pixels}"
    if frame.interlaced_frame:
        yield "it is interlaced"
    if frame.width % 2 or frame.height % 2:
        yield f"its size is odd ({frame.width}x{frame.height})"


def _sharpness(frame: av.VideoFrame) -> float:
    height = max(8, round(frame.height * _SHARP_WIDTH_PX / frame.width))
    plane: NDArray[np.float32] = (
        frame.reformat(_SHARP_WIDTH_PX, height, "gray").to_ndarray().astype(np.float32)
    )
    inner = plane[1:-1, 1:-1]
    around = plane[:-2, 1:-1] + plane[2:, 1:-1] + plane[1:-1, :-2] + plane[1:-1, 2:]
    return float(np.percentile(np.abs(4 * inner - around), 99.5))
