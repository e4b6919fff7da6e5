"""A story of two walks of a fox -> its film by the animatic, and what an observer heard."""

from __future__ import annotations

import json
from pathlib import Path

from dreamrunner.production.facade import render_story
from dreamrunner.production.keeping.outcome import RenderResult
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, StageFinished

STORY = """\
Title: Two Walks
Seed: 5

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.

FOX
Hello.

EXT. BEACH - DAY #2#
@duration 0.5s

The FOX jumps.

@expect motion.FOX >= 0.5
"""

PAGES = (
    "film.mp4", "film.srt", "film.json", "plan.json", "storyboard.png", "report.html", "run.json",
    "story.lock",
)  # fmt: skip


class Watcher:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.events.append(event)

    def made(self) -> list[tuple[str, str | None]]:
        """Return the stages that were made, not those that were kept from before."""
        records = [event.record for event in self.events if isinstance(event, StageFinished)]
        return [(record.stage, record.shot) for record in records if not record.cached]


def render(story: Path, settings: Settings) -> tuple[RenderResult, Watcher]:
    watcher = Watcher()
    return render_story(story, settings, watcher), watcher


def account(outcome: RenderResult) -> dict[str, object]:
    return json.loads(outcome.run.read_text(encoding="utf-8"))
