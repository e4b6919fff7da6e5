"""A shot's measures -> whether it enters a library, and else which filter kept it out, and why."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass

from ...store.recipe import canonical_json
from .probe import SourceShot, SourceVideo

# Raise it when shots are measured or cut otherwise: what was refused is looked at again.
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Admission:
    """What a shot must be to enter a library. Levels are of 0..255 grey; see `probe.SourceShot`.

    The paper keeps clips of 2 s and 40 frames (of 8 a second or more) for a model of 48 frames;
    the embedded model has 25, and it is retrieval that asks for its own lengths.
    """

    least_s: float = 1.0
    least_frames: int = 8
    longest_s: float = 60.0
    least_side_px: int = 64
    least_aspect: float = 0.4
    most_aspect: float = 3.0
    # Clips filmed and drawn have edges of 40 and more; at a third of their size, badly
    # compressed, 18.
    least_sharpness: float = 10.0
    least_contrast: float = 2.0
    # A film of one photograph changes by 0; a sleeping cartoon, which only breathes, by 0.3 and
    # moves by 0.16; handheld runs by 34; noise and strobes by 80.
    least_change: float = 0.05
    least_motion: float = 0.05
    most_motion: float = 60.0

    @property
    def fingerprint(self) -> str:
        """The hash of all of this."""
        return hashlib.sha256(canonical_json([_VERSION, *astuple(self)])).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Unfit:
    """The filter that a shot did not pass, and why."""

    stage: str
    reason: str


def unfit(shot: SourceShot, footage: SourceVideo, admission: Admission) -> Unfit | None:
    """Return what keeps a shot out, or None."""
    return (
        _length(shot, admission) or _size(footage, admission) or _picture(shot, admission)
        or _movement(shot, admission)
    )  # fmt: skip


def _length(shot: SourceShot, admission: Admission) -> Unfit | None:
    if shot.frames < admission.least_frames:
        return Unfit(
            "frames", f"too short: {shot.frames} frames, at least {admission.least_frames}"
        )
    if shot.duration_s < admission.least_s - 1e-6:
        return Unfit(
            "length", f"too short: {shot.duration_s:.2f} s, at least {admission.least_s:g} s"
        )
    if shot.duration_s > admission.longest_s:
        return Unfit(
            "length", f"longer than {admission.longest_s:g} s: cut it into clips of one motion each"
        )
    return None


def _size(footage: SourceVideo, admission: Admission) -> Unfit | None:
    width, height = footage.width, footage.height
    if min(width, height) < admission.least_side_px:
        least = admission.least_side_px
        return Unfit("size", f"too small: {width}x{height}, at least {least} pixels a side")
    if not admission.least_aspect <= width / height <= admission.most_aspect:
        allowed = f"{admission.least_aspect:g} to {admission.most_aspect:g}"
        return Unfit(
            "aspect", f"its shape does not fit: width / height is {width / height:.2f}, "
            f"allowed {allowed}",
        )  # fmt: skip
    return None


def _picture(shot: SourceShot, admission: Admission) -> Unfit | None:
    if shot.contrast < admission.least_contrast:
        return Unfit("contrast", "nothing is to be seen: every frame is one colour")
    if shot.sharpness < admission.least_sharpness:
        return Unfit(
            "sharpness",
            f"out of focus: its edges reach {shot.sharpness:.1f}, at least "
            f"{admission.least_sharpness:g}",
        )
    return None


def _movement(shot: SourceShot, admission: Admission) -> Unfit | None:
    if shot.change < admission.least_change:
        return Unfit("still", "nothing moves: it is a still picture")
    if shot.motion < admission.least_motion:
        return Unfit(
            "still",
            f"almost nothing moves: {shot.motion:.3f} levels in an eighth of a second, at least "
            f"{admission.least_motion:g}",
        )
    if shot.motion > admission.most_motion:
        return Unfit(
            "motion",
            f"too much changes from frame to frame: {shot.motion:.0f} levels in an eighth of a "
            f"second, at most {admission.most_motion:g}",
        )
    return None
