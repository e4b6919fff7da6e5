"""Distributions over texts -> who won a contest, by how much, and in a writer's words."""

from __future__ import annotations

from dataclasses import dataclass

from .ports import Chances, Contest


@dataclass(frozen=True, slots=True)
class ContestScores:
    """How likely the right text is against the wrong ones, frame by frame.

    `rival` is the wrong text that comes nearest over all frames, and `rival_value` its part; `seen`
    counts the frames in which the right text is the likeliest.
    """

    right: str
    values: tuple[float, ...]
    rival: str
    rival_value: float
    seen: int

    @property
    def mean(self) -> float:
        return sum(self.values) / len(self.values)

    @property
    def wins(self) -> bool:
        """Whether the right text is the likeliest of all, in some frame at least."""
        return self.mean > self.rival_value and self.seen > 0

    @property
    def lost_to(self) -> str:
        """The text that the right one lost to, empty where it won."""
        return "" if self.wins else self.rival

    @property
    def words(self) -> str:
        """Say what came out: `"a fox" beats "a bear", 0.80 to 0.10`."""
        if self.seen == 0 and self.mean > self.rival_value:
            return f'"{self.right}" is the likeliest in no frame, {self.mean:.2f} over all'
        verb = "beats" if self.wins else "loses to"
        return f'"{self.right}" {verb} "{self.rival}", {self.mean:.2f} to {self.rival_value:.2f}'


def summed(likely: Chances, contest: Contest) -> ContestScores:
    """Sum up distributions [n, 1 + K] whose first text is the right one."""
    others = likely[:, 1:].mean(0)
    at = int(others.argmax())
    seen = int((likely.argmax(1) == 0).sum())
    values = tuple(float(v) for v in likely[:, 0])
    return ContestScores(contest.right, values, contest.wrong[at], float(others[at]), seen)
