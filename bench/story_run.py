"""A studio + a budget -> the figures of a run, in order of worth, each as soon as it is there.

A run that is stopped, or that reaches its budget, goes on from the store; what was not made yet is
named in the figures.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.miniature.capabilities import GUIDANCE, STEPS
from ..engine.miniature.judge import MiniatureJudge
from . import questions
from .rows import BEST, BOTH, DRAWN, PLAIN, REGIONS, REPLANNED, RESEEDED, RETRIEVED, Row
from .scoring import FigureScore, Frames, JoinScore, Scorer, ShotScore
from .studio import Studio, write_library

if TYPE_CHECKING:
    from ..plan import Plan, ShotPlan

CORE = (PLAIN, BEST, REGIONS)
LONG = 9  # scenes; longer stories come last
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is asked: the first stories, scenes of each question, and whether adapters are."""

    stories: int = 12
    leaks: int = 4
    occluded: int = 12
    adapters: bool = True
    steps: int = STEPS


QUICK = Amount(stories=4, leaks=1, occluded=0, adapters=False)


@dataclass
class StoryFigures:
    """What was found so far, and what was not made yet."""

    shots: list[ShotScore] = field(default_factory=list)
    joins: list[JoinScore] = field(default_factory=list)
    leaks: list[questions.Leak] = field(default_factory=list)
    occlusion: list[questions.Occluded] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    processor_s: float = 0.0

    def plain(self) -> dict[str, object]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def read(cls, path: Path) -> StoryFigures:
        """Return figures that `write` kept."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        shots = [
            ShotScore(**{**one, "figures": tuple(FigureScore(**f) for f in one["figures"])})
            for one in kept["shots"]
        ]
        return cls(
            shots, [JoinScore(**one) for one in kept["joins"]],
            [questions.Leak(**one) for one in kept["leaks"]],
            [questions.Occluded(**one) for one in kept["occlusion"]],
            kept["not_run"], kept["processor_s"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of work: its name, about how many clips it makes, and what it does."""

    name: str
    clips: int
    work: Callable[[], None]


class StoryRun:
    """One run over planned stories."""

    def __init__(
        self, studio: Studio, scorer: Scorer, judge: MiniatureJudge, plans: dict[str, Plan],
        library: Path, amount: Amount, say: Say,
    ) -> None:  # fmt: skip
        self._studio, self._scorer, self._judge = studio, scorer, judge
        self._plans, self._library = plans, library
        self._amount, self._say = amount, say
        self._takes: dict[tuple[str, str], int] = {}
        self.figures = StoryFigures()
        self.strips: dict[str, list[Frames]] = {}

    def run(self, minutes: float | None, keep: Callable[[StoryFigures], None]) -> StoryFigures:
        """Do what fits into a budget of the processor's minutes; `keep` is called after each."""
        began = time.process_time()
        for unit in self.units():
            spent = time.process_time() - began
            if minutes is not None and spent >= 60 * minutes:
                self.figures.not_run.append(unit.name)
                continue
            self._say(f"{unit.name}: up to {unit.clips} clips")
            unit.work()
            self.figures.processor_s = round(time.process_time() - began, 1)
            keep(self.figures)
        return self.figures

    def units(self) -> Iterator[Unit]:
        """Yield all work, what says most first."""
        short = {n: p for n, p in self._plans.items() if len(p.scenes) < LONG}
        long = {n: p for n, p in self._plans.items() if n not in short}
        yield from self._stories(self._plans, DRAWN)
        for row in CORE:
            yield from self._stories(short, row)
        count = self._amount.leaks
        yield Unit("leaks between regions", count * 2 * len(questions.LAYERS), self._leaks)
        if self._amount.adapters:
            yield Unit("adapters of held-out motions", 0, self._learn)
            for row in (BOTH, RETRIEVED):
                yield from self._stories(short, row)
        for row in (REPLANNED, RESEEDED):
            yield from self._stories(short, row)
        if self._amount.occluded:
            clips = self._amount.occluded * len(questions.OVERLAPS) * len(questions.MODES)
            yield Unit("occlusion", clips, self._occlusion)
        for row in (*CORE, BOTH, RETRIEVED, REPLANNED, RESEEDED):
            if self._amount.adapters or not row.adapters:
                yield from self._stories(long, row)

    def _stories(self, plans: dict[str, Plan], row: Row) -> Iterator[Unit]:
        for name, plan in plans.items():
            most = {"one": 1, "drawn": 0}.get(row.takes, max(shot.tries for shot in plan.shots))
            yield Unit(f"{row.name}: {name}", most * len(plan.shots), self._story(name, plan, row))

    def _story(self, name: str, plan: Plan, row: Row) -> Callable[[], None]:
        def work() -> None:
            before: tuple[ShotPlan, Frames] | None = None
            for shot in plan.shots:
                takes = self._takes.get((name, shot.id), 1)
                made = self._studio.made(shot, row, takes)
                if row.takes == "re-planned":
                    self._takes[name, shot.id] = made.takes
                score = self._scorer.shot(name, row.name, shot, made.frames, made.takes)
                self.figures.shots.append(score)
                if before is not None and before[0].place_id == shot.place_id:
                    join = self._scorer.join(name, row.name, shot, before[1], made.frames)
                    self.figures.joins.append(join)
                before = shot, made.frames
                self.strips.setdefault(row.name, []).append(made.frames)

        return work

    def _learn(self) -> None:
        write_library(self._library)
        self._studio.learn(self._library)

    def _leaks(self) -> None:
        found = questions.leaks(
            self._studio.frames, self._amount.leaks, self._amount.steps, GUIDANCE
        )
        self.figures.leaks.extend(found)

    def _occlusion(self) -> None:
        found = questions.occlusion(
            self._studio.frames, self._judge, self._amount.occluded, self._amount.steps, GUIDANCE
        )
        self.figures.occlusion.extend(found)
