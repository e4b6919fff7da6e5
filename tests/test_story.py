"""Given two boxes, expect where the one stands to the other: one answer for whoever asks."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dreamrunner.agents.critic import box_remedies
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Assertion, Entity, Keyframe, Placement, ShotPlan
from dreamrunner.story import RELATIONS, SIDE_RELATIONS, Box, Relation, SideRelation

FRAME = Box(0.0, 0.0, 1.0, 1.0)


@st.composite
def _boxes(draw: st.DrawFn) -> Box:
    """Draw a box with area in the frame, on the grid of a hundredth that writers use."""
    left, top = draw(st.integers(0, 99)), draw(st.integers(0, 99))
    right, bottom = draw(st.integers(left + 1, 100)), draw(st.integers(top + 1, 100))
    return Box(left / 100, top / 100, right / 100, bottom / 100)


BOXES = _boxes()
MIRRORED: dict[SideRelation, SideRelation] = {
    "left-of": "right-of", "right-of": "left-of", "above": "below", "below": "above",
}  # fmt: skip


ONE = Box(0.0, 0.2, 0.4, 0.6)


def covering(share: float) -> Box:
    """Return a box of the size of `ONE` that covers a share of it, from the right."""
    return ONE.moved(0.4 - 0.4 * share, 0.0)


@pytest.mark.parametrize(
    ("one", "relation", "other", "stands"),
    [
        (Box(0.1, 0.4, 0.3, 0.8), "left-of", Box(0.2, 0.4, 0.4, 0.8), True),
        (Box(0.1, 0.4, 0.3, 0.8), "right-of", Box(0.2, 0.4, 0.4, 0.8), False),
        (Box(0.1, 0.1, 0.3, 0.3), "above", Box(0.1, 0.2, 0.3, 0.4), True),
        (Box(0.1, 0.2, 0.3, 0.4), "below", Box(0.1, 0.1, 0.3, 0.3), True),
        # The same middle is on no side, whatever the width, and rounding puts nobody beside it.
        (Box(0.1, 0.4, 0.5, 0.8), "left-of", Box(0.2, 0.4, 0.4, 0.8), False),
        (Box(0.1, 0.4, 0.5, 0.8), "right-of", Box(0.2, 0.4, 0.4, 0.8), False),
        (Box(0.1, 0.4, 0.3, 0.8), "left-of", Box(0.1 + 1e-9, 0.4, 0.3, 0.8), False),
        (Box(0.1, 0.4, 0.3, 0.8), "left-of", Box(0.1001, 0.4, 0.3, 0.8), True),
        # A tenth of the smaller box is an overlap that can be seen; edges that touch are none.
        (ONE, "overlaps", covering(0.0), False),
        (ONE, "overlaps", covering(0.099), False),
        (ONE, "overlaps", covering(0.1), True),
        (FRAME, "overlaps", Box(0.4, 0.4, 0.42, 0.42), True),
        # Inside is who is more in than out.
        (ONE, "inside", covering(0.49), False),
        (ONE, "inside", covering(0.5), True),
        (ONE, "inside", covering(0.7), True),
        (FRAME, "inside", Box(0.4, 0.4, 0.42, 0.42), False),
        # A box without area lies nowhere.
        (Box(0.5, 0.5, 0.5, 0.5), "inside", FRAME, False),
        (Box(0.5, 0.5, 0.5, 0.5), "overlaps", FRAME, False),
    ],
)
def test_where_one_stands_to_another(
    one: Box, relation: Relation, other: Box, stands: bool
) -> None:
    assert one.stands(relation, other) is stands


@given(BOXES, BOXES)
def test_the_sides_exclude_and_mirror_each_other(one: Box, other: Box) -> None:
    for side, opposite in MIRRORED.items():
        assert one.stands(side, other) == other.stands(opposite, one)
        assert not (one.stands(side, other) and one.stands(opposite, other))
        assert not one.stands(side, one)


@given(BOXES, BOXES, BOXES)
def test_a_side_carries_on_from_one_to_the_next(one: Box, other: Box, third: Box) -> None:
    for side in SIDE_RELATIONS.values():
        if one.stands(side, other) and other.stands(side, third):
            assert one.stands(side, third)


@given(BOXES, BOXES)
@example(ONE, covering(0.5))
def test_overlaps_is_said_of_both_and_inside_is_an_overlap(one: Box, other: Box) -> None:
    assert one.stands("overlaps", other) == other.stands("overlaps", one)
    if one.stands("inside", other):
        assert one.stands("overlaps", other)
    assert one.stands("inside", FRAME) and one.stands("inside", one)


@given(BOXES, BOXES)
def test_who_is_clear_of_another_stands_there_and_does_not_overlap(one: Box, other: Box) -> None:
    for side in SIDE_RELATIONS.values():
        if one.is_clear(side, other):
            assert one.stands(side, other)
            assert not one.stands("overlaps", other)


@given(BOXES, BOXES, BOXES)
def test_between_is_beside_each_on_its_side(one: Box, other: Box, third: Box) -> None:
    found = one.is_between(other, third)
    assert found == one.is_between(third, other)
    assert found == any(
        a.stands("left-of", one) and one.stands("left-of", b)
        for a, b in ((other, third), (third, other))
    )


def test_the_sides_are_relations() -> None:
    assert set(SIDE_RELATIONS) < set(RELATIONS)
    assert list(RELATIONS) == ["left-of", "right-of", "above", "below", "overlaps", "inside"]


@pytest.mark.parametrize("share", [0.45, 0.7, 0.85])
def test_checker_and_re_planner_agree_on_who_is_inside(share: float) -> None:
    """Seven tenths were inside for the checker and the critic, and not for the re-planner."""
    fox, owl = ONE, covering(share)
    inside = fox.stands("inside", owl)

    sides = (f"{b.left:g}, {b.top:g}, {b.right:g}, {b.bottom:g}" for b in (fox, owl))
    layouts = "\n".join(
        f"@layout {who} {{ 0s: box ({box}) }}"
        for who, box in zip(("FOX", "OWL"), sides, strict=True)
    )
    story = (
        "@character FOX: a fox\n@character OWL: an owl\n\n"
        f"EXT. SNOW - DAY\n{layouts}\n@expect FOX inside OWL\n\nThe FOX stands. The OWL stands.\n"
    )
    errors = [d.code for d in parse_story(story, path="t.story").errors]
    assert errors == ([] if inside else ["E153"])

    placed = (Placement(entity="FOX", box=fox), Placement(entity="OWL", box=owl))
    shot = ShotPlan(
        id="1.1",
        scene="1",
        duration_s=1.0,
        seed=1,
        place="snow",
        background="snow",
        entities=tuple(Entity(id=who, look="", prompt="") for who in ("FOX", "OWL")),
        keyframes=(Keyframe(time_s=0.0, placements=placed),),
        assertions=(Assertion(id="a", metric="inside", subject="FOX", other="OWL"),),
    )
    assert box_remedies.relations_held(shot) == ({("a", 0.0)} if inside else set())
