"""A long storyboard tells how far it is, and whoever stops it keeps the pages that are done."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.plan import Plan, ScenePlan
from dreamrunner.tools.stages.runner import Event, StageAdvanced, StageStarted
from dreamrunner.tools.stages.storyboard import draw_pictures, draw_pictures_and_page
from dreamrunner.tools.storyboard.picture import SHOTS_A_PAGE


class Heard:
    """Keeps events, and stops the work after some of them as Ctrl-C does."""

    def __init__(self, most: int = 1000) -> None:
        self.events: list[Event] = []
        self._most = most

    def report(self, event: Event) -> None:
        self.events.append(event)
        if len(self.events) == self._most:
            raise KeyboardInterrupt


def long_plan(plan: Plan, shots: int) -> Plan:
    shot = plan.shots[0]
    copies = tuple(shot.model_copy(update={"id": f"1.{number}"}) for number in range(shots))
    scene = ScenePlan(id="1", heading="EXT. RIVER", place="river", shots=copies)
    return plan.model_copy(update={"scenes": (scene,)})


def test_every_page_is_reported(plan: Plan, tmp_path: Path) -> None:
    heard, shots = Heard(), SHOTS_A_PAGE + 2
    pictures = draw_pictures(long_plan(plan, shots), tmp_path / "board.png", heard)
    assert [path.name for path in pictures] == ["board.png", "board-2.png"]
    assert heard.events == [
        StageStarted("storyboard", None),
        StageAdvanced("storyboard", None, SHOTS_A_PAGE, shots),
        StageAdvanced("storyboard", None, shots, shots),
    ]


def test_the_page_beside_the_pictures_is_the_other_half(plan: Plan, tmp_path: Path) -> None:
    heard = Heard()
    made = draw_pictures_and_page(long_plan(plan, 3), tmp_path / "board.png", heard)
    assert [path.name for path in made] == ["board.png", "board.html"]
    done = [(e.done, e.total) for e in heard.events if isinstance(e, StageAdvanced)]
    assert done == [(3, 6), (4, 6), (5, 6), (6, 6)]


def test_whoever_stops_keeps_whole_pages(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        draw_pictures_and_page(
            long_plan(plan, SHOTS_A_PAGE + 1), tmp_path / "board.png", Heard(most=2)
        )
    assert [path.name for path in tmp_path.iterdir()] == ["board.png"]
    with Image.open(tmp_path / "board.png") as page:
        page.load()
