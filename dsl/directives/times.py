"""Written times -> seconds of the scene.

`end` and percentages need the scene's length. Where `@duration` pins it, that is it, and times
beyond it are mistakes. Where the director decides, nothing can be beyond the end; the length is
then taken as one clip of the engine, or as the latest time that the scene itself writes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from ...story import LONGEST_SCENE_S
from ..diagnostics.findings import Findings
from ..resolve.context import Context
from ..schema import TIME_UNITS
from ..syntax import tree

_TOLERANCE_S = 1e-6
# Of the shots that a scene might be cut into.
_MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class SceneClock:
    """The scene's length in seconds, whether the writer pinned it, and the frame rate."""

    length_s: float
    pinned: bool
    fps: float


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Two resolved times; `end_s` None means the end of the scene, however long it gets."""

    start_s: float
    end_s: float | None

    def clipped_end_s(self, clock: SceneClock) -> float:
        """Return the end with None put at the clock's length."""
        return clock.length_s if self.end_s is None else self.end_s

    def overlaps(self, other: TimeRange, clock: SceneClock) -> bool:
        """Say whether the two share more than an instant."""
        latest_start = max(self.start_s, other.start_s)
        first_end = min(self.clipped_end_s(clock), other.clipped_end_s(clock))
        return first_end - latest_start > _TOLERANCE_S


def overlapping(ranges: Sequence[TimeRange], clock: SceneClock) -> Iterator[tuple[int, int]]:
    """Yield the places of each range that begins within one which began before, and of that one."""
    last: int | None = None
    for i in sorted(range(len(ranges)), key=lambda i: ranges[i].start_s):
        if last is not None and ranges[i].overlaps(ranges[last], clock):
            yield i, last
        ends_s = ranges[i].clipped_end_s(clock)
        if last is None or ends_s >= ranges[last].clipped_end_s(clock):
            last = i


def scene_clock(pinned_s: float | None, items: Iterable[tree.Item], context: Context) -> SceneClock:
    """Return the clock of a scene from its pinned duration or from what its items write."""
    if pinned_s is not None:
        return SceneClock(pinned_s, True, context.fps)
    written = (_plain_seconds(quantity, context.fps) for quantity in _written_times(items))
    latest = max(written, default=0.0)
    # One frame more, so that `end` is after a keyframe that writes the latest time itself.
    length_s = context.clip_s if latest < context.clip_s else latest + 1 / context.fps
    return SceneClock(length_s, False, context.fps)


def _written_times(items: Iterable[tree.Item]) -> Iterator[tree.Quantity]:
    for item in items:
        for time in _times_of(item):
            match time:
                case tree.Quantity():
                    yield time
                case tree.Range(low=low, high=high):
                    yield from (t for t in (low, high) if isinstance(t, tree.Quantity))


def _times_of(item: tree.Item) -> Iterator[tree.Time | tree.Arg | None]:
    match item:
        case tree.Directive(block=tree.Block(statements=statements)):
            yield from (statement.time for statement in statements)
        case tree.Paragraph(lines=lines):
            for part in chain.from_iterable(lines):
                if isinstance(part, tree.InlineTag):
                    yield from part.args.flat


def _plain_seconds(quantity: tree.Quantity, fps: float) -> float:
    seconds = _seconds(quantity, fps)
    return seconds if seconds is not None and seconds <= LONGEST_SCENE_S else 0.0


def _seconds(quantity: tree.Quantity, fps: float) -> float | None:
    match quantity.unit:
        case "s":
            return quantity.number
        case "ms":
            return quantity.number / 1000
        case "f":
            return quantity.number / fps
        case "" if quantity.number == 0:
            return 0.0
    return None


def resolve_time(
    time: tree.Quantity | tree.Edge, clock: SceneClock, findings: Findings
) -> float | None:
    """Return a time in seconds, or None where it is none or none that a scene may get to."""
    if isinstance(time, tree.Edge):
        return 0.0 if time.at == "start" else clock.length_s
    if time.unit == "%":
        seconds: float | None = time.number / 100 * clock.length_s
    else:
        seconds = _seconds(time, clock.fps)
    if seconds is None:
        _report_unit(time, findings)
        return None
    if seconds < 0:
        findings.error("122", time, "this time is before the scene begins")
        return None
    return None if _is_too_long(time, seconds, findings) else seconds


def _is_too_long(written: tree.Quantity, seconds: float, findings: Findings) -> bool:
    """Report a time that is more than a scene may last, an endless one too."""
    if seconds <= LONGEST_SCENE_S:
        return False
    message = f"a shot or a scene lasts {LONGEST_SCENE_S:g}s at most"
    findings.error("129", written, message, "make several scenes of it")
    return True


def resolve_instant(time: tree.Time, clock: SceneClock, findings: Findings) -> float | None:
    """Return the time of a keyframe; a range is refused, and so is what the scene never reaches."""
    if isinstance(time, tree.Range):
        findings.error("127", time, "a keyframe has one time, not a range", "0s: box (...)")
        return None
    seconds = resolve_time(time, clock, findings)
    if seconds is not None and is_beyond(seconds, clock):
        report_beyond(time, clock, findings)
    return seconds


def resolve_range(written: tree.Range, clock: SceneClock, findings: Findings) -> TimeRange | None:
    """Return a range; an empty one, or one beyond the scene's pinned end, is reported."""
    start = resolve_time(written.low, clock, findings)
    end = resolve_time(written.high, clock, findings)
    if start is None or end is None:
        return None
    if end - start <= _TOLERANCE_S:
        backward = end < start
        help = "did you swap the two times?" if backward else "give it some time"
        message = "this range ends before it begins" if backward else "this range is empty"
        findings.error("123", written, message, help)
        return None
    if is_beyond(end, clock):
        report_beyond(written, clock, findings)
    to_the_end = isinstance(written.high, tree.Edge)
    return TimeRange(start, None if to_the_end else end)


def resolve_span_of_time(
    time: tree.Time | None, clock: SceneClock, findings: Findings
) -> TimeRange | None:
    """Return how long a statement holds: without a time throughout, from one time on to the end."""
    match time:
        case None:
            return TimeRange(0.0, None)
        case tree.Range():
            return resolve_range(time, clock, findings)
        case _:
            start = resolve_time(time, clock, findings)
            if start is not None and is_beyond(start, clock):
                report_beyond(time, clock, findings)
            return None if start is None else TimeRange(start, None)


def is_beyond(seconds: float, clock: SceneClock) -> bool:
    """Say whether a time is after the end of a scene whose length is pinned."""
    return clock.pinned and seconds > clock.length_s + _TOLERANCE_S


def report_beyond(at: tree.Node, clock: SceneClock, findings: Findings) -> None:
    """Report a time after the end of the scene."""
    message = f"this goes beyond the end of the scene at {clock.length_s:g}s"
    findings.error("122", at, message, "write end for the end, or make @duration longer")


def resolve_duration(
    quantity: tree.Quantity, context: Context, *, one_clip: bool = True
) -> float | None:
    """Return a duration in seconds, or None where it is none.

    One that is longer than a clip is reported, unless it need not be `one_clip`.
    """
    findings = context.findings
    seconds = _seconds(quantity, context.fps) if quantity.unit else None
    if seconds is None:
        _report_unit(quantity, findings, TIME_UNITS[:3])
        return None
    if seconds <= 0:
        findings.error("123", quantity, "a duration is longer than nothing")
        return None
    if _is_too_long(quantity, seconds, findings):
        return None
    _check_whole_frames(quantity, seconds, context)
    if one_clip:
        _check_one_clip(quantity, seconds, context)
    return seconds


def _check_whole_frames(quantity: tree.Quantity, seconds: float, context: Context) -> None:
    frames = seconds * context.fps
    if abs(frames - round(frames)) < 1e-3:
        return
    whole = max(1, round(frames))
    message = f"{seconds:g}s is no whole number of frames at {context.fps:g} frames a second"
    help = f"{whole}f is {whole / context.fps:g}s"
    context.findings.warning("126", quantity, message, help)


def _check_one_clip(quantity: tree.Quantity, seconds: float, context: Context) -> None:
    if context.capabilities is None or seconds <= context.clip_s + _TOLERANCE_S:
        return
    shots = math.ceil(seconds / context.clip_s - _TOLERANCE_S)
    name, frames = context.capabilities.name, context.capabilities.clip_frames
    message = f"{seconds:g}s is longer than one clip of {name} ({context.clip_s:g}s, {frames}f)"
    if context.strict:
        help = f"cut it yourself: {_split(seconds * context.fps, shots)}"
    else:
        help = f"it is cut into {shots} consecutive shots"
    context.strict_error("121", quantity, message, help)


def _split(frames: float, shots: int) -> str:
    """Return the `@shot` lines that share out some frames, as even as whole frames can be."""
    shorter, longer = divmod(round(frames), shots)
    lengths = [shorter + (number < longer) for number in range(min(shots, _MOST_SHOWN))]
    rest = f", and {shots - len(lengths)} more" if shots > len(lengths) else ""
    return ", ".join(f"@shot FULL {length}f" for length in lengths) + rest


def _report_unit(
    quantity: tree.Quantity, findings: Findings, units: tuple[str, ...] = TIME_UNITS
) -> None:
    problem = f'"{quantity.unit}" is no unit of time' if quantity.unit else "this time has no unit"
    findings.error("127", quantity, problem, f"one of {' '.join(units)}, as in 2{units[0]}")
