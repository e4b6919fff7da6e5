"""Given two plans of a shot, expect the directives that a writer would write."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.agents.critic import box_remedies
from dreamrunner.agents.critic.patch import as_patch
from dreamrunner.agents.critic.takes import Neighbour
from dreamrunner.dsl import parse_story
from dreamrunner.film import Measurement
from dreamrunner.plan import (
    ShotPlan,
)
from dreamrunner.story import Box

from .shots import (
    CLIP,
    FAILURES,
    SOLID,
    after,
    failed,
    shot,
    shots_of,
)


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

    @settings(max_examples=50)
    @given(plan=shots_of(SOLID), failures_=FAILURES, take=st.integers(1, 3))
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

    def test_other_words_are_notes(self) -> None:
        plan = shot().model_copy(update={"style": "watercolour"})
        assert as_patch(plan, plan.model_copy(update={"style": ""})) == (
            "[[style: watercolour -> none]]\n"
        )
