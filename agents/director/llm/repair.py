"""The keys that a model gives -> a track of boxes inside the frame, and a list of the repairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....story import Box
from .schemas import KeyForm

MOST_KEYS = 24
LEAST_SIDE = 0.08
_DIGITS = 4
# A larger number was not meant as a part of the frame: it is percent, or an error.
_PERCENT, _HUNDRED = 1.5, 100.0


@dataclass(frozen=True, slots=True)
class RepairedTrack:
    """A track from the start of a shot to its end, and how the keys were repaired to give it."""

    track: tuple[tuple[float, Box], ...]
    repairs: tuple[str, ...]


def repair_track(keys: Sequence[KeyForm], duration_s: float) -> RepairedTrack | str:
    """Return the track that keys describe, or why they describe none."""
    if not keys:
        return "no keys; give one at 0 and one at the end"
    if len(keys) > MOST_KEYS:
        return f"{len(keys)} keys; {MOST_KEYS} are enough"
    repairs: list[str] = []
    scaled = _scaled(keys, repairs)
    if isinstance(scaled, str):
        return scaled
    boxes: dict[float, Box] = {}
    for key in sorted(scaled, key=lambda k: k.time_s):
        time_s = round(min(duration_s, max(0.0, key.time_s)), 6)
        if abs(time_s - key.time_s) > 1e-3:
            repairs.append(f"a key at {key.time_s:g} s put into the shot")
        boxes[time_s] = _box(key, repairs)
    if list(boxes) != sorted({k.time_s for k in keys}) and len(boxes) < len(keys):
        repairs.append("two keys at one time made one")
    ordered = [k.time_s for k in keys]
    if ordered != sorted(ordered):
        repairs.append("keys put in order")
    first, last = min(boxes), max(boxes)
    if first > 0:
        boxes[0.0] = boxes[first]
        repairs.append("held from the start")
    if last < duration_s:
        boxes[round(duration_s, 6)] = boxes[last]
        if duration_s - last > 0.05:
            repairs.append("held to the end")
    return RepairedTrack(tuple(sorted(boxes.items())), tuple(dict.fromkeys(repairs)))


def _scaled(keys: Sequence[KeyForm], repairs: list[str]) -> Sequence[KeyForm] | str:
    """Return keys in parts of the frame; percent are divided, and pixels are refused."""
    largest = max(abs(v) for k in keys for v in (k.left, k.top, k.right, k.bottom))
    if largest <= _PERCENT:
        return keys
    if largest > _HUNDRED:
        return f"a box reaches to {largest:g}; boxes are in parts of the frame, from 0 to 1"
    repairs.append("percent made parts of the frame")
    return [
        k.model_copy(
            update={
                side: getattr(k, side) / _HUNDRED for side in ("left", "top", "right", "bottom")
            }
        )
        for k in keys
    ]


def _box(key: KeyForm, repairs: list[str]) -> Box:
    """Return a key's box with its sides in order, no smaller than can be seen, in the frame."""
    left, right = sorted((key.left, key.right))
    top, bottom = sorted((key.top, key.bottom))
    if (left, top) != (key.left, key.top):
        repairs.append("swapped sides turned")
    left, right = _span(left, right, repairs)
    top, bottom = _span(top, bottom, repairs)
    return Box(*(round(v, _DIGITS) for v in (left, top, right, bottom)))


def _span(low: float, high: float, repairs: list[str]) -> tuple[float, float]:
    """Return one side's range, widened to the least and moved into the frame."""
    size = min(1.0, max(LEAST_SIDE, high - low))
    if size > high - low + 1e-9:
        repairs.append("a tiny box made larger")
    middle = (low + high) / 2
    low_now = min(max(0.0, middle - size / 2), 1.0 - size)
    if low < -1e-9 or high > 1 + 1e-9:
        repairs.append("a box moved into the frame")
    return low_now, low_now + size
