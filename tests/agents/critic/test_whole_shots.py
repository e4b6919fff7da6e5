"""Given a shot that failed as a whole, expect more time, lessons, another place, or two parts."""

from __future__ import annotations

import pytest

from dreamrunner.agents.critic.attempts import (
    next_attempt,
    stalled_note,
)
from dreamrunner.agents.critic.patch import as_patch
from dreamrunner.agents.critic.remedies import ShotMeans
from dreamrunner.agents.critic.verdict import judge
from dreamrunner.film import Take
from dreamrunner.plan import (
    Assertion,
    Beat,
    Pin,
    PlaceFrame,
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


class TestWords:
    STYLED = shot().model_copy(update={"style": "watercolour"})

    def test_a_style_that_draws_somebody_else_is_left_out(self) -> None:
        replanned = after(self.STYLED, failed("present"))
        assert "without-style" in kinds(replanned)
        assert replanned.shot.style == ""
        assert 'without the style "watercolour"' in [r.change for r in replanned.remedies]

    def test_a_style_that_the_writer_keeps_stays(self) -> None:
        kept = self.STYLED.model_copy(update={"pins": (Pin(what="style", span=LINE_12),)})
        replanned = after(kept, failed("place", None))
        assert replanned.shot.style == "watercolour"
        blocked = {r.kind: r.blocked_by for r in replanned.remedies if r.blocked_by}
        assert blocked == {"without-style": LINE_12}

    def test_where_no_picture_follows_a_style_it_is_no_remedy(self) -> None:
        blind = ShotMeans(reads_style=False)
        assert "without-style" not in kinds(after(self.STYLED, failed("present"), means=blind))
        assert "without-style" not in kinds(after(shot(), failed("present")))


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
