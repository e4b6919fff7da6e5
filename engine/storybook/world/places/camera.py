"""A slow move of the camera -> the part of the world that each frame shows, and tracks in it.

The camera only ever sees a part of the drawn world, so nothing has to be drawn beyond its edge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..figures.pose import FootTrack
from ..vocabulary import CameraMove
from .places import WHOLE, Window

NARROW = 0.84  # the part of the world's width and height that a moving camera sees


@dataclass(frozen=True)
class Camera:
    """What is seen at the first and at the last frame; in between it moves evenly."""

    move: CameraMove = "static"
    start: Window = WHOLE
    end: Window = WHOLE

    def window(self, index: int, frames: int) -> Window:
        """The part of the world that frame `index` shows."""
        part = index / max(1, frames - 1)
        left, top, right, bottom = (
            a + (b - a) * part for a, b in zip(self.start, self.end, strict=True)
        )
        return (left, top, right, bottom)


STILL = Camera()


def moving(move: CameraMove) -> Camera:
    """The camera that makes a move, low enough to keep the ground in sight."""
    low = 1 - NARROW
    left, right = (0.0, low, NARROW, 1.0), (low, low, 1.0, 1.0)
    middle = (low / 2, low, 1 - low / 2, 1.0)
    return {
        "static": STILL,
        "pan-left": Camera(move, right, left),
        "pan-right": Camera(move, left, right),
        "zoom-in": Camera(move, WHOLE, middle),
    }[move]


def seen_track(track: FootTrack, camera: Camera) -> FootTrack:
    """A track in the world as the camera sees it: in parts of the picture."""
    frames = len(track.x)
    windows = [camera.window(i, frames) for i in range(frames)]

    def down(ys: tuple[float, ...]) -> tuple[float, ...]:
        return tuple((y - w[1]) / (w[3] - w[1]) for y, w in zip(ys, windows, strict=True))

    return replace(
        track,
        x=tuple((x - w[0]) / (w[2] - w[0]) for x, w in zip(track.x, windows, strict=True)),
        y=down(track.y),
        height=tuple(h / (w[3] - w[1]) for h, w in zip(track.height, windows, strict=True)),
        ground=down(track.ground) if track.ground else (),
    )
