"""A rendered clip and its shot's assertions -> measurements, by the storybook critic.

Every value is a comparison: the right text against wrong ones, a box that was found against the
one that was planned. Thresholds come from the writer, or from the critic's card, where they were
calibrated on clips known to be good and bad. What cannot be judged has no value, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

from ...engine.storybook.critic.model import Critic, load_critic, read_card
from ...engine.storybook.critic.viewing import HEIGHT_PX, CriticView
from ...engine.storybook.weights import FOLDER
from ...engine.storybook.world.vocabulary import CHARACTERS, PLACES
from ...engine.video import read_video
from ...film import Clip, Measurement
from ...plan import Assertion, Entity, ShotPlan
from ...story import RELATIONS
from . import metrics
from .evidence import ClipView, NotMeasurable, Value

LOOKS = 25  # frames looked at, at most
# A relation is measured as the part of the frames in which it holds.
RELATION_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a value has to reach, in which sense, and who says so."""

    value: float
    comparison: str
    origin: str

    def met(self, value: float) -> bool:
        """Return whether a value passes; equality is meant to two decimals."""
        tests: dict[str, bool] = {
            ">=": value >= self.value,
            ">": value > self.value,
            "<=": value <= self.value,
            "<": value < self.value,
            "==": abs(value - self.value) < 0.005,
        }
        return tests[self.comparison]


class StorybookMeasurer:
    """Measures clips of the storybook world. The critic is loaded when it first has to look.

    Args:
        folder: of the critic's weights and its card.

    Raises:
        WeightsError: from every method, where the critic's weights or its card are missing.
        VideoError: from every method, where a clip cannot be read.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def _critic(self) -> Critic:
        return load_critic(self._folder)

    @cached_property
    def _card(self) -> dict[str, dict[str, float]]:
        return read_card(self._folder)

    def measure(self, shot: ShotPlan, clip: Clip) -> tuple[Measurement, ...]:
        """Return one measurement for each of the shot's assertions, in their order."""
        if not shot.assertions:
            return ()
        looked = self._look(shot, clip)
        strangers = {e.id: why for e in shot.entities if (why := _stranger(e))}
        place = _unknown_place(shot)
        return tuple(
            _unmeasured(a, strangers, place) or self._measured(a, partial(_value, looked, a))
            for a in shot.assertions
        )

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> tuple[Measurement, ...]:
        """Return one measurement for each `join` assertion of the shot, in their order.

        `before` is the clip that the film shows before this one.
        """
        wanted = [a for a in shot.assertions if a.metric == "join"]
        if not wanted:
            return ()
        last, first = self._look(shot, before), self._look(shot, clip)
        return tuple(self._measured(a, partial(metrics.join, last, first)) for a in wanted)

    def _look(self, shot: ShotPlan, clip: Clip) -> ClipView:
        width = round(clip.width * HEIGHT_PX / clip.height / 2) * 2
        frames = read_video(clip.path, width_px=width, height_px=HEIGHT_PX).frames
        at = _evenly(len(frames))
        return ClipView(
            shot=shot,
            viewing=CriticView(self._critic, frames[list(at)]),
            numbers=at,
            times_s=tuple(i / clip.fps for i in at),
        )

    def _measured(self, wanted: Assertion, look: Callable[[], Value]) -> Measurement:
        try:
            seen = look()
        except NotMeasurable as why:
            return _measurement(wanted, None, self._threshold(wanted), f"not judged: {why}")
        return _measurement(wanted, seen, self._threshold(wanted), seen.explanation)

    def _threshold(self, wanted: Assertion) -> Threshold | None:
        """Return the writer's threshold, else the calibrated one, None for what nobody measures."""
        comparison = wanted.comparison or ">="
        if wanted.threshold is not None:
            return Threshold(wanted.threshold, comparison, "asked for on the page")
        if wanted.metric in RELATIONS:
            return Threshold(RELATION_THRESHOLD, ">=", "true in at least half of the frames")
        calibrated = self._card["thresholds"].get(wanted.metric)
        if calibrated is None:
            return None
        good = self._card["known_good"].get(wanted.metric, 0.0)
        bad = self._card["known_bad"].get(wanted.metric, 0.0)
        origin = f"calibrated: {good:.0%} of known-good and {bad:.0%} of known-bad clips reach it"
        return Threshold(calibrated, comparison, origin)


def _stranger(entity: Entity) -> str | None:
    """Return why nothing is measured of somebody: the world or the critic does not know it."""
    if entity.character is None:
        return f"storybook cannot draw {entity.look}"
    if entity.character not in CHARACTERS:
        return "the critic was never taught people"
    return None


def _unknown_place(shot: ShotPlan) -> str | None:
    """Return why a place is not measured: it is drawn, and the critic was never taught it."""
    if shot.place_id is None or shot.place_id in PLACES:
        return None
    return f"the critic was never taught {shot.background}"


def _unmeasured(
    wanted: Assertion, strangers: Mapping[str, str], place: str | None
) -> Measurement | None:
    """Return that nothing is measured of what world or critic lack, None for all others.

    Args:
        wanted: what is asked of the shot.
        strangers: why nothing is measured of somebody, by id.
        place: why the place is not measured, None where it is.
    """
    whom = next((e for e in (wanted.subject, wanted.other) if e in strangers), None)
    why = strangers[whom] if whom is not None else None
    if wanted.metric in ("place", "text"):
        why = why or place
    if wanted.metric == "text" and strangers:
        why = why or next(iter(strangers.values()))
    return _measurement(wanted, None, None, f"not measured: {why}") if why else None


def _measurement(
    wanted: Assertion, seen: Value | None, threshold: Threshold | None, explanation: str
) -> Measurement:
    judged = seen is not None and threshold is not None
    return Measurement(
        assertion=wanted.id,
        metric=wanted.metric,
        subject=wanted.subject,
        value=min(1.0, max(0.0, seen.value)) if seen and judged else None,
        threshold=threshold.value if threshold else None,
        threshold_origin=threshold.origin if threshold else "",
        passed=threshold.met(seen.value) if seen and threshold else None,
        explanation=explanation if judged or seen is None else "not judged: no threshold is known",
        frames=seen.frames if seen else (),
        span=wanted.span,
    )


def _value(looked: ClipView, wanted: Assertion) -> Value:
    if wanted.metric in RELATIONS:
        return metrics.relation(looked, wanted)
    if wanted.metric == "join":
        raise NotMeasurable("a join needs the shot before")
    if wanted.metric not in metrics.READINGS:
        raise NotMeasurable(f"this critic does not measure {wanted.metric}")
    return metrics.READINGS[wanted.metric](looked, wanted)


@lru_cache(maxsize=8)
def _evenly(frames: int) -> tuple[int, ...]:
    """Return the numbers of the frames that are looked at: all of a short clip, else `LOOKS`."""
    if frames <= LOOKS:
        return tuple(range(frames))
    return tuple(round(i * (frames - 1) / (LOOKS - 1)) for i in range(LOOKS))
