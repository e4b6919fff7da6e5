"""Given this shot and this failed verdict, expect these remedies."""

from __future__ import annotations

import pytest

from dreamrunner.agents.critic import box_remedies
from dreamrunner.agents.critic.remedies import ShotMeans
from dreamrunner.agents.critic.takes import Neighbour
from dreamrunner.plan import (
    Assertion,
    Pin,
    RenderSettings,
)
from dreamrunner.story import Box

from .shots import (
    CLIP,
    LINE_12,
    after,
    failed,
    kinds,
    shot,
)


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
