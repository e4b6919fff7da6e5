"""Given a script, expect the lines that cannot both be so, and none where they can."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.remarks import remarks
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities

HEAD = """Title: T

@character FOX: a red fox
@character OWL: a purple owl
@prop LANTERN: a brass lantern

"""
FOREST, BEACH = "EXT. FOREST - NIGHT\n\n", "EXT. BEACH - {}\n\n"


def found(body: str, world: Capabilities) -> list[str]:
    story = parse_story(HEAD + body, path="t.story").story
    assert story is not None
    broken = [d for d in remarks(story, world) if d.code in ("W138", "W139")]
    return [f"{d.code} {d.span.line}: {d.message}" for d in broken]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            f"{FOREST}The FOX holds the LANTERN.\n\nThe OWL carries the LANTERN.\n",
            ["W138 11: OWL has LANTERN, which FOX has since line 9"],
        ),
        (
            f"{FOREST}The FOX holds the LANTERN. It waves the LANTERN.\n\n"
            "The OWL lands. It holds the LANTERN.\n",
            ["W138 11: OWL has LANTERN, which FOX has since line 9"],
        ),
        (f"{FOREST}The FOX holds the LANTERN.\n\nThe OWL takes the LANTERN.\n", []),
        (
            f"{FOREST}The FOX holds the LANTERN. The FOX gives the LANTERN to the OWL.\n\n"
            "The OWL holds the LANTERN.\n",
            [],
        ),
        (
            f"{FOREST}The FOX drops the LANTERN.\n\nThe OWL holds the LANTERN.\n\n"
            "The OWL walks to the right. The FOX looks at the LANTERN.\n",
            [],
        ),
        (
            f"{FOREST}The FOX holds the LANTERN.\n\n{BEACH.format('SAME TIME')}"
            "The LANTERN stands in the sand.\n",
            ["W138 13: LANTERN is here and, at the same time, at FOREST (line 9)"],
        ),
        (
            f"{FOREST}The FOX holds the LANTERN.\n\n{BEACH.format('DAY')}"
            "The LANTERN stands in the sand.\n",
            [],
        ),
        (
            f"{FOREST}The FOX leaves.\n\nThe FOX sleeps.\n",
            ["W139 11: FOX has left in line 9 and is here"],
        ),
        (f"{FOREST}The FOX leaves.\n\nThe FOX comes back. The FOX sleeps.\n", []),
        (f"{FOREST}The FOX leaves the LANTERN.\n\nThe FOX sleeps.\n", []),
        (f"{FOREST}The FOX leaves.\n\n{BEACH.format('DAY')}The FOX sleeps.\n", []),
        (f"{FOREST}The FOX leaves.\n\nThe OWL sleeps.\n", []),
    ],
)
def test_what_cannot_all_be_so_is_told(
    body: str, told: list[str], storybook: Capabilities, open_world: Capabilities
) -> None:
    assert found(body, storybook) == told
    assert found(body, open_world) == told


def test_the_plan_says_so_and_who_has_left_is_not_in_the_next_shot(
    storybook: Capabilities,
) -> None:
    body = f"{FOREST}The FOX leaves. The OWL stands.\n\nThe OWL bows.\n\nThe FOX sleeps.\n"
    story = parse_story(HEAD + body, path="t.story").story
    assert story is not None
    plan = direct(story, storybook)
    assert "line 13, column 1: FOX has left in line 9 and is here" in plan.notes
    cast = [[entity.id for entity in shot.entities] for shot in plan.shots]
    assert cast == [["FOX", "OWL"], ["OWL"], ["FOX"]]
