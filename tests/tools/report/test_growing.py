"""A report is there from the first take on, and never costs more than a tenth of a render."""

from __future__ import annotations

from dreamrunner.film import Clip, Take, Verdict
from dreamrunner.tools.report.growing import GrowingReport, best_so_far


def test_it_is_written_at_once_and_then_as_often_as_costs_little() -> None:
    now, events = [0.0], []

    def write() -> None:
        now[0] += 2.0
        events.append(now[0])

    report = GrowingReport(
        write, written_first=lambda: events.append("there"), clock=lambda: now[0]
    )
    for second in (0, 5, 21, 22, 30, 43, 44, 45):
        now[0] = max(now[0], float(second))
        report.add_take()
    # Written from 0 to 2, from 22 (2 + 10 x 2) to 24, from 44 to 46.
    assert events == [2.0, "there", 24.0, 46.0]


def take(shot: str, number: int, score: float) -> Take:
    clip = Clip(shot=shot, path="", key="", frames=1, fps=1, width=1, height=1)
    verdict = Verdict(shot=shot, measurements=(), score=score)
    return Take(shot=shot, number=number, seed=0, clip=clip, verdict=verdict)


def test_the_best_take_of_each_shot_so_far_is_shown() -> None:
    takes = [take("1.1", 1, 0.4), take("2.1", 1, 0.9), take("1.1", 2, 0.7), take("1.1", 3, 0.7)]
    kept = [(t.shot, t.number) for t in best_so_far(takes) if t.kept]
    assert kept == [("2.1", 1), ("1.1", 2)]
