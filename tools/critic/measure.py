"""A rendered clip and its shot's assertions -> measurements, by whichever critic is given.

Every value is a comparison: the right text against wrong ones, a box that was found against the
one that was planned. Words and verdict agree: what loses its contest never passes, and what wins
it never fails by a calibrated threshold. What cannot be judged has no verdict, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from PIL import Image

from ...engine.libraries import importing_alone
from ...engine.video import Video, read_video
from ...errors import InputError
from ...film import Clip, Measurement
from ...plan import Assertion, ShotPlan
from ...story import RELATIONS
from . import metrics, movement, recognition
from .card import CriticCard, Threshold
from .evidence import ClipView, Value
from .ports import CriticPorts, Frames, NotMeasurable, Picture, SampledFrames

LOOKS = 25  # frames looked at, at most
TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class CriticSetup:
    """A critic ready to look.

    Attributes:
        ports: its models and words.
        card: what calibration says of it.
        height_px: of the frames that it is shown, None for the clip's own.
        pictured: whether it compares people with the reference pictures of the page.
        root: the story's folder, in which its pictures are.
    """

    ports: CriticPorts
    card: CriticCard
    height_px: int | None = None
    pictured: bool = False
    root: Path = Path()


class CriticMeasurer:
    """Measures clips. The critic is loaded when it first has to look.

    Raises:
        WeightsError: from every method, where the critic's weights or its card are missing.
        VideoError: from every method, where a clip cannot be read.
    """

    def __init__(self, load: Callable[[], CriticSetup]) -> None:
        self._load = load

    @cached_property
    def _setup(self) -> CriticSetup:
        with importing_alone():
            return self._load()

    def measure(self, shot: ShotPlan, clip: Clip) -> tuple[Measurement, ...]:
        """Return one measurement for each of the shot's assertions, in their order.

        After them comes one for each technical fault of the clip; a sound clip has none.
        """
        return self.measure_frames(shot, self._frames(clip), clip.fps) if shot.assertions else ()

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> tuple[Measurement, ...]:
        """Return one measurement for each `join` assertion of the shot, in their order.

        `before` is the clip that the film shows before this one.
        """
        if not any(a.metric == "join" for a in shot.assertions):
            return ()
        return self.measure_cut(shot, self._frames(before), self._frames(clip), clip.fps)

    def measure_identity(
        self, shot: ShotPlan, clip: Clip, earlier: Sequence[tuple[ShotPlan, Clip]]
    ) -> tuple[Measurement, ...]:
        """Return one measurement for each `identity` assertion of the shot, in their order.

        Args:
            earlier: shots before this one, each with the clip that the film shows of it.
        """
        wanted = [a for a in shot.assertions if a.metric == "identity"]
        if not wanted or not self._setup.pictured:
            return ()
        pictures = self._pictures_of(earlier)
        looked = self._look(shot, self._frames(clip), clip.fps, pictures)
        return tuple(self._measured(a, partial(_value, looked, a)) for a in wanted)

    def _pictures_of(
        self, shots: Sequence[tuple[ShotPlan, Clip]]
    ) -> dict[str, tuple[Picture, ...]]:
        """Return how everybody looks in some shots, by id; nothing of who is not itself there."""
        found: dict[str, tuple[Picture, ...]] = {}
        for shot, clip in shots:
            looked = self._look(shot, self._frames(clip), clip.fps)
            for entity in shot.entities:
                pictures = recognition.pictures_of(looked, entity)
                if pictures:
                    found[entity.id] = (*found.get(entity.id, ()), *pictures)
        return found

    def _frames(self, clip: Clip) -> Frames:
        height = self._setup.height_px or clip.height
        width = round(clip.width * height / clip.height / 2) * 2
        return read_video(clip.path, width_px=width, height_px=height).frames

    def read(self, path: str | Path) -> Video:
        """Return any video at the size that the critic looks at.

        Raises:
            VideoError: it cannot be read.
        """
        height = self._setup.height_px
        if height is None:
            return read_video(path)
        native = read_video(path, most_frames=1).frames[0]
        width = round(native.shape[1] * height / native.shape[0] / 2) * 2
        return read_video(path, width_px=width, height_px=height)

    def measure_frames(self, shot: ShotPlan, frames: Frames, fps: float) -> tuple[Measurement, ...]:
        """Return the measurements of a shot that these frames show, as `measure` does."""
        looked = self._look(shot, frames, fps)
        asked = (self._measured(a, partial(_value, looked, a)) for a in shot.assertions)
        return (*asked, *_faults(looked))

    def measure_cut(
        self, shot: ShotPlan, before: Frames, frames: Frames, fps: float
    ) -> tuple[Measurement, ...]:
        """Return the measurements of the cut between two stretches, as `measure_join` does."""
        wanted = [a for a in shot.assertions if a.metric == "join"]
        last, first = self._look(shot, before, fps), self._look(shot, frames, fps)
        return tuple(self._measured(a, partial(metrics.join, last, first)) for a in wanted)

    def _look(
        self,
        shot: ShotPlan,
        frames: Frames,
        fps: float,
        earlier: Mapping[str, tuple[Picture, ...]] | None = None,
    ) -> ClipView:
        setup = self._setup
        at = evenly(len(frames))
        footage = SampledFrames(frames[list(at)], at, tuple(i / fps for i in at))
        ports = setup.ports
        if setup.pictured:
            pictures = {
                e.id: tuple(_picture(setup.root / one) for one in e.references)
                for e in shot.entities
            }
            ports = replace(ports, references={k: v for k, v in pictures.items() if v})
        return ClipView(shot, footage, ports, earlier)

    def _measured(self, wanted: Assertion, look: Callable[[], Value]) -> Measurement:
        card = self._setup.card
        threshold = card.threshold(wanted.metric, wanted.threshold, wanted.comparison)
        try:
            seen = look()
        except NotMeasurable as why:
            return _unmeasured(wanted, threshold, f"not measured: {why}")
        if threshold is None:
            return _unmeasured(wanted, None, "not measured: no threshold is known")
        return judged(wanted, seen, threshold, binds=card.binds(wanted.metric))


# Why a contest that was lost is no failure, where it reaches its threshold: by who set that.
_ENOUGH = {True: "it reaches what the page asks", False: "right clips come out like this too"}


def judged(
    wanted: Assertion, seen: Value, threshold: Threshold, *, binds: bool = True
) -> Measurement:
    """Return a value with its verdict.

    A contest that was lost is never a pass: it fails, or says nothing where it is a close one
    that reaches the threshold. One that was won is never a failure by a calibrated threshold.
    """
    met, words = threshold.met(seen.value), seen.explanation
    passed: bool | None = met
    if seen.contest and threshold.comparison in (">=", ">"):
        if seen.rival and seen.doubt:
            passed, words = None, f"{words}; not called, for {seen.doubt}"
        elif met and seen.rival:
            passed = None if seen.close else False
            words += f"; not called, for {_ENOUGH[threshold.written]}" if seen.close else ""
        elif not met and not seen.rival and not threshold.written:
            passed, words = None, f"{words}; too faint to call"
    if passed is False and not binds and not threshold.written:
        passed, words = None, f"{words}; shown only, for this check raises too many false alarms"
    return Measurement(
        assertion=wanted.id,
        metric=wanted.metric,
        subject=wanted.subject,
        value=min(1.0, max(0.0, seen.value)),
        threshold=threshold.value,
        threshold_origin=threshold.origin,
        passed=passed,
        explanation=words,
        rival=seen.rival if passed is False else "",
        frames=seen.frames,
        span=wanted.span,
    )


def _unmeasured(wanted: Assertion, threshold: Threshold | None, why: str) -> Measurement:
    return Measurement(
        assertion=wanted.id,
        metric=wanted.metric,
        subject=wanted.subject,
        value=None,
        threshold=threshold.value if threshold else None,
        threshold_origin=threshold.origin if threshold else "",
        passed=None,
        explanation=why,
        span=wanted.span,
    )


def _faults(looked: ClipView) -> Iterator[Measurement]:
    moves = any(not looked.ports.wording.rests(beat) for beat in looked.shot.beats)
    for number, (words, value, frames) in enumerate(
        movement.faults(looked.footage, moves=moves), start=1
    ):
        yield Measurement(
            assertion=f"{looked.shot.id}/{TECHNICAL}.{number}",
            metric=TECHNICAL,
            value=min(value, 0.99),
            threshold=1.0,
            threshold_origin="by arithmetic on the pixels",
            passed=False,
            explanation=words,
            frames=frames,
            span=looked.shot.span,
        )


def require_words(looked: ClipView, wanted: Assertion) -> None:
    """Make sure that a critic has words for whom an assertion speaks of.

    Raises:
        NotMeasurable: it has none.
    """
    wording = looked.ports.wording
    for named in (wanted.subject, wanted.other):
        entity = next((e for e in looked.shot.entities if e.id == named), None)
        if entity is not None and wanted.metric == "present":
            wording.kind(entity)
        elif entity is not None:
            wording.target(entity)


def _value(looked: ClipView, wanted: Assertion) -> Value:
    require_words(looked, wanted)
    if wanted.metric in RELATIONS:
        return metrics.relation(looked, wanted)
    if wanted.metric == "join":
        raise NotMeasurable("a join needs the shot before")
    if wanted.metric not in metrics.METRICS_OF_A_CLIP:
        raise NotMeasurable(f"this critic does not measure {wanted.metric}")
    return metrics.METRICS_OF_A_CLIP[wanted.metric](looked, wanted)


@lru_cache(maxsize=64)
def _picture(path: Path) -> Picture:
    """Read a reference picture as [h, w, 3] uint8.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with Image.open(path) as opened:
            return np.asarray(opened.convert("RGB"))
    except OSError as error:
        raise InputError(f"the reference picture {path} cannot be read: {error}") from error


@lru_cache(maxsize=8)
def evenly(frames: int) -> tuple[int, ...]:
    """Return the numbers of the frames that are looked at: all of a short clip, else `LOOKS`."""
    if frames <= LOOKS:
        return tuple(range(frames))
    return tuple(round(i * (frames - 1) / (LOOKS - 1)) for i in range(LOOKS))
