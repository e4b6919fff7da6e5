"""Clips and frames -> pictures and videos that lie inside a page, as data URIs."""

from __future__ import annotations

import base64
import logging
import os
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from ...engine.video import Frames, read_video
from ...errors import VideoError
from ...film import Clip

log = logging.getLogger(__name__)

# A larger video is linked, not put into the page.
MOST_VIDEO_BYTES = 1_000_000

_STILL_WIDTH_PX = 480
_WEBP_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Stills:
    """The frames of one clip, to be shown. `problem` says why there are none, else it is empty."""

    frames: Frames | None
    fps: float
    problem: str = ""
    _shown: dict[int, str] = field(default_factory=dict, repr=False)

    def at(self, time_s: float) -> str | None:
        """Return the data URI of the frame at a time; None where there is none."""
        return self.frame(round(time_s * self.fps))

    def frame(self, number: int) -> str | None:
        """Return the data URI of a frame by its number; None where there are no frames."""
        if self.frames is None:
            return None
        number = max(0, min(number, len(self.frames) - 1))
        if number not in self._shown:
            self._shown[number] = _webp(self.frames[number])
        return self._shown[number]


def stills_of(clip: Clip, *, most_frames: int | None = None) -> Stills:
    """Return a clip's frames. A broken clip is told in the page, which shows all else."""
    height = max(2, round(_STILL_WIDTH_PX * clip.height / clip.width))
    try:
        video = read_video(
            clip.path, width_px=_STILL_WIDTH_PX, height_px=height, most_frames=most_frames
        )
    except VideoError as error:
        log.warning("the report shows no frames of shot %s: %s", clip.shot, error)
        return Stills(None, clip.fps, str(error))
    return Stills(video.frames, video.fps)


def _webp(pixels: Frames) -> str:
    """Return a frame [h, w, 3] as a data URI."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, format="WEBP", quality=_WEBP_QUALITY)
    return data_uri("image/webp", file.getvalue())


def video_source(path: Path, page: Path) -> str | None:
    """Return what a page's <video> shows: the file itself if small, else its relative path.

    None where there is no such file.
    """
    try:
        if path.stat().st_size <= MOST_VIDEO_BYTES:
            return data_uri("video/mp4", path.read_bytes())
    except OSError as error:
        log.warning("the report shows no video %s: %s", path, error.strerror)
        return None
    return quote(Path(os.path.relpath(path, page.parent)).as_posix())


def data_uri(kind: str, data: bytes) -> str:
    """Return the address of data that lies in the page itself."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
