"""Frames <-> video files: uint8 arrays to H.264 in MP4 and back, by PyAV, with no torch.

A film is looked at on a screen, so small frames are enlarged by a whole factor with a smooth
filter when they are written, and may be reduced to their own size when they are read. Colours
are tagged BT.709. Equal frames give equal bytes: one encoder thread, exact scaling, no dates.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation
from numpy.typing import NDArray
from PIL import Image

from ..errors import VideoError, why_not_written

Frames = NDArray[np.uint8]

# Frames with a shorter side below this are enlarged by the smallest whole factor that reaches
# it: 144x96 is filmed at 576x384, 720x480 as it is.
SCREEN_SIDE_PX = 384

# x264's constant rate factor: 14 is visually lossless, which flat drawings need at their edges.
QUALITY_CRF = 14

# swscale changes colours only, the same on every processor; Pillow resizes, in whole numbers.
_EXACT = int(
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.BITEXACT
    | Interpolation.FULL_CHR_H_INP
    | Interpolation.FULL_CHR_H_INT
)


class Video(NamedTuple):
    """A decoded video. frames: [T, h, w, 3] uint8 RGB; fps: frames a second."""

    frames: Frames
    fps: float


def screen_scale(width_px: int, height_px: int) -> int:
    """Return the whole factor by which frames of this size are enlarged for a screen."""
    return max(1, -(-SCREEN_SIDE_PX // min(width_px, height_px)))


def exact_rate(fps: float) -> Fraction:
    """Return frames a second, as `read_video` tells them, as the fraction that a file holds."""
    return Fraction(fps).limit_denominator(1001)


def write_video(
    path: Path | str, frames: Frames, fps: int | Fraction, *, scale: int | None = None
) -> None:
    """Write frames as H.264 (yuv420p, moov first), whole or not at all.

    Args:
        path: the file, replaced if it exists; its folder is made.
        frames: [T, h, w, 3] uint8 RGB, T >= 1.
        fps: frames a second.
        scale: whole factor of enlargement; None takes `screen_scale` of the frames.

    Raises:
        VideoError: the file cannot be written, or h or w times `scale` is odd.
    """
    if frames.ndim != 4 or frames.shape[3] != 3 or not len(frames) or frames.dtype != np.uint8:
        raise ValueError(f"frames must be [T, h, w, 3] uint8, not {frames.shape} {frames.dtype}")
    height, width = int(frames.shape[1]), int(frames.shape[2])
    factor = screen_scale(width, height) if scale is None else scale
    write_stream(path, frames, Fraction(fps), width * factor, height * factor)


def write_stream(
    path: Path | str, frames: Iterable[Frames], fps: Fraction, width_px: int, height_px: int
) -> None:
    """Write frames [h, w, 3] uint8 RGB as they come, each at the given size; as `write_video`.

    Raises:
        VideoError: the file cannot be written, or its height or width is odd.
    """
    path = Path(path)
    if width_px % 2 or height_px % 2:
        raise VideoError(
            f"cannot write {path}: H.264 needs an even width and height, not {width_px}x{height_px}"
        )
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _encode(part, frames, fps, width_px, height_px)
        part.replace(path)
    except (OSError, av.error.FFmpegError) as error:
        # FFmpeg's errors are those of the system where the system caused them.
        reason = why_not_written(error) if isinstance(error, OSError) else str(error)
        raise VideoError(f"cannot write {path}: {reason}") from error
    finally:
        with suppress(OSError):  # What went wrong first is what the caller shall hear of.
            part.unlink()


def _encode(
    path: Path, frames: Iterable[Frames], fps: Fraction, width_px: int, height_px: int
) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        # One thread, because x264's bytes depend on how many there are.
        # No lookahead, because it reads memory that nobody wrote where the width is no multiple of
        # 32, and equal frames then gave other bytes now and then.
        encoding = {
            "crf": str(QUALITY_CRF), "preset": "medium", "threads": "1",
            "x264-params": "mbtree=0:rc-lookahead=0",
        }  # fmt: skip
        stream = container.add_stream("libx264", rate=fps, options=encoding)
        stream.width, stream.height = width_px, height_px
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.colorspace = Colorspace.ITU709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.color_range = ColorRange.MPEG
        for number, pixels in enumerate(frames):
            shown = _resized(pixels, stream.width, stream.height, Image.Resampling.LANCZOS)
            frame = av.VideoFrame.from_ndarray(shown, format="rgb24").reformat(
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=_EXACT,
            )
            frame.pts, frame.time_base = number, 1 / fps
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def read_video(
    path: Path | str,
    *,
    width_px: int | None = None,
    height_px: int | None = None,
    most_frames: int | None = None,
) -> Video:
    """Read the frames of a file, the first `most_frames` of them where that is given.

    A clip that was enlarged for the screen comes back at its own size with
    `width_px=clip.width, height_px=clip.height` (each pixel the mean of its block).

    Raises:
        VideoError: the file is missing, is no video, or breaks off.
    """
    frames: list[Frames] = []
    try:
        with av.open(str(path)) as container:
            fps = _video_stream(container, path).average_rate
            frames.extend(islice(_decoded(container, width_px, height_px), most_frames))
    except (OSError, av.error.FFmpegError) as error:
        reason = error.strerror or error
        raise VideoError(f"cannot read {path}: {reason}; is it a whole video?") from error
    if not frames or fps is None:
        raise VideoError(f"cannot read {path}: it holds no frames")
    return Video(np.stack(frames), float(fps))


def _video_stream(
    container: av.container.InputContainer, path: Path | str
) -> av.video.stream.VideoStream:
    if not container.streams.video:
        raise VideoError(f"cannot read {path}: it holds no video stream")
    return container.streams.video[0]


def _decoded(
    container: av.container.InputContainer, width_px: int | None, height_px: int | None
) -> Iterator[Frames]:
    """Yield frames: [h, w, 3] uint8. A file that breaks off holds less than it declares."""
    stream = container.streams.video[0]
    packets = 0
    for packet in container.demux(stream):
        # Packets are counted, not frames: an edit list may hide some frames of a whole file.
        packets += packet.size > 0
        for frame in packet.decode():
            pixels = frame.reformat(
                format="rgb24", dst_color_range=ColorRange.JPEG, interpolation=_EXACT
            ).to_ndarray()
            yield _resized(
                pixels.astype(np.uint8, copy=False),
                width_px or frame.width,
                height_px or frame.height,
                Image.Resampling.BOX,
            )
    if packets < stream.frames:
        raise VideoError(
            f"cannot read {container.name}: it breaks off after {packets} of {stream.frames} frames"
        )


def _resized(pixels: Frames, width_px: int, height_px: int, smoothing: Image.Resampling) -> Frames:
    """Return a frame [h, w, 3] at another size; the same array where it has that size."""
    if pixels.shape[:2] == (height_px, width_px):
        return np.ascontiguousarray(pixels)
    return np.asarray(Image.fromarray(pixels).resize((width_px, height_px), smoothing))
