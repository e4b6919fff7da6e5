"""A shot is held against those before it: it continues them, joins them, and looks like them."""

from __future__ import annotations

from collections.abc import Sequence

from dreamrunner.film import Clip
from dreamrunner.plan import ShotPlan

from .films import make, takes_of
from .scripted import ScriptedCrew, Store, film_plan, shot_plan


class TestJoins:
    def test_a_chain_is_shot_in_order_from_the_kept_take_before(self, store: Store) -> None:
        plan = film_plan(
            shot_plan("s1"),
            shot_plan("s2", continues=True),
            shot_plan("s3", continues=True),
            shot_plan("s4"),
        )
        crew = ScriptedCrew(store)
        result = make(crew, plan)
        key = {clip.shot: clip.key for clip in result.film.clips}
        assert {shot: before for shot, _, before in crew.rendered} == {
            "s1": None,
            "s2": key["s1"],
            "s3": key["s2"],
            "s4": None,
        }
        order = [shot for shot, _, _ in crew.rendered]
        assert order.index("s1") < order.index("s2") < order.index("s3")

    def test_a_failed_cut_is_shot_again_from_the_frame_before(self, store: Store) -> None:
        def join(shot: ShotPlan, before: Clip, clip: Clip) -> float:
            return 0.8 if shot.settings.continue_from_previous else 0.1

        plan = film_plan(shot_plan("s1"), shot_plan("s2", metrics=("layout", "join")))
        crew = ScriptedCrew(store, join_script=join)
        result = make(crew, plan)
        first, second = takes_of(result, "s2")
        assert [m.value for m in first.verdict.measurements] == [1.0, 0.1]
        assert [m.value for m in second.verdict.measurements] == [1.0, 0.8]
        assert [(r.kind, r.change) for r in second.remedies] == [
            ("continue-from-previous", "begins on the last frame of shot s1")
        ]
        assert second.kept and crew.rendered[-1][2] == takes_of(result, "s1")[0].clip.key

    def test_cuts_that_never_join_use_up_the_tries_and_end(self, store: Store) -> None:
        shots = [shot_plan(f"s{i}", metrics=("layout", "join")) for i in range(4)]
        crew = ScriptedCrew(store, join_script=lambda shot, before, clip: 0.1)
        result = make(crew, film_plan(*shots))
        assert len(takes_of(result, "s0")) == 1
        assert all(len(takes_of(result, f"s{i}")) <= 3 for i in range(1, 4))
        assert len([t for t in result.takes if t.kept]) == 4

    def test_who_is_continued_is_not_shot_again(self, store: Store) -> None:
        plan = film_plan(
            shot_plan("s1"),
            shot_plan("s2", metrics=("join",)),
            shot_plan("s3", continues=True),
        )
        result = make(ScriptedCrew(store, join_script=lambda shot, before, clip: 0.1), plan)
        assert len(takes_of(result, "s2")) == 1
        assert [m.passed for m in takes_of(result, "s2")[0].verdict.measurements] == [False]

    def test_who_does_not_look_as_before_is_shot_again(self, store: Store) -> None:
        """Somebody is held against the first shot that shows it, not against the last."""

        def likeness(shot: ShotPlan, earlier: Sequence[str]) -> float:
            assert earlier == ["s1"]
            return 0.9 if shot.id == "s2" or shot.seed != 7 else 0.2

        shots = [shot_plan(f"s{i}", metrics=("layout", "identity")) for i in (1, 2, 3)]
        result = make(ScriptedCrew(store, likeness_script=likeness), film_plan(*shots))
        assert [len(takes_of(result, shot.id)) for shot in shots] == [1, 1, 3]
        first, *_, last = takes_of(result, "s3")
        assert first.verdict.failed[0].metric == "identity" and not first.kept
        assert last.kept and last.verdict.passed

    def test_a_critic_without_eyes_for_cuts_is_announced(self, store: Store) -> None:
        plan = film_plan(shot_plan("s1"), shot_plan("s2", metrics=("join",)))
        result = make(ScriptedCrew(store), plan)
        assert result.notes == ("the cuts between shots are not judged: scripted cannot",)
        (take,) = takes_of(result, "s2")
        assert take.verdict.measurements[0].passed is None
