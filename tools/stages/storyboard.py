"""Plan -> its storyboard as pictures and as a page; every page that is done is reported."""

from __future__ import annotations

from pathlib import Path

from ...plan import Plan
from ..storyboard.page import write_storyboard_page
from ..storyboard.picture import draw_storyboard
from .runner import Observer, StageAdvanced, StageStarted


def draw_pictures(plan: Plan, target: Path, observer: Observer) -> tuple[Path, ...]:
    """Draw the pictures alone and return them: `target`, more where the plan is long.

    Whoever stops the work between two pages keeps those that are done, each of them whole.

    Raises:
        OutputError: a picture cannot be written.
    """
    observer.report(StageStarted("storyboard", None))
    return draw_storyboard(
        plan,
        path=target,
        on_page=lambda done, total: observer.report(StageAdvanced("storyboard", None, done, total)),
    )


def draw_pictures_and_page(plan: Plan, target: Path, observer: Observer) -> tuple[Path, ...]:
    """Draw the pictures and the HTML page beside them, and return all.

    Raises:
        OutputError: one of them cannot be written.
    """
    shots = len(plan.shots)
    observer.report(StageStarted("storyboard", None))

    def report(done: int, total: int) -> None:
        observer.report(StageAdvanced("storyboard", None, done, 2 * total))

    pictures = draw_storyboard(plan, path=target, on_page=report)
    page = target.with_suffix(".html")
    # Every shot is drawn once more for the page.
    write_storyboard_page(plan, page, on_shot=lambda done, total: report(shots + done, total))
    return (*pictures, page)
