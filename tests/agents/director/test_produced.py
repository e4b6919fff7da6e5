"""Given a script in the manner of a produced one, expect in each shot whoever its page shows.

`produced/last-ferry.tsv` says of each paragraph who is seen and what they plainly do; it was
written from the page alone, and committed before the first plan was looked at.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Plan, ShotPlan
from dreamrunner.story import Action, Dialogue, Story

FOLDER = Path(__file__).parent / "produced"
# More than storybook draws at once, so that nobody is left out for want of room.
WORLD = capabilities("storybook").model_copy(update={"max_entities": 6})


@pytest.fixture(scope="module")
def story() -> Story:
    text = (FOLDER / "last-ferry.fountain").read_text(encoding="utf-8")
    found = parse_story(text, path="last-ferry.fountain").story
    assert found is not None
    return found


@pytest.fixture(scope="module")
def plan(story: Story) -> Plan:
    return direct(story, WORLD)


def truths() -> list[dict[str, str]]:
    with (FOLDER / "last-ferry.tsv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows, delimiter="\t"))


def speakers(story: Story) -> dict[int, set[str]]:
    """Return who speaks after each paragraph: they are in its picture too."""
    found: dict[int, set[str]] = defaultdict(set)
    line = 0
    for scene in story.scenes:
        for element in scene.elements:
            if isinstance(element, Action):
                line = element.span.line
            elif isinstance(element, Dialogue):
                found[line] |= set(element.speaker.split(" AND "))
    return found


def by_line(plan: Plan) -> dict[int, list[ShotPlan]]:
    found: dict[int, list[ShotPlan]] = defaultdict(list)
    for shot in plan.shots:
        assert shot.span is not None
        found[shot.span.line].append(shot)
    return found


def test_everybody_is_there_and_hardly_anybody_else(story: Story, plan: Plan) -> None:
    shots, said = by_line(plan), speakers(story)
    missing, extra = [], []
    for truth in truths():
        line = int(truth["line"])
        seen = set(filter(None, truth["seen"].split(",")))
        shown = {entity.id for shot in shots[line] for entity in shot.entities}
        missing += [(line, seen - shown)] if seen - shown else []
        extra += [(line, shown - seen - said[line])] if shown - seen - said[line] else []
    assert len(truths()) == 56
    assert missing == []
    # VICTOR sits by while others laugh.
    assert [line for line, _ in extra] == [319]


def test_who_does_something_does_not_stand(plan: Plan) -> None:
    shots = by_line(plan)
    idle = []
    for truth in truths():
        for wanted in filter(None, truth["does"].split(",")):
            who, _, motion = wanted.partition(":")
            here = shots[int(truth["line"])]
            done = {b.motion for shot in here for b in shot.beats if b.entity == who}
            if motion != "stand" and done <= {"stand"}:
                idle.append((truth["line"], wanted))
    assert idle == []


def test_whoever_speaks_in_the_picture_is_in_it(plan: Plan) -> None:
    heard = {"COAST GUARD"}
    for shot in plan.shots:
        ids = {entity.id for entity in shot.entities}
        for line in shot.subtitles:
            voice = line.speaker in heard or (line.speaker, shot.scene) in VOICES
            listener = len(ids) == 1 and line.speaker not in ids
            assert voice or not line.speaker or listener or set(line.speaker.split(" AND ")) <= ids


# Who is heard only, in which scene: V.O. and O.S.
VOICES = {("MAE", "6"), ("OTIS", "10"), ("ROSE", "13")}


def test_no_line_is_too_fast_and_no_room_has_no_roof(plan: Plan) -> None:
    rates = [len(t.text) / (t.end_s - t.start_s) for s in plan.shots for t in s.subtitles]
    assert max(rates) <= 15.0 + 1e-6
    for scene in plan.scenes:
        places = {shot.place_id for shot in scene.shots}
        assert (places <= set(WORLD.indoors)) == scene.heading.startswith("INT.")


def test_figures_are_those_of_the_page(plan: Plan) -> None:
    assert {entity.id for shot in plan.shots for entity in shot.entities} == {
        "MAE", "VICTOR", "OTIS", "REYES", "ROSE", "YOUNG VICTOR", "DOG", "POLICEMAN", "WAITRESS",
    }  # fmt: skip
