"""Given any shot and any pins, expect no pin touched and a plan in the frame."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.agents.critic.attempts import (
    next_attempt,
    stalled_note,
)
from dreamrunner.agents.critic.takes import Neighbour
from dreamrunner.agents.critic.verdict import judge
from dreamrunner.film import Measurement, Take
from dreamrunner.plan import (
    Assertion,
    Pin,
    ShotPlan,
)
from dreamrunner.story import Box

from .shots import (
    CLIP,
    FAILURES,
    LINE_12,
    SHOTS,
    after,
    failed,
    placements,
    shot,
)


class TestPins:
    def test_a_blocked_remedy_names_the_line(self) -> None:
        pinned = shot(pins=(Pin(what="layout", entity="FOX", span=LINE_12),))
        replanned = after(pinned, failed("layout"))
        blocked = replanned.remedies[0]
        assert (blocked.kind, blocked.change, blocked.blocked_by) == ("larger-box", "", LINE_12)
        assert blocked.reason.endswith("layout of FOX is fixed at line 12")
        assert replanned.shot.keyframes == pinned.keyframes

    def test_a_pin_of_one_entity_leaves_the_others_free(self) -> None:
        pinned = shot(
            (Box(0.1, 0.4, 0.2, 0.6),),
            (Box(0.7, 0.4, 0.8, 0.6),),
            pins=(Pin(what="layout", entity="FOX", span=LINE_12),),
        )
        changed = after(pinned, failed("layout", None)).shot
        assert changed.keyframes[0].placements[0].box == Box(0.1, 0.4, 0.2, 0.6)
        assert changed.keyframes[0].placements[1].box.width > 0.1

    def test_when_nothing_may_change_there_is_no_next_take(self) -> None:
        pinned = shot(pins=(Pin(what="seed", span=LINE_12),))
        plan = pinned.model_copy(update={"assertions": (Assertion(id="t", metric="text"),)})
        measurement = failed("text", None).model_copy(update={"assertion": "t"})
        take = Take(
            shot="s1", number=1, seed=7, clip=CLIP, verdict=judge(plan, [measurement]), plan=plan
        )
        free = {"taught": frozenset[str](), "neighbour": None}
        assert next_attempt(plan, [take], **free) is None
        assert stalled_note(plan, [take], **free) == (
            "shot s1: nothing may change after take 1: text is 0.30, the threshold is 0.50;"
            " seed is fixed at line 12"
        )


class TestInvariants:
    @settings(max_examples=150)
    @given(plan=SHOTS, rounds=st.lists(FAILURES, min_size=1, max_size=4), near=st.booleans())
    def test_what_is_pinned_never_changes(
        self, plan: ShotPlan, rounds: list[list[Measurement]], near: bool
    ) -> None:
        neighbour = Neighbour(CLIP, 99) if near else None
        now = plan
        for take, round_ in enumerate(rounds, start=1):
            now = after(now, *round_, take=take, neighbour=neighbour).shot
        for pin in plan.pins:
            for entity in ("FOX", "OWL") if pin.what == "layout" else ():
                if pin.entity in (None, entity):
                    assert placements(now, entity) == placements(plan, entity)
            if pin.what == "seed":
                assert now.seed == plan.seed
            if pin.what == "place":
                assert now.background == plan.background
            if pin.what == "style":
                assert now.style == plan.style
            if pin.what == "join":
                assert not now.settings.continue_from_previous
        unchanged = (
            "id",
            "duration_s",
            "camera",
            "beats",
            "entities",
            "assertions",
            "pins",
            "tries",
        )
        for name in unchanged:
            assert getattr(now, name) == getattr(plan, name)

    @settings(max_examples=100)
    @given(plan=SHOTS, failures_=FAILURES, take=st.integers(1, 5))
    def test_every_plan_is_in_the_frame_and_the_same_again(
        self, plan: ShotPlan, failures_: list[Measurement], take: int
    ) -> None:
        first = after(plan, *failures_, take=take)
        assert first == after(plan, *failures_, take=take)
        assert first.changed == (first.shot != plan)
        assert ShotPlan.model_validate(first.shot.model_dump(mode="json")) == first.shot
        for keyframe in first.shot.keyframes:
            for placement in keyframe.placements:
                box = placement.box
                assert 0 <= box.left <= box.right <= 1 and 0 <= box.top <= box.bottom <= 1
        for remedy in first.remedies:
            assert remedy.reason and bool(remedy.change) != bool(remedy.blocked_by)
