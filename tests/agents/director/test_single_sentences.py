"""Given single sentences that were drawn wrongly once, expect what the page says."""

from __future__ import annotations

from dreamrunner.agents.director.remarks import remarks
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import ShotPlan
from dreamrunner.story import Story

WORLD = capabilities("storybook")


def story(text: str) -> Story:
    found = parse_story(f"EXT. MEADOW - DAY\n\n{text}\n", path="t.story").story
    assert found is not None
    return found


def shots(text: str) -> tuple[ShotPlan, ...]:
    return direct(story(text), WORLD).shots


def beats(shot: ShotPlan) -> dict[str, str]:
    return {beat.entity: beat.motion for beat in shot.beats}


def left(shot: ShotPlan, entity: str) -> float:
    box = shot.box_at(entity, 0.0)
    assert box is not None
    return box.left


def test_who_rides_is_carried() -> None:
    (shot,) = shots("The TURTLE rides the ELEPHANT.")
    assert beats(shot) == {"TURTLE": "sit", "ELEPHANT": "walk"}
    turtle, elephant = shot.box_at("TURTLE", 0.0), shot.box_at("ELEPHANT", 0.0)
    assert turtle is not None and elephant is not None
    assert turtle.left < elephant.right and elephant.left < turtle.right
    assert "riding" in shot.entity("TURTLE").prompt or "carried" in shot.entity("TURTLE").prompt


def test_who_trots_behind_is_behind_and_goes_the_same_way() -> None:
    (shot,) = shots("The CAT walks along, humming, and the DOG trots behind.")
    assert {beat.facing for beat in shot.beats} == {"right"}
    assert left(shot, "DOG") < left(shot, "CAT")


def test_who_is_chased_until_both_lie_down_runs_first() -> None:
    first, second = shots(
        "The RABBIT is chased across the meadow by the FOX until both of them lie down."
    )
    assert beats(first) == {"RABBIT": "run", "FOX": "run"}
    assert beats(second) == {"RABBIT": "sleep", "FOX": "sleep"}


def test_who_sleeps_on_a_branch_high_above_is_high() -> None:
    (high,) = shots("The OWL, perched on a branch high above, is asleep.")
    (low,) = shots("The OWL is asleep.")
    boxes = [shot.box_at("OWL", 0.0) for shot in (high, low)]
    assert boxes[0] is not None and boxes[1] is not None
    assert boxes[0].bottom < boxes[1].bottom - 0.2


def test_who_lands_a_punch_does_not_land_and_it_is_said() -> None:
    text = "The BEAR lands a punch on the FOX."
    (shot,) = shots(text)
    assert beats(shot)["BEAR"] == "stand"
    assert [d.code for d in remarks(story(text), WORLD)] == ["W140"]


def test_snow_that_is_drawn_is_not_said_to_be_missing() -> None:
    assert remarks(story("Snow is falling. The FOX walks."), WORLD) == ()


def test_who_stands_on_the_left_is_left_of_who_stands_on_the_right() -> None:
    (shot,) = shots("The FOX sits on the right, the OWL on the left.")
    assert left(shot, "OWL") < left(shot, "FOX")
