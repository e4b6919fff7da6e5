"""The events of a run -> what is going on, how much of the film is done, and the time left.

The time left of a stage is told from its own steps, else from what the stage took before: in this
run, or in earlier ones. A film's is told from the shots that are still to be drawn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean

from ..tools.stages.runner import (
    Event,
    ShotsPlanned,
    StageAdvanced,
    StageFinished,
    StageStarted,
)

# Stage -> what is going on, and what is done.
STAGE_WORDS = {
    "plan": ("planning", "planned"),
    "animatic": ("sketching", "sketched"),
    "storyboard": ("drawing the storyboard", "drawn"),
    "library": ("preparing the library", "ready"),
    "retrieve": ("searching the library", "found"),
    "adapt": ("training", "trained"),
    "voice": ("speaking", "spoken"),
    "trial": ("drawing a trial", "drawn"),
    "render": ("rendering", "rendered"),
    "measure": ("measuring", "measured"),
    "cut": ("cutting", "cut"),
}

# What is no stage of a film, and ends with its last step: nobody reports it as finished.
ENDS_WITH_ITS_STEPS = frozenset({"library", "storyboard", "trial"})


def clock_words(seconds: float) -> str:
    """Return a time as a clock shows it: 03:10, or 1:02:05 from an hour on."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes:02}:{whole % 60:02}"


@dataclass(slots=True)
class _Work:
    """A stage that is going on; a part of it with steps of its own began when the last one ended.

    What was done of a part when it was first heard of, such as by a run that was stopped, tells
    nothing of its pace.
    """

    began_s: float
    done: int = 0
    total: int | None = None
    note: str = ""
    part_s: float = 0.0
    heard_s: float = 0.0
    first: int = 0
    first_s: float = 0.0

    def advance(self, now_s: float, done: int, total: int, note: str) -> None:
        if total != self.total:
            self.part_s = self.began_s if self.total is None else self.heard_s
            self.first, self.first_s = done, now_s
        self.done, self.total, self.note, self.heard_s = done, total, note, now_s

    def left_s(self, now_s: float) -> float | None:
        """Return how long its part still takes by its own steps; None before the first."""
        if not self.done or not self.total:
            return None
        if self.done > self.first:
            pace_s = (self.heard_s - self.first_s) / (self.done - self.first)
            return max(0.0, pace_s * (self.total - self.done) - (now_s - self.heard_s))
        return (now_s - self.part_s) / self.done * (self.total - self.done)


class RunProgress:
    """What is known of a run at a moment; the screen tells it every event."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        paces: Callable[[], Mapping[str, float]] = dict,
    ) -> None:
        """Begin with nothing.

        Args:
            clock: the time in seconds, as it passes.
            paces: returns how many seconds each stage took in earlier runs; asked once, when the
                first stage begins to be made.
        """
        self._clock, self._paces = clock, paces
        self._earlier: Mapping[str, float] | None = None
        self._going: dict[tuple[str, str | None], _Work] = {}
        self._shots: tuple[str, ...] = ()
        self._drawn: set[str] = set()
        self._made_s: dict[str, list[float]] = {}

    def report(self, event: Event) -> None:
        """Take an event into account."""
        match event:
            case ShotsPlanned(shots=shots):
                self._shots = shots
            case StageStarted(stage=stage, shot=shot):
                if self._earlier is None:
                    self._earlier = self._paces()
                self._going[stage, shot] = _Work(self._clock())
            case StageAdvanced(stage=stage, shot=shot, done=done, total=total, note=note):
                work = self._going.setdefault((stage, shot), _Work(self._clock()))
                work.advance(self._clock(), done, total, note)
                if stage in ENDS_WITH_ITS_STEPS and done == total:
                    del self._going[stage, shot]
            case StageFinished(record=record):
                self._going.pop((record.stage, record.shot), None)
                if not record.cached:
                    self._made_s.setdefault(record.stage, []).append(record.seconds)
                if record.stage == "render" and record.shot:
                    self._drawn.add(record.shot)

    @property
    def shots(self) -> int:
        """How many shots the film has; 0 where that is not known yet."""
        return len(self._shots)

    @property
    def drawn(self) -> int:
        """How many shots of the film have a take."""
        return sum(shot in self._drawn for shot in self._shots)

    def elapsed_s(self, stage: str, shot: str | None) -> float:
        """Return how long a stage has been going on."""
        work = self._going.get((stage, shot))
        return self._clock() - work.began_s if work else 0.0

    def left_s(self, stage: str, shot: str | None) -> float | None:
        """Return how long a stage still takes; None where nothing tells."""
        work = self._going.get((stage, shot))
        if work is None:
            return None
        by_steps = work.left_s(self._clock())
        if by_steps is not None:
            return by_steps
        pace_s = self._pace_s(stage)
        return None if pace_s is None else max(0.0, pace_s - (self._clock() - work.began_s))

    def film_left_s(self) -> float | None:
        """Return how long the film still takes, as far as one can tell; None where nothing tells.

        Motions that are not being taught yet and further takes are not counted.
        """
        going = list(self._going)
        begun = {shot for stage, shot in going if stage == "render"}
        waiting = sum(s not in self._drawn and s not in begun for s in self._shots)
        pace_s = self._pace_s("render")
        if not self._shots or (waiting and pace_s is None):
            return None
        left = [self.left_s(stage, shot) for stage, shot in going]
        return waiting * ((pace_s or 0.0) + (self._pace_s("measure") or 0.0)) + sum(
            seconds for seconds in left if seconds is not None
        )

    def film_words(self) -> str:
        """Return how much of the film is done: "2 of 7 shots drawn"."""
        return f"{self.drawn} of {self.shots} shot{'s' * (self.shots != 1)} drawn"

    def line(self) -> str | None:
        """Return what is going on in one line, with the time left; None where nothing is."""
        going = list(self._going)
        if not going:
            return None
        left_s = self.film_left_s()
        film = self.film_words() if self._shots else ""
        film += f", about {clock_words(left_s)} left" if film and left_s is not None else ""
        return "; ".join(filter(None, (film, *(self._words(*key) for key in going))))

    def _words(self, stage: str, shot: str | None) -> str:
        words = STAGE_WORDS[stage][0] + (f" shot {shot}" if shot else "")
        return ", ".join((words, *self._facts(stage, shot)))

    def _facts(self, stage: str, shot: str | None) -> Iterator[str]:
        work = self._going.get((stage, shot))
        if work and work.total:
            yield f"{work.done} of {work.total}"
        if work and work.note:
            yield work.note
        left_s = self.left_s(stage, shot)
        if left_s is not None:
            yield f"{clock_words(left_s)} left"
        else:
            yield f"{clock_words(self.elapsed_s(stage, shot))} so far"

    def _pace_s(self, stage: str) -> float | None:
        """Return how long one job of a stage takes: in this run, else in earlier ones."""
        made = self._made_s.get(stage)
        return fmean(made) if made else (self._earlier or {}).get(stage)
