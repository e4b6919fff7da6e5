"""What a motion says -> what a sprite shows: pose and path as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pose:
    """One drawing of a character, facing right; mirrored by the sprite when it faces left."""

    legs: int = 0  # 0 together, 1 stride, 2 passing, 3 the other stride
    arms: int = 0  # 0 down, 1 out, 2 up
    eyes_open: bool = True
    lying: bool = False
    lean: int = 0  # degrees bent forward at the hip, feet planted
    angle: int = 0  # degrees the whole figure is turned forward about its middle
    turn: float = 1.0  # cosine of the turn about the vertical axis; negative is mirrored
    stretch: float = 1.0  # height factor; width changes inversely, feet planted


RESTING = Pose()


@dataclass(frozen=True)
class Track:
    """Foot point and standing height per frame, as fractions of the frame (height of height)."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    height: tuple[float, ...]
