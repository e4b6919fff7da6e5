"""Given this shot and this failed verdict, expect these remedies, and no pin touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.agents.critic import box_remedies
from dreamrunner.agents.critic.attempts import (
    next_attempt,
    remedy_notes,
    stalled_note,
    unhelpful,
)
from dreamrunner.agents.critic.patch import as_patch
from dreamrunner.agents.critic.remedies import ReplanContext, ShotMeans
from dreamrunner.agents.critic.replan import Replanned, replan, why
from dreamrunner.agents.critic.takes import Neighbour
from dreamrunner.agents.critic.verdict import judge
from dreamrunner.dsl import parse_story
from dreamrunner.errors import Span
from dreamrunner.film import Clip, Measurement, Remedy, Take, Verdict
from dreamrunner.plan import (
    Assertion,
    Beat,
    Entity,
    Keyframe,
    Pin,
    PlaceFrame,
    Placement,
    RenderSettings,
    ShotPlan,
)
from dreamrunner.story import Box

LINE_12 = Span("fox.story", 100, 120, 12, 1, 12, 21)
METRICS = (
    "motion", "layout", "present", "absent", "identity", "place", "join", "text", "clip",
    "left-of", "right-of", "above", "below", "overlaps", "inside",
)  # fmt: skip
PINS = ("motion", "layout", "place", "identity", "seed", "join", "duration", "camera")
CLIP = Clip(shot="s0", path="a.mp4", key="k", frames=9, fps=8, width=9, height=9)


def shot(
    fox: tuple[Box, ...] = (Box(0.1, 0.4, 0.3, 0.7), Box(0.3, 0.4, 0.5, 0.7)),
    owl: tuple[Box, ...] = (),
    *,
    pins: tuple[Pin, ...] = (),
    assertions: tuple[Assertion, ...] = (),
    render: RenderSettings | None = None,
) -> ShotPlan:
    """Return a shot of two seconds; the boxes of each are its keyframes, spread evenly."""
    count = max(len(fox), len(owl), 1)
    keyframes = [
        Keyframe(
            time_s=2.0 * i / max(1, count - 1),
            placements=tuple(
                Placement(entity=name, box=boxes[i])
                for name, boxes in (("FOX", fox), ("OWL", owl))
                if i < len(boxes)
            ),
        )
        for i in range(count)
    ]
    return ShotPlan(
        id="s1",
        scene="1",
        duration_s=2.0,
        seed=7,
        place="river",
        background="a frozen river",
        entities=(
            Entity(id="FOX", look="a red fox", prompt="a red fox walking"),
            Entity(id="OWL", look="an owl", prompt="an owl standing still"),
        ),
        keyframes=tuple(keyframes),
        assertions=assertions,
        settings=render or RenderSettings(),
        pins=pins,
    )


def failed(metric: str, subject: str | None = "FOX", value: float = 0.3) -> Measurement:
    return Measurement(
        assertion=f"{metric}.{subject}",
        metric=metric,
        subject=subject,
        value=value,
        threshold=0.5,
        passed=False,
        explanation="as the test says",
    )


def verdict(*failures: Measurement) -> Verdict:
    return Verdict(shot="s1", measurements=failures, score=0.3)


def after(plan: ShotPlan, *failures: Measurement, **setting: object) -> Replanned:
    return replan(plan, verdict(*failures), ReplanContext(**{"take": 1, **setting}))  # type: ignore[arg-type]


def kinds(replanned: Replanned) -> list[str]:
    return [remedy.kind for remedy in replanned.remedies]


class TestRemedies:
    @pytest.mark.parametrize(
        ("metric", "expected"),
        [
            ("motion", ["stronger-adapter", "longer-path", "more-guidance"]),
            ("layout", ["larger-box", "more-guidance", "soft-edge"]),
            ("present", ["larger-box", "more-guidance"]),
            ("left-of", ["larger-box", "more-guidance", "soft-edge"]),
            ("identity", ["more-guidance", "larger-box"]),
            ("place", ["place-said-twice", "fewer-region-steps", "less-guidance"]),
            ("text", ["new-seed"]),
            ("absent", ["new-seed"]),
        ],
    )
    def test_each_metric_has_its_own(self, metric: str, expected: list[str]) -> None:
        assert kinds(after(shot(), failed(metric), taught=frozenset({"FOX"}))) == expected

    def test_a_larger_box_says_from_what_to_what(self) -> None:
        replanned = after(shot((Box(0.4, 0.4, 0.6, 0.8),)), failed("layout"))
        box = replanned.remedies[0]
        assert box.reason == "layout of FOX is 0.30, the threshold is 0.50"
        assert box.change == (
            "box of FOX from 0.20 x 0.40 at (0.50, 0.60) to 0.25 x 0.50 at (0.50, 0.55)"
        )
        assert replanned.shot.keyframes[0].placements[0].box == Box(0.375, 0.3, 0.625, 0.8)

    def test_a_box_stays_in_the_frame(self) -> None:
        replanned = after(shot((Box(0.0, 0.6, 0.4, 1.0),)), failed("layout"))
        assert replanned.shot.keyframes[0].placements[0].box == Box(0.0, 0.5, 0.5, 1.0)

    def test_a_longer_path_is_stretched_about_its_middle(self) -> None:
        changed = after(shot(), failed("motion")).shot
        lefts = [k.placements[0].box.left for k in changed.keyframes]
        assert lefts == pytest.approx([0.06, 0.34])

    @pytest.mark.parametrize("side", [0.04, 0.08, 0.15])
    def test_the_smallest_boxes_grow_too(self, side: float) -> None:
        """As in `stories/crowd.story`, whose penguin is drawn a twelfth of the frame wide."""
        small = shot((Box(0.62, 0.74, 0.62 + side, 0.74 + side),))
        replanned = after(small, failed("layout"))
        assert kinds(replanned)[0] == "larger-box"
        grown = replanned.shot.keyframes[0].placements[0].box
        assert (grown.height, grown.width) == pytest.approx((0.32, 0.32), abs=1e-3)
        assert grown.bottom == pytest.approx(0.74 + side, abs=1e-3)

    def test_a_box_grows_at_once_to_the_size_that_a_model_was_trained_on(self) -> None:
        small = shot((Box(0.1, 0.7, 0.2, 0.9), Box(0.5, 0.74, 0.58, 0.9)))
        one, other = (
            after(small, failed("layout"), means=ShotMeans(least_height=height)).shot.keyframes
            for height in (0.32, 0.62)
        )
        heights = [[k.placements[0].box.height for k in keys] for keys in (one, other)]
        assert heights[0] == pytest.approx([0.32, 0.256], abs=1e-3)
        assert heights[1] == pytest.approx([0.62, 0.496], abs=1e-3)

    def test_a_box_grows_to_what_is_filmed_whole_and_no_further(self) -> None:
        once = after(shot((Box(0.2, 0.1, 0.5, 0.7),)), failed("present")).shot
        box = once.keyframes[0].placements[0].box
        assert box.height == pytest.approx(0.65, abs=1e-3)
        assert "larger-box" not in kinds(after(once, failed("present")))

    def test_whom_a_taught_motion_moves_grows_to_trained_sizes_alone(self) -> None:
        small, means = shot((Box(0.2, 0.2, 0.5, 0.75),)), ShotMeans(taught_height=0.62)
        failure = failed("layout", "FOX")
        taught = after(small, failure, taught=frozenset({"FOX"}), means=means).shot
        assert taught.keyframes[0].placements[0].box.height == pytest.approx(0.62, abs=1e-3)
        free = after(small, failure, means=means).shot
        assert free.keyframes[0].placements[0].box.height == pytest.approx(0.65, abs=1e-3)

    def test_no_guidance_for_figures_that_the_model_does_not_draw(self) -> None:
        painted = frozenset({"FOX", "OWL"})
        for metric in ("layout", "identity", "motion"):
            found = kinds(after(shot(), failed(metric), underpainted=painted))
            assert not {"more-guidance", "soft-edge", "not-the-rival"} & set(found)
        some = after(shot(), failed("layout"), underpainted=frozenset({"OWL"}))
        assert "more-guidance" in kinds(some)

    def test_a_shot_made_without_guidance_is_not_made_with_it(self) -> None:
        plain = shot(render=RenderSettings(guidance=1.0))
        assert "more-guidance" not in kinds(after(plain, failed("identity")))

    def test_what_was_seen_instead_must_not_be_seen(self) -> None:
        lost = failed("identity").model_copy(update={"rival": "a grey fox with a hat"})
        replanned = after(shot(), lost)
        assert kinds(replanned)[0] == "not-the-rival"
        assert replanned.shot.negative == "grey hat"
        assert "not-the-rival" not in kinds(after(replanned.shot, lost))
        nothing = failed("present").model_copy(update={"rival": "an empty background"})
        assert "not-the-rival" not in kinds(after(shot(), nothing))

    def test_who_stands_still_is_left_standing(self) -> None:
        still = shot((Box(0.1, 0.4, 0.3, 0.7), Box(0.1, 0.4, 0.3, 0.7)))
        assert kinds(after(still, failed("motion"))) == ["more-guidance"]

    def test_an_adapter_is_only_strengthened_where_there_is_one(self) -> None:
        assert "stronger-adapter" not in kinds(after(shot(), failed("motion")))
        taught = after(shot(), failed("motion"), taught=frozenset({"FOX"}))
        assert taught.shot.settings.adapter_scale == 1.25
        assert taught.remedies[0].change == "adapter scale from 1 to 1.25"

    def test_crowding_is_undone_by_moving_sideways(self) -> None:
        crowded = shot((Box(0.3, 0.4, 0.5, 0.8),), (Box(0.4, 0.4, 0.6, 0.8),))
        changed = after(crowded, failed("layout", "FOX")).shot
        fox, owl = changed.keyframes[0].placements
        assert box_remedies.crowding(crowded, "FOX") == "OWL"
        assert fox.box.right < 0.45 and owl.box == Box(0.4, 0.4, 0.6, 0.8)

    def test_a_fixed_one_stays_and_its_neighbour_moves(self) -> None:
        crowded = shot(
            (Box(0.3, 0.4, 0.5, 0.8),),
            (Box(0.4, 0.4, 0.6, 0.8),),
            pins=(Pin(what="layout", entity="FOX", span=LINE_12),),
        )
        replanned = after(crowded, failed("layout", "FOX"))
        fox, owl = replanned.shot.keyframes[0].placements
        assert (fox.box, owl.box) == (Box(0.3, 0.4, 0.5, 0.8), Box(0.5, 0.4, 0.7, 0.8))
        assert replanned.remedies[0].change.startswith("OWL off FOX: box from ")

    def test_an_overlap_that_the_page_asks_for_is_kept(self) -> None:
        inside = Assertion(id="i", metric="inside", subject="FOX", other="OWL")
        nested = shot((Box(0.4, 0.4, 0.6, 0.6),), (Box(0.3, 0.3, 0.7, 0.7),), assertions=(inside,))
        found = kinds(after(nested, failed("layout", "FOX")))
        assert found == ["larger-box", "more-guidance", "soft-edge"]

    def test_a_relation_is_not_given_up_for_size(self) -> None:
        inside = Assertion(id="i", metric="inside", subject="FOX", other="OWL")
        filled = shot(
            (Box(0.27, 0.27, 0.73, 0.73),), (Box(0.3, 0.3, 0.7, 0.7),), assertions=(inside,)
        )
        assert "larger-box" not in kinds(after(filled, failed("layout", "FOX")))

    def test_the_place_is_said_twice_but_not_four_times(self) -> None:
        twice = after(shot(), failed("place", None)).shot
        assert twice.background == "a frozen river. a frozen river"
        assert after(twice, failed("place", None)).shot.background == twice.background

    def test_guidance_is_one_knob_and_the_entity_wins(self) -> None:
        both = after(shot(), failed("place", None), failed("identity"))
        assert kinds(both) == [
            "place-said-twice", "fewer-region-steps", "more-guidance", "larger-box",
        ]  # fmt: skip
        assert both.shot.settings.guidance > 2.5

    def test_a_join_carries_the_frame_before_or_shares_its_seed(self) -> None:
        before = Neighbour(CLIP, seed=99)
        carried = after(shot(), failed("join", None), neighbour=before)
        assert kinds(carried) == ["continue-from-previous"]
        assert carried.shot.settings.continue_from_previous and carried.shot.seed == 7
        shared = after(carried.shot, failed("join", None), neighbour=before)
        assert kinds(shared) == ["shared-seed"] and shared.shot.seed == 99
        assert kinds(after(shot(), failed("join", None))) == ["new-seed"]

    def test_a_pinned_join_falls_back_to_the_seed(self) -> None:
        pinned = shot(pins=(Pin(what="join", span=LINE_12),))
        replanned = after(pinned, failed("join", None), neighbour=Neighbour(CLIP, 99))
        assert [(r.kind, r.blocked_by) for r in replanned.remedies] == [
            ("continue-from-previous", LINE_12),
            ("shared-seed", None),
        ]

    def test_two_failures_that_ask_for_one_remedy_get_it_once(self) -> None:
        replanned = after(shot(), failed("layout"), failed("present"), failed("identity"))
        assert kinds(replanned) == ["larger-box", "more-guidance", "soft-edge"]
        assert replanned.shot.settings.guidance == 3.12

    def test_the_second_failure_also_has_a_new_seed(self) -> None:
        first, second = after(shot(), failed("layout")), after(shot(), failed("layout"), take=2)
        assert first.shot.seed == 7
        assert kinds(second) == ["larger-box", "more-guidance", "soft-edge", "new-seed"]
        assert second.remedies[-1].change == f"seed from 7 to {second.shot.seed}"

    def test_what_made_things_worse_is_not_tried_again(self) -> None:
        tried = frozenset({"larger-box", "more-guidance", "soft-edge"})
        assert kinds(after(shot(), failed("layout"), tried=tried)) == ["new-seed"]


class TestWholeShots:
    """Remedies that change what a shot is filmed with, or how often."""

    MEANS = ShotMeans(longest_s=6.0)

    def test_a_motion_gets_more_time_within_what_a_clip_may_last(self) -> None:
        replanned = after(shot(), failed("motion"), means=self.MEANS)
        assert "longer-shot" in kinds(replanned)
        changed = replanned.shot
        assert changed.duration_s == 3.0 and changed.keyframes[-1].time_s == 3.0
        assert as_patch(shot(), changed).startswith("@duration 3s\n")
        short = after(shot(), failed("motion"), means=ShotMeans(longest_s=2.1))
        assert "longer-shot" not in kinds(short) and short.shot.duration_s == 2.0

    def test_a_writers_duration_stays(self) -> None:
        pinned = shot(pins=(Pin(what="duration", span=LINE_12),))
        replanned = after(pinned, failed("motion"), means=self.MEANS)
        assert replanned.shot.duration_s == 2.0
        (blocked,) = [r for r in replanned.remedies if r.kind == "longer-shot"]
        assert blocked.blocked_by == LINE_12

    def test_a_motion_that_the_model_is_seen_not_to_know_is_taught_once(self) -> None:
        plan = shot().model_copy(
            update={"beats": (Beat(entity="FOX", motion="flip", start_s=0, end_s=2),)}
        )
        means, tried = ShotMeans(learnable=frozenset({"flip"})), frozenset({"new-seed"})
        assert "first-lesson" not in kinds(after(plan, failed("motion"), means=means))
        assert "first-lesson" not in kinds(after(plan, failed("motion"), tried=tried))
        replanned = after(plan, failed("motion"), means=means, tried=tried)
        assert "first-lesson" in kinds(replanned)
        assert [beat.lesson for beat in replanned.shot.beats] == [1]
        again = after(replanned.shot, failed("motion"), means=means, tried=tried)
        assert "first-lesson" not in kinds(again)

    def test_a_motion_is_learnt_from_other_clips_once(self) -> None:
        plan = shot().model_copy(
            update={"beats": (Beat(entity="FOX", motion="flip", start_s=0, end_s=2),)}
        )
        means = ShotMeans(spare=frozenset({"flip"}))
        tried = frozenset({"stronger-adapter"})
        assert "other-clips" not in kinds(after(plan, failed("motion"), means=means))
        replanned = after(plan, failed("motion"), means=means, tried=tried)
        assert "other-clips" in kinds(replanned)
        assert [beat.lesson for beat in replanned.shot.beats] == [1]
        assert "[[flip: an adapter is trained for this take]]" in as_patch(plan, replanned.shot)
        again = after(replanned.shot, failed("motion"), means=means, tried=tried)
        assert "other-clips" not in kinds(again)
        assert "other-clips" not in kinds(after(plan, failed("motion"), tried=tried))
        dropped = after(plan, failed("motion"), means=means, tried=tried | {"other-clips"})
        assert dropped.shot.beats == plan.beats

    def test_a_place_is_taken_from_an_earlier_shot(self) -> None:
        frame = PlaceFrame(shot="s0", covered=(Box(0, 0, 0.2, 0.5),))
        replanned = after(shot(), failed("place", None), means=ShotMeans(place_frame=frame))
        assert kinds(replanned)[0] == "place-of-shot"
        assert replanned.shot.settings.place_frame == frame
        assert "[[place: as in shot s0]]" in as_patch(shot(), replanned.shot)
        goes_on = shot(render=RenderSettings(continue_from_previous=True))
        again = after(goes_on, failed("place", None), means=ShotMeans(place_frame=frame))
        assert again.shot.settings.place_frame is None

    def test_the_last_try_waits_for_the_place_that_an_earlier_shot_will_show(self) -> None:
        plan = shot(assertions=(Assertion(id="place.None", metric="place"),))
        takes = [
            Take(
                shot="s1", number=n, seed=n, clip=CLIP, plan=plan,
                verdict=judge(plan, [failed("place", None)]),
            )
            for n in (1, 2)
        ]  # fmt: skip
        free = {"taught": frozenset[str](), "neighbour": None}
        waiting = ShotMeans(place_awaited=True)
        assert next_attempt(plan, takes[:1], **free, means=waiting) is not None
        assert next_attempt(plan, takes, **free, means=waiting) is None
        assert stalled_note(plan, takes, **free, means=waiting) is None
        assert next_attempt(plan, takes, **free) is not None


class TestTwoParts:
    CROWD = ((Box(0.2, 0.4, 0.5, 0.8),), (Box(0.5, 0.4, 0.8, 0.8),))
    TRIED = frozenset({"larger-box"})

    def test_a_crowd_that_nothing_milder_helps_is_filmed_in_two_parts(self) -> None:
        crowd = shot(*self.CROWD)
        assert "two-parts" not in kinds(after(crowd, failed("present")))
        replanned = after(crowd, failed("present"), tried=self.TRIED, take=2)
        assert [(r.kind, r.change) for r in replanned.remedies] == [
            ("two-parts", "filmed in two parts: FOX, then OWL")
        ]
        plan = replanned.shot
        assert plan.parts == (("FOX",), ("OWL",)) and plan.duration_s == crowd.duration_s
        seen = [[plan.box_at(name, t) is not None for name in ("FOX", "OWL")] for t in (0.2, 1.8)]
        assert seen == [[True, False], [False, True]]
        assert as_patch(crowd, plan) == "[[filmed in parts: FOX, then OWL]]\n"
        again = after(plan, failed("present"), take=3, tried=self.TRIED | {"two-parts"})
        assert again.shot.parts == plan.parts

    @pytest.mark.parametrize(
        ("pin", "entity"), [("layout", "FOX"), ("camera", None)]
    )  # fmt: skip
    def test_a_fixed_camera_or_box_forbids_it(self, pin: str, entity: str | None) -> None:
        pinned = shot(*self.CROWD, pins=(Pin(what=pin, entity=entity, span=LINE_12),))
        assert after(pinned, failed("present"), tried=self.TRIED, take=2).shot.parts == ()

    def test_who_has_to_do_with_somebody_stays_with_them(self) -> None:
        beside = Assertion(id="l", metric="left-of", subject="FOX", other="OWL")
        related = shot(*self.CROWD, assertions=(beside,))
        assert after(related, failed("present"), tried=self.TRIED, take=2).shot.parts == ()
        fox, owl = related.entities
        chasing = fox.model_copy(update={"prompt": "a red fox chasing an owl"})
        chase = shot(*self.CROWD).model_copy(update={"entities": (chasing, owl)})
        assert after(chase, failed("present"), tried=self.TRIED, take=2).shot.parts == ()

    def test_half_a_short_shot_shows_nobody_doing_anything(self) -> None:
        brief = shot(*self.CROWD).model_copy(update={"duration_s": 1.5})
        assert after(brief, failed("present"), tried=self.TRIED, take=2).shot.parts == ()


def take_of(number: int, score: float, *kinds_: str) -> Take:
    """Return a take with one failure of this value, which these remedies led to."""
    plan = shot(assertions=(Assertion(id="layout.FOX", metric="layout", subject="FOX"),))
    return Take(
        shot="s1", number=number, seed=number, clip=CLIP, plan=plan,
        verdict=judge(plan, [failed("layout", value=score)]),
        remedies=tuple(Remedy(kind=kind, reason="it failed", change="c") for kind in kinds_),
    )  # fmt: skip


class TestLearning:
    def test_a_remedy_that_did_not_help_is_not_repeated(self) -> None:
        takes = [
            take_of(1, 0.2),
            take_of(2, 0.2, "larger-box"),
            take_of(3, 0.3, "soft-edge", "new-seed"),
            take_of(4, 0.1, "depth-order"),
        ]
        assert unhelpful(takes) == {"larger-box", "depth-order"}
        plan = takes[0].plan.model_copy(update={"tries": 9})
        following = next_attempt(plan, takes, taught=frozenset(), neighbour=None)
        assert not {"larger-box", "depth-order"} & {r.kind for r in following.remedies}

    def test_takes_that_are_no_better_end_the_work(self) -> None:
        takes = [take_of(1, 0.3), *(take_of(n, 0.2, "new-seed") for n in range(2, 6))]
        plan = takes[0].plan.model_copy(update={"tries": 9})
        free = {"taught": frozenset[str](), "neighbour": None}
        assert next_attempt(plan, takes, **free) is None
        assert stalled_note(plan, takes, **free) == (
            "shot s1: the last 4 takes were no better; 9 were allowed"
        )
        assert next_attempt(plan, takes[:4], **free) is not None

    def test_the_film_tells_for_which_failure(self) -> None:
        first = take_of(1, 0.2)
        said = why(first.verdict.failed[0])
        second = take_of(2, 0.3, "larger-box")
        asked = second.remedies[0].model_copy(update={"reason": said})
        assert remedy_notes([first, second.model_copy(update={"remedies": (asked,)})]) == [
            "larger-box for layout: helped in 1 of 1 takes"
        ]

    def test_the_film_tells_what_helped(self) -> None:
        takes = [
            take_of(1, 0.2), take_of(2, 0.3, "larger-box"), take_of(3, 0.1, "larger-box"),
            take_of(4, 0.2, "new-seed"),
        ]  # fmt: skip
        assert remedy_notes(takes) == [
            "larger-box: helped in 1 of 2 takes",
            "new-seed: helped in 0 of 1 takes",
        ]


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


boxes = st.tuples(*(st.floats(0, 1) for _ in range(4))).map(
    lambda e: Box(min(e[0], e[2]), min(e[1], e[3]), max(e[0], e[2]), max(e[1], e[3]))
)
pins = st.builds(
    Pin,
    what=st.sampled_from(PINS),
    entity=st.sampled_from(["FOX", "OWL", None]),
    span=st.just(LINE_12),
)
failures = st.lists(
    st.builds(
        failed,
        st.sampled_from(METRICS),
        st.sampled_from(["FOX", "OWL", "GHOST", None]),
        st.floats(0, 0.49),
    ),
    min_size=1,
    max_size=5,
)


def shots_of(boxes_: st.SearchStrategy[Box]) -> st.SearchStrategy[ShotPlan]:
    few = st.lists(boxes_, max_size=3).map(tuple)
    return st.builds(shot, few, few, pins=st.lists(pins, max_size=4).map(tuple))


shots = shots_of(boxes)
# Boxes that a writer may write: the language refuses those without area.
solid = st.builds(
    lambda x, y, w, h: Box(x, y, min(1.0, x + w), min(1.0, y + h)),
    st.floats(0, 0.8),
    st.floats(0, 0.8),
    st.floats(0.1, 1.0),
    st.floats(0.1, 1.0),
)


class TestInvariants:
    @settings(max_examples=150, deadline=None)
    @given(plan=shots, rounds=st.lists(failures, min_size=1, max_size=4), near=st.booleans())
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

    @settings(max_examples=100, deadline=None)
    @given(plan=shots, failures_=failures, take=st.integers(1, 5))
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


class TestPatch:
    def test_a_patch_is_what_a_writer_would_write(self) -> None:
        before = shot((Box(0.4, 0.4, 0.6, 0.8), Box(0.45, 0.4, 0.65, 0.8)))
        changed = after(before, failed("layout"), take=2).shot
        assert as_patch(before, changed) == (
            "@layout FOX {\n"
            "  0s: box (0.375, 0.30, 0.625, 0.80)\n"
            "  2s: box (0.425, 0.30, 0.675, 0.80)\n"
            "}\n"
            f"@seed {changed.seed}\n"
            "[[guidance: 2.5 -> 3.12]]\n"
            "[[soft edge tokens: 0 -> 1]]\n"
        )

    def test_no_change_is_no_patch(self) -> None:
        assert as_patch(shot(), shot()) == ""

    def test_settings_and_place_are_notes(self) -> None:
        replanned = after(
            shot(), failed("place", None), failed("join", None), neighbour=Neighbour(CLIP, 9)
        )
        assert as_patch(shot(), replanned.shot) == (
            "[[guidance: 2.5 -> 2]]\n"
            "[[continue from previous: no -> yes]]\n"
            "[[region steps: (0.0, 1.0) -> (0.0, 0.8)]]\n"
            "[[background: a frozen river -> a frozen river. a frozen river]]\n"
        )

    def test_who_is_in_front_is_said_by_depth(self) -> None:
        crowded = shot((Box(0.0, 0.0, 0.9, 0.9),), (Box(0.1, 0.1, 1.0, 1.0),))
        changed = after(crowded, failed("layout", "FOX")).shot
        assert changed.settings.overlap == "depth"
        assert as_patch(crowded, changed).startswith("@depth FOX front\n")

    def test_time_is_the_scenes(self) -> None:
        before = shot((Box(0.4, 0.4, 0.6, 0.8), Box(0.45, 0.4, 0.65, 0.8)))
        patch = as_patch(before, after(before, failed("layout")).shot, start_s=3.125)
        assert "  3.125s: box" in patch and "  5.125s: box" in patch

    @settings(max_examples=50, deadline=None)
    @given(plan=shots_of(solid), failures_=failures, take=st.integers(1, 3))
    def test_a_pasted_patch_says_what_the_machine_did(
        self, plan: ShotPlan, failures_: list[Measurement], take: int
    ) -> None:
        changed = after(plan, *failures_, take=take).shot
        page = (
            "@character FOX: a red fox\n@character OWL: an owl\n\n"
            f"EXT. RIVER - DAY\n@duration 2s\n{as_patch(plan, changed)}\nThe FOX meets the OWL.\n"
        )
        (scene,) = parse_story(page, path="fox.story").story.scenes
        written = {layout.entity: [key.box for key in layout.keys] for layout in scene.layouts}
        for entity in ("FOX", "OWL"):
            if box_remedies.boxes_of(plan, entity) != box_remedies.boxes_of(changed, entity):
                assert written[entity] == list(box_remedies.boxes_of(changed, entity))
        if changed.seed != plan.seed:
            assert scene.seed is not None and scene.seed.value == changed.seed


def placements(plan: ShotPlan, entity: str) -> list[Placement | None]:
    return [keyframe.placement(entity) for keyframe in plan.keyframes]
