"""Given the stories that come along, expect that the embedded world can draw every one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.engine.storybook.capabilities import storybook_capabilities
from dreamrunner.production.facade import check_story

FOLDER = Path(__file__).resolve().parents[2] / "stories"
STORIES = sorted([*FOLDER.glob("*.story"), *FOLDER.glob("*.fountain")])
# A motion drawn as another, an animal seen whole and scenery that stirs are told, and no mistakes.
_SHOWN_OTHERWISE = {"W136", "W140", "W148"}


def test_there_are_stories_of_different_kinds() -> None:
    assert {"fox", "crowd", "moon", "tea", "parade", "year", "lysytsia", "snow"} <= {
        path.stem for path in STORIES
    }


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.name)
def test_a_story_checks_and_everybody_in_it_can_be_drawn(path: Path) -> None:
    checked = check_story(path, "storybook", deep=True)
    # Plain Fountain declares nobody, which a warning says.
    assert (
        {d.code for d in checked.diagnostics} <= _SHOWN_OTHERWISE | {"W101"}
        if path.suffix == ".fountain"
        else {d.code for d in checked.diagnostics} <= _SHOWN_OTHERWISE
    )
    assert checked.story is not None
    plan = direct(checked.story, storybook_capabilities())
    assert len(plan.shots) >= len(checked.story.scenes)
    assert [e.id for shot in plan.shots for e in shot.entities if e.character is None] == []
    assert all(shot.entities for shot in plan.shots)
