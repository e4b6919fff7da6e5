"""The card beside a critic's weights -> its thresholds, where they come from, and what they bind.

A kind of check that finds too few of the broken clips, at a precision of 90 %, is shown beside the
others and fails no shot: its alarms would cost more takes than they save.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...story import RELATIONS

# A relation is measured as the part of the frames in which it holds.
RELATION_THRESHOLD = 0.5
# At a precision of `PRECISION`. Half, and what some sixty clips cannot tell from half.
LEAST_RECALL = 0.6
PRECISION = 0.9
PAGE = "asked for on the page"


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

    @property
    def written(self) -> bool:
        """Whether the writer asked for it."""
        return self.origin == PAGE


@dataclass(frozen=True, slots=True)
class CriticCard:
    """What calibration found out about a critic, by metric.

    `recall` is the share of broken clips that a metric finds at a precision of 90 %; a metric that
    it lacks was never held against broken clips by that measure. `origin` says where thresholds
    come from that no clips were measured for.
    """

    thresholds: Mapping[str, float]
    known_good: Mapping[str, float] = field(default_factory=dict)
    known_bad: Mapping[str, float] = field(default_factory=dict)
    recall: Mapping[str, float] = field(default_factory=dict)
    origin: str = ""

    @classmethod
    def read(cls, card: Mapping[str, Mapping[str, float]], origin: str = "") -> CriticCard:
        """Return the card of a parsed `critic.json`."""
        return cls(
            thresholds=card["thresholds"],
            known_good=card.get("known_good", {}),
            known_bad=card.get("known_bad", {}),
            recall=card.get("recall_at_90", {}),
            origin=origin,
        )

    def binds(self, metric: str) -> bool:
        """Say whether a failure by the calibrated threshold of a metric fails a shot."""
        return self.recall.get(metric, 1.0) >= LEAST_RECALL

    def threshold(
        self, metric: str, asked: float | None, comparison: str | None
    ) -> Threshold | None:
        """Return the writer's threshold, else the calibrated one, None for what has neither."""
        if asked is not None:
            return Threshold(asked, comparison or ">=", PAGE)
        if metric in RELATIONS:
            return Threshold(RELATION_THRESHOLD, ">=", "true in at least half of the frames")
        calibrated = self.thresholds.get(metric)
        if calibrated is None:
            return None
        origin = self.origin
        if metric in self.known_good:
            good, bad = self.known_good[metric], self.known_bad.get(metric, 0.0)
            origin = (
                f"calibrated: {good:.0%} of known-good and {bad:.0%} of known-bad clips reach it"
            )
        return Threshold(calibrated, comparison or ">=", origin)
