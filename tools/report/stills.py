"""A clip -> its frames as pictures of the report, each encoded once."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from ...engine.video import Frames, read_video
from ...errors import VideoError
from ...film import Clip
from .media import ReportMedia

log = logging.getLogger(__name__)

_STILL_WIDTH_PX = 480
_WEBP_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Stills:
    """The frames of one clip, to be shown. `problem` says why there are none, else it is empty."""

    frames: Frames | None
    fps: float
    media: ReportMedia
    problem: str = ""
    _shown: dict[int, str] = field(default_factory=dict, repr=False)

    def at(self, time_s: float) -> str | None:
        """Return the address of the frame at a time; None where there is none."""
        return self.frame(round(time_s * self.fps))

    def frame(self, number: int) -> str | None:
        """Return the address of a frame by its number; None where there are no frames."""
        if self.frames is None:
            return None
        number = max(0, min(number, len(self.frames) - 1))
        if number not in self._shown:
            self._shown[number] = self.media.picture(_webp(self.frames[number]))
        return self._shown[number]


def stills_of(clip: Clip, media: ReportMedia, *, most_frames: int | None = None) -> Stills:
    """Return a clip's frames. A broken clip is named in the page, which shows all else."""
    height = max(2, round(_STILL_WIDTH_PX * clip.height / clip.width))
    try:
        video = read_video(
            clip.path, width_px=_STILL_WIDTH_PX, height_px=height, most_frames=most_frames
        )
    except VideoError as error:
        log.warning("the report shows no frames of shot %s: %s", clip.shot, error)
        return Stills(None, clip.fps, media, str(error))
    return Stills(video.frames, video.fps, media)


def _webp(pixels: Frames) -> bytes:
    """Return a frame [h, w, 3] uint8 as a WebP file."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, format="WEBP", quality=_WEBP_QUALITY)
    return file.getvalue()
