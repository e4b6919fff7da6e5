"""What a motion says -> what a sprite shows: pose and path as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pose:
    """One drawing of a character, facing right; mirrored by the sprite when it faces left."""

    legs: int = 0  # 0 together, 1 stride, 2 passing, 3 the other stride, 4 and 5 a run's leaps
    arms: int = 0  # 0 down, 1 out, 2 up; near arm alone: 3 up, 4 high; 5 far arm alone up;
    # 6 pointing, 7 offering, 8 to 10 the far, the near, both half raised, 11 before the chest,
    # 12 both to the ground, 13 the far one on the belly
    eyes_open: bool = True
    lying: bool = False
    sitting: bool = False
    gaze: int = 1  # where the head is turned: 1 ahead, 0 to us, -1 back
    lean: int = 0  # degrees bent forward at the hip, feet planted
    angle: int = 0  # degrees the whole figure is turned forward about its middle
    turn: float = 1.0  # cosine of the turn about the vertical axis; negative is mirrored
    mouth: int = 0  # a person's: 0 closed, 1 open in speech, 2 wide in laughter, 3 half open
    nod: int = 0  # degrees a person's head is bent further forward than the body
    stretch: float = 1.0  # height factor; width changes inversely, feet planted


RESTING = Pose()


@dataclass(frozen=True)
class FootTrack:
    """Foot point and standing height per frame, as fractions of the frame (height of height).

    `ground` is the y of the ground under the figure, where its shadow lies; empty for one that
    throws none, as when another carries it.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    height: tuple[float, ...]
    ground: tuple[float, ...] = ()
