"""Given a scene or a line more, expect that no other shot is drawn anew."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.agents.director.seeds import shot_seed
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Plan
from dreamrunner.tools.stages.render import UNSEEN, fragment
from dreamrunner.tools.store.recipe import canonical_json

WORLD = capabilities("storybook")
BEACH = "EXT. BEACH - DAY{}\n\nThe BEAR walks to the right.\n\nBEAR\nGood morning.\n\n"
FOREST = "EXT. FOREST - NIGHT{}\n\nThe OWL sleeps.\n\nThe OWL flies up.\n"
MEADOW = "EXT. MEADOW - DAY{}\n\nThe FOX sits.\n\n"
FOX = "The FOX sits.\n\n"


def planned(text: str) -> Plan:
    return direct(parse_story(f"Title: Order\nSeed: 5\n\n{text}", path="t.story").story, WORLD)


def drawn(plan: Plan) -> list[bytes]:
    """Return what each shot is drawn from, as the renderer's key holds it."""
    return [canonical_json(fragment(shot, without=UNSEEN)) for shot in plan.shots]


@pytest.mark.parametrize("numbers", [("", "", ""), (" #A1#", " #1#", " #2#")])
def test_a_scene_put_first_changes_no_other_shot(numbers: tuple[str, str, str]) -> None:
    rest = BEACH.format(numbers[1]) + FOREST.format(numbers[2])
    before = drawn(planned(rest))
    after = drawn(planned(MEADOW.format(numbers[0]) + rest))
    assert len(after) == len(before) + 1 and after[1:] == before


@pytest.mark.parametrize("number", ["", " #1#"])
def test_a_line_put_first_in_a_scene_changes_no_other_shot(number: str) -> None:
    beach = BEACH.format(number)
    heading, _, rest = beach.partition("\n\n")
    forest = FOREST.format(" #2#" if number else "")
    before = drawn(planned(beach + forest))
    after = drawn(planned(f"{heading}\n\n{FOX}{rest}{forest}"))
    assert len(after) == len(before) + 1 and after[1:] == before


def test_equal_shots_have_seeds_of_their_own() -> None:
    plan = planned(BEACH.format("") * 3)
    assert len({shot.seed for shot in plan.shots}) == 3
    twice = planned(BEACH.format("") * 2)
    assert [s.seed for s in twice.shots] == [s.seed for s in plan.shots][:2]


def test_a_seed_hangs_on_words_and_not_on_where_they_stand() -> None:
    assert shot_seed(41, "one", 1) == 25683116  # for ever: keys of takes hold it
    assert len({shot_seed(41, "one", 1), shot_seed(42, "one", 1), shot_seed(41, "one", 2)}) == 3
